"""Find what happened when: history by time, and a release's own history apart from its work's.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OWN = sa.text("item_id IS NULL")


def upgrade() -> None:
    op.create_index("ix_change_happened", "change", ["workspace_id", "happened_at"])
    columns = ["workspace_id", "release_id", "happened_at", "id"]
    op.create_index("ix_change_own", "change", columns, sqlite_where=OWN, postgresql_where=OWN)


def downgrade() -> None:
    op.drop_index("ix_change_own", table_name="change")
    op.drop_index("ix_change_happened", table_name="change")
