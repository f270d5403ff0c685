"""Where a line names no release as it stands: moves said from the date it has, and last words that belong to no name.

What is found so is a release whose name stands at the beginning of the line, whole. Nothing is taken for a name that is only like it.
"""

from collections.abc import Iterator

from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.requests import Request
from domain.deeds import Pair
from domain.errors import BadInput
from domain.grammar import Said
from domain.shifts import read_shifted, shifted
from domain.tails import Line, name_of
from domain.words import Mention
from handlers.releases.named import named
from handlers.releases.people import person_meant
from models import Release
from models.finding import calendar_of

_LAST_WORDS = 3
_JOINS = ("to", "is", "as", "at", "=", ":", "-")


async def moved_by(session: AsyncSession, request: Request, deps: Deps) -> tuple[Release, Said, BadInput | None] | None:
    """`push NAME by 2 weeks`: the release, what was said with the day counted, and what is wrong with that day."""
    readings = read_shifted(request.text)
    if not readings:
        return None
    release, said, _ = await named(session, readings, request.actor, line=request.text)
    if release is None:
        return None
    try:
        day = shifted(release.name, release.due, said.shift, await calendar_of(session, release))
    except BadInput as wrong:
        return release, Said(said.name, None, said.reason), wrong
    return release, Said(said.name, day, said.reason), None


async def with_last_words(session: AsyncSession, request: Request, name: str | None) -> tuple[Release, str] | None:
    """A release whose name all but the last words are, and those words: "Billing purple", "R-1 me"."""
    release, said, _ = await named(session, tuple(_cut(name or "")) or (Pair(),), request.actor, line=request.text)
    return (release, said.other or "") if release else None


def _cut(name: str) -> Iterator[Pair]:
    line = Line(name)
    for n in range(len(line) - 1, max(len(line) - 1 - _LAST_WORDS, 0), -1):
        end = n - 1 if n > 1 and line.word(n - 1) in _JOINS else n
        yield Pair(name_of(line.piece(0, end)), line.piece(n))


async def person_in_words(session: AsyncSession, request: Request, words: str) -> str:
    """Somebody by name without the @, or "me". Raises BadInput{"user"}."""
    if words.casefold().strip(" .!") in ("me", "myself"):
        return request.person
    return await person_meant(session, Mention(None, words.strip(" .!")))
