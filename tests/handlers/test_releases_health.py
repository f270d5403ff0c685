"""Journeys: somebody says how a release stands, and who owns it."""

import asyncio

import pytest

from domain.releases import Field
from models.history import read
from tests.handlers.release_steps import billing, changes, of
from tests.world import World

LINES = [
    "health Billing revamp amber because API late",
    "flag R-1 at risk - API late",
    "health “Billing revamp” Amber: at risk because API late",
]


@pytest.mark.parametrize("words", LINES)
async def test_health_is_a_word_with_its_meaning(world: World, words: str) -> None:
    release = await billing(world)
    reply = await world.as_("U_PM").command("C_PAY", "/release", words)
    assert "Billing revamp is Amber: at risk." in reply.text
    shown = await of(world, release)
    assert (shown.health, shown.health_reason, shown.health_by) == ("amber", "API late", "U_PM")


async def test_red_without_a_reason_is_asked_for_one(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "health Billing revamp red")
    assert "Red: off track needs a reason" in str(pia.view["blocks"])
    reply = await pia.submit({"Health": "Amber: at risk"})
    assert "needs a reason" in reply.errors["reason"]
    await pia.submit({"Health": "Red: off track", "Why?": "vendor gone"})
    await world.settle()
    assert (await of(world, release)).health == "red"


async def test_green_may_go_without(world: World) -> None:
    release = await billing(world)
    await world.as_("U_PM").command("C_PAY", "/release", "health Billing revamp green")
    assert (await of(world, release)).health == "green"


async def test_an_owner_is_named(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await world.as_("U_MOB").command("C_MOB", "/team", "list")  # now Mona is known
    reply = await pia.command("C_PAY", "/release", "owner Billing revamp <@U_MOB|mona>")
    assert "Owner: Mona Lake. It was Pia Marsh." in reply.text
    assert (await of(world, release)).owner == "U_MOB"


NOT_OWNERS = [("<@U_NOBODY|x>", "I do not know that person"), ("<@U_GUEST|gus>", "is a guest"), ("", "Owner")]


@pytest.mark.parametrize(("who", "sentence"), NOT_OWNERS)
async def test_who_cannot_own_is_said_and_the_form_opens(world: World, who: str, sentence: str) -> None:
    release = await billing(world)
    await world.as_("U_GUEST").command("C_NOBOT", "/team", "list")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", f"owner Billing revamp {who}")
    assert sentence in str(pia.view["blocks"])
    assert (await of(world, release)).owner == "U_PM"


async def test_all_who_judge_at_once_are_recorded_in_order(world: World) -> None:
    release = await billing(world)
    said = {"U_PM": "red", "U_LEAD": "amber", "U_MOB": "green", "U_PLAT": "red"}
    await asyncio.gather(
        *(world.as_(who).command("C_WEEKLY", "/release", f"health R-1 {health} because {who}") for who, health in said.items())
    )
    rows = [row for row in await changes(world, release) if row.field == Field.HEALTH]
    assert [row.before for row in rows] == [None, *(row.after for row in rows[:-1])]
    assert len(rows) == 4
    shown = await of(world, release)
    assert (shown.health, shown.health_by) == (read(rows).health, rows[-1].actor)


async def test_all_who_take_it_over_at_once_are_recorded_in_order(world: World) -> None:
    release = await billing(world)
    people = ("U_LEAD", "U_MOB", "U_PLAT", "U_SALES")
    for who in people:
        await world.as_(who).command("C_WEEKLY", "/team", "list")
    await asyncio.gather(*(world.as_(who).command("C_WEEKLY", "/release", f"owner R-1 <@{who}|x>") for who in people))
    rows = [row for row in await changes(world, release) if row.field == Field.OWNER]
    assert [row.before for row in rows] == [None, *(row.after for row in rows[:-1])]
    assert (await of(world, release)).owner == rows[-1].after


async def test_the_forms_say_what_they_are_about(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05")
    pia = world.as_("U_PM")
    for text, title in (("owner", "Owner of a release"), ("health", "Health of a release"), ("owner R-1", "Owner of Billing revamp")):
        await pia.command("C_PAY", "/release", text)
        assert pia.view is not None and pia.view["title"]["text"] == title
        await pia.close()
    assert (
        "\nGreen: on track. As first planned. Fri 5 Mar 2027." in (await pia.command("C_PAY", "/release", "R-1")).blocks[0]["text"]["text"]
    )
