"""Pieces of feedback that say the same: what counts for all of them stands on the first, so whoever counts reads it through here."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from models.feedback import Feedback
from models.release import Item

FIRST: Any = aliased(Feedback, name="first_of_them")  # join it with `to_first()`, outer


def to_first() -> ColumnElement[bool]:
    return and_(FIRST.workspace_id == Feedback.workspace_id, FIRST.id == Feedback.same_as_id)


def counted(name: str) -> ColumnElement[Any]:
    """A column as it counts for a piece: the first's, where it says the same as another."""
    return case((Feedback.same_as_id.is_(None), getattr(Feedback, name)), else_=getattr(FIRST, name))


def waits_for(release_id: int) -> ColumnElement[bool]:
    """Pieces that a release brings: those that are linked to it, and what says the same."""
    first, other = aliased(Feedback), aliased(Feedback)
    is_linked = and_(first.release_id == release_id, first.same_as_id.is_(None), first.removed_at.is_(None))
    same = and_(other.workspace_id == first.workspace_id, other.same_as_id == first.id)
    return Feedback.id.in_(union_all(select(first.id).where(is_linked), select(other.id).join(first, same).where(is_linked)))


async def follow_work(session: AsyncSession, *only: ColumnElement[bool]) -> list[Feedback]:
    """What is linked to a piece of work waits for the release that has the work now. The pieces that waited for another until then."""
    linked = and_(Item.workspace_id == Feedback.workspace_id, Item.id == Feedback.item_id)
    strayed = select(Feedback, Item.release_id).join(Item, linked).where(Feedback.release_id.is_distinct_from(Item.release_id), *only)
    locked = strayed.order_by(Feedback.id).with_for_update(of=Feedback).execution_options(populate_existing=True)
    found = (await session.execute(locked)).all()
    for piece, release_id in found:
        piece.release_id = release_id
    await session.flush()
    return [piece for piece, _ in found]
