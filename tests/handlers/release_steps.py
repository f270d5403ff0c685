"""Steps that journeys with releases share."""

from typing import Any

from sqlalchemy import select

from models import Change, Release
from models.history import history_of
from playground import Actor
from tests.world import World


async def of(world: World, release_id: int) -> Release:
    async with world.reading() as session:
        return (await session.scalars(select(Release).where(Release.id == release_id))).one()


async def changes(world: World, release_id: int) -> list[Change]:
    async with world.reading() as session:
        return await history_of(session, release_id)


async def billing(world: World) -> int:
    """Billing revamp of Payments: owned by Pia, led by Paul, for 5 March 2027."""
    team = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    return await world.release("Billing revamp", "2027-03-05", team=team, owner="U_PM")


async def hears_everything(world: World, *people: str) -> None:
    """They chose to be told of each change at once."""
    for person in people:
        await world.as_(person).command("C_WEEKLY", "/tendon", "notices everything")


def buttons(blocks: Any) -> dict[str, str]:
    """The buttons of a message: label and action id."""
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return {element["text"]["text"]: element["action_id"] for element in elements}


async def press(person: Actor, reply: Any, label: str) -> Any:
    """Press a button of an answer, or of a message."""
    return await person.press(getattr(reply, "message", reply), buttons(reply.blocks)[label])
