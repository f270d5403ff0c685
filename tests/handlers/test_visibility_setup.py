"""Set-up is seen and done by those in charge alone: one row a surface. What a surface lists, it lists of what everybody may see."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from models import Channel, Person, Workspace
from tests.handlers.release_rows import said
from tests.handlers.setup_steps import form, saved
from tests.world import World

FORMS: dict[str, dict[str, Any]] = {
    "operations": {"People": ["U_OPS"]},
    "time": {"Time zone": "London", "Working days": ["6"]},
    "teams": {"Or paste them": "Mine"},
    "severity": {},
    "policy": {"Releases may be changed by": "Product operations"},
    "note": {"Your note": "Hello"},
}


async def in_charge(world: World, *people: str) -> None:
    async with world.transaction() as session:
        for person in await session.scalars(select(Person)):
            person.is_product_operations = person.slack_id in people


async def _home(world: World, person: str) -> str:
    await world.as_(person).open_home()
    await world.settle()
    return "\n".join(said(world.as_(person).home["blocks"]))


def _typed(words: str) -> Callable[[World, str], Awaitable[str]]:
    async def ask(world: World, person: str) -> str:
        reply = await world.as_(person).command("C_WEEKLY", "/tendon", words)
        await world.settle()
        return "\n".join([reply.text, *said(reply.blocks)])

    return ask


# Where set-up shows. Whoever adds a place where it does adds a row here.
SURFACES: dict[str, Callable[[World, str], Awaitable[str]]] = {"Home": _home, "the menu": _typed(""), "the steps": _typed("setup")}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("person", ["U_PM", "U_GUEST", "U_OPS"])
async def test_once_somebody_is_in_charge_nobody_else_sees_how_far_it_is(world: World, surface: str, person: str) -> None:
    await in_charge(world, "U_LEAD")
    assert "Set-up, 1 of 9" in await SURFACES[surface](world, "U_LEAD")
    seen = await SURFACES[surface](world, person)
    assert seen
    assert "of 9" not in seen
    assert world.as_(person).dms() == []


async def kept(world: World) -> str:
    """All that an answer may change here."""
    async with world.reading() as session:
        space = (await session.scalars(select(Workspace))).one()
        people = list(await session.scalars(select(Person.slack_id).where(Person.is_product_operations)))
        return str([people, space.setup, space.zone, space.weekdays, space.targets, space.change_policy, space.home_channel])


@pytest.mark.parametrize("step", FORMS)
async def test_a_form_that_was_open_when_somebody_else_took_over_saves_nothing(world: World, step: str) -> None:
    await world.release("Kite", "2027-03-05", owner="U_PM")
    ops = await form(world, step)
    await in_charge(world, "U_LEAD")
    before = await kept(world)
    refused = await ops.submit(FORMS[step])
    await world.settle()
    assert "Only product operations can set that up." in str(refused.errors or world.as_("U_OPS").view or ops.sees("C_OPS")[-1].text)
    assert await kept(world) == before
    assert world.as_("U_PM").dms() == []


@pytest.mark.parametrize("action", [*(f"setup:{step}" for step in FORMS), "setup:skip:note"])
async def test_a_kept_button_opens_nothing_for_who_handed_it_over(world: World, action: str) -> None:
    ops = world.as_("U_OPS")
    steps = (await ops.command("C_OPS", "/tendon", "setup")).message
    await saved(world, "operations", {"People": ["U_LEAD"]})
    before = await kept(world)
    await ops.press(steps, action)
    await world.settle()
    assert ops.view is None
    assert "Only product operations can set that up." in ops.sees("C_OPS")[-1].text
    assert await kept(world) == before


async def test_a_kept_welcome_leads_nowhere_after_handing_over_and_the_new_one_to_the_steps(world: World) -> None:
    await _home(world, "U_OPS")
    (welcome,) = world.as_("U_OPS").dms()
    await saved(world, "operations", {"People": ["U_LEAD"]})
    (made,) = world.as_("U_LEAD").dms()
    for person, message, answer in (("U_OPS", welcome, "Only product operations can set that up."), ("U_LEAD", made, "Set-up, 1 of 9")):
        await world.as_(person).press(message, "setup:show")
        await world.settle()
        assert answer in world.as_(person).dms()[-1].text


async def test_the_home_channel_is_theirs_once_somebody_is_in_charge(world: World) -> None:
    await in_charge(world, "U_LEAD")
    for words in ("home <#C_PAY|team-payments>", "home"):
        refused = await world.as_("U_PM").command("C_PAY", "/tendon", words)
        assert "Only product operations can choose the home channel. Nothing was changed." in refused.text
        assert world.as_("U_PM").view is None
    assert "goes to <#C_PAY>" in (await world.as_("U_LEAD").command("C_PAY", "/tendon", "home <#C_PAY|team-payments>")).text


async def test_teams_are_proposed_from_what_everybody_may_see(world: World) -> None:
    async with world.transaction() as session:
        session.add(Channel(slack_id="C_NIGHT", name="team-nightjar", is_private=True, has_bot=True))
        session.add(Channel(slack_id="C_DAY", name="team-daylight", is_private=False))
    ops = await form(world, "teams")
    assert "daylight" in str(ops.view).casefold()
    assert "nightjar" not in str(ops.view).casefold()
