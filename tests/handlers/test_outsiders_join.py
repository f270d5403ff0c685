"""When people from outside the company join a channel later, nothing more comes there unless a person says so."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.answers import Message
from models import Digest
from tests.handlers.test_dependencies import asked, card
from tests.handlers.test_dependencies import teams as teams
from tests.handlers.test_escalations import card_in, escalate, payments
from tests.world import World

MONDAY = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)


async def acme_joins(world: World, channel: str = "C_PAY") -> int:
    """Gives how many messages stood there before, so that what comes after can be told apart."""
    await world.settle()
    await world.slack.join(channel, "U_OUT")
    await world.settle()
    return len(world.as_("U_OUT").sees(channel))


def after(world: World, before: int, channel: str = "C_PAY") -> list[str]:
    return [message.text for message in world.as_("U_OUT").sees(channel)[before:]]


def told(world: World, person: str) -> str:
    return "\n".join(message.text for message in world.as_(person).dms())


@pytest.fixture
async def subscribed(world: World) -> World:
    await world.settle()
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    await world.as_("U_PM").command("C_PAY", "/digest", "subscribe every Monday at 9am")
    return world


async def test_a_digest_stops_and_whoever_subscribed_hears_why(subscribed: World) -> None:
    before = await acme_joins(subscribed)
    await subscribed.move_to(MONDAY)
    assert after(subscribed, before) == []
    words = told(subscribed, "U_PM")
    assert "People from outside the company, or guests, read <#C_PAY> now, so its digest is paused and nothing was posted there." in words
    await subscribed.advance(days=7)
    assert after(subscribed, before) == [] and told(subscribed, "U_PM") == words
    assert "paused" in (await subscribed.as_("U_PM").command("C_PAY", "/digest", "list")).text


async def test_a_digest_goes_on_once_somebody_says_that_they_may_read_it(subscribed: World) -> None:
    before = await acme_joins(subscribed)
    await subscribed.move_to(MONDAY)
    pia = subscribed.as_("U_PM")
    await pia.command("C_PAY", "/digest", "resume")
    assert "Tick this" in (await pia.submit()).errors["outsiders"]
    await pia.submit({"Send it there?": ["Yes, they may read all of it"]})
    async with subscribed.reading() as session:
        assert (await session.scalars(select(Digest.state))).one() == "active"
    await subscribed.advance(days=7)
    assert [text.split("\n")[0] for text in after(subscribed, before) if "week" in text] == ["Payments, week 48"]


async def test_who_agreed_while_only_colleagues_read_did_not_agree_to_outsiders(subscribed: World) -> None:
    """And who agreed to outsiders is not asked again when one more of them comes."""
    await acme_joins(subscribed)
    pia = subscribed.as_("U_PM")
    await pia.command("C_PAY", "/digest", "subscribe every Monday at 9am")
    await pia.submit({"Send it there?": ["Yes, they may read all of it"]})
    before = await acme_joins(subscribed)
    await subscribed.slack.join("C_PAY", "U_GUEST")
    await subscribed.move_to(MONDAY)
    assert len([text for text in after(subscribed, before) if "week 47" in text]) == 1


async def test_a_reminder_goes_to_the_home_channel(teams: World) -> None:
    await teams.as_("U_OPS").command("C_OPS", "/tendon", "home <#C_OPS|product-ops>")
    await asked(teams)
    await teams.as_("U_LEAD").press(card(teams), "dependencies:accept")
    before = await acme_joins(teams)
    await teams.move_to(datetime(2026, 11, 27, 8, 1, tzinfo=UTC))
    assert after(teams, before) == []
    assert any("the refund API" in message.text for message in teams.as_("U_OPS").sees("C_OPS"))
    assert any("the refund API" in message.text for message in teams.as_("U_MOB").sees("C_MOB")[1:])


async def test_without_a_home_channel_a_reminder_goes_to_who_promised(teams: World) -> None:
    await asked(teams)
    await teams.as_("U_LEAD").press(card(teams), "dependencies:accept")
    before = await acme_joins(teams)
    await teams.move_to(datetime(2026, 11, 27, 8, 1, tzinfo=UTC))
    assert after(teams, before) == []
    assert "the refund API" in told(teams, "U_LEAD")


async def test_a_card_that_stands_there_says_nothing_new(teams: World) -> None:
    shown = await asked(teams)
    before = await acme_joins(teams)
    await teams.as_("U_LEAD").press(shown, "dependencies:accept")
    await teams.settle()
    assert card(teams).plain == shown.plain and after(teams, before) == []
    ask = next(message for message in teams.as_("U_MOB").sees("C_MOB") if "The answer comes in this thread" in message.text)
    assert any("Payments accepted" in message.text for message in teams.as_("U_MOB").thread("C_MOB", ask.ts))


async def test_what_the_clock_says_of_an_escalation_goes_to_its_owner(world: World) -> None:
    await payments(world)
    await world.move_to(MONDAY)
    await escalate(world)
    card = card_in(world)
    before = await acme_joins(world)
    await world.advance(minutes=90)
    assert after(world, before) == []
    assert world.as_("U_OUT").thread("C_PAY", card.ts)[1:] == []
    assert "E-1" in told(world, "U_LEAD")


async def test_what_waits_already_is_held_back_and_shown_with_the_cure(subscribed: World) -> None:
    """Written before they joined, to be carried after; what somebody said yes to is carried."""
    later = subscribed.clock.now() + timedelta(minutes=5)
    async with subscribed.transaction() as session:
        await subscribed.app.outbox.post(session, "one", "C_PAY", Message("our dates"), not_before=later)
        await subscribed.app.outbox.post(session, "two", "C_PAY", Message("shared by hand"), not_before=later, to_outsiders=True)
    before = await acme_joins(subscribed)
    await subscribed.advance(minutes=6)
    assert after(subscribed, before) == ["shared by hand"]
    health = await subscribed.as_("U_OPS").command("C_OPS", "/tendon", "health")
    assert "people from outside the company, or guests, read there" in health.text


async def test_what_was_shared_among_colleagues_is_not_what_outsiders_may_read(subscribed: World) -> None:
    """Nobody was asked about them, so while it waits to be sent they come in vain."""
    await subscribed.release("Billing revamp", "2027-03-05", owner="U_PM")
    pia = subscribed.as_("U_PM")
    listed = await pia.command("C_PAY", "/release", "status all")
    await pia.press(listed.message, "releases:share")
    subscribed.slack.faults.add("chat.postMessage", times=1, status=429, retry_after=2)
    await pia.submit({})
    await subscribed.slack.join("C_PAY", "U_OUT")
    await subscribed.settle()
    assert not any("open release" in message.text for message in subscribed.as_("U_OUT").sees("C_PAY"))
    health = await subscribed.as_("U_OPS").command("C_OPS", "/tendon", "health")
    assert "people from outside the company, or guests, read there" in health.text
