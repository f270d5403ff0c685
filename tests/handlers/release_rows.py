"""Many releases at once, written straight into the tables: lists must hold with none, some and a thousand."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import insert

from domain.nearest import fold
from models import Item, Release, ReleaseName
from tests.world import World


async def many_releases(
    world: World, count: int, *, name: str = "Release {n}", first: date = date(2026, 12, 1), start: int = 1000, **more: Any
) -> None:
    """`count` open releases with a day each, a day apart; their numbers begin at `start`."""
    now = world.clock.now()
    async with world.transaction() as session:
        own = {"workspace_id": world.workspace_id}
        connection = await session.connection()
        rows = [
            {
                **own,
                "id": start + n,
                "number": start + n,
                "name": name.format(n=n),
                "target_on": first + timedelta(days=n),
                "baseline_on": first + timedelta(days=n),
                "created_at": now,
                "changed_at": now,
                "restricted": False,
                "source": "slack",
                "is_open": True,
                "is_cancelled": False,
                "health_reason": "",
                **more,
            }
            for n in range(count)
        ]
        if rows:
            await connection.execute(insert(Release), rows)
            names = [
                {**own, "release_id": row["id"], "name": row["name"], "folded": fold(row["name"])[:200], "is_current": True} for row in rows
            ]
            await connection.execute(insert(ReleaseName), names)


async def work(world: World, release: int, *, done: int = 0, open: int = 0, dropped: int = 0, team: int | None = None) -> None:
    """Pieces of work in a release."""
    async with world.transaction() as session:
        for state, count in (("done", done), ("open", open), ("dropped", dropped)):
            session.add_all(Item(title=f"{state} {n}", release_id=release, team_id=team, state=state) for n in range(count))


def said(blocks: list[dict[str, Any]]) -> list[str]:
    """The words of each block, in order."""
    found = []
    for block in blocks:
        if "text" in block:
            found.append(block["text"]["text"])
        found += [field["text"] for field in block.get("fields", ())]
        found += [
            element["text"]["text"] if isinstance(element["text"], dict) else element["text"] for element in block.get("elements", ())
        ]
    return found


def buttons(blocks: list[dict[str, Any]]) -> dict[str, str]:
    """Action ids by label, accessories too."""
    elements = [element for block in blocks for element in (*block.get("elements", ()), *filter(None, [block.get("accessory")]))]
    return {element["text"]["text"]: element["action_id"] for element in elements if element["type"] == "button"}


async def press(world: World, person: str, channel: str, label: str) -> Any:
    """Press what is labelled so in the newest message that a person sees; what they see last afterwards."""
    who = world.as_(person)
    message = who.sees(channel)[-1]
    await who.press(message, buttons(message.blocks)[label])
    await world.settle()
    return who.sees(channel)[-1]
