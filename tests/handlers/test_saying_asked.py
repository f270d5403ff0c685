"""Journeys of asking for words, of a date that moves under them, and of waiting for a release to ship."""

import asyncio

import pytest
from sqlalchemy import func, select, update

from models import Awaited, Customer, Feedback, Person, Release, Saying, Supporter
from tests.handlers.release_rows import buttons
from tests.handlers.release_steps import billing
from tests.handlers.saying_steps import WORDS, asks, copied, everything, facing, last_dm, pressed
from tests.world import World

ASKED = "Billing revamp: is this still true?"


async def said_for(world: World) -> int:
    """Billing revamp with words, and sales who read them."""
    release = await billing(world)
    await facing(world, "U_SALES", "U_MOB")
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    await world.settle()
    return release


def asked_of(world: World, person: str) -> list[str]:
    return [
        message.text for message in world.as_(person).dms() if "still true?" in message.text or "may customers be told?" in message.text
    ]


async def press_on_card(world: World, person: str, label: str) -> str:
    reply = await world.as_(person).command("C_WEEKLY", "/release", "Billing revamp")
    await pressed(world, person, reply.message, label)
    return world.as_(person).sees("C_WEEKLY")[-1].text


async def test_a_move_marks_the_words_and_asks_the_owner_once(world: World) -> None:
    await said_for(world)
    await asks(world, "U_LEAD", "move Billing revamp to 12 March 2027 because vendor late")
    await world.settle()
    assert "To be checked" not in await asks(world, "U_SALES", "R-1")
    await world.advance(minutes=6)
    assert "To be checked" in await asks(world, "U_SALES", "R-1")
    assert "1 with words for customers, 1 of them to be checked" in await asks(world, "U_SALES", "")
    assert "before the last move: *to be checked*" in await asks(world, "U_PM", "R-1")
    assert len(asked_of(world, "U_PM")) == 1
    assert "It moved from Fri 5 Mar 2027 to Fri 12 Mar 2027." in asked_of(world, "U_PM")[0]
    await asks(world, "U_LEAD", "move Billing revamp to 19 March 2027 because vendor late again")
    await world.advance(minutes=6)
    assert len(asked_of(world, "U_PM")) == 1


async def test_still_true_takes_the_mark_away(world: World) -> None:
    await said_for(world)
    await asks(world, "U_PM", "move Billing revamp to 12 March 2027 because vendor late")
    await world.advance(minutes=6)
    await pressed(world, "U_PM", last_dm(world, "U_PM"), "Still true")
    assert "still true, thank you." in last_dm(world, "U_PM").text
    assert "To be checked" not in await asks(world, "U_SALES", "R-1")


async def test_still_true_pressed_on_an_old_question_asks_again(world: World) -> None:
    await said_for(world)
    await asks(world, "U_PM", "move Billing revamp to 12 March 2027 because vendor late")
    await world.advance(minutes=6)
    await asks(world, "U_PM", "move Billing revamp to 30 July 2027 because vendor gone")
    await world.advance(minutes=6)
    question = next(each for each in world.as_("U_PM").dms() if each.text.startswith(ASKED))
    await pressed(world, "U_PM", question, "Still true")
    question = next(each for each in world.as_("U_PM").dms() if each.text.startswith(ASKED))
    assert "It changed since you were asked: it is planned for Fri 30 Jul 2027." in question.text
    assert "To be checked" in await asks(world, "U_SALES", "R-1")
    await pressed(world, "U_PM", question, "Still true")
    assert "To be checked" not in await asks(world, "U_SALES", "R-1")


async def test_change_it_opens_the_form_and_new_words_are_checked(world: World) -> None:
    await said_for(world)
    await asks(world, "U_PM", "move Billing revamp to 12 March 2027 because vendor late")
    await world.advance(minutes=6)
    pia = world.as_("U_PM")
    await pressed(world, "U_PM", last_dm(world, "U_PM"), "Change it")
    await pia.submit({"words": "Planned for 2027."})
    await world.settle()
    read = await asks(world, "U_SALES", "R-1")
    assert "Planned for 2027." in read
    assert "To be checked" not in read


