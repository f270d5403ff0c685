"""Lists of feedback by filters as people type them, a page at a time with totals, and one piece with all that says the same."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Actor, Kind, Request
from bot.slices import reads
from domain.errors import BadInput, NotFound
from domain.feedback import fold_customer
from domain.feedback_filters import Filters, not_read, read_filters
from domain.nearest import fold
from domain.phrases import cut, say_list
from handlers.feedback import reading, searching, views_list
from handlers.feedback.counting import with_others
from handlers.feedback.views_list import PAGE, Page
from models import OF_CUSTOMERS, Customer, Feedback, Item, Release, Supporter, Team
from models.finding import customers_like, find_numbered
from models.searching import MOST, areas_named


@reads
async def list_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    typed = request.text if request.kind is Kind.COMMAND else ""
    return Say(await page_of(session, request, deps, typed))


@reads
async def turn_page(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The next of a list or of what was found, as things stand now."""
    kept: dict[str, Any] = json.loads(request.value or "{}")
    asked, at = str(kept.get("asked", "")), int(kept.get("at", 0))
    drawn = searching.page_of if kept.get("by") == "search" else page_of
    return Say(await drawn(session, request, deps, asked, at), replace=True)


async def page_of(session: AsyncSession, request: Request, deps: Deps, typed: str, at: int = 0) -> Any:
    filters, wanted = await understand(session, request.actor, typed, deps)
    seen = reading.seen(request.actor, request.channel)
    only = and_(seen, wanted)
    total = await count(session, only, request.actor)
    cards = await reading.cards(session, deps, only, request.actor, PAGE, at) if total else []
    page = Page(
        "list", typed, await with_others(session, cards, seen), min(total, MOST), request.actor.zone, at, total > MOST, filters.said
    )
    return views_list.listing(page)


async def count(session: AsyncSession, only: ColumnElement[bool], viewer: Actor) -> int:
    """Up to one more than is counted, so that no count reads a million rows."""
    some = reading.joined(select(Feedback.id), access.seen_releases(viewer)).where(only).limit(MOST + 1).subquery()
    return await session.scalar(select(func.count()).select_from(some)) or 0


async def understand(session: AsyncSession, viewer: Actor, typed: str, deps: Deps) -> tuple[Filters, ColumnElement[bool]]:
    """What was asked for, and the same in SQL. Raises BadInput and NotFound with what was understood."""
    filters = read_filters(typed, deps.today(viewer.zone))
    if filters.loose:
        filters = await _settle(session, viewer, filters)
    wanted: list[ColumnElement[bool]] = [Feedback.removed_at.is_(None)]
    if filters.customer:
        customer = await _customer(session, viewer, filters.customer)
        filters = replace(filters, customer=customer.name)
        wanted.append(Feedback.customer_id == customer.id)
    if filters.area:
        wanted.append(Feedback.area.in_(await _areas(session, viewer, filters.area)))
    return filters, and_(*wanted, *_plain(filters, viewer))


def _plain(filters: Filters, viewer: Actor) -> list[ColumnElement[bool]]:
    """What needs no look into the records."""
    wanted: list[ColumnElement[bool]] = []
    for column, values in ((Feedback.type, filters.types), (reading.STATE, filters.states), (Feedback.kind, filters.kinds)):
        if values:
            wanted.append(column.in_([one.value for one in values]))
    if not filters.kinds:
        wanted.append(OF_CUSTOMERS)
    if filters.period:
        zone, day = ZoneInfo(viewer.zone), timedelta(days=1)
        begins, ends = (datetime.combine(on, time(), zone) for on in (filters.period.first, filters.period.last + day))
        wanted += [Feedback.logged_at >= begins.astimezone(UTC), Feedback.logged_at < ends.astimezone(UTC)]
    if filters.mine:
        brought = select(Supporter.feedback_id).where(Supporter.person == viewer.slack_id)
        wanted.append(Feedback.id.in_(brought))
    if filters.unlinked:
        wanted.append(and_(Release.id.is_(None), Item.id.is_(None)))
    if filters.same:
        wanted.append(Feedback.same_as_id.is_not(None))
    return wanted


async def _settle(session: AsyncSession, viewer: Actor, filters: Filters) -> Filters:
    """Words that no filter opens are an area or a customer, or the list says that it cannot read them."""
    if not filters.area:
        with suppress(NotFound):
            await _areas(session, viewer, filters.loose)
            return replace(filters, loose="", area=filters.loose)
    if not filters.customer:
        with suppress(NotFound):
            await _customer(session, viewer, filters.loose)
            return replace(filters, loose="", customer=filters.loose)
    raise BadInput({"text": not_read(filters)})


async def _customer(session: AsyncSession, viewer: Actor, name: str) -> Customer:
    """By its name or a former one; by the rest of it, where somebody leaves "GmbH" away."""
    seen, folded = access.seen_customers(viewer), fold(name)[:200]
    short = fold_customer(name)
    begins = Customer.folded.startswith(short, autoescape=True)
    found = list(await session.scalars(select(Customer).where(or_(Customer.folded == folded, begins), seen).limit(50)))
    exact = [one for one in found if one.folded == folded] or [one for one in found if short and fold_customer(one.name) == short]
    if len(exact) == 1 or (exact and exact[0].folded == folded):
        into = exact[0].merged_into_id
        return exact[0] if into is None else (await session.scalars(select(Customer).where(Customer.id == into))).one()
    opening = name.split()[0] if name.split() else name
    near = [one.name for one in exact] or [each for _, each in await customers_like(session, opening, seen)]
    offer = f" Did you mean {say_list([cut(one) for one in near[:3]], 'or')}?" if near else ""
    raise NotFound(f'There is no customer "{cut(name)}" in what you may read.{offer}')


async def _areas(session: AsyncSession, viewer: Actor, name: str) -> list[str]:
    """The spellings of an area; a team's name is one, even before anybody said something about it."""
    known = [area for area in await areas_named(session) if fold(area) == fold(name)]
    one = select(Feedback.id).where(Feedback.area.in_(known), reading.seen(viewer)).limit(1)
    if known and await session.scalar(one) is not None:
        return known
    teams = list(await session.scalars(select(Team.name).where(Team.folded == fold(name)[:200])))
    if teams:
        return [*known, *teams]
    raise NotFound(f'There is no product area "{cut(name)}" in what you may read. `/customer-feedback list` shows what there is.')


@reads
async def show_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text:
        return await list_feedback(session, request, deps)
    found = await find_numbered(session, Feedback, request.text, reading.seen(request.actor, request.channel))
    return Say(await shown(session, request, deps, found.id))


@reads
async def open_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    found = await reading.by_id(session, request)
    return Say(await shown(session, request, deps, found.id))


async def shown(session: AsyncSession, request: Request, deps: Deps, feedback_id: int, saved: str = "", undo: int | None = None) -> Any:
    """One piece in full; the person may read it."""
    seen = reading.seen(request.actor, request.channel or request.metadata.get("channel"))
    row = (await session.scalars(select(Feedback).where(Feedback.id == feedback_id))).one()
    (card,) = await with_others(session, [await reading.whole_card(session, deps, row, request.actor)], seen)
    members = and_(Feedback.same_as_id == feedback_id, seen)
    others = await reading.cards(session, deps, members, request.actor, views_list.MEMBERS) if card.members else []
    return views_list.card(card, request.actor.zone, saved, others, undo)
