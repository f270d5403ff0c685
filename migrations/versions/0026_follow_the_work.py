"""Find what is linked to a piece of work, so that it can go with it.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

HAS_WORK = sa.text("item_id IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_feedback_item", "feedback", ["workspace_id", "item_id"], sqlite_where=HAS_WORK, postgresql_where=HAS_WORK)


def downgrade() -> None:
    op.drop_index("ix_feedback_item", table_name="feedback")
