"""What the outbox's tests stand on: two workspaces in a database, a local Slack with some channels, and an outbox with short waits."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Message
from bot.config import Settings
from bot.database import Database
from bot.deps import Deps
from bot.links import Links
from bot.outbox import Outbox
from bot.slices import together
from models import Change, Workspace
from playground import LocalSlack

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
CHANNELS = [f"C{number}" for number in range(10)]
PEOPLE = ["U1", "U2", "U3"]


async def two_workspaces(database: Database) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add_all([Workspace(id=number, team_slack_id=f"T{number}", installed_at=NOW) for number in (1, 2)])


async def company() -> LocalSlack:
    slack = LocalSlack(seed=7)
    slack.instant = True
    for person in PEOPLE:
        slack.member(person, name=f"Person {person}")
    for channel in CHANNELS:
        slack.channel(channel, name=f"team-{channel.lower()}", members=PEOPLE)
    await slack.start(port=0)
    return slack


@dataclass
class World:
    database: Database
    slack: LocalSlack
    outbox: Outbox
    clock: Callable[[], datetime]

    @asynccontextmanager
    async def transaction(self, workspace: int = 1) -> AsyncIterator[AsyncSession]:
        async with self.database.transaction(workspace, clock=self.clock, actor="U1") as session:
            yield session

    async def post(self, key: str, channel: str = "C1", words: str | None = None, workspace: int = 1, **how: Any) -> None:
        async with self.transaction(workspace) as session:
            await self.outbox.post(session, key, channel, Message(words or key), **how)

    async def drain(self, patience: float = 20.0) -> None:
        await self.outbox.drain(patience)

    def posts(self, channel: str = "C1") -> list[str]:
        """What stands in a channel, in order."""
        return [message.text for message in self.slack.as_("U1").sees(channel)]

    async def rows(self, **only: Any) -> list[Mapping[str, Any]]:
        where = " AND ".join(["1 = 1", *(f"{name} = :{name}" for name in only)])
        async with self.database.reader.connect() as connection:
            found = await connection.execute(text(f"SELECT * FROM outbox WHERE {where} ORDER BY id"), only)
            return [row._mapping for row in found]

    async def states(self) -> dict[str, str]:
        return {row["key"] or f"{row['kind']} {row['id']}": row["state"] for row in await self.rows()}

    async def change(self) -> int:
        """A row of history for rows of the outbox to have come from."""
        async with self.transaction() as session:
            change = Change(field="date", happened_at=self.clock(), recorded_at=self.clock())
            session.add(change)
            await session.flush()
            return change.id

    async def lease_ends(self) -> None:
        """As if the time of every lease had run out."""
        async with self.database.plainly() as connection:
            await connection.execute(text("UPDATE lane SET next_at = :then, held_until = :then"), {"then": NOW - timedelta(days=9)})

    def calls(self, method: str) -> list[Any]:
        return [call for call in self.slack.calls if call.method == method]


@asynccontextmanager
async def a_world(database: Database, clock: Callable[[], datetime], **how: Any) -> AsyncIterator[World]:
    await two_workspaces(database)
    slack = await company()
    links = Links(database, slack.api_url, timeout=how.pop("timeout", 2))
    for workspace in (1, 2):
        links.give(workspace, links.under(slack.bot_token))
    options: dict[str, Any] = {"subscribers": {}, "effects": {}, "channel_gap": 0.0, "lease": 3.0, **how}
    outbox = Outbox(database, links, clock=clock, **options)
    outbox.deps = Deps(Settings(), database, outbox, links.own, together(()), clock)
    try:
        yield World(database, slack, outbox, clock)
    finally:
        await outbox.stop(2)
        await links.close()
        await slack.stop()
