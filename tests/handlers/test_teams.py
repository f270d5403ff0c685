"""Journeys with teams."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Audit, Team
from tests.world import World


async def test_a_team_given_in_full_is_saved_at_once(world: World) -> None:
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/team", "new Payments lead <@U_LEAD|paul> in Berlin holidays DE hours 10-18")
    assert reply.status == 200
    assert "Payments is saved." in reply.text
    async with world.reading() as session:
        team = (await session.scalars(select(Team))).one()
        assert (team.name, team.lead, team.zone, team.holidays, f"{team.starts_at:%H:%M}") == (
            "Payments",
            "U_LEAD",
            "Europe/Berlin",
            "DE",
            "10:00",
        )
        audit = (await session.scalars(select(Audit).where(Audit.subject == "team"))).one()
        assert (audit.actor, audit.by) == ("U_PM", "/team new")


async def test_without_a_name_a_form_opens_and_saves(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/team", "new")
    assert pia.view is not None
    reply = await pia.submit({"Name": "Payments", "Time zone": "Atlantis"})
    assert "zone" in reply.errors
    await pia.submit({"Name": "Payments", "Time zone": "Berlin", "Lead": "U_LEAD"})
    await world.settle()
    assert pia.view is None
    assert any("Payments is saved." in message.text for message in pia.sees("C_PAY"))


async def test_the_same_request_twice_makes_one_team_and_gives_the_same_answer(world: World) -> None:
    pia = world.as_("U_PM")
    first = await pia.command("C_PAY", "/team", "new Payments")
    again = await world.slack.deliver_again(world.slack.deliveries[-1])
    assert again.answer["text"] == first.text
    async with world.reading() as session:
        assert len(list(await session.scalars(select(Team)))) == 1


async def test_a_channel_becomes_the_team_s(world: World) -> None:
    pia = world.as_("U_PM")
    await world.team("Payments")
    reply = await pia.command("C_PAY", "/team", "bind payments")
    assert "This is the channel of Payments now." in reply.text
    async with world.reading() as session:
        assert (await session.scalars(select(Team))).one().channel == "C_PAY"


async def test_a_guest_may_look_but_not_change(world: World) -> None:
    guest = world.as_("U_GUEST")
    await world.team("Payments")
    assert "Guests cannot change that" in (await guest.command("C_NOBOT", "/team", "new Mobile")).text
    assert "Payments" in (await guest.command("C_NOBOT", "/team", "list")).text


async def test_an_unknown_team_is_answered_with_the_nearest(world: World) -> None:
    await world.team("Payments")
    reply = await world.as_("U_PM").command("C_PAY", "/team", "show Paymetns")
    assert 'There is no team "Paymetns". Did you mean Payments?' in reply.text


async def test_help_lists_every_verb(world: World) -> None:
    reply = await world.as_("U_PM").command("C_PAY", "/team", "help")
    for verb in ("new", "edit", "list", "show", "channel"):
        assert f"/team {verb}" in reply.text


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("new Growth lead <@U_PM> in CET", "CET"),
        ("new Growth lead <@U_PM> holidays Atlantis", "Atlantis"),
        ("new Payments lead <@U_PM>", "There is a team Payments already."),
        ("edit Payments lead <@U_PM> in CET", "CET"),
    ],
)
async def test_what_cannot_be_read_is_said_in_a_form_that_keeps_the_rest(world: World, text: str, note: str) -> None:
    await world.settle()
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/team", text)
    assert pia.view is not None
    shown = str(pia.view["blocks"])
    assert "Note: " in shown and note in shown.partition("'type': 'input'")[0]
    assert "'initial_user': 'U_PM'" in shown
    assert f"'initial_value': '{text.split()[1]}'" in shown


@pytest.mark.parametrize("verb", ["new Mobile", "edit Payments"])
async def test_a_lead_whom_nobody_knows_is_said_and_takes_nobody_s_place(world: World, verb: str) -> None:
    await world.settle()
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/team", f"{verb} lead @nobody.here in Berlin")
    assert pia.view is not None
    assert 'I do not know "@nobody.here". Pick the lead here.' in str(pia.view["blocks"])
    assert "Europe/Berlin" in str(pia.view["blocks"])
    async with world.reading() as session:
        assert [team.lead for team in await session.scalars(select(Team))] == ["U_LEAD"]


async def test_a_channel_that_cannot_be_written_to_becomes_the_team_s_with_a_word_of_warning(world: World) -> None:
    await world.settle()
    await world.team("Payments")
    assert "say `/invite @Tendon` here" in (await world.as_("U_PM").command("C_NOBOT", "/team", "channel Payments")).text
    assert "People from outside the company" in (await world.as_("U_PM").command("C_ACME", "/team", "channel Payments")).text


async def test_a_form_that_stayed_open_for_too_long_is_answered_directly(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/team", "new")
    world.slack.clock.frozen_limits = True
    world.slack.clock.advance(timedelta(minutes=40))
    await pia.submit({"Name": "Payments"})
    await world.settle()
    assert any("Payments is saved." in message.text for message in pia.dms())


async def test_without_a_name_edit_asks_which_team_and_opens_its_form(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/team", "edit")
    assert "There are no teams yet" in str(pia.view)
    await pia.close()
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    await pia.command("C_PAY", "/team", "edit")
    await pia.submit({"Which team?": "Payments"})
    await pia.submit({"Name": "Payments and refunds"})
    await world.settle()
    assert any("Payments and refunds is saved." in message.text for message in pia.sees("C_PAY"))
