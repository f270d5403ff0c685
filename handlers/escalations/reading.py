"""What is read of escalations: cards, lists, what the form offers, what Home and the digest say. A reader gets what they may see."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Block, Options, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.calendar import WorkHours
from domain.digests import NEEDS_SOMEONE, Action, Line, Scope, Section
from domain.errors import NotFound
from domain.escalations import Clock, Scale, Severity, State, read_scale, say_left
from domain.nearest import fold
from handlers.escalations import views
from handlers.escalations.views import EscalationCard
from models import Channel, Customer, Escalation, EscalationUpdate, Person, Release, Team, Workspace
from models.finding import OFFERED, customers_like, find_numbered, releases_like, this_workspace
from models.team import hours_of as team_hours

IS_OPEN = Escalation.state != State.RESOLVED.value
SHOWN_UPDATES = 5
MOST_IN_DIGEST = 50
_URGENCY = case({severity.value: place for place, severity in enumerate(Severity)}, value=Escalation.severity, else_=9)


def clock_of(row: Escalation) -> Clock:
    return Clock(Severity(row.severity), row.raised_at, row.acknowledge_by, row.resolve_by, row.acknowledged_at, row.resolved_at)


async def scale_of(session: AsyncSession) -> Scale:
    """What the company calls its severities, and the times that it gives itself."""
    return read_scale((await this_workspace(session)).targets)


async def hours_of(session: AsyncSession, team: Team | None) -> WorkHours:
    """The team's working hours; without a team, the company's."""
    return team_hours(await this_workspace(session), team)


async def cards(
    session: AsyncSession, deps: Deps, only: ColumnElement[bool], viewer: Actor | None = None, limit: int = views.PAGE
) -> list[EscalationCard]:
    """The most urgent that `only` lets through. A release is named to those who may see it."""
    releases = access.open_releases() if viewer is None else access.seen_releases(viewer)
    query = (
        select(Escalation, Team, Customer.name, Release.name)
        .outerjoin(Team, and_(Team.workspace_id == Escalation.workspace_id, Team.id == Escalation.team_id))
        .outerjoin(Customer, and_(Customer.workspace_id == Escalation.workspace_id, Customer.id == Escalation.customer_id))
        .outerjoin(Release, and_(Release.workspace_id == Escalation.workspace_id, Release.id == Escalation.release_id, releases))
        .where(only)
        .order_by(_URGENCY, Escalation.resolve_by, Escalation.id)
        .limit(limit)
    )
    rows = (await session.execute(query)).all()
    names = await _names(session, [row for row, *_ in rows])
    space = await this_workspace(session)
    return [_card(row, team, customer, release, names, space, deps) for row, team, customer, release in rows]


def _card(
    row: Escalation, team: Team | None, customer: str | None, release: str | None, names: Mapping[str, str], space: Workspace, deps: Deps
) -> EscalationCard:
    return EscalationCard(
        id=row.id, number=row.number, summary=row.summary, severity=Severity(row.severity), state=State(row.state), clock=clock_of(row),
        hours=team_hours(space, team), scale=read_scale(space.targets), now=deps.now(),
        team=team.name if team else None, owner=row.owner,
        customer=customer, release=release, raised_by=names.get(row.raised_by, "somebody"), permalink=row.permalink,
        owner_name=names.get(row.owner or "", ""), taken_by=names.get(row.acknowledged_by or "", ""), cause=row.cause, action=row.action,
        customer_words=row.customer_words,
    )  # fmt: skip


async def _names(session: AsyncSession, rows: Sequence[Escalation]) -> dict[str, str]:
    people = {person for row in rows for person in (row.raised_by, row.owner, row.acknowledged_by) if person}
    found = await session.execute(select(Person.slack_id, Person.name).where(Person.slack_id.in_(people)))
    return {row.slack_id: row.name for row in found}


async def card(session: AsyncSession, deps: Deps, escalation_id: int, viewer: Actor | None = None) -> EscalationCard:
    """One escalation, whoever may read it: ask `access.seen_escalations` before."""
    (found,) = await cards(session, deps, Escalation.id == escalation_id, viewer)
    return found


async def by_id(session: AsyncSession, request: Request, *, lock: bool = False) -> Escalation:
    """The escalation that a button or a form names. Pressed in a channel, it is read in that channel."""
    wanted = int(request.value or request.metadata.get("escalation") or 0)
    inside = request.channel or request.metadata.get("channel")
    query = select(Escalation).where(Escalation.id == wanted, access.seen_escalations(request.actor, inside=inside))
    found = (await session.scalars(query.with_for_update(of=Escalation) if lock else query)).one_or_none()
    if found is None:
        raise NotFound("That escalation is not there, or you may not read it. `/escalate list` shows the open ones.")
    return found


async def details(session: AsyncSession, request: Request, deps: Deps, row: Escalation) -> Answer:
    said = await session.execute(
        select(EscalationUpdate, Person.name)
        .outerjoin(Person, and_(Person.workspace_id == EscalationUpdate.workspace_id, Person.slack_id == EscalationUpdate.person))
        .where(EscalationUpdate.escalation_id == row.id)
        .order_by(EscalationUpdate.said_at.desc(), EscalationUpdate.id.desc())
        .limit(SHOWN_UPDATES)
    )
    updates = [(name or "somebody", update.words, update.said_at) for update, name in said][::-1]
    return Say(views.details(await card(session, deps, row.id, request.actor), updates, request.actor.zone))


@reads
async def list_open(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    visible = and_(IS_OPEN, access.seen_escalations(request.actor, inside=request.channel))
    total = await session.scalar(select(func.count(Escalation.id)).where(visible)) or 0
    return Say(views.listing(await cards(session, deps, visible, request.actor), total))


@reads
async def show_escalation(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text:
        return await list_open(session, request, deps)
    seen = access.seen_escalations(request.actor, inside=request.channel)
    return await details(session, request, deps, await find_numbered(session, Escalation, request.text, seen))


@reads
async def open_escalation(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return await details(session, request, deps, await by_id(session, request))


@reads
async def offer_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Each team with the channel that its cards go to."""
    query = (
        select(Team.name, Channel.name, Channel.is_private)
        .outerjoin(Channel, and_(Channel.workspace_id == Team.workspace_id, Channel.slack_id == Team.channel))
        .where(Team.folded.contains(fold(request.text), autoescape=True))
        .order_by(Team.folded)
        .limit(OFFERED)
    )
    return Options([(label_of(team, channel, is_private), team) for team, channel, is_private in await session.execute(query)])


