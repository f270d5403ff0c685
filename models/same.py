"""What says the same: each keeps its own words and points to the first of them, which points to none."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.feedback import Feedback


async def join(session: AsyncSession, feedback: Feedback, first: Feedback) -> None:
    """From now on it says the same as another, and so does whatever said the same as it. Both are locked."""
    if first.id == feedback.id:
        return
    for each in await _members(session, feedback):
        each.same_as_id = first.id
    feedback.same_as_id = first.id
    first.release_id = first.release_id or feedback.release_id
    await session.flush()


async def separate(session: AsyncSession, feedback: Feedback) -> None:
    feedback.same_as_id = None
    await session.flush()


async def stand_alone(session: AsyncSession, feedback: Feedback) -> None:
    """One of them goes its own way; where it was the first, the others stay together without it."""
    await hand_on(session, feedback)
    feedback.same_as_id = None
    await session.flush()


async def hand_on(session: AsyncSession, feedback: Feedback) -> None:
    """The first of them goes: the oldest of the others is first from now on, and it would come back as one of them."""
    members = await _members(session, feedback)
    if not members:
        return
    heir, *others = members
    heir.same_as_id = None
    if feedback.release_id or feedback.item_id:
        heir.release_id, heir.item_id = feedback.release_id, feedback.item_id
    for name in ("taken_by", "triaged_at", "declined_at", "declined_by", "decline_reason"):
        setattr(heir, name, getattr(feedback, name))
    for each in (*others, feedback):
        each.same_as_id = heir.id
    await session.flush()


async def first_of(session: AsyncSession, feedback_id: int) -> Feedback | None:
    """The first of those that say the same as this one, locked; None where it is gone."""
    same = select(Feedback).where(Feedback.id == feedback_id, Feedback.removed_at.is_(None)).with_for_update()
    found = (await session.scalars(same)).one_or_none()
    return await first_of(session, found.same_as_id) if found and found.same_as_id else found


async def _members(session: AsyncSession, feedback: Feedback) -> list[Feedback]:
    query = select(Feedback).where(Feedback.same_as_id == feedback.id, Feedback.removed_at.is_(None))
    return list(await session.scalars(query.order_by(Feedback.logged_at, Feedback.id).with_for_update()))
