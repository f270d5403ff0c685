"""How an ask looks: its card in the other team's channel, its forms, the list, and the gathered reminder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.dependencies import State, say_due
from domain.phrases import say_day, say_short_day, working_days

ASK = "dependencies:ask"
SAVE_ASK = "dependencies:save_ask"
ACCEPT = "dependencies:accept"
OFFER = "dependencies:offer"
SAVE_OFFER = "dependencies:save_offer"
DECLINE = "dependencies:decline"
SAVE_DECLINE = "dependencies:save_decline"
AGREE = "dependencies:agree"
CANCEL = "dependencies:cancel"
DELIVER = "dependencies:deliver"
SNOOZE = "dependencies:snooze"
OPEN = "dependencies:open"
LIST = "dependencies:list"
PICK_DAY = "dependencies:pick_day"

PAGE = 12
MOST_REMINDED = 8
MOST_CARRIED = 2000  # characters in a button's value


@dataclass(frozen=True, slots=True)
class Promise:
    """An ask as it is drawn. People are Slack ids; `release` is empty when readers may not know of it."""

    id: int
    number: int
    state: State
    asking: str
    asked: str
    what: str
    today: date
    needed_on: date
    why: str = ""
    release: str = ""
    lead: str | None = None
    asked_by: str | None = None
    asked_on: date | None = None
    committed_on: date | None = None
    offered_on: date | None = None
    delivered_on: date | None = None
    answered_by: str | None = None
    answered_on: date | None = None
    reason: str = ""
    days_left: int = 0
    late_days: int = 0

    @property
    def name(self) -> str:
        return f"D-{self.number}"

    @property
    def due_on(self) -> date:
        return self.committed_on or self.needed_on

    @property
    def key(self) -> str:
        """What a button carries: the ask, and the day that its presser saw."""
        return f"{self.id} {self.needed_on.isoformat()}"


def card(ask: Promise, *, is_private: bool = False) -> Message:
    """The card in the asked team's channel. A closed one shrinks to two lines. Shown privately it has the asking side's button too."""
    title = f"{ask.name} {ask.asking} asks {ask.asked}: {ask.what}"
    if not ask.state.is_open:
        outcome = _outcome(ask)
        return Message(kit.safe(f"{title}\n{outcome}"), [kit.section(f"*{kit.safe(kit.cut(title, 140))}*\n{kit.safe(outcome)}")])
    when = f"Needed by *{say_day(ask.needed_on)}*" + (f" ({working_days(ask.days_left)})" if ask.days_left > 0 else "")
    when += f" · for {kit.name(ask.release)}" if ask.release else ""
    blocks: list[Block] = [kit.section(f"*{kit.safe(kit.cut(title, 140))}*\n{when}")]
    if ask.why:
        blocks += [kit.section("Why:"), kit.quote(ask.why)]
    blocks += [kit.section(_standing(ask)), *_buttons(ask)]
    if is_private and ask.state is State.OFFERED and ask.offered_on:
        blocks.append(kit.actions(_agree(ask)))
    asked = f" · asked {say_short_day(ask.asked_on)}" if ask.asked_on else ""
    blocks.append(kit.context(f"Only {kit.name(ask.asked)} can answer{asked} · reminders at 09:00 in their zone"))
    for_release = f" for {kit.name(ask.release)}" if ask.release else ""
    why = f"\nWhy: {kit.safe(kit.cut(ask.why, 280))}" if ask.why else ""
    text = f"{kit.safe(title)}\nNeeded by {say_day(ask.needed_on)}{for_release}.{why}\n{_standing(ask)}"
    return Message(text, blocks)


def _standing(ask: Promise) -> str:
    who = kit.person(ask.answered_by, "somebody")
    match ask.state:
        case State.ACCEPTED:
            since = f" on {say_short_day(ask.answered_on)}" if ask.answered_on else ""
            return f"Accepted by {who}{since} for {say_day(ask.due_on)}."
        case State.OFFERED if ask.offered_on:
            reason = f" “{kit.safe(kit.cut(ask.reason, 200))}”" if ask.reason else ""
            return f"{who} offers {say_day(ask.offered_on)} instead.{reason}\nNow {kit.name(ask.asking)} says whether that is all right."
        case State.RECONFIRM:
            return "The date moved: both teams confirm again, please."
    lead = f"{kit.person(ask.lead)}, can" if ask.lead else f"{kit.name(ask.asked)}, can"
    return f"{lead} you commit?"


def _outcome(ask: Promise) -> str:
    if ask.state is State.DELIVERED:
        return f"Delivered {say_day(ask.delivered_on)}, needed by {say_day(ask.needed_on)}."
    if ask.state is State.DECLINED:
        return f"Declined: {kit.cut(ask.reason, 200)}" if ask.reason else "Declined."
    return "Cancelled by the team that asked."


def _buttons(ask: Promise) -> list[Block]:
    about = f"{ask.name} {ask.what}"
    if ask.state is State.ACCEPTED:
        elements = [
            kit.button("Delivered", DELIVER, ask.key, about=about, style="primary"),
            kit.button("Offer another date", OFFER, ask.key, about=about),
        ]
    else:
        first = None if ask.state is State.OFFERED else "primary"
        elements = [
            kit.button(f"Accept {say_short_day(ask.needed_on)}", ACCEPT, ask.key, about=about, style=first),
            kit.button("Offer another date", OFFER, ask.key, about=about),
            kit.button("Decline", DECLINE, ask.key, about=about),
        ]
    return [kit.actions(*elements)]


def _agree(ask: Promise) -> Block:
    """The asking side's yes to an offer, with the day in the button."""
    label = f"Agree to {say_short_day(ask.offered_on)}" if ask.offered_on else "Agree"
    value = f"{ask.id} {ask.offered_on.isoformat()}" if ask.offered_on else ask.key
    return kit.button(label, AGREE, value, about=ask.name, style="primary")


