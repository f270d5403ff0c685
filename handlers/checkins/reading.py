"""What a question holds, read anew: each release with the date that was shown, and what became of it, as far as its reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.requests import Actor
from domain.calendar import WorkHours, local_date
from domain.checkins import Outcome, Presence, Rhythm, outcome, says_away
from domain.phrases import say_day, say_days
from domain.releases import Health, slip
from domain.spans import due
from domain.standing import ends_on, say_confirmed, stalled_cause
from domain.working import calendar_of
from handlers.checkins.views import Asked, Question, question
from models import CheckIn, CheckInRelease, Person, Release, Team
from models.finding import this_workspace
from models.hours import teams_of
from models.team import hours_of, working_days
from models.workspace import runs_operations

COLUMNS = (
    Release.id, Release.name, Release.owner, Release.target_on, Release.precision, Release.baseline_on, Release.shipped_on,
    Release.is_cancelled, Release.health, Release.health_at, Release.confirmed_at, Release.created_at, Release.changed_at,
    Release.team_id, *working_days(Release),
)  # fmt: skip
WITH_TEAM = and_(Team.workspace_id == Release.workspace_id, Team.id == Release.team_id)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who may be asked, and what of them decides when, and what they may see. `can_answer` is False for leavers and guests."""

    presence: Presence
    viewer: Actor
    can_answer: bool


def key_of(row: CheckIn) -> str:
    """The key under which a question is posted."""
    return f"checkin:{row.person}:{row.week}"


async def rhythm_of(session: AsyncSession) -> Rhythm:
    workspace = await this_workspace(session)
    return Rhythm(workspace.asks_weekday, workspace.asks_at)


async def readers(session: AsyncSession, people: Sequence[str], now: datetime) -> dict[str, Reader]:
    """Those of them who are known, by Slack id. They work when their team does: where they are a member, else where they lead."""
    space = await this_workspace(session)
    teams = await teams_of(session, people)
    found = await session.execute(select(Person, runs_operations()).where(Person.slack_id.in_(people)))
    return {person.slack_id: _reader(person, runs, hours_of(space, teams.get(person.slack_id)), now) for person, runs in found}


def _reader(person: Person, runs: bool, hours: WorkHours, now: datetime) -> Reader:
    is_over = person.status_until is not None and person.status_until <= now
    is_away = not is_over and says_away(person.status, person.status_emoji)
    viewer = Actor(
        slack_id=person.slack_id,
        zone=person.zone or hours.zone,
        is_guest=person.is_guest,
        is_outside=person.is_outside,
        is_product_operations=bool(runs),
    )
    can_answer = not (person.is_deleted or person.is_bot or person.is_guest or person.is_outside)
    return Reader(Presence(viewer.zone, hours.calendar, is_away, person.status_until), viewer, can_answer)


def said(release: Any) -> str:
    """A release's date as a question shows it."""
    return say_day(due(release))


def became(row: CheckIn, shown: str, release: Any) -> Outcome:
    """What became of one release of a question since it was asked."""
    assert row.asked_at is not None
    return outcome(
        shown=shown,
        now_for=said(release),
        shipped_on=release.shipped_on,
        is_cancelled=release.is_cancelled,
        is_theirs=release.owner == row.person,
        confirmed_at=release.confirmed_at,
        asked_at=row.asked_at,
    )


def asked_row(release: Any, shown: str, result: Outcome, row: CheckIn, now: datetime, zone: str) -> Asked:
    """One release as the message shows it."""
    ends = ends_on(release, calendar_of(release))
    detail = detail_of(release, now, zone)
    return Asked(release.id, release.name, shown, ends, result, detail, _in_words(release, result, row))


def detail_of(release: Any, now: datetime, zone: str) -> str:
    """What there is to know beside its date: lateness, slip, health, and since when nobody confirmed it."""
    calendar = calendar_of(release)
    past = stalled_cause(ends_on(release, calendar), None, now, local_date(now, zone), calendar)
    details = [
        past.cause if past else "",
        say_days(slip(release.baseline_on, release.target_on, calendar)) if release.baseline_on and release.target_on else "",
        Health(release.health).words if release.health else "",
        say_confirmed(release.confirmed_at, now, release.created_at),
    ]
    return " · ".join(filter(None, details))


def _in_words(release: Any, result: Outcome, row: CheckIn) -> str:
    match result:
        case Outcome.SHIPPED:
            return f"shipped on {say_day(release.shipped_on)}"
        case Outcome.CANCELLED:
            return "cancelled"
        case Outcome.HANDED_OVER:
            return "has another owner now"
        case Outcome.MOVED:
            return f"moved to {said(release)}" if release.target_on else "has no day any more"
    if release.health and release.health_at and row.asked_at and release.health_at >= row.asked_at:
        return f"{Health(release.health).words}, {said(release)}"
    return f"still right, {said(release)}" if release.target_on else "still without a day"


async def draw(session: AsyncSession, deps: Deps, row: CheckIn, *, anew: bool = False) -> Question:
    """Read a question that is locked anew, and rewrite its message where something became of it, or `anew`."""
    asked, changed = await _load(session, deps, row)
    row.answered_at = (row.answered_at or deps.now()) if not asked.waiting else None
    await session.flush()
    if (changed or anew) and asked.rows:
        await deps.outbox.rewrite(session, key_of(row), question(asked), channel=row.person)
    return asked


async def _load(session: AsyncSession, deps: Deps, row: CheckIn) -> tuple[Question, bool]:
    now = deps.now()
    reader = (await readers(session, [row.person], now)).get(row.person)
    zone = reader.presence.zone if reader else "UTC"
    seen = access.seen_releases(reader.viewer if reader else Actor(is_guest=True))
    query = (
        select(CheckInRelease, *COLUMNS, seen.label("is_seen"))
        .join(Release, and_(Release.workspace_id == CheckInRelease.workspace_id, Release.id == CheckInRelease.release_id))
        .outerjoin(Team, WITH_TEAM)
        .where(CheckInRelease.checkin_id == row.id)
        .order_by(CheckInRelease.id)
    )
    shown, changed = [], False
    for release in await session.execute(query):
        kept = release.CheckInRelease
        result = became(row, kept.said, release) if release.is_seen else Outcome.HANDED_OVER
        changed = changed or kept.outcome != result.value
        kept.outcome, kept.drawn_at = result.value, release.changed_at
        if release.is_seen:
            shown.append(asked_row(release, kept.said, result, row, now, zone))
    return made(row, shown, zone, await rhythm_of(session), now), changed


def made(row: CheckIn, shown: Sequence[Asked], zone: str, rhythm: Rhythm, now: datetime) -> Question:
    assert row.asked_at is not None
    return Question(row.id, shown, row.first, local_date(now, zone), row.asked_at, zone, rhythm.weekday)
