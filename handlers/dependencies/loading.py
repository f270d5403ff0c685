"""From rows to the values that are drawn, and the rows that several listeners need."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.deps import Deps
from bot.requests import Actor
from domain.calendar import WorkHours, working_days_between
from domain.dependencies import State, may_answer, next_reminder
from domain.errors import NotAllowed, NotFound
from handlers.dependencies.views import Promise
from models import ChannelMember, Dependency, Person, Release, Team, TeamMember, Workspace
from models.base import workspace_of
from models.finding import this_workspace
from models.team import hours_of

OPEN_STATES = [state.value for state in State if state.is_open and state is not State.NOTED]
REMINDED_STATES = [state.value for state in State if state.is_reminded]


async def load(session: AsyncSession, deps: Deps, only: ColumnElement[bool], limit: int = 12) -> list[Promise]:
    """Asks as drawn, the most urgent first. Dates count in the asked team's zone and holidays; a restricted release stays unnamed."""
    asked, asking = aliased(Team), aliased(Team)
    query = (
        select(Dependency, asked, asking.name, Release.name)
        .join(asked, (asked.workspace_id == Dependency.workspace_id) & (asked.id == Dependency.asked_team_id))
        .outerjoin(asking, (asking.workspace_id == Dependency.workspace_id) & (asking.id == Dependency.asking_team_id))
        .outerjoin(
            Release,
            (Release.workspace_id == Dependency.workspace_id) & (Release.id == Dependency.release_id) & Release.restricted.is_(False),
        )
        .where(only, Dependency.number.is_not(None))
        .order_by(Dependency.needed_on, Dependency.id)
        .limit(limit)
    )
    space, now = await this_workspace(session), deps.now()
    return [
        _promise(row, team, waiting, release, now, hours_of(space, team)) for row, team, waiting, release in await session.execute(query)
    ]


def _promise(row: Dependency, team: Team, asking: str | None, release: str | None, now: datetime, hours: WorkHours) -> Promise:
    cal, tz = hours.calendar, ZoneInfo(hours.zone)
    today = now.astimezone(tz).date()
    needed = row.needed_on or today
    return Promise(
        id=row.id, number=row.number or 0, state=State(row.state), asking=asking or "Somebody", asked=team.name, what=row.what, today=today,
        needed_on=needed, why=row.why, release=release or "", lead=team.lead, asked_by=row.asked_by,
        asked_on=row.asked_at.astimezone(tz).date() if row.asked_at else None, committed_on=row.committed_on, offered_on=row.offered_on,
        delivered_on=row.delivered_on, answered_by=row.answered_by,
        answered_on=row.answered_at.astimezone(tz).date() if row.answered_at else None,
        reason=row.answer_reason, days_left=working_days_between(today, needed, cal),
        late_days=working_days_between(row.committed_on or needed, today, cal),
    )  # fmt: skip


async def one(session: AsyncSession, deps: Deps, dependency_id: int) -> Promise:
    (found,) = await load(session, deps, Dependency.id == dependency_id)
    return found


async def locked(session: AsyncSession, dependency_id: int) -> Dependency:
    """The row, for a change. Raises NotFound."""
    found = (await session.scalars(select(Dependency).where(Dependency.id == dependency_id).with_for_update())).one_or_none()
    if found is None:
        raise NotFound("That ask is gone. `/dependency list` shows what is open.")
    return found


async def must_be_asked_team(session: AsyncSession, row: Dependency, actor: Actor) -> Team:
    """Only the asked team answers: its lead, deputy and members; with none listed, whoever is in its channel."""
    team = (await session.scalars(select(Team).where(Team.id == row.asked_team_id))).one()
    if not await _is_of(session, team, actor):
        name = await session.scalar(select(Person.name).where(Person.slack_id == team.lead)) if team.lead else None
        lead = f" Their lead is {name}." if name else ""
        raise NotAllowed(f"Only {team.name} can answer this.{lead} Nothing was changed.")
    return team


async def must_be_asking_side(session: AsyncSession, row: Dependency, actor: Actor) -> None:
    """Who asked, or their team."""
    if actor.slack_id == row.asked_by or actor.is_product_operations:
        return
    team = (await session.scalars(select(Team).where(Team.id == row.asking_team_id))).one_or_none() if row.asking_team_id else None
    if team is None or not await _is_of(session, team, actor):
        whose = team.name if team else "who asked"
        raise NotAllowed(f"Only {whose} can say that. Nothing was changed.")


async def _is_of(session: AsyncSession, team: Team, actor: Actor) -> bool:
    members = list(await session.scalars(select(TeamMember.person).where(TeamMember.team_id == team.id)))
    there = select(ChannelMember.person_slack_id).where(
        ChannelMember.channel_slack_id == (team.channel or ""), ChannelMember.person_slack_id == actor.slack_id
    )
    in_channel = list(await session.scalars(there)) if team.channel else []
    deputies = [team.deputy] if team.deputy else []
    return may_answer(actor.slack_id, lead=team.lead, deputies=deputies, members=members, in_channel=in_channel)


async def team_of(session: AsyncSession, actor: Actor, channel: str | None) -> Team | None:
    """The team that somebody speaks for: the channel's, else the one they lead or are in."""
    bound = (await session.scalars(select(Team).where(Team.channel == channel).limit(1))).one_or_none() if channel else None
    if bound is not None:
        return bound
    mine = select(TeamMember.team_id).where(TeamMember.person == actor.slack_id)
    theirs = or_(Team.lead == actor.slack_id, Team.deputy == actor.slack_id, Team.id.in_(mine))
    return (await session.scalars(select(Team).where(theirs).order_by(Team.id).limit(1))).one_or_none()


async def home_channel(session: AsyncSession) -> str | None:
    """The channel of what has no other place."""
    return await session.scalar(select(Workspace.home_channel).where(Workspace.id == workspace_of(session)))


async def remind_next(session: AsyncSession, row: Dependency, now: datetime) -> None:
    """Set when the ask is next reminded of, or that it is not any more."""
    if row.state not in REMINDED_STATES or row.needed_on is None:
        row.next_reminder_at = None
        return
    team = (await session.scalars(select(Team).where(Team.id == row.asked_team_id))).one()
    hours = hours_of(await this_workspace(session), team)
    due = row.committed_on or row.needed_on
    row.next_reminder_at = next_reminder(now, due, hours.zone, hours.calendar, snoozed_until=row.snoozed_until)


async def all_teams(session: AsyncSession) -> Sequence[Team]:
    return list(await session.scalars(select(Team).order_by(Team.folded).limit(100)))
