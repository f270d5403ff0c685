"""A team's queue: what nobody has looked at, oldest first, each with what can be done about it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_day, working_days
from handlers.triage import ids

PAGE = 3
MOST = 1000  # counted
TAKEN = 3
MOST_TEAMS = 12
NOBODYS = "No team"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece as its reader may see it. `unsolved` names the release that did not solve it, `asked` says when it was asked back."""

    id: int
    number: int
    words: str
    whose: str
    type: str
    area: str
    came_at: datetime
    is_back: bool = False
    unsolved: str = ""
    asked: str = ""
    taken_by: str = ""
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of a team's queue. `total` counts what waits as far as the reader may read it, `oldest` in working days of the team."""

    team_id: int
    team: str
    pieces: Sequence[Piece]
    total: int
    oldest: int
    taken: Sequence[Piece]
    all_taken: int
    days: int
    zone: str
    at: int = 0
    note: str = ""

    @property
    def name(self) -> str:
        return self.team or NOBODYS


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many pieces wait in one team's queue, and for how many working days the oldest."""

    team_id: int
    team: str
    count: int
    oldest: int


def value(team: int, at: int = 0, piece: int = 0) -> str:
    """What a button carries: whose queue, from which place on, and which piece."""
    return f"{team}:{at}:{piece}"


def said_to_wait(count: int, oldest: int) -> str:
    """Says "5 pieces wait for a look, the oldest for 6 working days"."""
    pieces = f"{say_count(count, 'piece')} {'waits' if count == 1 else 'wait'} for a look"
    if count > MOST:
        pieces = f"More than {MOST:,} pieces wait for a look"
    since = f"for {working_days(oldest)}" if oldest else "since today"
    return f"{pieces}, {since}" if count == 1 else f"{pieces}, the oldest {since}"


def queue(shown: Queue) -> Message:
    waits = said_to_wait(shown.total, shown.oldest) if shown.total else "nothing waits for a look"
    last = shown.at + len(shown.pieces)
    page = f" (showing {shown.at + 1:,} to {last:,})" if shown.at or last < shown.total else ""
    blocks: list[Block] = [kit.section(kit.safe(kit.cut(shown.note, 160)))] if shown.note else []
    blocks.append(kit.section(f"*{kit.name(shown.name)}*: {waits}{page}."))
    for each in shown.pieces:
        blocks += _piece(each, shown)
    blocks += _taken(shown)
    blocks += [kit.actions(*_buttons(shown, last)), kit.context(_footer(shown))]
    lines = [f"F-{each.number} {_short(each.whose)}: {kit.name(each.words)}" for each in shown.pieces]
    return Message("\n".join([*([kit.safe(shown.note)] if shown.note else []), f"{kit.name(shown.name)}: {waits}{page}.", *lines]), blocks)


def _piece(each: Piece, shown: Queue) -> list[Block]:
    name, here = f"F-{each.number}", value(shown.team_id, shown.at, each.id)
    about = " · ".join(filter(None, (each.type.capitalize(), _short(each.area), kit.instant(each.came_at, shown.zone))))
    facts = [f"*{name}*  {_short(each.whose)}", about]
    facts += [f"*Not solved* by {_short(each.unsolved) or 'what shipped'}"] * each.is_back
    facts += [kit.safe(each.asked)] if each.asked else []
    move = kit.button("Move", f"{ids.MOVE}:{each.id}", here, about=f"{name} to another team")
    deeds = [
        kit.button("Take", f"{ids.TAKE}:{each.id}", here, about=name),
        kit.button("Link", f"{ids.LINK}:{each.id}", str(each.id), about=name),
        kit.button("Ask back", f"{ids.ASK}:{each.id}", here, about=f"about {name}"),
        kit.button("Decline", f"{ids.DECLINE}:{each.id}", str(each.id), about=name),
    ]
    return [kit.section("\n".join(facts), accessory=move), kit.quote(each.words, 160), kit.actions(*deeds)]


def _short(text: str) -> str:
    """Pieces with all that can be done about them are one message: what surrounds the words is short."""
    return kit.safe(kit.cut(text, 40))


def _taken(shown: Queue) -> list[Block]:
    blocks: list[Block] = []
    for each in shown.taken:
        said = f"*F-{each.number}*  {_short(each.words)}\nTaken by {'you' if each.is_mine else _short(each.taken_by)}"
        back = value(shown.team_id, shown.at, each.id)
        button = (
            kit.button("Give back", f"{ids.GIVE_BACK}:{each.id}", back, about=f"F-{each.number}")
            if each.is_mine
            else kit.button("Open", f"{ids.SHOW}:{each.id}", str(each.id), about=f"F-{each.number}")
        )
        blocks.append(kit.section(said, accessory=button))
    if shown.all_taken > len(shown.taken):
        blocks.append(kit.context(f"{say_count(shown.all_taken - len(shown.taken), 'more')} taken: `/customer-feedback list taken`"))
    return [kit.divider(), *blocks] if blocks and shown.pieces else blocks


def _buttons(shown: Queue, last: int) -> list[Block]:
    buttons = []
    if last < shown.total:
        buttons.append(kit.button(f"Next {min(PAGE, shown.total - last)}", ids.TURN, value(shown.team_id, last), about="pieces"))
    if shown.at:
        buttons.append(kit.button("First page", f"{ids.TURN}:first", value(shown.team_id), about=f"of {shown.name}"))
    return [*buttons, kit.button("Other teams", ids.TEAMS), kit.button("On time?", ids.REPORT, value(shown.team_id), about=shown.name)]


def _footer(shown: Queue) -> str:
    return f"Target: a look within {working_days(shown.days)} · by what you may read · customers' words only"


def choice(teams: Sequence[Waiting], note: str = "") -> Message:
    """Whose queue: those first in which something waits longest."""
    if not teams:
        words = " ".join(
            filter(None, (note, "Nothing waits for a look, by what you may read. `/customer-feedback triage of TEAM` opens one."))
        )
        return Message(kit.safe(words), [kit.section(kit.safe(words))])
    first = note or "Whose queue?"
    blocks: list[Block] = [kit.section(f"*{kit.safe(first)}*")]
    lines = []
    for each in teams[:MOST_TEAMS]:
        said = said_to_wait(each.count, each.oldest)
        name = each.team or NOBODYS
        lines.append(f"{kit.name(name)}: {said}.")
        button = kit.button("Open", f"{ids.OPEN}:{each.team_id}", value(each.team_id), about=f"the queue of {name}")
        blocks.append(kit.section(f"*{kit.name(name)}*\n{said}", accessory=button))
    left = len(teams) - MOST_TEAMS
    if left > 0:
        blocks.append(kit.context(f"{say_count(left, 'more team')}: `/customer-feedback triage of TEAM`"))
    return Message("\n".join([kit.safe(first), *lines]), blocks)


def said_back(at: datetime, zone: str, who: str, question: str) -> str:
    """Says "asked back on Thu 12 Nov 2026 by Paul Lind: “…”"."""
    day = say_day(at.astimezone(ZoneInfo(zone)).date())
    return f"Asked back on {day} by {kit.cut(who, 40)}: “{kit.cut(question, 80)}”"
