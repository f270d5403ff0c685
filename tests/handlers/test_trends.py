"""Trends: how often customers said what, in the reader's own weeks, of what they may read, against the period before."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot import access
from domain.periods import read_period
from domain.trends import By
from handlers.trends import counting
from models import Customer, Feedback, FeedbackShare, Person
from tests.handlers.feedback_said import ask, say
from tests.handlers.feedback_steps import labels
from tests.world import World

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


async def told(world: World) -> None:
    """A quarter of words about three areas, and the one before."""
    payments = await world.team("Payments", channel="C_PAY")
    await world.move_to(NOW)

    def piece(month: int, day: int, area: str, customer: str, **more: Any) -> dict[str, Any]:
        at = datetime(2026, month, day, 12, tzinfo=UTC)
        return {"words": "w", "area": area, "customer": customer, "logged_at": at, "team_id": payments if area == "Export" else None} | more

    await say(
        world,
        piece(11, 2, "Export", "Acme"),
        piece(11, 3, "Export", "Acme", same_as_id=1),
        piece(11, 9, "Export", "Globex", type="problem"),
        piece(11, 10, "", ""),
        piece(10, 5, "Login", "Acme"),
        piece(9, 30, "Export", "Acme"),
        piece(7, 1, "Export", "Acme"),
        piece(7, 2, "Login", "Acme"),
        piece(7, 2, "Login", "Globex"),
        piece(11, 4, "Export", "Acme", kind="internal"),
        piece(11, 4, "Export", "Acme", kind="signal"),
        piece(11, 4, "Export", "Acme", removed_at=NOW),
        piece(11, 11, "secret area", "Acme", channel="C_PRIV"),
    )
    async with world.transaction() as session:
        for customer in await session.scalars(select(Customer)):
            customer.value, customer.region = {"Acme": (50_000, "EMEA"), "Globex": (None, "")}[customer.name]


async def test_pieces_and_customers_are_counted_by_week_and_area_against_the_period_before(world: World) -> None:
    await told(world)
    said = await ask(world, "trends this quarter", person="U_SALES", channel="C_WEEKLY")
    assert said.startswith("5 pieces of feedback, Q4 2026.\n3 before, +67 % (1 Jul to 22 Aug 2026).\n2 customers · 50,000")
    assert "1 of them with no value known" in said
    assert "Oct 2026: 1 Oct: 0 · 5 Oct: 1 · 12 Oct: 0 · 19 Oct: 0 · 26 Oct: 0; Nov 2026: 2 Nov: 2 · 9 Nov: 2 · 16 Nov: 0" in said
    assert "Export: 3 pieces (1 before, +200 %) · 2 customers" in said
    assert "Login: 1 piece (2 before, −50 %) · 1 customer" in said
    assert "no area said: 1 piece (none before) · no customer known" in said
    assert "secret" not in said
    assert "secret area: 1 piece" in await ask(world, "trends this quarter")


@pytest.mark.parametrize(
    ("by", "lines"),
    [
        ("type", ["Request: 4 pieces", "Problem: 1 piece (none before)"]),
        ("customer", ["Acme: 3 pieces (2 before, +50 %)", "Globex: 1 piece (as many before)", "customer not known: 1 piece (none before)"]),
        ("team", ["Payments: 3 pieces (1 before", "no team: 2 pieces (as many before)"]),
        ("region", ["EMEA: 3 pieces (2 before", "region not known: 2 pieces (1 before"]),
    ],
)
async def test_groups(world: World, by: str, lines: list[str]) -> None:
    await told(world)
    said = await ask(world, f"trends this quarter by {by}", person="U_SALES", channel="C_WEEKLY")
    for line in lines:
        assert line in said, line


async def test_that_no_value_is_known_is_said_once(world: World) -> None:
    await told(world)
    async with world.transaction() as session:
        for customer in await session.scalars(select(Customer)):
            customer.value = None
    said = await ask(world, "trends this quarter", person="U_SALES", channel="C_WEEKLY")
    assert "2 customers, no value known." in said
    assert said.partition("[{")[0].count("no value known") == 1
    assert "Export: 3 pieces (1 before, +200 %) · 2 customers;" in said
    async with world.transaction() as session:
        (await session.scalars(select(Customer).where(Customer.name == "Acme"))).one().value = 50_000
    said = await ask(world, "trends this quarter by type", person="U_SALES", channel="C_WEEKLY")
    assert "Problem: 1 piece (none before) · 1 customer" in said
    assert "1 customer, no value known" not in said


async def test_weeks_and_counts_are_those_of_the_readers_zone_whatever_the_clock_does(world: World) -> None:
    """Against counting row by row, over both changes of the clock."""
    draw, zone = Random(5), "America/New_York"
    areas, begins = ("a", "b", "c", ""), datetime(2025, 12, 30, tzinfo=UTC)
    made = [
        {"words": "w", "area": draw.choice(areas), "logged_at": begins + timedelta(minutes=draw.randrange(330 * 24 * 60)), "channel": None}
        for _ in range(1000)
    ]
    await say(world, *made)
    period, local = read_period("2026", NOW.date()), [(each["logged_at"].astimezone(ZoneInfo(zone)), each["area"]) for each in made]
    inside = [(at.date(), area) for at, area in local if at.year == 2026]
    async with world.reading() as session:
        seen = access.counted_feedback(await access.actor_of(session, "U_SALES"))
        weeks = await counting.by_week(session, period, zone, seen)
        groups, all_groups, total = await counting.by_group(session, period, period.before, By.AREA, zone, seen)
    expected = Counter(max(day - timedelta(days=day.weekday()), period.first) for day, _ in inside)
    assert {day: count for day, count in weeks if count} == expected
    assert {each.name: each.pieces for each in groups} == Counter(area or "no area said" for _, area in inside)
    assert (all_groups, total.pieces, total.before) == (4, len(inside), len(made) - len(inside))


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
async def test_many_groups_are_cut_and_the_rest_is_taken_together(world: World, count: int) -> None:
    at = world.clock.now() - timedelta(days=1)
    await say(world, *({"words": "w", "area": f"<area> & {n:04}", "logged_at": at} for n in range(count)))
    said = await ask(world, "trends", channel="C_WEEKLY")
    if not count:
        assert said.startswith("Customers said nothing that you may read, ")
        assert "None before either" in said
        return
    assert f"{count:,} piece" in said
    assert ("&lt;area&gt; &amp; 0000: 1 piece" in said) and ("<area>" not in said)
    assert (f"{count - 12:,} more, taken together: {count - 12:,} pieces" in said) is (count > 12)


async def test_what_may_be_counted_is_what_may_be_read(world: World) -> None:
    channels = [None, *(row for row in ("C_WEEKLY", "C_PAY", "C_PRIV", "C_ACME", "C_NOBOT", "C_GONE"))]
    await say(world, *({"words": "w", "channel": channel, "reporter": "U_PLAT"} for channel in channels))
    async with world.transaction() as session:
        for number, reader in ((4, "U_MOB"), (4, "C_OPS"), (5, "C_PLAT")):
            session.add(FeedbackShare(feedback_id=number, reader=reader, shared_by="U_PM", shared_at=world.clock.now()))
    async with world.reading() as session:
        different = set()
        for person in [*await session.scalars(select(Person.slack_id)), "U_STRANGER"]:
            viewer = await access.actor_of(session, person)
            for inside in (None, "C_PRIV", "C_ACME", "C_OPS", "D1"):
                read = set(await session.scalars(select(Feedback.number).where(access.seen_feedback(viewer, inside))))
                counted = set(await session.scalars(select(Feedback.number).where(access.counted_feedback(viewer, inside))))
                assert counted == read, (person, inside)
                different.add(frozenset(read))
        for channel in ("C_PRIV", "C_ACME", "C_OPS", "C_WEEKLY"):
            read = set(await session.scalars(select(Feedback.number).where(access.shown_words(Feedback, channel))))
            assert set(await session.scalars(select(Feedback.number).where(access.counted_in(channel)))) == read
    assert len(different) > 5


async def test_a_channel_reads_what_everybody_in_it_may(world: World) -> None:
    await told(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer-feedback", "trends this quarter")
    mine = pia.sees("C_WEEKLY")[-1]
    assert "secret area" in mine.text
    await pia.press(mine, "trends:share")
    await world.settle()
    (posted,) = [each for each in world.as_("U_MOB").sees("C_WEEKLY") if "of feedback, Q4" in each.text]
    assert posted.text.startswith("5 pieces of feedback, Q4 2026.")
    assert "shared by Pia Marsh" in str(posted.blocks)
    for hidden in ("secret", "50,000"):
        assert hidden not in posted.text + str(posted.blocks)


async def test_nothing_is_shared_where_outsiders_read(world: World) -> None:
    await told(world)
    pia = world.as_("U_PM")
    await pia.command("C_ACME", "/customer-feedback", "trends this quarter")
    await pia.press(pia.sees("C_ACME")[-1], "trends:share")
    await world.settle()
    assert "People from outside the company, or guests, read this channel" in pia.sees("C_ACME")[-1].text
    assert not [each for each in world.as_("U_OUT").sees("C_ACME") if "feedback" in each.text]


async def test_the_chart_comes_once_with_its_figures_in_words(world: World) -> None:
    await told(world)
    sam = world.as_("U_SALES")
    await sam.command("C_WEEKLY", "/customer-feedback", "trends this quarter")
    shown = sam.sees("C_WEEKLY")[-1]
    assert labels(shown) == ["By type", "By customer", "Chart", "Share here"]
    await sam.press(shown, "trends:chart")
    await world.settle()
    message = sam.dms()[-1]
    (file,) = [world.slack.state.files[id] for id in message.files]
    assert file.content.startswith(b"\x89PNG")
    assert file.alt_txt.startswith("5 pieces of feedback, Q4 2026, by week. Oct 2026: 1 Oct: 0 · 5 Oct: 1")
    assert "Export: 3 pieces (1 before, +200 %)" in message.text
    assert "secret" not in message.text + file.alt_txt


async def test_guests_read_no_trends(world: World) -> None:
    await told(world)
    reply = await world.as_("U_GUEST").command("C_NOBOT", "/customer-feedback", "trends")
    assert "only people of this company" in reply.text
