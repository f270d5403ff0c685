"""A process that carries the outbox until it is killed. Two of them at once are two replicas."""

import asyncio
from datetime import UTC, datetime
from multiprocessing.synchronize import Event

from bot.database import Database
from bot.outbox import Outbox
from bot.slack import SlackLink

LEASE = 2.0


def carry(database_url: str, api_url: str, token: str, ready: Event) -> None:
    asyncio.run(_carry(database_url, api_url, token, ready))


async def _carry(database_url: str, api_url: str, token: str, ready: Event) -> None:
    slack = SlackLink(token, api_url, timeout=0.8)
    outbox = Outbox(
        Database(database_url),
        slack,
        clock=lambda: datetime.now(UTC),
        subscribers={},
        effects={},
        in_flight=16,
        channel_gap=0.0,
        lease=LEASE,
    )
    ready.set()
    await outbox.run()
