"""How an escalation looks: the form, the card that is rewritten at each step, what its raiser hears, and the notices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.calendar import WorkHours
from domain.escalations import Clock, Notice, Scale, Severity, State, say_missed, say_targets, say_took
from domain.phrases import say_count, say_time
from domain.sources import NOWHERE, Source

RAISE = "escalations:raise"
NEW = "escalations:new"
LIST = "escalations:list"
OPEN = "escalations:open"
ACKNOWLEDGE = "escalations:acknowledge"
UPDATE = "escalations:update"
RESOLVE = "escalations:resolve"
SAVE = "escalations:save"
SAVE_UPDATE = "escalations:save_update"
SAVE_RESOLVE = "escalations:save_resolve"
TEAM = "escalations:team"
CUSTOMER = "escalations:customer"
RELEASE = "escalations:release"

PAGE = 12
LONGEST_SUMMARY = 3000
LONGEST_WORDS = 2000
ORDINARY = WorkHours()
WORKING_ON_IT = "We are looking into it."
_ACTION_HINT = "What was or will be done, by whom, by when. Or: none, because …"
_MEANINGS = {
    Severity.CRITICAL.value: "Customers cannot work.",
    Severity.HIGH.value: "Something important is broken for somebody.",
    Severity.NORMAL.value: "There is a way around it.",
    Severity.LOW.value: "It can wait some days.",
}


@dataclass(frozen=True, slots=True)
class EscalationCard:
    """An escalation as it is drawn. `owner` is a Slack id, other people are names: only who must act is summoned."""

    id: int
    number: int
    summary: str
    severity: Severity
    state: State
    clock: Clock
    hours: WorkHours
    now: datetime
    scale: Scale = field(default_factory=Scale)
    team: str | None = None
    owner: str | None = None
    customer: str | None = None
    release: str | None = None
    raised_by: str = "somebody"
    permalink: str | None = None
    owner_name: str = ""
    taken_by: str = ""
    cause: str = ""
    action: str = ""
    customer_words: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        return f"E-{self.number}"

    @property
    def title(self) -> str:
        return f"{self.name} {self.scale.words(self.severity)}: {kit.cut(self.summary)}"

    @property
    def zone(self) -> str:
        return self.hours.zone

    def took(self, until: datetime | None) -> str:
        return say_took(self.severity, self.clock.raised_at, until or self.now, self.hours)


def card(shown: EscalationCard) -> Message:
    """The card in the team's channel. Closed, it is two lines."""
    if shown.state is State.RESOLVED:
        return _closed(shown)
    clock = shown.clock
    said = shown.customer_words or WORKING_ON_IT
    next_update = clock.acknowledge_by if clock.acknowledged_at is None else clock.resolve_by
    blocks = [
        kit.section(
            f"*{kit.safe(shown.title)}*\n{_with(shown)}",
            accessory=kit.button("More", f"{OPEN}:{shown.id}", str(shown.id), about=shown.name),
        ),
        _told(shown),
        kit.fields(
            f"*Customer*\n{kit.name(shown.customer) if shown.customer else 'not said'}",
            f"*Release*\n{kit.name(shown.release) if shown.release else 'not said'}",
            f"*Acknowledge by*\n{kit.instant(clock.acknowledge_by, shown.zone)}",
            f"*Solve by*\n{kit.instant(clock.resolve_by, shown.zone)}",
        ),
        kit.section(
            f"*Next update to the raiser*\n{kit.instant(next_update, shown.zone)}\n"
            f"*What to tell the customer*\n“{kit.safe(kit.cut(said, 280))}”"
        ),
        kit.actions(*_buttons(shown)),
        kit.context(" · ".join(filter(None, (kit.safe(say_targets(shown.severity, shown.hours, shown.scale)), shown.note)))),
    ]
    return Message(_card_words(shown), blocks)


def _card_words(shown: EscalationCard) -> str:
    lines = [kit.safe(shown.title), _with(shown, plain=True), f"Raised by {kit.name(shown.raised_by)}."]
    named = (("Customer", shown.customer), ("Release", shown.release))
    lines.append(" ".join(f"{what}: {kit.name(name)}." for what, name in named if name))
    lines.append(
        f"To acknowledge by {say_time(shown.clock.acknowledge_by, shown.zone)}, to solve by {say_time(shown.clock.resolve_by, shown.zone)}."
    )
    return "\n".join(filter(None, lines))


