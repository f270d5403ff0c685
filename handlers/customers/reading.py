"""What is read of customers: the card, the list. Every part of it is only what this reader may read, decided in SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot import access
from bot.answers import Answer, Say
from bot.behind import row_id
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import NotFound
from domain.feedback import Kind
from domain.phrases import say_day
from domain.sayings import NOTHING, in_full
from domain.spans import due
from domain.words import plain
from handlers.customers import views, views_card
from handlers.customers.views import Listing, Row
from handlers.customers.views_card import PIECES, Awaits, Card, Heard, Piece, Raised, Scored
from models import Customer, Escalation, Feedback, NpsAnswer, Person, Release, Supporter
from models import Heard as HeardRow
from models.finding import find_customer
from models.saying import sayings
from models.weighing import weigh

MOST = 200  # releases, escalations and the like that are read of one customer
FIRST = aliased(Feedback)  # of those that say the same, the one whose release counts for all
RELEASE_OF = func.coalesce(FIRST.release_id, Feedback.release_id)


def shown_customers(viewer: Actor) -> ColumnElement[bool]:
    """Customers as a reader may see them; one that was merged is only a name of another."""
    return and_(Customer.merged_into_id.is_(None), access.seen_customers(viewer))


async def by_id(session: AsyncSession, value: object, viewer: Actor, *, lock: bool = False) -> Customer:
    """The customer behind a button or a form; of one that was merged meanwhile, the one that stays. Raises NotFound."""
    wanted = row_id(str(value or "").partition(":")[0])
    named = aliased(Customer)
    stays = select(func.coalesce(named.merged_into_id, named.id)).where(named.id == wanted)
    query = select(Customer).where(Customer.id.in_(stays), shown_customers(viewer))
    found = (await session.scalars(query.with_for_update() if lock else query)).one_or_none()
    if found is None:
        raise NotFound("That customer is gone, or not shown to you. `/customer list` shows what there is.")
    return found


@reads
async def show_customer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/customer NAME`."""
    access.reads_inside(request.actor)
    if not request.text.strip():
        return await list_customers(session, request, deps)
    found = await find_customer(session, plain(request.text), shown_customers(request.actor))
    return Say(views_card.card(await card(session, found, request, deps)))


@reads
async def open_customer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.reads_inside(request.actor)
    found = await by_id(session, request.value, request.actor)
    return Say(views_card.card(await card(session, found, request, deps)))


