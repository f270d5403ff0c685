"""Teams at once: a checklist proposed from channels and user groups, and pasted lines of *team, lead, channel*."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.nearest import fold
from domain.setup import PastedTeam, Proposal, Step, proposed, read_teams
from handlers.setup import steps, views
from models import Channel, Team, UserGroup
from models.finding import lock_workspace, someones

OPEN_TO_ALL = (Channel.is_private.is_(False), Channel.is_archived.is_(False), Channel.is_shared.is_(False))


@reads
async def open_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    return Open(views.teams(await _proposals(session), request.origin))


async def _proposals(session: AsyncSession) -> Sequence[Proposal]:
    channels = await session.execute(select(Channel.slack_id, Channel.name).where(*OPEN_TO_ALL, Channel.name != ""))
    flags = (UserGroup.is_disabled, UserGroup.faces_customers, UserGroup.is_product_operations)
    groups = await session.scalars(select(UserGroup.handle).where(*(flag.is_(False) for flag in flags)))
    taken = await session.execute(select(Team.folded, Team.channel))
    return proposed(
        [(row.name, row.slack_id) for row in channels],
        list(groups),
        {each for row in taken for each in (row.folded, row.channel) if each},
    )


async def save_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await steps.check(session, request)
    rooms = {row.name.casefold(): row.slack_id for row in await session.scalars(select(Channel).where(Channel.is_private.is_(False)))}
    ticked, text = request.state.get("proposed") or (), request.state.get("teams") or ""
    found = [Proposal.of_value(each).as_team() for each in ticked]
    if text.strip() or not found:
        found += read_teams(text, await someones(session), rooms)
    space = await lock_workspace(session)  # whoever else pastes waits here
    made, completed = await _add(session, found, deps)
    steps.mark(space, Step.TEAMS)
    await session.flush()
    leaderless = await session.scalar(select(func.count(Team.id)).where(Team.lead.is_(None))) or 0
    return Say(views.saved_teams(made, completed, leaderless))


async def _add(session: AsyncSession, found: Sequence[PastedTeam], deps: Deps) -> tuple[list[PastedTeam], list[PastedTeam]]:
    """What is new, and what completes a team of that name. A channel is one team's."""
    known = {team.folded: team for team in await session.scalars(select(Team).with_for_update())}
    channels = {team.channel: team for team in known.values() if team.channel}
    made: list[PastedTeam] = []
    completed: list[PastedTeam] = []
    for one in found:
        key = fold(one.name)[:200]
        team = known.get(key)
        (completed if team else made).append(one)
        if team is None:
            team = known[key] = Team(name=one.name, folded=key, created_at=deps.now())
            session.add(team)
        team.lead = one.lead or team.lead
        if one.channel and channels.setdefault(one.channel, team) is team:
            team.channel = one.channel
    return made, completed
