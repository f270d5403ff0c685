"""Keep more of what people say, and of customers.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

import models.base

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = {
    "customer": {"tier": 40, "region": 60},
    "feedback": {"kind": 16, "importance": 16, "requested_by": None, "source": None, "decline_reason": None},
}
REFERS = {"item_id": "item", "team_id": "team", "same_as_id": "feedback"}


def upgrade() -> None:
    with op.batch_alter_table("customer", schema=None) as batch_op:
        for name, length in TEXTS["customer"].items():
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("value", KEY, nullable=True))
        batch_op.add_column(sa.Column("account_owner", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", KEY, nullable=True))
        batch_op.create_index("ix_customer_merged", ["workspace_id", "merged_into_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_customer_workspace_id_merged_into_id"), "customer", ["workspace_id", "merged_into_id"], ["workspace_id", "id"]
        )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        for name, length in TEXTS["feedback"].items():
            default = "customer" if name == "kind" else ""
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=False, server_default=default))
        for name in ("taken_by", "declined_by"):
            batch_op.add_column(sa.Column(name, sa.String(length=32), nullable=True))
        for name in ("triaged_at", "declined_at"):
            batch_op.add_column(sa.Column(name, models.base.Instant(timezone=True), nullable=True))
        for name, table in REFERS.items():
            batch_op.add_column(sa.Column(name, KEY, nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_feedback_workspace_id_{name}"), table, ["workspace_id", name], ["workspace_id", "id"])
        batch_op.create_index("ix_feedback_customer", ["workspace_id", "customer_id", "logged_at"], unique=False)
        batch_op.create_index("ix_feedback_same", ["workspace_id", "same_as_id"], unique=False)
        batch_op.create_index("ix_feedback_queue", ["workspace_id", "team_id", "triaged_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        for index in ("ix_feedback_customer", "ix_feedback_same", "ix_feedback_queue"):
            batch_op.drop_index(index)
        for name in REFERS:
            batch_op.drop_constraint(op.f(f"fk_feedback_workspace_id_{name}"), type_="foreignkey")
        for name in (*REFERS, *TEXTS["feedback"], "taken_by", "declined_by", "triaged_at", "declined_at"):
            batch_op.drop_column(name)
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_index("ix_customer_merged")
        batch_op.drop_constraint(op.f("fk_customer_workspace_id_merged_into_id"), type_="foreignkey")
        for name in (*TEXTS["customer"], "value", "account_owner", "merged_into_id"):
            batch_op.drop_column(name)