def which_day(sentence: str, lines: Sequence[tuple[date, str]]) -> Message:
    """Two days fit what was typed: a button each, which carries the line with that day. A line too long for it is typed anew."""
    buttons = [kit.button(say_day(day), f"{PICK_DAY}:{n}", line) for n, (day, line) in enumerate(lines) if len(line) <= MOST_CARRIED]
    said = sentence if buttons else f"{sentence} Write it with the name of the month."
    return Message(kit.safe(said), [kit.section(kit.safe(said)), *([kit.actions(*buttons)] if buttons else [])])


def asked(ask: Promise, place: str) -> Message:
    """The private answer to who asked."""
    release = f" for {ask.release}" if ask.release else ""
    words = f"{ask.name}: {ask.asked} is asked for {ask.what} by {say_day(ask.needed_on)}{release}."
    lead = f" {kit.person(ask.lead)} is asked" if ask.lead else " The team is asked"
    cancel = kit.button("Cancel the ask", CANCEL, ask.key, about=ask.name, confirm=("Take this ask back?", "Cancel the ask", "Keep it"))
    said = f"{kit.safe(words)}{lead} in {kit.channel(place)}."
    return Message(said, [kit.section(said), kit.actions(cancel)])


def announced(ask: Promise) -> Message:
    """In the asking team's channel; answers come in its thread."""
    words = f"{ask.name} {ask.asking} asks {ask.asked}: {ask.what}, by {say_day(ask.needed_on)}. The answer comes in this thread."
    return Message(kit.safe(words), [kit.section(kit.safe(words))])


def told(ask: Promise) -> Message:
    """The answer, in the thread of the ask."""
    match ask.state:
        case State.ACCEPTED:
            words = f"{ask.asked} accepted: {ask.what} by {say_day(ask.due_on)}."
        case State.OFFERED:
            reason = f" “{kit.cut(ask.reason, 200)}”" if ask.reason else ""
            words = f"{ask.asked} offers {say_day(ask.offered_on)} instead of {say_day(ask.needed_on)}.{reason}"
            elements = (
                _agree(ask),
                kit.button("Cancel the ask", CANCEL, ask.key, about=ask.name),
            )
            return Message(kit.safe(words), [kit.section(kit.safe(words)), kit.actions(*elements)])
        case State.DECLINED:
            words = f"{ask.asked} declined: {kit.cut(ask.reason, 200)}"
        case State.DELIVERED:
            words = f"{ask.asked} delivered {ask.what}."
        case _:
            words = f"{ask.name}: {ask.state.words}."
    return Message(kit.safe(words), [kit.section(kit.safe(words))])


