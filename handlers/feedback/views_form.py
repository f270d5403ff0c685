"""The forms of feedback: to log it, to better it, and who waits for a release. The first view asks for little; the rest comes on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, View
from domain.feedback import Importance, Kind, Type
from domain.phrases import say_count
from domain.sources import NOWHERE, UNKNOWN, Answering, Place, Source
from handlers.feedback import views
from handlers.feedback.views import LONGEST_WORDS, SEVERAL, FeedbackCard

_WHOSE = [("It slows us", Kind.INTERNAL.value), ("The market does it", Kind.SIGNAL.value), ("A customer said it", Kind.CUSTOMER.value)]
_IMPORTANCE = [(each.value.capitalize(), each.value) for each in Importance]
_TYPES = [(each.value.capitalize(), each.value) for each in Type]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a form shows. `known` is the record that the message has already, `apart` one of another
    kind, `first` how the thread's first message begins.

    `key` is the row that keeps what the form has no room for, `external` the name by which the form is found again; `typed` is what
    stands in the fields by now.
    """

    words: str = ""
    area: str = ""
    source: Source = NOWHERE
    place: Place = UNKNOWN
    known: FeedbackCard | None = None
    apart: FeedbackCard | None = None
    key: int = 0
    external: str = ""
    kind: Kind = Kind.CUSTOMER
    first: str = ""
    on_first: bool = False
    nearby: Sequence[FeedbackCard] = ()
    same: FeedbackCard | None = None
    has_more: bool = False
    is_insider: bool = True
    typed: Mapping[str, Any] = field(default_factory=dict)

    @property
    def words_field(self) -> str:
        """Two messages, two fields: else Slack would keep the one's words in the place of the other's."""
        return "first_words" if self.on_first else "words"


def form(draft: Draft, origin: Mapping[str, Any]) -> View:
    """Log what a customer said. The last line says who will see what; what arrives later stands below the fields."""
    blocks = [*_heading(draft), *_asked(draft), *_found(draft)]
    if draft.has_more:
        blocks += _more(draft)
    if draft.is_insider:
        more = [] if draft.has_more else [kit.button("More details", views.MORE)]
        other = [kit.button("Not from a customer", f"{views.KIND}:other")] if draft.kind is Kind.CUSTOMER else []
        # Named, so that a press still finds it in a form that was drawn anew at that moment.
        blocks += [kit.actions(*more, *other, block_id="details")] if more or other else []
    blocks.append(kit.context(_visible(draft)))
    metadata = {**origin, **draft.source.kept(), "draft": draft.key, "kind": draft.kind.value}
    metadata |= {"same": draft.same.id} if draft.same else {}
    view = kit.modal(_title(draft.kind), blocks, callback_id=views.SAVE, submit="Log", metadata=metadata)
    return {**view, "external_id": draft.external} if draft.external else view


def _title(kind: Kind) -> str:
    return {Kind.INTERNAL: "Log what slows us", Kind.SIGNAL: "Log a market signal"}.get(kind, "Log customer feedback")


def _heading(draft: Draft) -> list[Block]:
    blocks: list[Block] = []
    if draft.source.ts:
        by = f" by {kit.person(draft.source.author)}" if draft.source.author else ""
        which = "the thread's first message" if draft.on_first else "the message"
        blocks.append(kit.context(f"From {which}{by} in {kit.channel(draft.source.channel or '')}"))
    if draft.known:
        blocks.append(kit.section(f"Logged already as *{draft.known.name}*. Its words stay; *Log* adds you to those who brought it."))
    if draft.apart:
        says = {Kind.INTERNAL.value: "as what slows us", Kind.SIGNAL.value: "as what the market does"}
        as_what = says.get(draft.apart.kind, "as what a customer said")
        blocks.append(
            kit.context(f"The message is *{draft.apart.name}* already, {as_what}. What you log stands apart, and is counted apart.")
        )
    return blocks


