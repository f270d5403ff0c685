"""Say when those who asked are told, who wants to hear nothing, and what shipped without solving it.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OLD_KEY = "uq_heard_workspace_id_change_id_person_what"
NEW_KEY = "uq_heard_workspace_id_effect_person"
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "telling",
        sa.Column("release_id", KEY, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("is_held", sa.Boolean(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "release_id"], ["release.workspace_id", "release.id"], name=op.f("fk_telling_workspace_id_release_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_telling_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telling")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_telling_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "release_id", name=op.f("uq_telling_workspace_id_release_id")),
    )
    op.create_table(
        "quiet",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("since", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_quiet_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_quiet_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person", name=op.f("uq_quiet_workspace_id_person")),
    )
    with op.batch_alter_table("heard", schema=None) as batch_op:
        batch_op.drop_constraint(OLD_KEY, type_="unique")
        batch_op.create_unique_constraint(NEW_KEY, ["workspace_id", "effect", "person"])
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reopened_at", models.base.Instant(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unsolved_release_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_feedback_workspace_id_unsolved_release_id"),
            "release",
            ["workspace_id", "unsolved_release_id"],
            ["workspace_id", "id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_feedback_workspace_id_unsolved_release_id"), type_="foreignkey")
        batch_op.drop_column("unsolved_release_id")
        batch_op.drop_column("reopened_at")
    with op.batch_alter_table("heard", schema=None) as batch_op:
        batch_op.drop_constraint(NEW_KEY, type_="unique")
        batch_op.create_unique_constraint(OLD_KEY, ["workspace_id", "change_id", "person", "what"])
    op.drop_table("quiet")
    op.drop_table("telling")
