"""Steps that journeys with feedback share."""

from typing import Any

from sqlalchemy import select

from models import Feedback, FeedbackDraft, Supporter
from tests.world import World

LOG = "feedback:log"


async def opened(world: World, person: str, channel: str, words: str) -> Any:
    """Somebody says something, and opens the form on it. Returns the message."""
    said = await world.as_(person).say(channel, words)
    await world.as_(person).shortcut(LOG, channel=channel, ts=said.ts)
    await world.settle()
    return said


async def log(world: World, person: str, channel: str, words: str, **fields: Any) -> Any:
    """Somebody says something and logs it. Returns the message."""
    said = await opened(world, person, channel, words)
    await world.as_(person).submit({"Customer": "Acme"} | fields)
    await world.settle()
    return said


async def kept(world: World) -> list[Feedback]:
    async with world.reading() as session:
        return list(await session.scalars(select(Feedback).order_by(Feedback.number)))


async def drafts(world: World) -> list[FeedbackDraft]:
    async with world.reading() as session:
        return list(await session.scalars(select(FeedbackDraft)))


async def who_brought(world: World) -> list[str]:
    async with world.reading() as session:
        return sorted(await session.scalars(select(Supporter.person)))


def shown(view: Any) -> str:
    return "\n".join(str(block) for block in view["blocks"])


def blocks_of(view: Any) -> list[str]:
    """The fields of a form in their order."""
    return [block["block_id"] for block in view["blocks"] if block["type"] == "input"]


def in_field(view: Any, block: str) -> Any:
    """What stands in a field by now."""
    (value,) = view["state"]["values"][block].values()
    return next((each for key, each in value.items() if key != "type"), None)


def labels(message: Any) -> list[str]:
    """The buttons of a message or a view."""
    blocks = message["blocks"] if isinstance(message, dict) else message.blocks
    found = [element for block in blocks for element in [*block.get("elements", []), block.get("accessory") or {}]]
    return [element["text"]["text"] for element in found if element.get("type") == "button"]


async def product_operations(world: World, person: str = "U_OPS") -> None:
    from models import Person

    async with world.transaction() as session:
        row = (await session.scalars(select(Person).where(Person.slack_id == person))).one()
        row.is_product_operations = True
