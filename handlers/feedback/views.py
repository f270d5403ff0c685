"""How feedback looks: the form, the answer in the thread, a card, a list. An answer in a thread never says more than the number."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.feedback import Kind, State, Type
from domain.phrases import say_count
from domain.sources import NOWHERE, UNKNOWN, Answering, Place, Source

LOG = "feedback:log"
NEW = "feedback:new"
LIST = "feedback:list"
OPEN = "feedback:open"
DETAILS = "feedback:details"
UNDO = "feedback:undo"
SAVE = "feedback:save"
EDIT = "feedback:edit"
CUSTOMER = "feedback:customer"
AREA = "feedback:area"
RELEASE = "feedback:release"
WAITS = "feedback:waits"
SAVE_WAITS = "feedback:save_waits"

PAGE = 12
LONGEST_WORDS = 3000
LONGEST_AREA = 75
NOT_KNOWN = "-"  # the customer's value when there are several, or nobody knows
SEVERAL = ("Several / not known", NOT_KNOWN)
_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True, slots=True)
class FeedbackCard:
    """A piece of feedback as it is drawn. People and channels are Slack ids."""

    id: int
    number: int
    words: str
    type: str
    customer: str | None = None
    area: str = ""
    kind: str = Kind.CUSTOMER.value
    importance: str = ""
    requested_by: str = ""
    release: str | None = None
    item: str | None = None
    state: str = State.NEW.value
    first_id: int | None = None  # of the piece that says the same
    same_as: int | None = None  # its number, where the reader may read it
    members: int = 0  # pieces that say the same, as far as the reader may read them
    customers: int = 0  # of all of them
    reporter: str | None = None
    supporters: int = 1
    channel: str | None = None
    permalink: str | None = None
    logged_at: datetime | None = None
    is_removed: bool = False
    may_undo: bool = False

    @property
    def name(self) -> str:
        return f"F-{self.number}"

    @property
    def times(self) -> str:
        """How often it was said: "6 customers, 8 times"."""
        if not self.members:
            return ""
        said = say_count(self.members + 1, "time")
        return f"{say_count(self.customers, 'customer')}, {said}" if self.customers else said

    @property
    def whose(self) -> str:
        return self.customer or "customer not known"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form opens with. `known` is the record that the message has already."""

    words: str = ""
    area: str = ""
    source: Source = NOWHERE
    place: Place = UNKNOWN
    known: FeedbackCard | None = None
    release: tuple[str, str] | None = None


def form(draft: Draft, origin: Mapping[str, Any]) -> View:
    """Log what a customer said. The last line says who will see what."""
    known = draft.known
    blocks: list[Block] = []
    if draft.source.ts:
        by = f" by {kit.person(draft.source.author)}" if draft.source.author else ""
        blocks.append(kit.context(f"From the message{by} in {kit.channel(draft.source.channel or '')}"))
    if known:
        blocks.append(kit.section(f"Logged already as *{known.name}*. Its words stay; *Log* adds you to those who brought it."))
    blocks += _fields(*((known.words, _whose(known), known.area, known.type) if known else (draft.words, None, draft.area, Type.REQUEST)))
    if len(draft.words) > LONGEST_WORDS and not known:
        blocks.append(kit.context(f"The first {LONGEST_WORDS:,} characters are kept here. The link leads to the whole message."))
    blocks.append(_ask_release(draft.release, "The one that brings it, if you know it. You hear when it ships."))
    blocks.append(kit.ask_ticks("follow", "Until then", [("Tell me when its date moves, too", "follow")]))
    blocks.append(kit.context(_visible(draft)))
    metadata = {**origin, **draft.source.kept()}
    return kit.modal("Log customer feedback", blocks, callback_id=SAVE, submit="Log", metadata=metadata)


def waits(release: str, release_id: int, place: Place, origin: Mapping[str, Any]) -> View:
    """A customer waits for a release: who is all that is asked."""
    stays = (
        f"Who waits stays with those who read {kit.channel(place.channel or '')}."
        if _stays(place)
        else "Everyone in the company can read it."
    )
    blocks = [
        kit.section(f"Who waits for *{kit.name(release)}*?"),
        kit.ask_typeahead("customer", "Customer", CUSTOMER),
        kit.context(f"Logged as feedback for it: you hear when it ships. {stays}"),
    ]
    return kit.modal("A customer is waiting", blocks, callback_id=SAVE_WAITS, submit="Log", metadata={**origin, "release": release_id})


