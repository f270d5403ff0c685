"""Which files there are, and the effect that makes and sends one: read and written apart from the loop, as both take long; sent once."""

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

Maker = Callable[[AsyncSession, Asked, Deps, str, datetime], Awaitable[File]]
MAKERS: dict[str, Maker] = {"csv": sending.csv_of, "ics": calendars.ics_of, "deck": decks.deck_of}


async def made(payload: Mapping[str, Any], deps: Deps) -> File:
    """The file anew, from the ledger as it is now."""
    now, zone = deps.now(), payload["zone"]

    async def make(session: AsyncSession) -> File:
        asked = await asking.read_value(session, payload["asked"])
        return await MAKERS[payload["form"]](session, asked, deps, zone, now)

    return await deps.database.apart(payload["workspace_id"], make, clock=deps.clock, actor=payload["person"])


async def deliver(payload: Mapping[str, Any], deps: Deps) -> None:
    await files.send(payload, deps, await made(payload, deps))


SEND = Effect(deliver, files.has_arrived)
