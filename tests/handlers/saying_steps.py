"""Steps that journeys about what customers may be told share."""

from typing import Any

from tests.handlers.release_rows import buttons, said
from tests.world import World

GROUP = "S_SALES"
WORDS = "Planned for the first half of 2027."


async def facing(world: World, *people: str, channels: tuple[str, ...] = ()) -> None:
    """Those people are in a user group, and product operations say that it faces customers."""
    world.slack.user_group(GROUP, "sales", "Sales and success", [])
    await world.slack.change_group(GROUP, list(people or ("U_SALES",)))
    await world.settle()
    olga = world.as_("U_OPS")
    await olga.command("C_OPS", "/tendon", "audience")
    await olga.submit({"groups": [GROUP], "channels": list(channels)})
    await world.settle()


async def asks(world: World, person: str, typed: str, channel: str = "C_WEEKLY") -> str:
    """What a person reads in answer to `/release …`: every word of it."""
    reply = await world.as_(person).command(channel, "/release", typed)
    return everything(reply.text, reply.blocks)


def everything(text: str, blocks: list[Any]) -> str:
    parts = [text]
    for block in blocks:
        if block["type"] == "rich_text":
            parts += [leaf["text"] for element in block["elements"] for leaf in element["elements"]]
        else:
            parts += said([block])
            parts += [block["accessory"]["text"]["text"]] if block.get("accessory") else []
    return "\n".join(parts)


def copied(blocks: list[Any]) -> list[str]:
    """What stands in preformatted blocks, as it is copied."""
    return [
        "".join(leaf["text"] for leaf in element["elements"])
        for block in blocks
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == "rich_text_preformatted"
    ]


async def pressed(world: World, person: str, message: Any, label: str) -> Any:
    """Press a button of a message; the newest that the person sees where it stands."""
    who = world.as_(person)
    reply = await who.press(message, buttons(message.blocks)[label])
    await world.settle()
    return reply


def last_dm(world: World, person: str) -> Any:
    return world.as_(person).dms()[-1]
