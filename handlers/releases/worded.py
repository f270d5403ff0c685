"""A card and a list in the words of their reader: how things stand for those who build, what may be said for those who face customers."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Message
from bot.requests import Actor
from bot.seeing import in_full
from domain.listed import PAGE
from handlers.releases import views_card, views_outside, views_status
from handlers.releases.views_card import Card
from handlers.releases.views_outside import Outside
from handlers.releases.views_status import Page
from models.saying import saying_of, sayings


async def sees_inside(session: AsyncSession, viewer: Actor, release_id: int) -> bool:
    """Whether a reader sees how a release stands: all who build, and those who face customers where its words allow it."""
    if not viewer.faces_customers:
        return True
    saying = await saying_of(session, release_id)
    return saying is not None and bool(saying.is_frank)


def card(viewer: Actor, found: Card) -> Message:
    if not viewer.faces_customers:
        return views_card.card(found)
    inside = views_card.verdict(found) if found.saying and found.saying.is_frank else ""
    may_press = found.may_change and not found.shared_by
    return views_outside.card(Outside(found.facts, found.saying, found.now, found.zone, inside, may_press))


def history(viewer: Actor, found: Card, at: int = 0) -> Message:
    """Every date it had, for those who build; for others that is no more to be told than the date it has."""
    return card(viewer, found) if viewer.faces_customers else views_card.history(found, at)


async def listing(session: AsyncSession, viewer: Actor, page: Page) -> Message:
    if not viewer.faces_customers:
        return views_status.status_list(await _told(session, viewer, page))
    return views_outside.listing(page, await sayings(session, [row.facts.id for row in page.rows]))


async def _told(session: AsyncSession, viewer: Actor, page: Page) -> Page:
    """With all that is said of the rows which are shown; the others are only counted."""
    if not page.rows or hasattr(page.rows[0].facts, "done"):
        return page  # read in full already
    before, shown, after = page.rows[: page.at], page.rows[page.at : page.at + PAGE], page.rows[page.at + PAGE :]
    facts = await in_full(session, viewer, [row.facts.id for row in shown])
    told = [row._replace(facts=facts[row.facts.id]) for row in shown if row.facts.id in facts]
    return replace(page, rows=[*before, *told, *after])