def listing(rows: Sequence[Promise], total: int, whose: str) -> Message:
    new = kit.actions(kit.button("Ask a team", ASK))
    if not total:
        words = kit.safe(f"Nothing is asked or promised {whose}.")
        return Message(words, [kit.section(words), new])
    first = f"{total} open {whose}" + (f", showing {len(rows)}" if len(rows) < total else "")
    blocks = [kit.section(f"*{kit.safe(first)}*")]
    for row in rows:
        line = f"*{row.name} {kit.name(row.what)}*\n{kit.name(row.asking)} waits for {kit.name(row.asked)}\n{_due(row)} · {row.state.words}"
        blocks.append(kit.section(line, accessory=kit.button("Open", f"{OPEN}:{row.id}", str(row.id), about=row.name)))
    text = "\n".join(
        [first, *(f"{row.name} {row.what}: {row.asking} waits for {row.asked}, {_due(row)}, {row.state.words}" for row in rows)]
    )
    return Message(kit.safe(kit.cut(text, 3000)), [*blocks, new])


def _due(row: Promise) -> str:
    return say_due(row.due_on, row.today)


def reminder(whose: str, rows: Sequence[Promise]) -> Message:
    """All that one channel is reminded of on one day."""
    count = f"{len(rows)} promise{'' if len(rows) == 1 else 's'}"
    first = f"{whose}, {count} to look at:"
    blocks = [kit.section(f"*{kit.safe(first)}*")]
    for row in rows[:MOST_REMINDED]:
        about = f"{row.name} {row.what}"
        blocks.append(kit.section(_reminded(row)))
        blocks.append(
            kit.actions(kit.button("Delivered", DELIVER, row.key, about=about), kit.button("Snooze 3 days", SNOOZE, row.key, about=about))
        )
    if len(rows) > MOST_REMINDED:
        blocks.append(kit.context(f"{len(rows) - MOST_REMINDED} more: `/dependency list`"))
    blocks.append(kit.context("Sent 5 and 1 working days before, on the day, and every second day after"))
    return Message("\n".join([kit.safe(first), *(_reminded(row) for row in rows)])[:3500], blocks)


def _reminded(row: Promise) -> str:
    return f"{row.name} {kit.name(row.what)}, {kit.name(row.asked)} for {kit.name(row.asking)}: *{_due(row)}*, {row.state.words}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was understood of an ask so far; teams are ids."""

    team: int | None = None
    asking: int | None = None
    what: str = ""
    by: date | None = None
    why: str = ""
    release: str = ""
    note: str = ""


def ask_form(teams: Sequence[tuple[str, int]], draft: Draft, origin: Mapping[str, Any]) -> View:
    """`teams` are (name, id)."""
    if not teams:
        return kit.modal("Ask a team", [kit.section("There are no teams yet. `/team new` adds one.")], callback_id=SAVE_ASK)
    entries = [(name, str(id)) for name, id in teams]
    note = [kit.section(f"Note: {kit.safe(draft.note)}", block_id="note")] if draft.note else []
    blocks = [
        *note,
        kit.ask_one("team", "Which team?", entries, str(draft.team)),
        kit.ask_words("what", "What do you need?", draft.what, most=300),
        kit.ask_day("date", "By when?", draft.by.isoformat() if draft.by else None),
        kit.ask_words("why", "Why?", draft.why, optional=True, lines=True, hint="What happens without it. They read this.", most=1000),
        kit.ask_words("release", "For which release?", draft.release, optional=True, hint="A name or a number, such as R-12.", most=200),
        kit.ask_one("asking", "Who waits for it?", entries, str(draft.asking), optional=True),
    ]
    return kit.modal("Ask a team", blocks, callback_id=SAVE_ASK, submit="Ask", metadata=origin)


def offer_form(ask: Promise, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.section(f"*{kit.safe(kit.cut(ask.what, 140))}* for {kit.name(ask.asking)}, needed by {say_day(ask.needed_on)}"),
        kit.ask_day("date", "Which day can you promise?", (ask.offered_on or ask.due_on).isoformat()),
        kit.ask_words("why", "Why?", optional=True, lines=True, most=1000),
    ]
    return kit.modal("Offer another date", blocks, callback_id=SAVE_OFFER, submit="Offer", metadata={**origin, "ask": ask.id})


def decline_form(ask: Promise, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.section(f"*{kit.safe(kit.cut(ask.what, 140))}* for {kit.name(ask.asking)}, needed by {say_day(ask.needed_on)}"),
        kit.ask_words("why", "Why not?", lines=True, hint="They read this, so that they can plan without it.", most=1000),
    ]
    return kit.modal("Decline", blocks, callback_id=SAVE_DECLINE, submit="Decline", metadata={**origin, "ask": ask.id})
