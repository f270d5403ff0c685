"""One slice's fact reaches every subscriber once, in a transaction of its own, in order for one record."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.answers import Message
from bot.database import Database
from bot.outbox import Subscriber
from domain.facts import Fact, ReleaseMoved
from models import Audit, Customer
from tests.bot.outbox_world import World, a_world
from tests.conftest import Clock


def moved(number: int, release: int = 1, actor: str | None = "U7") -> ReleaseMoved:
    return ReleaseMoved(
        key=f"moved:{number}", actor=actor, release_id=release, change_id=number, before=None, after=f"2026-12-{number:02}", reason="late"
    )


class Listening:
    """A subscriber that writes a row and a message for each fact, and fails as often as it is told."""

    def __init__(self, name: str = "customers.note") -> None:
        self.name = name
        self.heard: list[str] = []
        self.failures = 0
        self.outbox: Any = None

    async def run(self, session: Any, fact: Fact, deps: Any) -> None:
        self.heard.append(fact.key)
        name = f"{self.name} {fact.key}"
        session.add(Customer(name=name, folded=name))
        await deps.post(session, f"note:{name}", "C1", Message(name))
        await session.flush()
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not today")


def told(database: Database, clock: Clock, *listening: Listening, **how: Any) -> AbstractAsyncContextManager[World]:
    subscribers: dict[type[Fact], Sequence[Any]] = {ReleaseMoved: [Subscriber(each.name, each.run) for each in listening]}
    return a_world(database, clock, subscribers=subscribers, **how)


async def tell(world: World, *facts: Fact, **how: Any) -> None:
    world.outbox.deps = world.outbox  # all that these subscribers need of a Deps
    async with world.transaction() as session:
        for fact in facts:
            await world.outbox.tell(session, fact, **how)


async def written(world: World) -> list[str]:
    async with world.database.reading(1, clock=world.clock) as session:
        return list(await session.scalars(select(Customer.name).order_by(Customer.id)))


async def test_each_subscriber_hears_of_a_fact_once_with_all_it_says(database: Database, clock: Clock) -> None:
    heard: list[Fact] = []

    async def tell_followers(session: Any, fact: Fact, deps: Any) -> None:
        heard.append(fact)

    tell_followers.__module__ = "handlers.releases.listeners"
    note = Listening()
    async with a_world(database, clock, subscribers={ReleaseMoved: [tell_followers, Subscriber(note.name, note.run)]}) as world:
        for _ in range(2):
            await tell(world, moved(3))
            await world.drain()
        assert heard == [moved(3)]
        assert note.heard == ["moved:3"]
        assert await world.states() == {
            "told:releases.tell_followers:moved:3": "done",
            "told:customers.note:moved:3": "done",
            "note:customers.note moved:3": "done",
        }


async def test_a_subscriber_that_fails_twice_leaves_nothing_behind_and_then_works_once(database: Database, clock: Clock) -> None:
    failing, fine = Listening("failing"), Listening("fine")
    failing.failures = 2
    async with told(database, clock, failing, fine) as world:
        await tell(world, moved(1), moved(2))
        await world.drain()
        assert failing.heard == ["moved:1", "moved:1", "moved:1", "moved:2"]
        assert sorted(await written(world)) == ["failing moved:1", "failing moved:2", "fine moved:1", "fine moved:2"]
        assert sorted(world.posts()) == sorted(await written(world))


async def test_facts_about_one_record_are_told_in_order(database: Database, clock: Clock) -> None:
    note = Listening()
    async with told(database, clock, note) as world:
        await tell(world, *(moved(number) for number in range(1, 21)))
        await world.drain()
        assert note.heard == [f"moved:{number}" for number in range(1, 21)]


async def test_what_a_subscriber_writes_is_audited_under_the_facts_actor(database: Database, clock: Clock) -> None:
    async with told(database, clock, Listening()) as world:
        await tell(world, moved(1))
        await world.drain()
        async with database.reading(1, clock=clock) as session:
            assert [(row.actor, row.by) for row in await session.scalars(select(Audit))] == [("U7", "told:customers.note")]


async def test_a_subscriber_whose_lane_was_taken_keeps_nothing(database: Database, clock: Clock) -> None:
    note = Listening()
    async with told(database, clock, note) as world:
        await tell(world, moved(1))
        (stale,) = (await world.outbox.lanes.turn([], room=8)).parcels
        await world.lease_ends()
        (fresh,) = (await world.outbox.lanes.turn([], room=8)).parcels
        await world.outbox._deliver(stale)
        assert await written(world) == []
        outcome = await world.outbox._deliver(fresh)
        await world.outbox._deliver(fresh)  # and not a second time either
        await world.outbox.lanes.turn([outcome], room=0)
        await world.drain()
        assert await written(world) == ["customers.note moved:1"]


async def test_a_fact_is_held_for_undo_and_withdrawn(database: Database, clock: Clock) -> None:
    note = Listening()
    async with told(database, clock, note) as world:
        change = await world.change()
        await tell(world, moved(1), not_before=clock() + timedelta(minutes=5), change=change)
        await world.drain()
        assert note.heard == []
        async with world.transaction() as session:
            assert await world.outbox.withdraw(session, change) == 1
        clock.advance(minutes=6)
        await world.outbox.clock_moved()
        await world.drain()
        assert note.heard == []


async def test_a_subscriber_that_is_no_more_leaves_a_dead_row(database: Database, clock: Clock) -> None:
    async with told(database, clock, Listening()) as world:
        await tell(world, moved(1))
        world.outbox.told.subscribers = {}
        await world.drain()
        (row,) = await world.rows()
        assert (row["state"], row["reason"]) == ("dead", "nobody called customers.note listens to ReleaseMoved any more")


async def test_a_slow_subscriber_is_cut_off_before_its_lease_ends(database: Database, clock: Clock) -> None:
    began: list[float] = []

    async def slow(session: Any, fact: Fact, deps: Any) -> None:
        began.append(asyncio.get_running_loop().time())
        if len(began) == 1:
            await asyncio.sleep(60)

    async with a_world(database, clock, subscribers={ReleaseMoved: [Subscriber("slow", slow)]}, lease=1.0) as world:
        await tell(world, moved(1))
        await world.drain()
        assert len(began) == 2
