"""Pieces that say the same, as far as a reader may read them: how many, of how many customers, and which is the first."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handlers.feedback.views import FeedbackCard
from models import Feedback


async def with_others(session: AsyncSession, cards: Sequence[FeedbackCard], seen: ColumnElement[bool]) -> list[FeedbackCard]:
    """Cards with their counts. What the reader may not read is neither counted nor named."""
    firsts = [card.id for card in cards if card.first_id is None]
    whose = func.coalesce(Feedback.same_as_id, Feedback.id)
    counted = (
        select(whose, func.count() - 1, func.count(Feedback.customer_id.distinct()))
        .where(or_(Feedback.id.in_(firsts), Feedback.same_as_id.in_(firsts)), seen)
        .group_by(whose)
    )
    counts = {first: (members, customers) for first, members, customers in await session.execute(counted)} if firsts else {}
    return [replace(card, members=counts.get(card.id, (0, 0))[0], customers=counts.get(card.id, (0, 0))[1]) for card in cards]
