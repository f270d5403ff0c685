"""The answer to a change in the words of whoever made it: those who face customers read what they said, and nothing of the inside."""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Message
from bot.requests import Request
from handlers.releases import views
from handlers.releases.named import shown
from handlers.releases.views import Affected, Undo
from handlers.releases.worded import sees_inside
from models import Release


async def answered(
    session: AsyncSession,
    request: Request,
    release: Release,
    says: str,
    *details: str,
    plainly: str | None = None,
    reason: str = "",
    affected: Affected | None = None,
    undo: Undo | None = None,
) -> Message:
    """`plainly` says the same without what is of the inside, which the details are then as well; left out, nothing is but who waits."""
    if not await sees_inside(session, request.actor, release.id):
        says, details = (says, details) if plainly is None else (plainly, ())
        affected = replace(affected, hits=(), waiting=(), undated=(), promises=()) if affected else None
    return views.changed(shown(release), says, *details, reason=reason, affected=affected, undo=undo)
