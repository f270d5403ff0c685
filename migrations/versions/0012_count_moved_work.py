"""Count moved work from an index of its own. What happened to releases themselves is found by the one on pieces of work.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

MOVED = sa.text("field = 'work' AND before IS NOT NULL AND voided_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_change_happened", table_name="change")
    columns = ["workspace_id", "happened_at", "release_id", "item_id", "after"]
    op.create_index("ix_change_moved", "change", columns, sqlite_where=MOVED, postgresql_where=MOVED)


def downgrade() -> None:
    op.drop_index("ix_change_moved", table_name="change")
    op.create_index("ix_change_happened", "change", ["workspace_id", "happened_at"])
