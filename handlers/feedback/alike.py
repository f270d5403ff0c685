"""What may say the same as words that somebody is about to log: found by the rarest of these, however much there is to look through."""

from collections.abc import Sequence
from heapq import nlargest

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.requests import Actor
from domain.feedback import looks_like
from domain.searching import Wanted, terms
from handlers.feedback import reading
from handlers.feedback.counting import with_others
from handlers.feedback.views import FeedbackCard
from models import OF_CUSTOMERS, Feedback
from models.searching import lately, matching

OFFERED = 2
LOOKED_THROUGH = 200  # pieces
COMPARED = 20  # of them letter by letter: those that share most words
_RAREST = 6  # words of a text that tell it from others
_OPENING = 3_000  # characters that are compared


async def candidates(session: AsyncSession, deps: Deps, words: str, viewer: Actor) -> list[FeedbackCard]:
    """At most two pieces of customers that the person may read, the likest first; of those that say the same only the first."""
    seen = reading.seen(viewer) & OF_CUSTOMERS
    known = await lately(session, seen)
    mine = terms(words[:_OPENING])
    rare = sorted((term for term in mine if known[term]), key=lambda term: (known[term], -len(term)))[:_RAREST]
    new = sorted((term for term in mine if not known[term]), key=len, reverse=True)[:_RAREST]  # not said lately, and mostly never
    ids: dict[int, None] = {}
    for wanted in _ladder(rare, new):
        found = await matching(session, wanted, seen, LOOKED_THROUGH, LOOKED_THROUGH)
        ids |= dict.fromkeys(found.ids)
        if len(ids) >= LOOKED_THROUGH:
            break
    some = select(Feedback.id, Feedback.words, Feedback.same_as_id, Feedback.searched)
    found_rows = await session.execute(some.where(Feedback.id.in_(list(ids)[:LOOKED_THROUGH]), seen))
    rows = nlargest(COMPARED, found_rows, key=lambda row: len(set(mine).intersection(row.searched.split())))
    alike = looks_like(words, ((row.id, row.words) for row in rows), LOOKED_THROUGH)
    firsts = {row.id: row.same_as_id or row.id for row in rows}
    likest = list(dict.fromkeys(firsts[key] for key in alike))
    return (await named(session, deps, likest[: OFFERED * 4], viewer))[:OFFERED]


async def named(session: AsyncSession, deps: Deps, ids: Sequence[int], viewer: Actor) -> list[FeedbackCard]:
    """Those of them that their reader may read, in the same order, with the customers of all that say the same."""
    if not ids:
        return []
    seen = reading.seen(viewer) & OF_CUSTOMERS
    drawn = {card.id: card for card in await reading.cards(session, deps, Feedback.id.in_(ids) & seen, viewer)}
    return await with_others(session, [drawn[each] for each in ids if each in drawn], seen)


def _ladder(rare: Sequence[str], new: Sequence[str]) -> list[Wanted]:
    """What says all of the rare words, then any two neighbours among them, then any one, also of the new ones."""
    pairs = [tuple(rare[at : at + 2]) for at in range(min(len(rare) - 1, 3))]
    return [*(Wanted(all_of, begins=False) for all_of in (tuple(rare), *pairs)), Wanted((*rare, *new), any=True, begins=False)]
