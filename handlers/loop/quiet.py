"""Opting out of hearing that what one asked for is out, and in again."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from handlers.loop import views_forms
from models import Quiet
from models.adding import add_missing


async def stop(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    await add_missing(session, Quiet, [{"person": request.person, "since": deps.now()}])
    return Say(views_forms.stopped())


async def resume(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    mine = delete(Quiet).where(Quiet.person == request.person)
    await session.execute(mine, execution_options={"synchronize_session": False})
    return Say(views_forms.resumed())
