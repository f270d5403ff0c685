"""A date that was mistyped and is put right within a day by the same person: it stays in the audit and counts as no move."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput
from domain.phrases import say_on
from domain.releases import OWNERS_WINDOW, Field
from domain.spans import is_same
from handlers.releases import changing, undo, undone, views
from handlers.releases.named import shown
from handlers.releases.worded import sees_inside
from models import Change, Release
from models.history import history_of, settle, void

NOT_YOURS = "Only a date that you gave yourself within a day can be mistyped. Untick that, and it counts as a move. Nothing was changed."


async def last_typed(session: AsyncSession, release: Release, person: str, now: datetime) -> Change | None:
    """The date that stands, if this person gave it within a day."""
    rows = [row for row in await history_of(session, release.id) if row.voided_at is None and row.field == Field.DATE]
    last = rows[-1] if rows else None
    return last if last and last.actor == person and now < last.recorded_at + OWNERS_WINDOW else None


async def put_right(
    session: AsyncSession, request: Request, deps: Deps, release: Release, on: date, reason: str, kind: str = "", *, commit: bool | None
) -> Answer:
    """The date before the mistyped one moves to the right one; or stands again, if that is the right one."""
    now = deps.now()
    mistaken = await last_typed(session, release, request.person, now)
    if mistaken is None:
        raise BadInput({"mistyped": NOT_YOURS})
    await session.refresh(mistaken, with_for_update=True)
    was_told = undo.was_told(await deps.outbox.caused(session, mistaken.id), now)
    void(mistaken, by=request.person, now=now, reason="mistyped")
    await settle(session, release)
    await deps.outbox.withdraw(session, change=mistaken.id)
    reads = f"is {say_on(release.due)} again" if release.due else "has no day again"
    await undo.tell_the_other(session, request, deps, release, mistaken, reads)
    if not is_same(release.due, on):
        return await changing.move(session, request, deps, release, on, reason, kind, commit=commit, corrects=mistaken.id)
    if was_told:
        await undo.correct(session, deps, request.person, release, mistaken, reads)
    is_inside = await sees_inside(session, request.actor, release.id)
    return Say(views.taken_back(shown(release), reads if is_inside else undone.reads_plainly(mistaken), was_told=was_told))
