"""What stands beside the history always agrees with it, whatever was added or taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from domain.errors import BadInput
from domain.releases import Field, derive
from models import Change, Release, ReleaseName, Team, Workspace
from models.history import as_told, create_release, history_of, record, settle, void
from tests.conftest import EPOCH, Clock

DAYS = [(date(2027, 3, 5) + timedelta(days=7 * n)).isoformat() for n in range(6)]
STEPS = st.one_of(
    st.tuples(st.just(Field.DATE), st.sampled_from([*DAYS, None])),
    st.tuples(st.just(Field.NAME), st.sampled_from(["Billing revamp", "Billing", "billing!", "Invoices"])),
    st.tuples(st.just(Field.STAGE), st.sampled_from(["beta", "everyone", None])),
    st.tuples(st.just(Field.HEALTH), st.sampled_from(["red", "amber", "green", None])),
    st.tuples(st.just(Field.STATE), st.sampled_from(["open", "cancelled"])),
    st.tuples(st.just(Field.OWNER), st.sampled_from(["U_PM", "U_LEAD", None])),
    st.tuples(st.just(Field.TEAM), st.sampled_from(["1", "2", None])),
    st.tuples(st.just("undo"), st.integers(0, 12)),
)


@pytest.fixture
async def bound(database: Database) -> Database:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=1, team_slack_id="T1", installed_at=EPOCH))
    async with database.transaction(1, clock=Clock()) as session:
        session.add_all(
            [Team(name="Payments", folded="payments", created_at=EPOCH), Team(name="Mobile", folded="mobile", created_at=EPOCH)]
        )
    return database


async def made(session: AsyncSession, number: int) -> Release:
    release = await create_release(session, "New", None, actor="U_PM", now=EPOCH)
    release.number = number
    await session.flush()
    return release


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, max_size=12), number=st.integers(1, 10**9))
async def test_the_release_always_says_what_its_history_says(bound: Database, steps: list[tuple[Any, Any]], number: int) -> None:
    clock = Clock()
    async with bound._session(bound.writer, workspace_id=1, clock=clock, actor="U_PM", by="") as session:
        release = await made(session, number)
        for field, after in steps:
            clock.advance(minutes=1)
            if field == "undo":
                rows = await history_of(session, release.id)
                void(rows[after % len(rows)], by="U_PM", now=clock(), reason="undone")
                await settle(session, release)
            else:
                await record(session, release, field, None, after, now=clock(), actor="U_PM", reason="because")
        await session.flush()
        session.expunge_all()
        await agrees(session, number)
        await session.rollback()


async def agrees(session: AsyncSession, number: int) -> None:
    release = (await session.scalars(select(Release).where(Release.number == number))).one()
    rows = list(await session.scalars(select(Change).where(Change.release_id == release.id).order_by(Change.happened_at, Change.id)))
    told = derive(as_told(row) for row in rows)
    names = {
        row.name for row in await session.scalars(select(ReleaseName).where(ReleaseName.release_id == release.id, ReleaseName.is_current))
    }
    assert (release.target_on, release.baseline_on, release.shipped_on) == (told.target_on, told.baseline_on, told.shipped_on)
    assert (release.stage, release.health, release.owner) == (told.stage, told.health, told.owner)
    assert (release.health_by, release.health_at, release.health_reason) == (told.health_by, told.health_at, told.health_reason or "")
    assert release.team_id == (int(told.team) if told.team else None)
    assert names == ({told.name} if told.name else set())
    if told.name:
        assert (release.name, release.is_cancelled, release.is_open) == (told.name, told.is_cancelled, told.is_open)
    else:
        assert (release.is_cancelled, release.is_open) == (True, False)
    assert release.changed_at == (told.changed_at or release.created_at)


async def test_a_move_keeps_the_baseline_and_undo_gives_the_day_back(bound: Database, clock: Clock) -> None:
    async with bound.transaction(1, clock=clock, actor="U_PM") as session:
        release = await made(session, 1)
        await record(session, release, Field.DATE, None, "2027-03-05", now=clock())
        clock.advance(minutes=1)
        moved = await record(session, release, Field.DATE, "2027-03-05", "2027-03-12", now=clock(), reason="vendor late")
        assert (release.baseline_on, release.target_on) == (date(2027, 3, 5), date(2027, 3, 12))
        void(moved, by="U_PM", now=clock(), reason="undone")
        await settle(session, release)
        assert (release.baseline_on, release.target_on) == (date(2027, 3, 5), date(2027, 3, 5))
    async with bound.reading(1, clock=clock) as session:
        assert len(await history_of(session, release.id)) == 3


async def test_a_former_name_goes_on_answering(bound: Database, clock: Clock) -> None:
    async with bound.transaction(1, clock=clock, actor="U_PM") as session:
        release = await made(session, 1)
        await record(session, release, Field.NAME, "New", "Billing revamp", now=clock())
        names = {row.name: row.is_current for row in await session.scalars(select(ReleaseName))}
    assert names == {"New": False, "Billing revamp": True}


async def test_one_whose_every_row_was_voided_gives_its_name_back(bound: Database, clock: Clock) -> None:
    async with bound.transaction(1, clock=clock, actor="U_PM") as session:
        release = await made(session, 1)
        for row in await history_of(session, release.id):
            void(row, by="U_PM", now=clock(), reason="undone")
        await settle(session, release)
        assert (release.is_open, release.name, list(await session.scalars(select(ReleaseName)))) == (False, "New", [])


async def test_two_releases_cannot_have_one_name(bound: Database, clock: Clock) -> None:
    async with bound.transaction(1, clock=clock) as session:
        await create_release(session, "Billing revamp", date(2027, 3, 5), owner="U_PM", actor="U_PM", team_id=1, now=clock())
    with pytest.raises(BadInput, match="R-1"):
        async with bound.transaction(1, clock=clock) as session:
            await create_release(session, "billing  revamp!", None, now=clock())
    async with bound.transaction(1, clock=clock) as session:
        assert (await create_release(session, "Invoices", None, now=clock())).number == 2
