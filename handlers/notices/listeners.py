"""Choosing how much to hear, and seeing what was chosen."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Block, Nothing, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.unasked import choose, standing
from domain.notices import read_level
from handlers.notices import views


async def set_notices(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/tendon notices quiet`; alone it shows the choice."""
    if request.text.strip():
        await _choose(session, request, request.text, deps)
    return Say(views.choice(await _standing(session, request.actor), is_new=bool(request.text.strip())))


async def press_choice(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await _choose(session, request, request.value or "", deps)
    if request.is_at_home:
        return Nothing()
    return Say(views.choice(await _standing(session, request.actor), is_new=True), replace=True)


async def _choose(session: AsyncSession, request: Request, said: str, deps: Deps) -> None:
    access.may_change(request.actor)
    await choose(session, request.person, read_level(said), deps.now())
    await session.flush()


async def _standing(session: AsyncSession, viewer: Actor) -> views.Standing:
    level, held, until = await standing(session, viewer.slack_id)
    return views.Standing(level, held, until, viewer.zone)


async def at_home(session: AsyncSession, viewer: Actor, deps: Deps) -> Sequence[Block]:
    if viewer.is_guest or viewer.is_outside or not viewer.is_known:
        return []
    return views.at_home(await _standing(session, viewer))
