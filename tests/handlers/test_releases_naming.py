"""New names, further names, and two releases that are one."""

from typing import Any

import pytest

from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, changes, of, press
from tests.world import World


async def _names(world: World, person: str, words: str) -> str:
    reply = await world.as_(person).command("C_WEEKLY", "/release", f"status {words}")
    return reply.text.partition(":")[0]


async def test_a_renamed_release_answers_to_both_names(world: World) -> None:
    release = await billing(world)
    reply = await world.as_("U_PM").command("C_PAY", "/release", "rename Billing revamp to Billing 2")
    assert reply.text.startswith("Billing 2 is its name now.\nIt was Billing revamp. That name goes on answering.")
    assert (await of(world, release)).name == "Billing 2"
    assert await _names(world, "U_PM", "billing revamp") == await _names(world, "U_PM", "Billing 2") == "Billing 2 (R-1)"
    card = await world.as_("U_PM").command("C_PAY", "/release", "R-1")
    assert "renamed from Billing revamp (owner)" in "\n".join(said(card.blocks))


async def test_renaming_is_undone_and_its_follower_hears_only_what_stands(world: World) -> None:
    release = await billing(world)
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "follow Billing revamp")
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "rename Billing revamp to Billing 2")
    await press(pia, reply, "Undo")
    await world.advance(minutes=6)
    assert (await of(world, release)).name == "Billing revamp"
    assert world.as_("U_MOB").dms() == []
    assert "There is no release" in (await pia.command("C_PAY", "/release", "status Billing 2")).text
    await pia.command("C_PAY", "/release", "rename Billing revamp to Billing 3")
    await world.advance(minutes=6)
    heard = world.as_("U_MOB").dms()
    assert [message.text.split("\n")[:2] for message in heard] == [
        ["Billing 3 is its name now.", "Pia Marsh renamed it from Billing revamp."]
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("rename Billing revamp to Usage API", "There is a release of that name already. It is R-2"),
        ("rename Billing revamp to R-7", "is how releases are numbered"),
        ("rename Billing revamp to Billing revamp", "It is called Billing revamp already"),
        (f"rename Billing revamp to {'x' * 201}", "A name has at most 200 characters; this one has 201"),
        ("rename Biling revamp to Billing 2", 'There is no release "Biling revamp". Did you mean Billing revamp?'),
        ("rename Billing revamp", "New name"),
        ("rename", "Release"),
        ("alias Billing revamp as Usage API", "R-2 answers to that name already"),
        ("alias Billing revamp as billing REVAMP", "This one answers to that name already"),
        ("alias Billing revamp", "Another name"),
        ("duplicate Billing revamp of Billing revamp", "That is the same one: R-1"),
        ("duplicate Billing revamp of Usge API", 'There is no release "Usge API". Did you mean Usage API?'),
        ("duplicate Billing revamp", "The same as"),
    ],
)
async def test_what_is_missing_or_wrong_opens_the_form_and_changes_nothing(world: World, words: str, sentence: str) -> None:
    release = await billing(world)
    await world.release("Usage API", "2027-01-29")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", words)
    assert pia.view is not None
    assert sentence in str(pia.view).replace("&amp;", "&")
    assert len(await changes(world, release)) == 4


async def test_a_name_of_two_hundred_characters_is_kept_whole_and_shown_cut(world: World) -> None:
    release = await billing(world)
    long = "Billing " + "x" * 192
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", f"rename Billing revamp to {long}")
    assert (await of(world, release)).name == long
    assert reply.text.startswith(long[:59] + "… is its name now.")
    assert await _names(world, "U_PM", long) == f"{long[:59]}… (R-1)"
    await pia.command("C_PAY", "/release", f"move {long} to 12 March because vendor late")
    assert (await of(world, release)).target_on.isoformat() == "2027-03-12"


async def test_the_longest_known_name_wins_over_the_word_at_which_a_line_is_cut(world: World) -> None:
    cloud = await world.release("Move to cloud", "2027-01-29")
    move = await world.release("Move", "2027-01-29")
    await world.as_("U_PM").command("C_PAY", "/release", "rename Move to cloud to Go to cloud")
    assert ((await of(world, cloud)).name, (await of(world, move)).name) == ("Go to cloud", "Move")