def _with(shown: EscalationCard, plain: bool = False) -> str:
    """Who has it, and how it stands. Times stay true while nobody redraws the card."""
    nobody = "nobody yet" if shown.team else "nobody yet, *to be routed*: no team is named"
    whom = kit.person(shown.owner, nobody)
    clock = shown.clock
    if clock.acknowledged_at is not None:
        by = f" by {kit.name(shown.taken_by)}" if shown.taken_by and shown.taken_by != shown.owner_name else ""
        said = f"With: {whom}, acknowledged{by} in {shown.took(clock.acknowledged_at)}"
        return said + (" · *past its time to solve*" if clock.misses(shown.now) else "")
    when = say_time(clock.acknowledge_by, shown.zone) if plain else kit.instant(clock.acknowledge_by, shown.zone)
    if clock.misses(shown.now):
        return f"With: {whom} · *not acknowledged, was due {when}*"
    return f"With: {whom} · *not acknowledged, due {when}*"


def _told(shown: EscalationCard) -> Block:
    """What was said, as it was typed, by whom, and where."""
    words = shown.summary if len(shown.summary) <= 280 else f"{shown.summary[:279].rstrip()}…"
    rest: list[Block] = [{"type": "text", "text": f" (raised by {kit.cut(shown.raised_by)}" + (", " if shown.permalink else ")")}]
    if shown.permalink:
        rest += [{"type": "link", "url": shown.permalink, "text": "the message"}, {"type": "text", "text": ")"}]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": f"“{words}”"}, *rest]}]}


def _buttons(shown: EscalationCard) -> list[Block]:
    value, about = str(shown.id), shown.name
    first = [kit.button("Acknowledge", ACKNOWLEDGE, value, about=about, style="primary")] if shown.state is State.RAISED else []
    return [*first, kit.button("Add update", UPDATE, value, about=about), kit.button("Resolve", RESOLVE, value, about=about)]


def _closed(shown: EscalationCard) -> Message:
    done = f"resolved in {shown.took(shown.clock.resolved_at)}"
    why = f"Cause: {_ended(shown.cause)} Action: {_ended(shown.action)}"
    text = f"{shown.name} {done}: {kit.name(shown.summary)}\n{why}"
    return Message(text, [kit.section(f"*{shown.name} {done}:* {kit.name(shown.summary)}\n{why}")])


def _ended(words: str) -> str:
    said = kit.safe(kit.cut(words, 280))
    return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def details(shown: EscalationCard, updates: Sequence[tuple[str, str, datetime]], zone: str) -> Message:
    """The card for one pair of eyes, with what was said on the way, the latest last."""
    drawn = card(shown)
    said = [(f"{kit.name(who)}: {kit.safe(kit.cut(words, 280))}", at) for who, words, at in updates]
    blocks = [*drawn.blocks, *(kit.context(f"{words} · {kit.instant(at, zone)}") for words, at in said)]
    return Message("\n".join([drawn.text, *(words for words, _ in said)]), blocks)


# What the raiser hears


def raised(shown: EscalationCard) -> Message:
    """The answer in the thread where it came from: the number, never how bad it is."""
    to = f" to {kit.name(shown.team)}" if shown.team else ""
    said = f"Escalated as {{}}{to}. You will hear here when somebody takes it."
    return Message(said.format(shown.name), [kit.section(said.format(f"*{shown.name}*"))])


def raised_privately(shown: EscalationCard, desk: str, note: str) -> Message:
    where = kit.channel(desk) if desk[0] in "CG" else f"a message to {kit.person(desk)}"
    if shown.owner:
        first = f"{shown.name} is with {kit.person(shown.owner)}. The card is in {where}."
    else:
        first = f"{shown.name} waits in {where}, to be routed to {'somebody' if shown.team else 'a team'}."
    by = shown.clock
    due = f"To acknowledge by {say_time(by.acknowledge_by, shown.zone)}, to solve by {say_time(by.resolve_by, shown.zone)}."
    more = kit.actions(kit.button("More", f"{OPEN}:{shown.id}", str(shown.id), about=shown.name))
    said = " ".join(filter(None, (first, due, note)))
    return Message(said, [kit.section(said), more])


def taken(shown: EscalationCard) -> Message:
    who = kit.name(shown.taken_by or shown.owner_name)
    by = say_time(shown.clock.resolve_by, shown.zone)
    return Message(f"{who} has {shown.name}. Next update by {by}. You may say: “{kit.safe(shown.customer_words or WORKING_ON_IT)}”")


def updated(shown: EscalationCard, who: str, words: str) -> Message:
    first = f"{kit.name(who)} on {shown.name}:"
    return Message(f"{first} {kit.safe(kit.cut(words, 280))}", [kit.section(first), kit.quote(words, LONGEST_WORDS)])


def resolved(shown: EscalationCard) -> Message:
    return Message(f"{shown.name} is resolved. Cause: {_ended(shown.cause)} Action: {_ended(shown.action)}")


