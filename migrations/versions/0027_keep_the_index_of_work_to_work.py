"""Keep what is said of releases out of the index of what is said of their work, where it was sought in vain.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

OF_ITEM = sa.text("item_id IS NOT NULL")
ITEM = ["workspace_id", "item_id", "happened_at", "id"]


def upgrade() -> None:
    op.drop_index("ix_change_item", "change")
    op.create_index("ix_change_item", "change", ITEM, unique=False, sqlite_where=OF_ITEM, postgresql_where=OF_ITEM)


def downgrade() -> None:
    op.drop_index("ix_change_item", "change", sqlite_where=OF_ITEM, postgresql_where=OF_ITEM)
    op.create_index("ix_change_item", "change", ITEM, unique=False)
