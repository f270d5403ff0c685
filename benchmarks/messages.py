"""How many messages a second the outbox delivers into many channels of an instant Slack."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from bot.answers import Message
from bot.database import Database
from bot.deps import system_clock
from bot.links import Links
from bot.outbox import Outbox
from bot.schema import migrate
from models import Workspace

MESSAGES = 4000
CHANNELS = 1000


async def rate(slack_port: int) -> float:
    url = f"sqlite+aiosqlite:///{Path(tempfile.mkdtemp(prefix='tendon-bench-')) / 'tendon.db'}"
    await migrate(url)
    database = Database(url)
    links = Links(database, f"http://127.0.0.1:{slack_port}/api/")
    links.give(1, links.under("xoxb-bench"))
    outbox = Outbox(database, links, clock=system_clock, subscribers={}, effects={}, channel_gap=0.0)
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=1, team_slack_id="T1", installed_at=datetime.now(UTC)))
    async with database.transaction(1, clock=system_clock) as session:
        for n in range(MESSAGES):
            await outbox.post(session, f"bench:{n}", f"C{n % CHANNELS}", Message(f"Message {n}"))
    started = time.perf_counter()
    await outbox.drain()
    took = time.perf_counter() - started
    await links.close()
    await database.close()
    return MESSAGES / took
