"""Journeys: who follows a release hears of each change once, five minutes after it was made."""

import asyncio

import pytest
from sqlalchemy import select

from models import Follow
from tests.handlers.release_steps import billing, hears_everything, press
from tests.world import World


async def follow(world: World, *people: str) -> None:
    for person in people:
        await world.as_(person).command("C_WEEKLY", "/release", "follow Billing revamp")


def heard(world: World, person: str) -> list[str]:
    return [message.text for message in world.as_(person).dms()]


async def test_followers_and_the_owner_hear_once_after_five_minutes(world: World) -> None:
    await billing(world)
    await follow(world, "U_MOB")
    await world.as_("U_LEAD").command("C_PAY", "/release", "move Billing revamp to 12 March because vendor late")
    await world.advance(minutes=4)
    assert heard(world, "U_MOB") == []
    await world.advance(minutes=2)
    (notice,) = heard(world, "U_MOB")
    assert notice.splitlines() == [
        "Billing revamp moves to Fri 12 Mar 2027 (+5 working days).",
        "Paul Lind moved it from Fri 5 Mar 2027.",
        "Why: vendor late",
        "R-1 · You follow this release",
    ]
    assert "You own this release" in heard(world, "U_PM")[0]
    assert heard(world, "U_LEAD") == []
    await world.advance(minutes=10)
    assert len(heard(world, "U_MOB")) == 1


async def test_nobody_hears_of_their_own(world: World) -> None:
    await billing(world)
    await follow(world, "U_PM")
    reply = await world.as_("U_PM").command("C_PAY", "/release", "health Billing revamp red because vendor gone")
    assert "Nobody else follows it, so nobody is told" in reply.text
    await world.advance(minutes=6)
    assert heard(world, "U_PM") == []


async def test_each_kind_of_change_is_told_in_its_own_words(world: World) -> None:
    await billing(world)
    await follow(world, "U_MOB")
    await hears_everything(world, "U_MOB")
    pia = world.as_("U_PM")
    for words in (
        "health R-1 amber because API late",
        "health R-1 amber because still late",
        "ship R-1",
        "rollback R-1 because refunds failed",
        "cancel R-1 because bought",
        "owner R-1 <@U_PM|pia>",
    ):
        await pia.command("C_PAY", "/release", words)
        await world.advance(minutes=6)
    assert [notice.splitlines()[0] for notice in heard(world, "U_MOB")] == [
        "Billing revamp is Amber: at risk.",
        "Billing revamp shipped on Sat 21 Nov 2026 (75 working days early).",
        "Correction: Billing revamp was taken back.",
        "Billing revamp is cancelled.",
    ]


async def test_unfollowed_in_time_they_hear_nothing(world: World) -> None:
    await billing(world)
    await follow(world, "U_MOB")
    await world.as_("U_PM").command("C_PAY", "/release", "move R-1 to 12 March because vendor late")
    reply = await world.as_("U_MOB").command("C_WEEKLY", "/release", "unfollow r1")
    assert "You follow Billing revamp no longer." in reply.text
    await world.advance(minutes=6)
    assert heard(world, "U_MOB") == []


async def test_a_restricted_one_is_told_to_its_readers_only(world: World) -> None:
    release = await world.release("Pricing", "2027-03-05", owner="U_PM", restricted=True)
    async with world.transaction() as session:
        session.add(Follow(release_id=release, person="U_SALES", followed_at=world.clock.now()))
    await world.as_("U_SALES").command("C_WEEKLY", "/team", "list")
    await world.as_("U_SALES").command("C_WEEKLY", "/release", "follow Pricing")
    assert "There is no release" in str(world.as_("U_SALES").view)
    reply = await world.as_("U_PM").command("C_PAY", "/release", "move Pricing to 12 March because secret")
    assert "nobody is told" in reply.text
    await world.advance(minutes=6)
    assert heard(world, "U_SALES") == []


async def test_buttons_follow_and_unfollow(world: World) -> None:
    await billing(world)
    mona = world.as_("U_MOB")
    reply = await mona.command("C_WEEKLY", "/release", "follow Billing revamp")
    assert "You follow Billing revamp." in reply.text
    assert "You follow already" in (await mona.command("C_WEEKLY", "/release", "follow Billing revamp")).text
    await press(mona, reply, "Unfollow")
    await world.settle()
    async with world.reading() as session:
        assert list(await session.scalars(select(Follow))) == []


@pytest.mark.parametrize("verb", ["follow", "unfollow"])
async def test_without_a_name_a_form_asks_for_it(world: World, verb: str) -> None:
    await billing(world)
    mona = world.as_("U_MOB")
    await mona.command("C_WEEKLY", "/release", verb)
    await mona.submit({"Release": "Billing revamp (R-1)"})
    await world.settle()
    async with world.reading() as session:
        assert len(list(await session.scalars(select(Follow)))) == (verb == "follow")


async def test_pressed_many_times_at_once_one_follows_once(world: World) -> None:
    await billing(world)
    mona = world.as_("U_MOB")
    replies = await asyncio.gather(*(mona.command("C_WEEKLY", "/release", "follow Billing revamp") for _ in range(5)))
    assert all("You follow" in reply.text for reply in replies)
    async with world.reading() as session:
        assert len(list(await session.scalars(select(Follow)))) == 1
