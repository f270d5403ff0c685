"""Notices by the clock: one warning on the way to a target, one notice where it is missed, each once, whatever ticks."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from domain.calendar import WorkHours
from domain.escalations import Due, Severity, next_notice, sent_before
from handlers.escalations import reading, views
from models import Escalation, Team

AT_ONCE = 200
RANKS = {Severity.CRITICAL: 5, Severity.HIGH: 20}  # before anything that is sent by the week
USUAL = 40


def card_key(escalation_id: int) -> str:
    return f"escalation:{escalation_id}:card"


def rank_of(severity: str) -> int:
    return RANKS.get(Severity(severity), USUAL)


async def send_notices(session: AsyncSession, deps: Deps) -> None:
    """Everything due by now. A row that another process has in hand is its business."""
    due = (
        select(Escalation)
        .where(Escalation.next_notice_at <= deps.now())
        .order_by(Escalation.next_notice_at)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    for row in list(await session.scalars(due)):
        await _send(session, row, deps)


async def _send(session: AsyncSession, row: Escalation, deps: Deps) -> None:
    team = await session.get(Team, row.team_id) if row.team_id else None
    hours = await reading.hours_of(session, team)
    while (due := _due(row, team, hours, deps)) is not None and due.at <= deps.now():
        shown = await reading.card(session, deps, row.id)
        key, notice = f"escalation:{row.id}:{due.notice.value}", views.notice(shown, due.notice, due.to)
        rank = rank_of(row.severity)
        if await access.has_outsiders(session, row.card_channel):  # they came after the card
            for person in due.to or (row.raised_by,):
                await deps.outbox.post(session, f"{key}:{person}", person, notice, rank=rank)
        else:
            await deps.outbox.post(session, key, row.card_channel or "", notice, thread_of=card_key(row.id), rank=rank)
        _remember(row, _due_after(row, due, team, hours, deps))
    _remember(row, due)
    await session.flush()
    await redraw(session, deps, row)


async def plan_notices(session: AsyncSession, row: Escalation, deps: Deps, *, is_new: bool = False) -> None:
    """What is due next as things stand now; nothing that was sent comes again."""
    team = await session.get(Team, row.team_id) if row.team_id else None
    hours = await reading.hours_of(session, team)
    sent = frozenset() if is_new else sent_before(row.next_notice)
    _remember(row, next_notice(reading.clock_of(row), sent, deps.now(), hours, owner=row.owner, lead=team.lead if team else None))


async def redraw(session: AsyncSession, deps: Deps, row: Escalation) -> None:
    """The card, as things stand now."""
    await deps.outbox.rewrite(
        session, card_key(row.id), views.card(await reading.card(session, deps, row.id)), channel=row.card_channel or ""
    )


def _due(row: Escalation, team: Team | None, hours: WorkHours, deps: Deps) -> Due | None:
    if row.next_notice is None:
        return None
    lead = team.lead if team else None
    return next_notice(reading.clock_of(row), sent_before(row.next_notice), deps.now(), hours, owner=row.owner, lead=lead)


def _due_after(row: Escalation, due: Due, team: Team | None, hours: WorkHours, deps: Deps) -> Due | None:
    sent = sent_before(due.notice.value) | {due.notice}
    return next_notice(reading.clock_of(row), sent, deps.now(), hours, owner=row.owner, lead=team.lead if team else None)


def _remember(row: Escalation, due: Due | None) -> None:
    row.next_notice, row.next_notice_at = (due.notice.value, due.at) if due else (None, None)
