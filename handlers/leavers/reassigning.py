"""*Reassign all*: an heir hands on what came to them, as far as it is still theirs."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotFound
from handlers.leavers import records, views
from models import Handover
from models.finding import name_of, someones

GONE = "Nothing of theirs is with you any more. Nothing was changed."


async def _theirs(session: AsyncSession, heir: str, leaver: str, *, lock: bool = False) -> list[Handover]:
    wanted = (Handover.heir == heir, Handover.leaver == leaver, Handover.reassigned_to.is_(None))
    query = select(Handover).where(*wanted).order_by(Handover.id)
    return list(await session.scalars(query.with_for_update() if lock else query))


@reads
async def open_form(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    leaver = request.value or ""
    theirs = await _theirs(session, request.person, leaver)
    if not theirs:
        raise NotFound(GONE)
    return Open(views.form(await name_of(session, leaver), leaver, len(theirs), request.origin))


async def save(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    leaver, chosen = str(request.metadata["leaver"]), request.state.get("person")
    to = next((one for one in await someones(session) if one.id == chosen), None)
    if to is None or to.cannot or to.id == request.person:
        why = f"{to.name} {to.cannot}" if to and to.cannot else "They are with you already" if to else "I do not know that person yet"
        raise BadInput({"person": f"{why}. Pick somebody else."})
    theirs = await _theirs(session, request.person, leaver, lock=True)
    if not theirs:
        raise NotFound(GONE)
    things, left = [(row.kind, row.record_id) for row in theirs], await name_of(session, leaver)
    count = await records.give(session, deps, things, request.person, to.id, f"{left} left", request.person)
    for row in theirs:
        row.reassigned_to = to.id
    if count:
        by = await name_of(session, request.person)
        await deps.outbox.post(session, f"leaver:{leaver}:on:{theirs[0].id}:{to.id}", to.id, views.given(count, by, left))
    return Say(views.reassigned(count, to.name))
