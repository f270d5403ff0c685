"""A company at work for weeks while its bot is killed again and again: people do things, try again where nobody answered, and remember
what they were promised. Afterwards each of them says what must have come of it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.database import Database
from models import Follow
from models.history import create_release
from models.team import Team
from playground import LocalSlack, Message, NotThere
from playground.people import Actor, Reply
from tests.bot.killed import key_of, rows
from tests.bot.machine import until
from tests.handlers.plan_steps import give
from tests.handlers.release_rows import buttons, said
from tests.handlers.saying_steps import GROUP
from tests.world import introduce

MONDAY = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
OWNERS = [f"U_Q{n}" for n in range(6)]
SELLERS = ["U_SALES", "U_S1", "U_S2"]
PATIENCE = 180.0  # a busy machine


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

    async def insist(self, act: Callable[[], Awaitable[Any]]) -> Reply:
        """As people do where the bot did not answer, or a menu stayed empty: once more."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(NotThere):
                    reply: Reply = await act()
                    if reply.status == 200:
                        return reply
                await asyncio.sleep(0.1)

    async def types(self, person: str, words: str, channel: str = "C_WEEKLY") -> Reply:
        return await self.insist(lambda: self.as_(person).command(channel, "/release", words))

    async def presses(self, person: str, message: Message, label: str) -> Reply:
        return await self.insist(lambda: self.as_(person).press(message, buttons(message.blocks)[label]))

    async def opens(self, person: str, act: Callable[[], Awaitable[Any]], field: str) -> None:
        """Until the form with that field is there: a bot that went between its answer and its form leaves none."""
        who = self.as_(person)
        async with asyncio.timeout(PATIENCE):
            while not (who.view and field in str(who.view["blocks"])):
                if who.view:
                    await who.close(everything=True)
                await self.insist(act)

    async def submits(self, person: str, fields: dict[str, Any] | None = None) -> Reply:
        return await self.insist(lambda: self.as_(person).submit(fields))

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
        for week in range(weeks):
            for manner in Moves.MANNERS:
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


class Week:
    """What is done in one week, and what must be true of it in the end."""

    def __init__(self, office: Company, number: int) -> None:
        self.office, self.number = office, number

    async def begins(self) -> None:
        """What people do at once."""

    async def goes_on(self) -> None:
        """After the time in which things can be undone."""

    async def thursday(self) -> None:
        """At ten, where the owners are."""

    async def holds(self) -> None:
        """Looked at when all is over."""


class Moves(Week):
    """Somebody else moves Pia's releases: she is told at once, a follower later, or at once, or never, and hears when it is taken back."""

    MANNERS = ("stays", "now", "undone", "corrected")

    async def begins(self) -> None:
        await asyncio.gather(*(self._move(manner) for manner in self.MANNERS))

    def name(self, manner: str) -> str:
        return f"Kite {manner} {self.number}"

    async def _move(self, manner: str) -> None:
        office, name = self.office, self.name(manner)
        reply = await office.types("U_LEAD", f"move {name} to 2027-12-10 because vendor late", "C_PAY")
        notice = await office.hears("U_PM", f"{name} moves")
        if manner == "undone":
            await office.presses("U_PM", notice, "Undo")
        if manner == "now" and "Tell them now" in buttons(reply.blocks):
            await office.presses("U_LEAD", reply.message, "Tell them now")  # type: ignore[arg-type]
            await office.hears("U_MOB", name)

    async def goes_on(self) -> None:
        await self.office.hears("U_MOB", self.name("corrected"))
        (notice,) = self.office.dms("U_PM", self.name("corrected"))
        await self.office.presses("U_PM", notice, "Undo")
        await self.office.hears("U_MOB", self.name("corrected"), 2)

    async def holds(self) -> None:
        wanted = {"stays": (1, 1), "now": (1, 1), "undone": (1, 0), "corrected": (1, 2)}
        told = {m: tuple(len(self.office.dms(person, self.name(m))) for person in ("U_PM", "U_MOB")) for m in self.MANNERS}
        assert told == wanted
        query = "SELECT target_on FROM release WHERE name = :name"
        days = {m: str((await self.office.stands(query, name=self.name(m)))[0][0]) for m in self.MANNERS}
        moved, back = "2027-12-10", "2027-12-01"
        assert days == {"stays": moved, "now": moved, "undone": back, "corrected": back}


class Import(Week):
    """A plan from a file: fetched, looked at, imported, and every second time taken back."""

    def names(self) -> list[str]:
        return [f"Bulk {self.number} {row}" for row in range(12)]

    async def begins(self) -> None:
        office, who = self.office, self.office.as_("U_OPS")
        sheet = "Release;Date\n" + "".join(f"{name};2028-02-{row + 1:02}\n" for row, name in enumerate(self.names()))
        await office.opens("U_OPS", lambda: who.command("C_WEEKLY", "/release", "import"), "Files")
        await office.submits("U_OPS", {"Files": [give(office, "U_OPS", f"plan{self.number}.csv", sheet.encode())]})
        await until(lambda: who.view and "12 rows: 12 ready" in str(said(who.view["blocks"])), PATIENCE)
        before = len(office.dms("U_OPS", "The import "))
        await office.submits("U_OPS")
        done = await office.hears("U_OPS", "The import ", before + 1)
        if self.number % 2 == 0:
            await office.insist(lambda: who.press(done, "plans:undo"))
            await until(lambda: "was taken back: 12 releases" in done.text, PATIENCE)

    async def holds(self) -> None:
        like = f"Bulk {self.number} %"
        stands = [row[0] for row in await self.office.stands("SELECT name FROM release WHERE is_open AND name LIKE :like", like=like)]
        assert sorted(stands) == ([] if self.number % 2 == 0 else sorted(self.names()))


