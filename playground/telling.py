"""How a story is told to the workspace: people type, press and talk, the clock jumps on, and the bot does what is due at each stop."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from handlers.releases.importing import bring
from playground.people import Reply
from playground.state import Json, Message
from playground.workspace import LocalSlack

if TYPE_CHECKING:
    from bot.app import App


class Teller:
    """One who lets the people act. It waits for the bot only before time goes on."""

    def __init__(self, slack: LocalSlack, app: "App") -> None:
        self.slack, self.app = slack, app

    @asynccontextmanager
    async def quickly(self) -> AsyncIterator[None]:
        """Without the pace that Slack asks of apps, and back to the present at the end."""
        began, at = time.monotonic(), self.slack.clock.now()
        gap, self.app.outbox.channel_gap, self.slack.instant = self.app.outbox.channel_gap, 0.0, True
        try:
            yield
            await self.jump(at + timedelta(seconds=time.monotonic() - began))
        finally:
            self.app.outbox.channel_gap, self.slack.instant = gap, False

    async def jump(self, moment: datetime) -> None:
        """What was begun is finished, time goes on, and what is due by then happens."""
        await self._settle()
        self.slack.clock.move_to(moment)
        await self.app.clock_moved()
        await self._settle()

    async def _settle(self) -> None:
        await self.slack.settled()
        await self.app.outbox.clock_moved()  # talking takes minutes of the story
        await self.app.outbox.drain()
        await self.slack.settled()

    async def types(self, person: str, channel: str, line: str) -> Reply:
        """A command, as it is typed: "/release ship Billing revamp"."""
        name, _, text = line.partition(" ")
        return await self.slack.as_(person).command(channel, name, text)

    async def fills(self, person: str, fields: Json) -> Reply:
        return await self.slack.as_(person).submit(fields)

    async def says(self, person: str, channel: str, text: str, thread: str | None = None) -> Message:
        self.slack.clock.advance(timedelta(minutes=2))
        return await self.slack.as_(person).say(channel, text, thread)

    async def picks(self, person: str, shortcut: str, message: Message, fields: Json) -> Reply:
        """A shortcut from the menu of a message, and the form that it opens."""
        await self.slack.as_(person).shortcut(shortcut, channel=message.channel, ts=message.ts)
        return await self.fills(person, fields)

    async def imports(self, releases: Path | bytes, items: Path | bytes, history: Path | bytes | None) -> list[str]:
        """Bring a plan in; returns the report."""
        (workspace,) = await self.app.workspaces.all()
        return await bring(self.app.database, workspace.id, releases, items, history, clock=self.slack.clock.now)

    def cards(self, channel: str, words: str = "") -> list[Message]:
        """What the bot posted in a channel for everybody."""
        return [each for each in self.slack.state.channels[channel].history if each.bot and words in each.text]

    def reload(self) -> None:
        """Everybody has read everything, and what only one person saw is gone, as after a reload of Slack."""
        for room in self.slack.state.channels.values():
            for message in [each for each in room.timeline if each.ephemeral_for]:
                room.timeline.remove(message)
                room.by_ts.pop(message.ts, None)
            for member in room.members:
                self.slack.as_(member).mark_read(room.id)
        self.slack.feed.tell("reload")
