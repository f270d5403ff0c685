"""Bring in customers and answers to NPS; merge customers.

Revision ID: 0018
Revises: 0017
"""

from contextlib import AbstractContextManager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

import models.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, models.base.Instant(timezone=True), nullable=nullable)


def _key(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, KEY, nullable=nullable)


def _text(name: str, length: int | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=length), nullable=False)


def _json(name: str) -> sa.Column:
    return sa.Column(name, models.base.Json, nullable=False)


def _owned(table: str) -> tuple[object, ...]:
    return (
        _key("id"),
        _key("workspace_id"),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id_workspace")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f(f"uq_{table}_workspace_id_id")),
    )


def _refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_workspace_id_{column}")
    return sa.ForeignKeyConstraint(["workspace_id", column], [f"{to}.workspace_id", f"{to}.id"], name=name)


def _customer(*, is_counting: bool) -> AbstractContextManager[BatchOperations]:
    anew = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    return op.batch_alter_table("customer", recreate=anew, table_kwargs={"sqlite_autoincrement": is_counting})


def upgrade() -> None:
    # Its id stands in buttons, and an import that is taken back deletes rows.
    with _customer(is_counting=True) as batch_op:
        batch_op.add_column(_instant("listed_at", nullable=True))
    op.create_table(
        "customer_merge",
        _key("customer_id"), _key("into_id"), _json("moved"), _json("filled"),
        sa.Column("by", sa.String(length=32), nullable=False), _instant("at"), _instant("undone_at", nullable=True),
        *_owned("customer_merge"), _refers("customer_merge", "customer_id", "customer"), _refers("customer_merge", "into_id", "customer"),
    )  # fmt: skip
    op.create_index("ix_customer_merge_customer", "customer_merge", ["workspace_id", "customer_id"])
    op.create_table(
        "sheet_draft",
        _text("kind", 16), _text("person", 32), _text("state", 16), *(_json(name) for name in ("files", "pasted", "tables", "answers")),
        _text("trouble"), _text("view", 64), _json("brought"), _instant("created_at"), _instant("imported_at", nullable=True),
        *_owned("sheet_draft"), sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_index("ix_sheet_draft_created", "sheet_draft", ["workspace_id", "created_at"])
    op.create_table(
        "nps_answer",
        sa.Column("key", sa.String(length=64), nullable=True), sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False), _text("comment"), _key("customer_id", nullable=True),
        _text("region", 60), _text("area", 75), _key("feedback_id", nullable=True), _key("draft"),
        _instant("brought_at"), _instant("removed_at", nullable=True),
        *_owned("nps_answer"), sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_nps_answer_workspace_id_key")),
        _refers("nps_answer", "customer_id", "customer"), _refers("nps_answer", "feedback_id", "feedback"),
    )  # fmt: skip
    op.create_index("ix_nps_answer_day", "nps_answer", ["workspace_id", "answered_on"])
    op.create_index("ix_nps_answer_customer", "nps_answer", ["workspace_id", "customer_id", "answered_on"])
    op.create_index("ix_nps_answer_draft", "nps_answer", ["workspace_id", "draft"])


def downgrade() -> None:
    op.drop_table("nps_answer")
    op.drop_table("sheet_draft")
    op.drop_table("customer_merge")
    with _customer(is_counting=False) as batch_op:
        batch_op.drop_column("listed_at")
