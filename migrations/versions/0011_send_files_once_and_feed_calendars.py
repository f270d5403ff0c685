"""Send files once, and feed calendars.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "upload",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("file", sa.String(length=32), nullable=False),
        sa.Column("begun_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_upload_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_upload_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_upload_workspace_id_key")),
    )
    op.create_index("ix_upload_begun", "upload", ["workspace_id", "begun_at"])
    op.create_table(
        "calendar_feed",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("team_id", key, nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_calendar_feed_workspace_id_workspace")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "team_id"], ["team.workspace_id", "team.id"], name=op.f("fk_calendar_feed_workspace_id_team_id_team")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_calendar_feed_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person", "team_id", name=op.f("uq_calendar_feed_workspace_id_person_team_id")),
        sa.UniqueConstraint("workspace_id", "token_hash", name=op.f("uq_calendar_feed_workspace_id_token_hash")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_table("upload")
