"""Journeys: a release is made."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import select

from models import Audit, Release, ReleaseName
from tests.handlers.release_steps import changes, press
from tests.world import World


async def all_of_them(world: World) -> list[Release]:
    async with world.reading() as session:
        return list(await session.scalars(select(Release).order_by(Release.id)))


async def test_given_in_full_it_is_saved_at_once(world: World) -> None:
    team = await world.team("Payments")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "new Billing revamp 5 March for Payments")
    assert "Billing revamp is planned for Fri 5 Mar 2027, its baseline." in reply.text
    assert "Payments · Pia Marsh owns it" in reply.text
    assert "R-1 · Undo until" in reply.text
    (made,) = await all_of_them(world)
    assert (made.number, made.name, made.target_on, made.baseline_on) == (1, "Billing revamp", date(2027, 3, 5), date(2027, 3, 5))
    assert (made.team_id, made.owner, made.confirmed_at is not None) == (team, "U_PM", True)
    assert [(row.field, row.after) for row in await changes(world, made.id)] == [
        ("name", "Billing revamp"),
        ("date", "2027-03-05"),
        ("team", str(team)),
        ("owner", "U_PM"),
    ]
    async with world.reading() as session:
        audit = (await session.scalars(select(Audit).where(Audit.subject == "release").order_by(Audit.id))).first()
        assert (audit.action, audit.actor, audit.by) == ("created", "U_PM", "/release new")


async def test_a_team_s_channel_makes_it_that_team_s(world: World) -> None:
    team = await world.team("Payments", channel="C_PAY")
    await world.as_("U_PM").command("C_PAY", "/release", "new Billing revamp 5 March")
    assert (await all_of_them(world))[0].team_id == team


@pytest.mark.parametrize("words", ["new Billing revamp", "new", "add “Billing revamp” after the freeze", "new Billing revamp 1 May 2020"])
async def test_what_is_missing_or_wrong_is_asked_for(world: World, words: str) -> None:
    await world.team("Payments")
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", words)
    assert pia.view["title"]["text"] == "New release"
    assert ("Billing revamp" in str(pia.view["blocks"])) == (words != "new")
    assert await all_of_them(world) == []
    await pia.submit({"Name": "Billing revamp", "Date": "2027-03-05", "Team": "Payments"})
    await world.settle()
    (made,) = await all_of_them(world)
    assert (made.name, made.target_on, made.owner) == ("Billing revamp", date(2027, 3, 5), "U_PM")
    assert any("is planned for Fri 5 Mar 2027" in message.text for message in pia.sees("C_WEEKLY"))


async def test_it_may_have_no_day_yet(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "new Regional hosting")
    await pia.submit({"Name": "Regional hosting"})
    await world.settle()
    (made,) = await all_of_them(world)
    assert (made.target_on, made.baseline_on) == (None, None)
    reply = await pia.command("C_WEEKLY", "/release", "move Regional hosting to 12 March")
    assert "gets its first day: Fri 12 Mar 2027." in reply.text
    assert (await all_of_them(world))[0].baseline_on == date(2027, 3, 12)


async def test_an_unknown_team_keeps_the_rest(world: World) -> None:
    await world.team("Payments")
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "new Billing revamp 5 March for Paymets")
    shown = str(pia.view["blocks"])
    assert 'There is no team "Paymets". Did you mean Payments?' in shown
    assert "2027-03-05" in shown
    assert await all_of_them(world) == []


async def test_a_name_that_is_taken_is_refused_and_kept_in_the_form(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05")
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "new billing  REVAMP 12 March")
    assert "There is a release of that name already. It is R-1." in str(pia.view["blocks"])
    reply = await pia.submit({"Name": "Billing revamp!", "Date": "2027-03-12"})
    assert "Choose another name" in reply.errors["name"]
    assert len(await all_of_them(world)) == 1
    await pia.submit({"Name": "Billing revamp 2", "Date": "2027-03-12"})
    await world.settle()
    assert [release.name for release in await all_of_them(world)] == ["Billing revamp", "Billing revamp 2"]


async def test_a_name_too_long_gets_a_sentence(world: World) -> None:
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", f"new {'Billing ' * 40} 5 March")
    assert "A name has at most 200 characters" in reply.text
    assert await all_of_them(world) == []


async def test_three_slash_four_is_asked(world: World) -> None:
    pia = world.as_("U_PM")
    reply = await pia.command("C_WEEKLY", "/release", "new Billing revamp on 3/4")
    assert await all_of_them(world) == []
    await press(pia, reply, "Thu 4 Mar 2027")
    await world.settle()
    assert [(release.name, release.target_on) for release in await all_of_them(world)] == [("Billing revamp", date(2027, 3, 4))]


async def test_a_name_that_summons_summons_nobody(world: World) -> None:
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", 'new "&lt;!channel&gt; release" 5 March')
    assert [release.name for release in await all_of_them(world)] == ["<!channel> release"]
    assert "<!channel>" not in reply.text + reply.blocks[0]["text"]["text"]


async def test_of_two_people_with_one_name_one_gets_it(world: World) -> None:
    people = ("U_PM", "U_LEAD", "U_MOB", "U_PLAT")
    await asyncio.gather(*(world.as_(who).command("C_WEEKLY", "/release", "new Billing revamp 5 March") for who in people))
    made = await all_of_them(world)
    async with world.reading() as session:
        assert len(list(await session.scalars(select(ReleaseName)))) == 1
    assert [release.number for release in made] == [1]


async def test_delivered_twice_it_is_made_once(world: World) -> None:
    first = await world.as_("U_PM").command("C_WEEKLY", "/release", "new Billing revamp 5 March")
    again = await world.slack.deliver_again(world.slack.deliveries[-1])
    assert again.answer["text"] == first.text
    assert len(await all_of_them(world)) == 1
