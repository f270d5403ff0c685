"""Who is affected when a release changes: teams that wait for it, teams that promised something for it, people who will be told."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.requests import Actor
from domain.calendar import PLAIN, WorkCalendar, calendar_for
from domain.releases import Waiting, hits
from handlers.releases.views import Affected, Promise
from models import Dependency, Follow, Person, Release, Team
from models.base import prebuilt, run

COUNTED = ("noted", "asked", "offered", "accepted")
_FOLLOWERS = prebuilt(
    select(Follow.person)
    .where(Follow.workspace_id == bindparam("workspace_id"), Follow.release_id == bindparam("release_id"))
    .order_by(Follow.id)
)
_ASKS = prebuilt(
    select(
        Dependency.id,
        Dependency.what,
        Dependency.state,
        Dependency.needed_on,
        Dependency.committed_on,
        Dependency.asking_team_id,
        Dependency.asked_team_id,
    )
    .where(
        Dependency.workspace_id == bindparam("workspace_id"),
        Dependency.release_id == bindparam("release_id"),
        or_(*(Dependency.state == state for state in COUNTED)),
    )
    .order_by(Dependency.id)
)


async def calendar_of(session: AsyncSession, release: Release) -> WorkCalendar:
    """The working days of the release's team."""
    team = await session.get(Team, release.team_id) if release.team_id else None
    return calendar_for(team.holidays) if team and team.holidays else PLAIN


async def affected_by(session: AsyncSession, release: Release, on: date | None, actor: str, *, is_off: bool = False) -> Affected:
    """Who is hit if the release comes on that day, or is off; with neither only how many people will be told.

    A team waits for the release when it asked the release's own team; what other teams were asked, the release waits for.
    """
    people = len(await who_hears(session, release, actor))
    rows = await _asks(session, release.id) if on or is_off else []
    names = await _team_names(session, {team for row in rows for team in (row.asking_team_id, row.asked_team_id) if team})
    ours = [(names[team], row) for row in rows if (team := row.asking_team_id) and row.asked_team_id == release.team_id != team]
    dated = [Waiting(team, f"{row.what} ({row.state})", row.committed_on or row.needed_on, row.id) for team, row in ours if row.needed_on]
    undated = tuple(dict.fromkeys(team for team, row in ours if not row.needed_on))
    if on is None:
        return Affected(waiting=tuple(sorted(dated, key=lambda one: one.need_on)), undated=undated, people=people)
    others = [row for row in rows if row.asked_team_id != release.team_id]
    late = [Promise(names[row.asked_team_id], row.what, row.committed_on) for row in others if row.committed_on and row.committed_on > on]
    return Affected(hits(on, dated, await calendar_of(session, release)), undated=undated, promises=tuple(late), people=people)


async def who_hears(session: AsyncSession, release: Release, actor: str | None) -> dict[str, bool]:
    """Who is told of a change by `actor`, each with whether they follow: followers, and the owner; as far as they may see it."""
    hearers = dict.fromkeys((await run(session, _FOLLOWERS, release_id=release.id)).scalars(), True)
    if release.owner:
        hearers.setdefault(release.owner, False)
    hearers.pop(actor or "", None)
    if not hearers:
        return {}
    known = {person.slack_id: person for person in await session.scalars(select(Person).where(Person.slack_id.in_(hearers)))}
    return {who: follows for who, follows in hearers.items() if await _may_hear(session, release, known.get(who), who)}


async def _may_hear(session: AsyncSession, release: Release, person: Person | None, who: str) -> bool:
    if person and (person.is_deleted or person.is_bot):
        return False
    if not release.restricted:
        return True
    if person is None:  # not proven to be one of us
        return False
    viewer = Actor(slack_id=who, is_guest=person.is_guest, is_outside=person.is_outside, is_product_operations=person.is_product_operations)
    seen = select(Release.id).where(Release.id == release.id, access.seen_releases(viewer))
    return await session.scalar(seen) is not None


async def _asks(session: AsyncSession, release_id: int) -> Sequence[Any]:
    return (await run(session, _ASKS, release_id=release_id)).all()  # type: ignore[no-any-return]


async def _team_names(session: AsyncSession, ids: set[int]) -> dict[int, str]:
    return {team.id: team.name for team in await session.scalars(select(Team).where(Team.id.in_(ids)))} if ids else {}
