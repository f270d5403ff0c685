"""The bot without its network, to time what it does by itself: nothing is sent, everything is written down."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from bot.config import Settings
from bot.database import Database
from bot.deps import Deps
from bot.links import Links
from bot.outbox import Outbox
from bot.schema import migrate
from bot.slices import together
from handlers import SLICES
from models import Workspace


@asynccontextmanager
async def bot(url: str, clock: Callable[[], datetime], installed_at: datetime) -> AsyncIterator[tuple[Database, Deps]]:
    """On an empty database, which it migrates and in which workspace 1 is installed."""
    await migrate(url)
    database, slices = Database(url), together(SLICES)
    links = Links(database, "http://127.0.0.1:1/api/")
    outbox = Outbox(database, links, clock=clock, subscribers=slices.subscribers, effects=slices.effects)
    deps = Deps(Settings(slack_bot_token="xoxb-bench", slack_signing_secret="bench"), database, outbox, links.own, slices, clock)
    outbox.deps = deps
    try:
        async with database.unbound() as session:
            session.info["workspace_id"] = 0
            session.add(Workspace(id=1, team_slack_id="T1", installed_at=installed_at, zone="UTC"))
        yield database, deps
    finally:
        await links.close()
        await database.close()
