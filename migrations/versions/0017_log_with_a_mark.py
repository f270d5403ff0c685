"""Log feedback with a mark, keep long messages whole, share what was said in private.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = models.base.Instant(timezone=True)


def upgrade() -> None:
    op.add_column("feedback", sa.Column("removed_by", sa.String(length=32), nullable=True))
    op.add_column("workspace", sa.Column("log_emoji", sa.String(length=100), nullable=False, server_default="memo"))
    op.add_column("workspace", sa.Column("guests_may_report", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.create_table(
        "feedback_share",
        sa.Column("feedback_id", KEY, nullable=False),
        sa.Column("reader", sa.String(length=32), nullable=False),
        sa.Column("shared_by", sa.String(length=32), nullable=False),
        sa.Column("shared_at", AT, nullable=False),
        *_owned("feedback_share"),
        sa.ForeignKeyConstraint(
            ["workspace_id", "feedback_id"],
            ["feedback.workspace_id", "feedback.id"],
            name=op.f("fk_feedback_share_workspace_id_feedback_id"),
        ),
        sa.UniqueConstraint("workspace_id", "feedback_id", "reader", name=op.f("uq_feedback_share_workspace_id_feedback_id_reader")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_share_reader", "feedback_share", ["workspace_id", "reader"])
    op.create_table(
        "feedback_draft",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("message_ts", sa.String(length=32), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("author", sa.String(length=32), nullable=True),
        sa.Column("first_words", sa.String(), nullable=False),
        sa.Column("first_author", sa.String(length=32), nullable=True),
        sa.Column("shown", models.base.Json, nullable=False),
        sa.Column("nearby", models.base.Json, nullable=False),
        sa.Column("origin", models.base.Json, nullable=False),
        sa.Column("is_mark", sa.Boolean(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        *_owned("feedback_draft"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_feedback_draft_created", "feedback_draft", ["workspace_id", "created_at"])
    op.create_index("ix_feedback_draft_message", "feedback_draft", ["workspace_id", "channel", "message_ts", "person"])


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{table}_workspace_id_id")),
    ]


def downgrade() -> None:
    op.drop_table("feedback_draft")
    op.drop_table("feedback_share")
    op.drop_column("workspace", "guests_may_report")
    op.drop_column("workspace", "log_emoji")
    op.drop_column("feedback", "removed_by")
