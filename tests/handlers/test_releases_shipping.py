"""Journeys: a release ships, is taken back, is cancelled."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from models import Dependency, Release
from tests.handlers.release_steps import billing, buttons, changes, of, press
from tests.world import World


async def test_ship_is_today_and_says_how_it_compares(world: World) -> None:
    release = await billing(world)
    reply = await world.as_("U_PM").command("C_PAY", "/release", "ship Billing revamp")
    assert "Billing revamp shipped on Sat 21 Nov 2026 (75 working days early). It is available to everyone." in reply.text
    shown = await of(world, release)
    assert (shown.shipped_on, shown.stage, shown.is_open) == (date(2026, 11, 21), "everyone", False)


async def test_ship_on_a_day_that_has_passed(world: World) -> None:
    release = await billing(world)
    await world.as_("U_PM").command("C_PAY", "/release", "ship Billing revamp on 18 November")
    assert (await of(world, release)).shipped_on == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("label", "shipped", "target"), [("Shipped today", date(2026, 11, 21), "2027-03-05"), ("Move", None, "2026-11-27")]
)
async def test_ship_on_a_day_ahead_asks_what_is_meant(world: World, label: str, shipped: date | None, target: str) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "ship Billing revamp on Friday")
    assert "Fri 27 Nov 2026 is ahead." in reply.text
    assert list(buttons(reply.blocks)) == ["Move to Fri 27 Nov 2026", "Shipped today"]
    assert (await of(world, release)).is_open
    assert len(await changes(world, release)) == 4
    await press(pia, reply, next(each for each in buttons(reply.blocks) if each.startswith(label)))
    if pia.view:
        assert "2026-11-27" in str(pia.view["blocks"])
        await pia.submit({"Why?": "ready early"})
    await world.settle()
    assert ((await of(world, release)).shipped_on, (await of(world, release)).target_on.isoformat()) == (shipped, target)


async def test_the_ship_form_refuses_a_day_ahead_and_keeps_the_form(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "ship")
    reply = await pia.submit({"Release": "Billing revamp (R-1)", "Shipped on": "2027-01-04"})
    assert "is ahead" in reply.errors["date"]
    await pia.submit({"Release": "Billing revamp (R-1)", "Shipped on": "2026-11-20"})
    await world.settle()
    assert (await of(world, release)).shipped_on == date(2026, 11, 20)


async def test_taken_back_it_is_open_again_and_the_ship_stays_on_record(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "ship Billing revamp")
    reply = await pia.command("C_PAY", "/release", "rollback Billing revamp because refunds failed")
    assert "Billing revamp is taken back." in reply.text
    assert "It had shipped on Sat 21 Nov 2026, which stays on record." in reply.text
    shown = await of(world, release)
    assert (shown.is_open, shown.shipped_on, shown.stage) == (True, None, None)
    assert [(row.before, row.after, row.voided_at) for row in await changes(world, release) if row.field == "stage"] == [
        (None, "everyone", None),
        ("everyone", None, None),
    ]


async def test_taking_back_needs_a_reason_and_something_that_shipped(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "rollback Billing revamp because no")
    assert "Billing revamp has not shipped" in reply.text
    await pia.command("C_PAY", "/release", "ship Billing revamp")
    await pia.command("C_PAY", "/release", "rollback Billing revamp")
    assert pia.view["title"]["text"] == "Take back Billing revamp"
    reply = await pia.submit({"Why?": "  "})
    assert "Say why" in str(reply.errors)
    await pia.submit({"Why?": "refunds failed"})
    await world.settle()
    assert (await of(world, release)).is_open


async def test_cancelled_it_is_no_longer_open(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "cancel Billing revamp because we buy instead")
    assert "Billing revamp is cancelled." in reply.text
    assert "Why: we buy instead" in reply.text
    shown = await of(world, release)
    assert (shown.is_open, shown.is_cancelled) == (False, True)
    for words in ("cancel R-1 because again", "ship R-1", "health R-1 red because x", "move R-1 to 12 March because x"):
        assert "cancelled" in (await pia.command("C_PAY", "/release", words)).text


async def test_what_shipped_is_not_cancelled(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "ship Billing revamp")
    assert "so it cannot be cancelled" in (await pia.command("C_PAY", "/release", "cancel Billing revamp because no")).text
    assert "shipped on Sat 21 Nov 2026 already" in (await pia.command("C_PAY", "/release", "ship Billing revamp")).text


@pytest.mark.parametrize(
    ("first", "words", "field"),
    [
        ("", "ship R-1", "stage"),
        ("ship R-1", "rollback R-1 because race", "stage"),
        ("", "cancel R-1 because race", "state"),
    ],
)
async def test_of_people_at_once_one_does_it_and_the_others_are_told(world: World, first: str, words: str, field: str) -> None:
    release = await billing(world)
    if first:
        await world.as_("U_PM").command("C_WEEKLY", "/release", first)
    before = len(await changes(world, release))
    people = ("U_PM", "U_LEAD", "U_MOB", "U_PLAT")
    replies = await asyncio.gather(*(world.as_(who).command("C_WEEKLY", "/release", words) for who in people))
    rows = (await changes(world, release))[before:]
    assert [row.field for row in rows] == [field]
    assert sum("Undo until" in reply.text for reply in replies) == 1
    assert sum("Nothing was changed" in reply.text for reply in replies) == 3


async def test_a_cancelled_one_names_who_waited_for_it(world: World) -> None:
    release = await billing(world)
    mobile = await world.team("Mobile", lead="U_MOB")
    async with world.transaction() as session:
        payments = await session.scalar(select(Release.team_id).where(Release.id == release))
        session.add(
            Dependency(
                release_id=release,
                asking_team_id=mobile,
                asked_team_id=payments,
                what="refund API",
                needed_on=date(2027, 3, 9),
                state="asked",
            )
        )
    reply = await world.as_("U_PM").command("C_PAY", "/release", "cancel R-1 because bought")
    assert "Mobile waits for refund API (asked) by Tue 9 Mar 2027: please talk to them" in reply.text
