"""From what stands behind `status` to what is meant: a release, a former name, a team, a person or a filter, in this order; then filters
around a team or a person.
"""

from dataclasses import dataclass, replace

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.requests import Actor
from domain.nearest import fold, nearest
from domain.words import is_mention, number_of, plain, read_user, tidy
from handlers.releases.asked import Asked
from handlers.releases.filters import ALL, FILTERS, around, read_filter
from models import Person, Release, Team
from models.base import prebuilt, run
from models.finding import TwoFit, look_for_release, look_for_team, numbered_elsewhere, release_names, team_names

_NAME_OF_TEAM = prebuilt(select(Team.name).where(Team.workspace_id == bindparam("workspace_id"), Team.id == bindparam("team")))
_FILLERS = ("of ", "for ", "about ", "release ", "team ", "the ", "what is ", "what's ", "whats ", "what are ", "which are ", "who is ")


@dataclass(frozen=True, slots=True)
class Meant:
    """One reading. `kind` is release, team, person or filter; exactly one of `release` and `asked` is set."""

    kind: str
    label: str
    release: int | None = None
    asked: Asked | None = None


async def readings(session: AsyncSession, viewer: Actor, text: str) -> list[Meant]:
    """Everything that the words may mean, in the order in which it counts; none when nothing fits exactly."""
    words = tidy(text)
    found = await _exactly(session, viewer, words)
    filler = next((filler for filler in _FILLERS if words.casefold().startswith(filler)), "")
    if not found and filler:
        found = await readings(session, viewer, words[len(filler) :])
    return found or await _filtered(session, viewer, words)


async def _exactly(session: AsyncSession, viewer: Actor, words: str) -> list[Meant]:
    if is_mention(words.rstrip(".,;:?!")) and (known := await _mentioned(session, words.rstrip(".,;:?!"))):
        return known
    name = plain(words)
    found = []
    try:
        release = await look_for_release(session, name, access.seen_releases(viewer))
    except TwoFit as two:
        return await _both(session, viewer, two)
    if release:
        found.append(Meant("release", release.name, release=release.id))
    team = await look_for_team(session, name)
    if team:
        found.append(Meant("team", team.name, asked=Asked(team=team.id)))
    word = read_filter(name)
    if word:
        found.append(Meant("filter", word, asked=Asked(word=word, everywhere=word == ALL)))
    return found or await _called(session, name)


async def _called(session: AsyncSession, words: str) -> list[Meant]:
    """The person of this name, or the only one of this first name, where Slack made no mention of it."""
    name = fold(words.removeprefix("@").replace(".", " "))
    called = func.lower(Person.name)
    query = select(Person.slack_id, Person.name).where(
        Person.is_bot.is_(False), or_(called == name, called.startswith(f"{name} ", autoescape=True) & Person.is_deleted.is_(False))
    )
    rows = (await session.execute(query.limit(50))).all() if name else []
    fits = [row for row in rows if fold(row.name) == name] or rows
    return [Meant("person", fits[0].name, asked=Asked(person=fits[0].slack_id))] if len(fits) == 1 else []


async def _filtered(session: AsyncSession, viewer: Actor, words: str) -> list[Meant]:
    """Filters, and whose releases they are of: of a team or a person, or of everybody."""
    for filters, name in around(words):
        whose = next((each for each in await _exactly(session, viewer, name) if each.kind in ("team", "person")), None) if name else None
        asked = whose.asked if whose and whose.asked else Asked()
        asked = replace(asked, word=filters)
        if (whose or not name) and not (asked.is_mine and asked.person):
            label = " ".join(filter(None, (whose.label if whose else "", filters)))
            return [Meant("filter", label, asked=replace(asked, everywhere=filters == ALL and not whose))]
    return []


async def _both(session: AsyncSession, viewer: Actor, two: TwoFit) -> list[Meant]:
    """Two releases of one name, told apart by their numbers."""
    query = select(Release.id, Release.number, Release.name).where(Release.id.in_([id for id, _ in two.fits]), access.seen_releases(viewer))
    return [Meant(f"R-{row.number}", row.name, release=row.id) for row in await session.execute(query.order_by(Release.number))]


async def _mentioned(session: AsyncSession, words: str) -> list[Meant]:
    if words.startswith(("<#", "#")):
        team = await look_for_team(session, words)
        return [Meant("team", team.name, asked=Asked(team=team.id))] if team else []
    mention = read_user(words)
    if mention.id is None:
        return await _called(session, mention.name or "")
    name = await session.scalar(select(Person.name).where(Person.slack_id == mention.id)) or mention.name
    return [Meant("person", name or "this person", asked=Asked(person=mention.id))]


async def near(session: AsyncSession, viewer: Actor, text: str) -> tuple[list[str], list[str], list[str]]:
    """The nearest releases, teams and filters, of those that the viewer may see."""
    words = plain(tidy(text))
    return (
        nearest(words, await release_names(session, access.seen_releases(viewer))),
        nearest(words, await team_names(session), 2),
        nearest(words, FILTERS, 1),
    )


async def name_of(session: AsyncSession, asked: Asked, team_id: int | None) -> str:
    """Whose list it is, in words: a team's name, a person's, both, or nothing for everybody's."""
    whose = "Yours" if asked.is_mine else ""
    if asked.person:
        whose = await session.scalar(select(Person.name).where(Person.slack_id == asked.person)) or "This person"
    team = (await run(session, _NAME_OF_TEAM, team=team_id)).scalar_one_or_none() if team_id is not None else None
    return " in ".join(filter(None, (whose, team)))


def number_alone(text: str, prefix: str) -> str | None:
    """What is said of a short number that counts something else than releases, or of a release that is not there."""
    words = plain(tidy(text))
    if elsewhere := numbered_elsewhere(words):
        return elsewhere.replace(": /", f": /{prefix}")
    number = number_of(words, "R")
    if number is None:
        return None
    return f"There is no R-{number}, or it is not shown to you. /{prefix}release status all lists everything."
