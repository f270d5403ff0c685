"""Ask reporters back, and say within how many working days teams look at what came in.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspace", sa.Column("triage_days", sa.BigInteger(), nullable=False, server_default="2"))
    op.add_column("feedback", sa.Column("question", sa.String(), nullable=False, server_default=""))
    op.add_column("feedback", sa.Column("asked_at", models.base.Instant(timezone=True), nullable=True))
    op.add_column("feedback", sa.Column("asked_by", sa.String(length=32), nullable=True))


def downgrade() -> None:
    for name in ("asked_by", "asked_at", "question"):
        op.drop_column("feedback", name)
    op.drop_column("workspace", "triage_days")
