"""Find what people said by the customer's name, too; remember what stood on a piece that took over from another.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models.feedback import searched

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BATCH = 5_000
WRITTEN = ("words", "area", "requested_by", "source")


def upgrade() -> None:
    op.add_column("merging", sa.Column("had", models.base.Json, nullable=True))
    _fill()


def _fill() -> None:
    """What was said of a customer can be found by the name; a batch at a time, as there may be a million."""
    connection = op.get_bind()
    feedback = sa.table("feedback", *(sa.column(name) for name in ("id", "workspace_id", "customer_id", "searched", *WRITTEN)))
    customer = sa.table("customer", *(sa.column(name) for name in ("id", "workspace_id", "name", "merged_into_id")))
    names: dict[int, list[str]] = {}
    for row in connection.execute(sa.select(customer).order_by(customer.c.id)):
        names.setdefault(row.merged_into_id or row.id, []).append(row.name)
    write = sa.update(feedback).where(feedback.c.id == sa.bindparam("row")).values(searched=sa.bindparam("terms"))
    some = sa.select(feedback).where(feedback.c.customer_id.is_not(None)).order_by(feedback.c.id).limit(BATCH)
    last = 0
    while rows := connection.execute(some.where(feedback.c.id > last)).all():
        values = [
            {"row": row.id, "terms": searched(*(getattr(row, name) for name in WRITTEN), " ".join(names.get(row.customer_id, ())))}
            for row in rows
        ]
        connection.execute(write, values)
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("merging", "had")
