"""Say how sure a date is, and whether it is committed.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.add_column(sa.Column("precision", sa.String(length=8), nullable=False, server_default="day"))
        batch_op.add_column(sa.Column("is_committed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE release SET is_committed = (target_on IS NOT NULL)")  # every date so far was a day that somebody committed
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.alter_column("precision", server_default=None)
        batch_op.alter_column("is_committed", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("release", schema=None) as batch_op:
        batch_op.drop_column("is_committed")
        batch_op.drop_column("precision")