async def test_a_move_undone_within_five_minutes_marks_nothing(world: World) -> None:
    await said_for(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 12 March 2027 because vendor late")
    await pressed(world, "U_PM", reply.message, "Undo")
    await world.advance(minutes=6)
    assert asked_of(world, "U_PM") == []
    assert "To be checked" not in await asks(world, "U_SALES", "R-1")


async def test_a_move_that_the_owner_takes_back_later_takes_the_mark_with_it(world: World) -> None:
    await said_for(world)
    await press_on_card(world, "U_SALES", "Tell me when it ships")
    await asks(world, "U_LEAD", "move Billing revamp to 12 March 2027 because vendor late")
    await world.advance(hours=1)
    assert "To be checked" in await asks(world, "U_SALES", "R-1")
    note = next(each for each in reversed(world.as_("U_PM").dms()) if "Undo" in buttons(each.blocks))
    await pressed(world, "U_PM", note, "Undo")
    assert "To be checked" not in await asks(world, "U_SALES", "R-1")
    await asks(world, "U_LEAD", "ship Billing revamp on 20 Nov 2026")
    await world.advance(hours=1)
    assert last_dm(world, "U_SALES").text.startswith("It is out: Billing revamp")
    note = next(each for each in reversed(world.as_("U_PM").dms()) if "Undo" in buttons(each.blocks))
    await pressed(world, "U_PM", note, "Undo")
    assert last_dm(world, "U_SALES").text == "Correction: Billing revamp has not shipped."


@pytest.mark.parametrize("line", ["commit Billing revamp", "health Billing revamp red because vendor late"])
async def test_what_moves_no_date_marks_nothing(world: World, line: str) -> None:
    release = await world.release("Billing revamp", "2027-03-05", owner="U_PM", is_planned=True)
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    await asks(world, "U_PM", line)
    await world.advance(minutes=6)
    async with world.reading() as session:
        assert (await session.scalars(select(Saying).where(Saying.release_id == release))).one().doubted_at is None


async def test_words_set_right_after_the_move_are_not_doubted(world: World) -> None:
    await said_for(world)
    await asks(world, "U_PM", "move Billing revamp to 12 March 2027 because vendor late")
    await world.advance(minutes=2)
    await asks(world, "U_PM", 'say Billing revamp "Planned for 2027."')
    await world.advance(minutes=6)
    assert asked_of(world, "U_PM") == []


async def test_many_ask_at_once_and_the_owner_is_asked_once_a_week(world: World) -> None:
    await billing(world)
    crowd = [f"U_SALES{n}" for n in range(12)]
    for person in crowd:
        world.slack.member(person, f"Seller {person[7:]}")
        world.slack.state.channels["C_WEEKLY"].members.append(person)
    await facing(world, *crowd)
    await asyncio.gather(*(press_on_card(world, person, "Ask the owner") for person in crowd))
    await world.settle()
    assert len(asked_of(world, "U_PM")) == 1
    said = [world.as_(person).sees("C_WEEKLY")[-1].text for person in crowd]
    assert sorted(text.split(".")[0] for text in said) == [
        "Pia Marsh is asked", *["Pia Marsh was asked on Sat 21 Nov 2026, and is asked at most once a week"] * 11,
    ]  # fmt: skip
    await world.advance(days=6)
    await press_on_card(world, crowd[0], "Ask the owner")
    assert len(asked_of(world, "U_PM")) == 1
    await world.advance(days=1, minutes=1)
    await press_on_card(world, crowd[0], "Ask the owner")
    assert len(asked_of(world, "U_PM")) == 2
    await pressed(world, "U_PM", last_dm(world, "U_PM"), "Say it")
    await world.as_("U_PM").submit({"words": WORDS})
    await world.settle()
    for person in crowd:
        assert copied(last_dm(world, person).blocks) == [WORDS]
    assert "12 people who asked hear it now" in everything("", world.as_("U_PM").dms()[-1].blocks)


async def test_everybody_who_asks_is_answered_for_each_release(world: World) -> None:
    await facing(world)
    for name in ("Billing revamp", "Kite"):
        await world.release(name, "2027-03-05", owner="U_PM")
        reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", name)
        await pressed(world, "U_SALES", reply.message, "Ask the owner")
        await asks(world, "U_PM", f'say {name} "{WORDS}"')
        await world.settle()
    assert [each.text.split(":")[0] for each in world.as_("U_SALES").dms()] == ["Billing revamp", "Kite"]


@pytest.mark.parametrize(("gone", "asked"), [((), "U_PM"), (("U_PM",), "U_LEAD"), (("U_PM", "U_LEAD"), "U_OPS")])
async def test_an_owner_who_left_is_followed_by_the_lead_then_by_product_operations(
    world: World, gone: tuple[str, ...], asked: str
) -> None:
    await billing(world)
    await facing(world)
    async with world.transaction() as session:
        await session.execute(update(Person).where(Person.slack_id == "U_OPS").values(is_product_operations=True))
        await session.execute(update(Person).where(Person.slack_id.in_(gone)).values(is_deleted=True))
    assert await press_on_card(world, "U_SALES", "Ask the owner")
    assert [person for person in ("U_PM", "U_LEAD", "U_OPS") if asked_of(world, person)] == [asked]


async def test_where_nobody_answers_for_it_that_is_said(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05")
    await facing(world)
    assert "Nobody answers for Billing revamp" in await press_on_card(world, "U_SALES", "Ask the owner")


async def test_told_when_it_ships_and_nothing_on_the_way(world: World) -> None:
    await said_for(world)
    assert await press_on_card(world, "U_SALES", "Tell me when it ships") == "You hear when Billing revamp ships."
    await press_on_card(world, "U_SALES", "Tell me when it ships")
    await asks(world, "U_PM", "move Billing revamp to 12 March 2027 because vendor late")
    await world.advance(minutes=6)
    assert world.as_("U_SALES").dms() == []
    await asks(world, "U_PM", "ship Billing revamp on 20 Nov 2026")
    await world.advance(minutes=6)
    assert [each.text for each in world.as_("U_SALES").dms()] == [
        "It is out: Billing revamp is available to everyone since Fri 20 Nov 2026."
    ]
    await asks(world, "U_PM", "rollback Billing revamp because refunds failed")
    await world.advance(minutes=6)
    assert last_dm(world, "U_SALES").text == "Correction: Billing revamp was taken back. You hear when it is out again."
    await asks(world, "U_PM", "cancel Billing revamp because dropped")
    await world.advance(minutes=6)
    assert "will not ship" in last_dm(world, "U_SALES").text
    assert len(world.as_("U_SALES").dms()) == 3


async def test_who_waits_no_more_hears_nothing_and_who_follows_hears_once(world: World) -> None:
    await said_for(world)
    for person in ("U_SALES", "U_MOB"):
        await press_on_card(world, person, "Tell me when it ships")
    await pressed(world, "U_SALES", world.as_("U_SALES").sees("C_WEEKLY")[-1], "Do not tell me")
    await asks(world, "U_MOB", "follow Billing revamp")
    await asks(world, "U_PM", "ship Billing revamp on 20 Nov 2026")
    await world.advance(minutes=6)
    assert world.as_("U_SALES").dms() == []
    assert len([each for each in world.as_("U_MOB").dms() if "20 Nov 2026" in each.text]) == 1


async def test_who_waits_for_a_duplicate_waits_for_the_one_that_stays(world: World) -> None:
    await said_for(world)
    other = await world.release("Billing two", "2027-03-05", owner="U_PM")
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "Billing two")
    await pressed(world, "U_SALES", reply.message, "Tell me when it ships")
    await asks(world, "U_PM", "duplicate Billing two of Billing revamp")
    await world.advance(minutes=6)
    await asks(world, "U_PM", "ship Billing revamp on 20 Nov 2026")
    await world.advance(minutes=6)
    assert last_dm(world, "U_SALES").text == "It is out: Billing revamp is available to everyone since Fri 20 Nov 2026."
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Awaited).where(Awaited.release_id == other)) == 1


