"""Journeys: teams proposed from the names of channels and user groups, and pasted."""

import pytest
from sqlalchemy import func, select

from domain.setup import proposed
from models import Channel, Team, UserGroup
from tests.handlers.release_rows import said
from tests.handlers.setup_steps import form, saved
from tests.world import World


def field(actor: object, name: str) -> dict:
    return next(block["element"] for block in actor.view["blocks"] if block.get("block_id") == name)


async def teams(world: World) -> dict[str, tuple[str | None, str | None]]:
    async with world.reading() as session:
        return {team.name: (team.lead, team.channel) for team in await session.scalars(select(Team).order_by(Team.id))}


async def test_teams_are_proposed_ticked_and_saved_with_their_channels(world: World) -> None:
    async with world.transaction() as session:
        session.add(UserGroup(slack_id="S_DATA", name="Data people", handle="data-team"))
        session.add(UserGroup(slack_id="S_SALES", name="Sales", handle="sales-team", faces_customers=True))
        session.add(Channel(slack_id="C_ATLAS", name="proj-atlas", is_private=False))
        session.add(Channel(slack_id="C_HIDDEN", name="team-hidden", is_private=True))
    ops = await form(world, "teams")
    offered = field(ops, "proposed")
    assert offered["type"] == "checkboxes"
    labels = [option["text"]["text"] for option in offered["options"]]
    assert labels == [
        "Mobile · #team-mobile", "Payments · #team-payments", "Platform · #team-platform", "Atlas · #proj-atlas", "Data · @data-team",
    ]  # fmt: skip
    assert [option["text"]["text"] for option in offered["initial_options"]] == labels[:3]
    await ops.submit({"Or paste them": "Payments, Paul Lind"})
    await world.settle()
    assert await teams(world) == {
        "Mobile": (None, "C_MOB"), "Payments": ("U_LEAD", "C_PAY"), "Platform": (None, "C_PLAT"),
    }  # fmt: skip
    assert "3 teams added, 1 team completed.\n2 teams have no lead yet" in ops.sees("C_OPS")[-1].text
    again = await form(world, "teams")
    assert [option["text"]["text"] for option in field(again, "proposed")["options"]] == ["Atlas · #proj-atlas", "Data · @data-team"]
    assert "initial_options" not in field(again, "proposed")


async def test_teams_are_pasted_with_tabs_semicolons_and_commas(world: World) -> None:
    pasted = "Team\tLead\tChannel\nPayments\tPaul Lind\t#team-payments\nMobile; Mona Lake; team-mobile\nTrust, Nobody Here, #gone\nPayments"
    answer = await saved(world, "teams", {"Found by the names of channels and user groups": [], "Or paste them": pasted})
    assert "3 teams added, 1 team completed." in answer
    assert 'Trust: nobody is called "Nobody Here", so it has no lead yet; there is no channel "#gone".' in answer
    assert await teams(world) == {"Payments": ("U_LEAD", "C_PAY"), "Mobile": ("U_MOB", "C_MOB"), "Trust": (None, None)}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (" ", "Paste a line"),
        ("x" * 200, "is no name"),
        ("\n".join("abc" for _ in range(101)), "at most 100"),
        (", Paul Lind", "is no name"),
    ],
)
async def test_what_cannot_be_a_list_of_teams_is_refused(world: World, words: str, sentence: str) -> None:
    ops = await form(world, "teams")
    refused = await ops.submit({"Found by the names of channels and user groups": [], "Or paste them": words})
    assert sentence in str(refused.errors)
    assert await teams(world) == {}


async def test_a_name_that_summons_is_a_name(world: World) -> None:
    answer = await saved(
        world, "teams", {"Found by the names of channels and user groups": [], "Or paste them": "<!channel>, <@U_MOB>, <#C_MOB>"}
    )
    assert "<!channel>" not in answer
    listed = await world.as_("U_PM").command("C_PAY", "/team", "list")
    assert "<!channel>" not in listed.text + "\n".join(said(listed.blocks))


async def rooms(world: World, count: int) -> None:
    async with world.transaction() as session:
        session.add_all(
            Channel(slack_id=f"C{n:05}", name=f"{'team' if n % 2 else 'proj'}-unit-{n:04}", is_private=False) for n in range(count)
        )


@pytest.mark.parametrize(("count", "kind"), [(0, "checkboxes"), (7, "checkboxes"), (8, "multi_static_select"), (51, "multi_static_select")])
async def test_more_than_ten_are_a_menu(world: World, count: int, kind: str) -> None:
    await rooms(world, count)
    ops = await form(world, "teams")
    offered = field(ops, "proposed")
    assert (offered["type"], len(offered["options"])) == (kind, count + 3)


async def test_a_thousand_channels_are_set_up_a_hundred_at_a_time(world: World) -> None:
    await rooms(world, 1000)
    ops = await form(world, "teams")
    assert len(field(ops, "proposed")["options"]) == 100
    assert "903 more were found: save these, then open this step again." in str(ops.view)
    await ops.submit({})
    await world.settle()
    async with world.reading() as session:
        assert await session.scalar(select(func.count(Team.id))) == 100
    again = await form(world, "teams")
    assert "803 more were found" in str(again.view)


async def test_without_channels_and_groups_there_is_only_pasting(world: World) -> None:
    async with world.transaction() as session:
        for channel in await session.scalars(select(Channel)):
            channel.is_private = True
    assert "1 team added" in await saved(world, "teams", {"Teams": "Payments"})


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["team-payments", "team-payments-alerts", "payments-team"], ["Payments"]),
        (["squad_growth", "crew-night-shift", "tribe-a"], ["A", "Growth", "Night shift"]),
        (["random", "general", "team", "team-", "steam-engine", "teamwork", "product-weekly"], []),
        (["TEAM-Ünïcode", "proj-x"], ["Ünïcode", "X"]),
        (["team-" + "x" * 200], ["X" + "x" * 79]),
    ],
)
def test_what_names_propose(names: list[str], found: list[str]) -> None:
    assert [one.name for one in proposed([(name, f"C{n}") for n, name in enumerate(names)], [], ())] == found


def test_a_channel_and_a_group_of_one_name_are_one_team_with_the_channel() -> None:
    (one,) = proposed([("team-data", "C1")], ["data-team", "team-data"], ())
    assert (one.name, one.channel, one.label) == ("Data", "C1", "Data · #team-data")
    assert proposed([("team-data", "C1")], ["data-team"], {"data"}) == proposed([("team-data", "C1")], [], {"C1"}) == []
