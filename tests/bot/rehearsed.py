"""What is done in a week of the rehearsal, and what must be true of it in the end: one class for each promise."""

import asyncio
from datetime import UTC, datetime, time, timedelta

from playground import Message
from tests.bot.killed import key_of
from tests.bot.machine import until
from tests.bot.rehearsal import HELD, MANNERS, MONDAY, OWNERS, PATIENCE, SELLERS, Company
from tests.handlers.plan_steps import give
from tests.handlers.release_rows import buttons, said


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

    async def comes_in(self, taken_back: str) -> None:
        """Olga presses *Import*, and every second week *Undo import*."""
        office = self.office
        before = len(office.dms("U_OPS", "The import "))
        await office.submits("U_OPS", None, lambda: len(office.dms("U_OPS", "The import ")) > before)
        done = await office.hears("U_OPS", "The import ", before + 1)
        if self.number % 2 == 0:
            await office.presses("U_OPS", done, "Undo import", lambda: taken_back in done.text)


class Moves(Week):
    """Somebody else moves Pia's releases: she is told at once, a follower later, or at once, or never, and hears when it is taken back."""

    async def begins(self) -> None:
        await asyncio.gather(*(self._move(manner) for manner in MANNERS))

    def name(self, manner: str) -> str:
        return f"Kite {manner} {self.number}"

    async def _move(self, manner: str) -> None:
        office, name = self.office, self.name(manner)
        line = f"move {name} to 2027-12-10 because vendor late"
        reply = await office.types("U_LEAD", line, "C_PAY", lambda: office.dms("U_PM", f"{name} moves"))
        (notice,) = office.dms("U_PM", f"{name} moves")
        if manner == "undone":
            await office.presses("U_PM", notice, "Undo", lambda: "Taken back" in notice.text)
        if manner == "now" and "Tell them now" in buttons(reply.blocks):
            await office.presses("U_LEAD", reply.message, "Tell them now", lambda: office.dms("U_MOB", name))  # type: ignore[arg-type]

    async def goes_on(self) -> None:
        await self.office.hears("U_MOB", self.name("corrected"))
        (notice,) = self.office.dms("U_PM", self.name("corrected"))
        await self.office.presses("U_PM", notice, "Undo", lambda: len(self.office.dms("U_MOB", self.name("corrected"))) == 2)

    async def holds(self) -> None:
        wanted = {"stays": (1, 1), "now": (1, 1), "undone": (1, 0), "corrected": (1, 2)}
        told = {m: tuple(len(self.office.dms(person, self.name(m))) for person in ("U_PM", "U_MOB")) for m in MANNERS}
        assert told == wanted
        query = "SELECT target_on FROM release WHERE name = :name"
        days = {m: str((await self.office.stands(query, name=self.name(m)))[0][0]) for m in MANNERS}
        moved, back = "2027-12-10", "2027-12-01"
        assert days == {"stays": moved, "now": moved, "undone": back, "corrected": back}


class Gathered(Week):
    """Three changes in what Pia follows, who chose nothing: one comes on Monday, the others together on the next day that is looked at."""

    async def begins(self) -> None:
        lines = (f"health Held {letter} {self.number} amber because API late" for letter in HELD)
        await asyncio.gather(*(self.office.types("U_PLAT", line) for line in lines))

    async def goes_on(self) -> None:
        await until(self.heard, PATIENCE)

    async def thursday(self) -> None:
        await until(lambda: len(self.heard()) == 2, PATIENCE)

    def heard(self) -> list[str]:
        return [message.text for message in self.office.dms("U_PM", "Held ")[2 * self.number :]]

    async def holds(self) -> None:
        first, second = self.heard()[:2]
        named = {letter: (f"Held {letter} {self.number} is" in first, f"Held {letter} {self.number} is" in second) for letter in HELD}
        assert sorted(named.values()) == [(False, True), (False, True), (True, False)]
        assert len(self.office.dms("U_PM", f" {self.number} is Amber")) == 2


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
        await self.comes_in("was taken back: 12 releases")

    async def holds(self) -> None:
        like = f"Bulk {self.number} %"
        stands = [row[0] for row in await self.office.stands("SELECT name FROM release WHERE is_open AND name LIKE :like", like=like)]
        assert sorted(stands) == ([] if self.number % 2 == 0 else sorted(self.names()))


class Sheets(Week):
    """Customers, and answers to a survey, are pasted and brought in, and every second time taken back."""

    async def goes_on(self) -> None:
        days = [f"2026-10-{row + 1:02}" for row in range(9)]
        await self._bring("/customer", "Customer;Value\n" + "".join(f"Bought {self.number} {day};100\n" for day in days))
        await self._bring("/nps", "Date;Score;Comment\n" + "".join(f"{day};9;Bought {self.number} {day}\n" for day in days))

    async def _bring(self, command: str, cells: str) -> None:
        office, who = self.office, self.office.as_("U_OPS")
        await office.opens("U_OPS", lambda: who.command("C_WEEKLY", command, "import"), "cells:0")
        await office.submits("U_OPS", {"cells:0": cells}, lambda: "9 rows: 9 ready" in str(said((who.view or {"blocks": []})["blocks"])))
        await self.comes_in("was taken back: 9 ")

    async def holds(self) -> None:
        like, wanted = f"Bought {self.number} %", 0 if self.number % 2 == 0 else 9
        customers = await self.office.stands("SELECT name FROM customer WHERE name LIKE :like", like=like)
        answers = await self.office.stands("SELECT comment FROM nps_answer WHERE removed_at IS NULL AND comment LIKE :like", like=like)
        assert (len(customers), len(answers)) == (wanted, wanted)


class Words(Week):
    """What customers may be told is set; and who answers for it is asked once, however many ask."""

    async def begins(self) -> None:
        office, quiet = self.office, f"Quiet {self.number}"
        await office.types("U_PLAT", f'say Ship {self.number} "Planned for {self.number}."')
        await asyncio.gather(*(self._ask(person, quiet) for person in SELLERS))

    async def _ask(self, person: str, name: str) -> None:
        card = await self.office.types(person, name)
        assert card.message
        asked = f"{name}: what may customers be told?"
        await self.office.presses(person, card.message, "Ask the owner", lambda: self.office.dms("U_OPS", asked))

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
        await self.office.presses("U_PLAT", report.message, "As a CSV file", lambda: len(self.files()) >= before + 3)

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
        await office.insist(lambda: sam.press(sam.view, "feedback:more"), lambda: "'Release'" in str(sam.view))  # type: ignore[arg-type]
        await office.submits("U_SALES", {"Customer": "Acme", "Release": f"Ship {self.number}"}, self.thread)
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
        await self.office.presses(person, message, "All still right", lambda: "All still right" not in buttons(message.blocks))

    async def holds(self) -> None:
        weeks = self.number + 1
        assert {person: len(self.asked(person)) >= weeks for person in OWNERS} == dict.fromkeys(OWNERS, True)
        confirmed = await self.office.stands(
            "SELECT r.name, count(*) AS times FROM change c JOIN release r ON r.id = c.release_id "
            "WHERE c.field = 'confirmed' AND r.name LIKE 'U_Q%' GROUP BY r.name"
        )
        asked = len(self.asked(OWNERS[1]))
        assert {row.name: row.times for row in confirmed} == {f"{who} {each}": asked for who in OWNERS[1:] for each in ("first", "second")}


WORK: tuple[type[Week], ...] = (Moves, Gathered, Import, Sheets, Words, Files, Loop, Leaver, Question)


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
