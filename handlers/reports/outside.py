"""The same for those who face customers: what may be said outside, and when, instead of inner dates and slip.

This is courtesy, not secrecy: so that nobody promises an inner date by mistake.
"""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.requests import Actor
from domain import roadmaps
from domain.errors import NotAllowed
from domain.happenings import Happening, Kind
from domain.phrases import say_count
from domain.sayings import NOTHING, in_full
from handlers.reports.views import Entry
from models.saying import sayings

NO_DATE = "No date may be said"
INSIDE = "Dates and slip inside the house are not for customers. What may be said is in /release roadmap and /release status NAME."
_LAST = (NO_DATE, NOTHING.rstrip("."))


def refuse(viewer: Actor) -> None:
    """Raises NotAllowed for what is about inner dates alone."""
    if viewer.faces_customers:
        raise NotAllowed(INSIDE)


def shipped_only(found: list[Happening]) -> list[Happening]:
    """What is out may be said, without how late it was."""
    return [Happening(each.kind, each.release_id, each.name, each.words.partition(",")[0]) for each in found if each.kind is Kind.SHIPPED]


async def entries(session: AsyncSession, facts: list[Any], today: date) -> tuple[str, list[Entry]]:
    """The first line, and every release by the date that may be said of it."""
    told = await sayings(session, [row.id for row in facts])
    dated: list[tuple[tuple[Any, ...], Entry]] = []
    for row in facts:
        saying = told.get(row.id)
        day = saying.target_on if saying else None
        heading = roadmaps.heading(day, today) if day else _LAST[saying is None]
        about = (in_full(saying) + ("\nTo be checked with the owner first." if saying.doubted_at else "")) if saying else NOTHING
        order = (day is None, saying is None, day or today, row.name.casefold())
        dated.append((order, Entry(heading, row.id, row.name, about)))
    words = say_count(len(told), "has", "have").replace(",", "")
    title = f"{say_count(len(facts), 'open release')}: {words} words for customers." if facts else "Nothing is open."
    return title, [entry for _, entry in sorted(dated, key=lambda each: each[0])]
