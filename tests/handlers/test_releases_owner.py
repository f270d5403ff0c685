"""Journeys: what somebody else changes is told to the owner at once, who may take it back for a day; and telling people before the time."""

import asyncio

import pytest

from tests.handlers.release_steps import billing, hears_everything, of, press
from tests.world import World


async def moved(world: World, person: str = "U_LEAD", day: str = "12 March") -> object:
    return await world.as_(person).command("C_PAY", "/release", f"move Billing revamp to {day} because vendor late")


def dms(world: World, person: str) -> list[str]:
    return [message.text for message in world.as_(person).dms()]


async def follow(world: World, *people: str) -> None:
    for person in people:
        await world.as_(person).command("C_WEEKLY", "/release", "follow Billing revamp")


async def test_the_owner_hears_at_once_with_a_day_to_undo(world: World) -> None:
    await billing(world)
    reply = await moved(world)
    assert "Pia Marsh, who owns it, is told at once" in reply.text
    await world.settle()
    (notice,) = dms(world, "U_PM")
    assert notice.splitlines()[:3] == [
        "Billing revamp moves to Fri 12 Mar 2027 (+5 working days).",
        "Paul Lind moved it from Fri 5 Mar 2027.",
        "Why: vendor late",
    ]
    assert "You own this release · Undo until Sun 22 Nov, 09:00 Berlin, unless it changes again" in notice
    await world.advance(minutes=6)
    assert len(dms(world, "U_PM")) == 1


async def test_the_owner_takes_it_back_after_hours_and_everybody_told_hears_so(world: World) -> None:
    await billing(world)
    await follow(world, "U_MOB", "U_PM")
    await moved(world)
    await world.advance(hours=20)
    assert len(dms(world, "U_MOB")) == 1
    pia = world.as_("U_PM")
    await press(pia, pia.dms()[0], "Undo")
    await world.settle()
    release = await of(world, 1)
    assert str(release.target_on) == "2027-03-05"
    assert pia.dms()[0].text == "Taken back. Billing revamp is on Fri 5 Mar 2027 again. Those who were told of it are told so."
    assert dms(world, "U_MOB")[1].splitlines()[:2] == [
        "Correction: Billing revamp is on Fri 5 Mar 2027 again.",
        "Pia Marsh took back the change that you were told of.",
    ]
    assert dms(world, "U_LEAD") == ["Pia Marsh, who owns Billing revamp, took back your change: it is on Fri 5 Mar 2027 again."]
    assert len(dms(world, "U_PM")) == 1
    await world.advance(days=1)
    assert [len(dms(world, person)) for person in ("U_MOB", "U_LEAD", "U_PM")] == [2, 1, 1]


async def test_taken_back_by_the_owner_in_time_nobody_else_hears(world: World) -> None:
    await billing(world)
    await follow(world, "U_MOB")
    await moved(world)
    await world.settle()
    pia = world.as_("U_PM")
    await press(pia, pia.dms()[0], "Undo")
    await world.advance(minutes=10)
    assert dms(world, "U_MOB") == []
    assert "Nobody was told" in pia.dms()[0].text
    assert len(dms(world, "U_LEAD")) == 1


async def test_taken_back_by_who_made_it_the_owner_reads_so_in_the_same_message(world: World) -> None:
    await billing(world)
    reply = await moved(world)
    await world.settle()
    await press(world.as_("U_LEAD"), reply, "Undo")
    await world.settle()
    assert dms(world, "U_PM") == ["Taken back. Billing revamp is on Fri 5 Mar 2027 again. Nobody was told."]


async def test_an_owners_undo_ends_after_a_day_and_with_the_next_change(world: World) -> None:
    await billing(world)
    await moved(world)
    await world.settle()
    pia = world.as_("U_PM")
    first = pia.dms()[0]
    await moved(world, day="19 March")
    await world.settle()
    await press(pia, first, "Undo")
    await world.settle()
    assert "was changed again since" in pia.dms()[-1].text + pia.dms()[0].text
    assert str((await of(world, 1)).target_on) == "2027-03-19"
    await world.advance(days=1, minutes=1)
    second = next(message for message in pia.dms() if "19 Mar" in message.text and "moves to" in message.text)
    await press(pia, second, "Undo")
    await world.settle()
    assert "more than a day ago" in pia.dms()[-1].text
    assert str((await of(world, 1)).target_on) == "2027-03-19"


