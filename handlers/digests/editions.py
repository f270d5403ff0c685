"""Putting a digest together from what the slices contribute, for exactly one channel's eyes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from domain.calendar import local_week, next_weekly
from domain.digests import MOST_ROWS, Scope, Section, arrange, occurrence, period
from handlers.digests.views import Edition, Subscribed, digest, paused_for_outsiders, rest
from models import Digest, DigestIssue, Team

EVERYBODY = "all teams"
ALL = 10_000


async def sent_until(session: AsyncSession, channel: str) -> datetime | None:
    """When the channel's last digest was made."""
    last = select(DigestIssue.until).where(DigestIssue.channel == channel).order_by(DigestIssue.until.desc()).limit(1)
    return (await session.scalars(last)).one_or_none()


async def edition(session: AsyncSession, row: Digest, deps: Deps) -> Edition:
    now = deps.now()
    covered = period(await sent_until(session, row.channel), now, row.zone)
    today = now.astimezone(ZoneInfo(row.zone)).date()
    scope = Scope(row.channel, row.team_id, covered.since, covered.until, today, row.zone)
    parts: list[Section] = []
    for contribution in deps.slices.digest:
        parts.extend(await contribution.run(session, scope, deps))
    team = (await session.scalars(select(Team.name).where(Team.id == row.team_id))).one() if row.team_id else EVERYBODY
    everything, shown = arrange(parts, ALL), arrange(parts, MOST_ROWS)
    return Edition(
        team[0].upper() + team[1:],
        covered,
        [section for section in shown if section.lines],
        _left(everything, shown),
        sum(part.on_track for part in parts),
        subscribed(row, team).rhythm,
    )


def _left(everything: tuple[Section, ...], shown: tuple[Section, ...]) -> list[Section]:
    """What was cut, section by section."""
    left = []
    for whole in everything:
        kept = next((len(part.lines) for part in shown if (part.rank, part.title) == (whole.rank, whole.title)), 0)
        if len(whole.lines) > kept:
            left.append(Section(whole.rank, whole.title, whole.lines[kept:]))
    return left


def subscribed(row: Digest, who: str) -> Subscribed:
    return Subscribed(row.id, row.channel, who, row.weekday, row.at, row.zone, row.state, row.next_due_at)


async def send_due(session: AsyncSession, deps: Deps) -> None:
    """Enqueue every digest that is due: once per channel and local ISO week, whatever ticks, restarts or replicas do."""
    due = select(Digest).where(Digest.state == "active", Digest.next_due_at <= deps.now())
    for row in list(await session.scalars(due.order_by(Digest.id).limit(100).with_for_update(skip_locked=True))):
        await _send(session, row, deps)


async def _send(session: AsyncSession, row: Digest, deps: Deps) -> None:
    now = deps.now()
    assert row.next_due_at is not None
    at = occurrence(row.next_due_at, now, lambda after: next_weekly(after, row.weekday, row.at, row.zone))
    row.next_due_at = next_weekly(now, row.weekday, row.at, row.zone)
    if at is None:  # too late to be of use; the next one covers it
        return
    week = local_week(at, row.zone)
    sent = select(DigestIssue.id).where(DigestIssue.channel == row.channel, DigestIssue.week == week)
    if (await session.scalars(sent)).one_or_none() is not None:
        return
    if not row.outsiders_agreed_by and await access.has_outsiders(session, row.channel):
        row.state, row.next_due_at = "paused", None
        key = f"digest:paused:{row.channel}:{week}"
        await deps.outbox.post(session, key, row.subscribed_by, paused_for_outsiders(row.channel))
        return
    made = await edition(session, row, deps)
    session.add(DigestIssue(digest_id=row.id, channel=row.channel, week=week, since=made.period.since, until=made.period.until))
    key, agreed = f"digest:weekly:{row.channel}:{week}", row.outsiders_agreed_by is not None
    await deps.outbox.post(session, key, row.channel, digest(made), rank=60, to_outsiders=agreed)
    if made.rest:
        await deps.outbox.post(session, f"{key}:rest", row.channel, rest(made), thread_of=key, rank=60, to_outsiders=agreed)
