"""A release that only some may see: for all others it is not there, and its name is free."""

import pytest
from sqlalchemy import select

from models import Person, Release
from tests.handlers.release_rows import press as press_last
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, changes, of, press
from tests.world import World

TO_MONA = "restrict Billing revamp to <@U_MOB|mona>"


async def _seen_by(world: World, person: str) -> bool:
    channel = "C_NOBOT" if person == "U_GUEST" else "C_WEEKLY"
    reply = await world.as_(person).command(channel, "/release", "status Billing revamp")
    return reply.text.startswith("Billing revamp (R-1)")


@pytest.mark.parametrize("words", [TO_MONA, "restrict “Billing revamp” to @Mona.Lake", "hide R-1 for <@U_MOB>."])
async def test_named_people_the_owner_and_product_operations_see_it(world: World, words: str) -> None:
    await billing(world)
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = True
    reply = await world.as_("U_LEAD").command("C_WEEKLY", "/release", words)
    assert "It is seen by Paul Lind, Mona Lake, Pia Marsh (owner) and product operations." in reply.text.replace(
        "Mona Lake, Paul Lind", "Paul Lind, Mona Lake"
    )
    for person in ("U_PM", "U_MOB", "U_LEAD", "U_OPS"):
        assert await _seen_by(world, person)
    for person in ("U_SALES", "U_PLAT", "U_GUEST"):
        assert not await _seen_by(world, person)


