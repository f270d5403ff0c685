"""Keep what customers may be told, and which groups and channels face them.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "user_group",
        sa.Column("slack_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("faces_customers", sa.Boolean(), nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_user_group_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_group")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_user_group_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "slack_id", name=op.f("uq_user_group_workspace_id_slack_id")),
    )
    op.create_table(
        "user_group_member",
        sa.Column("user_group", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_user_group_member_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_group_member")),
        sa.UniqueConstraint("workspace_id", "person", "user_group", name=op.f("uq_user_group_member_workspace_id_person_user_group")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_user_group_member_workspace_id_id")),
    )
    with op.batch_alter_table("user_group_member", schema=None) as batch_op:
        batch_op.create_index("ix_user_group_member_group", ["workspace_id", "user_group"], unique=False)

    op.create_table(
        "awaited",
        sa.Column("release_id", key, nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("since", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_awaited_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_awaited_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awaited")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_awaited_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "release_id", "person", "what", name=op.f("uq_awaited_workspace_id_release_id_person_what")),
    )
    op.create_table(
        "saying",
        sa.Column("release_id", key, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("target_on", sa.Date(), nullable=True),
        sa.Column("precision", sa.String(length=8), nullable=False),
        sa.Column("is_frank", sa.Boolean(), nullable=False),
        sa.Column("said_by", sa.String(length=32), nullable=True),
        sa.Column("said_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("checked_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("doubted_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("asked_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_saying_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_saying_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saying")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_saying_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "release_id", name=op.f("uq_saying_workspace_id_release_id")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.add_column(sa.Column("faces_customers", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.alter_column("faces_customers", server_default=None)
    op.execute("UPDATE workspace SET synced_at = NULL")  # the next look around learns the user groups


def downgrade() -> None:
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_column("faces_customers")

    op.drop_table("saying")
    op.drop_table("awaited")
    with op.batch_alter_table("user_group_member", schema=None) as batch_op:
        batch_op.drop_index("ix_user_group_member_group")

    op.drop_table("user_group_member")
    op.drop_table("user_group")
