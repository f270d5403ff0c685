"""Give the id of a row that was deleted to no other one: SQLite does, where it is not told otherwise, and keys of effects hold ids.

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("plan_draft", "awaited", "supporter")


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        _make_anew(table, is_counting=True)
        # Ids of rows that are gone already stand in keys too: each of those rows had an effect of its own.
        op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")
        op.execute(
            f"INSERT INTO sqlite_sequence (name, seq) "
            f"SELECT '{table}', max((SELECT coalesce(max(id), 0) FROM {table}), (SELECT coalesce(max(id), 0) FROM outbox))"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            _make_anew(table, is_counting=False)


def _make_anew(table: str, *, is_counting: bool) -> None:
    with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": is_counting}):
        pass
