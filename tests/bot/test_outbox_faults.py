"""Slack loses replies, refuses for a while, breaks and stalls; what was promised still arrives once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

from bot import effects
from bot.answers import Message
from bot.database import Database
from bot.effects import Effect
from bot.parcels import DONE, Outcome, Place
from bot.slack import SlackUnsure
from tests.bot.machine import until
from tests.bot.outbox_world import World, a_world
from tests.conftest import Clock


@pytest.fixture
async def world(database: Database, clock: Clock) -> AsyncIterator[World]:
    async with a_world(database, clock) as world:
        yield world


@pytest.fixture
def short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of the rests between two tries, for tests of what happens after them."""
    monkeypatch.setattr(effects, "LATE", effects.LATE / 5)
    monkeypatch.setattr(effects, "rest_after", lambda tries, rest=effects.rest_after: rest(tries) / 5)


@pytest.mark.usefixtures("short_rests")
@pytest.mark.parametrize("channel", ["C1", "U2"])
async def test_a_lost_reply_does_not_send_twice(world: World, channel: str) -> None:
    world.slack.faults.add("chat.postMessage", reset="after")
    await world.post("first", channel)
    await world.post("second", channel)
    await world.drain()
    seen = world.posts(channel) if channel == "C1" else [message.text for message in world.slack.as_(channel).dms()]
    assert seen == ["first", "second"]
    assert len(world.calls("conversations.history")) == 1
    async with world.transaction() as session:  # its place is known all the same
        await world.outbox.rewrite(session, "first", Message("changed"), channel=channel)
    await world.drain()
    seen = world.posts(channel) if channel == "C1" else [message.text for message in world.slack.as_(channel).dms()]
    assert seen == ["changed", "second"]


@pytest.mark.usefixtures("short_rests")
async def test_a_lost_reply_in_a_thread_is_looked_up_in_the_thread(world: World) -> None:
    await world.post("card")
    await world.drain()
    world.slack.faults.add("chat.postMessage", reset="after")
    await world.post("reply", thread_of="card")
    await world.drain()
    thread = world.slack.as_("U1").thread("C1", world.slack.as_("U1").sees("C1")[0].ts)
    assert [message.text for message in thread] == ["card", "reply"]


@pytest.mark.usefixtures("short_rests")
@pytest.mark.parametrize("fault", [{"reset": "before"}, {"status": 500}, {"status": 503}, {"error": "fatal_error"}])
async def test_what_did_not_arrive_is_sent_again(world: World, fault: dict[str, Any]) -> None:
    world.slack.faults.add("chat.postMessage", times=2, **fault)
    await world.post("first")
    await world.post("second")
    await world.drain()
    assert world.posts() == ["first", "second"]


async def test_a_message_that_arrives_after_our_patience_is_not_sent_twice(database: Database, clock: Clock) -> None:
    async with a_world(database, clock, timeout=0.3) as world:
        world.slack.faults.add("chat.postMessage", delay=0.5)
        await world.post("slow")
        await world.drain()
        assert world.posts() == ["slow"]


async def test_a_key_is_found_behind_many_newer_messages(world: World) -> None:
    world.slack.faults.add("chat.postMessage", reset="after")
    await world.post("first")
    worker = asyncio.create_task(world.outbox.run())
    await asyncio.sleep(0.2)
    for number in range(250):  # while the lane rests, others talk
        await world.slack.as_("U1").say("C1", f"talk {number}")
    await world.outbox.stop(1)
    await worker
    await world.drain()
    assert [words for words in world.posts() if not words.startswith("talk")] == ["first"]
    assert len(world.calls("conversations.history")) == 3


@pytest.mark.usefixtures("short_rests")
async def test_where_it_cannot_be_looked_up_a_person_decides(world: World) -> None:
    world.slack.faults.add("chat.postMessage", reset="after")
    world.slack.faults.add("conversations.history", error="missing_scope")
    await world.post("lost")
    await world.drain()
    assert world.posts() == ["lost"]
    async with world.transaction() as session:
        (row,) = (await world.outbox.health(session)).rows
        assert row.reason.startswith("it is not known whether this arrived")
        await world.outbox.retry(session, row.id)
    await world.drain()  # by now the scope is there
    assert world.posts() == ["lost"]
    assert await world.states() == {"lost": "done"}


