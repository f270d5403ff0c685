"""What product operations set for feedback: the emoji that logs a message, whether guests may report, and how soon teams look."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Message, Open, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import NotAllowed
from domain.marks import read_mark
from domain.phrases import working_days
from domain.triage import read_days
from handlers.feedback import views_sharing
from models.finding import lock_workspace, this_workspace


def _check(actor: Actor) -> None:
    if not (actor.is_product_operations or actor.is_admin) or actor.is_guest or actor.is_outside:
        raise NotAllowed("Only product operations, and administrators of the workspace, can set that. Nothing was changed.")


@reads
async def open_settings(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _check(request.actor)
    space = await this_workspace(session)
    return Open(views_sharing.settings(space.log_emoji, space.guests_may_report, space.triage_days, request.origin))


async def save(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _check(request.actor)
    emoji, days = read_mark(request.state.get("emoji") or ""), read_days(request.state.get("triage_days"))
    space = await lock_workspace(session)
    space.log_emoji, space.guests_may_report = emoji, "guests" in (request.state.get("guests") or [])
    space.triage_days = days
    await session.flush()
    mark = f"A message marked with :{emoji}: is logged." if emoji else "No emoji logs a message."
    who = "Guests and people from connected workspaces may report, too." if space.guests_may_report else "Guests may not report."
    look = f"Teams look at what came in within {working_days(days)}."
    return Say(Message(f"{mark} {who} {look}"))
