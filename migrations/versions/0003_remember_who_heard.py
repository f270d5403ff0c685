"""Remember who heard what became of feedback.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard",
        sa.Column("release_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("change_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("thread_ts", sa.String(length=32), nullable=True),
        sa.Column("effect", sa.String(), nullable=False),
        sa.Column("at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("workspace_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "change_id"], ["change.workspace_id", "change.id"], name=op.f("fk_heard_workspace_id_change_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_heard_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_heard_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard")),
        sa.UniqueConstraint("workspace_id", "change_id", "person", "what", name=op.f("uq_heard_workspace_id_change_id_person_what")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_heard_workspace_id_id")),
    )
    with op.batch_alter_table("heard", schema=None) as batch_op:
        batch_op.create_index("ix_heard_release", ["workspace_id", "release_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("heard", schema=None) as batch_op:
        batch_op.drop_index("ix_heard_release")

    op.drop_table("heard")
