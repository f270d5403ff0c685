"""Where a thread could not be answered in after all, those whom it should have reached hear privately."""

from sqlalchemy import and_, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Message
from bot.deps import Deps
from bot.instead import AT_ONCE, REFUSED, is_over, refused
from domain.loop import Hearing
from domain.phrases import say_day
from domain.sources import people_in
from handlers.loop import declining, views
from handlers.loop.pieces import PRIVATELY, Everybody, waits_for
from handlers.loop.views import Asked
from models import Change, Heard, Outbox, Release


async def tell_privately(session: AsyncSession, deps: Deps) -> None:
    """A tick: looks for what a thread did not take."""
    unheard = (
        select(Heard)
        .join(Outbox, and_(Outbox.workspace_id == Heard.workspace_id, Outbox.key == Heard.effect))
        .where(REFUSED, Heard.channel.is_not(None))
        .order_by(Heard.id)
        .limit(AT_ONCE)
    )
    for heard in list(await session.scalars(unheard)):
        thread, heard.effect = heard.effect, f"{heard.effect}:alone:{heard.person}"
        notice = await _notice(session, heard)
        heard.channel, heard.thread_ts = None, None
        await deps.outbox.post(session, heard.effect, heard.person, notice)
        await session.flush()
        others = exists().where(Heard.workspace_id == Outbox.workspace_id, Heard.effect == thread)
        await is_over(session, thread, ~others)
    for key, payload in await refused(session, declining.DECLINED):
        await declining.say_privately(session, deps, key, people_in(payload["message"]["text"]))
        await is_over(session, key)


async def _notice(session: AsyncSession, heard: Heard) -> Message:
    """The same words as in the thread, for one pair of eyes."""
    release, change = await session.get_one(Release, heard.release_id), await session.get_one(Change, heard.change_id)
    everybody = await Everybody.of(session, waits_for(release.id))
    mine = await everybody.brought_by(session, [heard.person])
    asked = everybody.asked(PRIVATELY, mine) if mine else Asked((), "")
    if heard.what == Hearing.BACK:
        return views.correction(release.name, "", asked)
    return views.it_is_out(release.name, release.id, change.after or "", say_day(change.effective_on or change.happened_at.date()), asked)
