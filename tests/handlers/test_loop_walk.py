"""A walk in random order through everything that decides who is told, with lost replies: each reporter hears exactly what is due."""

import random
from collections import Counter
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from models import Feedback, Item
from tests.handlers.loop_steps import LOG
from tests.handlers.release_steps import press
from tests.world import World

PEOPLE = ("U_PM", "U_LEAD", "U_MOB", "U_SALES")
RELEASES = ("Billing revamp", "Kite", "Comet")
WORK = ("Refunds", "Exports")
STEPS = 50


@dataclass
class Piece:
    """What the walk expects of one piece. `first` is the number of the one that counts for it."""

    number: int
    ts: str
    people: list[str]
    release: str | None = None
    work: str | None = None
    first: int | None = None


@dataclass
class Expected:
    """The same rules once more, in the fewest words."""

    pieces: dict[int, Piece] = field(default_factory=dict)
    work: dict[str, str | None] = field(default_factory=lambda: dict.fromkeys(WORK))
    out: set[str] = field(default_factory=set)
    believes: dict[tuple[str, str], bool] = field(default_factory=dict)
    heard: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def head(self, number: int) -> Piece:
        piece = self.pieces[number]
        return self.pieces[piece.first] if piece.first else piece

    def members(self, number: int) -> list[Piece]:
        return [piece for piece in self.pieces.values() if piece.first == number]

    def settle(self) -> None:
        """What everybody hears now."""
        for piece in self.pieces.values():
            piece.release = self.work[piece.work] if piece.work else piece.release
        for release in RELEASES:
            asked = {who for piece in self.pieces.values() if self.head(piece.number).release == release for who in piece.people}
            for who in PEOPLE:
                if release in self.out and who in asked and not self.believes.get((who, release)):
                    self.believes[who, release] = True
                    self.heard[who, release, "It is out"] += 1
                elif release not in self.out and self.believes.get((who, release)):
                    self.believes[who, release] = False
                    self.heard[who, release, "Correction"] += 1


