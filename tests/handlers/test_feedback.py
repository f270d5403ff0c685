"""Journeys with customer feedback."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from models import Audit, Customer, Feedback, Supporter
from playground.forms import NotThere
from tests.world import World

LOG = "feedback:log"


async def log(world: World, person: str, channel: str, ts: str, **fields: Any) -> Any:
    """Somebody logs a message with the shortcut."""
    actor = world.as_(person)
    await actor.shortcut(LOG, channel=channel, ts=ts)
    reply = await actor.submit({"Customer": "Acme"} | fields)
    await world.settle()
    return reply


async def kept(world: World) -> list[Feedback]:
    async with world.reading() as session:
        return list(await session.scalars(select(Feedback).order_by(Feedback.number)))


def form_words(view: Any) -> str:
    return "\n".join(str(block) for block in view["blocks"])


async def test_taken_back_and_logged_again_its_undo_ends_after_five_minutes_too(world: World) -> None:
    said = await world.as_("U_LEAD").say("C_PAY", "Acme cannot export")
    await log(world, "U_LEAD", "C_PAY", said.ts)
    for _ in range(2):
        await log(world, "U_PM", "C_PAY", said.ts)
        reply = world.as_("U_PM").thread("C_PAY", said.ts)[1]
        await world.as_("U_PM").press(reply, "feedback:undo")
        await world.settle()
        await world.advance(minutes=6)
    await log(world, "U_PM", "C_PAY", said.ts)
    assert "Undo" in str(world.as_("U_PM").thread("C_PAY", said.ts)[1].blocks)
    await world.advance(minutes=6)
    assert "Undo" not in str(world.as_("U_PM").thread("C_PAY", said.ts)[1].blocks)


async def test_a_message_is_logged_and_answered_in_its_thread(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    said = await world.as_("U_LEAD").say("C_PAY", "Acme cannot export <@U_PM>")
    pia = world.as_("U_PM")
    await pia.shortcut(LOG, channel="C_PAY", ts=said.ts)
    assert pia.view is not None
    assert "Visible to everyone who can read <#C_PAY>" in form_words(pia.view)
    await pia.submit({"Customer": "Acme", "Type": "Churn risk"})
    assert pia.view is None
    await world.settle()
    (row,) = await kept(world)
    assert (row.number, row.words, row.type, row.area) == (1, "Acme cannot export @Pia Marsh", "churn risk", "Payments")
    assert (row.reporter, row.author, row.channel, row.message_ts) == ("U_PM", "U_LEAD", "C_PAY", said.ts)
    assert row.permalink == f"https://{world.slack.domain}.slack.com/archives/C_PAY/p{said.ts.replace('.', '')}"
    _, reply = pia.thread("C_PAY", said.ts)
    assert reply.text == "Logged as F-1 for Acme."
    assert "churn" not in (reply.text + reply.plain + str(reply.blocks)).casefold()
    assert "severity" not in str(reply.blocks).casefold()
    async with world.reading() as session:
        assert (await session.scalars(select(Audit).where(Audit.subject == "feedback"))).first() is not None


async def test_undo_takes_it_back_and_is_gone_after_five_minutes(world: World) -> None:
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    await log(world, "U_PM", "C_PAY", said.ts)
    reply = world.as_("U_PM").thread("C_PAY", said.ts)[1]
    await world.as_("U_OPS").press(reply, "feedback:undo")
    await world.settle()
    assert (await kept(world))[0].removed_at is None
    assert "Only those who logged it" in world.as_("U_OPS").thread("C_PAY", said.ts)[-1].text + world.as_("U_OPS").sees("C_PAY")[-1].text
    await world.as_("U_PM").press(reply, "feedback:undo")
    await world.settle()
    assert (await kept(world))[0].removed_at is not None
    reply = world.as_("U_LEAD").thread("C_PAY", said.ts)[1]
    assert reply.text == "F-1 was taken back by the person who logged it."
    listed = await world.as_("U_PM").command("C_PAY", "/customer-feedback", "list")
    assert "slow export" not in str(listed.blocks) + listed.text
    await log(world, "U_PM", "C_PAY", said.ts)
    assert [row.number for row in await kept(world)] == [1]
    reply = world.as_("U_LEAD").thread("C_PAY", said.ts)[1]
    assert reply.text.startswith("Logged as F-1 for Acme.")
    await world.advance(minutes=5, seconds=1)
    reply = world.as_("U_LEAD").thread("C_PAY", said.ts)[1]
    assert "Add details" in str(reply.blocks)
    assert "Undo" not in str(reply.blocks)
    with pytest.raises(NotThere):
        await world.as_("U_PM").press(reply, "feedback:undo")


async def test_undo_pressed_too_late_changes_nothing(world: World) -> None:
    said = await world.as_("U_OUT").say("C_ACME", "slow export")
    await log(world, "U_SALES", "C_ACME", said.ts)
    sam = world.as_("U_SALES")
    answer = sam.sees("C_ACME")[-1]  # private, so nobody can redraw it when the time is over
    await world.advance(minutes=6)
    await sam.press(answer, "feedback:undo")
    await world.settle()
    assert "F-1 was logged more than five minutes ago." in sam.sees("C_ACME")[-1].text
    assert (await kept(world))[0].removed_at is None


async def test_two_people_logging_one_message_make_one_record(world: World) -> None:
    said = await world.as_("U_OPS").say("C_PAY", "slow export")
    await log(world, "U_PM", "C_PAY", said.ts)
    lead = world.as_("U_LEAD")
    await lead.shortcut(LOG, channel="C_PAY", ts=said.ts)
    assert "F-1" in form_words(lead.view)
    await lead.submit({})
    await world.settle()
    assert len(await kept(world)) == 1
    thread = lead.thread("C_PAY", said.ts)
    assert [message.text for message in thread[1:]] == ["Logged as F-1 for Acme, by two people."]
    async with world.reading() as session:
        assert sorted(await session.scalars(select(Supporter.person))) == ["U_LEAD", "U_PM"]
    await log(world, "U_LEAD", "C_PAY", said.ts)
    assert "by two people" in lead.thread("C_PAY", said.ts)[1].text
    await world.as_("U_PM").press(thread[1], "feedback:undo")
    await world.settle()
    (row,) = await kept(world)
    assert (row.reporter, row.removed_at) == ("U_LEAD", None)
    assert lead.thread("C_PAY", said.ts)[1].text == "Logged as F-1 for Acme."


async def test_many_people_at_once_make_one_record(world: World) -> None:
    people = ["U_PM", "U_LEAD", "U_MOB", "U_PLAT", "U_SALES", "U_OPS"]
    said = await world.as_("U_OPS").say("C_WEEKLY", "slow export")
    for person in people:
        await world.as_(person).shortcut(LOG, channel="C_WEEKLY", ts=said.ts)
    replies = await asyncio.gather(*(world.as_(person).submit({"Customer": "Acme"}) for person in people))
    assert all(not reply.errors for reply in replies)
    await world.settle()
    assert len(await kept(world)) == 1
    async with world.reading() as session:
        assert sorted(await session.scalars(select(Supporter.person))) == sorted(people)
        assert [customer.name for customer in await session.scalars(select(Customer))] == ["Acme"]
    assert [message.text for message in world.as_("U_PM").thread("C_WEEKLY", said.ts)[1:]] == ["Logged as F-1 for Acme, by six people."]


async def test_one_new_customer_from_two_messages_at_once_is_one_customer(world: World) -> None:
    people = ["U_PM", "U_LEAD", "U_MOB", "U_PLAT", "U_SALES", "U_OPS"]
    for person in people:
        said = await world.as_(person).say("C_WEEKLY", f"from {person}")
        await world.as_(person).shortcut(LOG, channel="C_WEEKLY", ts=said.ts)
    replies = await asyncio.gather(*(world.as_(person).submit({"Customer": "Acme"}) for person in people))
    assert all(not reply.errors for reply in replies)
    assert sorted(row.number for row in await kept(world)) == [1, 2, 3, 4, 5, 6]
    async with world.reading() as session:
        assert [customer.name for customer in await session.scalars(select(Customer))] == ["Acme"]


async def test_where_outsiders_read_only_the_reporter_sees_the_answer(world: World) -> None:
    said = await world.as_("U_OUT").say("C_ACME", "we will leave if export stays slow")
    sam = world.as_("U_SALES")
    await sam.shortcut(LOG, channel="C_ACME", ts=said.ts)
    assert "Only you will see the answer: people from outside the company are in this channel." in form_words(sam.view)
    await sam.submit({"Customer": "Acme", "Type": "Churn risk"})
    await world.settle()
    answer = sam.sees("C_ACME")[-1]
    assert answer.ephemeral_for == "U_SALES"
    assert answer.text.startswith("Logged as F-1 for Acme.")
    outsider = world.as_("U_OUT")
    assert [message.text for message in outsider.sees("C_ACME") + outsider.thread("C_ACME", said.ts)] == [said.text, said.text]
    await sam.press(answer, "feedback:undo")
    await world.settle()
    assert (await kept(world))[0].removed_at is not None
    assert "taken back" in sam.sees("C_ACME")[-1].text


async def test_where_a_guest_reads_nothing_is_posted_either(world: World) -> None:
    await world.slack.join("C_PAY", "U_GUEST")
    await world.settle()
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    await log(world, "U_PM", "C_PAY", said.ts)
    assert len(world.as_("U_GUEST").thread("C_PAY", said.ts)) == 1
    assert "Logged as F-1" in world.as_("U_PM").sees("C_PAY")[-1].text


async def test_where_the_bot_is_not_a_member_the_answer_comes_privately_with_the_cure(world: World) -> None:
    said = await world.as_("U_SALES").say("C_NOBOT", "slow export")
    await log(world, "U_PM", "C_NOBOT", said.ts)
    answer = world.as_("U_PM").sees("C_NOBOT")[-1]
    assert answer.ephemeral_for == "U_PM"
    assert "Logged as F-1 for Acme." in answer.text
    assert "/invite @Tendon" in answer.text
    assert len(world.as_("U_SALES").thread("C_NOBOT", said.ts)) == 1


async def test_guests_and_outsiders_may_not_log(world: World) -> None:
    said = await world.as_("U_SALES").say("C_NOBOT", "slow export")
    guest = world.as_("U_GUEST")
    await guest.shortcut(LOG, channel="C_NOBOT", ts=said.ts)
    await world.settle()
    assert guest.view is None
    assert "Guests cannot" in guest.sees("C_NOBOT")[-1].text
    reply = await guest.command("C_NOBOT", "/customer-feedback", "new Acme is slow")
    assert "Guests cannot" in reply.text
    assert await kept(world) == []


async def test_words_after_the_command_open_the_form_with_them(world: World) -> None:
    pia = world.as_("U_PM")
    for typed, words in (("new Acme &lt;3 SSO", "Acme <3 SSO"), ("Acme wants SSO", "Acme wants SSO"), ("new", "")):
        await pia.command("C_PAY", "/customer-feedback", typed)
        assert pia.view is not None
        field = next(block for block in pia.view["blocks"] if block.get("block_id") == "words")
        assert field["element"].get("initial_value", "") == words
        await pia.close()
    await pia.command("C_PAY", "/customer-feedback", "Acme wants SSO")
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    assert "Logged as F-1 for Acme." in pia.sees("C_PAY")[-1].text
    (row,) = await kept(world)
    assert (row.channel, row.message_ts, row.permalink) == ("C_PAY", None, None)
    for number in ("F-1", "f1"):
        assert "F-1: Acme" in (await pia.command("C_PAY", "/customer-feedback", number)).text
    assert 'no feedback "F-9"' in (await pia.command("C_PAY", "/customer-feedback", "F-9")).text
    assert pia.view is None


async def test_the_customer_can_be_one_unknown_or_several(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/customer-feedback", "new slow")
    offered = [option["text"]["text"] for option in await pia.options("feedback:customer", "Glo")]
    assert offered == ["Add “Glo”", "Several / not known"]
    await pia.submit({"Customer": "Several / not known"})
    await world.settle()
    (row,) = await kept(world)
    assert row.customer_id is None
    assert pia.sees("C_PAY")[-1].text == "Logged as F-1."


async def test_feedback_is_linked_to_a_release(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05")
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    await log(world, "U_PM", "C_PAY", said.ts)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/customer-feedback", "link F-1 to Billing revamp")
    assert "Billing revamp" in reply.text
    async with world.reading() as session:
        assert (await session.scalars(select(Feedback.release_id))).one() is not None
    assert "Billing revamp" in (await pia.command("C_PAY", "/customer-feedback", "show f1")).text
    assert "Did you mean Billing revamp?" in (await pia.command("C_PAY", "/customer-feedback", "link 1 Biling revamp")).text
    assert "There is no feedback" in (await pia.command("C_PAY", "/customer-feedback", "link F-9 to Billing revamp")).text
    await pia.command("C_PAY", "/customer-feedback", "link F-1")
    assert pia.view is not None


async def test_details_are_added_from_the_thread(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    await world.release("Billing revamp", "2027-03-05")
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    await log(world, "U_PM", "C_PAY", said.ts)
    lead = world.as_("U_LEAD")
    reply = lead.thread("C_PAY", said.ts)[1]
    await lead.press(reply, "feedback:details")
    await lead.submit({"Customer": "Globex", "Product area": "Export", "Release": "Billing revamp", "Type": "Praise"})
    await world.settle()
    (row,) = await kept(world)
    assert (row.area, row.type, row.reporter) == ("Export", "praise", "U_PM")
    assert row.release_id is not None
    assert lead.thread("C_PAY", said.ts)[1].text == "Logged as F-1 for Globex. You will hear here when it ships."


@pytest.mark.parametrize("rows", [0, 1, 51, 1000])
async def test_the_list_shows_the_latest_ten(world: World, rows: int) -> None:
    async with world.transaction() as session:
        session.add_all(
            Feedback(number=n, words=f"words {n}", type="request", reporter="U_PM", channel="C_PAY", logged_at=world.clock.now())
            for n in range(1, rows + 1)
        )
    reply = await world.as_("U_PM").command("C_PAY", "/customer-feedback", "list")
    assert reply.status == 200
    expected = {0: "No feedback yet", 1: "1 piece of feedback", 51: "51 pieces of feedback, showing 10 of 51"}
    assert expected.get(rows, "1,000 pieces of feedback, showing 10 of 1,000") in reply.text
    if rows:
        assert f"F-{rows} " in reply.text
    assert len(reply.blocks) <= 26


@pytest.mark.parametrize("words", ["<!channel> look", "x" * 40_000, "a & b <b>*bold*</b> `code`"])
async def test_any_words_can_be_logged_and_summon_nobody(world: World, words: str) -> None:
    said = await world.as_("U_LEAD").say("C_PAY", words)
    await log(world, "U_PM", "C_PAY", said.ts)
    (row,) = await kept(world)
    assert row.words
    shown = await world.as_("U_PM").command("C_PAY", "/customer-feedback", "show F-1")
    assert shown.status == 200
    assert "<!channel>" not in shown.text + str(shown.blocks)
    listed = await world.as_("U_PM").command("C_PAY", "/customer-feedback", "list")
    assert "<!channel>" not in listed.text
    if len(words) == 40_000:
        assert len(row.words) == 40_000


async def test_nothing_but_spaces_is_refused_in_the_form(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/customer-feedback", "new")
    reply = await pia.submit({"Feedback": "   ", "Customer": "Acme"})
    assert "words" in reply.errors
    assert await kept(world) == []


async def test_a_repeated_submission_logs_once(world: World) -> None:
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    await log(world, "U_PM", "C_PAY", said.ts)
    await world.slack.deliver_again(world.slack.deliveries[-1])
    await world.settle()
    assert len(await kept(world)) == 1
    assert len(world.as_("U_PM").thread("C_PAY", said.ts)) == 2


async def test_a_lost_reply_of_slack_answers_once(world: World) -> None:
    said = await world.as_("U_LEAD").say("C_PAY", "slow export")
    world.slack.faults.add("chat.postMessage", times=1, reset="after")
    await log(world, "U_PM", "C_PAY", said.ts)
    assert len(world.as_("U_PM").thread("C_PAY", said.ts)) == 2
