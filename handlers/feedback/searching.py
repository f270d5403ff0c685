"""Searching what people said: every word must be there, the beginning of one will do. Where nothing says it, what is close."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.phrases import cut
from domain.searching import MOST_ASKED, Wanted, asked, closest
from domain.words import plain
from handlers.feedback import reading, views_list
from handlers.feedback.counting import with_others
from handlers.feedback.views_list import PAGE, Page
from models import Feedback, vocabulary
from models.searching import Found, matching

LOOKED_THROUGH = 200  # pieces, for what says most of the words
LONGEST_CARRIED = 300  # characters of a search, as it was typed; of a longer one its words
NOTHING = Found()
OFFERED = 3  # words instead of one that nothing says
TRIED = 12  # that are spelled like it


@reads
async def search_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text.strip():
        return Say(views_list.nothing_asked())
    return Say(await page_of(session, request, deps, plain(request.text)))


async def page_of(session: AsyncSession, request: Request, deps: Deps, typed: str, at: int = 0) -> Any:
    words, is_all = asked(typed)
    if not words:
        return views_list.no_word(typed)
    seen = reading.seen(request.actor, request.channel)
    note = "" if is_all else f"That is long: I looked for its first {MOST_ASKED} words."
    found = await matching(session, Wanted(tuple(words)), seen, at + PAGE)
    offers: Sequence[str] = ()
    if found.is_part:
        note = " ".join(filter(None, (note, views_list.NEWEST_ONLY)))
    if not found.total and not found.is_part:
        close = await _close(session, words, seen)
        found, offers = close.found, close.offers
        note = " ".join(filter(None, (note, _nothing(typed, close))))
        typed = close.instead or typed
    typed = typed if len(typed) <= LONGEST_CARRIED else " ".join(words)
    cards = await cards_of(session, request, deps, found.ids[at:])
    page = Page("search", typed, cards, found.total, request.actor.zone, at, found.is_more, f'"{cut(typed, 60)}"')
    return views_list.listing(page, note, offers)


async def cards_of(session: AsyncSession, request: Request, deps: Deps, ids: Sequence[int]) -> list[Any]:
    """Cards in the order of their ids."""
    seen = reading.seen(request.actor, request.channel)
    drawn = {card.id: card for card in await reading.cards(session, deps, Feedback.id.in_(ids), request.actor)} if ids else {}
    return await with_others(session, [drawn[each] for each in ids if each in drawn], seen)


@dataclass(frozen=True, slots=True)
class Close:
    """What is close to words that nothing says: other words, and what says these; or pieces that say most of them."""

    found: Found = NOTHING
    offers: Sequence[str] = ()
    instead: str = ""


def _nothing(typed: str, close: Close) -> str:
    if close.found.total and not close.offers:
        return views_list.never_together(typed)
    return views_list.nothing_says(typed, close.offers)


async def _close(session: AsyncSession, words: list[str], seen: ColumnElement[bool]) -> Close:
    unknown = words if len(words) == 1 else [word for word in words if not await _is_said(session, (word,), seen)]
    if not unknown:
        return Close(await most_of(session, Wanted(tuple(words), any=True), seen))
    alike = {word: await _spelled_alike(session, word, seen) for word in unknown}
    if not all(alike.values()):
        return Close()
    offers = []
    for n in range(OFFERED):
        instead = [alike[word][min(n, len(alike[word]) - 1)] if word in alike else word for word in words]
        if (offer := " ".join(instead)) not in offers and (len(words) == 1 or await _is_said(session, tuple(instead), seen)):
            offers.append(offer)
    if not offers:
        return Close()
    return Close(await matching(session, Wanted(tuple(offers[0].split())), seen, PAGE), offers, offers[0])


async def _spelled_alike(session: AsyncSession, word: str, seen: ColumnElement[bool]) -> list[str]:
    """Words that look like it, the likest first, each of which says something that the person may read."""
    found: list[str] = []
    for each in closest(word, await vocabulary.alike(session, word), TRIED):
        if len(found) < OFFERED and await _is_said(session, (each,), seen, begins=False):
            found.append(each)
    return found


async def _is_said(session: AsyncSession, words: tuple[str, ...], seen: ColumnElement[bool], *, begins: bool = True) -> bool:
    return (await matching(session, Wanted(words, begins=begins), seen, 1, 1)).total > 0


async def most_of(session: AsyncSession, wanted: Wanted, seen: ColumnElement[bool]) -> Found:
    """Of the newest pieces with any of the words those that have most of them."""
    some = await matching(session, wanted, seen, LOOKED_THROUGH, LOOKED_THROUGH)
    rows = await session.execute(select(Feedback.id, Feedback.searched).where(Feedback.id.in_(some.ids)))
    has = {key: sum(f" {searched}".count(f" {term}") > 0 for term in wanted.terms) for key, searched in rows}
    ids = sorted(has, key=lambda key: (-has[key], -key))[:PAGE]
    return Found(ids, len(ids))
