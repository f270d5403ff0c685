"""Journeys: who is product operations, by name and by user group, and handing it over."""

import asyncio

import pytest
from sqlalchemy import select, update

from models import Person
from models.workspace import runs_operations
from tests.handlers.release_rows import said
from tests.handlers.setup_steps import form, saved
from tests.world import World

GROUP = "S_OPS"


async def in_charge(world: World) -> list[str]:
    async with world.reading() as session:
        return sorted(await session.scalars(select(Person.slack_id).where(runs_operations())))


async def group(world: World, *people: str, id: str = GROUP, handle: str = "product-ops") -> None:
    world.slack.user_group(id, handle, handle.replace("-", " ").capitalize(), list(people))
    await world.slack.change_group(id, list(people))
    await world.settle()


async def may_set_up(world: World, person: str) -> bool:
    return "Set-up," in (await world.as_(person).command("C_OPS", "/tendon", "setup")).text


async def test_people_are_named_and_then_they_set_up(world: World) -> None:
    ops = await form(world, "operations")
    refused = await ops.submit({"People": ["U_GUEST"]})
    assert "Gus Guest is no full member of this workspace. Nothing was changed." in str(refused.errors)
    await ops.submit({"People": ["U_PM", "U_LEAD"]})
    await world.settle()
    told = ops.sees("C_OPS")[-1].text
    assert told == "Product operations: Paul Lind and Pia Marsh. 2 people are told. You are not among them any more."
    assert await in_charge(world) == ["U_LEAD", "U_PM"]
    assert not await may_set_up(world, "U_OPS")
    assert await may_set_up(world, "U_PM")
    (note,) = world.as_("U_LEAD").dms()
    assert note.text.startswith("Olga Prod made you product operations for Tendon.")


async def test_a_user_group_is_product_operations_and_whoever_joins_or_leaves_gains_or_loses_it(world: World) -> None:
    await group(world, "U_PM", "U_GUEST")
    answer = await saved(world, "operations", {"People": [], "User groups": [GROUP]})
    assert answer == "Product operations: @product-ops (1 person). 1 person is told. You are not among them any more."
    assert await in_charge(world) == ["U_PM"]
    assert not await may_set_up(world, "U_GUEST")
    await world.slack.change_group(GROUP, ["U_LEAD", "U_MOB"])
    await world.settle()
    assert await in_charge(world) == ["U_LEAD", "U_MOB"]
    assert await may_set_up(world, "U_MOB")
    assert not await may_set_up(world, "U_PM")
    assert world.as_("U_MOB").dms() == []  # Slack told whoever put them in


async def test_people_and_groups_together_and_what_is_chosen_stands_in_the_form(world: World) -> None:
    await group(world, "U_PM")
    await group(world, "U_SALES", id="S_SALES", handle="sales")
    await saved(world, "operations", {"People": ["U_OPS"], "User groups": [GROUP]})
    assert await in_charge(world) == ["U_OPS", "U_PM"]
    ops = await form(world, "operations")
    fields = {block["block_id"]: block["element"] for block in ops.view["blocks"] if block["type"] == "input"}
    assert fields["people"]["initial_users"] == ["U_OPS"]
    assert [option["value"] for option in fields["groups"]["initial_options"]] == [GROUP]
    assert [option["text"]["text"] for option in fields["groups"]["options"]] == ["@product-ops: Product ops", "@sales: Sales"]


@pytest.mark.parametrize(
    "fields", [{"People": []}, {"People": [], "User groups": ["S_EMPTY"]}, {"People": [], "User groups": ["S_GUESTS"]}]
)
async def test_nobody_in_charge_is_refused(world: World, fields: dict[str, list[str]]) -> None:
    await group(world, "U_GUEST", "U_OUT", id="S_GUESTS", handle="helpers")
    await group(world, "U_PM", id="S_EMPTY", handle="empty")
    await world.slack.change_group("S_EMPTY", [])
    world.slack.state.groups["S_EMPTY"].users = []
    async with world.transaction() as session:  # Slack switches an empty group off; this one was emptied while nobody looked
        from models import UserGroup

        await session.execute(update(UserGroup).where(UserGroup.slack_id == "S_EMPTY").values(is_disabled=False))
    ops = await form(world, "operations")
    refused = await ops.submit(fields)
    assert "Somebody must be in charge, so nothing was changed." in str(refused.errors)
    assert await in_charge(world) == []
    assert await may_set_up(world, "U_OPS")


async def test_when_the_group_is_gone_administrators_may_choose_again(world: World) -> None:
    await group(world, "U_PM")
    await saved(world, "operations", {"People": [], "User groups": [GROUP]})
    await world.slack.change_group(GROUP, [])
    await world.settle()
    assert await in_charge(world) == []
    assert await may_set_up(world, "U_OPS")
    assert not await may_set_up(world, "U_PM")
    await world.as_("U_OPS").open_home()
    await world.settle()
    assert "Next: Product operations" in "\n".join(said(world.as_("U_OPS").home["blocks"]))


async def test_two_who_hand_over_at_once_leave_somebody_in_charge(world: World) -> None:
    await saved(world, "operations", {"People": ["U_OPS", "U_PM"]})
    for person in ("U_OPS", "U_PM"):
        await form(world, "operations", person)
    await asyncio.gather(world.as_("U_OPS").submit({"People": ["U_PM"]}), world.as_("U_PM").submit({"People": ["U_OPS"]}))
    await world.settle()
    assert len(await in_charge(world)) == 1


@pytest.mark.parametrize("count", [51, 250])
async def test_many_groups_are_offered_as_far_as_a_menu_goes(world: World, count: int) -> None:
    async with world.transaction() as session:
        from models import UserGroup

        session.add_all(
            UserGroup(slack_id=f"S{n:03}", name="<!channel> " + "x" * 200, handle=f"g{n:03}", is_product_operations=n == count - 1)
            for n in range(count)
        )
    ops = await form(world, "operations")
    options = next(block["element"]["options"] for block in ops.view["blocks"] if block.get("block_id") == "groups")
    assert len(options) == min(count, 100)
    assert options[0]["value"] == f"S{count - 1:03}"  # what is chosen is always among them


async def test_in_a_group_they_are_product_operations_everywhere(world: World) -> None:
    """What is restricted, what was missing a team, what a leaver had: all ask the same question."""
    await group(world, "U_LEAD")
    await saved(world, "operations", {"People": [], "User groups": [GROUP]})
    await world.as_("U_PM").command("C_PRIV", "/release", "new Secret 5 March 2027")
    await world.as_("U_PM").command("C_PRIV", "/release", "restrict Secret to <@U_PM|pia>")
    assert "Secret" in (await world.as_("U_LEAD").command("C_PAY", "/release", "status Secret")).text
    assert "There is no release" in (await world.as_("U_MOB").command("C_MOB", "/release", "status Secret")).text
    await world.as_("U_PM").command("C_WEEKLY", "/escalate", "login is down")
    await world.as_("U_PM").submit({"Severity": "High"})
    await world.settle()
    assert any("E-1" in message.text for message in world.as_("U_LEAD").dms())
