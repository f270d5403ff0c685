"""The menu, the Home page, and the queue's health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot import blockkit as kit
from bot.answers import Block, Message, View

HOME = "tendon:home"
CHOOSE_HOME = "tendon:choose_home"
RETRY = "tendon:retry"
HEALTH = "tendon:health"


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing the bot does, with the button that opens it."""

    label: str
    action_id: str
    says: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A command as the help lists it, with its verbs."""

    name: str
    says: str
    verbs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Unsent:
    """What could not be sent: what it was, where to, why, and what helps."""

    id: int
    what: str
    where: str
    reason: str
    cure: str
    at: datetime


def menu(entries: Sequence[Entry], above: Sequence[Block] = ()) -> Message:
    text = "\n".join(["What would you like to do?", *(f"{entry.label}: {entry.says}" for entry in entries)])
    return Message(text, [*above, kit.section("*What would you like to do?*"), *_entries(entries)])


def commands(listed: Sequence[Listed]) -> Message:
    """Every command on one page; its own help explains each."""
    lines = [f"{one.name}: {one.says} {', '.join(one.verbs)}" for one in listed]
    blocks = [kit.section(f"`{one.name}`  {kit.safe(one.says)}\n{kit.safe(' · '.join(one.verbs))}") for one in listed]
    last = "Say `help` after any of them for examples."
    return Message("\n".join([*lines, last]), [*blocks, kit.context(last)])


def home_form(channel: str | None, origin: Mapping[str, str]) -> View:
    """`channel` is what it is now."""
    hint = "What no team has a channel for is asked there: escalations to be routed, and what outsiders must not read elsewhere."
    picked = kit.ask_channel("channel", "Home channel", channel, hint=hint)
    return kit.modal("Home channel", [picked], callback_id=HOME, submit="Save", metadata=origin)


def _entries(entries: Sequence[Entry]) -> list[Block]:
    return [
        kit.section(f"*{kit.name(entry.label)}*\n{kit.safe(entry.says)}", accessory=kit.button("Open", entry.action_id, about=entry.label))
        for entry in entries
    ]


def home(
    above: Sequence[Block], needed: Sequence[Block], parts: Sequence[Block], entries: Sequence[Entry], as_of: datetime, zone: str
) -> View:
    """What keeps Tendon itself from working, what needs the reader, then theirs, then everything that can be done."""
    count = sum(block["type"] == "section" for block in needed)
    says = f"{count} thing{' needs' if count == 1 else 's need'} you." if count else "Nothing needs you."
    first = [kit.section(f"*{says}*"), *needed]
    return kit.home(
        [
            kit.header("Tendon"),
            *([*above, kit.divider()] if above else []),
            *first,
            kit.divider(),
            *([*parts, kit.divider()] if parts else []),
            *_entries(entries),
            kit.context(f"As of {kit.instant(as_of, zone)} · only you see this page · `/tendon help` lists the commands"),
        ]
    )


def health(waiting: int, dead: int, rows: Sequence[Unsent], zone: str) -> Message:
    """A line for the queue, and two for each thing that could not be sent."""
    line = f"{_count(waiting)} on the way. " if waiting else "Nothing is waiting to be sent. "
    line += f"{_count(dead)} could not be sent." if dead else "Everything was sent."
    blocks = [kit.section(f"*{line}*"), *(_unsent(row, zone) for row in rows)]
    if dead > len(rows):
        blocks.append(kit.context(f"Showing {len(rows)} of {dead}."))
    text = "\n".join([line, *(f"{row.what} to {row.where}: {row.reason}. {row.cure}" for row in rows)])
    return Message(text, blocks)


def _unsent(row: Unsent, zone: str) -> Block:
    what = f"{kit.safe(row.what)} to {row.where}, {kit.instant(row.at, zone)}"
    why = f"{kit.safe(kit.cut(row.reason, 200))}. {kit.safe(row.cure)}"
    return kit.section(f"{what}\n{why}", accessory=kit.button("Try again", f"{RETRY}:{row.id}", str(row.id), about=row.what))


def _count(number: int) -> str:
    return f"{number} message{'' if number == 1 else 's'}"