@pytest.mark.usefixtures("short_rests")
async def test_a_busy_look_up_leaves_the_doubt(world: World) -> None:
    world.slack.faults.add("chat.postMessage", reset="after")
    world.slack.faults.add("conversations.history", status=429, retry_after=1)
    await world.post("lost")
    await world.drain()
    assert world.posts() == ["lost"]


async def test_retry_after_pauses_the_method_for_its_workspace_only(world: World) -> None:
    await world.post("card", "C1")
    await world.drain()
    world.slack.faults.add("chat.postMessage", status=429, retry_after=1, when=lambda args: args["text"] == "ours")
    await world.post("ours", "C2")
    worker = asyncio.create_task(world.outbox.run())
    await asyncio.sleep(0.3)
    await world.post("ours too", "C3")
    await world.post("theirs", "C4", workspace=2)
    async with world.transaction() as session:
        await world.outbox.rewrite(session, "card", Message("changed"), channel="C1")
    await until(lambda: (world.posts("C4"), world.posts("C1")) == (["theirs"], ["changed"]))
    assert world.posts("C3") == []
    assert len(world.calls("chat.postMessage")) == 3
    await world.outbox.stop(1)
    await worker
    await world.drain()
    assert (world.posts("C2"), world.posts("C3")) == (["ours"], ["ours too"])


async def test_a_refused_token_keeps_everything_waiting(world: World) -> None:
    world.slack.faults.add("chat.postMessage", error="token_revoked")
    await world.post("kept")
    worker = asyncio.create_task(world.outbox.run())

    async def is_refused() -> bool:
        return [(row["state"], row["reason"], row["settled_at"]) for row in await world.rows()] == [("waiting", "token_revoked", None)]

    await until(is_refused)
    await world.outbox.stop(1)
    await worker
    assert world.posts() == [] and await is_refused()


@pytest.mark.usefixtures("short_rests")
async def test_a_slack_that_cannot_be_reached_leaves_no_doubt(world: World) -> None:
    port = world.slack.url.rpartition(":")[2]
    await world.slack.server.stop()
    async with world.transaction() as session:
        await world.outbox.whisper(session, "psst", "C1", "U2", Message("for you"))
    drained = asyncio.create_task(world.drain())
    await asyncio.sleep(0.5)
    await world.slack.server.start("127.0.0.1", int(port))
    await drained
    assert [message.text for message in world.slack.as_("U2").sees("C1")] == ["for you"]


async def test_a_whisper_in_doubt_is_given_up_and_the_person_told(world: World) -> None:
    world.slack.faults.add("chat.postEphemeral", reset="before")
    async with world.transaction() as session:
        await world.outbox.whisper(session, "psst", "C1", "U2", Message("saved"), note="R-4 was saved, in case you did not see it.")
    await world.drain()
    assert world.slack.as_("U2").sees("C1") == []
    assert [message.text for message in world.slack.as_("U2").dms()] == ["R-4 was saved, in case you did not see it."]
    assert (await world.states())["psst"] == "dead"


@pytest.mark.usefixtures("short_rests")
async def test_a_rewrite_in_doubt_is_drawn_again(world: World) -> None:
    await world.post("card")
    await world.drain()
    world.slack.faults.add("chat.update", reset="after")
    async with world.transaction() as session:
        await world.outbox.rewrite(session, "card", Message("changed"), channel="C1")
    await world.drain()
    assert world.posts() == ["changed"]
    assert len(world.calls("chat.update")) == 2


class Tracker:
    """A system outside, for a slice's own effect: what arrived there, and how often its replies get lost."""

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.lost_replies = 0

    async def deliver(self, payload: dict[str, Any], deps: Any) -> None:
        self.arrived.append(f"{payload['item']} of {payload['workspace_id']}")
        if self.lost_replies:
            self.lost_replies -= 1
            raise SlackUnsure("the reply was lost")

    async def has(self, payload: dict[str, Any], deps: Any) -> bool:
        return f"{payload['item']} of {payload['workspace_id']}" in self.arrived


@pytest.mark.usefixtures("short_rests")
@pytest.mark.parametrize(("in_doubt", "arrived", "state"), [("repeat", 2, "done"), ("give_up", 1, "dead"), ("look_up", 1, "done")])
async def test_a_slices_own_effect_says_what_to_do_in_doubt(
    database: Database, clock: Clock, in_doubt: Any, arrived: int, state: str
) -> None:
    tracker = Tracker()
    tracker.lost_replies = 1
    effect = Effect(tracker.deliver, tracker.has if in_doubt == "look_up" else in_doubt)
    async with a_world(database, clock, effects={"tracker:create": effect}) as world:
        async with world.transaction() as session:
            await world.outbox.effect(session, "tracker:create", "item:1", {"item": "one"}, lane="tracker")
        await world.drain()
        assert tracker.arrived == ["one of 1"] * arrived
        assert await world.states() == {"item:1": state}


