"""A message marked with an emoji is logged without a form."""

import asyncio

import pytest

from models import Workspace
from tests.handlers.feedback_steps import drafts, kept, labels, log, product_operations, who_brought
from tests.world import World


async def marked(world: World, person: str, channel: str, words: str, emoji: str = "memo") -> str:
    said = await world.as_("U_PM").say(channel, words)
    await world.as_(person).react(channel, said.ts, emoji)
    await world.settle()
    return said.ts


async def test_a_marked_message_is_logged_and_answered_in_its_thread(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    ts = await marked(world, "U_LEAD", "C_PAY", "Acme wants <@U_OPS> to export invoices")
    (row,) = await kept(world)
    assert (row.words, row.reporter, row.author, row.customer_id) == ("Acme wants @Olga Prod to export invoices", "U_LEAD", "U_PM", None)
    assert (row.kind, row.area, row.message_ts, row.channel) == ("customer", "Payments", ts, "C_PAY")
    _, reply = world.as_("U_LEAD").thread("C_PAY", ts)
    assert reply.text == "Logged as F-1."
    assert labels(reply) == ["Add details", "Undo"]
    assert await drafts(world) == []
    await world.as_("U_LEAD").press(reply, "feedback:details")
    await world.as_("U_LEAD").submit({"Customer": "Acme"})
    await world.settle()
    assert world.as_("U_LEAD").thread("C_PAY", ts)[1].text == "Logged as F-1 for Acme."


async def test_taking_the_mark_away_within_five_minutes_takes_it_back(world: World) -> None:
    ts = await marked(world, "U_LEAD", "C_PAY", "slow export")
    await world.as_("U_LEAD").unreact("C_PAY", ts, "memo")
    await world.settle()
    assert (await kept(world))[0].removed_at is not None
    assert "taken back" in world.as_("U_LEAD").thread("C_PAY", ts)[1].text
    await world.as_("U_LEAD").react("C_PAY", ts, "memo")
    await world.settle()
    assert [row.removed_at for row in await kept(world)] == [None]
    await world.advance(minutes=6)
    await world.as_("U_LEAD").unreact("C_PAY", ts, "memo")
    await world.settle()
    assert [row.removed_at for row in await kept(world)] == [None]


async def test_taken_away_before_it_was_fetched_it_is_not_logged(world: World) -> None:
    said = await world.as_("U_PM").say("C_PAY", "slow export")
    world.slack.faults.add("conversations.replies", times=1, status=429, retry_after=1)
    lead = world.as_("U_LEAD")
    await lead.react("C_PAY", said.ts, "memo")
    await world.slack.settled()
    await lead.unreact("C_PAY", said.ts, "memo")
    await world.settle()
    assert await kept(world) == []
    assert await drafts(world) == []


async def test_two_people_mark_one_message_and_bring_it_both(world: World) -> None:
    ts = await marked(world, "U_LEAD", "C_PAY", "slow export")
    await world.as_("U_OPS").react("C_PAY", ts, "memo")
    await world.settle()
    assert len(await kept(world)) == 1
    assert await who_brought(world) == ["U_LEAD", "U_OPS"]
    assert [each.text for each in world.as_("U_PM").thread("C_PAY", ts)[1:]] == ["Logged as F-1, by two people."]


async def test_many_marks_at_once_are_one_piece(world: World) -> None:
    people = ["U_PM", "U_LEAD", "U_MOB", "U_PLAT", "U_SALES", "U_OPS"]
    said = await world.as_("U_OPS").say("C_WEEKLY", "slow export")
    await asyncio.gather(*(world.as_(person).react("C_WEEKLY", said.ts, "memo") for person in people))
    await world.settle()
    assert len(await kept(world)) == 1
    assert await who_brought(world) == sorted(people)


async def test_the_same_event_twice_is_once(world: World) -> None:
    ts = await marked(world, "U_LEAD", "C_PAY", "slow export")
    event = next(each for each in reversed(world.slack.deliveries) if each.payload.get("event", {}).get("type") == "reaction_added")
    await world.as_("U_LEAD").unreact("C_PAY", ts, "memo")
    await world.settle()
    await world.slack.deliver_again(event)
    await world.settle()
    assert [row.removed_at is None for row in await kept(world)] == [False]


@pytest.mark.parametrize("method", ["conversations.replies", "chat.postMessage"])
async def test_a_lost_reply_logs_and_answers_once(world: World, method: str) -> None:
    said = await world.as_("U_PM").say("C_PAY", "slow export")
    world.slack.faults.add(method, times=1, reset="after")
    await world.as_("U_LEAD").react("C_PAY", said.ts, "memo")
    await world.settle()
    assert len(await kept(world)) == 1
    assert [each.text for each in world.as_("U_PM").thread("C_PAY", said.ts)[1:]] == ["Logged as F-1."]


async def test_a_reply_in_a_thread_is_logged_itself(world: World) -> None:
    root = await world.as_("U_PM").say("C_PAY", "what do they say?")
    said = await world.as_("U_PM").say("C_PAY", "Acme wants exports", thread=root.ts)
    await world.as_("U_LEAD").react("C_PAY", said.ts, "memo")
    await world.settle()
    (row,) = await kept(world)
    assert (row.words, row.message_ts, row.thread_ts) == ("Acme wants exports", said.ts, root.ts)
    assert world.as_("U_PM").thread("C_PAY", root.ts)[-1].text == "Logged as F-1."


async def test_marks_that_mean_nothing_do_nothing(world: World) -> None:
    await marked(world, "U_LEAD", "C_PAY", "slow export", "eyes")
    ts = await marked(world, "U_PM", "C_ACME", "we leave")
    await world.as_("U_PM").unreact("C_ACME", ts, "memo")
    await world.settle()
    before = len(await kept(world))
    await world.as_("U_OUT").react("C_ACME", ts, "memo")
    await world.slack.join("C_PAY", "U_GUEST")
    said = await world.as_("U_LEAD").say("C_PAY", "guests read this")
    await world.as_("U_GUEST").react("C_PAY", said.ts, "memo")
    await world.settle()
    assert [row.removed_at is None for row in await kept(world)] == [False] * before
    assert world.as_("U_GUEST").dms() == []


async def test_a_mark_on_the_bots_own_words_does_nothing(world: World) -> None:
    said = await log(world, "U_PM", "C_PAY", "slow export")
    reply = world.as_("U_PM").thread("C_PAY", said.ts)[1]
    await world.as_("U_LEAD").react("C_PAY", reply.ts, "memo")
    await world.settle()
    assert len(await kept(world)) == 1


async def test_a_deleted_message_is_answered_privately(world: World) -> None:
    said = await world.as_("U_PM").say("C_PAY", "slow export")
    world.slack.faults.add("conversations.replies", times=1, error="thread_not_found")
    await world.as_("U_LEAD").react("C_PAY", said.ts, "memo")
    await world.settle()
    (told,) = world.as_("U_LEAD").dms()
    assert told.text == "The message that you marked in <#C_PAY> is not logged. It was deleted meanwhile."
    assert await kept(world) == []


async def test_without_the_right_to_read_it_says_who_can_cure_that(world: World) -> None:
    said = await world.as_("U_PM").say("C_PAY", "slow export")
    world.slack.faults.add("conversations.replies", times=1, error="missing_scope")
    await world.as_("U_LEAD").react("C_PAY", said.ts, "memo")
    await world.settle()
    (told,) = world.as_("U_LEAD").dms()
    assert "installs it again from the manifest" in told.text
    assert await kept(world) == []


async def test_where_outsiders_read_the_answer_is_private(world: World) -> None:
    said = await world.as_("U_OUT").say("C_ACME", "we leave")
    await world.as_("U_SALES").react("C_ACME", said.ts, "memo")
    await world.settle()
    answer = world.as_("U_SALES").sees("C_ACME")[-1]
    assert answer.ephemeral_for == "U_SALES"
    assert answer.text.startswith("Logged as F-1.")
    assert "Post here" in labels(answer)
    assert len(world.as_("U_OUT").thread("C_ACME", said.ts)) == 1


async def test_product_operations_choose_the_emoji_whatever_its_colour_or_name(world: World) -> None:
    await product_operations(world)
    refused = await world.as_("U_PM").command("C_PAY", "/customer-feedback", "settings")
    assert "Only product operations" in refused.text
    olga = world.as_("U_OPS")
    await olga.command("C_OPS", "/customer-feedback", "settings")
    reply = await olga.submit({"Emoji that logs a message": "what?"})
    assert "emoji" in reply.errors
    await olga.submit({"Emoji that logs a message": ":thumbsup:"})
    await world.settle()
    await marked(world, "U_LEAD", "C_PAY", "one", "memo")
    assert await kept(world) == []
    await marked(world, "U_LEAD", "C_PAY", "two", "+1::skin-tone-3")
    await marked(world, "U_LEAD", "C_PAY", "three", "thumbsup")
    assert [row.words for row in await kept(world)] == ["two", "three"]
    await olga.command("C_OPS", "/customer-feedback", "settings")
    await olga.submit({"Emoji that logs a message": ""})
    await marked(world, "U_LEAD", "C_PAY", "four", "+1")
    assert len(await kept(world)) == 2


async def test_guests_may_mark_where_that_was_allowed(world: World) -> None:
    await world.slack.join("C_PAY", "U_GUEST")
    await world.settle()
    async with world.transaction() as session:
        (await session.get_one(Workspace, world.workspace_id)).guests_may_report = True
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    await world.as_("U_GUEST").react("C_PAY", said.ts, "memo")
    await world.settle()
    assert [row.reporter for row in await kept(world)] == ["U_GUEST"]
