"""One customer on one card: who they are, what they asked, what became of it, and what they were told. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.money import say_amount
from domain.nps import band
from domain.phrases import say_count, say_day
from handlers.customers import views

PIECES = 5
FEW = 6


@dataclass(frozen=True, slots=True)
class Piece:
    number: int
    words: str
    type: str
    on: date
    release: str = ""


@dataclass(frozen=True, slots=True)
class Awaits:
    """A release that they wait for, in the words of its reader: a date inside the house, or what customers may be told."""

    name: str
    says: str


@dataclass(frozen=True, slots=True)
class Raised:
    number: int
    summary: str
    state: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """`comment` only for those who may read it beside the customer's name."""

    score: int
    on: date
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    release: str
    what: str
    on: date
    people: int


@dataclass(frozen=True, slots=True)
class Card:
    """A customer as one reader may see them."""

    id: int
    name: str
    tier: str = ""
    value: int | None = None
    owner: str = ""
    region: str = ""
    also: Sequence[str] = ()
    total: int = 0
    since: date | None = None
    start: int = 0
    pieces: Sequence[Piece] = ()
    shipped: Sequence[tuple[str, date]] = ()
    waits: Sequence[Awaits] = ()
    raised: Sequence[Raised] = ()
    scores: Sequence[Scored] = ()
    heard: Sequence[Heard] = field(default_factory=tuple)
    is_outside: bool = False
    now: datetime | None = None

    @property
    def about(self) -> str:
        """Who they are, in one line."""
        value = say_amount(self.value) if self.value is not None else "value not known"
        owner = f"account owner {self.owner}" if self.owner else "no account owner"
        return " · ".join(filter(None, (self.tier, value, self.region, owner)))

    @property
    def says(self) -> str:
        """What stands first: how much they asked, and what became of it."""
        if not self.total:
            return "nothing asked so far that you may read"
        asked = say_count(self.total, "piece of feedback", "pieces of feedback")
        since = f" since {say_day(self.since)}" if self.since else ""
        return f"{asked}{since}, {len(self.shipped):,} shipped for them, {len(self.waits):,} awaited"


def card(shown: Card, note: str = "") -> Message:
    first = f"{kit.name(shown.name)}: {shown.says}"
    also = f"\nAlso called {kit.safe(_few(shown.also))}" if shown.also else ""
    blocks: list[Block] = [
        kit.section(f"*{kit.name(shown.name)}*  {kit.safe(shown.about)}\n{shown.says[:1].upper()}{shown.says[1:]}.{also}")
    ]
    blocks += [kit.context(kit.safe(note))] if note else []
    parts = [_asked(shown), *_became(shown), _escalations(shown), _nps(shown), _told(shown)]
    for title, lines in parts:
        if lines:
            blocks.append(kit.section("\n".join([f"*{title}*", *(f"• {kit.safe(line)}" for line in lines)])))
    blocks.append(_buttons(shown))
    blocks.append(kit.context(_footer(shown)))
    listed = [f"{title}: {'; '.join(lines)}" for title, lines in parts if lines]
    text = "\n".join([f"{first}.", *([kit.safe(note)] if note else []), kit.safe(shown.about), *(kit.safe(line) for line in listed)])
    return Message(text[:3900], blocks)


def _asked(shown: Card) -> tuple[str, list[str]]:
    last = shown.start + len(shown.pieces)
    few = f"{shown.start + 1:,} to {last:,} of {shown.total:,}" if len(shown.pieces) < shown.total else f"{shown.total:,}"
    lines = [f"F-{each.number} {kit.cut(each.words, 90)} · {each.type}, {say_day(each.on)}" for each in shown.pieces]
    return f"Asked ({few})", lines


def _became(shown: Card) -> list[tuple[str, list[str]]]:
    shipped = [f"{kit.cut(name)}, out since {say_day(on)}" for name, on in shown.shipped]
    waits = [f"{kit.cut(each.name)}: {kit.cut(each.says, 200)}" for each in shown.waits]
    title = "Wait for, and may be told" if shown.is_outside else "Wait for"
    return [(f"Shipped for them ({len(shipped):,})", _most(shipped)), (f"{title} ({len(waits):,})", _most(waits))]


def _escalations(shown: Card) -> tuple[str, list[str]]:
    is_open = sum(each.is_open for each in shown.raised)
    lines = [f"E-{each.number} {kit.cut(each.summary, 90)} · {each.state}" for each in shown.raised]
    return f"Escalations ({is_open:,} open of {len(lines):,})", _most(lines)


def _nps(shown: Card) -> tuple[str, list[str]]:
    lines = [
        f"{each.score} on {say_day(each.on)}, {band(each.score)}" + (f": {kit.cut(each.comment, 140)}" if each.comment else "")
        for each in shown.scores
    ]
    return f"NPS answers ({len(lines):,})", _most(lines)


def _told(shown: Card) -> tuple[str, list[str]]:
    lines = [
        f"{kit.cut(each.release)} {'was taken back' if each.what == 'taken back' else 'is out'}: {_whom(each)} told on {say_day(each.on)}"
        for each in shown.heard
    ]
    return f"Were told ({len(lines):,})", _most(lines)


def _whom(heard: Heard) -> str:
    if heard.what == "note":
        return "a note to send on,"
    return f"{say_count(heard.people, 'person', 'people')} who brought it"


def _most(lines: list[str]) -> list[str]:
    return [*lines[:FEW], f"and {len(lines) - FEW:,} more"] if len(lines) > FEW else lines


def _few(names: Sequence[str]) -> str:
    shown = [kit.cut(name) for name in names[:4]]
    return ", ".join([*shown, f"{len(names) - 4:,} more"] if len(names) > 4 else shown)


def _buttons(shown: Card) -> Block:
    about, last = kit.cut(shown.name), shown.start + len(shown.pieces)
    turns = [("Newer feedback", shown.start - PIECES)] * bool(shown.start) + [("Older feedback", last)] * (last < shown.total)
    buttons = [
        kit.button(label, f"{views.OLDER}:{label[:5].casefold()}", f"{shown.id}:{max(start, 0)}", about=f"of {about}")
        for label, start in turns
    ]
    buttons.append(kit.button("Edit", views.EDIT, str(shown.id), about=about))
    buttons.append(kit.button("Merge", views.MERGE, str(shown.id), about=about))
    return kit.actions(*buttons)


def _footer(shown: Card) -> str:
    last = "dates inside the house are not for customers" if shown.is_outside else "what was said where you do not read is left out"
    return f"Only you see this · {last}"
