"""By the clock: the changes that were held for a follower go as one message, worded as they stand by then and for who may hear by then.

Due rows, so ticks may run twice, late, or in five replicas: a message and what it told are written down together.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.hearers import followed_by
from bot.scheduling import some_at_a_time
from bot.told import read
from domain.calendar import WorkHours, local_date
from domain.facts import ReleaseRenamed
from domain.notices import MOST, Level, held_until, is_time, what_is_left
from handlers.releases import ids, news, views_gathered
from handlers.releases.named import shown
from handlers.releases.views_gathered import Line
from models import Change, Hearing, HeldNotice, Release
from models.finding import name_of
from models.hours import working_hours

AT_ONCE = 20  # a person who writes at this moment waits for as many
CHUNK = 500  # ids in one statement
_KINDS = {kind.__name__: kind for kind in get_args(news.ReleaseFact)}


async def look_who_is_due(session: AsyncSession, deps: Deps) -> None:
    if await session.scalar(select(Hearing.id).where(Hearing.next_at <= deps.now()).limit(1)) is not None:
        await deps.outbox.effect(session, ids.HELD, f"{ids.HELD}:{deps.now().isoformat()}", {}, lane=ids.HELD)


async def tell_all(payload: Mapping[str, Any], deps: Deps) -> None:
    await some_at_a_time(payload, deps, _tell_some, AT_ONCE, by="held notices")


async def _tell_some(session: AsyncSession, deps: Deps) -> int:
    now = deps.now()
    due = select(Hearing).where(Hearing.next_at <= now).order_by(Hearing.next_at, Hearing.id).limit(AT_ONCE)
    rows = list(await session.scalars(due.with_for_update(skip_locked=True)))
    hours = await working_hours(session, [row.person for row in rows])
    for row in rows:
        level, own = Level(row.level), hours[row.person]
        if is_time(level, now, row.told_on, own):
            await _tell(session, deps, row, own, now)
        else:
            row.next_at = held_until(level, now, row.told_on, own)
    return len(rows)


async def _tell(session: AsyncSession, deps: Deps, row: Hearing, hours: WorkHours, now: datetime) -> None:
    """Whatever is left to say, in one message. What is not told now never is."""
    row.next_at = None
    waiting = select(HeldNotice).where(HeldNotice.person == row.person, HeldNotice.told_at.is_(None)).order_by(HeldNotice.id)
    held = list(await session.scalars(waiting))
    changes = await _standing(session, [each.change_id for each in held])
    hears = await followed_by(session, row.person, {change.release_id or 0 for change in changes.values()})
    told: dict[int, list[HeldNotice]] = defaultdict(list)
    for each in held:
        change = changes.get(each.change_id)
        if change is None or change.release_id not in hears:
            await session.delete(each)
        else:
            each.told_at = now
            told[change.release_id].append(each)
    left = await _left(session, told, hears)
    if left:
        row.told_on = local_date(now, hours.zone)
        lines = [await _line(session, fact, release, hears[release.id], changes[fact.change_id]) for fact, release in left[:MOST]]
        since = local_date(min(each.held_at for each in held), hours.zone)
        message = views_gathered.gathered(lines, len(left), since, deps.settings.command_prefix)
        await deps.outbox.post(session, f"notices:{row.person}:{held[-1].id}", row.person, message)


async def _standing(session: AsyncSession, wanted: Sequence[int]) -> dict[int, Change]:
    """Those changes that nobody took back. Whoever takes one back waits until it is written down that it was told."""
    found: dict[int, Change] = {}
    for start in range(0, len(wanted), CHUNK):
        some = select(Change).where(Change.id.in_(wanted[start : start + CHUNK])).order_by(Change.id).with_for_update()
        rows = await session.scalars(some.execution_options(populate_existing=True))
        found |= {change.id: change for change in rows if change.voided_at is None}
    return found


async def _left(
    session: AsyncSession, told: Mapping[int, Sequence[HeldNotice]], hears: Mapping[int, bool]
) -> list[tuple[news.ReleaseFact, Release]]:
    """What is still news of each release, the newest change first."""
    releases = await session.scalars(select(Release).where(Release.id.in_(told)))
    left: list[tuple[news.ReleaseFact, Release]] = []
    for release in releases:
        facts: list[Any] = what_is_left([read(_KINDS[each.fact], each.says) for each in told[release.id]])
        left += [(fact, release) for fact in facts if _is_news(fact, release, is_outside=hears[release.id])]
    return sorted(left, key=lambda each: each[0].change_id, reverse=True)


def _is_news(fact: news.ReleaseFact, release: Release, *, is_outside: bool) -> bool:
    if isinstance(fact, ReleaseRenamed) and fact.before == release.name:
        return False
    return not is_outside or news.plainly(fact, ("", "", "")) is not None


async def _line(session: AsyncSession, fact: news.ReleaseFact, release: Release, is_outside: bool, change: Change) -> Line:
    words = await news.words_of(session, fact, release, await name_of(session, fact.actor))
    words = (news.plainly(fact, words) or words) if is_outside else words
    return Line(shown(release), *words, "" if is_outside else change.reason)
