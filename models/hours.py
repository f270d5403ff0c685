"""When each of several people works: as their team does, and without one as the company, on their own wall clock."""

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar import WorkHours
from models.finding import this_workspace
from models.release import Release
from models.team import Team, TeamMember, hours_of
from models.workspace import Person


async def working_hours(session: AsyncSession, people: Collection[str]) -> dict[str, WorkHours]:
    space, teams = await this_workspace(session), await teams_of(session, people)
    known = await session.execute(select(Person.slack_id, Person.zone).where(Person.slack_id.in_(people)))
    zones = {row.slack_id: row.zone for row in known}
    found = {}
    for person in people:
        hours = hours_of(space, teams.get(person))
        found[person] = replace(hours, zone=zones.get(person) or hours.zone)
    return found


async def teams_of(session: AsyncSession, people: Collection[str]) -> dict[str, Team]:
    """Each one's team: where they are a member, else where they lead, else where they own something."""
    teams = list(await session.scalars(select(Team).order_by(Team.id)))
    members = await session.execute(
        select(TeamMember.person, TeamMember.team_id).where(TeamMember.person.in_(people)).order_by(TeamMember.team_id)
    )
    owned = await session.execute(
        select(Release.owner, Release.team_id)
        .where(Release.owner.in_(people), Release.is_open.is_(True), Release.team_id.is_not(None))
        .distinct()
        .order_by(Release.team_id)
    )
    by_id = {team.id: team for team in teams}
    found: dict[str, Team] = {}
    for person, team_id in members:
        found.setdefault(person, by_id[team_id])
    for team in teams:
        for person in filter(None, (team.lead, team.deputy)):
            found.setdefault(person, team)
    for owner, owning in owned:
        found.setdefault(str(owner), by_id[int(owning or 0)])
    return found
