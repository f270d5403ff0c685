"""Ask reporters back, say within how many working days teams look at what came in, and count a year of it.

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

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TREND = ["workspace_id", "logged_at", "kind", "channel", "area", "type", "team_id", "customer_id", "removed_at", "id"]


def upgrade() -> None:
    op.add_column("workspace", sa.Column("triage_days", KEY, nullable=False, server_default="2"))
    op.add_column("feedback", sa.Column("question", sa.String(), nullable=False, server_default=""))
    op.add_column("feedback", sa.Column("asked_at", models.base.Instant(timezone=True), nullable=True))
    op.add_column("feedback", sa.Column("asked_by", sa.String(length=32), nullable=True))
    op.create_index("ix_feedback_trend", "feedback", TREND)


def downgrade() -> None:
    op.drop_index("ix_feedback_trend", table_name="feedback")
    for name in ("asked_by", "asked_at", "question"):
        op.drop_column("feedback", name)
    op.drop_column("workspace", "triage_days")
