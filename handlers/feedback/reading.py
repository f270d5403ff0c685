"""What is read of feedback: cards, lists, and what the digest says. A reader gets what they may see, no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot import access
from bot.deps import Deps
from bot.requests import Actor, Request
from domain.digests import CUSTOMERS, Line, Scope, Section
from domain.errors import NotFound
from domain.feedback import State
from handlers.feedback import rights, views
from handlers.feedback.views import FeedbackCard
from models import OF_CUSTOMERS, Customer, Feedback, Item, Release, Supporter, Team
from models.base import prebuilt, run
from models.rows import written
from models.together import FIRST, counted, to_first

UNDO_WINDOW = timedelta(minutes=5)
THEMES = 4
seen = access.seen_feedback


STATE = case(  # of a piece joined with what counts for it; a release that the reader may not see counts for nothing
    (counted("declined_at").is_not(None), State.DECLINED.value),
    (Release.shipped_on.is_not(None), State.SHIPPED.value),
    (or_(Release.id.is_not(None), Item.id.is_not(None)), State.LINKED.value),
    (counted("taken_by").is_not(None), State.TAKEN.value),
    else_=State.NEW.value,
)


def joined(query: Any, releases: ColumnElement[bool]) -> Any:
    """A query of pieces beside what counts for each: the first of those that say the same, its release as far as it is seen, its work."""
    is_shown_work = or_(Item.release_id.is_(None), Release.id == Item.release_id)
    return (
        query.select_from(Feedback)
        .outerjoin(FIRST, to_first())
        .outerjoin(Release, and_(Release.workspace_id == Feedback.workspace_id, Release.id == counted("release_id"), releases))
        .outerjoin(Item, and_(Item.workspace_id == Feedback.workspace_id, Item.id == counted("item_id"), is_shown_work))
    )


async def cards(
    session: AsyncSession, deps: Deps, only: ColumnElement[bool], viewer: Actor | None = None, limit: int = views.PAGE, at: int = 0
) -> list[FeedbackCard]:
    """The latest pieces that `only` lets through. A release, and another piece, is named to those who may see it."""
    latest = _drawn_for(viewer).where(only).order_by(Feedback.logged_at.desc(), Feedback.id.desc())
    return [_card(row, deps.now()) for row in await session.execute(latest.limit(limit).offset(at))]


def _card(row: Any, now: datetime) -> FeedbackCard:
    return FeedbackCard(
        id=row.id, number=row.number, words=row.words, type=row.type, kind=row.kind, customer=row.customer, area=row.area,
        importance=row.importance, requested_by=row.requested_by, heard_from=row.source, release=row.release,
        item=row.item, state=row.state, first_id=row.same_as_id, asked_at=row.asked_at, question=row.question,
        taken_by=row.taken_by,
        reporter=row.reporter, supporters=row.supporters, channel=row.channel, permalink=row.permalink, logged_at=row.logged_at,
        is_removed=row.removed_at is not None, is_deleted=row.removed_by is not None,
        is_same=row.same_as_id is not None, same_as=row.same_as,
        may_undo=row.removed_at is None and row.added_at is not None and now < row.added_at + UNDO_WINDOW,
    )  # fmt: skip


_SHOWN = (
    *("id", "number", "words", "type", "kind", "area", "importance", "requested_by", "source", "same_as_id", "asked_at", "question"),
    *("taken_by", "reporter", "channel", "permalink", "logged_at", "removed_at", "removed_by"),
)


@lru_cache(maxsize=256)
def _drawn_for(viewer: Actor | None) -> Select[Any]:
    """All that a card shows, to a reader or to everybody. Made once for each, as making it takes longer than running it."""
    releases = access.open_releases() if viewer is None else access.seen_releases(viewer)
    brought = (
        select(func.count(Supporter.id), func.max(Supporter.added_at))
        .where(Supporter.workspace_id == Feedback.workspace_id, Supporter.feedback_id == Feedback.id)
        .correlate(Feedback)
    )
    columns: Any = select(
        *(getattr(Feedback, name) for name in _SHOWN),
        Customer.name.label("customer"),
        Release.name.label("release"),
        Item.title.label("item"),
        STATE.label("state"),
        brought.with_only_columns(func.count(Supporter.id)).scalar_subquery().label("supporters"),
        brought.with_only_columns(func.max(Supporter.added_at)).scalar_subquery().label("added_at"),
        _first_of(viewer).label("same_as"),
    )
    named = and_(Customer.workspace_id == Feedback.workspace_id, Customer.id == Feedback.customer_id)
    shown: Select[Any] = joined(columns, releases).outerjoin(Customer, named)
    return shown


@lru_cache(maxsize=256)
def _one_for(viewer: Actor | None) -> Select[Any]:
    return prebuilt(_drawn_for(viewer).where(Feedback.workspace_id == bindparam("workspace_id"), Feedback.id == bindparam("feedback")))


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
    await written(session)
    return _card((await run(session, _one_for(viewer), feedback=feedback_id)).one(), deps.now())


async def whole_card(session: AsyncSession, deps: Deps, feedback: Feedback, viewer: Actor) -> FeedbackCard:
    """One piece with everything that its reader can see and do."""
    found = await card(session, deps, feedback.id, viewer)
    return replace(
        found,
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
