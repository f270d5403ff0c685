"""One customer made of two, in Slack: choose, look at what moves, merge, take it back."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Errors, Open, Options, Say, Update
from bot.behind import row_id
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.customers import LABELS
from domain.errors import BadInput, NotAllowed, NotFound
from domain.words import plain
from handlers.customers import reading, views
from handlers.customers.views import Joining
from models import Customer, CustomerMerge, Escalation, Feedback, NpsAnswer
from models.finding import customers_like, find_customer, look_for_customer
from models.merging import FILLED, hold, merge, separate

UNDO = timedelta(hours=24)
WHAT = "merge customers"
_INTO = re.compile(r"\s+(?:into|with|to|and|in)\s+", re.IGNORECASE)
_CALLED = {"tier": "tier", "value": "value", "account_owner": "owner", "region": "region"}


async def _may(session: AsyncSession, request: Request) -> None:
    await access.may_arrange(session, request.actor, WHAT)


@reads
async def open_merge(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/customer merge Acme GmbH into Acme`; without two names, the form that asks for them."""
    await _may(session, request)
    text = plain(request.text)
    found = await _two(session, text, request)
    if found is None:
        return Open(views.choose(request.origin))
    return Open(views.preview(await _joining(session, *found, request), request.origin))


async def _two(session: AsyncSession, text: str, request: Request) -> tuple[Customer, Customer] | None:
    """The two that are named, whichever "into" parts them. Raises NotFound with the nearest names."""
    parts = [(text[: found.start()], text[found.end() :]) for found in _INTO.finditer(text)]
    shown = reading.shown_customers(request.actor)
    for gone, stays in parts:
        first, second = await look_for_customer(session, gone, shown), await look_for_customer(session, stays, shown)
        if first and second:
            return _different(first, second)
    if not parts:
        return None
    gone, stays = parts[-1]
    return _different(await find_customer(session, gone, shown), await find_customer(session, stays, shown))


def _different(gone: Customer, stays: Customer) -> tuple[Customer, Customer]:
    if gone.id == stays.id:
        raise BadInput({"stays": f"Both names find {stays.name}: there is nothing to merge."})
    return gone, stays


@reads
async def choose_other(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Merge* on a card."""
    await _may(session, request)
    found = await reading.by_id(session, request.value, request.actor)
    return Open(views.choose(request.origin, gone=found.name))


@reads
async def offer_customers(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.reads_inside(request.actor)
    return Options(await customers_like(session, request.text, reading.shown_customers(request.actor)))


@reads
async def preview_chosen(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _may(session, request)
    shown = reading.shown_customers(request.actor)
    gone = await find_customer(session, request.state.get("gone") or "", shown)
    stays = await find_customer(session, request.state.get("stays") or "", shown)
    if gone.id == stays.id:
        return Errors({"stays": "These are one customer already. Pick another one."})
    return Update(views.preview(await _joining(session, gone, stays, request), request.origin))


async def _joining(session: AsyncSession, gone: Customer, stays: Customer, request: Request) -> Joining:
    """What would move, as far as whoever asks may read it."""
    inside = request.origin.get("channel")
    seen: dict[Any, ColumnElement[bool]] = {
        Feedback: access.seen_feedback(request.actor, inside),
        Escalation: access.seen_escalations(request.actor, inside=inside),
        NpsAnswer: NpsAnswer.removed_at.is_(None),
    }
    counts = {}
    for kind, readable in seen.items():
        query = select(func.count()).select_from(kind).where(kind.customer_id == gone.id, readable)
        counts[kind.__tablename__] = await session.scalar(query) or 0
    fills = [name for name in FILLED if getattr(stays, name) in (None, "") and getattr(gone, name) not in (None, "")]
    return Joining(gone.id, stays.id, gone.name, stays.name, counts, [LABELS[_CALLED[name]].casefold() for name in fills])


async def merge_customers(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Merge*, pressed after looking."""
    await _may(session, request)
    keys = [int(request.metadata.get(name) or 0) for name in ("gone", "stays")]
    held = await hold(session, *keys)
    gone, stays = (held.get(key) for key in keys)
    if gone is None or stays is None:
        raise NotFound("One of the two is gone. Nothing was changed.")
    for one in (gone, stays):
        if one.merged_into_id is not None:
            raise BadInput({"": f"{one.name} was merged meanwhile. Look again: `/customer {one.name}`. Nothing was changed."})
    joining = await _joining(session, gone, stays, request)
    made = await merge(session, gone, stays, by=request.person, now=deps.now())
    return Say(views.joined(joining, made.id))


async def undo_merge(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Within 24 hours, by whoever merged, or product operations."""
    access.may_change(request.actor)
    query = select(CustomerMerge).where(CustomerMerge.id == row_id(request.value)).with_for_update()
    made = (await session.scalars(query)).one_or_none()
    if made is None or deps.now() >= made.at + UNDO:
        raise NotFound("That merge was more than 24 hours ago, so it stays.")
    if request.person != made.by and not request.actor.is_product_operations:
        raise NotAllowed("Only whoever merged them, or product operations, can take it back. Nothing was changed.")
    held = await hold(session, made.customer_id, made.into_id)
    gone, stays = held[made.customer_id], held[made.into_id]
    if made.undone_at is None:
        if stays.merged_into_id is not None:
            raise NotAllowed(f"{stays.name} was merged into another customer since. Take that back first. Nothing was changed.")
        await separate(session, made, gone, stays, deps.now())
    is_private = bool((request.body.get("container") or {}).get("is_ephemeral"))
    return Say(views.separated(gone.name, stays.name), replace=is_private)