@reads
async def show_older(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.reads_inside(request.actor)
    found = await by_id(session, request.value, request.actor)
    start = (request.value or "").partition(":")[2]
    shown = await card(session, found, request, deps, int(start) if start.isdecimal() and len(start) < 9 else 0)
    return Say(views_card.card(shown), replace=_is_private(request))


def _is_private(request: Request) -> bool:
    return bool((request.body.get("container") or {}).get("is_ephemeral"))


async def card(session: AsyncSession, customer: Customer, request: Request, deps: Deps, start: int = 0) -> Card:
    """Everything that this reader may read of a customer."""
    viewer = request.actor
    said = and_(Feedback.customer_id == customer.id, Feedback.kind == Kind.CUSTOMER.value, access.seen_feedback(viewer, request.channel))
    total, since = (await session.execute(select(func.count(), func.min(Feedback.logged_at)).select_from(Feedback).where(said))).one()
    releases = await _releases(session, said, viewer)
    owner = await session.scalar(select(Person.name).where(Person.slack_id == customer.account_owner)) if customer.account_owner else ""
    also = select(Customer.name).where(Customer.merged_into_id == customer.id).order_by(Customer.name).limit(MOST)
    return Card(
        id=customer.id, name=customer.name, tier=customer.tier, value=customer.value, owner=owner or "", region=customer.region,
        also=list(await session.scalars(also)), total=total, since=since.astimezone(viewer.tz).date() if since else None, start=start,
        pieces=await _pieces(session, said, viewer, start),
        shipped=[(row.name, row.shipped_on) for row in releases if row.shipped_on],
        waits=await _waits(session, [row for row in releases if row.is_open], viewer),
        raised=await _raised(session, customer, request), scores=await _scores(session, customer, viewer),
        heard=await _heard(session, said, viewer), is_outside=viewer.faces_customers, now=deps.now(),
    )  # fmt: skip


async def _pieces(session: AsyncSession, said: ColumnElement[bool], viewer: Actor, start: int) -> list[Piece]:
    query = select(Feedback.number, Feedback.words, Feedback.type, Feedback.logged_at).where(said)
    found = await session.execute(query.order_by(Feedback.logged_at.desc(), Feedback.id.desc()).offset(start).limit(PIECES))
    return [Piece(row.number, row.words, row.type, row.logged_at.astimezone(viewer.tz).date()) for row in found]


async def _releases(session: AsyncSession, said: ColumnElement[bool], viewer: Actor) -> Sequence[Any]:
    """Releases that bring what they asked for, of those that the reader may see; what was cancelled is neither out nor awaited."""
    theirs = select(RELEASE_OF).select_from(Feedback).outerjoin(FIRST, _is_first()).where(said)
    query = (
        select(Release.id, Release.name, Release.target_on, Release.precision, Release.is_committed, Release.is_open, Release.shipped_on)
        .where(Release.id.in_(theirs), Release.is_cancelled.is_(False), access.seen_releases(viewer))
        .order_by(Release.shipped_on.desc(), Release.target_on, Release.name)
        .limit(MOST)
    )
    return (await session.execute(query)).all()


def _is_first() -> ColumnElement[bool]:
    return and_(FIRST.workspace_id == Feedback.workspace_id, FIRST.id == Feedback.same_as_id)


async def _waits(session: AsyncSession, releases: Sequence[Any], viewer: Actor) -> list[Awaits]:
    """A date for those who build; for those who face customers what customers may be told, and no date but one that is said openly."""
    if not viewer.faces_customers:
        return [Awaits(row.name, say_day(due(row)) + ("" if row.is_committed or not row.target_on else ", planned")) for row in releases]
    words = await sayings(session, [row.id for row in releases])
    return [Awaits(row.name, _may_be_told(row, words.get(row.id))) for row in releases]


def _may_be_told(release: Any, saying: Any | None) -> str:
    if saying is None:
        return NOTHING
    told = "To be checked with its owner first, as its plan changed." if saying.doubted_at else f"“{in_full(saying)}”"
    return f"{told} Inside: {say_day(due(release))}." if saying.is_frank else told


async def _raised(session: AsyncSession, customer: Customer, request: Request) -> list[Raised]:
    seen = access.seen_escalations(request.actor, inside=request.channel)
    query = select(Escalation.number, Escalation.summary, Escalation.state).where(Escalation.customer_id == customer.id, seen)
    found = await session.execute(query.order_by(Escalation.raised_at.desc(), Escalation.id.desc()).limit(MOST))
    return [Raised(row.number, row.summary, row.state, row.state != "resolved") for row in found]


async def _scores(session: AsyncSession, customer: Customer, viewer: Actor) -> list[Scored]:
    """Comments beside the name only for whoever answers for the customer; what became feedback is read there."""
    may_read = viewer.is_product_operations or customer.account_owner == viewer.slack_id
    query = select(NpsAnswer.score, NpsAnswer.answered_on, NpsAnswer.comment if may_read else NpsAnswer.key)
    query = query.where(NpsAnswer.customer_id == customer.id, NpsAnswer.removed_at.is_(None))
    found = await session.execute(query.order_by(NpsAnswer.answered_on.desc(), NpsAnswer.id.desc()).limit(MOST))
    return [Scored(score, on, comment or "" if may_read else "") for score, on, comment in found]


async def _heard(session: AsyncSession, said: ColumnElement[bool], viewer: Actor) -> list[Heard]:
    """What those who brought their words were told of the release that brings it."""
    by = aliased(Supporter)
    brought = and_(by.workspace_id == Feedback.workspace_id, by.feedback_id == Feedback.id)
    told = and_(HeardRow.workspace_id == Feedback.workspace_id, HeardRow.person == by.person, HeardRow.release_id == RELEASE_OF)
    query = (
        select(Release.name, HeardRow.what, func.max(HeardRow.at), func.count(HeardRow.person.distinct()))
        .select_from(Feedback)
        .outerjoin(FIRST, _is_first())
        .join(by, brought)
        .join(HeardRow, told)
        .join(Release, and_(Release.workspace_id == HeardRow.workspace_id, Release.id == HeardRow.release_id))
        .where(said, access.seen_releases(viewer))
        .group_by(HeardRow.change_id, HeardRow.what, Release.name)
        .order_by(func.max(HeardRow.at).desc())
        .limit(MOST)
    )
    return [Heard(name, what, at.astimezone(viewer.tz).date(), count) for name, what, at, count in await session.execute(query)]


@reads
async def list_customers(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """By what they pay, or by how much they said."""
    access.reads_inside(request.actor)
    typed = request.text.casefold() if request.kind == "command" else ""
    by_count = any(word in typed for word in ("feedback", "piece", "count", "number", "said", "most"))
    return Say(await _listing(session, request, views.BY_FEEDBACK if by_count else views.BY_VALUE, 0))


@reads
async def turn_page(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.reads_inside(request.actor)
    order, _, start = (request.value or "").partition(":")
    place = int(start) if start.isdecimal() and len(start) < 9 else 0
    return Say(await _listing(session, request, order if order in views.ORDERS else views.BY_VALUE, place), replace=_is_private(request))


async def _listing(session: AsyncSession, request: Request, order: str, start: int) -> Any:
    shown = shown_customers(request.actor)
    seen = and_(Feedback.kind == Kind.CUSTOMER.value, access.seen_feedback(request.actor, request.channel))
    counted = (
        select(Feedback.customer_id, func.count().label("pieces"))
        .where(seen, Feedback.customer_id.is_not(None))
        .group_by(Feedback.customer_id)
    ).subquery()
    pieces = func.coalesce(counted.c.pieces, 0)
    by_value = (Customer.value.is_(None), Customer.value.desc())
    query = (
        select(Customer.id, Customer.name, Customer.tier, Customer.value, Customer.region, pieces.label("pieces"))
        .outerjoin(counted, counted.c.customer_id == Customer.id)
        .where(shown)
        .order_by(*((pieces.desc(), *by_value) if order == views.BY_FEEDBACK else (*by_value, pieces.desc())), Customer.folded)
    )
    found = await session.execute(query.offset(start).limit(views.ROWS))
    rows = [Row(row.id, row.name, row.tier, row.value, row.region, row.pieces) for row in found]
    return views.listing(Listing(rows, await weigh(session, shown), order, start))
