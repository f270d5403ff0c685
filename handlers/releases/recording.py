"""Writing one change down: its row of history, what the others are told of it, and until when it can be taken back."""

from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answerable import may_change_release
from bot.deps import Deps
from bot.requests import Actor, Request
from domain.releases import Field, undo_until
from handlers.releases import news
from handlers.releases.views import Undo
from models import Change, Release
from models.history import record


async def write(
    session: AsyncSession,
    request: Request,
    deps: Deps,
    release: Release,
    field: Field,
    before: str | None,
    after: str | None,
    *,
    reason: str = "",
    kind: str = "",
    effective_on: date | None = None,
    is_committed: bool = True,
) -> Change:
    """One row of history. Written by owner, lead or deputy it confirms the release. Raises NotAllowed by the workspace's policy."""
    now = deps.now()
    answerable = await may_change_release(session, request.actor, release)
    return await record(
        session,
        release,
        field,
        before,
        after,
        now=now,
        reason=reason,
        kind=kind,
        actor=request.person,
        effective_on=effective_on,
        is_committed=is_committed,
        confirms=request.person in answerable,
    )


async def tell(session: AsyncSession, deps: Deps, change: Change, fact: news.ReleaseFact) -> None:
    """The owner hears at once, everybody else when it can no longer be undone."""
    await deps.tell(session, fact, not_before=undo_until(change.recorded_at), change=change.id)
    release = await session.get_one(Release, change.release_id)
    if release.owner != change.actor:
        await news.tell_owner(session, deps, release, change, fact)


def about(change: Change) -> dict[str, Any]:
    return {"key": f"change:{change.id}", "actor": change.actor, "release_id": change.release_id, "change_id": change.id}


def undo_of(change: Change, actor: Actor) -> Undo:
    return Undo(change.id, undo_until(change.recorded_at), actor.zone)
