"""Which files there are, and the effect that makes and sends one: read in a session, written in a thread, sent once."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import files
from bot.deps import Deps
from bot.effects import Effect
from bot.files import File
from handlers.reports import asking, calendars, decks, sending
from handlers.reports.asked import Asked

Maker = Callable[[AsyncSession, Asked, Deps, str, datetime], Awaitable[Awaitable[File]]]
MAKERS: dict[str, Maker] = {"csv": sending.csv_of, "ics": calendars.ics_of, "deck": decks.deck_of}


async def deliver(payload: Mapping[str, Any], deps: Deps) -> None:
    """Make the file anew from the ledger as it is now, and send it."""
    now, zone = deps.now(), payload["zone"]
    async with deps.database.reading(payload["workspace_id"], clock=deps.clock, actor=payload["person"]) as session:
        asked = await asking.read_value(session, payload["asked"])
        made = await MAKERS[payload["form"]](session, asked, deps, zone, now)
    await files.send(payload, deps, await made)


SEND = Effect(deliver, files.has_arrived)
