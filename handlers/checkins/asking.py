"""By the clock: who is asked when, the question itself, and its one reminder.

Each is a due row, so ticks may run twice, late, or in five replicas. An owner has one row that is planned, for a later week. It becomes
the question, or is planned for the week after where there is nothing to ask.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.metrics import CONFIRMED_SHARE
from bot.scheduling import some_at_a_time
from domain.calendar import local_week, next_weekly
from domain.checkins import QUIET_DAYS, Outcome, Presence, Rhythm, asking_time, is_quiet, reminding_time
from handlers.checkins import reading, views
from handlers.checkins.reading import Reader
from models import CheckIn, CheckInRelease, Person, Release, Team
from models.adding import add_missing
from models.base import workspace_of
from models.finding import this_workspace

ASK = "checkins:ask"
AT_ONCE = 100  # a person who writes at this moment waits for as many
RANK = 70  # after everything that somebody waits for
RECENT = timedelta(days=8)
WEEK = timedelta(days=7)


async def look_who_is_due(session: AsyncSession, deps: Deps) -> None:
    """Plan the next question of each owner who has none planned; when any is due, have them asked."""
    await _plan(session, deps)
    if await session.scalar(select(CheckIn.id).where(CheckIn.next_at <= deps.now()).limit(1)) is not None:
        await deps.outbox.effect(session, ASK, f"{ASK}:{deps.now().isoformat()}", {}, lane=ASK)
    confirmed, total = await share_confirmed(session, deps.now())
    CONFIRMED_SHARE.labels(workspace_of(session)).set(confirmed / total if total else 1.0)


async def share_confirmed(session: AsyncSession, now: datetime) -> tuple[int, int]:
    """How many of the open releases were confirmed in the last 7 days, and how many there are."""
    counted = select(func.count().filter(Release.confirmed_at >= now - WEEK), func.count()).where(Release.is_open.is_(True))
    confirmed, total = (await session.execute(counted.select_from(Release))).one()
    return confirmed, total


async def _plan(session: AsyncSession, deps: Deps) -> None:
    planned = exists().where(CheckIn.workspace_id == Release.workspace_id, CheckIn.person == Release.owner, CheckIn.asked_at.is_(None))
    query = (
        select(Release.owner, Person.zone)
        .outerjoin(Person, and_(Person.workspace_id == Release.workspace_id, Person.slack_id == Release.owner))
        .where(Release.is_open.is_(True), Release.owner.is_not(None), ~planned)
        .distinct()
    )
    owners = (await session.execute(query)).all()
    if not owners:
        return
    home, rhythm = (await this_workspace(session)).zone, await reading.rhythm_of(session)
    recent = await _asked_lately(session, deps.now())
    rows = []
    for owner, zone in owners:
        at, week = _next_question(str(owner), zone or home, rhythm, recent, deps.now())
        rows.append({"person": owner, "week": week, "next_at": at})
    await add_missing(session, CheckIn, rows)


async def _asked_lately(session: AsyncSession, now: datetime) -> set[tuple[str, str]]:
    found = await session.execute(select(CheckIn.person, CheckIn.week).where(CheckIn.asked_at > now - RECENT))
    return {(row.person, row.week) for row in found}


async def ask_all(payload: Mapping[str, Any], deps: Deps) -> None:
    await some_at_a_time(payload, deps, _ask_some, AT_ONCE, by="weekly question")


async def _ask_some(session: AsyncSession, deps: Deps) -> int:
    now = deps.now()
    due = select(CheckIn).where(CheckIn.next_at <= now).order_by(CheckIn.next_at, CheckIn.id).limit(AT_ONCE)
    rows = list(await session.scalars(due.with_for_update(skip_locked=True)))
    people = list({row.person for row in rows})
    rhythm, known = await reading.rhythm_of(session), await reading.readers(session, people, now)
    recent, quiet = await _asked_lately(session, now), await _may_be_quiet(session, people, now)
    asked: list[tuple[CheckIn, Presence, Sequence[Any]]] = []
    for row in rows:
        reader = known.get(row.person)
        if row.asked_at is not None:
            await _remind(session, deps, row, rhythm, reader)
        elif reader is None or not reader.can_answer:
            await session.delete(row)
        elif not _is_of_this_week(row, reader, recent, now):
            _put_off(row, rhythm, reader.presence, recent, now)
        else:
            wanted = [release for release in quiet[row.person] if is_quiet(release.changed_at, now, reader.presence.zone)]
            when = asking_time(now, rhythm, reader.presence)
            if when is None or not wanted:
                _put_off(row, rhythm, reader.presence, recent, now)
            elif when > now:
                row.next_at = when
            else:
                asked.append((row, reader.presence, wanted))
    await _ask(session, deps, rhythm, asked)
    return len(rows)


def _is_of_this_week(row: CheckIn, reader: Reader, recent: set[tuple[str, str]], now: datetime) -> bool:
    """A row of a week that nobody was there for is asked in this week instead, unless that was done."""
    week = local_week(now, reader.presence.zone)
    if row.week != week and (row.person, week) in recent:
        return False
    row.week = week
    return True


def _put_off(row: CheckIn, rhythm: Rhythm, who: Presence, recent: set[tuple[str, str]], now: datetime) -> None:
    """There is nothing to ask in this week any more."""
    row.next_at, row.week = _next_question(row.person, who.zone, rhythm, recent, now)


def _next_question(person: str, zone: str, rhythm: Rhythm, recent: set[tuple[str, str]], now: datetime) -> tuple[datetime, str]:
    """When the next one is due, and its week: not one in which they were asked already, on what was the day then."""
    at = next_weekly(now, rhythm.weekday, rhythm.at, zone)
    if (person, local_week(at, zone)) in recent:
        at = next_weekly(at, rhythm.weekday, rhythm.at, zone)
    return at, local_week(at, zone)


async def _may_be_quiet(session: AsyncSession, people: Sequence[str], now: datetime) -> Mapping[str, list[Any]]:
    """Their open releases that have changed nothing for about 7 days, the nearest date first; to the day it is a matter of the wall."""
    query = (
        select(*reading.COLUMNS)
        .outerjoin(Team, reading.WITH_TEAM)
        .where(Release.is_open.is_(True), Release.owner.in_(people), Release.changed_at <= now - timedelta(days=QUIET_DAYS - 1))
        .order_by(Release.target_on.is_(None), Release.target_on, Release.id)
    )
    found = defaultdict(list)
    for release in await session.execute(query):
        found[release.owner].append(release)
    return found


async def _ask(session: AsyncSession, deps: Deps, rhythm: Rhythm, asked: Sequence[tuple[CheckIn, Presence, Sequence[Any]]]) -> None:
    """The question to each of them, what it holds, and the row of the next."""
    now, holds, planned = deps.now(), [], []
    for row, who, releases in asked:
        end = next_weekly(now, rhythm.weekday, rhythm.at, who.zone)
        row.asked_at, row.next_at = now, reminding_time(now, now, rhythm, who)
        shown = [reading.asked_row(each, reading.said(each), Outcome.WAITS, row, now, who.zone) for each in releases]
        message = views.question(reading.made(row, shown, who.zone, rhythm, now))
        await deps.outbox.post(session, reading.key_of(row), row.person, message, rank=RANK, expires_at=end)
        changed = {each.id: each.changed_at for each in releases}
        holds += [{"checkin_id": row.id, "release_id": one.id, "said": one.said, "drawn_at": changed[one.id]} for one in shown]
        planned.append({"person": row.person, "week": local_week(end, who.zone), "next_at": end})
    await add_missing(session, CheckInRelease, holds)
    await add_missing(session, CheckIn, planned)


async def _remind(session: AsyncSession, deps: Deps, row: CheckIn, rhythm: Rhythm, reader: Reader | None) -> None:
    """Once, of what still waits."""
    assert row.asked_at is not None
    row.next_at, now = None, deps.now()
    if reader is None or not reader.can_answer or not (waiting := (await reading.draw(session, deps, row)).waiting):
        return
    when = reminding_time(row.asked_at, now, rhythm, reader.presence)
    if when is not None and when <= now:
        row.reminded_at, key = now, reading.key_of(row)
        await deps.outbox.post(session, f"{key}:again", row.person, views.reminder(waiting), thread_of=key, broadcast=True, rank=RANK)
    else:
        row.next_at = when


async def redraw_answered(session: AsyncSession, deps: Deps) -> None:
    """Rewrite the questions whose releases were changed in another place: by a form, a command, somebody else, or by taking that back."""
    changed = (
        select(CheckIn.id)
        .join(CheckInRelease, and_(CheckInRelease.workspace_id == CheckIn.workspace_id, CheckInRelease.checkin_id == CheckIn.id))
        .join(Release, and_(Release.workspace_id == CheckIn.workspace_id, Release.id == CheckInRelease.release_id))
        .where(CheckIn.asked_at > deps.now() - RECENT, CheckInRelease.drawn_at != Release.changed_at)
        .distinct()
        .limit(AT_ONCE)
    )
    ids = list(await session.scalars(changed))
    if ids:
        rows = select(CheckIn).where(CheckIn.id.in_(ids)).order_by(CheckIn.id).with_for_update(skip_locked=True)
        for row in list(await session.scalars(rows)):
            await reading.draw(session, deps, row)