def notice(shown: EscalationCard, due: Notice, people: Sequence[str]) -> Message:
    """In the card's thread, naming who must act."""
    said = say_missed(f"{shown.name} ({kit.name(shown.summary)})", due, shown.clock, shown.zone)
    return Message(" ".join([*(kit.person(each) for each in people), said]))


# Lists and forms


def listing(cards: Sequence[EscalationCard], total: int) -> Message:
    new = kit.actions(kit.button("Escalate", NEW, style="primary"))
    if not total:
        none = "No open escalations. Escalate from a message's menu, or here."
        return Message(none, [kit.section(none), new])
    said = say_count(total, "open escalation") + (f", showing the {len(cards)} most urgent" if len(cards) < total else "")
    blocks: list[Block] = [kit.section(f"*{said}*")]
    lines = []
    for each in cards:
        about = " · ".join(kit.name(part) for part in (each.team, each.customer) if part)
        line = f"*{kit.safe(each.title)}*\n{_with(each)}" + (f"\n{about}" if about else "")
        blocks.append(kit.section(line, accessory=kit.button("Open", f"{OPEN}:{each.id}", str(each.id), about=each.name)))
        lines.append(f"{kit.safe(each.title)}. {_with(each, plain=True)}")
    blocks.append(new)
    if len(cards) < total:
        blocks.append(kit.context("`/escalate show E-3` shows any other."))
    return Message("\n".join([f"{said}.", *lines]), blocks)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the form opens with."""

    summary: str = ""
    team: tuple[str, str] | None = None
    source: Source = NOWHERE
    stays: bool = False
    home: str | None = None
    hours: WorkHours = ORDINARY
    before: str = ""
    scale: Scale = field(default_factory=Scale)
    severity: Severity | None = None


def form(draft: Draft, origin: Mapping[str, Any]) -> View:
    severities = [(draft.scale.words(each), each.value) for each in Severity]
    blocks: list[Block] = []
    if draft.source.ts:
        by = f" by {kit.person(draft.source.author)}" if draft.source.author else ""
        blocks.append(kit.context(f"From the message{by} in {kit.channel(draft.source.channel or '')}"))
    if draft.before:
        blocks.append(kit.section(kit.safe(draft.before)))
    blocks += [
        kit.ask_words("summary", "Summary", draft.summary, lines=True, most=LONGEST_SUMMARY),
        kit.ask_one("severity", "Severity", severities, draft.severity, about=_MEANINGS),
        kit.ask_typeahead("team", "Team", TEAM, draft.team, optional=True, hint="Its lead is asked, in the channel named beside it."),
        kit.ask_typeahead("customer", "Customer", CUSTOMER, optional=True),
        kit.ask_typeahead("release", "Release", RELEASE, optional=True),
        kit.context(kit.safe("\n".join(say_targets(each, draft.hours, draft.scale) for each in Severity))),
        kit.context(_goes_to(draft)),
    ]
    return kit.modal("Escalate", blocks, callback_id=SAVE, submit="Escalate", metadata={**origin, **draft.source.kept()})


def _goes_to(draft: Draft) -> str:
    without = kit.channel(draft.home) if draft.home else "product operations"
    said = f"The card with your words goes to the team’s channel; without a team to {without}."
    if draft.stays:
        said += " Whoever reads there reads it, though what is said here is private. It is shown nowhere else."
    return said


def update_form(shown: EscalationCard, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.section(f"*{kit.safe(shown.title)}*"),
        kit.ask_words("words", "Update", lines=True, most=LONGEST_WORDS),
        kit.ask_words("customer_words", "What to tell the customer", shown.customer_words or WORKING_ON_IT, optional=True, most=280),
        kit.context("The update goes into the card’s thread and to whoever raised it."),
    ]
    return kit.modal(f"Update {shown.name}", blocks, callback_id=SAVE_UPDATE, submit="Add", metadata={**origin, "escalation": shown.id})


def resolve_form(shown: EscalationCard, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.section(f"*{kit.safe(shown.title)}*"),
        kit.ask_words("cause", "Root cause", lines=True, most=LONGEST_WORDS, hint="What made it happen, in words that help next time."),
        kit.ask_words(
            "action",
            "Corrective action",
            lines=True,
            most=LONGEST_WORDS,
            hint="What was or will be done, by whom, by when. Or: none, because …",
        ),
        kit.context("Both go to the card and to whoever raised it."),
    ]
    return kit.modal(
        f"Resolve {shown.name}", blocks, callback_id=SAVE_RESOLVE, submit="Resolve", metadata={**origin, "escalation": shown.id}
    )
