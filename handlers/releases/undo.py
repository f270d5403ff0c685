"""Taking a change back within five minutes. Its rows are voided, never deleted, and what nobody has heard yet is not sent."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from domain.errors import NotAllowed, NotFound
from domain.phrases import say_day, say_on
from domain.releases import Field, Health, undo_until
from handlers.releases import undone, views
from handlers.releases.named import by_id, shown
from handlers.releases.people import name_of
from models import Change, Release
from models.history import settle, void

FIRST_FIELDS = {Field.NAME, Field.DATE, Field.TEAM, Field.OWNER}


async def undo_change(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Refused after five minutes, to others, and once the release was changed again.

    The time is read when the locks are held: whoever tells the followers takes the same lock, so either they hear, or it is undone.
    """
    access.may_change(request.actor)
    change = await _change(session, request.value)
    release = await by_id(session, change.release_id, request.actor, lock=True)
    await session.refresh(change, with_for_update=True)
    now = deps.now()
    if change.voided_at:
        return Say(views.taken_back(shown(release), await _reads_now(session, release, change)), replace=True)
    rows = await undone.rows_around(session, change, release)
    _check(change, rows, request.person, now, release.name)
    together = _together(change, rows)
    for row in together:
        void(row, by=request.person, now=now, reason="undone")
    await undone.undo_elsewhere(session, release, change, together, request.person, now)
    await settle(session, release)
    await deps.outbox.withdraw(session, change=change.id)
    return Say(views.taken_back(shown(release), await _reads_now(session, release, change)), replace=True)


async def _change(session: AsyncSession, value: str | None) -> Change:
    text = value or ""
    query = select(Change).where(Change.id == (int(text) if text.isdecimal() and len(text) < 18 else 0))
    found = (await session.scalars(query)).one_or_none()
    if found is None:
        raise NotFound("That change is gone. Nothing was changed.")
    return found


def _check(change: Change, rows: list[Change], person: str, now: datetime, name: str) -> None:
    """Raises NotAllowed with why it cannot be taken back."""
    if change.actor != person:
        raise NotAllowed("Only the person who made that change can take it back. You can change it again instead.")
    if now >= undo_until(change.recorded_at):
        raise NotAllowed("That was more than 5 minutes ago, so people may have been told. Change it again instead.")
    last = max(row.id for row in _together(change, rows))
    if any(row.id > last and row.voided_at is None for row in rows):
        raise NotAllowed(f"{name} was changed again since, so that stays. Undo the later change first, or change it again.")


def _together(change: Change, rows: list[Change]) -> list[Change]:
    """The rows that one act wrote: a single one, or all with which a release was made."""
    if change.field != Field.NAME or change.before is not None:
        return [row for row in rows if row.id == change.id or undone.is_one_act(change, row)]
    return [row for row in rows if row.before is None and row.recorded_at == change.recorded_at and row.field in FIRST_FIELDS]


async def _reads_now(session: AsyncSession, release: Release, change: Change) -> str:
    """What the release is again, after its name."""
    if said := undone.reads_now(release, change):
        return said
    match Field(change.field):
        case Field.NAME:
            return "was not added"
        case Field.DATE:
            return f"is {say_on(release.due)} again" if release.due else "has no day again"
        case Field.STAGE:
            return f"counts as shipped on {say_day(release.shipped_on)} again" if release.shipped_on else "has not shipped"
        case Field.STATE:
            return "is open again"
        case Field.HEALTH:
            return f"is {Health(release.health).words} again" if release.health else "has no health set again"
        case _:
            return f"is owned by {await name_of(session, release.owner)} again" if release.owner else "has no owner again"
