"""What may say the same as words that somebody is about to log: the likest of the latest that they may read."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.requests import Actor
from domain.feedback import looks_like
from handlers.feedback import reading
from handlers.feedback.views_form import Nearby
from models import OF_CUSTOMERS, Feedback

LATEST = 200
MOST = 2


async def candidates(session: AsyncSession, words: str, viewer: Actor) -> list[Nearby]:
    """At most two, the likest first; of pieces that say the same only the first one."""
    if not words.strip():
        return []
    columns = (Feedback.id, Feedback.words, Feedback.same_as_id)
    query = select(*columns).where(OF_CUSTOMERS, reading.seen(viewer)).order_by(Feedback.logged_at.desc(), Feedback.id.desc()).limit(LATEST)
    rows = (await session.execute(query)).all()
    firsts = {row.id: row.same_as_id or row.id for row in rows}
    likest = looks_like(words, [(row.id, row.words) for row in rows], MOST * 3)
    return await named(session, list(dict.fromkeys(firsts[key] for key in likest))[:MOST], viewer)


async def named(session: AsyncSession, ids: Sequence[int], viewer: Actor) -> list[Nearby]:
    """Those of them that their reader may read, in the same order, with the customers of all that say the same."""
    if not ids:
        return []
    rows = {row.id: row for row in await session.scalars(select(Feedback).where(Feedback.id.in_(ids), reading.seen(viewer)))}
    found = []
    for row in (rows[key] for key in ids if key in rows):
        group = select(func.count(Feedback.customer_id.distinct())).where(
            or_(Feedback.id == row.id, Feedback.same_as_id == row.id), OF_CUSTOMERS, reading.seen(viewer)
        )
        found.append(Nearby(row.id, row.number, row.words, await session.scalar(group) or 0))
    return found
