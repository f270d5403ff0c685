"""Hand over what leavers had.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "handover",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("record_id", key, nullable=False),
        sa.Column("leaver", sa.String(length=32), nullable=False),
        sa.Column("heir", sa.String(length=32), nullable=False),
        sa.Column("handed_at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("reassigned_to", sa.String(length=32), nullable=True),
        sa.Column("id", key, nullable=False),
        sa.Column("workspace_id", key, nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_handover_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_handover_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "kind", "record_id", "leaver", name=op.f("uq_handover_workspace_id_kind_record_id_leaver")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index("ix_handover_heir", ["workspace_id", "leaver", "heir"], unique=False)


def downgrade() -> None:
    op.drop_table("handover")
