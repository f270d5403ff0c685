"""What happens by the clock: twice, late, in two replicas, after a jump of the clock, and beside a job that fails."""

import asyncio
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from bot.answers import Message
from bot.scheduling import Ticker
from bot.slices import Job
from models import Change
from tests.bot.machine import a_machine, notes, serving, until


async def remind(session: Any, deps: Any) -> None:
    """What is due stands under a key: once a day, whatever ticks."""
    day = deps.today("Europe/Berlin")
    await deps.outbox.post(session, f"reminder:{day}", "C1", Message(f"reminder of {day}"))


async def break_down(session: Any, deps: Any) -> None:
    session.add(Change(field="note", after="half", happened_at=deps.now(), recorded_at=deps.now()))
    await session.flush()
    raise RuntimeError("this job is broken")


def jobs(*listed: Job) -> Any:
    return SimpleNamespace(__name__="clockwork", JOBS=listed)


BROKEN, REMINDER = Job("broken", break_down, every=3600), Job("reminder", remind, every=3600)


async def test_a_job_that_fails_writes_nothing_and_stops_no_other(database_url: str) -> None:
    async with a_machine(database_url, jobs(BROKEN, REMINDER)) as machine:
        await machine.settle()
        assert len(machine.posted()) == 1
        assert await notes(machine.app) == []


async def never_end(session: Any, deps: Any) -> None:
    await asyncio.Event().wait()


async def test_a_job_that_never_ends_holds_up_no_other(database_url: str) -> None:
    async with a_machine(database_url, jobs(Job("endless", never_end, every=3600, patience=0.2), REMINDER)) as machine:
        await machine.settle()
        assert len(machine.posted()) == 1


async def test_ticks_that_run_twice_and_in_two_replicas_say_it_once(database_url: str) -> None:
    async with a_machine(database_url, jobs(BROKEN, REMINDER)) as machine, serving(machine.slack, database_url, jobs(REMINDER)) as second:
        await asyncio.gather(*(app.ticker.tick_all() for app in (machine.app, second) * 3))
        await machine.settle()
        assert len(machine.posted()) == 1


async def test_a_late_tick_catches_up_once_and_a_moved_clock_counts(database_url: str) -> None:
    async with a_machine(database_url, jobs(REMINDER)) as machine:
        await machine.settle()
        first = machine.posted()
        machine.slack.clock.advance(timedelta(days=3))
        await machine.app.clock_moved()
        await machine.app.clock_moved()
        await machine.settle()
        assert len(machine.posted()) == 2 and machine.posted()[:1] == first


async def test_ticks_come_by_themselves(database_url: str) -> None:
    counted: list[int] = []

    async def count(session: Any, deps: Any) -> None:
        counted.append(1)

    async with a_machine(database_url, jobs(Job("broken", break_down, every=0.05), Job("count", count, every=0.05))):
        await until(lambda: len(counted) >= 4)
        so_far = len(counted)
    await asyncio.sleep(0.2)
    assert len(counted) - so_far <= 1  # and none after the end, but for one that had begun


async def test_two_workspaces_are_ticked_each_in_its_own_bounds(database_url: str) -> None:
    async def note_where(session: Any, deps: Any) -> None:
        at = deps.now()
        session.add(Change(field="note", after=f"workspace {session.info['workspace_id']}", happened_at=at, recorded_at=at))

    async with a_machine(database_url, jobs()) as machine:
        other = await machine.app.workspaces.remember({"team_id": "TOTHER", "team": "Other"}, {})
        ticker = Ticker(machine.app.database, machine.app.deps, machine.app.workspaces, [Job("where", note_where)])
        await ticker.tick_all()
        assert sorted(await notes(machine.app)) == ["workspace 1", f"workspace {other.id}"]


@pytest.mark.parametrize("workspace", [0, 1])
async def test_a_failure_in_one_workspace_keeps_none_from_the_next(database_url: str, workspace: int) -> None:
    async def shaky(session: Any, deps: Any) -> None:
        if ids.index(session.info["workspace_id"]) == workspace:
            raise RuntimeError("not here")
        session.add(Change(field="note", after="done", happened_at=deps.now(), recorded_at=deps.now()))

    async with a_machine(database_url, jobs()) as machine:
        other = await machine.app.workspaces.remember({"team_id": "TOTHER", "team": "Other"}, {})
        ids = [1, other.id]
        await Ticker(machine.app.database, machine.app.deps, machine.app.workspaces, [Job("shaky", shaky)]).tick_all()
        assert await notes(machine.app) == ["done"]


async def test_requests_of_two_workspaces_do_not_see_each_other(database_url: str) -> None:
    from tests.bot.notes import a_slice, keep

    async def count(session: Any, request: Any, deps: Any) -> Any:
        from sqlalchemy import select

        from bot.answers import Say

        found = list(await session.scalars(select(Change.after).order_by(Change.id)))
        return Say(Message(f"notes: {', '.join(found)}"))

    from bot.slices import Command, Verb

    verbs = (Verb("keep", keep, says=""), Verb("count", count, says=""))
    async with a_machine(database_url, a_slice(COMMANDS=(Command("/note", says="", verbs=verbs),))) as machine:
        await machine.app.workspaces.remember({"team_id": "TOTHER", "team": "Other"}, {})
        person = machine.as_()
        same_key = {"trigger_id": "1.1.same"}
        ours = await person.command("C1", "/note", "keep ours", raw=same_key)
        theirs = await person.command("C1", "/note", "keep theirs", raw=same_key | {"team_id": "TOTHER"})
        assert (ours.text, theirs.text) == ("ours is kept.", "theirs is kept.")  # one key, two workspaces
        seen = [await person.command("C1", "/note", "count", raw=raw) for raw in ({}, {"team_id": "TOTHER"})]
        assert [reply.text for reply in seen] == ["notes: ours", "notes: theirs"]
        stranger = await person.command("C1", "/note", "keep nothing", raw={"team_id": "TUNKNOWN"})
        assert (stranger.status, stranger.text, len(await notes(machine.app))) == (200, "", 2)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_replicas_that_install_at_once_share_one_workspace(database_url: str) -> None:
    async with a_machine(database_url, jobs()) as machine:
        async with await psycopg.AsyncConnection.connect(database_url.replace("+psycopg", "")) as gate:
            await gate.execute("LOCK TABLE workspace IN SHARE MODE")  # all may look, and nobody writes before all have looked
            both = [asyncio.create_task(machine.app.workspaces.remember({"team_id": "TNEW"}, {})) for _ in range(2)]
            await until(lambda: are_waiting(gate, 2))
            await gate.rollback()
            found = await asyncio.gather(*both)
        assert len({workspace.id for workspace in found}) == 1


async def are_waiting(gate: psycopg.AsyncConnection[Any], wanted: int) -> bool:
    waiting = await gate.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'workspace'::regclass")
    return await waiting.fetchone() == (wanted,)
