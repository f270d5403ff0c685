"""Let workspaces install Tendon themselves: the token that each gave, and who is on the way to give one.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("workspace", sa.Column("removed_at", models.base.Instant(), nullable=True))
    op.create_table(
        "installation",
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("installer", sa.String(32), nullable=False),
        sa.Column("installed_at", models.base.Instant(), nullable=False),
        sa.Column("id", models.base.Key, nullable=False),
        sa.Column("workspace_id", models.base.Key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_installation_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_installation_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", name=op.f("uq_installation_workspace_id")),
    )
    op.create_table(
        "install_state",
        sa.Column("id", models.base.Key, nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("expires_at", models.base.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_install_state")),
        sa.UniqueConstraint("state", name=op.f("uq_install_state_state")),
    )


def downgrade() -> None:
    op.drop_table("install_state")
    op.drop_table("installation")
    op.drop_column("workspace", "removed_at")
