"""What is done with what is long over, so that the tables of the machine room do not grow with every press of a button."""

from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.parcels import DONE, EXPIRED, GONE, PAST
from bot.slices import Job
from models import HeldNotice, Inbox
from models.machine import Outbox, Upload

REMEMBERED = timedelta(hours=48)  # Slack may repeat an event for 24 hours
LEGIBLE = timedelta(days=30)
AT_ONCE = 2000  # a person who writes at this moment waits for as many


async def forget_old_requests(session: AsyncSession, deps: Deps) -> None:
    """Keys of requests that Slack cannot repeat any more."""
    await session.execute(delete(Inbox).where(Inbox.claimed_at < deps.now() - REMEMBERED), execution_options={"synchronize_session": False})


async def empty_old_effects(session: AsyncSession, deps: Deps) -> None:
    """Of an effect that is long over only the key is kept, as it is once for ever. What could not be sent stays as it is."""
    over = select(Outbox.id).where(Outbox.state.in_([DONE, EXPIRED, GONE]), Outbox.settled_at < deps.now() - LEGIBLE)
    rows = list(await session.scalars(over.order_by(Outbox.settled_at).limit(AT_ONCE)))
    if not rows:
        return
    these, how = Outbox.id.in_(rows), {"synchronize_session": False}
    await session.execute(delete(Outbox).where(these, Outbox.key.is_(None)), execution_options=how)
    await session.execute(update(Outbox).where(these).values(state=PAST, payload={}, reason="", change_id=None), execution_options=how)


async def forget_old_uploads(session: AsyncSession, deps: Deps) -> None:
    """Ids of files that were sent, or given up, long ago."""
    await session.execute(delete(Upload).where(Upload.begun_at < deps.now() - LEGIBLE), execution_options={"synchronize_session": False})


async def forget_told_notices(session: AsyncSession, deps: Deps) -> None:
    """Who heard of a change together with others, once its effect would be emptied as well."""
    old = delete(HeldNotice).where(HeldNotice.told_at < deps.now() - LEGIBLE)
    await session.execute(old, execution_options={"synchronize_session": False})


JOBS = (
    Job("forget-old-requests", forget_old_requests, every=3600.0),
    Job("empty-old-effects", empty_old_effects, every=600.0),
    Job("forget-old-uploads", forget_old_uploads, every=3600.0),
    Job("forget-told-notices", forget_told_notices, every=3600.0),
)
