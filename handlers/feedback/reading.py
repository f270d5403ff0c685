"""What is read of feedback: cards, lists, and what the digest says. A reader gets what they may see, no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.digests import CUSTOMERS, Line, Scope, Section
from domain.errors import NotFound
from domain.feedback import Kind
from domain.nearest import fold
from handlers.feedback import rights, views
from handlers.feedback.views import FeedbackCard
from models import OF_CUSTOMERS, Customer, Feedback, Item, Release, Supporter, Team
from models.finding import find_numbered

UNDO_WINDOW = timedelta(minutes=5)
THEMES = 4
KINDS_SAID = {"internal": Kind.INTERNAL, "slows us": Kind.INTERNAL, "signal": Kind.SIGNAL, "signals": Kind.SIGNAL, "market": Kind.SIGNAL}
seen = access.seen_feedback


async def cards(
    session: AsyncSession, deps: Deps, only: ColumnElement[bool], viewer: Actor | None = None, limit: int = views.PAGE
) -> list[FeedbackCard]:
    """The latest pieces that `only` lets through. A release, and another piece, is named to those who may see it."""
    releases = access.open_releases() if viewer is None else access.seen_releases(viewer)
    brought = (
        select(func.count(Supporter.id), func.max(Supporter.added_at))
        .where(Supporter.workspace_id == Feedback.workspace_id, Supporter.feedback_id == Feedback.id)
        .correlate(Feedback)
    )
    query = (
        select(
            Feedback,
            Customer.name,
            Release.name,
            brought.with_only_columns(func.count(Supporter.id)).scalar_subquery(),
            brought.with_only_columns(func.max(Supporter.added_at)).scalar_subquery(),
            _first_of(viewer),
        )
        .outerjoin(Customer, and_(Customer.workspace_id == Feedback.workspace_id, Customer.id == Feedback.customer_id))
        .outerjoin(Release, and_(Release.workspace_id == Feedback.workspace_id, Release.id == Feedback.release_id, releases))
        .where(only)
        .order_by(Feedback.logged_at.desc(), Feedback.id.desc())
        .limit(limit)
    )
    return [
        FeedbackCard(
            id=row.id, number=row.number, words=row.words, type=row.type, kind=row.kind, customer=customer, area=row.area,
            importance=row.importance, requested_by=row.requested_by, heard_from=row.source, release=release,
            reporter=row.reporter, supporters=supporters, channel=row.channel, permalink=row.permalink, logged_at=row.logged_at,
            is_removed=row.removed_at is not None, is_deleted=row.removed_by is not None,
            is_same=row.same_as_id is not None, same_as=same_as,
            may_undo=row.removed_at is None and added_at is not None and deps.now() < added_at + UNDO_WINDOW,
        )
        for row, customer, release, supporters, added_at, same_as in await session.execute(query)
    ]  # fmt: skip


def _first_of(viewer: Actor | None) -> Any:
    """The number of the first that says the same, for its reader, or for all who read the channel that this one came from."""
    first = aliased(Feedback)
    may = access.shown_words(first, Feedback.channel) if viewer is None else access.seen_words(first, viewer)
    return (
        select(first.number)
        .where(first.workspace_id == Feedback.workspace_id, first.id == Feedback.same_as_id, may)
        .correlate(Feedback)
        .scalar_subquery()
    )


async def card(session: AsyncSession, deps: Deps, feedback_id: int, viewer: Actor | None = None) -> FeedbackCard:
    """One piece, whoever may read it: ask `seen` before."""
    (found,) = await cards(session, deps, Feedback.id == feedback_id, viewer)
    return found


async def whole_card(session: AsyncSession, deps: Deps, feedback: Feedback, viewer: Actor) -> FeedbackCard:
    """One piece with everything that its reader can see and do."""
    found = await card(session, deps, feedback.id, viewer)
    item = await session.scalar(select(Item.title).where(Item.id == feedback.item_id, seen_items(viewer))) if feedback.item_id else None
    return replace(
        found,
        item=item,
        may_edit=await rights.may_edit(session, viewer, feedback),
        is_private=feedback.channel is not None and not (await access.place_of(session, feedback.channel)).is_public,
    )


def seen_items(viewer: Actor) -> ColumnElement[bool]:
    """Pieces of work that a person may see: those of releases that they may see, and those of none."""
    theirs = exists().where(Release.workspace_id == Item.workspace_id, Release.id == Item.release_id, access.seen_releases(viewer))
    return or_(Item.release_id.is_(None), theirs)


async def by_id(session: AsyncSession, request: Request, *, lock: bool = False) -> Feedback:
    """The piece that a button names. Pressed in a channel, it is read in that channel."""
    wanted = int(request.value or request.metadata.get("feedback") or 0)
    inside = request.channel or request.metadata.get("channel")
    query = select(Feedback).where(Feedback.id == wanted, seen(request.actor, inside))
    found = (await session.scalars(query.with_for_update(of=Feedback) if lock else query)).one_or_none()
    if found is None:
        raise NotFound("That feedback was taken back, or you may not read it. `/customer-feedback list` shows what there is.")
    return found


@reads
async def list_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    kind = KINDS_SAID.get(fold(request.text), Kind.CUSTOMER)
    visible = and_(seen(request.actor, request.channel), Feedback.kind == kind.value)
    total = await session.scalar(select(func.count(Feedback.id)).where(visible)) or 0
    return Say(views.listing(await cards(session, deps, visible, request.actor), total, request.actor.zone))


@reads
async def show_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text:
        return await list_feedback(session, request, deps)
    found = await find_numbered(session, Feedback, request.text, seen(request.actor, request.channel))
    return Say(views.card(await whole_card(session, deps, found, request.actor), request.actor.zone))


@reads
async def open_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    found = await by_id(session, request)
    return Say(views.card(await whole_card(session, deps, found, request.actor), request.actor.zone))


async def digest(session: AsyncSession, scope: Scope, deps: Deps) -> Sequence[Section]:
    """What customers said since the last one, as far as everybody in the channel may read it, by product area."""
    if await access.has_outsiders(session, scope.channel):
        return ()
    wanted = [
        Feedback.removed_at.is_(None),
        OF_CUSTOMERS,
        Feedback.logged_at > scope.since,
        Feedback.logged_at <= scope.until,
        access.shown_words(Feedback, scope.channel),
    ]
    if scope.team_id is not None:
        wanted.append(_of_team(scope.team_id))
    counted = await session.execute(
        select(Feedback.area, func.count()).where(*wanted).group_by(Feedback.area).order_by(func.count().desc(), Feedback.area)
    )
    areas = [(area or "no area", count) for area, count in counted]
    if not areas:
        return ()
    left = len(areas) - THEMES
    named = [f"{area} {count}" for area, count in areas[:THEMES]] + ([f"{left} more area{'' if left == 1 else 's'}"] if left > 0 else [])
    return (Section(CUSTOMERS, f"Customers said ({sum(count for _, count in areas)} new)", (Line(", ".join(named)),)),)


def _of_team(team_id: int) -> ColumnElement[bool]:
    """Said in the team's channel, about its area, or for one of its releases."""
    theirs = exists().where(
        Team.workspace_id == Feedback.workspace_id,
        Team.id == team_id,
        or_(Team.channel == Feedback.channel, func.lower(Team.name) == func.lower(Feedback.area)),
    )
    linked = exists().where(
        Release.workspace_id == Feedback.workspace_id, Release.id == Feedback.release_id, Release.team_id == team_id, access.open_releases()
    )
    return or_(theirs, linked)
