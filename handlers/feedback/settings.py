"""What product operations set for feedback: the emoji that logs a message, and whether guests may report."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Message, Open, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.errors import NotAllowed
from domain.marks import read_mark
from handlers.feedback import views_sharing
from models.finding import lock_workspace, this_workspace


def _check(actor: Actor) -> None:
    if not (actor.is_product_operations or actor.is_admin) or actor.is_guest or actor.is_outside:
        raise NotAllowed("Only product operations, and administrators of the workspace, can set that. Nothing was changed.")


@reads
async def open_settings(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _check(request.actor)
    space = await this_workspace(session)
    return Open(views_sharing.settings(space.log_emoji, space.guests_may_report, request.origin))


async def save(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _check(request.actor)
    emoji = read_mark(request.state.get("emoji") or "")
    space = await lock_workspace(session)
    space.log_emoji, space.guests_may_report = emoji, "guests" in (request.state.get("guests") or [])
    await session.flush()
    mark = f"A message marked with :{emoji}: is logged." if emoji else "No emoji logs a message."
    who = "Guests and people from connected workspaces may report, too." if space.guests_may_report else "Guests may not report."
    return Say(Message(f"{mark} {who}"))
