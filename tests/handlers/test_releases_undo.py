"""Journeys: a change is taken back while nobody has heard of it."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from models import Follow, Outbox, Release, ReleaseName
from playground import Actor
from tests.handlers.release_steps import billing, buttons, changes, of, press
from tests.world import World

DEEDS = [
    ("move R-1 to 12 March because vendor late", "Billing revamp is on Fri 5 Mar 2027 again."),
    ("ship R-1", "Billing revamp has not shipped."),
    ("cancel R-1 because bought", "Billing revamp is open again."),
    ("health R-1 red because vendor gone", "Billing revamp has no health set again."),
]


async def followed(world: World) -> int:
    release = await billing(world)
    async with world.transaction() as session:
        session.add(Follow(release_id=release, person="U_MOB", followed_at=world.clock.now()))
    return release


async def columns(world: World, release_id: int) -> dict[str, Any]:
    release = await of(world, release_id)
    dates = ("target_on", "baseline_on", "shipped_on", "changed_at")
    states = ("name", "stage", "is_open", "is_cancelled", "health", "owner", "team_id")
    return {name: getattr(release, name) for name in (*dates, *states)}


async def waiting(world: World) -> int:
    async with world.reading() as session:
        return len(list(await session.scalars(select(Outbox).where(Outbox.change_id.is_not(None), Outbox.settled_at.is_(None)))))


def last_private(person: Actor, channel: str = "C_PAY") -> str:
    return person.sees(channel)[-1].text


@pytest.mark.parametrize(("words", "sentence"), DEEDS)
async def test_undo_gives_back_what_was_and_nobody_hears(world: World, words: str, sentence: str) -> None:
    release = await followed(world)
    before = await columns(world, release)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", words)
    await world.settle()
    assert await waiting(world) > 0
    assert world.as_("U_MOB").dms() == []
    await press(pia, reply, "Undo")
    await world.settle()
    assert last_private(pia) == f"Taken back. {sentence} Nobody was told."
    assert await columns(world, release) == before
    last = (await changes(world, release))[-1]
    assert (last.voided_by, last.void_reason, last.voided_at is not None) == ("U_PM", "undone", True)
    assert await waiting(world) == 0
    await world.advance(minutes=6)
    assert world.as_("U_MOB").dms() == []


async def test_undo_typed_says_where_its_button_stands(world: World) -> None:
    await billing(world)
    for line in ("undo", "undo Billing revamp"):
        reply = await world.as_("U_PM").command("C_WEEKLY", "/release", line)
        assert reply.text.startswith("Undo is a button. It stands under the answer to what you changed, for 5 minutes;")


async def test_undo_of_a_new_one_gives_its_name_back(world: World) -> None:
    pia = world.as_("U_PM")
    reply = await pia.command("C_WEEKLY", "/release", "new Billing revamp 5 March")
    await press(pia, reply, "Undo")
    await world.settle()
    assert "Billing revamp was not added" in last_private(pia, "C_WEEKLY")
    async with world.reading() as session:
        assert list(await session.scalars(select(ReleaseName))) == []
        assert not (await session.scalars(select(Release))).one().is_open
    assert "R-2" in (await pia.command("C_WEEKLY", "/release", "new Billing revamp 5 March")).text


async def test_undo_of_a_rollback_and_of_an_owner(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    await world.as_("U_LEAD").command("C_PAY", "/team", "list")
    await pia.command("C_PAY", "/release", "ship R-1")
    back = await pia.command("C_PAY", "/release", "rollback R-1 because failed")
    await press(pia, back, "Undo")
    await world.settle()
    assert "counts as shipped on Sat 21 Nov 2026 again" in last_private(pia)
    assert not (await of(world, release)).is_open
    given = await pia.command("C_PAY", "/release", "owner R-1 <@U_LEAD|paul>")
    await press(pia, given, "Undo")
    await world.settle()
    assert "is owned by Pia Marsh again" in last_private(pia)


async def test_after_five_minutes_it_stays(world: World) -> None:
    release = await billing(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "move R-1 to 12 March because vendor late")
    await world.advance(minutes=5)
    await press(pia, reply, "Undo")
    await world.settle()
    assert "That was more than 5 minutes ago" in last_private(pia)
    assert (await of(world, release)).target_on.isoformat() == "2027-03-12"


async def test_changed_again_since_it_stays_until_the_later_one_is_undone(world: World) -> None:
    release = await billing(world)
    pia, paul = world.as_("U_PM"), world.as_("U_LEAD")
    first = await pia.command("C_PAY", "/release", "move R-1 to 12 March because vendor late")
    second = await paul.command("C_PAY", "/release", "move R-1 to 19 March because vendor later")
    await press(pia, first, "Undo")
    await world.settle()
    assert "was changed again since" in last_private(pia)
    await press(paul, second, "Undo")
    await press(pia, first, "Undo")
    await world.settle()
    assert (await of(world, release)).target_on.isoformat() == "2027-03-05"


async def test_only_who_did_it_takes_it_back(world: World) -> None:
    release = await billing(world)
    pia, paul = world.as_("U_PM"), world.as_("U_LEAD")
    await pia.command("C_PAY", "/release", "move R-1 to 12 March because vendor late")
    mine = await paul.command("C_PAY", "/release", "health R-1 green")
    theirs = (await changes(world, release))[-2]
    (pressed,) = [each for each in mine.message.blocks if each["type"] == "actions"]
    pressed["elements"][0]["value"] = str(theirs.id)  # a forged button
    await press(paul, mine, "Undo")
    await world.settle()
    assert "Only the person who made that change" in last_private(paul)
    assert (await of(world, release)).target_on.isoformat() == "2027-03-12"


async def test_pressed_twice_or_delivered_twice_it_is_undone_once(world: World) -> None:
    release = await followed(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "move R-1 to 12 March because vendor late")
    action = buttons(reply.blocks)["Undo"]
    await asyncio.gather(pia.press(reply.message, action), pia.press(reply.message, action))
    await world.slack.deliver_again(world.slack.deliveries[-1])
    await world.settle()
    assert (await of(world, release)).target_on.isoformat() == "2027-03-05"
    assert sum(row.voided_at is not None for row in await changes(world, release)) == 1
    assert "Taken back" in last_private(pia)


async def test_undo_and_a_move_at_once_leave_a_history_that_agrees(world: World) -> None:
    release = await billing(world)
    pia, paul = world.as_("U_PM"), world.as_("U_LEAD")
    await paul.command("C_PAY", "/team", "list")
    first = await pia.command("C_PAY", "/release", "move R-1 to 12 March because vendor late")
    await asyncio.gather(press(pia, first, "Undo"), paul.command("C_PAY", "/release", "move R-1 to 19 March because vendor later"))
    await world.settle()
    mine, theirs = (await changes(world, release))[-2:]
    assert theirs.before == ("2027-03-05" if mine.voided_at else "2027-03-12")
    assert (await of(world, release)).target_on.isoformat() == "2027-03-19"


async def test_what_was_never_made_is_offered_nowhere_and_cannot_be_brought_to_life(world: World) -> None:
    pia = world.as_("U_PM")
    made = await pia.command("C_WEEKLY", "/release", "new Wren 5 May 2027")
    stale = await pia.command("C_WEEKLY", "/release", "R-1")
    await press(pia, made, "Undo")
    await world.settle()
    assert pia.sees("C_WEEKLY")[0].text == "Taken back. Wren was not added. Nobody was told."
    assert buttons(pia.sees("C_WEEKLY")[0].blocks) == {}
    await pia.command("C_WEEKLY", "/release", "move")
    assert await pia.options("releases:find", "wren") == []
    assert await pia.options("releases:find", "1") == []
    for line in ("status Wrenn", "history Wrenn", "R-1", "history R-1"):
        reply = await pia.command("C_WEEKLY", "/release", line)
        assert "Did you mean Wren" not in reply.text and "Cancelled" not in reply.text, line
    for line in ("rename R-1 to Kite", "alias R-1 as Kite"):
        await pia.command("C_WEEKLY", "/release", line)
    await press(pia, stale, "Move date")
    await world.settle()
    assert "That release is gone, or it is not shown to you. Nothing was changed." in [message.text for message in pia.sees("C_WEEKLY")]
    assert "no release" in (await pia.command("C_WEEKLY", "/release", "status Kite")).text
    made = await pia.command("C_WEEKLY", "/release", "new Wren 6 May 2027")
    assert "Wren is planned for Thu 6 May 2027" in made.text


@pytest.mark.parametrize("line", ["add refunds to Wren because promised", 'say Wren "In spring."'])
async def test_a_new_one_that_others_put_something_on_stays(world: World, line: str) -> None:
    made = await world.as_("U_PM").command("C_WEEKLY", "/release", "new Wren 5 May 2027")
    await world.as_("U_LEAD").command("C_WEEKLY", "/release", line)
    await press(world.as_("U_PM"), made, "Undo")
    await world.settle()
    assert "by now, so it stays. You can cancel it instead." in last_private(world.as_("U_PM"), "C_WEEKLY")
    assert "(R-1)" in (await world.as_("U_PM").command("C_WEEKLY", "/release", "status Wren")).text


@pytest.mark.parametrize("line", ["rename Kite to Heron", "restrict Kite to <@U_LEAD|paul>", "duplicate Kite of Owl"])
async def test_undo_says_which_other_took_the_name_meanwhile(world: World, line: str) -> None:
    await world.release("Kite", "2027-03-05", owner="U_PM")
    await world.release("Owl", "2027-03-05", owner="U_PM")
    pia = world.as_("U_PM")
    changed = await pia.command("C_WEEKLY", "/release", line)
    await world.as_("U_SALES").command("C_WEEKLY", "/release", "new Kite 5 May 2027")
    await press(pia, changed, "Undo")
    await world.settle()
    assert last_private(pia, "C_WEEKLY").endswith("R-3 is called so too: say R-1 or R-3, or rename one of them.")
