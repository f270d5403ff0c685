"""The list of `/release status` as it was on a day that has passed: every release rebuilt from what was said of it until then.

What somebody may see is decided by what holds now. What is not kept by day (how much work was done, what was confirmed) is left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.requests import Actor
from bot.seeing import KINDS, bound
from domain.errors import BadInput
from domain.listed import Row, judged
from domain.releases import Record
from models import past, standing
from models.base import prebuilt, run
from models.history import read

_TOLD: dict[str, Executable] = {kind: prebuilt(past.told_of_open(access.seen_releases(who))) for kind, who in KINDS.items()}
AS_OF = re.compile(r"(?:^|\s+)as\s*-?\s*(?:of|at|on)\s+(?=.)", re.IGNORECASE)
NOT_KEPT = "What was confirmed on a day that has passed is not kept. Ask for the list of that day, or for what is unconfirmed now."


@dataclass(frozen=True, slots=True)
class Then:
    """One release as it was, under the names that `models.standing` gives the columns of the list. What is not known is None."""

    id: int
    name: str
    target_on: date | None
    precision: str
    is_committed: bool
    baseline_on: date | None
    health: str | None
    health_reason: str
    health_by: str | None
    owner: str | None
    created_at: datetime | None
    changed_at: datetime | None
    team_id: int | None
    team: str | None
    zone: str
    holidays: str
    weekdays: str
    days_off: str
    owner_name: str | None
    judge_name: str | None
    unaccepted: int
    is_theirs: bool
    vouched_at: datetime | None = None
    confirmed_at: datetime | None = None
    done: int | None = None
    to_do: int | None = None


def until(day: date, now: datetime, zone: str) -> datetime:
    """The last second of a local day, or now, if it is not over."""
    ends = datetime.combine(day + timedelta(days=1), time(0), ZoneInfo(zone)).astimezone(UTC)
    return min(ends - timedelta(seconds=1), now)


async def rows_then(session: AsyncSession, viewer: Actor, at: datetime, *, team_id: int | None) -> list[Row]:
    """What was open at that instant, in the order of the list."""
    records = await _records(session, viewer, at)
    last = await past.last_changes(session, list(records), at)
    waits = await past.unpromised(session, at)
    teams = await past.teams_by_id(session, (record.team for record in records.values()))
    people = [person for record in records.values() for person in (record.owner, record.health_by)]
    names = await standing.person_names(session, *people)
    working = await past.with_work_of(session, team_id, at, records) if team_id else frozenset()
    facts = [
        _then(key, record, teams.get(record.team or "", teams[""]), names, last.get(key), waits.get(key, 0), team_id, key in working)
        for key, record in records.items()
    ]
    return judged(facts, now=at)


async def _records(session: AsyncSession, viewer: Actor, at: datetime) -> dict[int, Record]:
    kind, values = bound(viewer)
    found: Sequence[Any] = (await run(session, _TOLD[kind], at=at, **values)).all()
    told = ((key, read(rows)) for key, rows in groupby(found, key=lambda row: row.release_id))
    return {key: record for key, record in told if record.name and record.is_open}


def _then(
    key: int,
    record: Record,
    team: Any,
    names: dict[str, str],
    changed_at: datetime | None,
    unaccepted: int,
    asked: int | None,
    has_work: bool,
) -> Then:
    team_id = team.id
    return Then(
        id=key,
        name=record.name,
        target_on=record.target_on,
        precision=str(record.precision),
        is_committed=record.is_committed,
        baseline_on=record.baseline_on,
        health=record.health,
        health_reason=record.health_reason or "",
        health_by=record.health_by,
        owner=record.owner,
        created_at=record.created_at,
        changed_at=changed_at or record.changed_at,
        team_id=team_id,
        team=team.name,
        zone=team.zone,
        holidays=team.holidays,
        weekdays=team.weekdays,
        days_off=team.days_off,
        owner_name=names.get(record.owner or ""),
        judge_name=names.get(record.health_by or ""),
        unaccepted=unaccepted,
        is_theirs=asked is not None and (team_id == asked or has_work),
    )


def refuse_what_is_not_kept(word: str) -> None:
    """Raises BadInput for a filter that no history answers."""
    if "unconfirmed" in word.split():
        raise BadInput({"as of": NOT_KEPT})
