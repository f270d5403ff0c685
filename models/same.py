"""Pieces that say the same: one is the first of them, the others point to it."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.feedback import Feedback


async def stand_alone(session: AsyncSession, feedback: Feedback) -> None:
    """Take a piece out of those it stands with. Where it was the first of them the oldest other is from now on, with all that counted
    for them all. Lock the piece first."""
    others = select(Feedback).where(Feedback.same_as_id == feedback.id).order_by(Feedback.logged_at, Feedback.id).with_for_update()
    rows = list(await session.scalars(others))
    if rows:
        heir = rows[0]
        heir.same_as_id = None
        for name in ("release_id", "item_id", "team_id", "taken_by", "triaged_at", "declined_at", "declined_by", "decline_reason"):
            setattr(heir, name, getattr(feedback, name))
        await session.flush()
        for row in rows[1:]:
            row.same_as_id = heir.id
    feedback.same_as_id = None
    await session.flush()
