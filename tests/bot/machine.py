"""A bot with the slice of notes beside a local Slack: what the machine room's tests stand on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from bot.app import App
from bot.config import Settings
from playground import Actor, LocalSlack, Message
from tests.bot.notes import a_slice

PEOPLE = ["U1", "U2", "U3"]


def company() -> LocalSlack:
    slack = LocalSlack(seed=7)
    slack.instant = True
    for person in PEOPLE:
        slack.member(person, name=f"Person {person}")
    slack.channel("C1", name="notes", members=PEOPLE)
    slack.channel("C2", name="without", members=PEOPLE, bot=False)
    return slack


def settings(slack: LocalSlack, database_url: str, socket: bool = False) -> Settings:
    return Settings(
        slack_bot_token=slack.bot_token,
        slack_signing_secret="" if socket else slack.signing_secret,
        slack_app_token=slack.app_token if socket else "",
        slack_api_url=slack.api_url,
        database_url=database_url,
        port=0,
    )


@dataclass
class Machine:
    slack: LocalSlack
    app: App

    def as_(self, person: str = "U1") -> Actor:
        return self.slack.as_(person)

    async def note(self, text: str, person: str = "U1", channel: str = "C1") -> Any:
        return await self.as_(person).command(channel, "/note", text)

    async def settle(self) -> None:
        await self.slack.settled()
        await self.app.outbox.drain()
        await self.slack.settled()

    async def notes(self) -> list[str]:
        return await notes(self.app)

    def posted(self, channel: str = "C1") -> list[str]:
        """What stands in the channel for all to see."""
        return [message.text for message in self.as_().sees(channel) if not message.ephemeral_for]

    def whispers(self, channel: str = "C1", person: str = "U1") -> list[str]:
        return [message.plain for message in self.as_(person).sees(channel) if message.ephemeral_for]

    async def buttons(self, channel: str = "C1") -> Message:
        """A message with buttons, for all to see."""
        await self.note("post", channel=channel)
        await self.settle()
        return [message for message in self.as_().sees(channel) if message.text == "Choose"][-1]


async def notes(app: App) -> list[str]:
    async with app.database.reader.connect() as connection:
        return list((await connection.execute(text("SELECT after FROM change WHERE field = 'note' ORDER BY id"))).scalars())


async def claims(app: App) -> list[str]:
    async with app.database.reader.connect() as connection:
        return list((await connection.execute(text("SELECT key FROM inbox ORDER BY id"))).scalars())


@asynccontextmanager
async def serving(slack: LocalSlack, database_url: str, *slices: Any, socket: bool = False, **more: Any) -> AsyncIterator[App]:
    options: dict[str, Any] = {"clock": slack.clock.now, "channel_gap": 0.0, "beat": 0.5, **more}
    app = App(settings(slack, database_url, socket), slices=slices or (a_slice(),), **options)
    try:
        await app.start()
        if not socket:
            slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
        yield app
    finally:
        await app.stop()


@asynccontextmanager
async def a_machine(database_url: str, *slices: Any, **more: Any) -> AsyncIterator[Machine]:
    slack = company()
    await slack.start()
    try:
        async with serving(slack, database_url, *slices, **more) as app:
            yield Machine(slack, app)
    finally:
        await slack.stop()


async def until(claim: Callable[[], Any], patience: float = 15.0) -> None:
    """Wait until a claim holds; it may be a coroutine function."""
    async with asyncio.timeout(patience):
        while True:
            holds = claim()
            if await holds if asyncio.iscoroutine(holds) else holds:
                return
            await asyncio.sleep(0.02)


def real_now() -> datetime:
    return datetime.now(UTC)
