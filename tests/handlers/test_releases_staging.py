"""How far a release has reached before everyone has it."""

from datetime import date

import pytest

from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, changes, of, press
from tests.world import World


@pytest.mark.parametrize(
    "words",
    [
        "stage Billing revamp beta",
        "stage Billing revamp to open beta",
        "ship Billing revamp to beta",
        "Stage “Billing revamp” beta on 21 November",
        "launch R-1 to beta",
    ],
)
async def test_a_stage_short_of_everyone_leaves_it_open(world: World, words: str) -> None:
    release = await billing(world)
    reply = await world.as_("U_PM").command("C_PAY", "/release", words)
    assert reply.text.startswith("Billing revamp has reached beta: invited customers, since Sat 21 Nov 2026.")
    now = await of(world, release)
    assert (now.stage, now.is_open, now.shipped_on) == ("beta", True, None)
    card = await world.as_("U_PM").command("C_PAY", "/release", "R-1")
    assert "Reached beta." in card.text
    assert "reached beta (owner)" in "\n".join(said(card.blocks))


@pytest.mark.parametrize(
    "words", ["ship Billing revamp", "stage Billing revamp everyone", "ship Billing revamp to everyone", "stage R-1 GA"]
)
async def test_everyone_is_shipped(world: World, words: str) -> None:
    release = await billing(world)
    reply = await world.as_("U_PM").command("C_PAY", "/release", words)
    assert "It is available to everyone." in reply.text
    assert (await of(world, release)).shipped_on == date(2026, 11, 21)


async def test_a_name_that_ends_with_a_stage_is_a_name_first(world: World) -> None:
    whole, part = await world.release("Open beta", "2027-01-29"), await world.release("Open", "2027-01-29")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "ship Open beta")
    assert [(await of(world, each)).shipped_on is None for each in (whole, part)] == [False, True]
    await pia.command("C_PAY", "/release", "stage Open beta limited")
    assert (await of(world, part)).stage is None


async def test_followers_hear_of_a_stage_and_customers_do_not(world: World) -> None:
    await billing(world)
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "follow Billing revamp")
    await world.as_("U_PM").command("C_PAY", "/release", "stage Billing revamp limited because ten customers asked")
    await world.advance(minutes=6)
    (notice,) = world.as_("U_MOB").dms()
    assert notice.text.startswith("Billing revamp reached limited on Sat 21 Nov 2026.")
    assert "ten customers asked" in notice.text


async def test_a_stage_is_taken_back(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "stage Billing revamp internal")
    await world.advance(minutes=10)
    reply = await pia.command("C_PAY", "/release", "stage Billing revamp beta")
    assert "It was internal: our own people." in reply.text
    await press(pia, reply, "Undo")
    await world.settle()
    assert (await of(world, release)).stage == "internal"
    assert any("Billing revamp is at internal again" in message.text for message in pia.sees("C_PAY"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("stage Billing revamp", "Who has it?"),
        ("stage", "Release"),
        ("stage Biling revamp beta", 'There is no release "Biling revamp". Did you mean Billing revamp?'),
        ("stage Billing revamp beta on 27 November", "Fri 27 Nov 2026 is ahead."),
        ("stage Billing revamp beta on 31 February", "There is no 31 February"),
    ],
)
async def test_what_is_missing_or_wrong_opens_the_form(world: World, words: str, sentence: str) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", words)
    assert sentence in str(pia.view)
    assert len(await changes(world, release)) == 4


async def test_the_form_sets_the_stage(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "stage Billing revamp")
    await pia.submit({"Who has it?": "Limited: some customers"})
    assert (await of(world, release)).stage == "limited"


async def test_what_shipped_reaches_no_less(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "ship Billing revamp")
    reply = await pia.command("C_PAY", "/release", "stage Billing revamp beta")
    assert "Roll it back first." in reply.text
    assert (await of(world, release)).stage == "everyone"
