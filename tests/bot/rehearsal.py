"""A company at work for weeks while its bot is killed again and again: people do things, try again where nobody answered, and remember
what they were promised. Afterwards each of them says what must have come of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.database import Database
from models import Follow, Hearing
from models.history import create_release
from models.team import Team
from playground import LocalSlack, Message, NotThere
from playground.people import Actor, Reply
from tests.bot.killed import key_of, rows
from tests.bot.machine import until
from tests.handlers.release_rows import buttons
from tests.handlers.saying_steps import GROUP
from tests.world import introduce

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
OWNERS = [f"U_Q{n}" for n in range(6)]
HELD = ("a", "b", "c")
MANNERS = ("stays", "now", "undone", "corrected")
SELLERS = ["U_SALES", "U_S1", "U_S2"]
PATIENCE = 180.0  # a busy machine
NOT_NOW = "in a minute"


class Company:
    """The people, the time, and what stands in the database beside the bot."""

    def __init__(self, slack: LocalSlack, database: Database, ahead: Any) -> None:
        self.slack, self.database, self.ahead = slack, database, ahead

    def as_(self, person: str) -> Actor:
        return self.slack.as_(person)

    def move_to(self, moment: datetime) -> None:
        self.slack.clock.move_to(moment)
        self.ahead.value = (self.slack.clock.now() - datetime.now(UTC)).total_seconds()

    def advance(self, **by: float) -> None:
        self.move_to(self.slack.clock.now() + timedelta(**by))

    async def insist(self, act: Callable[[], Awaitable[Any]], done: Callable[[], Any] | None = None) -> Reply:
        """As people do where the bot did not answer, said that it could not just now, or did not do what it was asked: once more."""
        reply = Reply(0)
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(NotThere, KeyError):  # a menu that stayed empty, or a button that is gone
                    reply = await act()
                if reply.status == 200 and NOT_NOW not in f"{reply.text}{reply.errors}" and (done is None or await self.comes(done)):
                    return reply
                if done and done():
                    return reply
                await asyncio.sleep(0.1)

    async def comes(self, done: Callable[[], Any]) -> bool:
        with suppress(TimeoutError):
            await until(done, 15.0)
            return True
        return False

    async def types(self, person: str, words: str, channel: str = "C_WEEKLY", done: Callable[[], Any] | None = None) -> Reply:
        return await self.insist(lambda: self.as_(person).command(channel, "/release", words), done)

    async def presses(self, person: str, message: Message, label: str, done: Callable[[], Any] | None = None) -> Reply:
        return await self.insist(lambda: self.as_(person).press(message, buttons(message.blocks)[label]), done)

    async def opens(self, person: str, act: Callable[[], Awaitable[Any]], field: str) -> None:
        """Until the form with that field is there: a bot that went between its answer and its form leaves none."""
        who = self.as_(person)
        async with asyncio.timeout(PATIENCE):
            while True:
                if who.view:
                    await who.close(everything=True)  # also one that opened twice, and is of something else
                await self.insist(act)
                if who.view and field in str(who.view["blocks"]):
                    return

    async def submits(self, person: str, fields: dict[str, Any] | None = None, done: Callable[[], Any] | None = None) -> Reply:
        return await self.insist(lambda: self.as_(person).submit(fields), done)

    def dms(self, person: str, words: str) -> list[Message]:
        """What the bot said to a person in these words, but for the weekly question, which names all that is theirs."""
        told = [message for message in self.as_(person).dms() if not str(key_of(message)).startswith("checkin:")]
        return [message for message in told if words in message.text]

    async def hears(self, person: str, words: str, times: int = 1) -> Message:
        await until(lambda: len(self.dms(person, words)) >= times, PATIENCE)
        return self.dms(person, words)[-1]

    async def quiet(self) -> None:
        """Nothing is on its way that may go now."""
        await self.slack.settled()
        waits = "SELECT count(*) FROM outbox WHERE settled_at IS NULL AND (not_before IS NULL OR not_before <= :now)"

        async def is_quiet() -> bool:
            now = self.slack.clock.now()
            at = now.strftime("%Y-%m-%d %H:%M:%S.%f") if self.database.is_sqlite else now
            return bool((await rows(self.database, waits, now=at))[0][0] == 0)

        await until(is_quiet, PATIENCE)

    async def stands(self, query: str, **values: Any) -> list[Any]:
        return await rows(self.database, query, **values)


async def found(slack: LocalSlack, database: Database, ahead: Any, weeks: int) -> Company:
    """A company that the bot knows, with a plan for so many weeks of work."""
    for number, person in enumerate(OWNERS):
        slack.member(person, f"Quinn {number}", zone="Europe/Berlin")
    for person in SELLERS[1:]:
        slack.member(person, f"Seller {person[3:]}")
    slack.state.channels["C_WEEKLY"].members.extend(SELLERS[1:])
    slack.user_group(GROUP, "sales", "Sales and success", [])
    for week in range(weeks):
        slack.member(f"U_GO{week}", f"Gone {week}", zone="Europe/Berlin")
    await introduce(slack, database)
    office = Company(slack, database, ahead)
    office.move_to(MONDAY)
    async with database.transaction(1, clock=slack.clock.now, by="rehearsal") as session:
        team = Team(name="Payments", folded="payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin", created_at=MONDAY)
        session.add(team)
        await session.flush()

        async def release(name: str, owner: str) -> int:
            made = await create_release(session, name, date(2027, 12, 1), team_id=team.id, owner=owner, actor=owner, now=long_ago)
            return made.id

        long_ago = MONDAY - timedelta(days=30)
        for person in OWNERS:
            for which in ("first", "second"):
                await release(f"{person} {which}", person)
        session.add(Hearing(person="U_MOB", level="everything"))
        for week in range(weeks):
            for letter in HELD:
                key = await release(f"Held {letter} {week}", "U_PLAT")
                session.add(Follow(release_id=key, person="U_PM", followed_at=MONDAY))
            for manner in MANNERS:
                key = await release(f"Kite {manner} {week}", "U_PM")
                session.add(Follow(release_id=key, person="U_MOB", followed_at=MONDAY))
            for name, owner in (("Ship", "U_PLAT"), ("Quiet", "U_OPS"), ("Gone", f"U_GO{week}")):
                await release(f"{name} {week}", owner)
    return office


async def say_who_faces_customers(office: Company) -> None:
    olga = office.as_("U_OPS")
    await office.slack.change_group(GROUP, SELLERS)
    await office.quiet()
    await olga.command("C_OPS", "/tendon", "audience")
    await olga.submit({"groups": [GROUP], "channels": []})
    await office.quiet()
