"""What two transactions do at the same moment. On PostgreSQL they truly overlap; on SQLite one waits for the other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.answers import Message
from bot.database import Database
from bot.ledger import touch_lanes
from bot.outbox import Outbox
from bot.parcels import DONE, Outcome, Place
from tests.bot.outbox_world import CHANNELS, World, a_world
from tests.conftest import Clock


@pytest.fixture
async def world(database: Database, clock: Clock) -> AsyncIterator[World]:
    async with a_world(database, clock) as world:
        yield world


async def test_a_message_written_while_its_lane_is_given_back_is_not_overlooked(world: World) -> None:
    await world.post("first")
    (parcel,) = (await world.outbox.lanes.turn([], room=8)).parcels
    async with world.transaction() as session:
        await world.outbox.post(session, "second", "C1", Message("second"))
        await session.run_sync(touch_lanes)  # as its commit does, which is not over yet
        settling = asyncio.create_task(world.outbox.lanes.turn([Outcome(parcel, DONE, place=Place("C1", "1.0"))], room=0))
        await asyncio.sleep(0.2)
    await settling
    await world.drain()
    assert await world.states() == {"first": "done", "second": "done"}


async def test_what_is_withdrawn_while_it_is_being_taken_is_not_sent(world: World) -> None:
    change = await world.change()
    await world.post("undone", change=change)
    async with world.transaction() as session:
        assert await world.outbox.withdraw(session, change) == 1
        taking = asyncio.create_task(world.outbox.lanes.turn([], room=8))
        await asyncio.sleep(0.2)
    assert (await taking).parcels == []
    await world.drain()
    assert world.posts() == []


async def test_a_card_redrawn_while_its_lane_is_taken_shows_the_newest(world: World) -> None:
    await world.post("card")
    await world.drain()
    for words in ("old", "newer"):
        async with world.transaction() as session:
            await world.outbox.rewrite(session, "card", Message(words), channel="C1")
    async with world.transaction() as session:
        await world.outbox.rewrite(session, "card", Message("newest"), channel="C1")
        taking = asyncio.create_task(world.outbox.lanes.turn([], room=8))
        await asyncio.sleep(0.2)
    parcels = (await taking).parcels
    await world.outbox.lanes.turn([await world.outbox._deliver(parcel) for parcel in parcels], room=0)
    await world.drain()
    assert world.posts() == ["newest"]
    assert len(world.calls("chat.update")) == 1


async def test_two_that_write_to_the_same_lanes_do_not_wait_for_each_other_in_a_circle(world: World) -> None:
    for channel in ("C1", "C2"):
        await world.post(f"made {channel}", channel)
    await world.drain()
    met = asyncio.Barrier(2)

    async def write(name: str, *channels: str) -> None:
        async with world.transaction() as session:
            for channel in channels:
                await world.outbox.post(session, f"{name} {channel}", channel, Message(name))
                if not world.database.is_sqlite:  # which has one writer
                    await met.wait()

    await asyncio.gather(write("one", "C1", "C2"), write("two", "C2", "C1"))
    await world.drain()
    assert sorted(world.posts("C1")) == ["made C1", "one", "two"]


async def test_two_replicas_take_different_lanes(world: World) -> None:
    other = Outbox(world.database, world.outbox.links, clock=world.clock, subscribers={}, effects={}, lease=3.0)
    for round_ in range(5):
        async with world.transaction() as session:
            for number in range(60):
                await world.outbox.post(session, f"{round_}:{number}", CHANNELS[number % 10], Message(str(number)))
        turns = await asyncio.gather(*(outbox.lanes.turn([], room=4) for outbox in (world.outbox, other, world.outbox, other)))
        taken = [parcel for turn in turns for parcel in turn.parcels]
        assert len({parcel.lane_id for parcel in taken}) == len(taken) <= 10
        assert taken
        await world.outbox.lanes.turn([Outcome(parcel, DONE) for parcel in taken], room=0)


async def test_writers_and_carriers_at_full_speed_lose_nothing(world: World) -> None:
    worker = asyncio.create_task(world.outbox.run())

    async def write(writer: int) -> None:
        for number in range(15):
            async with world.transaction() as session:
                await world.outbox.post(session, f"{writer}:{number}", CHANNELS[(writer + number) % 3], Message(f"{writer}:{number}"))
                if number % 3 == 0:
                    await world.outbox.rewrite(session, f"{writer}:0", Message(f"{writer}:0"), channel=CHANNELS[writer % 3])

    await asyncio.gather(*(write(writer) for writer in range(6)))
    await world.drain()
    await world.outbox.stop(2)
    await worker
    assert sorted(words for channel in CHANNELS for words in world.posts(channel)) == sorted(
        f"{writer}:{number}" for writer in range(6) for number in range(15)
    )
