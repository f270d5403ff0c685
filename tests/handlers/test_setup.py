"""Journeys: setting Tendon up, from the first Home to a note to all owners; and who may change what."""

import asyncio

import pytest
from sqlalchemy import select

from models import Person, Team, Workspace
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, of
from tests.world import World


async def opens_home(world: World, person: str) -> str:
    await world.as_(person).open_home()
    await world.settle()
    return "\n".join(said(world.as_(person).home["blocks"]))


async def steps(world: World, person: str = "U_OPS") -> str:
    return (await world.as_(person).command("C_OPS", "/tendon", "setup")).text


async def form(world: World, step: str, person: str = "U_OPS") -> object:
    actor = world.as_(person)
    reply = await actor.command("C_OPS", "/tendon", "setup")
    await actor.press(reply.message, f"setup:{step}")
    return actor


async def test_the_first_administrator_is_told_once_and_home_shows_what_is_left(world: World) -> None:
    home = await opens_home(world, "U_OPS")
    assert "Set-up, 0 of 9" in home
    assert "Product operations" in home
    assert [message.text.split(".")[0] for message in world.as_("U_OPS").dms()] == ["Hello, I am Tendon"]
    await opens_home(world, "U_OPS")
    assert len(world.as_("U_OPS").dms()) == 1
    assert "Set-up" not in await opens_home(world, "U_PM")
    assert world.as_("U_PM").dms() == []
    assert "Only product operations can set that up" in await steps(world, "U_PM")


async def test_product_operations_are_named_and_then_they_set_up(world: World) -> None:
    ops = await form(world, "operations")
    refused = await ops.submit({"Product operations": ["U_GUEST"]})
    assert "is no full member" in str(refused.errors)
    await ops.submit({"Product operations": ["U_PM", "U_LEAD"]})
    await world.settle()
    assert "Product operations: Paul Lind, Pia Marsh." in ops.sees("C_OPS")[-1].text
    async with world.reading() as session:
        assert sorted(await session.scalars(select(Person.slack_id).where(Person.is_product_operations))) == ["U_LEAD", "U_PM"]
    assert "Only product operations" in await steps(world, "U_OPS")
    assert "Set-up, 1 of 9." in await steps(world, "U_PM")


async def test_every_step_can_be_skipped_and_stays_reachable(world: World) -> None:
    ops = world.as_("U_OPS")
    for _ in range(9):
        reply = await ops.command("C_OPS", "/tendon", "setup")
        skip = next(
            element
            for block in reply.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if element["action_id"].startswith("setup:skip")
        )
        await ops.press(reply.message, skip["action_id"])
        await world.settle()
    told = await steps(world)
    assert told.count("Skipped:") == 9
    assert "Set-up" not in await opens_home(world, "U_OPS")
    assert (await form(world, "policy")).view is not None


async def test_working_time_goes_to_teams_that_had_none_of_their_own(world: World) -> None:
    await world.as_("U_OPS").command("C_OPS", "/team", "new Payments")
    await world.as_("U_OPS").command("C_OPS", "/team", "new Mobile hours 08:00-16:00")
    ops = await form(world, "time")
    refused = await ops.submit({"Time zone": "Atlantis", "Working hours": "late"})
    assert set(refused.errors) == {"zone", "hours"}
    await ops.submit({"Time zone": "Berlin", "Working hours": "10:00-18:00", "Public holidays of": "Germany"})
    await world.settle()
    assert "Working time: Europe/Berlin, 10:00 to 18:00, Monday to Friday, holidays of DE." in ops.sees("C_OPS")[-1].text
    await world.as_("U_OPS").command("C_OPS", "/team", "new Trust")
    async with world.reading() as session:
        teams = {team.name: (team.holidays, f"{team.starts_at:%H:%M}") for team in await session.scalars(select(Team))}
    assert teams == {"Payments": ("DE", "10:00"), "Mobile": (None, "08:00"), "Trust": ("DE", "10:00")}


async def test_teams_are_guessed_from_channels_and_pasted(world: World) -> None:
    ops = await form(world, "teams")
    field = next(block for block in ops.view["blocks"] if block.get("block_id") == "teams")
    assert "Payments, , #team-payments" in field["element"]["initial_value"]
    pasted = "Team\tLead\tChannel\nPayments\tPaul Lind\t#team-payments\nMobile; Mona Lake; team-mobile\nTrust, Nobody Here, #gone\nPayments"
    await ops.submit({"Teams": pasted})
    await world.settle()
    answer = ops.sees("C_OPS")[-1].text
    assert "3 teams added, 1 team completed." in answer
    assert 'Trust: nobody is called "Nobody Here", so it has no lead yet; there is no channel "#gone".' in answer
    async with world.reading() as session:
        teams = {team.name: (team.lead, team.channel) for team in await session.scalars(select(Team))}
    assert teams == {"Payments": ("U_LEAD", "C_PAY"), "Mobile": ("U_MOB", "C_MOB"), "Trust": (None, None)}


