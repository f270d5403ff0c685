"""A process that carries the outbox until it is killed. Two of them at once are two replicas."""

import asyncio
from datetime import UTC, datetime
from multiprocessing.synchronize import Event

from bot.database import Database
from bot.links import Links
from bot.outbox import Outbox

LEASE = 2.0


def carry(database_url: str, api_url: str, token: str, ready: Event) -> None:
    asyncio.run(_carry(database_url, api_url, token, ready))


async def _carry(database_url: str, api_url: str, token: str, ready: Event) -> None:
    database = Database(database_url)
    links = Links(database, api_url, timeout=0.8)
    for workspace in (1, 2):
        links.give(workspace, links.under(token))
    outbox = Outbox(
        database,
        links,
        clock=lambda: datetime.now(UTC),
        subscribers={},
        effects={},
        in_flight=16,
        channel_gap=0.0,
        lease=LEASE,
    )
    ready.set()
    await outbox.run()
