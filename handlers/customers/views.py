"""How customers look as a list, in their form, and where one is made of two. Pure; the card is beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.customers import LABELS, LONGEST_NAME, LONGEST_REGION, LONGEST_TIER, NAME, OWNER, REGION, TIER, VALUE, Weights
from domain.money import say_amount
from domain.phrases import say_count, say_list

LIST = "customers:list"
PAGE = "customers:page"
OPEN = "customers:open"
OLDER = "customers:older"
NEW = "customers:new"
EDIT = "customers:edit"
SAVE = "customers:save"
MERGE = "customers:merge"
CHOSEN = "customers:chosen"
JOIN = "customers:join"
SEPARATE = "customers:separate"
WHICH = "customers:which"

ROWS = 12
BY_VALUE, BY_FEEDBACK = "value", "feedback"
ORDERS = {BY_VALUE: "by yearly value", BY_FEEDBACK: "by how much they said"}
_KINDS = {"feedback": ("piece of feedback", "pieces of feedback"), "escalation": ("escalation", None), "nps_answer": ("NPS answer", None)}


@dataclass(frozen=True, slots=True)
class Row:
    """A customer in a list."""

    id: int
    name: str
    tier: str = ""
    value: int | None = None
    region: str = ""
    pieces: int = 0

    @property
    def about(self) -> str:
        value = say_amount(self.value) if self.value is not None else "value not known"
        pieces = say_count(self.pieces, "piece of feedback", "pieces of feedback")
        return " · ".join(filter(None, (value, self.region, pieces)))


@dataclass(frozen=True, slots=True)
class Listing:
    rows: Sequence[Row]
    total: Weights
    order: str = BY_VALUE
    start: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What a form shows of a customer. `owner` is a Slack id."""

    id: int | None = None
    name: str = ""
    tier: str = ""
    value: int | None = None
    owner: str | None = None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Joining:
    """Two customers of whom one stays. `counts` is what moves, by kind, as far as the reader may read it; `filled` what is taken over."""

    gone: int
    stays: int
    gone_name: str
    stays_name: str
    counts: Mapping[str, int]
    filled: Sequence[str] = ()


def listing(shown: Listing) -> Message:
    """Twelve a page; the first line says how many there are and what they pay, never as one figure."""
    buttons = kit.actions(kit.button("New customer", NEW, style="primary"))
    if not shown.total.customers:
        none = "No customers yet. They come with the feedback that names them, with `/customer import`, or here."
        return Message(none, [kit.section(none), buttons])
    last = shown.start + len(shown.rows)
    few = f", showing {shown.start + 1:,} to {last:,}" if len(shown.rows) < shown.total.customers else ""
    first = f"{shown.total.says}, {ORDERS[shown.order]}{few}"
    blocks: list[Block] = [kit.section(f"*{first}*")]
    for row in shown.rows:
        tier = f", {kit.name(row.tier)}" if row.tier else ""
        line = f"*{kit.name(row.name)}*{tier}\n{kit.safe(row.about)}"
        blocks.append(kit.section(line, accessory=kit.button("Open", f"{OPEN}:{row.id}", str(row.id), about=kit.cut(row.name))))
    other = BY_FEEDBACK if shown.order == BY_VALUE else BY_VALUE
    pages = [("Back", shown.start - ROWS)] * bool(shown.start) + [("Next", last)] * (last < shown.total.customers)
    turns = [kit.button(label, f"{PAGE}:{label.casefold()}", f"{shown.order}:{max(start, 0)}") for label, start in pages]
    blocks.append(kit.actions(*turns, kit.button(ORDERS[other].capitalize(), f"{PAGE}:order", f"{other}:0")))
    blocks.append(kit.context("Only what you may read is counted · `/customer NAME` shows one · `/customer new` adds one"))
    text = "\n".join([f"{first}.", *(f"{kit.name(row.name)}: {kit.safe(row.about)}" for row in shown.rows)])
    return Message(text, blocks)


