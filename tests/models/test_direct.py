"""What goes straight through SQLite's driver must be what SQLAlchemy would have done: the same values, rows and errors."""

import sqlite3
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from models import Change, Release, Team, Workspace
from models.base import Unscoped, prebuilt, run
from models.direct import DRIVER, directly
from models.history import create_release

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
ONE = prebuilt(select(Release).where(Release.workspace_id == bindparam("workspace_id"), Release.name == bindparam("name")))
TEAM = {name: bindparam(name) for name in ("workspace_id", "name", "folded", "created_at")}


async def made(database: Database) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=1, team_slack_id="T1", installed_at=NOW))


def clock() -> datetime:
    return NOW


async def test_rows_are_the_same_on_either_way(database: Database) -> None:
    await made(database)
    async with database.transaction(1, clock=clock) as session:
        await create_release(session, "Ünïted & <Co>", date(2027, 3, 5), owner="U1", actor="U1", now=NOW + timedelta(microseconds=7))
    async with database.transaction(1, clock=clock) as session:
        direct = (await run(session, ONE, name="Ünïted & <Co>")).one()
        usual = (await (await session.connection()).execute(ONE, {"workspace_id": 1, "name": "Ünïted & <Co>"})).one()
    assert direct._asdict() == usual._asdict()
    assert [type(value) for value in direct] == [type(value) for value in usual]
    assert (direct.created_at, direct.target_on, direct.is_open) == (NOW + timedelta(microseconds=7), date(2027, 3, 5), True)


async def test_a_time_is_stored_in_utc_and_a_naive_one_is_refused(database: Database) -> None:
    await made(database)
    add = prebuilt(
        insert(Change)
        .values(
            {name: bindparam(name) for name in ("workspace_id", "field", "happened_at", "recorded_at")} | {"reason": "", "reason_kind": ""}
        )
        .values({"source": "slack", "void_reason": ""})
        .returning(Change.happened_at)
    )
    east = NOW.astimezone(timezone(timedelta(hours=5)))
    async with database.transaction(1, clock=clock) as session:
        assert (await run(session, add, field="work", happened_at=east, recorded_at=NOW)).scalar_one().isoformat() == NOW.isoformat()
        with pytest.raises(Exception, match="without a zone"):
            await run(session, add, field="work", happened_at=east.replace(tzinfo=None), recorded_at=NOW)


async def test_a_row_that_is_there_is_the_error_that_sqlalchemy_raises(database: Database) -> None:
    await made(database)
    add = prebuilt(insert(Team.__table__).values({"id": 1, **TEAM}))
    async with database.transaction(1, clock=clock) as session:
        given = {"name": "A", "folded": "a", "created_at": NOW, "zone": "UTC"}
        session.add(Team(id=1, **given))
        await session.flush()
        with pytest.raises(IntegrityError):
            await run(session, add, **{name: value for name, value in given.items() if name in TEAM})
        await session.rollback()


async def test_reading_sees_what_was_committed_and_writes_nothing(database: Database) -> None:
    await made(database)
    async with database.reading(1, clock=clock) as session:
        assert (await run(session, ONE, name="New")).one_or_none() is None
        async with database.transaction(1, clock=clock) as writing:
            await create_release(writing, "New", None, now=NOW)
        assert (await run(session, ONE, name="New")).one().name == "New"
        if DRIVER in session.info:
            with pytest.raises(Exception, match="readonly"):
                session.info[DRIVER].execute("DELETE FROM release")


def test_a_statement_whose_text_depends_on_its_values_goes_the_usual_way() -> None:
    several = select(Release.id).where(Release.workspace_id == bindparam("workspace_id"), Release.id.in_(bindparam("ids", expanding=True)))
    assert not directly(several).can
    assert directly(ONE).can


def test_it_must_bind_the_workspace() -> None:
    with pytest.raises(Unscoped):
        prebuilt(select(Release).where(Release.name == bindparam("name")))


async def test_a_long_list_that_comes_again_is_read_as_it_was_and_a_changed_one_as_it_is(database: Database) -> None:
    await made(database)
    every = prebuilt(select(Team.id, Team.name, Team.created_at).where(Team.workspace_id == bindparam("workspace_id")).order_by(Team.id))
    async with database.transaction(1, clock=clock) as session:
        session.add_all(Team(name=f"Team {n}", folded=f"team {n}", created_at=NOW) for n in range(60))
        await session.flush()
        first = (await run(session, every)).all()
        again = (await run(session, every)).all()
        (await session.get_one(Team, first[7].id)).name = "Renamed"
        await session.flush()
        changed = (await run(session, every)).all()
        await session.delete(await session.get_one(Team, first[3].id))
        await session.flush()
        fewer = (await run(session, every)).all()
        session.add(Team(name="Last", folded="last", created_at=NOW))
        await session.delete(await session.get_one(Team, first[4].id))
        await session.flush()
        others = (await run(session, every)).all()
    assert list(again) == list(first)
    assert list(fewer) == [*changed[:3], *changed[4:]]
    assert list(others) == [*fewer[:3], *fewer[4:], (others[-1].id, "Last", NOW)]
    assert [row.name for row in changed] == [f"Team {n}" if n != 7 else "Renamed" for n in range(60)]
    assert {row.created_at for row in changed} == {NOW}


async def test_a_long_list_is_not_read_again_until_somebody_committed(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "tendon.db"
    file.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{file}")
    await made(database)
    every = prebuilt(select(Team.id, Team.name).where(Team.workspace_id == bindparam("workspace_id"), Team.id > bindparam("after")))

    async def names(after: int = 0) -> list[str]:
        async with database.reading(1, clock=clock) as session:
            return [row.name for row in await run(session, every, after=after)]

    def write(statement: str) -> None:
        with sqlite3.connect(file) as other:
            other.execute(statement)

    async with database.transaction(1, clock=clock) as session:
        session.add_all(Team(name=f"Team {n}", folded=f"team {n}", created_at=NOW) for n in range(20))
    read: list[str] = []
    async with database.reading(1, clock=clock) as session:
        session.info[DRIVER].set_trace_callback(lambda sql: read.append(sql) if sql.startswith("SELECT team.id") else None)
    expected = [f"Team {n}" for n in range(20)]
    assert [await names() for _ in range(4)] == [expected] * 4
    assert len(read) == 2  # the second time it is known since when
    assert await names(1) == expected[1:]
    assert await names(19) == expected[19:]
    for name in ("Other process", "Again"):
        write(f"UPDATE team SET name = '{name}' WHERE id = 1")
        assert [await names() for _ in range(3)] == [[name, *expected[1:]]] * 3
    async with database.transaction(1, clock=clock) as session:
        (await session.get_one(Team, 1)).name = "Not committed"
        await session.flush()
        assert (await run(session, every, after=0)).all()[0].name == "Not committed"
        assert (await names())[0] == "Again"
    assert (await names())[0] == "Not committed"
    write("DELETE FROM team WHERE id > 2")
    assert await names() == ["Not committed", "Team 1"]
    await database.close()
