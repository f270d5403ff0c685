"""What people do to bring a plan in, and what they see of it."""

from io import BytesIO
from typing import Any, Protocol

import openpyxl
from sqlalchemy import select

from models import Release
from playground import LocalSlack, shapes
from playground.people import Actor
from playground.state import File
from tests.handlers.release_rows import said
from tests.world import World


class HasSlack(Protocol):
    slack: LocalSlack


def give(world: HasSlack, person: str, name: str, content: bytes) -> dict[str, Any]:
    """A file that somebody dropped into a form, as Slack describes it."""
    state = world.slack.state
    item = File(state.ids.new("F"), name, len(content), user=person, content=content, uploaded=True, complete=True)
    state.files[item.id] = item
    return shapes.file(world.slack, item)


def workbook(*rows: list[Any], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


async def paste(world: World, person: str, *parts: str) -> Actor:
    """Opens the form, pastes the parts one after the other, and has them read."""
    who = world.as_(person)
    await who.command("C_WEEKLY", "/release", "import")
    for n, part in enumerate(parts[:-1]):
        view = who.view
        await who.press(view, "plans:more", state={f"cells:{n}": {f"cells:{n}": {"type": "plain_text_input", "value": part}}})
    await who.submit({f"cells:{len(parts) - 1}": parts[-1]})
    await world.settle()
    return who


async def bring_files(world: World, person: str, *files: dict[str, Any]) -> Actor:
    who = world.as_(person)
    await who.command("C_WEEKLY", "/release", "import")
    await who.submit({"Files": list(files)})
    await world.settle()
    return who


async def import_it(world: World, who: Actor) -> str:
    """Presses *Import*; the words of the message that says what came in."""
    await who.submit()
    await world.settle()
    return who.dms()[-1].text


def shown(who: Actor) -> str:
    """All words of the form on the screen."""
    return "\n".join(said(who.view["blocks"])) if who.view else ""


async def releases(world: World) -> list[Release]:
    async with world.reading() as session:
        return list(await session.scalars(select(Release).where(Release.source_key.is_not(None) | Release.is_open).order_by(Release.id)))
