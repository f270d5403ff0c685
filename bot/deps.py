"""The one object that listeners are given beside their session and request."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Settings
from bot.database import Database
from bot.outbox import Outbox
from bot.slack import SlackLink
from bot.slices import Slices
from domain.facts import Fact

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Deps:
    """`database` and `slack` are for effects only: a listener has its session, and never calls the network. To an effect `slack` is the
    link of its workspace; to everything else the app's own, which does nothing in any."""

    settings: Settings
    database: Database
    outbox: Outbox
    slack: SlackLink
    slices: Slices
    clock: Clock = system_clock

    def now(self) -> datetime:
        """Product time, UTC-aware. It can be moved in the local workspace."""
        return self.clock()

    def today(self, zone: str) -> date:
        return self.clock().astimezone(ZoneInfo(zone)).date()

    async def tell(self, session: AsyncSession, fact: Fact, *, not_before: datetime | None = None, change: int | None = None) -> None:
        """Let the other slices know, each in its own transaction, once."""
        await self.outbox.tell(session, fact, not_before=not_before, change=change)


DEPS: web.AppKey[Deps] = web.AppKey("deps", Deps)  # where routes of slices find it
