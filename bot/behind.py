"""The row behind a button or a form, whose value is its id: what a person sends may be anything."""

from sqlalchemy import select, true
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.requests import Actor
from domain.errors import NotFound
from models import Release
from models.finding import was_made

GONE = "That release is gone, or it is not shown to you. Nothing was changed."


def row_id(value: object) -> int:
    """The id in a button's value; 0, which no row has, for anything else."""
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0


async def release_behind(session: AsyncSession, value: object, actor: Actor, *, lock: bool = False, even_unmade: bool = False) -> Release:
    """Raises NotFound where it is gone, or not shown to the person. `even_unmade`: one whose making was taken back counts too."""
    is_there = true() if even_unmade else was_made()
    query = select(Release).where(Release.id == row_id(value), is_there, access.seen_releases(actor))
    found = (await session.scalars(query.with_for_update(of=Release) if lock else query)).one_or_none()
    if found is None:
        raise NotFound(GONE)
    return found
