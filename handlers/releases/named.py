"""Finding the release that somebody means, as far as they may see it."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Options
from bot.behind import GONE, release_behind
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.deeds import Pair
from domain.errors import NotFound
from domain.nearest import fold
from domain.words import number_of, plain, tidy
from handlers.releases.views import Shown
from models import Release, ReleaseName
from models.base import prebuilt, run
from models.finding import TwoFit, look_for_release, no_such, release_names, was_made

MOST = 50
_READ = 2000  # characters of a line


def shown(release: Release) -> Shown:
    return Shown(release.id, release.number, release.name)


async def named(
    session: AsyncSession, readings: tuple[Any, ...], actor: Actor, *, lock: bool = True, otherwise: Any = None, line: str = ""
) -> tuple[Release | None, Any, str]:
    """The release of the first reading of a line whose name is known, locked, and that reading. None where no name was given, one that
    nobody knows or one that two have: then a sentence says so, with the nearest names or their numbers, for the form that asks for it.

    A line can often be read in two ways. Trying the longest name first, no other release than the one meant is touched: not even
    where that name cannot be cut out of the `line`, and a shorter one that it holds can. `otherwise` is what to keep where none is known.
    """
    seen = access.seen_releases(actor)
    spoken = [reading for reading in readings if reading.name]
    if not spoken:
        return None, readings[0], ""
    for reading in spoken:
        try:
            found = await look_for_release(session, reading.name, seen, lock=lock)
        except TwoFit as two:
            return None, reading, two.sentence
        if found and (longer := await _longer_name(session, reading.name, found, line, seen)):
            return None, reading, f'Is it "{longer[:60]}" or "{reading.name[:60]}"? Pick it here. Nothing was changed.'
        if found:
            return found, reading, ""
    said = otherwise or spoken[0]
    return None, said, no_such("release", said.name, await release_names(session, seen))


async def meant(
    session: AsyncSession, pairs: Sequence[Pair], actor: Actor, *, lock: bool = True, line: str = ""
) -> tuple[Release | None, Pair, str]:
    """The same for a line that names a release and something else. Where no reading is known, both its parts are kept."""
    parted = next((pair for pair in pairs if pair.name and pair.other), None)
    return await named(session, tuple(pairs), actor, lock=lock, otherwise=parted, line=line)


async def _longer_name(session: AsyncSession, name: str, found: Release, line: str, seen: ColumnElement[bool]) -> str:
    """Another release's name in the line that holds the one that was found, where that one stands first."""
    said, wanted = _compared(line), _compared(name)
    at = _place(wanted, said)
    if at < 0 or len(said) == len(wanted):
        return ""
    for row in await run(session, _holding(seen), part=f"%{_escaped(wanted)}%", own=found.id):
        start = _place(row.folded, said)
        if row.folded != wanted and 0 <= start <= at < start + len(row.folded):
            return str(row.name)
    return ""


def _compared(text: str) -> str:
    return fold(plain(tidy(text[:_READ])))


def _place(name: str, line: str) -> int:
    """Where a name stands in a line as whole words; -1 where it does not."""
    place = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", line)
    return place.start() if place else -1


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@lru_cache(maxsize=1024)
def _holding(seen: ColumnElement[bool]) -> Select[str, str]:
    return prebuilt(
        select(ReleaseName.folded, ReleaseName.name)
        .join(Release, (Release.workspace_id == ReleaseName.workspace_id) & (Release.id == ReleaseName.release_id))
        .where(
            ReleaseName.workspace_id == bindparam("workspace_id"),
            ReleaseName.folded.like(bindparam("part"), escape="\\"),
            ReleaseName.release_id != bindparam("own"),
            seen,
        )
        .limit(50)
    )


async def locked(session: AsyncSession, actor: Actor, *wanted: int) -> list[Release]:
    """Several releases, locked in one order so that nobody waits in a circle; as they were asked for. Raises NotFound."""
    query = select(Release).where(Release.id.in_(wanted), access.seen_releases(actor)).order_by(Release.id).with_for_update()
    found = {release.id: release for release in await session.scalars(query.execution_options(populate_existing=True))}
    if len(found) < len(set(wanted)):
        raise NotFound(GONE)
    return [found[each] for each in wanted]


async def in_form(session: AsyncSession, request: Request, *, lock: bool = False) -> Release:
    """The release that a form is about: the one it was opened for, or the one chosen in it."""
    return await release_behind(session, request.metadata.get("release") or request.state.get("release"), request.actor, lock=lock)


@reads
async def find_while_typing(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The releases that fit what somebody types into a form, open ones first."""
    words, _, label = " ".join(request.text.split())[:200].partition(" (R-")  # an entry as it was shown finds itself
    pattern = f"%{_escaped(words)}%"
    number = number_of(label.rstrip(")") or words, "R")
    fits: ColumnElement[bool] = Release.name.ilike(pattern, escape="\\")
    if number is not None:
        fits = Release.number == number if label else or_(fits, Release.number == number)
    order = (Release.is_open.desc(), Release.target_on.is_(None), Release.target_on, Release.id)
    found = await session.scalars(select(Release).where(fits, was_made(), access.seen_releases(request.actor)).order_by(*order).limit(MOST))
    return Options([(f"{release.name[:60]} (R-{release.number})", str(release.id)) for release in found])
