"""What a weekly digest tells of releases: who must act, what moved, what comes in 14 days, what shipped. Nothing restricted."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import and_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from domain.digests import AHEAD, MOVED, NEEDS_SOMEONE, NEXT, SHIPPED, Action, Line, Period, Scope, Section, net_move
from domain.happenings import is_of_its_import
from domain.listed import Row, judged
from domain.phrases import say_day, say_days, say_short_day
from domain.releases import Move, Stage, slip
from domain.spans import read_written
from domain.standing import Group
from domain.working import calendar_of
from handlers.releases import ids
from models import Change, Release, Team
from models.base import prebuilt, run
from models.standing import is_of_team, open_list
from models.team import working_days

SOON = timedelta(days=30)

_OPEN = prebuilt(open_list(access.open_releases()))


async def digest_sections(session: AsyncSession, scope: Scope, deps: Deps) -> Sequence[Section]:
    """Sections for one channel's readers; of its team (owned, or with work in it), or of all."""
    found = await run(session, _OPEN, team_id=scope.team_id)
    rows = [row for row in judged(found, now=scope.until) if scope.team_id is None or row.facts.is_theirs]
    on_track = sum(row.standing.group is Group.ON_TRACK for row in rows)
    return [
        Section(NEEDS_SOMEONE, "Needs someone", tuple(line for row in rows if (line := _needs(row, scope.today))), on_track=on_track),
        Section(MOVED, Period(scope.since, scope.until, scope.zone).title, await _moved(session, scope)),
        Section(NEXT, "Next 14 days", tuple(_coming(row) for row in _due_soon(rows, scope.today))),
        Section(SHIPPED, "Shipped", await _shipped(session, scope)),
    ]


def _needs(row: Row, today: date) -> Line | None:
    """Stalled, or due soon and nobody's."""
    where, owner = row.standing, row.facts.owner
    soon = where.target_on is not None and where.target_on <= today + SOON
    said = [f"{row.facts.name} is stalled, {where.stalled.cause}"] if where.stalled else []
    if not owner and (where.stalled or soon):
        said = [f"{said[0]}, and has no owner"] if said else [f"{row.facts.name} is due {say_day(row.due)} and has no owner"]
    return Line(f"{said[0]}.", owner, Action("Open", f"{ids.OPEN}:{row.facts.id}", str(row.facts.id))) if said else None


def _due_soon(rows: Sequence[Row], today: date) -> list[Row]:
    due = [row for row in rows if row.facts.target_on and today <= row.facts.target_on <= today + AHEAD]
    return sorted(due, key=lambda row: (row.facts.target_on, row.facts.name))


def _coming(row: Row) -> Line:
    facts = row.facts
    work = f", {facts.done} of {total} done" if (total := facts.done + facts.to_do) else ""
    return Line(f"{say_day(row.due)}  {facts.name}. {row.standing.health.words}{work}")


async def _moved(session: AsyncSession, scope: Scope) -> tuple[Line, ...]:
    """All moves of the period as one line a release, from the first day to the last, with the last reason; and what was cancelled."""
    lines = []
    for _, group in groupby(await _changes(session, scope, ("date", "state")), key=lambda row: row.release_id):
        changes = list(group)
        last = changes[-1]
        moves = [
            Move(before, read_written(change.after), change.happened_at, change.actor, change.reason, change.reason_kind or None)
            for change in changes
            if change.field == "date" and (before := read_written(change.before)) and not is_of_its_import(change)
        ]
        net = net_move(moves, scope.since, scope.until)
        if last.is_cancelled:
            lines.append(Line(f"{last.name}: cancelled. {last.reason}".strip()))
        elif net:
            late = say_days(slip(last.baseline_on, net.after, calendar_of(last)))
            first = say_short_day(net.before)
            lines.append(Line(f"{last.name}: {first} → {say_day(net.after)}, {late}. {net.reason or ''}".strip()))
    return tuple(lines)


async def _shipped(session: AsyncSession, scope: Scope) -> tuple[Line, ...]:
    """What reached everyone in the period and was not taken back."""
    changes = await _changes(session, scope, ("stage",))
    newest = {row.release_id: row for row in changes if row.after == Stage.EVERYONE and row.shipped_on and not row.is_open}
    return tuple(
        Line(f"{row.name} ({say_day(row.shipped_on)}, {say_days(slip(row.baseline_on, row.shipped_on, calendar_of(row)))})")
        for row in newest.values()
    )


async def _changes(session: AsyncSession, scope: Scope, fields: tuple[str, ...]) -> Sequence[Any]:
    """Unvoided changes of a period, release by release, in the order in which they happened. An import's history counts by its own time."""
    query = (
        select(
            Change.release_id, Change.field, Change.before, Change.after, Change.reason, Change.reason_kind, Change.actor,
            Change.happened_at, Change.recorded_at, Change.import_id,
            Release.name, Release.baseline_on, Release.shipped_on, Release.is_open, Release.is_cancelled,
            *working_days(Release),
        )
        .join(Release, and_(Release.workspace_id == Change.workspace_id, Release.id == Change.release_id))
        .outerjoin(Team, and_(Team.workspace_id == Release.workspace_id, Team.id == Release.team_id))
        .where(
            Change.item_id.is_(None), Change.field.in_(fields), Change.voided_at.is_(None), _within(scope.since, scope.until),
            access.open_releases(),
        )
        .order_by(Change.release_id, Change.happened_at, Change.id)
    )  # fmt: skip
    if scope.team_id is not None:
        query = query.where(is_of_team(literal(scope.team_id)))
    return (await session.execute(query)).all()


def _within(since: datetime, until: datetime) -> Any:
    return and_(Change.happened_at > since, Change.happened_at <= until)
