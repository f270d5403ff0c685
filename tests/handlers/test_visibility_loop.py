"""What closes the loop keeps words where they were said, too: one row a surface."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from models import Customer
from playground import Actor
from playground.state import Message
from tests.handlers.loop_steps import asks
from tests.handlers.test_visibility_words import SECRET, tell_secrets
from tests.world import World


async def linked(world: World, *, is_out: bool = True, account_owner: str | None = None) -> None:
    """The secret words wait for Kite, which Olga owns and may have shipped."""
    await tell_secrets(world)
    async with world.transaction() as session:
        for customer in await session.scalars(select(Customer)):
            customer.account_owner = account_owner
    await world.release("Kite", "2027-03-05", owner="U_OPS")
    await world.as_("U_PM").command("C_PRIV", "/customer-feedback", "link F-1 to Kite")
    if is_out:
        await world.as_("U_OPS").command("C_OPS", "/release", "ship Kite")
        await world.advance(minutes=6)


async def who_was_told(world: World, person: str) -> str:
    reply = await asks(world, person, "who-was-told Kite")
    return (reply.text + str(reply.blocks)).replace("Pia Marsh (F-1)", SECRET)


async def declined(world: World, person: str) -> str:
    actor = world.as_(person)
    reply = await asks(world, person, "decline F-1")
    shown = reply.text + str(actor.views)
    for _ in list(actor.views):
        await actor.close()
    return shown


Surface = Callable[[World, str], Awaitable[str]]


@pytest.mark.parametrize(("surface", "is_out"), [(who_was_told, True), (who_was_told, False)])
async def test_members_of_the_private_channel_read_it_and_nobody_else_does(world: World, surface: Surface, is_out: bool) -> None:
    await linked(world, is_out=is_out)
    assert SECRET in await surface(world, "U_LEAD")
    for person in ("U_SALES", "U_OPS"):
        assert SECRET not in await surface(world, person)
        assert "nobody asked for it, by what you may read" in await surface(world, person)


async def test_declining_shows_no_words_that_one_may_not_read(world: World) -> None:
    await tell_secrets(world)
    assert SECRET in await declined(world, "U_LEAD")
    assert SECRET not in await declined(world, "U_SALES")


@pytest.mark.parametrize(("owner", "reads"), [("U_LEAD", True), ("U_SALES", False)])
async def test_an_account_owner_hears_only_of_words_that_they_may_read(world: World, owner: str, reads: bool) -> None:
    await linked(world, account_owner=owner)
    said = [message.text for message in world.as_(owner).dms()]
    assert any(SECRET in text for text in said) is reads
    assert any("It is out: Kite" in text for text in said) is reads


async def test_the_owner_of_a_release_reads_no_private_words_in_what_is_not_solved(world: World) -> None:
    await linked(world)
    pia = world.as_("U_PM")
    (told,) = [message for message in [*pia.sees("C_PRIV"), *pia.dms(), *_threads(pia)] if message.text.startswith("It is out: Kite")]
    await pia.press(told, "loop:unsolved")
    await pia.submit({"What is still missing?": f"{SECRET} stripes"})
    await world.settle()
    (heard,) = [message.text for message in world.as_("U_OPS").dms() if message.text.startswith("Not solved")]
    assert SECRET not in heard


async def test_a_private_note_is_drafted_for_those_who_read_it(world: World) -> None:
    await linked(world)
    pia = world.as_("U_PM")
    (told,) = [message for message in [*pia.dms(), *_threads(pia)] if message.text.startswith("It is out: Kite")]
    await pia.press(told, "loop:note")
    assert SECRET in str(pia.view)


def _threads(actor: Actor) -> list[Message]:
    return [reply for message in actor.sees("C_PRIV") for reply in actor.thread("C_PRIV", message.ts)]