def _asked(draft: Draft) -> list[Block]:
    """The fields that a form always has."""
    known, typed = draft.known, draft.typed
    words = known.words if known else draft.words
    blocks = [kit.ask_words(draft.words_field, "Feedback", typed.get(draft.words_field) or words, lines=True, most=LONGEST_WORDS)]
    if len(words) > LONGEST_WORDS:
        blocks.append(kit.context(f"The form shows the first {LONGEST_WORDS:,} of {len(words):,} characters. All of them are kept."))
    area = typed.get("area") or (known.area if known else draft.area)
    chosen = typed.get("type") or (known.type if known else Type.REQUEST.value)
    return [
        *blocks,
        *_whose(draft),
        kit.ask_typeahead("area", "Product area", views.AREA, (area, area) if area else None, optional=True),
        kit.ask_one("type", "Type", _TYPES, chosen, optional=True),
    ]


def _whose(draft: Draft) -> list[Block]:
    """A customer; or what it is instead."""
    if draft.kind is Kind.CUSTOMER:
        return [_ask_customer(named(draft.typed.get("customer")) or (_whom(draft.known) if draft.known else None), live=True)]
    kind = kit.ask_one("kind", "What is it?", _WHOSE, draft.kind.value, live=views.KIND)
    if draft.kind is Kind.SIGNAL:
        source = draft.typed.get("source") or ""
        return [kind, kit.ask_words("source", "Where was it read or heard?", source, optional=True, most=300)]
    ticked = draft.typed.get("anonymous") or []
    return [
        kind,
        kit.ask_ticks("anonymous", "Your name", [("Leave my name out", "anonymous")], ticked),
        kit.context("Without your name nothing leads back to you: you will not hear what becomes of it, and cannot take it back."),
    ]


def named(value: str | None) -> tuple[str, str] | None:
    """A chosen customer as an entry of the menu."""
    if not value:
        return None
    return SEVERAL if value == views.NOT_KNOWN else (value, value)


def _ask_customer(chosen: tuple[str, str] | None, *, live: bool = False, optional: bool = False) -> Block:
    asked = kit.ask_typeahead("customer", "Customer", views.CUSTOMER, chosen, optional=optional)
    return {**asked, "dispatch_action": True} if live else asked


def _found(draft: Draft) -> list[Block]:
    """What arrived after the form had opened."""
    blocks: list[Block] = []
    if draft.same:
        back = kit.button("Not the same", views.NOT_SAME, about=f"F-{draft.same.number}")
        blocks.append(
            kit.section(
                f"Will be logged as the same thing as *F-{draft.same.number}*, with its own words.", accessory=back, block_id="same"
            )
        )
    else:
        for each in draft.nearby:
            same = kit.button("Same thing", f"{views.SAME}:{each.id}", str(each.id), about=f"F-{each.number}")
            said = f"Looks like *F-{each.number}* “{kit.name(each.words)}” ({say_count(each.customers, 'customer')})"
            blocks.append(kit.section(said, accessory=same, block_id=f"like:{each.id}"))
    if draft.on_first:
        blocks.append(
            kit.section("You log the thread's first message.", accessory=kit.button("Back to the reply", f"{views.FIRST}:no", "no"))
        )
    elif draft.first:
        take = kit.button("Log that one", f"{views.FIRST}:yes", "yes")
        blocks.append(kit.section(f"The thread's first message: “{kit.name(draft.first)}”", accessory=take))
    return blocks


def _more(draft: Draft) -> list[Block]:
    typed = draft.typed
    blocks = _about_customer(typed.get("importance") or "", typed.get("requested_by") or "") if draft.kind is Kind.CUSTOMER else []
    return [
        *blocks,
        *_ask_what(None, None),
        kit.ask_ticks("follow", "Until then", [("Tell me when its date moves, too", "follow")], typed.get("follow") or []),
    ]


def _about_customer(importance: str, requested_by: str) -> list[Block]:
    return [
        kit.ask_one("importance", "How much it matters to the customer", _IMPORTANCE, importance, optional=True),
        kit.ask_words("requested_by", "Asked for by", requested_by, optional=True, hint="Who at the customer.", most=200),
    ]


