"""On SQLite requests that come at once share a commit: each is told when it is on the disk, and one that fails takes no other along."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from models import Team
from tests.bot.test_scope import two_workspaces
from tests.conftest import Clock


@pytest.fixture
async def file(sqlite_template: Path, tmp_path: Path) -> Path:
    (tmp_path / "tendon.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path / "tendon.db"


@pytest.fixture
async def database(file: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{file}")
    await two_workspaces(database)
    yield database
    await database.close()


def on_disk(file: Path) -> list[str]:
    """The teams that another process sees."""
    with sqlite3.connect(file) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM team WHERE workspace_id = 1 ORDER BY id")]


async def add(database: Database, clock: Clock, name: str, *, is_short: bool = True) -> None:
    async with database.transaction(1, clock=clock, is_short=is_short) as session:
        session.add(Team(name=name, folded=name, created_at=clock()))
        await session.flush()
        if name == "wrong":
            raise ValueError(name)
        if name == "disk full":  # SQLite takes back all of what is open then
            await _lose_everything(session)


async def _lose_everything(session: AsyncSession) -> None:
    await (await session.connection()).execute(text("INSERT OR ROLLBACK INTO team SELECT * FROM team WHERE workspace_id = 1 LIMIT 1"))


async def test_those_who_come_at_once_share_a_commit_and_each_is_on_the_disk_when_it_is_told(
    database: Database, clock: Clock, file: Path
) -> None:
    commits: list[str] = []
    async with database.plainly() as connection:
        raw = await connection.get_raw_connection()
        raw.driver_connection.plain.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)  # type: ignore[union-attr]
    commits.clear()

    async def told(name: str) -> None:
        await add(database, clock, name)
        assert name in on_disk(file)

    names = [f"team {n}" for n in range(20)]
    await asyncio.gather(*map(told, names))
    assert on_disk(file) == names
    assert len(commits) <= 2


async def test_one_that_fails_takes_no_other_along(database: Database, clock: Clock, file: Path) -> None:
    ends = await asyncio.gather(*(add(database, clock, name) for name in ("one", "wrong", "two")), return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), ValueError, type(None)]
    assert on_disk(file) == ["one", "two"]


async def test_one_that_fails_alone_leaves_nothing_open(database: Database, clock: Clock, file: Path) -> None:
    with pytest.raises(ValueError, match="wrong"):
        await add(database, clock, "wrong")
    await asyncio.sleep(0.01)
    with sqlite3.connect(file, timeout=1) as other:
        other.execute("INSERT INTO counter (workspace_id, letter, last) VALUES (1, 'Z', 1)")
    assert on_disk(file) == []


async def test_who_takes_long_lets_nobody_wait_for_their_end(database: Database, clock: Clock, file: Path) -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def long() -> None:
        async with database.transaction(1, clock=clock) as session:
            await session.scalars(select(Team))
            began.set()
            await may_end.wait()

    first = asyncio.create_task(add(database, clock, "first"))
    await asyncio.sleep(0)  # it has its turn; the other waits in line behind it
    second = asyncio.create_task(long())
    async with asyncio.timeout(5):
        await began.wait()
        await first
    assert on_disk(file) == ["first"]
    may_end.set()
    await second


async def test_what_is_lost_on_the_way_to_the_disk_is_told_to_all_who_wrote_it(database: Database, clock: Clock, file: Path) -> None:
    await add(database, clock, "before")
    forgotten: list[int] = []
    database.batch.on_loss.append(lambda: forgotten.append(1))
    names = ("one", "disk full", "two")
    ends = await asyncio.gather(*(add(database, clock, name) for name in names), return_exceptions=True)
    assert all(isinstance(end, DBAPIError) for end in ends), ends
    assert on_disk(file) == ["before"]
    assert forgotten == [1]
    await add(database, clock, "after")
    assert on_disk(file) == ["before", "after"]


async def test_a_connection_is_opened_once_the_file_is_free(file: Path, clock: Clock) -> None:
    """Whoever closes a connection may hold the whole file for a moment."""
    holder = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA locking_mode=EXCLUSIVE", "BEGIN EXCLUSIVE", "COMMIT"):
        holder.execute(statement)
    with pytest.raises(sqlite3.OperationalError, match="locked"), sqlite3.connect(file, timeout=0) as other:
        other.execute("SELECT count(*) FROM team")
    threading.Timer(0.2, holder.close).start()
    database = Database(f"sqlite+aiosqlite:///{file}")
    teams = select(Team).execution_options(every_workspace=True)
    assert (await database.apart(1, lambda session: session.scalars(teams), clock=clock)).all() == []
    await database.close()
