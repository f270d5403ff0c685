"""Where a thread could not be answered in after all, those whom it should have reached hear privately."""

from sqlalchemy import and_, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Message
from bot.deps import Deps
from bot.parcels import DEAD, GONE
from domain.loop import Hearing
from domain.phrases import say_day
from handlers.loop import views
from handlers.loop.pieces import PRIVATELY, Everybody, waits_for
from handlers.loop.views import Asked
from models import Change, Heard, Outbox, Release

AT_ONCE = 200


async def tell_privately(session: AsyncSession, deps: Deps) -> None:
    """A tick: looks for messages to threads that Slack refused for good. What may have arrived all the same is not said twice."""
    refused = (
        select(Heard)
        .join(Outbox, and_(Outbox.workspace_id == Heard.workspace_id, Outbox.key == Heard.effect))
        .where(Outbox.state == DEAD, Outbox.tried_at.is_(None), Heard.channel.is_not(None))
        .order_by(Heard.id)
        .limit(AT_ONCE)
    )
    for heard in list(await session.scalars(refused)):
        thread, heard.effect = heard.effect, f"{heard.effect}:alone:{heard.person}"
        notice = await _notice(session, heard)
        heard.channel, heard.thread_ts = None, None
        await deps.outbox.post(session, heard.effect, heard.person, notice)
        await session.flush()
        others = exists().where(Heard.workspace_id == Outbox.workspace_id, Heard.effect == thread)
        over = update(Outbox).where(Outbox.key == thread, ~others).values(state=GONE, reason="told privately instead")
        await session.execute(over, execution_options={"synchronize_session": False})


async def _notice(session: AsyncSession, heard: Heard) -> Message:
    """The same words as in the thread, for one pair of eyes."""
    release, change = await session.get_one(Release, heard.release_id), await session.get_one(Change, heard.change_id)
    everybody = await Everybody.of(session, waits_for(release.id))
    mine = await everybody.brought_by(session, [heard.person])
    asked = everybody.asked(PRIVATELY, mine) if mine else Asked((), "")
    if heard.what == Hearing.BACK:
        return views.correction(release.name, "", asked)
    return views.it_is_out(release.name, release.id, change.after or "", say_day(change.effective_on or change.happened_at.date()), asked)
