"""Keep what somebody is bringing in.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

import models.base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    held = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.create_table(
        "plan_draft",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("files", held, nullable=False),
        sa.Column("pasted", held, nullable=False),
        sa.Column("tables", held, nullable=False),
        sa.Column("layouts", held, nullable=False),
        sa.Column("day_order", sa.String(length=8), nullable=False),
        sa.Column("answers", held, nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("view", sa.String(length=64), nullable=False),
        sa.Column("import_id", key, nullable=True),
        sa.Column("created_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("imported_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "import_id"],
            ["plan_import.workspace_id", "plan_import.id"],
            name=op.f("fk_plan_draft_workspace_id_import_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_plan_draft_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_draft")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_plan_draft_workspace_id_id")),
    )
    with op.batch_alter_table("plan_draft", schema=None) as batch_op:
        batch_op.create_index("ix_plan_draft_created", ["workspace_id", "created_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("plan_draft", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_draft_created")
    op.drop_table("plan_draft")
