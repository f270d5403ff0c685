"""How it looks to set, check and ask for what customers may be told. How it is read stands beside a release's card."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.phrases import say_count, say_day, say_list
from domain.sayings import LONGEST, NOTHING
from domain.spans import Precision

OPEN = "saying:open"
FORM = "saying:form"
TRUE = "saying:true"
ASK = "saying:ask"
TELL = "saying:tell"
UNTELL = "saying:untell"
AUDIENCE = "saying:audience"
SET = "saying:set"
PICK_DAY = "saying:pick_day"
CARD, FIND = "releases:open", "releases:find"  # the releases slice answers to these

FRANK = "frank"
_SURE = [
    ("Its quarter", Precision.QUARTER.value),
    ("Its month", Precision.MONTH.value),
    ("Its week", Precision.WEEK.value),
    ("That day", Precision.DAY.value),
]


@dataclass(frozen=True, slots=True)
class About:
    """The release that it is about."""

    id: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form opens with."""

    about: About | None = None
    words: str = ""
    on: date | None = None
    precision: str = Precision.QUARTER.value
    is_frank: bool = False
    note: str = ""
    readers: Sequence[str] = ()


def form(draft: Draft, origin: Mapping[str, Any]) -> View:
    hint = "Word for word, as it may leave the house. Empty: nothing may be promised."
    on = draft.on.isoformat() if draft.on else None
    frank = [("Date, slip and health may be seen beside it", FRANK)]
    blocks: list[Block] = [kit.section(f"Note: {kit.safe(draft.note)}")] if draft.note else []
    blocks += [
        kit.ask_words("words", "What may customers be told?", draft.words, lines=True, optional=True, hint=hint, most=LONGEST),
        kit.ask_day("date", "A date that may be said", on, optional=True, hint="Only if one may be said at all."),
        kit.ask_one("sure", "Said as", _SURE, draft.precision, optional=True),
        kit.ask_ticks("frank", "To those who face customers", frank, [FRANK] if draft.is_frank else []),
        kit.context(_read_by(draft.readers)),
    ]
    about = draft.about
    if about is None:
        blocks.insert(0, kit.ask_typeahead("release", "Release", FIND, hint="Its name or number."))
        return kit.modal("What may be said", blocks, callback_id=FORM, submit="Save", metadata=origin)
    blocks.insert(0, kit.context(f"{kit.name(about.name)} · R-{about.number}"))
    return kit.modal("What may be said", blocks, callback_id=FORM, submit="Save", metadata={**origin, "release": about.id})


def _read_by(readers: Sequence[str]) -> str:
    if not readers:
        return "No group faces customers yet: `/tendon audience` sets which. Everybody sees it on the full card."
    return f"Read first by {kit.safe(say_list(readers))}, and seen by everybody on the full card."


def which_day(sentence: str, days: Sequence[date], carried: Mapping[str, Any]) -> Message:
    """Two days fit what was typed: a button each, and nothing is written until one is pressed."""
    values = [json.dumps({**carried, "on": day.isoformat()}, ensure_ascii=False, separators=(",", ":")) for day in days]
    buttons = [kit.button(say_day(day), f"{PICK_DAY}:{n}", value) for n, (day, value) in enumerate(zip(days, values, strict=True))]
    return Message(kit.safe(sentence), [kit.section(kit.safe(sentence)), kit.actions(*buttons)])


def kept(about: About, full: str, readers: Sequence[str], told: int = 0) -> Message:
    """The answer to setting it: all that is said from now on."""
    heard = f" {say_count(told, 'person', 'people')} who asked {'hears' if told == 1 else 'hear'} it now." if told else ""
    if not full:
        said = f"{kit.name(about.name)}: {NOTHING[0].lower()}{NOTHING[1:]} What was said before is taken back.{heard}"
        return Message(said, [kit.section(said), kit.actions(_change(about, "Say it"), _card(about)), kit.context(f"R-{about.number}")])
    first = f"{kit.name(about.name)}: customers may be told"
    last = f"R-{about.number} · {_read_by(readers)}{heard}"
    blocks = [kit.section(f"*{kit.name(about.name)}*: customers may be told"), kit.copyable(full)]
    blocks += [kit.actions(_change(about), _card(about)), kit.context(last)]
    return Message(f"{first}: “{kit.safe(full)}”", blocks)


def confirmed(about: About, full: str, told: int) -> Message:
    heard = f" {say_count(told, 'person', 'people')} who asked {'hears' if told == 1 else 'hear'} so now." if told else ""
    said = f"{kit.name(about.name)}: still true, thank you.{heard}"
    blocks = [kit.section(said), kit.copyable(full), kit.actions(_change(about), _card(about))]
    return Message(f"{said} Customers may be told: “{kit.safe(full)}”", blocks)