def label_of(team: str, channel: str | None, is_private: bool | None) -> str:
    """A private channel's name is for its members."""
    where = "no channel" if not channel else "a private channel" if is_private else f"#{channel}"
    return f"{kit.cut(team, 40)} · {kit.cut(where, 30)}"


@reads
async def offer_customers(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    known = await customers_like(session, request.text, access.seen_customers(request.actor))
    return Options(kit.with_new(known, request.text))


@reads
async def offer_releases(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Options(await releases_like(session, request.text, access.seen_releases(request.actor)))


async def home(session: AsyncSession, viewer: Actor, deps: Deps) -> Sequence[Block]:
    """What waits for the reader."""
    mine = await cards(session, deps, and_(IS_OPEN, Escalation.owner == viewer.slack_id), viewer, limit=5)
    return [
        kit.section(
            f"*{kit.safe(each.title)}*\nto {_next_verb(each)}: {say_left(_next_target(each), deps.now())}",
            accessory=kit.button("Open", f"{views.OPEN}:{each.id}", str(each.id), about=each.name),
        )
        for each in mine
    ]


async def digest(session: AsyncSession, scope: Scope, deps: Deps) -> Sequence[Section]:
    """Open escalations past a target, as far as everybody in the channel may read them."""
    if await access.has_outsiders(session, scope.channel):
        return ()
    untaken = and_(Escalation.acknowledged_at.is_(None), Escalation.acknowledge_by <= scope.until)
    late = [IS_OPEN, or_(untaken, Escalation.resolve_by <= scope.until), access.shown_escalations(scope.channel)]
    if scope.team_id is not None:
        late.append(Escalation.team_id == scope.team_id)
    found = await cards(session, deps, and_(*late), limit=MOST_IN_DIGEST)
    lines = [
        Line(
            f"{each.title}: to {each.clock.misses(scope.until)}, {say_left(_next_target(each), scope.until)}.",
            each.owner,
            Action("Open", f"{views.OPEN}:{each.id}", str(each.id)),
        )
        for each in found
    ]
    return (Section(NEEDS_SOMEONE, "Needs someone", tuple(lines)),) if lines else ()


def _next_target(shown: EscalationCard) -> datetime:
    clock = shown.clock
    return clock.resolve_by if clock.acknowledged_at or clock.misses(shown.now) == "resolve" else clock.acknowledge_by


def _next_verb(shown: EscalationCard) -> str:
    return "solve" if shown.clock.acknowledged_at else "acknowledge"
