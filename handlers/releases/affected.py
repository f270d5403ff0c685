"""Who is affected when a release changes: teams that wait for it, teams that promised something for it, people who will be told."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.hearers import outside, who_hears
from bot.requests import Actor
from domain.customers import Weights
from domain.releases import Waiting, hits
from handlers.releases.views import Affected, Promise
from models import Dependency, Release, Team
from models.base import prebuilt, run
from models.finding import calendar_of, name_of
from models.together import waits_for
from models.weighing import weights

COUNTED = ("noted", "asked", "offered", "accepted")
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


async def affected_by(
    session: AsyncSession, release: Release, on: date | None, actor: str, *, is_off: bool = False, is_inner: bool = False
) -> Affected:
    """Who is hit if the release comes on that day, or is off; with neither only how many people will be told. `is_inner` is news that
    concerns nobody who faces customers.

    A team waits for the release when it asked the release's own team; what other teams were asked, the release waits for.
    """
    hearers = await who_hears(session, release, actor)
    owner = await name_of(session, release.owner) if release.owner in hearers else ""
    others = hearers.keys() - {release.owner}
    people = len(others - await outside(session, release, others) if is_inner else others)
    rows = await _asks(session, release.id) if on or is_off else []
    names = await _team_names(session, {team for row in rows for team in (row.asking_team_id, row.asked_team_id) if team})
    ours = [(names[team], row) for row in rows if (team := row.asking_team_id) and row.asked_team_id == release.team_id != team]
    dated = [Waiting(team, f"{row.what} ({row.state})", row.committed_on or row.needed_on, row.id) for team, row in ours if row.needed_on]
    undated = tuple(dict.fromkeys(team for team, row in ours if not row.needed_on))
    if on is None:
        return Affected(waiting=tuple(sorted(dated, key=lambda one: one.need_on)), undated=undated, people=people, owner=owner)
    theirs = [row for row in rows if row.asked_team_id != release.team_id]
    late = [Promise(names[row.asked_team_id], row.what, row.committed_on) for row in theirs if row.committed_on and row.committed_on > on]
    return Affected(hits(on, dated, await calendar_of(session, release)), undated=undated, promises=tuple(late), people=people, owner=owner)


async def wanted_by(session: AsyncSession, viewer: Actor, release_id: int, inside: str | None = None) -> Weights:
    """The customers who asked for what a release brings, and what they pay, by what the reader may read; outside the company nothing."""
    if not viewer.slack_id or not viewer.is_known or viewer.is_guest or viewer.is_outside:
        return Weights()
    return await weights(session, waits_for(release_id), access.seen_feedback(viewer, inside))


async def _asks(session: AsyncSession, release_id: int) -> Sequence[Any]:
    return (await run(session, _ASKS, release_id=release_id)).all()  # type: ignore[no-any-return]


async def _team_names(session: AsyncSession, ids: set[int]) -> dict[int, str]:
    return {team.id: team.name for team in await session.scalars(select(Team).where(Team.id.in_(ids)))} if ids else {}
