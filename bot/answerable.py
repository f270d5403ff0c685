"""Who answers for a release, and who may change it: the workspace says which of the two is asked."""

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.hearers import may_hear
from bot.requests import Actor
from domain.errors import NotAllowed
from domain.phrases import say_list
from domain.setup import Policy, may_change
from models import Person, Release, Team, Workspace
from models.base import prebuilt, run
from models.finding import name_of
from models.rows import keep
from models.workspace import runs_operations

_POLICY = prebuilt(select(Workspace.change_policy).where(Workspace.id == bindparam("workspace_id")))


async def may_change_release(session: AsyncSession, actor: Actor, release: Release) -> set[str | None]:
    """Those who answer for it: its owner, and its team's lead and deputy. Raises NotAllowed by the workspace's policy."""
    team = await keep(session, Team, release.team_id) if release.team_id else None
    answerable = {release.owner, *((team.lead, team.deputy) if team else ())}
    policy = (await run(session, _POLICY)).scalar_one()
    if not may_change(policy, actor.slack_id, answerable, is_operations=actor.is_product_operations):
        who = "Only product operations change releases here"
        if policy == Policy.OWNERS:
            names = [await name_of(session, one) for one in sorted(one for one in answerable if one)]
            who = f"{release.name} is changed by {say_list(names[:3], 'or')}, or product operations"
        raise NotAllowed(f"{who}. Ask them. Nothing was changed.")
    return answerable


async def who_answers(session: AsyncSession, release: Release) -> tuple[str, str] | None:
    """Who is asked about it, and as what: its owner; one who left is followed by the team's lead, then by product operations."""
    team = await session.get(Team, release.team_id) if release.team_id else None
    operations = select(Person.slack_id).where(runs_operations()).order_by(Person.id).limit(5)
    wanted = [(release.owner, "You own this release")]
    wanted += [(person, f"You lead {team.name}, and its owner is not here") for person in (team.lead, team.deputy)] if team else []
    wanted += [(person, "You are in product operations, and nobody else answers for it") for person in await session.scalars(operations)]
    may = await may_hear(session, release, {person for person, _ in wanted if person})
    return next(((person, as_what) for person, as_what in wanted if person in may), None)
