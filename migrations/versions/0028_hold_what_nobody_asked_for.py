"""Hold what nobody asked for until its reader wants to hear it.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "hearing",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("next_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_hearing_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hearing")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_hearing_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person", name=op.f("uq_hearing_workspace_id_person")),
    )
    with op.batch_alter_table("hearing", schema=None) as batch_op:
        batch_op.create_index("ix_hearing_due", ["workspace_id", "next_at"], unique=False)
    op.create_table(
        "held_notice",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("change_id", key, nullable=False),
        sa.Column("fact", sa.String(length=40), nullable=False),
        sa.Column("says", models.base.Json, nullable=False),
        sa.Column("held_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("told_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "change_id"], ["change.workspace_id", "change.id"], name=op.f("fk_held_notice_workspace_id_change_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_held_notice_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_notice")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_held_notice_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person", "change_id", name=op.f("uq_held_notice_workspace_id_person_change_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("held_notice", schema=None) as batch_op:
        batch_op.create_index("ix_held_notice_change", ["workspace_id", "change_id"], unique=False)


def downgrade() -> None:
    op.drop_table("held_notice")
    op.drop_table("hearing")