async def test_a_crash_with_a_live_lease_is_found_in_doubt(world: World) -> None:
    await world.post("sent", "C1")
    await world.post("unsent", "C2")
    turn = await world.outbox.lanes.turn([], room=8)
    sent = next(parcel for parcel in turn.parcels if parcel.key == "sent")
    await world.outbox.kinds["post"].deliver(sent, await world.outbox.links.of(1))  # and here the process dies
    await world.post("next", "C1")
    await world.drain()
    assert (world.posts("C1"), world.posts("C2")) == (["sent", "next"], ["unsent"])


async def test_a_worker_that_lost_its_lease_changes_nothing(world: World) -> None:
    await world.post("key")
    lanes = world.outbox.lanes
    (stale,) = (await lanes.turn([], room=8)).parcels
    await world.lease_ends()
    (fresh,) = (await lanes.turn([], room=8)).parcels
    assert (fresh.id, fresh.in_doubt) == (stale.id, True)
    await lanes.turn([Outcome(stale, DONE, place=Place("C1", "1.000"))], room=0)
    assert await world.states() == {"key": "sending"}
    assert await _places(world) == []
    assert (await lanes.turn([], room=8)).parcels == []  # and the lane is still leased
    await lanes.turn([Outcome(fresh, DONE, place=Place("C1", "2.000"))], room=0)
    assert await _places(world) == ["2.000"]


async def test_a_parcel_is_not_sent_once_its_lease_is_nearly_over(world: World) -> None:
    await world.post("key")
    (stale,) = (await world.outbox.lanes.turn([], room=8)).parcels
    await asyncio.sleep(3.0)
    outcome = await world.outbox._deliver(stale)
    assert (outcome.state, world.posts()) == ("sending", [])


@pytest.mark.parametrize("is_committed", [True, False])
async def test_the_worker_survives_a_database_that_stumbles(world: World, monkeypatch: pytest.MonkeyPatch, is_committed: bool) -> None:
    lanes, stumbles = world.outbox.lanes, iter([True, False, True])
    turn = lanes.turn

    async def stumbling(*args: Any, **how: Any) -> Any:
        stumble = next(stumbles, False)
        if stumble and not is_committed:
            raise OSError("the database is away")
        found = await turn(*args, **how)
        if stumble:
            raise OSError("the connection is gone")
        return found

    monkeypatch.setattr(lanes, "turn", stumbling)
    monkeypatch.setattr("bot.courier.AFTER_A_STUMBLE", 0.01)
    for key in ("one", "two"):
        await world.post(key)
    await world.drain()
    assert world.posts() == ["one", "two"]
    # What was finished stayed in hand: only a parcel that the commit took and nobody got had to be looked up.
    assert len(world.calls("conversations.history")) == (1 if is_committed else 0)


async def test_a_mistake_of_ours_is_tried_some_times_and_kept(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.effects.rest_after", lambda tries: 0.0)

    async def breaks(payload: dict[str, Any], deps: Any) -> None:
        raise KeyError("nothing")

    async with a_world(database, clock, effects={"breaks": Effect(breaks)}) as world:
        async with world.transaction() as session:
            await world.outbox.effect(session, "breaks", "key", {}, lane="C1")
        await world.post("next")
        await world.drain()
        assert await world.states() == {"key": "dead", "next": "done"}
        (row, _) = await world.rows()
        assert (row["tries"], row["reason"]) == (10, "KeyError: 'nothing'")


async def test_respond_replaces_and_comes_too_late(world: World, clock: Clock) -> None:
    async with world.transaction() as session:
        await world.outbox.respond(session, "late", f"{world.slack.url}/actions/T/none", Message("x"), person="U1")
        clock.advance(minutes=30)
        await world.outbox.respond(session, "unknown", f"{world.slack.url}/actions/T/none", Message("x"), person="U1")
    await world.drain()
    assert await world.states() == {"late": "expired", "unknown": "expired"}
    assert len(world.calls("response_url")) == 1


async def _places(world: World) -> list[str]:
    async with world.database.reader.connect() as connection:
        return list(await connection.scalars(text("SELECT ts FROM message")))