def edit(card: FeedbackCard, release: tuple[str, str] | None, origin: Mapping[str, Any]) -> View:
    """All that is kept of it, to be bettered."""
    blocks = [
        *_fields(card.words, _whose(card), card.area, card.type),
        _ask_release(release, "The one that brings it, if there is one."),
        kit.context("The answer in the thread shows the number and the customer only."),
    ]
    return kit.modal(f"Details of {card.name}", blocks, callback_id=EDIT, submit="Save", metadata={**origin, "feedback": card.id})


def _whose(card: FeedbackCard) -> tuple[str, str]:
    return (card.customer, card.customer) if card.customer else SEVERAL


def _ask_release(release: tuple[str, str] | None, hint: str) -> Block:
    return kit.ask_typeahead("release", "Release", RELEASE, release, optional=True, hint=hint)


def _fields(words: str, customer: tuple[str, str] | None, area: str, type: str) -> list[Block]:
    return [
        kit.ask_words("words", "Feedback", words, lines=True, most=LONGEST_WORDS),
        kit.ask_typeahead("customer", "Customer", CUSTOMER, customer),
        kit.ask_typeahead("area", "Product area", AREA, (area, area) if area else None, optional=True),
        kit.ask_one("type", "Type", [(kind.value.capitalize(), kind.value) for kind in Type], type, optional=True),
    ]


def _visible(draft: Draft) -> str:
    channel = kit.channel(draft.place.channel or "")
    if not draft.source.ts:
        stays = f"What you log stays with those who read {channel}." if _stays(draft.place) else "Everyone in the company can read it."
        return f"Only you will see the answer. {stays}"
    match draft.place.answering:
        case Answering.IN_PLACE:
            return f"Your reply will be in this thread. Visible to everyone who can read {channel}."
        case Answering.OUTSIDERS:
            return "Only you will see the answer: people from outside the company are in this channel."
        case Answering.NOT_THERE:
            return f"Only you will see the answer: I am not in {channel}. To let me reply there: `/invite @Tendon`"
    return "Only you will see the answer: it comes from a direct message."


def _stays(place: Place) -> bool:
    return place.channel is not None and place.channel[0] in "CG" and not place.is_public


def logged(card: FeedbackCard, here: str = "here ") -> Message:
    """The answer in the thread: the number and what comes next, never what kind it is."""
    if card.is_removed:
        return taken_back(card)
    by = f", by {_people(card.supporters)}" if card.supporters > 1 else ""
    whose = f" for {kit.name(card.customer)}" if card.customer else ""
    hears = f" You will hear {here}when it ships." if card.release else ""
    said = f"Logged as {{}}{whose}{by}.{hears}"
    buttons = [kit.button("Add details", DETAILS, str(card.id), about=card.name)]
    if card.may_undo:
        buttons.append(kit.button("Undo", UNDO, str(card.id), about=card.name))
    return Message(said.format(card.name), [kit.section(said.format(f"*{card.name}*")), kit.actions(*buttons)])


def logged_privately(card: FeedbackCard, place: Place, has_message: bool) -> Message:
    """The same words for one pair of eyes, and why they are not in the thread."""
    answer = logged(card, here="")
    why = _why_private(place) if has_message else ""
    return Message(f"{answer.text} {why}", [*answer.blocks, kit.context(why)]) if why else answer


def _why_private(place: Place) -> str:
    match place.answering:
        case Answering.OUTSIDERS:
            return "Only you see this: people from outside the company are in this channel."
        case Answering.NOT_THERE:
            return f"I am not in {kit.channel(place.channel or '')}, so only you see this. To let me reply there: `/invite @Tendon`"
    return ""


def taken_back(card: FeedbackCard) -> Message:
    return Message(f"{card.name} was taken back by the person who logged it.")


def _people(count: int) -> str:
    return f"{_COUNTS[count] if count < len(_COUNTS) else count} people"
