"""Near duplicates: pieces that probably say the same as some words, found by the rarest of these, however much there is to look through."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.requests import Actor
from domain.feedback import looks_like
from domain.searching import Wanted, terms
from handlers.feedback import reading
from handlers.feedback.counting import with_others
from handlers.feedback.views import FeedbackCard
from models import Feedback
from models.searching import lately, matching

OFFERED = 3
LOOKED_THROUGH = 200  # pieces
_RAREST = 6  # words of a text that tell it from others
_OPENING = 3_000  # characters that are compared


async def candidates(session: AsyncSession, deps: Deps, words: str, viewer: Actor, inside: str | None = None) -> list[FeedbackCard]:
    """Up to three pieces that the person may read and that may be the same thing, best first; each the first of those that say the same."""
    seen = reading.seen(viewer, inside)
    known = await lately(session, seen)
    rare = sorted((term for term in terms(words[:_OPENING]) if len(term) > 1), key=lambda term: (known[term], -len(term)))[:_RAREST]
    ids: dict[int, None] = {}
    for wanted in _ladder(rare):
        found = await matching(session, wanted, seen, LOOKED_THROUGH, LOOKED_THROUGH)
        ids |= dict.fromkeys(found.ids)
        if len(ids) >= LOOKED_THROUGH:
            break
    some = select(Feedback.id, Feedback.words, Feedback.same_as_id).where(Feedback.id.in_(list(ids)[:LOOKED_THROUGH]), seen)
    rows = (await session.execute(some)).all()
    alike = looks_like(words, ((row.id, row.words) for row in rows), LOOKED_THROUGH)
    firsts = {row.id: row.same_as_id or row.id for row in rows}
    return await _drawn(session, deps, list(dict.fromkeys(firsts[key] for key in alike)), viewer, inside)


def _ladder(rare: Sequence[str]) -> list[Wanted]:
    """What says all of the rare words, then any two neighbours among them, then any one."""
    if not rare:
        return []
    pairs = [Wanted(tuple(rare[at : at + 2]), begins=False) for at in range(min(len(rare) - 1, 3))]
    return [Wanted(tuple(rare), begins=False), *pairs, Wanted(tuple(rare), any=True, begins=False)]


async def _drawn(session: AsyncSession, deps: Deps, ids: list[int], viewer: Actor, inside: str | None) -> list[FeedbackCard]:
    seen = reading.seen(viewer, inside)
    some = ids[: OFFERED * 4]
    drawn = {card.id: card for card in await reading.cards(session, deps, Feedback.id.in_(some) & seen, viewer)} if some else {}
    return await with_others(session, [replace(drawn[each]) for each in some if each in drawn][:OFFERED], seen)
