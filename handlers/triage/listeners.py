"""The queue: opening a team's, turning its pages, taking a piece and giving it back."""

from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import NotAllowed
from domain.words import plain, tidy
from handlers.triage import ids, reading, report, views
from handlers.triage.carrying import carried, is_private
from models import Feedback, Team, TeamMember
from models.finding import find_team, name_of, team_of_channel
from models.triage import note_look

_NOBODYS = {"no team", "none", "nobody", "product operations", "product ops", "without team", "without a team", "unassigned"}
_ALL = {"all", "teams", "all teams", "everything", "everyone"}


@reads
async def triage(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`triage`, `triage of Payments`, `triage report of Payments`."""
    access.reads_inside(request.actor)
    words = tidy(plain(request.text)).strip(" .?!")
    first, _, rest = words.partition(" ")
    if first.casefold() in ("report", "share", "on-time"):
        return await report.show(session, request, deps, without_of(rest))
    words = without_of(words)
    if words.casefold() in _ALL:
        return await show_teams(session, request, deps)
    if words.casefold() in _NOBODYS:
        return Say(views.queue(await reading.queue_of(session, request, deps, ids.NO_TEAM)))
    team_id = (await find_team(session, words)).id if words else await _usual(session, request)
    if team_id is None:
        return await show_teams(session, request, deps)
    return Say(views.queue(await reading.queue_of(session, request, deps, team_id)))


def without_of(words: str) -> str:
    first, _, rest = words.partition(" ")
    return rest.strip() if first.casefold() in ("of", "for", "team") else words


async def _usual(session: AsyncSession, request: Request) -> int | None:
    """The queue of the channel's team; else of mine, where there is one; product operations have what is no team's."""
    here = await team_of_channel(session, request.channel)
    if here:
        return here.id
    member = exists().where(
        TeamMember.workspace_id == Team.workspace_id, TeamMember.team_id == Team.id, TeamMember.person == request.person
    )
    mine = select(Team.id).where(or_(Team.lead == request.person, Team.deputy == request.person, member)).limit(2)
    found = list(await session.scalars(mine))
    if len(found) == 1:
        return found[0]
    return ids.NO_TEAM if not found and request.actor.is_product_operations else None


@reads
async def show_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Other teams*: whose queue."""
    access.reads_inside(request.actor)
    seen = access.seen_feedback(request.actor, request.channel)
    return Say(views.choice(await reading.waiting(session, deps, seen)), replace=is_private(request))


@reads
async def turn(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A page of a queue, as things stand now."""
    access.reads_inside(request.actor)
    team, at, _ = carried(request)
    return Say(views.queue(await reading.queue_of(session, request, deps, team, at)), replace=is_private(request))


async def take(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    team, at, key = carried(request)
    feedback = await reading.piece_of(session, request, key, lock=True)
    name = f"F-{feedback.number}"
    if feedback.taken_by and feedback.taken_by != request.person:
        who = await name_of(session, feedback.taken_by)
        return Say(await _drawn(session, request, deps, team, at, f"{name} is taken by {who} already. Nothing was changed."), replace=True)
    await check_open(session, feedback)
    feedback.taken_by = request.person
    note_look(feedback, deps.now())
    await session.flush()
    return Say(await _drawn(session, request, deps, team, at, f"{name} is yours."), replace=True)


async def give_back(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """It waits for a look again, since it came in."""
    access.may_change(request.actor)
    team, at, key = carried(request)
    feedback = await reading.piece_of(session, request, key, lock=True)
    if feedback.taken_by != request.person:
        raise NotAllowed(f"F-{feedback.number} is not yours any more. Nothing was changed.")
    feedback.taken_by = None
    note_look(feedback, deps.now())
    await session.flush()
    return Say(await _drawn(session, request, deps, team, at, f"F-{feedback.number} waits for a look again."), replace=True)


async def check_open(session: AsyncSession, feedback: Feedback) -> None:
    """Raises NotAllowed where nothing is left to look at, with what became of it."""
    became = {
        "counts with another piece now, which is looked at": feedback.same_as_id,
        "is declined": feedback.declined_at,
        "is linked already": feedback.release_id or feedback.item_id,
    }
    for said, is_so in became.items():
        if is_so:
            raise NotAllowed(f"F-{feedback.number} {said}. `/customer-feedback show F-{feedback.number}` says more. Nothing was changed.")


async def _drawn(session: AsyncSession, request: Request, deps: Deps, team: int, at: int, note: str) -> Any:
    return views.queue(await reading.queue_of(session, request, deps, team, at, note))