def form(known: Known, origin: Mapping[str, Any]) -> View:
    value = f"{known.value:,}" if known.value is not None else ""
    blocks = [
        kit.ask_words(NAME, LABELS[NAME], known.name, most=LONGEST_NAME),
        kit.ask_words(
            TIER, LABELS[TIER], known.tier, optional=True, hint="Such as enterprise. It stands beside the name.", most=LONGEST_TIER
        ),
        kit.ask_words(VALUE, LABELS[VALUE], value, optional=True, hint="What they pay a year, such as 120,000 or 1.2M.", most=40),
        kit.ask_person(OWNER, LABELS[OWNER], known.owner, optional=True, hint="Hears what may be sent on to them."),
        kit.ask_words(REGION, LABELS[REGION], known.region, optional=True, most=LONGEST_REGION),
        kit.context("Everybody in the company can read this. Guests and people of other companies cannot."),
    ]
    metadata = {**origin, **({"customer": known.id} if known.id else {})}
    title = "Edit a customer" if known.id else "New customer"
    return kit.modal(title, blocks, callback_id=SAVE, submit="Save", metadata=metadata)


def choose(origin: Mapping[str, Any], gone: str = "", stays: str = "") -> View:
    """Which two: each is picked from what is known."""
    blocks = [
        kit.ask_typeahead("gone", "This customer", WHICH, (gone, gone) if gone else None),
        kit.ask_typeahead("stays", "Is the same as, and becomes", WHICH, (stays, stays) if stays else None),
        kit.context("You see what moves before anything does."),
    ]
    return kit.modal("Merge customers", blocks, callback_id=CHOSEN, submit="Look", metadata=origin)


def preview(joining: Joining, origin: Mapping[str, Any]) -> View:
    """What moves, before it does."""
    stays, gone = kit.name(joining.stays_name), kit.name(joining.gone_name)
    taken = f"\n*{stays}* has no {say_list(joining.filled)} yet and takes {'it' if len(joining.filled) == 1 else 'them'} over."
    blocks = [
        kit.section(f"*{gone}* becomes *{stays}*.\n{_moves(joining)}{taken if joining.filled else ''}"),
        kit.section(f"Both names find *{stays}* from then on. Values of the two are not added up."),
        kit.context("Nobody is told. Can be taken back for 24 hours."),
    ]
    metadata = {**origin, "gone": joining.gone, "stays": joining.stays}
    return kit.modal("Merge customers", blocks, callback_id=JOIN, submit="Merge", metadata=metadata)


def _moves(joining: Joining) -> str:
    counted = [say_count(count, *_KINDS[kind]) for kind, count in joining.counts.items() if count]
    verb = "moves" if sum(joining.counts.values()) == 1 else "move"
    return (
        f"{say_list(counted)} {verb}. What you may not read moves too."
        if counted
        else "Whatever belongs to it moves, and you see none of it."
    )


def joined(joining: Joining, merge_id: int) -> Message:
    stays, gone = kit.name(joining.stays_name), kit.name(joining.gone_name)
    words = f"{gone} is {stays} now. {_moves(joining).replace(' move.', ' moved.').replace(' moves.', ' moved.')} Both names find {stays}."
    words = words.replace("What you may not read moves too.", "What you may not read moved too.").replace("it moves, and", "it moved, and")
    undo = kit.button("Undo", SEPARATE, str(merge_id), about=f"the merge of {joining.gone_name}")
    show = kit.button("Open", f"{OPEN}:{joining.stays}", str(joining.stays), about=kit.cut(joining.stays_name))
    return Message(words, [kit.section(words), kit.actions(show, undo), kit.context("Can be taken back for 24 hours.")])


def separated(gone: str, stays: str) -> Message:
    words = f"{kit.name(gone)} and {kit.name(stays)} are two customers again. What came since stays with {kit.name(stays)}."
    return Message(words, [kit.section(words)])