def set_by_another(about: About, full: str, who: str) -> Message:
    """To the owner: somebody else set the words."""
    said = f"{kit.safe(who)} set what customers may be told of {{}}"
    name = kit.name(about.name)
    if not full:
        return Message(said.format(name) + ": nothing.", [kit.section(said.format(f"*{name}*") + ": nothing."), _buttons(about)])
    blocks = [kit.section(f"{said.format(f'*{name}*')}:"), kit.copyable(full), _buttons(about), kit.context("You own this release")]
    return Message(f"{said.format(name)}: “{kit.safe(full)}”", blocks)


def check(about: About, full: str, why: str, shown: Mapping[str, Any], as_what: str) -> Message:
    """To whoever answers for it: is it still true? `why` says in one sentence what happened. `shown` is what *Still true* confirms."""
    name = kit.name(about.name)
    if not full:
        ask = f"{why} {NOTHING}"
        blocks = [
            kit.section(f"*{name}*: what may customers be told?\n{kit.safe(ask)}"),
            kit.actions(_change(about, "Say it"), _card(about)),
        ]
        return Message(f"{name}: what may customers be told? {kit.safe(ask)}", [*blocks, kit.context(as_what)])
    carried = json.dumps(dict(shown), separators=(",", ":"))
    buttons = kit.actions(kit.button("Still true", TRUE, carried, about=about.name), _change(about), _card(about))
    blocks = [kit.section(f"*{name}*: is this still true?\n{kit.safe(why)} Customers are told:"), kit.copyable(full), buttons]
    blocks.append(kit.context(f"Until you answer it is shown as to be checked · {as_what}"))
    return Message(f"{name}: is this still true? {kit.safe(why)} Customers are told: “{kit.safe(full)}”", blocks)


def answer(about: About, full: str) -> Message:
    """To somebody who asked: there are words, or they still hold."""
    name = kit.name(about.name)
    if not full:
        return Message(
            f"{name}: {NOTHING}", [kit.section(f"*{name}*: {NOTHING}"), kit.actions(_card(about)), kit.context("You asked for this")]
        )
    blocks = [kit.section(f"*{name}*\nYou may say:"), kit.copyable(full), kit.actions(_card(about)), kit.context("You asked for this")]
    return Message(f"{name}: you may say “{kit.safe(full)}”", blocks)


def asked(sentence: str) -> Message:
    return Message(kit.safe(sentence), [kit.section(kit.safe(sentence))])


def waits(about: About, does: bool) -> Message:
    said = f"You hear when {kit.name(about.name)} ships." if does else f"You are not told when {kit.name(about.name)} ships."
    label, action = ("Do not tell me", UNTELL) if does else ("Tell me when it ships", TELL)
    return Message(said, [kit.section(said), kit.actions(kit.button(label, action, str(about.id), about=about.name), _card(about))])


def news(about: About, opening: str, says: str, *, ask: bool = False) -> Message:
    """What somebody is told who waits for a release to ship."""
    said = f"{opening} {{}} {says}"
    name = kit.name(about.name)
    asks = [kit.button("Ask the owner", ASK, str(about.id), about=about.name)] if ask else []
    blocks = [
        kit.section(f"*{opening}* {name} {says}"),
        kit.actions(_card(about), *asks),
        kit.context("You asked to be told when it ships"),
    ]
    return Message(said.format(name), blocks)


def audience(groups: Sequence[tuple[str, str]], chosen: Sequence[str], channels: Sequence[str], origin: Mapping[str, Any]) -> View:
    """`groups` are `(label, id)`."""
    says = (
        "Who is in these groups reads what customers may be told, without dates, slip or health. Whoever also owns a release, "
        "is in a team or in product operations sees everything. This is a courtesy: what must stay secret is restricted."
    )
    none = "I know no user groups. Slack has them on paid plans, and Tendon reads them with the permission `usergroups:read`."
    asked = kit.ask_some("groups", "Customer-facing groups", groups, chosen) if groups else kit.section(none)
    where = kit.ask_channels(
        "channels", "Customer-facing channels", channels, hint="What I am asked in a thread there is answered in those words."
    )
    return kit.modal("Who faces customers", [kit.section(says), asked, where], callback_id=SET, submit="Save", metadata=origin)


def audience_now(groups: Sequence[str], channels: Sequence[str], people: int, *, is_saved: bool) -> Message:
    opening = "Saved. " if is_saved else ""
    who = f"{kit.safe(say_list(groups))} ({say_count(people, 'person', 'people')})" if groups else "Nobody"
    verb = "read" if len(groups) > 1 or people != 1 else "reads"
    said = f"{opening}{who} {verb if groups else 'reads'} what customers may be told."
    said += f" So is answered in {say_list(map(kit.channel, channels))}." if channels else ""
    last = "" if is_saved else " Product operations set it."
    return Message(f"{said}{last}")


def _buttons(about: About) -> Block:
    return kit.actions(_change(about), _card(about))


def _change(about: About, label: str = "Change it") -> Block:
    return kit.button(label, OPEN, str(about.id), about=about.name)


def _card(about: About) -> Block:
    return kit.button("Open", CARD, str(about.id), about=about.name)
