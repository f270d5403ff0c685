"""The budget of messages that nobody asked for: who hears of a change now, and for whom it is held until their time comes.

A person's row is locked before anything is decided for them, so two changes at one instant are not both the first of the day.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.told import written
from domain.calendar import local_date
from domain.facts import Fact
from domain.notices import Level, goes_now, held_until
from models import Hearing, HeldNotice
from models.adding import add_missing
from models.hours import working_hours


async def at_once(session: AsyncSession, fact: Fact, change: int, people: Collection[str], now: datetime) -> set[str]:
    """Those of them who hear of it now. For all others it is held."""
    hours = await working_hours(session, people)
    going: set[str] = set()
    for row in await _hearings(session, people):
        own = hours[row.person]
        level, today = Level(row.level), local_date(now, own.zone)
        if goes_now(level, today, row.told_on, is_holding=row.next_at is not None):
            row.told_on = today
            going.add(row.person)
        elif row.next_at is None:
            row.next_at = held_until(level, now, row.told_on, own)
    kept = {"change_id": change, "fact": type(fact).__name__, "says": written(fact), "held_at": now}
    await add_missing(session, HeldNotice, [{"person": person, **kept} for person in people if person not in going])
    return going


async def _hearings(session: AsyncSession, people: Collection[str]) -> Sequence[Hearing]:
    """Their rows, locked. In the same order for everybody, so that nobody waits for one who waits for them."""
    await add_missing(session, Hearing, [{"person": person, "level": Level.NORMAL.value} for person in sorted(people)])
    theirs = select(Hearing).where(Hearing.person.in_(people)).order_by(Hearing.person).with_for_update()
    return list(await session.scalars(theirs.execution_options(populate_existing=True)))


async def choose(session: AsyncSession, person: str, level: Level, now: datetime) -> Hearing:
    """What is held goes by the new choice."""
    (row,) = await _hearings(session, [person])
    row.level = level.value
    if row.next_at is not None:
        row.next_at = held_until(level, now, row.told_on, (await working_hours(session, [person]))[person])
    return row


async def standing(session: AsyncSession, person: str) -> tuple[Level, int, datetime | None]:
    """What somebody chose, how many changes are held for them, and until when."""
    row = (await session.execute(select(Hearing.level, Hearing.next_at).where(Hearing.person == person))).one_or_none()
    level, until = row or (Level.NORMAL, None)
    waiting = select(func.count()).select_from(HeldNotice).where(HeldNotice.person == person, HeldNotice.told_at.is_(None))
    return Level(level), (await session.scalar(waiting) or 0) if until else 0, until


async def told_together(session: AsyncSession, change: int) -> set[str]:
    """Who heard of a change in a message that gathered several."""
    told = select(HeldNotice.person).where(HeldNotice.change_id == change, HeldNotice.told_at.is_not(None))
    return set(await session.scalars(told))
