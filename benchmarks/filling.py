"""Many rows quickly: straight through the driver, with indexes and triggers made anew at the end, as nobody reads meanwhile."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import psycopg
from sqlalchemy import make_url

from models import searching, vocabulary

BATCH = 20_000
Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Filler:
    """Where rows go. Columns that are not named get what the table gives them."""

    sqlite: sqlite3.Connection | None = None
    postgres: "psycopg.Connection[Any] | None" = None

    def add(self, table: str, columns: Sequence[str], rows: Rows) -> None:
        named = ", ".join(columns)
        if self.sqlite:
            self.sqlite.executemany(f"INSERT INTO {table} ({named}) VALUES ({', '.join('?' * len(columns))})", rows)
        if self.postgres:
            with self.postgres.cursor().copy(f"COPY {table} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


@contextmanager
def filling(url: str, *tables: str) -> Iterator[Filler]:
    """A transaction in which rows are added to these tables."""
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        with _filling_sqlite(where.database or "", tables) as connection:
            yield Filler(sqlite=connection)
    else:
        with _filling_postgres(url.replace("+psycopg", ""), tables) as connected:
            yield Filler(postgres=connected)


@contextmanager
def _filling_sqlite(path: str, tables: Sequence[str]) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("cache_size=-800000", "temp_store=MEMORY", "synchronous=OFF", "threads=2"):
        connection.execute(f"PRAGMA {pragma}")
    query = (
        f"SELECT type, name, sql FROM sqlite_master WHERE tbl_name IN ({', '.join('?' * len(tables))}) AND type <> 'table' AND sql <> ''"
    )
    made = connection.execute(query, tables).fetchall()
    last = connection.execute("SELECT coalesce(max(id), 0) FROM feedback").fetchone()[0]
    connection.execute("BEGIN")
    for kind, name, _ in made:
        connection.execute(f"DROP {kind} {name}")
    yield connection
    for _, _, statement in made:
        connection.execute(statement)
    if "feedback" in tables:
        connection.execute(f"{searching.FILL_SQLITE} WHERE id > ?", [last])
    connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.close()


@contextmanager
def _filling_postgres(url: str, tables: Sequence[str]) -> Iterator["psycopg.Connection[Any]"]:
    named = ", ".join(f"'{table}'" for table in tables)
    with psycopg.connect(url) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SET LOCAL timezone = 'UTC'")
        connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
        last = connection.execute("SELECT coalesce(max(id), 0) FROM feedback").fetchone()
        made = connection.execute(
            f"SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ({named}) AND indexname LIKE 'ix%'"
        ).fetchall()
        for name, _ in made:
            connection.execute(f"DROP INDEX {name}")  # type: ignore[arg-type]
        yield connection
        for _, statement in made:
            connection.execute(statement)
        if "feedback" in tables:
            connection.execute(vocabulary.FILL_POSTGRESQL.format(only=f" WHERE id > {last[0] if last else 0}"))  # type: ignore[arg-type]
        for table in tables:
            connection.execute(f"SELECT setval('{table}_id_seq', (SELECT coalesce(max(id), 1) FROM {table}))")  # type: ignore[arg-type]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def batches(rows: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(rows, BATCH)):
        yield batch
