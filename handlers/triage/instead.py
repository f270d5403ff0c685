"""A question that its thread did not take reaches whoever it is for privately."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.instead import is_over, refused
from handlers.triage import asking
from models import Feedback
from models.finding import name_of


async def ask_privately(session: AsyncSession, deps: Deps) -> None:
    """A tick. What was asked on purpose where people from outside read was asked privately before; of two questions the newer is asked."""
    for key, payload in await refused(session, asking.ASKED):
        number, _, mark = key.removeprefix(asking.ASKED).partition(":")
        feedback = (await session.scalars(select(Feedback).where(Feedback.id == int(number)))).one()
        if payload.get("to_outsiders"):
            continue
        if asking.mark_of(feedback) == mark and feedback.removed_at is None:
            asker = await name_of(session, feedback.asked_by)
            await deps.outbox.post(session, f"{key}:alone", feedback.reporter, asking.question(feedback, asker, is_private=True))
        await is_over(session, key)
