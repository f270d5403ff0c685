"""How a story is told to the workspace: people type, press and talk, the clock jumps on, and the bot does what is due at each stop."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from playground.people import Reply
from playground.state import Json, Message
from playground.workspace import LocalSlack

if TYPE_CHECKING:
    from bot.app import App

ZONE = ZoneInfo("Europe/Berlin")
SATURDAY = 5


class Days:
    """Days around today, so that the story is never old. What happened did so on working days."""

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(ZONE)

    def back(self, working_days: int, at: str = "10:00") -> datetime:
        day = self.now.date()
        for _ in range(working_days):
            day -= timedelta(days=1)
            while day.weekday() >= SATURDAY:
                day -= timedelta(days=1)
        return datetime.combine(day, datetime.strptime(at, "%H:%M").time(), ZONE)  # noqa: DTZ007

    def ahead(self, days: int) -> date:
        """So many days from today, or the working day after; a past day when negative."""
        day = self.now.date() + timedelta(days=days)
        while day.weekday() >= SATURDAY:
            day += timedelta(days=1)
        return day

    def later(self, day: date, working_days: int) -> date:
        """So many working days after a day, or before it when negative."""
        step = timedelta(days=1 if working_days > 0 else -1)
        for _ in range(abs(working_days)):
            day += step
            while day.weekday() >= SATURDAY:
                day += step
        return day

    def last_monday(self, at: str = "09:00") -> datetime:
        """The last Monday at that time that is over."""
        day = self.now.date() - timedelta(days=self.now.weekday())
        found = datetime.combine(day, datetime.strptime(at, "%H:%M").time(), ZONE)  # noqa: DTZ007
        return found if found <= self.now else found - timedelta(days=7)


def said(day: date) -> str:
    """A day as people type it: "5 March 2027"."""
    return f"{day.day} {day:%B %Y}"


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

    def knows(self, command: str) -> bool:
        return command in self.app.deps.slices.commands

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
