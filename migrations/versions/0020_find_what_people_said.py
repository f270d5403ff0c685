"""Find feedback by its words, and say that two pieces say the same.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

import models.base
from models import searching
from models.feedback import searched

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 5_000
INDEXES = {
    "ix_feedback_area": ("feedback", ["workspace_id", "area", "logged_at"]),
    "ix_feedback_type": ("feedback", ["workspace_id", "type", "logged_at"]),
    "ix_supporter_person": ("supporter", ["workspace_id", "person", "feedback_id"]),
}


def upgrade() -> None:
    op.add_column("feedback", sa.Column("searched", sa.String(), nullable=False, server_default=""))
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    op.create_table(
        "merging",
        sa.Column("feedback_id", KEY, nullable=False),
        sa.Column("head_id", KEY, nullable=False),
        sa.Column("before_id", KEY, nullable=True),
        sa.Column("is_separation", sa.Boolean(), nullable=False),
        sa.Column("moved", models.base.Json, nullable=False),
        sa.Column("lent", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=32), nullable=False),
        sa.Column("at", models.base.Instant(timezone=True), nullable=False),
        sa.Column("undone_at", models.base.Instant(timezone=True), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("workspace_id", KEY, nullable=False),
        *(
            sa.ForeignKeyConstraint(
                ["workspace_id", name], ["feedback.workspace_id", "feedback.id"], name=op.f(f"fk_merging_workspace_id_{name}")
            )
            for name in ("feedback_id", "head_id", "before_id")
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_merging_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merging")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_merging_workspace_id_id")),
    )
    op.create_index("ix_merging_feedback", "merging", ["workspace_id", "feedback_id"])
    fill()
    for statement in searching.SQLITE if op.get_bind().dialect.name == "sqlite" else searching.POSTGRESQL:
        op.execute(sa.text(statement.replace(":", r"\:")))


def fill() -> None:
    """What was said before can be found, too; a batch at a time, as there may be a million."""
    connection = op.get_bind()
    columns = ("id", "words", "area", "requested_by", "source", "searched")
    feedback = sa.table("feedback", *(sa.column(name) for name in columns))
    write = sa.update(feedback).where(feedback.c.id == sa.bindparam("row")).values(searched=sa.bindparam("terms"))
    last = 0
    while rows := connection.execute(sa.select(feedback).where(feedback.c.id > last).order_by(feedback.c.id).limit(BATCH)).all():
        connection.execute(write, [{"row": row.id, "terms": searched(row.words, row.area, row.requested_by, row.source)} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in searching.TRIGGERS:
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE feedback_search")
    else:
        op.drop_index("ix_feedback_search")
        op.drop_column("feedback", "search_terms")
    op.drop_table("merging")
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    op.drop_column("feedback", "searched")
