"""How long the slides of a whole year take, of a ledger that is there, and for how long at most the loop answered nobody meanwhile."""

import asyncio
import gc
import time

from bot.config import Settings
from bot.database import Database
from bot.deps import Deps, system_clock
from bot.links import Links
from bot.outbox import Outbox
from bot.slices import together
from handlers import SLICES
from handlers.reports import asking, making

BEAT = 0.005


async def deck(url: str, period: str) -> str:
    database, slices = Database(url), together(SLICES)
    links = Links(database, "http://127.0.0.1:1/api/")
    outbox = Outbox(database, links, clock=system_clock, subscribers=slices.subscribers, effects=slices.effects)
    deps = Deps(Settings(slack_bot_token="xoxb-bench", slack_signing_secret="bench"), database, outbox, links.own, slices, system_clock)
    async with database.reading(1, clock=deps.clock) as session:
        asked = await asking.read_asked(session, "deck", period, deps.today("UTC"))
    held: list[float] = []
    gc.collect()
    gc.freeze()  # as the server does once it is ready
    beating = asyncio.create_task(_beat(held))
    await asyncio.sleep(10 * BEAT)
    held.clear()
    started = time.perf_counter()
    await making.made({"workspace_id": 1, "person": "U1", "zone": "UTC", "asked": asked.value(), "form": "deck"}, deps)
    took = time.perf_counter() - started
    beating.cancel()
    await links.close()
    await database.close()
    return f"{took:.1f} s, the loop held for {max(held) * 1000:.0f} ms at most"


async def _beat(held: list[float]) -> None:
    while True:
        started = time.perf_counter()
        await asyncio.sleep(BEAT)
        held.append(time.perf_counter() - started - BEAT)