async def test_a_customer_is_waiting_asks_for_the_customer_only_and_logs_feedback_once(world: World) -> None:
    release = await said_for(world)
    sam = world.as_("U_SALES")
    for _ in range(2):
        await press_on_card(world, "U_SALES", "A customer is waiting")
        assert [block["block_id"] for block in sam.view["blocks"] if block["type"] == "input"] == ["customer"]
        await sam.submit({"customer": "Acme"})
        await world.settle()
        assert "Logged as F-1 for Acme. You will hear when it ships." in sam.sees("C_WEEKLY")[-1].text
    async with world.reading() as session:
        feedback = (await session.scalars(select(Feedback))).one()
        assert await session.scalar(select(func.count()).select_from(Supporter)) == 1
        assert await session.scalar(select(Customer.name).where(Customer.id == feedback.customer_id)) == "Acme"
    assert (feedback.release_id, feedback.words, feedback.reporter) == (release, "Waits for Billing revamp.", "U_SALES")
    await press_on_card(world, "U_SALES", "Tell me when it ships")
    await asks(world, "U_PM", "ship Billing revamp on 20 Nov 2026")
    await world.advance(minutes=6)
    assert len([each for each in sam.dms() if "It is out" in each.text]) == 1


async def test_several_customers_are_logged_one_by_one(world: World) -> None:
    await said_for(world)
    await press_on_card(world, "U_SALES", "A customer is waiting")
    reply = await world.as_("U_SALES").submit({"customer": "Several / not known"})
    assert "one by one" in reply.errors["customer"]


@pytest.mark.parametrize("label", ["Tell me when it ships", "A customer is waiting", "Ask the owner"])
async def test_a_kept_button_of_what_became_restricted_says_that_it_is_gone(world: World, label: str) -> None:
    release = await said_for(world)
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "Billing revamp")
    async with world.transaction() as session:
        await session.execute(update(Release).where(Release.id == release).values(restricted=True))
    await pressed(world, "U_SALES", reply.message, label)
    assert "is gone, or it is not shown to you" in world.as_("U_SALES").sees("C_WEEKLY")[-1].text
    assert asked_of(world, "U_PM") == []
