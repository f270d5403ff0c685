"""Steps of journeys in which somebody's words come back to them."""

from typing import Any

from tests.world import World

LOG = "feedback:log"


async def logged(world: World, person: str, channel: str, ts: str = "", **fields: Any) -> str:
    """Somebody logs a message about Billing revamp. Returns the message's ts."""
    ts = ts or (await world.as_(person).say(channel, f"Acme asks for invoices, says {person}")).ts
    actor = world.as_(person)
    await actor.shortcut(LOG, channel=channel, ts=ts)
    await world.settle()
    await actor.press(actor.view, "feedback:more")
    await actor.submit({"Customer": "Acme", "Release": "Billing revamp"} | fields)
    await world.settle()
    return ts


async def does(world: World, words: str, person: str = "U_PM") -> None:
    """A release changes, and the time to take that back goes by."""
    await world.as_(person).command("C_WEEKLY", "/release", words)
    await world.advance(minutes=5, seconds=1)


async def asks(world: World, person: str, words: str, channel: str = "C_WEEKLY") -> Any:
    reply = await world.as_(person).command(channel, "/customer-feedback", words)
    await world.settle()
    return reply


def thread(world: World, channel: str, ts: str) -> list[str]:
    """What the bot said in a message's thread after its first answer."""
    return [message.text for message in world.as_("U_PM").thread(channel, ts)[2:]]


def told(world: World, person: str, opening: str = "It is out") -> list[str]:
    """Private messages that begin so."""
    return [message.text for message in world.as_(person).dms() if message.text.startswith(opening)]
