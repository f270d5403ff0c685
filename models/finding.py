"""Finding what somebody named: by name, former name or short number. The nearest names are offered when nothing fits."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.errors import NotFound
from domain.nearest import fold, nearest
from domain.words import is_mention, number_of, read_channel, read_user
from models.adding import find_or_add
from models.dependency import Dependency
from models.escalation import Escalation
from models.feedback import Feedback
from models.release import Release, ReleaseName
from models.team import Team
from models.workspace import Customer


async def look_for_release(session: AsyncSession, text: str, seen: ColumnElement[bool]) -> Release | None:
    """The release with this name, former name or number, among those that `seen` lets through."""
    named = (
        select(Release)
        .join(ReleaseName, (ReleaseName.workspace_id == Release.workspace_id) & (ReleaseName.release_id == Release.id))
        .where(ReleaseName.folded == fold(text)[:200], seen)
        .order_by(ReleaseName.is_current.desc(), Release.is_open.desc(), Release.id.desc())
        .limit(1)
    )
    found = (await session.scalars(named)).one_or_none()
    number = None if found else number_of(text, "R")
    if found or number is None:
        return found
    return (await session.scalars(select(Release).where(Release.number == number, seen))).one_or_none()


async def find_release(session: AsyncSession, text: str, seen: ColumnElement[bool], *, lock: bool = False) -> Release:
    """Like `look_for_release`; raises NotFound with the nearest names. `lock` reads it for a change."""
    found = await look_for_release(session, text, seen)
    if found is None:
        raise NotFound(no_such("release", text, await release_names(session, seen)))
    if lock:
        await session.refresh(found, with_for_update=True)
    return found


async def release_names(session: AsyncSession, seen: ColumnElement[bool]) -> list[str]:
    return list(
        await session.scalars(select(Release.name).where(seen).order_by(Release.is_open.desc(), Release.target_on.desc()).limit(2000))
    )


async def look_for_team(session: AsyncSession, text: str) -> Team | None:
    """A team by name, by its #channel or by its @lead."""
    if not is_mention(text):
        wanted = Team.folded == fold(text)[:200]
    elif text.strip().startswith(("<#", "#")):
        wanted = Team.channel == (read_channel(text).id or "")
    else:
        wanted = Team.lead == (read_user(text).id or "")
    return (await session.scalars(select(Team).where(wanted).order_by(Team.id).limit(1))).one_or_none()


async def find_team(session: AsyncSession, text: str) -> Team:
    """Like `look_for_team`; raises NotFound with the nearest names."""
    found = await look_for_team(session, text)
    if found is None:
        raise NotFound(no_such("team", text, await team_names(session)))
    return found


async def team_names(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(Team.name).order_by(Team.name).limit(2000)))


async def team_of_channel(session: AsyncSession, channel: str | None) -> Team | None:
    if not channel:
        return None
    return (await session.scalars(select(Team).where(Team.channel == channel).order_by(Team.id).limit(1))).one_or_none()


async def customer_named(session: AsyncSession, name: str) -> Customer:
    """The customer of this name, made when there is none."""
    folded = fold(name)[:200]
    named = select(Customer).where(Customer.folded == folded)
    return await find_or_add(session, named, lambda: Customer(name=" ".join(name.split())[:200], folded=folded))


async def find_numbered(
    session: AsyncSession, kind: type[Feedback] | type[Escalation] | type[Dependency], text: str, *, lock: bool = False
) -> Feedback | Escalation | Dependency:
    """A record by its short number: F-12, e3, 7. Raises NotFound."""
    letter, word = {Feedback: ("F", "feedback"), Escalation: ("E", "escalation"), Dependency: ("D", "dependency")}[kind]
    number = number_of(text, letter)
    query = select(kind).where(kind.number == number)
    found = (await session.scalars(query.with_for_update() if lock else query)).one_or_none() if number is not None else None
    if found is None:
        raise NotFound(f'There is no {word} "{text.strip()[:40]}". Numbers look like {letter}-12.')
    return found  # type: ignore[no-any-return]


def no_such(what: str, text: str, names: list[str]) -> str:
    """The sentence for a name that fits nothing."""
    close = nearest(text, names)
    offer = f" Did you mean {' or '.join(close)}?" if close else ""
    return f'There is no {what} "{text.strip()[:60]}".{offer} Nothing was changed.'