async def test_only_doer_and_owner_may_take_it_back(world: World) -> None:
    await billing(world)
    await moved(world)
    await world.settle()
    notice = world.as_("U_PM").dms()[0]
    value = next(element["value"] for block in notice.blocks if block["type"] == "actions" for element in block["elements"])
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "follow Billing revamp")
    forged = world.as_("U_MOB").sees("C_WEEKLY")[-1]
    element = next(element for block in forged.blocks if block["type"] == "actions" for element in block["elements"])
    element["action_id"], element["value"] = "releases:undo", value
    await world.as_("U_MOB").press(forged, "releases:undo")
    await world.settle()
    assert "Only the person who made that change, or the owner" in world.as_("U_MOB").sees("C_WEEKLY")[-1].text
    assert str((await of(world, 1)).target_on) == "2027-03-12"


async def test_handing_over_is_told_to_both_and_either_may_take_it_back(world: World) -> None:
    await billing(world)
    await world.as_("U_LEAD").command("C_PAY", "/release", "owner Billing revamp <@U_MOB|mona>")
    await world.settle()
    assert dms(world, "U_PM")[0].splitlines()[:2] == ["Billing revamp is owned by Mona Lake now.", "Paul Lind handed it over."]
    assert dms(world, "U_MOB")[0].splitlines()[:2] == ["Billing revamp is yours now.", "Paul Lind handed it over."]
    pia = world.as_("U_PM")
    await press(pia, pia.dms()[0], "Undo")
    await world.settle()
    assert (await of(world, 1)).owner == "U_PM"
    assert "is owned by Pia Marsh again" in dms(world, "U_MOB")[0]


async def test_tell_them_now_tells_once_and_ends_undo(world: World) -> None:
    await billing(world)
    await follow(world, "U_MOB", "U_PLAT")
    pia = world.as_("U_PM")
    reply = await moved(world, "U_PM")
    assert "Tell them now" in str(reply.blocks)
    await press(pia, reply, "Tell them now")
    await world.settle()
    assert [len(dms(world, person)) for person in ("U_MOB", "U_PLAT")] == [1, 1]
    assert (
        pia.sees("C_PAY")[-1].text == "2 people are told about Billing revamp now, or when they chose. The change can no longer be undone."
    )
    await world.advance(minutes=10)
    assert [len(dms(world, person)) for person in ("U_MOB", "U_PLAT")] == [1, 1]


async def test_told_at_once_and_undone_at_once_are_never_both(world: World) -> None:
    await billing(world)
    await follow(world, "U_MOB")
    await hears_everything(world, "U_MOB")
    for n in range(6):
        reply = await moved(world, "U_PM", f"{n + 8} March")
        pia = world.as_("U_PM")
        before = len(dms(world, "U_MOB"))
        await asyncio.gather(press(pia, reply, "Tell them now"), press(pia, reply, "Undo"))
        await world.settle()
        await world.advance(minutes=6)
        told = len(dms(world, "U_MOB")) - before
        release = await of(world, 1)
        assert told == (1 if release.target_on.day == n + 8 else 0)


async def test_nobody_is_offered_to_be_told_where_nobody_follows(world: World) -> None:
    await billing(world)
    assert "Tell them now" not in str((await moved(world, "U_PM")).blocks)


@pytest.mark.parametrize("words", ["ship Billing revamp", "move Billing revamp to 12 March because vendor late"])
async def test_threads_are_corrected_too(world: World, words: str) -> None:
    await billing(world)
    said = await world.as_("U_LEAD").say("C_PAY", "Acme waits")
    lead = world.as_("U_LEAD")
    await lead.shortcut("feedback:log", channel="C_PAY", ts=said.ts)
    await world.settle()
    await lead.press(lead.view, "feedback:more")
    await lead.submit({"Customer": "Acme", "Release": "Billing revamp", "Until then": ["follow"]})
    await world.as_("U_OPS").command("C_WEEKLY", "/release", words)
    await world.advance(minutes=6)
    assert len(lead.thread("C_PAY", said.ts)) == 3
    pia = world.as_("U_PM")
    await press(pia, pia.dms()[0], "Undo")
    await world.settle()
    reads = "has not shipped. You will hear again when it is out." if "ship" in words else "is on Fri 5 Mar 2027 again."
    assert [message.text.split("\n")[0] for message in lead.thread("C_PAY", said.ts)[3:]] == [f"Correction: Billing revamp {reads}"]
    await world.as_("U_OPS").command("C_WEEKLY", "/release", words)
    await world.advance(minutes=6)
    assert len(lead.thread("C_PAY", said.ts)) == 5


async def test_whom_a_release_was_taken_from_reads_that_they_owned_it(world: World) -> None:
    await billing(world)
    await world.as_("U_OPS").command("C_WEEKLY", "/release", "owner Billing revamp <@U_MOB|mona>")
    await world.settle()
    (before,), (after,) = ([message.text for message in world.as_(person).dms()] for person in ("U_PM", "U_MOB"))
    assert "is owned by Mona Lake now." in before and "You owned this release · Undo until" in before
    assert "is yours now." in after and "You own this release · Undo until" in after
