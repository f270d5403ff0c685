"""Journeys: somebody leaves, and what they were responsible for goes to whoever comes next, once."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from models import Dependency, Escalation, Handover, Person, Release
from tests.handlers.release_steps import press
from tests.world import World


async def company(world: World, *, lead: str | None = "U_LEAD") -> None:
    """Pia owns a release, an escalation and an ask of Payments, and something shipped that is nobody's worry any more."""
    team = await world.team("Payments", lead=lead, channel="C_PAY")
    await world.team("Mobile", lead="U_MOB", channel="C_MOB")
    await world.release("Billing revamp", "2027-03-05", team=team, owner="U_PM")
    await world.release("Kite", "2027-04-05", team=team, owner="U_PM")
    done = await world.release("Heron", "2026-11-20", team=team, owner="U_PM")
    await world.as_("U_PM").command("C_PAY", "/release", "ship Heron")
    await world.as_("U_PM").command("C_PAY", "/dependency", "ask Mobile for receipts by 4 December")
    await world.as_("U_PM").command("C_PAY", "/escalate", "Acme cannot export")
    await world.as_("U_PM").submit({"Severity": "High", "Team": "Payments"})
    await world.settle()
    async with world.transaction() as session:
        (await session.scalars(select(Escalation))).one().owner = "U_PM"
    assert done


async def leaves(world: World, person: str) -> None:
    await world.slack.change_member(person, deleted=True)
    await world.settle()
    await world.advance(minutes=2)


async def owners(world: World) -> dict[str, str | None]:
    async with world.reading() as session:
        found = {row.name: row.owner for row in await session.scalars(select(Release))}
        found["escalation"] = await session.scalar(select(Escalation.owner))
        found["ask"] = await session.scalar(select(Dependency.asked_by).where(Dependency.number.is_not(None)))
        return found


def told(world: World, person: str) -> list[str]:
    return [message.text for message in world.as_(person).dms() if "has left" in message.text]


async def test_the_lead_has_all_of_it_and_is_told_once(world: World) -> None:
    await company(world)
    await leaves(world, "U_PM")
    assert await owners(world) == {"Billing revamp": "U_LEAD", "Kite": "U_LEAD", "Heron": "U_PM", "escalation": "U_LEAD", "ask": "U_LEAD"}
    (notice,) = told(world, "U_LEAD")
    assert notice.splitlines()[0] == "Pia Marsh has left. 4 things of theirs are yours now, as you lead Payments."
    assert {"R-1 Billing revamp", "R-2 Kite", "E-1 Acme cannot export", "D-1 receipts"} <= set(notice.splitlines())
    await world.advance(days=2)
    assert len(told(world, "U_LEAD")) == 1


async def test_without_a_lead_product_operations_have_it(world: World) -> None:
    await company(world, lead=None)
    await leaves(world, "U_PM")
    assert (await owners(world))["Kite"] == "U_PM"
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = True
    await world.advance(minutes=2)
    assert (await owners(world))["Kite"] == "U_OPS"
    assert "as you are product operations" in told(world, "U_OPS")[0]


async def test_all_of_it_is_handed_on_by_one_form(world: World) -> None:
    await company(world)
    await leaves(world, "U_PM")
    paul = world.as_("U_LEAD")
    await paul.command("C_PAY", "/release", "owner Kite <@U_PLAT|petra>")
    notice = next(message for message in paul.dms() if "has left" in message.text)
    await press(paul, notice, "Reassign all")
    refused = await paul.submit({"Who takes them?": "U_GUEST"})
    assert "is a guest" in str(refused.errors)
    await paul.submit({"Who takes them?": "U_MOB"})
    await world.settle()
    assert await owners(world) == {"Billing revamp": "U_MOB", "Kite": "U_PLAT", "Heron": "U_PM", "escalation": "U_MOB", "ask": "U_MOB"}
    assert "3 things are with Mona Lake now." in paul.dms()[-1].text
    assert told(world, "U_MOB") == ["Paul Lind gave you 3 things that were with Pia Marsh, who has left."]
    await press(paul, notice, "Reassign all")
    await world.settle()
    assert paul.view is None
    assert "Nothing of theirs is with you any more" in paul.dms()[-1].text


async def test_a_lead_who_left_too_is_no_heir(world: World) -> None:
    await company(world)
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = True
    await leaves(world, "U_LEAD")
    await leaves(world, "U_PM")
    assert (await owners(world))["Billing revamp"] == "U_OPS"


async def test_five_looks_at_once_hand_over_once(world: World) -> None:
    await company(world)
    await world.slack.change_member("U_PM", deleted=True)
    await world.settle()
    world.slack.clock.advance(timedelta(minutes=3))
    await asyncio.gather(*(world.app.ticker.tick_all() for _ in range(5)))
    await world.settle()
    assert len(told(world, "U_LEAD")) == 1
    async with world.reading() as session:
        assert len(list(await session.scalars(select(Handover)))) == 4


async def test_a_restricted_release_goes_to_nobody_who_may_not_see_it(world: World) -> None:
    await company(world)
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = True
        (await session.scalars(select(Release).where(Release.name == "Kite"))).one().restricted = True
    await leaves(world, "U_PM")
    assert (await owners(world))["Kite"] == "U_OPS"
    assert "Kite" not in told(world, "U_LEAD")[0]
    assert "Kite" in told(world, "U_OPS")[0]
