"""Reminders: 5 and 1 working days before, on the day, and every second working day after, at 09:00 in the asked team's zone.

What is due in one channel on one day is one message, under one key, so ticks may run twice, late, or in five replicas.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from domain.dependencies import State
from domain.digests import NEEDS_SOMEONE, WAITING, Action, Line, Section
from domain.facts import WorkingTimeChanged
from domain.phrases import say_day, working_days
from handlers.dependencies import loading, views
from models import Dependency, Team
from models.finding import this_workspace

MOST_AT_ONCE = 500
UNANSWERED_AFTER = 2  # working days


async def remind(session: AsyncSession, deps: Deps) -> None:
    """Enqueue what is due, and set each ask's next reminder. A late start reminds once."""
    due = select(Dependency).where(Dependency.next_reminder_at <= deps.now(), Dependency.state.in_(loading.REMINDED_STATES))
    rows = list(await session.scalars(due.order_by(Dependency.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)))
    if not rows:
        return
    zones = await _zones(session)
    channels: dict[tuple[str, date], set[int]] = defaultdict(set)
    for row in rows:
        today = _local_day(deps.now(), zones[row.asked_team_id])
        for place in {row.card_channel, row.asked_channel} - {None}:
            channels[str(place), today] |= {row.id, *await _same_day(session, str(place), today, zones)}
    for (place, today), ids in sorted(channels.items()):
        asks = await loading.load(session, deps, Dependency.id.in_(ids), limit=200)
        whose = (await session.scalars(select(Team.name).where(Team.channel == place).limit(1))).one_or_none() or "Between teams"
        for reader in await _readers(session, place, asks):
            key = f"dependency:reminder:{place}:{today}" + (f":{reader}" if reader != place else "")
            await deps.outbox.post(session, key, reader, views.reminder(whose, asks))
    for row in rows:
        await loading.remind_next(session, row, deps.now())


async def remind_anew(session: AsyncSession, fact: WorkingTimeChanged, deps: Deps) -> None:
    """What is not due yet is reminded of on the working days that there are now."""
    planned = select(Dependency).where(Dependency.next_reminder_at > deps.now())
    if fact.team_id is not None:
        planned = planned.where(Dependency.asked_team_id == fact.team_id)
    for row in await session.scalars(planned.order_by(Dependency.id).with_for_update()):
        await loading.remind_next(session, row, deps.now())


async def _readers(session: AsyncSession, place: str, asks: Sequence[views.Promise]) -> list[str]:
    """The channel; once people from outside have come to read there, the home channel, else those who promised."""
    if not await access.has_outsiders(session, place):
        return [place]
    home = await loading.home_channel(session)
    if home and home != place and (await access.place_of(session, home)).may_answer:
        return [home]
    return sorted({person for ask in asks if (person := ask.lead or ask.asked_by)})


async def _same_day(session: AsyncSession, place: str, today: date, zones: dict[int, str]) -> list[int]:
    """What else this channel would be reminded of later the same day: it joins the one message."""
    here = or_(Dependency.card_channel == place, Dependency.asked_channel == place)
    rows = await session.scalars(select(Dependency).where(here, Dependency.next_reminder_at.is_not(None)))
    return [row.id for row in rows if row.next_reminder_at and _local_day(row.next_reminder_at, zones[row.asked_team_id]) <= today]


def _local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


async def _zones(session: AsyncSession) -> dict[int, str]:
    home = (await this_workspace(session)).zone
    return {id: zone or home for id, zone in await session.execute(select(Team.id, Team.zone))}


async def digest_sections(session: AsyncSession, scope: Any, deps: Deps) -> list[Section]:
    """What a weekly digest says of asks: who must answer, what is late, and who waits for whom."""
    open_asks: ColumnElement[bool] = Dependency.state.in_(loading.OPEN_STATES)
    if scope.team_id is not None:
        open_asks &= or_(Dependency.asked_team_id == scope.team_id, Dependency.asking_team_id == scope.team_id)
    asks = await loading.load(session, deps, open_asks, limit=200)
    needs = [_needs(ask) for ask in asks if _is_unanswered(ask) or (ask.state is State.ACCEPTED and ask.late_days > 0)]
    waits = [Line(f"{ask.asking} waits for {ask.asked}: {ask.what}, {say_day(ask.due_on)}, {ask.state.words}") for ask in asks]
    return [
        section
        for section in (Section(NEEDS_SOMEONE, "Needs someone", tuple(needs)), Section(WAITING, "Waiting for", tuple(waits)))
        if section.lines
    ]


def _is_unanswered(ask: views.Promise) -> bool:
    return ask.state in (State.ASKED, State.RECONFIRM) and ask.asked_on is not None and (ask.today - ask.asked_on).days >= UNANSWERED_AFTER


def _needs(ask: views.Promise) -> Line:
    button = Action("Open", f"{views.OPEN}:{ask.id}", str(ask.id))
    if ask.state is State.ACCEPTED:
        return Line(f"{ask.asked} promised {ask.asking} {ask.what}: late by {working_days(ask.late_days)}.", ask.lead, button)
    return Line(f'{ask.asked} has not answered {ask.asking} on "{ask.what}", needed by {say_day(ask.needed_on)}.', ask.lead, button)
