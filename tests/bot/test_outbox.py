"""What was promised in a transaction is sent once, in order, and never in silence dropped."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise

import pytest

from bot.answers import Message
from bot.database import Database
from tests.bot.outbox_world import CHANNELS, World, a_world
from tests.conftest import Clock


@pytest.fixture
async def world(database: Database, clock: Clock) -> AsyncIterator[World]:
    async with a_world(database, clock) as world:
        yield world


async def test_a_message_is_posted_after_the_commit_and_its_place_is_kept(world: World) -> None:
    async with world.transaction() as session:
        await world.outbox.post(session, "moved:1", "C1", Message("Falcon moved", [{"type": "divider"}]))
        assert world.calls("chat.postMessage") == []
    await world.drain()
    (call,) = world.calls("chat.postMessage")
    assert call.args["metadata"] == {"event_type": "tendon", "event_payload": {"key": "moved:1"}}
    assert (call.args["parse"], call.args["unfurl_links"], call.args["unfurl_media"]) == ("none", False, False)
    assert world.posts() == ["Falcon moved"]
    assert await world.states() == {"moved:1": "done"}


async def test_what_is_rolled_back_is_not_sent(world: World) -> None:
    async with world.transaction() as session:
        await world.outbox.post(session, "one", "C1", Message("one"))
        await session.rollback()
    await world.drain()
    await world.post("two")  # the lane of the first was never made
    await world.drain()
    assert world.posts() == ["two"]


async def test_a_key_is_sent_once_for_ever(world: World) -> None:
    for words in ("first", "second"):
        await world.post("key", words=words)
        await world.drain()
    assert world.posts() == ["first"]


async def test_the_same_key_of_another_workspace_is_another_message(world: World) -> None:
    await world.post("key", words="ours")
    await world.post("key", words="theirs", workspace=2)
    await world.drain()
    assert sorted(world.posts()) == ["ours", "theirs"]


async def test_a_channel_keeps_its_order(world: World) -> None:
    async with world.transaction() as session:
        for number in range(30):
            await world.outbox.post(session, f"n{number}", CHANNELS[number % 3], Message(str(number)))
    await world.drain()
    for first in range(3):
        assert world.posts(CHANNELS[first]) == [str(number) for number in range(first, 30, 3)]


async def test_what_matters_most_goes_first(world: World) -> None:
    async with world.transaction() as session:
        for number in range(5):
            await world.outbox.post(session, f"question:{number}", "C1", Message("question"), rank=90)
        await world.outbox.post(session, "critical", "C1", Message("critical"), rank=10)
    await world.drain()
    assert world.posts() == ["critical"] + ["question"] * 5


async def test_a_channel_gets_its_gap_and_others_do_not_wait_for_it(database: Database, clock: Clock) -> None:
    async with a_world(database, clock, channel_gap=0.3) as world:
        for number in range(3):
            await world.post(f"slow:{number}", "C1")
            await world.post(f"other:{number}", CHANNELS[2 + number])
        began = asyncio.get_running_loop().time()
        await world.drain()
        assert asyncio.get_running_loop().time() - began >= 0.6
        await world.post("late", "C1")  # put in while the lane rests
        await world.drain()
        at = [call.at for call in world.calls("chat.postMessage") if call.args["channel"] == "C1"]
        assert [later - earlier > 0.29 for earlier, later in pairwise(at)] == [True] * 3
        others = [call.at for call in world.calls("chat.postMessage") if call.args["channel"] != "C1"]
        assert max(others) - min(others) < 0.25


async def test_a_held_message_waits_for_its_time_and_holds_nobody(world: World, clock: Clock) -> None:
    await world.post("held", not_before=clock() + timedelta(minutes=5))
    await world.post("next")
    await world.drain()
    assert world.posts() == ["next"]
    clock.advance(minutes=5)
    await world.outbox.clock_moved()
    await world.drain()
    assert world.posts() == ["next", "held"]


async def test_undo_deletes_what_was_not_sent(world: World, clock: Clock) -> None:
    change = await world.change()
    await world.post("sent", change=change)
    await world.drain()
    await world.post("unsent", change=change, not_before=clock() + timedelta(minutes=5))
    await world.post("of another change", not_before=clock() + timedelta(minutes=5))
    async with world.transaction() as session:
        assert await world.outbox.withdraw(session, change) == 1
    clock.advance(minutes=6)
    await world.outbox.clock_moved()
    await world.drain()
    assert world.posts() == ["sent", "of another change"]


async def test_what_came_too_late_is_not_sent(world: World, clock: Clock) -> None:
    await world.post("late", expires_at=clock() + timedelta(minutes=1))
    await world.post("next")
    clock.advance(minutes=2)
    await world.drain()
    assert world.posts() == ["next"]
    assert await world.states() == {"late": "expired", "next": "done"}


async def test_a_refusal_is_kept_with_its_cure_and_holds_nobody(world: World) -> None:
    world.slack.faults.add("chat.postMessage", error="not_in_channel")
    await world.post("refused")
    await world.post("next")
    await world.drain()
    assert world.posts() == ["next"]
    async with world.transaction() as session:
        health = await world.outbox.health(session)
        assert (health.waiting, health.dead) == (0, 1)
        (row,) = health.rows
        assert (row.kind, row.lane, row.reason) == ("post", "C1", "not_in_channel")
        assert row.cure == "I am not in <#C1>: /invite @Tendon"
        assert await world.outbox.retry(session, row.id)
        assert not await world.outbox.retry(session, row.id)
    await world.drain()
    assert world.posts() == ["next", "refused"]


async def test_another_workspace_sees_none_of_it(world: World) -> None:
    world.slack.faults.add("chat.postMessage", error="not_in_channel")
    await world.post("refused")
    await world.drain()
    (row,) = await world.rows()
    async with world.transaction(workspace=2) as session:
        health = await world.outbox.health(session)
        assert (health.waiting, health.dead) == (0, 0)
        assert not await world.outbox.retry(session, row["id"])


async def test_a_rewrite_may_be_asked_for_before_its_message_was_sent(world: World, clock: Clock) -> None:
    async with world.transaction() as session:
        await world.outbox.post(session, "card", "C1", Message("asked"), rank=90, not_before=clock() + timedelta(minutes=1))
        await world.outbox.rewrite(session, "card", Message("accepted"), channel="C1")
        await world.outbox.rewrite(session, "card", Message("delivered"), channel="C1")
    await world.drain()
    assert world.calls("chat.update") == []
    clock.advance(minutes=1)
    await world.outbox.clock_moved()
    await world.drain()
    assert world.posts() == ["delivered"]
    assert len(world.calls("chat.update")) == 1


async def test_a_rewrite_written_before_its_post_waits_for_it(world: World, clock: Clock) -> None:
    async with world.transaction() as session:
        await world.outbox.rewrite(session, "card", Message("accepted"), channel="C1")
        await world.outbox.post(session, "card", "C1", Message("asked"))
    await world.drain()
    clock.advance(seconds=5)
    await world.outbox.clock_moved()
    await world.drain()
    assert world.posts() == ["accepted"]


async def test_a_newer_rewrite_waits_behind_the_one_in_hand(world: World) -> None:
    await world.post("card")
    await world.drain()
    world.slack.faults.add("chat.update", delay=0.3)
    for words in ("one", "two", "three"):
        async with world.transaction() as session:
            await world.outbox.rewrite(session, "card", Message(words), channel="C1")
        if words == "one":
            drained = asyncio.create_task(world.drain())
            await asyncio.sleep(0.15)
    await drained
    assert [call.args["text"] for call in world.calls("chat.update")] == ["one", "three"]
    assert world.posts() == ["three"]


async def test_a_rewrite_of_what_was_never_posted_or_is_gone_is_let_go(world: World) -> None:
    world.slack.faults.add("chat.postMessage", error="is_archived")
    await world.post("dead")
    await world.post("alive")
    await world.drain()
    world.slack.faults.add("chat.update", error="message_not_found")
    async with world.transaction() as session:
        await world.outbox.rewrite(session, "dead", Message("new"), channel="C1")
        await world.outbox.rewrite(session, "alive", Message("new"), channel="C1")
    await world.drain()
    assert [row["state"] for row in await world.rows(kind="rewrite")] == ["gone", "gone"]
    async with world.transaction() as session:
        assert (await world.outbox.health(session)).dead == 1


async def test_a_reply_finds_its_thread_by_key(world: World) -> None:
    async with world.transaction() as session:
        await world.outbox.post(session, "card", "C1", Message("card"), rank=90)
        await world.outbox.post(session, "reply", "C1", Message("reply"), thread_of="card", rank=10)
    await world.drain()
    first, second = world.slack.as_("U1").thread("C1", world.slack.as_("U1").sees("C1")[0].ts)
    assert (first.text, second.text, second.thread_ts) == ("card", "reply", first.ts)


async def test_a_person_is_written_to_directly_and_it_can_be_rewritten(world: World) -> None:
    await world.post("hello", "U2", words="hello")
    await world.drain()
    async with world.transaction() as session:
        await world.outbox.rewrite(session, "hello", Message("hello again"), channel="U2")
    await world.drain()
    assert [message.text for message in world.slack.as_("U2").dms()] == ["hello again"]


async def test_a_whisper_is_seen_by_one_person(world: World) -> None:
    async with world.transaction() as session:
        await world.outbox.whisper(session, "psst", "C1", "U2", Message("for you"))
    await world.drain()
    assert [message.text for message in world.slack.as_("U2").sees("C1")] == ["for you"]
    assert world.posts() == []


async def test_home_shows_the_newest(world: World) -> None:
    def view(words: str) -> dict[str, object]:
        return {"type": "home", "blocks": [{"type": "section", "text": {"type": "plain_text", "text": words}}]}

    async with world.transaction() as session:
        for words in ("old", "new"):
            await world.outbox.home(session, "U1", view(words))
    await world.drain()
    assert world.slack.as_("U1").home["blocks"][0]["text"]["text"] == "new"
    assert len(world.calls("views.publish")) == 1


async def test_the_worker_sends_what_is_committed_without_being_told(world: World) -> None:
    worker = asyncio.create_task(world.outbox.run())
    await asyncio.sleep(0.05)
    await world.post("key")
    await asyncio.sleep(0.4)
    assert world.posts() == ["key"]
    await world.outbox.stop(1)
    await worker


async def test_stopping_finishes_what_is_in_hand(world: World) -> None:
    worker = asyncio.create_task(world.outbox.run())
    world.slack.faults.add("chat.postMessage", delay=0.4)
    await world.post("key")
    await asyncio.sleep(0.2)
    await world.outbox.stop(2)
    await worker
    assert await world.states() == {"key": "done"}


async def test_a_savepoint_that_is_undone_takes_its_messages_with_it(world: World) -> None:
    async with world.transaction() as session:
        await world.outbox.post(session, "kept", "C1", Message("kept"))
        savepoint = await session.begin_nested()
        await world.outbox.post(session, "undone", "C2", Message("undone"))
        await savepoint.rollback()
    await world.drain()
    await world.post("later", "C2")
    await world.drain()
    assert (world.posts("C1"), world.posts("C2")) == (["kept"], ["later"])