async def test_another_name_answers_and_can_be_taken_back(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "alias BR for Billing revamp")
    assert "It answers to BR as well." in reply.text
    assert await _names(world, "U_MOB", "br") == "Billing revamp (R-1)"
    undone = await press(pia, reply, "Undo")
    await world.settle()
    assert undone is not None
    assert "There is no release" in (await pia.command("C_PAY", "/release", "status br")).text


async def _join(world: World) -> tuple[int, int, Any]:
    one, two = await billing(world), await world.release("Billing v2", "2027-04-01")
    await world.as_("U_PM").command("C_PAY", "/release", "rename Billing v2 to Invoices")
    reply = await world.as_("U_PM").command("C_PAY", "/release", "duplicate Invoices of Billing revamp")
    return one, two, reply


async def test_a_duplicate_is_closed_and_the_other_answers_to_all_its_names(world: World) -> None:
    one, two, reply = await _join(world)
    assert reply.text.startswith("Invoices is closed as a duplicate.\nBilling revamp (R-1) answers to its names from now on.")
    assert [(await of(world, each)).is_open for each in (one, two)] == [True, False]
    for name in ("Invoices", "Billing v2", "Billing revamp"):
        assert await _names(world, "U_MOB", name) == "Billing revamp (R-1)"
    card = await world.as_("U_MOB").command("C_WEEKLY", "/release", "R-2")
    assert "as a duplicate of Billing revamp (R-1)" in card.text
    listed = await world.as_("U_MOB").command("C_WEEKLY", "/release", "status all")
    assert "Invoices" not in listed.text


async def test_joining_is_undone_on_both_sides(world: World) -> None:
    one, two, reply = await _join(world)
    await press(world.as_("U_PM"), reply, "Undo")
    await world.settle()
    assert (await of(world, two)).is_open
    assert await _names(world, "U_MOB", "Invoices") == "Invoices (R-2)"
    assert [row.voided_at is not None for row in await changes(world, one) if row.field == "alias"] == [True, True]


async def test_followers_of_a_duplicate_are_told_which_one_stays(world: World) -> None:
    await billing(world)
    await world.release("Billing v2", "2027-04-01")
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "follow Billing v2")
    await world.as_("U_PM").command("C_PAY", "/release", "duplicate Billing v2 of Billing revamp")
    await world.advance(minutes=6)
    assert "found it to be the same as Billing revamp" in world.as_("U_MOB").dms()[-1].text


async def test_two_releases_that_fit_a_name_are_told_apart_by_number(world: World) -> None:
    """Both had the name once, and gave it up."""
    first = await world.release("Search", "2027-01-29")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "rename Search to Search for web")
    second = await world.release("Search", "2027-01-29")
    await pia.command("C_PAY", "/release", "rename Search to Search for mobile")
    await pia.command("C_PAY", "/release", "move Search to 12 March because vendor late")
    assert 'Two releases are called "Search": R-1 and R-2' in str(pia.view)
    assert [(await of(world, each)).target_on.isoformat() for each in (first, second)] == ["2027-01-29"] * 2
    await pia.close()
    shown = await pia.command("C_PAY", "/release", "status Search")
    assert shown.text.startswith('"Search" is R-1 Search for web and R-2 Search for mobile. Which one?')
    assert (await press(pia, shown, "R-2")) is not None


async def test_similar_open_work_is_shown_when_a_release_is_made(world: World) -> None:
    await billing(world)
    reply = await world.as_("U_MOB").command("C_WEEKLY", "/release", "new Revamp of billing 12 March 2027")
    assert "Somebody may be building this already:\n• Billing revamp (R-1), Payments, Fri 5 Mar 2027" in reply.text
    assert "/release duplicate R-2 of R-1" in reply.text
    other = await world.as_("U_MOB").command("C_WEEKLY", "/release", "new Regional hosting 12 March 2027")
    assert "Somebody" not in other.text


async def test_the_forms_do_what_the_lines_do(world: World) -> None:
    release = await billing(world)
    other = await world.release("Billing v2", "2027-04-01")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "rename")
    await pia.submit({"Release": "Billing revamp (R-1)", "New name": "Billing 2"})
    assert (await of(world, release)).name == "Billing 2"
    await pia.command("C_PAY", "/release", "alias")
    await pia.submit({"Release": "Billing 2 (R-1)", "Another name": "BR"})
    assert await _names(world, "U_PM", "BR") == "Billing 2 (R-1)"
    await pia.command("C_PAY", "/release", "duplicate Billing v2")
    await pia.submit({"The same as": "Billing 2 (R-1)"})
    assert not (await of(world, other)).is_open
