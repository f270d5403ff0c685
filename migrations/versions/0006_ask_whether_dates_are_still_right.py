"""Ask every week whether dates are still right.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "checkin",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("next_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("asked_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("reminded_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("answered_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("first", key, nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_checkin_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_checkin_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person", "week", name=op.f("uq_checkin_workspace_id_person_week")),
    )
    with op.batch_alter_table("checkin", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_asked", ["workspace_id", "asked_at"], unique=False)
        batch_op.create_index("ix_checkin_due", ["workspace_id", "next_at"], unique=False)
    op.create_table(
        "checkin_release",
        sa.Column("checkin_id", key, nullable=False),
        sa.Column("release_id", key, nullable=False),
        sa.Column("said", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("drawn_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "checkin_id"],
            ["checkin.workspace_id", "checkin.id"],
            name=op.f("fk_checkin_release_workspace_id_checkin_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"],
            ["release.workspace_id", "release.id"],
            name=op.f("fk_checkin_release_workspace_id_release_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_checkin_release_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_release")),
        sa.UniqueConstraint("workspace_id", "checkin_id", "release_id", name=op.f("uq_checkin_release_workspace_id_checkin_id_release_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_checkin_release_workspace_id_id")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status_emoji", sa.String(length=100), nullable=False, server_default=""))
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asks_weekday", key, nullable=False, server_default="3"))
        batch_op.add_column(sa.Column("asks_at", sa.Time(), nullable=False, server_default="10:00:00"))


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("asks_at")
        batch_op.drop_column("asks_weekday")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("status_emoji")
    op.drop_table("checkin_release")
    with op.batch_alter_table("checkin", schema=None) as batch_op:
        batch_op.drop_index("ix_checkin_due")
        batch_op.drop_index("ix_checkin_asked")
    op.drop_table("checkin")