class Walk:
    def __init__(self, world: World, seed: int) -> None:
        self.world, self.draw, self.expected = world, random.Random(seed), Expected()

    async def step(self) -> str:
        acts = [*[self.log, self.link, self.link_to_work, self.move_work, self.merge, self.not_solved] * 2]
        acts += [self.separate, self.move_work, self.ship, self.ship, self.roll_back]
        did = await self.draw.choice(acts)()
        if self.draw.random() < 0.1:
            fault = self.draw.choice([{"reset": "after"}, {"reset": "before"}, {"status": 500}, {"status": 429, "retry_after": 1}])
            self.world.slack.faults.add("chat.postMessage", **fault)
            did += f", and {fault}"
        await self.world.settle()
        await self.world.advance(minutes=6)
        self.expected.settle()
        return did

    def _any(self) -> Piece | None:
        return self.draw.choice(list(self.expected.pieces.values())) if self.expected.pieces else None

    async def _types(self, words: str, command: str = "/customer-feedback") -> str:
        reply = await self.world.as_("U_OPS").command("C_WEEKLY", command, words)
        return f"{command} {words} -> {reply.text[:80]}"

    async def log(self) -> str:
        """A new message, or one that somebody brought already."""
        person, known = self.world.as_(self.draw.choice(PEOPLE)), self._any() if self.draw.random() < 0.3 else None
        ts = known.ts if known else (await person.say("C_WEEKLY", f"{random.Random(len(self.expected.pieces)).random()} please")).ts
        await person.shortcut(LOG, channel="C_WEEKLY", ts=ts)
        await self.world.settle()
        await person.submit({"Customer": "Acme"})
        if known is None:
            number = len(self.expected.pieces) + 1
            self.expected.pieces[number] = Piece(number, ts, [person.id])
        elif person.id not in known.people:
            known.people.append(person.id)
        return f"{person.id} logs {ts}"

    async def link(self) -> str:
        piece, release = self._any(), self.draw.choice(RELEASES)
        if piece is None:
            return "nothing to link"
        head = self.expected.head(piece.number)
        head.release, head.work = release, None
        return await self._types(f"link F-{piece.number} to {release}")

    async def link_to_work(self) -> str:
        piece, work = self._any(), self.draw.choice(WORK)
        if piece is None:
            return "nothing to link to work"
        self.expected.head(piece.number).work = work
        return await self._types(f"link F-{piece.number} to {work}")

    async def move_work(self) -> str:
        """Into another release that is not out; or out of the one that has it, where that is not. Sometimes that is undone."""
        work = self.draw.choice(WORK)
        was = self.expected.work[work]
        may: list[str | None] = [each for each in RELEASES if each not in self.expected.out and each != was]
        may += [None] * bool(was and was not in self.expected.out)
        if not may:
            return f"{work} stays"
        release = self.draw.choice(may)
        told = f"add {work} to {release}" if release else f"take {work} out of {was}"
        olga = self.world.as_("U_OPS")
        reply = await olga.command("C_WEEKLY", "/release", f"{told} because plans change")
        if self.draw.random() < 0.2:
            await self.world.settle()
            await press(olga, reply, "Undo")
            return f"{told}, undone"
        self.expected.work[work] = release
        return f"{told} -> {reply.text[:80]}"

    async def merge(self) -> str:
        one, other = self._any(), self._any()
        if one is None or other is None:
            return "nothing to merge"
        head = self.expected.head(other.number)
        if one.number != other.number and other.first != one.number and one.first != head.number and one is not head:
            if one.first is None and head.release is None and head.work is None:
                head.release, head.work = one.release, one.work
            for each in (*self.expected.members(one.number), one):
                each.first = head.number
        return await self._types(f"merge F-{one.number} into F-{other.number}")

    async def separate(self) -> str:
        piece = self._any()
        if piece is None:
            return "nothing to separate"
        if piece.first:
            piece.first = None
            return await self._types(f"separate F-{piece.number}")
        return "it stands alone"

    async def ship(self) -> str:
        release = self.draw.choice(RELEASES)
        self.expected.out.add(release)
        return await self._types(f"ship {release}", "/release")

    async def roll_back(self) -> str:
        release = self.draw.choice(RELEASES)
        self.expected.out.discard(release)
        return await self._types(f"rollback {release} because it broke", "/release")

    async def not_solved(self) -> str:
        """Somebody with one piece for what is out says so, on the message that told it."""
        told = [pair for pair, believes in self.expected.believes.items() if believes and pair[1] in self.expected.out]
        for who, release in self.draw.sample(told, len(told)):
            theirs = [p for p in self.expected.pieces.values() if who in p.people and self.expected.head(p.number).release == release]
            message = self._told_by(who, release)
            if len(theirs) != 1 or message is None:
                continue
            (piece,) = theirs
            members = self.expected.members(piece.number)
            if members:
                heir = min(members, key=lambda each: each.number)
                heir.first, heir.release, heir.work = None, piece.release, piece.work
                for each in members:
                    each.first = None if each is heir else heir.number
            piece.first, piece.release, piece.work = None, None, None
            await press(self.world.as_(who), message, "Not solved")
            await self.world.as_(who).submit({})
            return f"{who}: {release} does not solve F-{piece.number}"
        return "nobody to say that it is not solved"

    def _told_by(self, who: str, release: str) -> object | None:
        threads = [m for piece in self.expected.pieces.values() for m in self.world.as_(who).thread("C_WEEKLY", piece.ts)]
        found = [m for m in threads if m.text.startswith(f"It is out: {release}") and f"<@{who}>" in m.text]
        return found[-1] if found else None

    def heard(self) -> Counter[tuple[str, str, str]]:
        """What stands in Slack: every message that reached somebody, in a thread or privately."""
        said: Counter[tuple[str, str, str]] = Counter()
        threads = [m.text for piece in self.expected.pieces.values() for m in self.world.as_("U_PM").thread("C_WEEKLY", piece.ts)[1:]]
        for who in PEOPLE:
            private = [message.text for message in self.world.as_(who).dms()]
            for text in (*(text for text in threads if f"<@{who}>" in text), *private):
                for release in RELEASES:
                    for what in ("It is out", "Correction"):
                        said[who, release, what] += text.startswith(f"{what}: {release}")
        return +said


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 20))])
async def test_every_reporter_is_told_exactly_what_is_due(world: World, seed: int) -> None:
    for release in RELEASES:
        await world.release(release, "2027-03-05", owner="U_OPS")
    async with world.transaction() as session:
        session.add_all(Item(title=work, source="sheet") for work in WORK)
    walk, done = Walk(world, seed), []
    for _ in range(STEPS):
        done.append(await walk.step())
        assert walk.heard() == +walk.expected.heard, "\n".join(done)
    async with world.reading() as session:
        rows = {row.number: row for row in await session.scalars(select(Feedback).order_by(Feedback.number))}
    numbers = {row.id: number for number, row in rows.items()}
    assert {number: numbers.get(row.same_as_id) for number, row in rows.items()} == {
        p.number: p.first for p in walk.expected.pieces.values()
    }
