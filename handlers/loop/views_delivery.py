"""The delivery list of a release: who heard that it is out, and who did not. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_list
from handlers.loop.views import numbered

MORE = "loop:more"
PAGE = 12


class State(StrEnum):
    """How it stands with one person, those first who need a look."""

    FAILED = "could not be told"
    SENDING = "is being told"
    OPEN = "not told"
    QUIET = "opted out"
    CORRECTED = "told, and corrected"
    NOTED = "got a note to send on"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Line:
    """One person: their pieces by number, and the channel of the thread where they heard, if they did."""

    name: str
    numbers: Sequence[int]
    state: State
    reason: str = ""
    at: datetime | None = None
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    release_id: int
    release: str
    lines: Sequence[Line]
    is_out: bool
    is_held: bool
    first: int
    zone: str


def listing(shown: Delivery) -> Message:
    name = kit.name(shown.release)
    if not shown.lines:
        return Message(f"{name}: nobody asked for it, by what you may read. `/customer-feedback link F-12 to {name}` says who waits.")
    first = f"{{}}: {_counted(shown.lines)}.{_why_not_yet(shown)}"
    page = shown.lines[shown.first : shown.first + PAGE]
    lines = [_line(line, shown.zone) for line in page]
    left = len(shown.lines) - shown.first - len(page)
    blocks: list[Block] = [kit.section(first.format(f"*{name}*")), kit.section("\n".join(lines))]
    if left > 0:
        blocks.append(kit.actions(kit.button(f"Next {min(left, PAGE)}", MORE, f"{shown.release_id}:{shown.first + PAGE}", about="people")))
    text = [first.format(name), *lines]
    if len(shown.lines) > PAGE:
        blocks.append(kit.context(f"Showing {shown.first + 1:,} to {shown.first + len(page):,} of {len(shown.lines):,}"))
        text.append(f"Showing {shown.first + 1:,} to {shown.first + len(page):,} of {len(shown.lines):,}.")
    return Message("\n".join(text), blocks)


def _counted(lines: Sequence[Line]) -> str:
    counts = Counter(line.state for line in lines)
    return say_list([f"{counts[state]:,} {state}" for state in reversed(State) if counts[state]])


def _why_not_yet(shown: Delivery) -> str:
    if not shown.is_out:
        return " It is not out yet for those who asked."
    return " Telling waits for the announcement." if shown.is_held and any(line.state is State.OPEN for line in shown.lines) else ""


def _line(line: Line, zone: str) -> str:
    said = f"{line.state}: {kit.safe(line.reason)}" if line.reason else str(line.state)
    where = f" in {kit.channel(line.channel)}" if line.channel else " privately" if line.state in (State.TOLD, State.CORRECTED) else ""
    at = f" {kit.instant(line.at, zone)}" if line.at and line.state is not State.FAILED else ""
    whose = f" ({numbered(line.numbers)})" if line.numbers else ""
    return f"{kit.name(line.name)}{whose}: {said}{where}{at}"
