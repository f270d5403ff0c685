"""What undoing takes back beside the rows of one release: the other side of a move of work, given names, readers."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from domain.releases import Field
from handlers.releases import restricting, working
from models import Change, Release
from models.history import history_of, void
from models.joining import bring_back


async def rows_around(session: AsyncSession, change: Change, release: Release) -> list[Change]:
    """The rows among which a change stands: its release's, or its piece of work's."""
    return await working.history_of_piece(session, change.item_id) if change.item_id else await history_of(session, release.id)


def is_one_act(change: Change, row: Change) -> bool:
    """Both sides of a move of work."""
    return bool(change.item_id) and row.recorded_at == change.recorded_at and row.actor == change.actor


async def undo_elsewhere(
    session: AsyncSession, deps: Deps, release: Release, change: Change, together: list[Change], by: str, now: datetime
) -> None:
    match change.field:
        case Field.WORK:
            await working.put_back(session, deps, together)
        case Field.READERS:
            await restricting.set_readers(session, release, restricting.read_readers(change.before))
        case Field.DUPLICATE:
            await _take_back_what_went(session, release, change, by, now)


async def _take_back_what_went(session: AsyncSession, release: Release, change: Change, by: str, now: datetime) -> None:
    """The names that a duplicate gave to the other in the same act, and what was linked to it."""
    other = (await session.scalars(select(Release).where(Release.id == int(change.after or 0)).with_for_update())).one()
    given = (Change.release_id == other.id, Change.field == Field.ALIAS.value, Change.recorded_at == change.recorded_at)
    for row in await session.scalars(select(Change).where(*given, Change.actor == change.actor)):
        void(row, by=by, now=now, reason="undone")
    await session.flush()
    await bring_back(session, change, release, other, by, now)


def reads_now(release: Release, change: Change) -> str | None:
    """What the release is again, after its name; None for what `undo` says itself."""
    match change.field:
        case Field.NAME if change.before is not None:
            return "is its name again"
        case Field.ALIAS:
            return "has that name no longer" if change.after else "has that name again"
        case Field.DUPLICATE:
            return "is open again, with its own names and what was linked to it"
        case Field.READERS:
            return "is restricted as before" if release.restricted else "is seen by everybody again"
        case Field.WORK:
            return "has its work as before"
        case Field.STAGE if change.before not in ("everyone", None) and change.after != "everyone":
            return f"is at {change.before} again"
        case Field.STAGE if change.after != "everyone" and change.before is None:
            return "has reached no stage again"
    return None


def reads_plainly(change: Change) -> str:
    """The same for those who face customers; empty where it names no inner date or health."""
    match change.field:
        case Field.DATE:
            return "has the date that it had before" if change.before else "has no day again"
        case Field.HEALTH:
            return "stands as it did before"
    return ""
