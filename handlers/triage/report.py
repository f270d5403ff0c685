"""How often what came in was looked at on time: by team and ISO week, of what the reader may read, and never by person."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.calendar import WorkHours
from domain.triage import Look, Share, begins_at, days_of, due_at, shares, weeks_until
from handlers.triage import ids, reading, views_report
from handlers.triage.carrying import carried, is_private
from handlers.triage.reading import of_team
from handlers.triage.views_report import Report, Row
from models import Feedback, Team
from models.base import Instant
from models.feedback import OF_CUSTOMERS
from models.finding import find_team, this_workspace
from models.steps import step
from models.team import hours_of
from models.triage import CAME_AT, WAITS

_CAME_IN = and_(
    OF_CUSTOMERS,
    Feedback.removed_at.is_(None),
    Feedback.same_as_id.is_(None),
    or_(WAITS, Feedback.triaged_at > Feedback.logged_at),  # what was linked as it was logged needed no look
)


async def show(session: AsyncSession, request: Request, deps: Deps, words: str, at: int = 0, *, replace: bool = False) -> Answer:
    """Of one team, by name; else of all."""
    team = await find_team(session, words) if words else None
    seen = access.seen_feedback(request.actor, request.channel)
    return Say(views_report.report(await made(session, deps, seen, team, request.actor.zone, at)), replace=replace)


async def made(session: AsyncSession, deps: Deps, seen: ColumnElement[bool], only: Team | None, zone: str, at: int = 0) -> Report:
    space = await this_workspace(session)
    teams: list[Team | None] = [only] if only else [*await session.scalars(select(Team).order_by(Team.folded)), None]
    waiting = {each.team_id: each for each in await reading.waiting(session, deps, seen)}
    rows: list[Row] = []
    by_calendar = sorted(((str(hours_of(space, team)), n, team) for n, team in enumerate(teams)), key=lambda each: each[:2])
    for _, group in groupby(by_calendar, key=lambda each: each[0]):
        alike = [team for _, _, team in group]
        found = await _shares(session, deps.now(), seen, alike, hours_of(space, alike[0]), space.triage_days)
        for team in alike:
            key = team.id if team else ids.NO_TEAM
            if key in found or key in waiting or only:
                rows.append(Row(key, team.name if team else "", found.get(key, [Share()]), waiting.get(key)))
    rows.sort(key=lambda row: (not row.team, row.team.casefold()))
    mondays = weeks_until(deps.now(), zone)
    return Report(rows, mondays, space.triage_days, deps.now(), zone, at, only.id if only else None)


async def _shares(
    session: AsyncSession, now: datetime, seen: ColumnElement[bool], teams: Sequence[Team | None], hours: WorkHours, days: int
) -> dict[int, list[Share]]:
    """A share a week for each of these teams, which work at the same times."""
    mondays = weeks_until(now, hours.zone)
    dates = list(days_of(mondays))
    starts = [begins_at(day, hours.zone) for day in dates]
    due = step(CAME_AT, starts, [due_at(day, days, hours) for day in dates], Instant())
    week = step(CAME_AT, starts[::7], list(range(len(mondays))))
    look = case(
        (Feedback.triaged_at <= due, Look.ON_TIME.value),
        (and_(Feedback.triaged_at.is_(None), due > now), Look.OPEN.value),
        else_=Look.LATE.value,
    )
    whose = or_(Feedback.team_id.in_([team.id for team in teams if team]), *([of_team(ids.NO_TEAM)] if None in teams else []))
    came = (
        select(Feedback.team_id.label("team"), week.label("week"), look.label("look"))
        .where(_CAME_IN, whose, starts[0] <= CAME_AT, seen)
        .subquery()
    )
    counted = select(came.c.team, came.c.week, came.c.look, func.count()).group_by(came.c.team, came.c.week, came.c.look)
    counts: dict[int, dict[tuple[int, str], int]] = {}
    for team, each, look_is, count in await session.execute(counted):
        counts.setdefault(team or ids.NO_TEAM, {})[each, look_is] = count
    return {team: shares(each, len(mondays)) for team, each in counts.items()}


@reads
async def press(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*On time?* under a queue, and the pages of the report."""
    access.reads_inside(request.actor)
    _, at, _ = carried(request)
    return await show(session, request, deps, "", at, replace=is_private(request))