async def test_others_may_use_the_name_and_meet_no_trace(world: World) -> None:
    release = await billing(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", TO_MONA)
    sam = world.as_("U_SALES")
    reply = await sam.command("C_WEEKLY", "/release", "new Billing revamp 12 March")
    assert reply.text.startswith("Billing revamp is added") or reply.text.startswith("Billing revamp is planned")
    assert "already" not in reply.text
    await sam.command("C_WEEKLY", "/release", "move Billing revamp to 19 March because sales plan")
    async with world.reading() as session:
        both = (await session.scalars(select(Release).order_by(Release.id))).all()
    assert [each.target_on.isoformat() for each in both] == ["2027-03-05", "2027-03-19"]
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 2 April because both fit")
    assert 'Two releases are called "Billing revamp": R-1 and R-2.' in str(world.as_("U_PM").view)
    assert (await of(world, release)).target_on.isoformat() == "2027-03-05"


async def test_it_is_shown_to_everybody_again(world: World) -> None:
    await billing(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", TO_MONA)
    await world.as_("U_SALES").command("C_WEEKLY", "/release", "unrestrict Billing revamp")
    assert "There is no release" in str(world.as_("U_SALES").view)
    reply = await world.as_("U_MOB").command("C_WEEKLY", "/release", "restrict Billing revamp to everyone")
    assert reply.text.startswith("Billing revamp is seen by everybody.")
    assert await _seen_by(world, "U_SALES")
    card = await world.as_("U_SALES").command("C_WEEKLY", "/release", "R-1")
    assert "restricted to Mona Lake (owner)" in "\n".join(said(card.blocks))


async def test_it_is_not_shown_again_under_a_name_that_another_has_taken(world: World) -> None:
    release = await billing(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", TO_MONA)
    await world.as_("U_SALES").command("C_WEEKLY", "/release", "new Billing revamp 12 March")
    await world.as_("U_PM").command("C_WEEKLY", "/release", "unrestrict R-1")
    assert (await of(world, release)).restricted
    assert "Another release is called Billing revamp by now: R-2." in str(
        (await world.as_("U_PM").command("C_WEEKLY", "/release", "unrestrict R-1")).text
    )


async def test_both_ways_are_undone(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_WEEKLY", "/release", TO_MONA)
    await press(pia, reply, "Undo")
    await world.settle()
    assert not (await of(world, release)).restricted
    await pia.command("C_WEEKLY", "/release", TO_MONA)
    reply = await pia.command("C_WEEKLY", "/release", "unrestrict Billing revamp")
    await press(pia, reply, "Undo")
    await world.settle()
    assert await _seen_by(world, "U_MOB")
    assert not await _seen_by(world, "U_SALES")


async def test_a_follower_who_may_no_longer_see_it_hears_nothing_more(world: World) -> None:
    await billing(world)
    for person in ("U_SALES", "U_MOB"):
        await world.as_(person).command("C_WEEKLY", "/release", "follow Billing revamp")
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    await world.as_("U_PM").command("C_WEEKLY", "/release", TO_MONA)
    await world.advance(minutes=6)
    assert len(world.as_("U_MOB").dms()) == 1
    assert world.as_("U_SALES").dms() == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("restrict Billing revamp", "Who may see it"),
        ("restrict", "Release"),
        ("restrict Billing revamp to @nobody", "I do not know everybody you named"),
        ("restrict Billing revamp to <@U_MOB> and marketing", 'I could not read "marketing" as a person'),
        ("restrict Billing revamp to <@U_GUEST>", "Gus Guest is a guest or from outside"),
        ("restrict Biling revamp to <@U_MOB>", 'There is no release "Biling revamp". Did you mean Billing revamp?'),
        ("unrestrict Biling revamp", 'There is no release "Biling revamp". Did you mean Billing revamp?'),
    ],
)
async def test_what_is_missing_or_wrong_opens_the_form(world: World, words: str, sentence: str) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", words)
    assert sentence in str(pia.view)
    assert not (await of(world, release)).restricted
    assert len(await changes(world, release)) == 4


async def test_its_readers_are_changed_from_more(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", TO_MONA)
    await pia.command("C_WEEKLY", "/release", "R-1")
    await press_last(world, "U_PM", "C_WEEKLY", "More")
    assert "Also" not in said(pia.view["blocks"])
    await pia.press(pia.view, "releases:restrict")
    assert "U_MOB" in str(pia.view)
    await pia.submit({"Who may see it": ["Petra Oak"]})
    await world.settle()
    assert [await _seen_by(world, person) for person in ("U_PLAT", "U_MOB")] == [True, False]
    assert (await changes(world, release))[-1].after == "U_PLAT"


async def sales(world: World, *people: str) -> None:
    if not world.slack.state.groups.get("S_SALES"):
        world.slack.user_group("S_SALES", "sales", "Sales and success", [])
    await world.slack.change_group("S_SALES", list(people))
    await world.settle()


@pytest.mark.parametrize("words", ["to <!subteam^S_SALES|@sales>", "to <!subteam^S_SALES>", "to @sales", "to @sales and <@U_PLAT>."])
async def test_a_user_group_is_named_and_whoever_is_in_it_sees_it(world: World, words: str) -> None:
    release = await billing(world)
    await sales(world, "U_SALES", "U_GUEST")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", f"restrict Billing revamp {words}")
    assert "It is seen by @sales" in reply.text
    assert [await _seen_by(world, person) for person in ("U_SALES", "U_MOB", "U_GUEST")] == [True, False, False]
    await sales(world, "U_MOB")
    assert [await _seen_by(world, person) for person in ("U_SALES", "U_MOB")] == [False, True]
    assert (await changes(world, release))[-1].after.split()[0] == "S_SALES"


async def test_groups_are_chosen_in_the_form_beside_people(world: World) -> None:
    await billing(world)
    await sales(world, "U_SALES")
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "restrict Billing revamp")
    await pia.submit({"User groups": ["S_SALES"]})
    await world.settle()
    assert [await _seen_by(world, person) for person in ("U_SALES", "U_MOB")] == [True, False]
    await pia.command("C_WEEKLY", "/release", "R-1")
    await press_last(world, "U_PM", "C_WEEKLY", "More")
    assert "restricted to @sales" in "\n".join(said(pia.view["blocks"]))
    await pia.press(pia.view, "releases:restrict")
    assert "'initial_options': [{'text': {'type': 'plain_text', 'text': '@sales'" in str(pia.view)


async def test_a_follower_in_a_group_hears_as_long_as_they_are_in_it(world: World) -> None:
    await billing(world)
    await sales(world, "U_SALES")
    await world.as_("U_SALES").command("C_WEEKLY", "/release", "follow Billing revamp")
    await world.as_("U_PM").command("C_WEEKLY", "/release", "restrict Billing revamp to @sales")
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    await world.advance(minutes=6)
    assert len(world.as_("U_SALES").dms()) == 1
    await sales(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 19 March because vendor late")
    await world.advance(minutes=6)
    assert len(world.as_("U_SALES").dms()) == 1


async def test_a_group_that_is_not_known_gets_a_sentence(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "restrict Billing revamp to <!subteam^S_NONE|@none>")
    assert "I know no such user group" in str(pia.view)