def _ask_what(release: tuple[str, str] | None, item: tuple[str, str] | None) -> list[Block]:
    hint = "The one that brings it, if there is one. You hear when it ships."
    return [
        kit.ask_typeahead("release", "Release", views.RELEASE, release, optional=True, hint=hint),
        kit.ask_typeahead("item", "Or a piece of work", views.ITEM, item, optional=True),
    ]


def edit(card: FeedbackCard, release: tuple[str, str] | None, item: tuple[str, str] | None, origin: Mapping[str, Any]) -> View:
    """All that is kept of it, to be bettered."""
    kinds = [(label, kind.value) for kind, label in views.KINDS.items()]
    blocks = [
        kit.ask_words("words", "Feedback", card.words, lines=True, most=LONGEST_WORDS),
        *([kit.context(f"The first {LONGEST_WORDS:,} characters; what follows them stays.")] if len(card.words) > LONGEST_WORDS else []),
        kit.ask_one("kind", "Who says so", kinds, card.kind),
        _ask_customer(_whom(card), optional=card.kind != Kind.CUSTOMER),
        kit.ask_typeahead("area", "Product area", views.AREA, (card.area, card.area) if card.area else None, optional=True),
        kit.ask_one("type", "Type", _TYPES, card.type, optional=True),
        *_about_customer(card.importance, card.requested_by),
        *(
            [kit.ask_words("source", "Where was it read or heard?", card.heard_from, optional=True, most=300)]
            if card.kind == Kind.SIGNAL
            else []
        ),
        *_ask_what(release, item),
        kit.context("The answer in the thread shows the number and the customer only."),
    ]
    return kit.modal(f"Details of {card.name}", blocks, callback_id=views.EDIT, submit="Save", metadata={**origin, "feedback": card.id})


def link(feedback_id: int, number: int, words: str, origin: Mapping[str, Any]) -> View:
    """What brings it, and nothing else."""
    blocks = [kit.section(f"*F-{number}*"), kit.quote(words), *_ask_what(None, None)]
    metadata = {**origin, "feedback": feedback_id}
    return kit.modal(f"Link F-{number}", blocks, callback_id=views.SAVE_LINK, submit="Link", metadata=metadata)


def _whom(card: FeedbackCard) -> tuple[str, str]:
    return (card.customer, card.customer) if card.customer else SEVERAL


def waits(release: str, release_id: int, place: Place, origin: Mapping[str, Any]) -> View:
    """A customer waits for a release: who is all that is asked."""
    stays = (
        f"Who waits stays with those who read {kit.channel(place.channel or '')}."
        if _stays(place)
        else "Everyone in the company can read it."
    )
    blocks = [
        kit.section(f"Who waits for *{kit.name(release)}*?"),
        kit.ask_typeahead("customer", "Customer", views.CUSTOMER),
        kit.context(f"Logged as feedback for it: you hear when it ships. {stays}"),
    ]
    return kit.modal(
        "A customer is waiting", blocks, callback_id=views.SAVE_WAITS, submit="Log", metadata={**origin, "release": release_id}
    )


def without_name() -> View:
    """Said once, in the form, and written down nowhere: what leads to the person is not kept."""
    said = "It is kept without your name. Nothing leads back to you, so you will not hear what becomes of it."
    return kit.modal("Kept", [kit.section(said)], callback_id=views.SAVE)


def _visible(draft: Draft) -> str:
    channel = kit.channel(draft.place.channel or "")
    if not draft.source.ts:
        stays = f"What you log stays with those who read {channel}." if _stays(draft.place) else "Everyone in the company can read it."
        return f"Only you will see the answer. {stays}"
    match draft.place.answering:
        case Answering.IN_PLACE:
            return f"Your reply will be in this thread. Visible to everyone who can read {channel}."
        case Answering.OUTSIDERS:
            return "Only you will see the answer: people from outside the company are in this channel. *Post here* is up to you then."
        case Answering.NOT_THERE:
            return f"Only you will see the answer: I am not in {channel}. To let me reply there: `/invite @Tendon`"
    return "Only you will see the answer: it comes from a direct message."


def _stays(place: Place) -> bool:
    return place.channel is not None and place.channel[0] in "CG" and not place.is_public
