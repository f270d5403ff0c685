"""3/4 is asked back with two buttons by every command that takes a date, and nothing is written until one is pressed."""

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models import Change, Dependency, Release, Saying
from tests.handlers.release_steps import billing, buttons, press
from tests.world import World

AHEAD, PAST = date(2027, 4, 3), date(2026, 11, 10)


async def _date(world: World) -> Any:
    async with world.reading() as session:
        return (await session.scalars(select(Release).order_by(Release.id.desc()))).first().target_on


async def _reached(world: World) -> Any:
    async with world.reading() as session:
        return (await session.scalars(select(Change).where(Change.field == "stage"))).one().effective_on


async def _said(world: World) -> Any:
    async with world.reading() as session:
        return (await session.scalars(select(Saying))).one().target_on


async def _needed(world: World) -> Any:
    async with world.reading() as session:
        return (await session.scalars(select(Dependency))).one().needed_on


VERBS: dict[str, tuple[str, date, Callable[[World], Awaitable[Any]]]] = {
    "/release new Search 3/4": ("Sat 3 Apr 2027", AHEAD, _date),
    "/release move Billing revamp to 3/4 because vendor late": ("Sat 3 Apr 2027", AHEAD, _date),
    "/release commit Billing revamp to 3/4 because vendor late": ("Sat 3 Apr 2027", AHEAD, _date),
    "/release ship Billing revamp on 10/11": ("Tue 10 Nov 2026", PAST, _reached),
    "/release ship Billing revamp to beta on 10/11": ("Tue 10 Nov 2026", PAST, _reached),
    "/release stage Billing revamp beta on 10/11": ("Tue 10 Nov 2026", PAST, _reached),
    "/release say Billing revamp “For all regions” for 3/4": ("Sat 3 Apr 2027", AHEAD, _said),
    "/dependency ask Payments for refunds by 3/4 because we ship then": ("Sat 3 Apr 2027", AHEAD, _needed),
    "/dependency ask Payments for refunds by 3/4 for Billing revamp": ("Sat 3 Apr 2027", AHEAD, _needed),
}


@pytest.mark.parametrize("typed", VERBS)
async def test_two_days_are_offered_and_the_pressed_one_counts(world: World, typed: str) -> None:
    await billing(world)
    label, day, kept = VERBS[typed]
    command, _, words = typed.partition(" ")
    pia = world.as_("U_PM")
    before = await _rows(world)
    reply = await pia.command("C_WEEKLY", command, words)
    assert pia.view is None
    assert len(buttons(reply.blocks)) == 2
    assert label in buttons(reply.blocks)
    assert await _rows(world) == before
    await press(pia, reply, label)
    await world.settle()
    assert await kept(world) == day


async def _rows(world: World) -> list[int]:
    async with world.reading() as session:
        return [len((await session.scalars(select(kind))).all()) for kind in (Release, Change, Saying, Dependency)]


async def test_a_month_in_another_language_is_a_day_like_any(world: World) -> None:
    await billing(world)
    for words, day in (("12. März 2027", "12 Mar"), ("19 de marzo de 2027", "19 Mar"), ("26 mars 2027", "26 Mar")):
        reply = await world.as_("U_PM").command("C_PAY", "/release", f"move Billing revamp to {words} because vendor late")
        assert reply.text.startswith(f"Billing revamp moves to Fri {day} 2027")
    await world.as_("U_PM").command("C_PAY", "/release", "move Billing revamp to 12 březen because vendor late")
    assert "I could not read" in str(world.as_("U_PM").view)
