"""The migrations make exactly the tables of the models, on both databases, and back; all or nothing, and one process at a time."""

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, make_url

from bot.database import Database
from bot.schema import config, is_newest, migrate, newest, version
from models import Base
from models.searching import TRIGGERS
from tests import postgres
from tests.bot.processes import tendon


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server: str = request.getfixturevalue("postgres_server")
    name = f"empty_{postgres.free_port()}"
    with psycopg.connect(f"{server.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{server}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def tables(url: str) -> set[str]:
    address = make_url(url)
    engine = create_engine(address.set(drivername="sqlite") if address.get_backend_name() == "sqlite" else address)
    try:
        return {name for name in inspect(engine).get_table_names() if not name.startswith("feedback_search")}  # SQLite's own index
    finally:
        engine.dispose()


async def test_the_models_have_no_change_that_no_migration_makes(empty: str) -> None:
    await migrate(empty)
    await asyncio.to_thread(command.check, config(empty))
    assert tables(empty) == {table.name for table in Base.metadata.sorted_tables} | {"alembic_version"}


async def test_down_is_all_the_way_back_and_up_again(empty: str) -> None:
    await migrate(empty)
    await asyncio.to_thread(command.downgrade, config(empty), "base")
    assert tables(empty) <= {"alembic_version"}
    await migrate(empty)
    await asyncio.to_thread(command.check, config(empty))
    assert {"release", "alembic_version"} <= tables(empty)


async def test_two_processes_that_migrate_at_once_do_it_once(empty: str, tmp_path: Path) -> None:
    ended = await asyncio.gather(*(tendon(tmp_path, "migrate", DATABASE_URL=empty) for _ in range(2)))
    assert [(each.code, each.err) for each in ended] == [(0, "")] * 2
    database = Database(empty)
    try:
        assert await version(database) == newest()
        assert await is_newest(database)
    finally:
        await database.close()


async def test_a_migration_that_fails_leaves_nothing_behind(empty: str) -> None:
    """A table of ours is in the way of the last one; none of the others may stay."""
    last = Base.metadata.sorted_tables[-1].name
    if empty.startswith("sqlite"):
        with sqlite3.connect(empty.partition(":///")[2]) as connection:
            connection.execute(f"CREATE TABLE {last} (x INTEGER)")
        connection.close()
    else:
        with psycopg.connect(empty.replace("+psycopg", "")) as reached:
            reached.execute(f"CREATE TABLE {last} (x INTEGER)")
    with pytest.raises(Exception, match="already exists"):
        await migrate(empty)
    assert tables(empty) == {last}


async def test_what_keeps_the_index_of_words_in_step_is_there_after_every_migration(tmp_path: Path) -> None:
    """SQLite drops a table's triggers when a later migration makes the table anew."""
    await migrate(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    with sqlite3.connect(tmp_path / "new.db") as connection:
        found = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")}
    connection.close()
    assert found >= set(TRIGGERS)


def test_the_history_is_one_line() -> None:
    assert len(ScriptDirectory.from_config(config("")).get_heads()) == 1


def test_ids_that_stand_in_keys_are_given_away_once(sqlite_template: Path) -> None:
    """PostgreSQL counts on by itself; SQLite where the table says so."""
    with sqlite3.connect(sqlite_template) as connection:
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    connection.close()
    kinds = [mapper.class_ for mapper in Base.registry.mappers]
    wanted = {kind.__tablename__ for kind in kinds if getattr(kind, "__id_is_a_key__", False)}
    assert {name for name, sql in made.items() if "AUTOINCREMENT" in sql} == wanted != set()
