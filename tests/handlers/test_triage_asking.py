"""Asking back: once, to whoever brought it, where that may be; and it is kept beside the words."""

import asyncio

import pytest
from sqlalchemy import select

from models import Person
from tests.handlers.feedback_said import ask, pieces, say
from tests.handlers.feedback_steps import labels, log
from tests.handlers.test_triage import press, queue, sent
from tests.world import World

QUESTION = "Which countries? <!channel> & <@U_OPS>"


@pytest.fixture
async def payments(world: World) -> int:
    return await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")


async def test_a_question_goes_to_the_thread_and_mentions_the_reporter_alone(world: World, payments: int) -> None:
    lead = world.as_("U_LEAD")
    said = await log(world, "U_PM", "C_WEEKLY", "Acme wants invoices by region", **{"Product area": "Payments"})
    await lead.press(await queue(world), "triage:ask:1")
    assert "Pia Marsh is asked in the thread." in str(lead.view)
    told = await sent(world, {"What do you need to know?": QUESTION})
    assert told.startswith("Asked back about F-1. Pia Marsh is asked in the thread.")
    asked = lead.thread("C_WEEKLY", said.ts)[-1]
    assert asked.text.startswith("<@U_PM> Paul Lind asks about F-1: Which countries? &lt;!channel&gt; &amp; &lt;@U_OPS&gt;")
    assert asked.text.endswith("Answer here, in this thread.")
    answer = await world.as_("U_PM").say("C_WEEKLY", "France and Spain", thread=said.ts)
    await world.settle()
    assert lead.thread("C_WEEKLY", said.ts)[-1].ts == answer.ts
    again = await queue(world)
    assert "Asked back on Sat 21 Nov 2026 by Paul Lind: “Which countries?" in str(again.blocks)
    assert "Asked back on" in await ask(world, "show F-1")


@pytest.mark.parametrize("gone", ["thread_not_found", "is_archived", "not_in_channel", "outsiders"])
async def test_a_question_that_its_thread_does_not_take_comes_privately_once(world: World, payments: int, gone: str) -> None:
    said = await log(world, "U_PM", "C_WEEKLY", "Acme wants invoices by region", **{"Product area": "Payments"})
    await world.as_("U_LEAD").press(await queue(world), "triage:ask:1")
    if gone == "outsiders":
        world.slack.faults.add("chat.postMessage", times=1, status=429, retry_after=1)
    else:
        world.slack.faults.add("chat.postMessage", times=1, error=gone, when=lambda args: args.get("thread_ts") == said.ts)
    await world.as_("U_LEAD").submit({"What do you need to know?": QUESTION})
    if gone == "outsiders":  # while it waits for its turn
        await world.slack.join("C_WEEKLY", "U_GUEST")
    await world.settle()
    assert "asked in the thread" in world.as_("U_LEAD").sees("C_PAY")[-1].text
    for _ in range(3):
        await world.advance(minutes=2)
    assert len(world.as_("U_LEAD").thread("C_WEEKLY", said.ts)) == 2
    (asked,) = [message.text for message in world.as_("U_PM").dms() if "asks about F-1" in message.text]
    assert asked.startswith("<@U_PM> Paul Lind asks about F-1 (")
    assert "Which countries? &lt;!channel&gt;" in asked
    assert asked.endswith("Write to Paul Lind, or add it with *Edit*: `/customer-feedback show F-1`")
    async with world.reading() as session:
        assert [row for row in (await world.app.outbox.health(session)).rows if row.kind == "post"] == []


async def test_without_a_thread_the_reporter_is_asked_privately(world: World, payments: int) -> None:
    await say(world, {"words": "typed", "team_id": payments, "reporter": "U_SALES"})
    await world.as_("U_LEAD").press(await queue(world), "triage:ask:1")
    assert "asked privately" in await sent(world, {"What do you need to know?": "Since when?"})
    (asked,) = world.as_("U_SALES").dms()
    assert asked.text.startswith("<@U_SALES> Paul Lind asks about F-1: Since when?")
    assert "Write to Paul Lind" in asked.text


async def test_where_outsiders_read_nothing_is_posted_until_somebody_says_so(world: World, payments: int) -> None:
    pia = world.as_("U_PM")
    said = await log(world, "U_SALES", "C_ACME", "They ask for single sign-on", **{"Product area": "Payments"})
    await pia.press(await queue(world, person="U_PM"), "triage:ask:1")
    assert "people from outside the company read there" in str(pia.view)
    await sent(world, {"What do you need to know?": "For how many people?"}, "U_PM")
    assert [each.ts for each in pia.thread("C_ACME", said.ts)] == [said.ts]
    assert any("For how many people?" in each.text for each in world.as_("U_SALES").dms())
    mine = pia.sees("C_PAY")[-1]
    assert "Post here" in labels(mine)
    await press(world, mine, "triage:post_here", "U_PM")
    assert "For how many people?" in pia.thread("C_ACME", said.ts)[-1].text
    assert len(pia.thread("C_ACME", said.ts)) == 2


async def test_two_who_ask_at_the_same_moment_send_one_question(world: World, payments: int) -> None:
    await say(world, {"words": "typed", "team_id": payments, "reporter": "U_SALES"})
    askers = [world.as_(person) for person in ("U_LEAD", "U_PM")]
    for asker in askers:
        await asker.press(await queue(world, person=asker.id), "triage:ask:1")
    replies = await asyncio.gather(*(asker.submit({"What do you need to know?": f"From {asker.id}?"}) for asker in askers))
    await world.settle()
    assert len(world.as_("U_SALES").dms()) == 1
    (refused,) = [reply.errors for reply in replies if reply.errors]
    assert "asked meanwhile" in str(refused)
    assert "Nothing more was sent." in str(refused)
    assert (await pieces(world))[1].question in world.as_("U_SALES").dms()[0].text


async def test_it_may_be_asked_again_later(world: World, payments: int) -> None:
    lead = world.as_("U_LEAD")
    await say(world, {"words": "typed", "team_id": payments, "reporter": "U_SALES"})
    for words in ("Since when?", "And how often?"):
        await lead.press(await queue(world), "triage:ask:1")
        await sent(world, {"What do you need to know?": words})
    assert len(world.as_("U_SALES").dms()) == 2
    assert (await pieces(world))[1].question == "And how often?"


@pytest.mark.parametrize(
    ("reporter", "said"),
    [("", "logged without a name"), ("U_LEAD", "You logged F-1 yourself"), ("U_PLAT", "is not here any more")],
)
async def test_who_cannot_be_asked_is_said(world: World, payments: int, reporter: str, said: str) -> None:
    await say(world, {"words": "typed", "team_id": payments, "reporter": reporter})
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_PLAT"))).one().is_deleted = True
    assert said in (await press(world, await queue(world), "triage:ask:1")).text


@pytest.mark.parametrize("words", ["", "   ", "\x00"])
async def test_nothing_is_asked_without_words(world: World, payments: int, words: str) -> None:
    await say(world, {"words": "typed", "team_id": payments, "reporter": "U_SALES"})
    await world.as_("U_LEAD").press(await queue(world), "triage:ask:1")
    await world.as_("U_LEAD").submit({"What do you need to know?": words})
    await world.settle()
    assert world.as_("U_SALES").dms() == []
