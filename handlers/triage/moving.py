"""*Move*: a piece goes to another team's queue, or to nobody's, which product operations sort."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Options, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput
from domain.nearest import fold
from handlers.triage import ids, reading, views, views_forms
from handlers.triage.carrying import carried
from models import Team
from models.finding import OFFERED

PRIVATE = "It was said in a private channel: in their queue only its members see it, and those with whom it is shared."


@reads
async def open_move(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    team, at, key = carried(request)
    feedback = await reading.piece_of(session, request, key)
    place = await access.place_of(session, feedback.channel)
    now = await session.get(Team, feedback.team_id) if feedback.team_id else None
    metadata = {**request.origin, "piece": feedback.id, "team": team, "at": at}
    warning = "" if feedback.channel is None or place.is_public else PRIVATE
    return Open(views_forms.move(feedback.number, feedback.words, now.name if now else "", warning, metadata))


async def save_move(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    feedback = await reading.piece_of(session, request, request.metadata.get("piece"), lock=True)
    text = str(request.state.get("team") or "")
    if not (text.isdecimal() and len(text) < 18):
        raise BadInput({"team": "Pick the team that should look at it. Nothing was moved."})
    team = (await session.scalars(select(Team).where(Team.id == int(text)))).one_or_none() if int(text) else None
    if team is None and int(text):
        raise BadInput({"team": "That team is gone. Pick another one. Nothing was moved."})
    if feedback.team_id == (team.id if team else None):
        whose = f"the queue of {team.name}" if team else "no team's queue"
        raise BadInput({"team": f"F-{feedback.number} is in {whose} already. Nothing was moved."})
    feedback.team_id = team.id if team else None
    await session.flush()
    return Say(views_forms.moved(feedback.number, team.name if team else "", int(request.metadata.get("team") or 0)))


@reads
async def offer_teams(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Teams by their names, and no team."""
    if request.actor.is_guest or request.actor.is_outside or not request.actor.is_known:
        return Options()
    named = Team.folded.contains(fold(request.text), autoescape=True)
    rows = await session.execute(select(Team.name, Team.id).where(named).order_by(Team.folded).limit(OFFERED))
    return Options([*((name, str(key)) for name, key in rows), (views.NOBODYS, str(ids.NO_TEAM))])
