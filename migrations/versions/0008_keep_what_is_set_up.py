"""Keep what is set up: who may change what, working time, and the steps that are done.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    held = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("change_policy", sa.String(length=16), nullable=False, server_default="open"))
        batch_op.add_column(sa.Column("holidays", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("starts_at", sa.Time(), nullable=False, server_default="09:00:00"))
        batch_op.add_column(sa.Column("ends_at", sa.Time(), nullable=False, server_default="17:00:00"))
        batch_op.add_column(sa.Column("targets", held, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("setup", held, nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        for name in ("setup", "targets", "ends_at", "starts_at", "holidays", "change_policy"):
            batch_op.drop_column(name)