@pytest.mark.parametrize(
    ("words", "sentence"), [("", "Paste a line"), ("x" * 200, "is no name"), ("\n".join("abc" for _ in range(101)), "at most 100")]
)
async def test_what_cannot_be_a_list_of_teams_is_refused(world: World, words: str, sentence: str) -> None:
    ops = await form(world, "teams")
    refused = await ops.submit({"Teams": words or " "})
    assert sentence in str(refused.errors)


async def policy(world: World, label: str) -> None:
    ops = await form(world, "policy")
    await ops.submit({"Releases may be changed by": label})
    await world.settle()


async def test_owners_and_leads_alone_change_releases_where_that_is_chosen(world: World) -> None:
    await billing(world)
    await policy(world, "Owners and team leads")
    refused = (await world.as_("U_MOB").command("C_MOB", "/release", "move Billing revamp to 12 March because vendor")).text
    assert "Billing revamp is changed by Paul Lind or Pia Marsh, or product operations. Ask them. Nothing was changed." in refused
    assert str((await of(world, 1)).target_on) == "2027-03-05"
    for person, day in (("U_PM", "8 March"), ("U_LEAD", "9 March")):
        moved = await world.as_(person).command("C_PAY", "/release", f"move Billing revamp to {day} because vendor")
        assert "moves to" in moved.text
    await world.as_("U_MOB").command("C_MOB", "/release", "new Kite 12 May 2027")
    assert "moves to" in (await world.as_("U_MOB").command("C_MOB", "/release", "move Kite to 13 May 2027 because vendor")).text


async def test_product_operations_alone_change_releases_where_that_is_chosen(world: World) -> None:
    await billing(world)
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = True
    await policy(world, "Product operations")
    for words in ("move R-1 to 12 March because x", "ship R-1", "cancel R-1 because x", "health R-1 green", "owner R-1 <@U_MOB|m>"):
        assert "Only product operations change releases here" in (await world.as_("U_PM").command("C_PAY", "/release", words)).text
    assert "moves to" in (await world.as_("U_OPS").command("C_PAY", "/release", "move R-1 to 12 March because vendor")).text


async def test_a_note_reaches_each_owner_once(world: World) -> None:
    await billing(world)
    await world.release("Kite", "2027-03-05", owner="U_PM")
    await world.release("Heron", "2027-03-05", owner="U_MOB")
    ops = await form(world, "note")
    assert "It goes to 2 people" in "\n".join(said(ops.view["blocks"]))
    await ops.submit({"Your note": "Hello <!channel> and <@U_PLAT>"})
    await world.settle()
    await ops.press(world.as_("U_OPS").sees("C_OPS")[0], "setup:note")
    await ops.submit({"Your note": "Hello again"})
    await world.settle()
    for person in ("U_PM", "U_MOB"):
        (note,) = world.as_(person).dms()
        assert "<!channel>" not in note.text + str(note.blocks)
        assert "From Olga Prod, product operations" in str(note.blocks)
    assert "Set-up, 3 of 9" in await steps(world)


async def test_a_step_pressed_twice_at_once_is_one_step(world: World) -> None:
    ops = world.as_("U_OPS")
    reply = await ops.command("C_OPS", "/tendon", "setup")
    await asyncio.gather(
        *(ops.press(reply.message, "setup:skip:note") for _ in range(4)), *(ops.press(reply.message, "setup:skip:digest") for _ in range(4))
    )
    await world.settle()
    async with world.reading() as session:
        assert (await session.scalars(select(Workspace.setup))).one()["skipped"] == ["digest", "note"]


async def test_the_times_of_severities_are_the_companys_own(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    ops = await form(world, "severity")
    refused = await ops.submit({"High: acknowledge in": "soon", "Low: solve in": "0 days"})
    assert set(refused.errors) == {"high:acknowledge", "low:resolve"}
    await ops.submit({"High: acknowledge in": "2 h", "High: solve in": "3 days", "Low: solve in": "20 days"})
    await world.settle()
    assert "Target for High: acknowledge in 2 working hours, solve in 3 working days" in ops.sees("C_OPS")[-1].text
    await world.as_("U_PM").command("C_PAY", "/escalate", "Acme cannot export")
    assert "Target for High: acknowledge in 2 working hours" in str(world.as_("U_PM").view)
    await world.as_("U_PM").submit({"Severity": "High", "Team": "Payments"})
    await world.settle()
    card = next(message for message in world.as_("U_LEAD").sees("C_PAY") if "E-1" in message.text)
    assert "Target for High: acknowledge in 2 working hours, solve in 3 working days" in str(card.blocks)
    async with world.reading() as session:
        from models import Escalation

        row = (await session.scalars(select(Escalation))).one()
        assert (row.acknowledge_by.isoformat(), row.resolve_by.date().isoformat()) == ("2026-11-23T10:00:00+00:00", "2026-11-25")