class Words(Week):
    """What customers may be told is set; and who answers for it is asked once, however many ask."""

    async def begins(self) -> None:
        office, quiet = self.office, f"Quiet {self.number}"
        await office.types("U_PLAT", f'say Ship {self.number} "Planned for {self.number}."')
        await asyncio.gather(*(self._ask(person, quiet) for person in SELLERS))
        await office.hears("U_OPS", f"{quiet}: what may customers be told?")

    async def _ask(self, person: str, name: str) -> None:
        card = await self.office.types(person, name)
        assert card.message
        await self.office.presses(person, card.message, "Ask the owner")

    async def holds(self) -> None:
        assert len(self.office.dms("U_OPS", f"Quiet {self.number}: what may customers be told?")) == 1
        words = await self.office.stands("SELECT words FROM saying WHERE words = :words", words=f"Planned for {self.number}.")
        assert len(words) == 1


class Files(Week):
    """Slides, a table and a calendar are asked for; each comes as often as that was taken down."""

    async def begins(self) -> None:
        before = len(self.files())
        await self.office.types("U_PLAT", "deck")
        await self.office.types("U_PLAT", "calendar")
        report = await self.office.types("U_PLAT", "report last month")
        assert report.message
        await self.office.presses("U_PLAT", report.message, "As a CSV file")
        await until(lambda: len(self.files()) >= before + 3, PATIENCE)

    def files(self) -> list[str]:
        return [file for message in self.office.as_("U_PLAT").dms() for file in message.files]

    async def holds(self) -> None:
        promised = await self.office.stands("SELECT key FROM outbox WHERE kind = 'reports:file'")
        assert len(self.files()) == len(promised) > 0


class Loop(Week):
    """Who brought a customer's words hears in its thread when the release ships."""

    async def begins(self) -> None:
        office, sam = self.office, self.office.as_("U_SALES")
        self.said = await sam.say("C_WEEKLY", f"Acme waits for Ship {self.number}")
        await office.opens("U_SALES", lambda: sam.shortcut("feedback:log", channel="C_WEEKLY", ts=self.said.ts), "Customer")
        await office.submits("U_SALES", {"Customer": "Acme", "Release": f"Ship {self.number}"})
        await until(lambda: self.thread(), PATIENCE)
        await office.types("U_PLAT", f"ship Ship {self.number}")

    async def goes_on(self) -> None:
        await until(lambda: len(self.thread()) == 2, PATIENCE)

    def thread(self) -> list[str]:
        return [message.text for message in self.office.as_("U_SALES").thread("C_WEEKLY", self.said.ts)[1:]]

    async def holds(self) -> None:
        assert [words.split(":")[0].split(" as ")[0] for words in self.thread()] == ["Logged", "It is out"]


class Leaver(Week):
    """Somebody leaves; what was theirs is the lead's, who is told once."""

    async def begins(self) -> None:
        await self.office.slack.change_member(f"U_GO{self.number}", deleted=True)

    async def holds(self) -> None:
        assert len(self.office.dms("U_LEAD", f"Gone {self.number} has left")) == 1
        query = "SELECT owner FROM release WHERE name = :name"
        assert (await self.office.stands(query, name=f"Gone {self.number}"))[0][0] == "U_LEAD"


class Question(Week):
    """Every owner is asked on Thursday and answers, but for one who is reminded on Friday."""

    async def thursday(self) -> None:
        await asyncio.gather(*(self._answer(person) for person in OWNERS[1:]))
        await until(lambda: len(self.asked(OWNERS[0])) > self.number, PATIENCE)

    def asked(self, person: str) -> list[Message]:
        """The questions of each week, without reminders."""
        keys = [(message, str(key_of(message)).split(":")) for message in self.office.as_(person).dms()]
        return [message for message, key in keys if key[0] == "checkin" and len(key) == 3]

    async def _answer(self, person: str) -> None:
        await until(lambda: len(self.asked(person)) > self.number, PATIENCE)
        message = self.asked(person)[-1]
        await self.office.presses(person, message, "All still right")
        await until(lambda: "All still right" not in buttons(message.blocks), PATIENCE)

    async def holds(self) -> None:
        weeks = self.number + 1
        assert {person: len(self.asked(person)) >= weeks for person in OWNERS} == dict.fromkeys(OWNERS, True)
        confirmed = await self.office.stands(
            "SELECT r.name, count(*) AS times FROM change c JOIN release r ON r.id = c.release_id "
            "WHERE c.field = 'confirmed' AND r.name LIKE 'U_Q%' GROUP BY r.name"
        )
        asked = len(self.asked(OWNERS[1]))
        assert {row.name: row.times for row in confirmed} == {f"{who} {each}": asked for who in OWNERS[1:] for each in ("first", "second")}


WORK: tuple[type[Week], ...] = (Moves, Import, Words, Files, Loop, Leaver, Question)


async def a_week(office: Company, number: int) -> list[Week]:
    """From Monday to Friday after lunch."""
    work = [each(office, number) for each in WORK]
    monday = MONDAY + timedelta(weeks=number)
    office.move_to(monday)
    await asyncio.gather(*(each.begins() for each in work))
    office.advance(minutes=6)
    await asyncio.gather(*(each.goes_on() for each in work))
    office.move_to(datetime.combine(monday.date() + timedelta(days=3), time(9, 0, 30), UTC))
    await asyncio.gather(*(each.thursday() for each in work))
    office.move_to(datetime.combine(monday.date() + timedelta(days=4), time(11, 0, 30), UTC))
    await office.quiet()
    return work
