"""Find what was said last of one thing about a release, by an index of fields.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COUNTS = sa.text("item_id IS NULL AND voided_at IS NULL")
FIELD = ["workspace_id", "release_id", "field", "happened_at", "id"]


def upgrade() -> None:
    op.create_index("ix_change_field", "change", FIELD, unique=False, sqlite_where=COUNTS, postgresql_where=COUNTS)


def downgrade() -> None:
    op.drop_index("ix_change_field", "change", sqlite_where=COUNTS, postgresql_where=COUNTS)
