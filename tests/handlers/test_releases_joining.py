"""A duplicate takes everything that was linked to it along, and undoing brings all of it back; further names are given up again."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models import Awaited, Dependency, Escalation, Feedback, Follow, Item
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, changes, hears_everything, of, press
from tests.world import World

LINKED = (Feedback, Item, Dependency, Escalation)


async def _linked(world: World) -> tuple[int, int]:
    """Invoices is linked to something of every kind; Mona follows both."""
    stays, goes = await billing(world), await world.release("Invoices", "2027-04-01", owner="U_PM")
    now = world.clock.now()
    async with world.transaction() as session:
        session.add_all(
            Feedback(number=n, words="by region", type="request", reporter="U_SALES", logged_at=now, release_id=goes) for n in (1, 2)
        )
        pieces = [Item(title=f"piece {n}", team_id=1, release_id=goes, state=state) for n, state in enumerate(("open", "done", "dropped"))]
        session.add_all(pieces)
        await session.flush()
        asked = {"asked_team_id": 1, "release_id": goes, "needed_on": date(2027, 3, 1), "asked_at": now}
        session.add(Dependency(number=1, what="refunds", state="asked", **asked))
        session.add(Dependency(what="noted", state="noted", item_id=pieces[0].id, **asked))
        raised = {"raised_by": "U_SALES", "raised_at": now, "acknowledge_by": now, "resolve_by": now, "updated_at": now}
        session.add(Escalation(number=1, summary="down", severity="high", release_id=goes, **_known(Escalation, raised)))
        session.add_all(Follow(release_id=release, person="U_MOB", followed_at=now) for release in (stays, goes))
        session.add_all(Follow(release_id=goes, person=person, followed_at=now) for person in ("U_PLAT", "U_SALES"))
        session.add(Awaited(release_id=goes, person="U_SALES", what="ships", since=now))
    return stays, goes


def _known(kind: Any, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in kind.__table__.c}


async def _state(world: World) -> dict[str, Any]:
    """Where everything is linked, and who follows what."""
    async with world.reading() as session:
        found: dict[str, Any] = {
            kind.__name__: [row.release_id for row in await session.scalars(select(kind).order_by(kind.id))] for kind in LINKED
        }
        found["follows"] = sorted((row.release_id, row.person) for row in await session.scalars(select(Follow)))
        found["awaits"] = sorted((row.release_id, row.person) for row in await session.scalars(select(Awaited)))
    return found


async def test_everything_that_was_linked_to_a_duplicate_goes_to_the_one_that_stays(world: World) -> None:
    stays, goes = await _linked(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "duplicate Invoices of Billing revamp")
    await hears_everything(world, "U_PLAT")
    said_so = "With it go 2 pieces of work, 1 ask, 1 escalation, 2 pieces of feedback and 2 people who follow it."
    assert said_so in reply.text
    now = await _state(world)
    assert [now[kind.__name__] for kind in LINKED] == [[stays] * 2, [stays, stays, goes], [stays] * 2, [stays]]
    assert {person for release, person in now["follows"] if release == stays} == {"U_MOB", "U_PLAT", "U_SALES"}
    assert (stays, "U_SALES") in now["awaits"]
    card = "\n".join(said((await world.as_("U_PM").command("C_WEEKLY", "/release", "Billing revamp")).blocks))
    assert "1 of 2" in card
    await world.advance(minutes=6)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    await world.advance(minutes=6)
    assert "moves to Fri 12 Mar 2027" in world.as_("U_PLAT").dms()[-1].text


async def test_undoing_brings_all_of_it_back(world: World) -> None:
    _, goes = await _linked(world)
    before = await _state(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "duplicate Invoices of Billing revamp")
    await press(world.as_("U_PM"), reply, "Undo")
    await world.settle()
    assert await _state(world) == before
    assert (await of(world, goes)).is_open
    card = "\n".join(said((await world.as_("U_PM").command("C_WEEKLY", "/release", "Invoices")).blocks))
    assert "1 of 2" in card
    assert "moved in" not in card
    assert "moved out" not in card


async def test_what_was_linked_elsewhere_since_stays_there(world: World) -> None:
    stays, goes = await _linked(world)
    third = await world.release("Search", "2027-04-01")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "duplicate Invoices of Billing revamp")
    async with world.transaction() as session:
        (await session.scalars(select(Feedback).where(Feedback.number == 2))).one().release_id = third
        await session.delete((await session.scalars(select(Follow).where(Follow.release_id == stays, Follow.person == "U_PLAT"))).one())
    await press(world.as_("U_PM"), reply, "Undo")
    await world.settle()
    now = await _state(world)
    assert now["Feedback"] == [goes, third]
    assert (goes, "U_PLAT") in now["follows"]


async def test_an_answer_counts_no_words_that_its_reader_may_not_see(world: World) -> None:
    await _linked(world)
    async with world.transaction() as session:
        for each in await session.scalars(select(Feedback)):
            each.channel = "C_PRIV"
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "duplicate Invoices of Billing revamp")
    assert "With it go 2 pieces of work, 1 ask, 1 escalation and 2 people who follow it." in reply.text
    assert "feedback" not in reply.text


@pytest.mark.parametrize("words", ["unalias BR", "unalias Billing revamp as BR", "unalias BR from Billing revamp", "unalias “BR”."])
async def test_a_further_name_is_taken_away_and_comes_back_by_undo(world: World, words: str) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "alias Billing revamp as BR")
    reply = await pia.command("C_WEEKLY", "/release", words)
    assert reply.text.startswith("Billing revamp answers to BR no longer.")
    assert "There is no release" in (await pia.command("C_WEEKLY", "/release", "status BR")).text
    assert (await changes(world, release))[-1].before == "BR"
    await press(pia, reply, "Undo")
    await world.settle()
    assert (await pia.command("C_WEEKLY", "/release", "status BR")).text.startswith("Billing revamp")


async def test_a_former_name_is_given_up_so_that_another_may_have_it(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "rename Billing revamp to Invoices")
    assert "answers to Billing revamp no longer." in (await pia.command("C_WEEKLY", "/release", "unalias Billing revamp")).text
    assert "There is no release" in (await pia.command("C_WEEKLY", "/release", "status Billing revamp")).text


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("unalias Billing revamp", "Billing revamp is its name. Rename it instead. Nothing was changed."),
        ("unalias", "Another name"),
        ("unalias BRX", 'There is no release "BRX".'),
        ("unalias Billing revamp as Nothing", 'Billing revamp does not answer to "Nothing".'),
    ],
)
async def test_what_is_missing_or_wrong_opens_the_form_and_changes_nothing(world: World, words: str, sentence: str) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "alias Billing revamp as BR")
    await pia.command("C_WEEKLY", "/release", words)
    assert pia.view is not None
    assert sentence in str(pia.view)
    assert [row.field for row in await changes(world, release)][-1] == "alias"
