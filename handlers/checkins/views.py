"""The weekly question as its reader sees it, before and after each answer; and what product operations see of the answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.checkins import Outcome, may_confirm, may_ship
from domain.phrases import WEEKDAYS, cut, say_count, say_list, say_time

CONFIRM = "checkins:confirm"
NEXT = "checkins:next"
MORE = "checkins:more"
CHANGE = "checkins:change"
SAVE = "checkins:save"

# Buttons of the releases: they open the same forms as on a release's card.
AT_RISK = "releases:health"
MOVE = "releases:move"
SHIP = "releases:ship"

PAGE = 8
ANSWERED = 12
PEOPLE = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A release in a question. `said` is the date that was shown, `detail` what else there is to know, `became` what came of it."""

    id: int
    name: str
    said: str
    on: date | None
    outcome: Outcome
    detail: str = ""
    became: str = ""

    @property
    def waits(self) -> bool:
        return self.outcome is Outcome.WAITS


@dataclass(frozen=True, slots=True)
class Question:
    """One person's question. `first` is the first of those that wait on the page; `today` is the day on their wall."""

    id: int
    rows: Sequence[Asked]
    first: int
    today: date
    asked_at: datetime
    zone: str
    weekday: int

    @property
    def waiting(self) -> list[Asked]:
        return [row for row in self.rows if row.waits]

    @property
    def page(self) -> list[Asked]:
        """At most eight that wait. Where the page is past their end it is the first one again."""
        start = self.first if self.first < len(self.waiting) else 0
        return self.waiting[start : start + PAGE]


def question(asked: Question) -> Message:
    """What still waits has its buttons; what was answered stands below, in a line each. With nothing left it shrinks to those lines."""
    waiting, answered = asked.waiting, [row for row in asked.rows if not row.waits]
    first = _opening(len(waiting), len(asked.rows))
    why = "" if answered else "\nNothing changed there for 7 days."
    blocks: list[Block] = [kit.section(f"*{first}*{why}")]
    for row in asked.page:
        blocks += one(row, asked.today, CONFIRM, _value(asked, [row]))
    last = _last_buttons(asked)
    blocks += [kit.divider(), kit.actions(*last)] if last else []
    if answered:
        blocks.append(kit.section("\n".join(_answered(answered))))
    blocks.append(kit.context(_footer(asked)))
    lines = [first, *(f"{kit.name(row.name)}, {row.said}" for row in asked.page), *_answered(answered)]
    return Message("\n".join(lines)[:3800], blocks)


def _opening(waiting: int, of: int) -> str:
    if not waiting:
        return "Answered. Thank you." if of == 1 else f"All {of} answered. Thank you."
    if waiting < of:
        return f"{waiting} of {of} dates still {'needs' if waiting == 1 else 'need'} your word"
    return "Is this date still right?" if of == 1 else f"Are these {of} dates still right?"


def one(row: Asked, today: date, confirm: str, value: str) -> list[Block]:
    """A release with its answers. `confirm` is the action of *Still right*, which carries `value`."""
    name, details = cut(row.name), kit.safe(" · ".join(filter(None, (row.said, row.detail))))
    buttons = []
    if may_confirm(row.on, today):
        buttons.append(kit.button("Still right", f"{confirm}:{row.id}", value, about=cut(name, 50)))
    if may_ship(row.on, today):
        buttons.append(kit.button("Shipped", f"{SHIP}:{row.id}", str(row.id), about=cut(name, 50)))
    buttons += [
        kit.button("At risk", f"{AT_RISK}:{row.id}:amber", str(row.id), about=cut(name, 50)),
        kit.button("Move", f"{MOVE}:{row.id}", str(row.id), about=cut(name, 50)),
    ]
    return [kit.section(f"*{kit.safe(name)}*\n{details}"), kit.actions(*buttons)]


def _last_buttons(asked: Question) -> list[Block]:
    """*All still right* is for those shown, and leaves out a day that is past."""
    right = [row for row in asked.page if may_confirm(row.on, asked.today)]
    buttons = []
    if len(right) > 1:
        buttons.append(
            kit.button("All still right", f"{CONFIRM}:all", _value(asked, right), about=say_count(len(right), "release"), style="primary")
        )
    if (total := len(asked.waiting)) > PAGE:
        start = asked.waiting.index(asked.page[0]) + PAGE
        left = min(PAGE, total - start) if start < total else 0
        label = f"Next {left}" if left > 0 else f"First {PAGE}"
        buttons.append(kit.button(label, NEXT, f"{asked.id} {start if left > 0 else 0}"))
    return buttons


def _value(asked: Question, rows: Sequence[Asked]) -> str:
    return " ".join(str(number) for number in (asked.id, *(row.id for row in rows)))


def _answered(rows: Sequence[Asked]) -> list[str]:
    lines = [f"• {kit.name(row.name)}: {kit.safe(row.became)}" for row in rows[:ANSWERED]]
    return [*lines, f"and {len(rows) - ANSWERED} more"] if len(rows) > ANSWERED else lines


def _footer(asked: Question) -> str:
    parts = []
    if (total := len(asked.waiting)) > PAGE:
        at = asked.waiting.index(asked.page[0])
        parts.append(f"{at + 1} to {at + len(asked.page)} of {total}")
    if any(not may_confirm(row.on, asked.today) for row in asked.page):
        parts.append("a date that is past: *Shipped* or *Move*")
    parts += [
        say_time(asked.asked_at, asked.zone),
        f"you own {'this' if len(asked.rows) == 1 else 'these'}, so you are asked each {WEEKDAYS[asked.weekday]}",
    ]
    return " · ".join(parts)


def reminder(waiting: Sequence[Asked]) -> Message:
    """Once, in the question's thread and beside it."""
    names = [kit.name(row.name) for row in waiting[:4]]
    more = [f"{len(waiting) - 4} more"] if len(waiting) > 4 else []
    words = f"{say_count(len(waiting), 'date')} still {'needs' if len(waiting) == 1 else 'need'} your word: {say_list([*names, *more])}."
    then = "Answer above. I will not ask again this week; the digest will say that they are not confirmed."
    return Message(f"{words} {then}", [kit.section(f"*{words}*\n{then}")])


def not_confirmed(sentences: Sequence[str]) -> Message:
    """What an answer could not do, and why."""
    return Message("\n".join(map(kit.safe, sentences)))


@dataclass(frozen=True, slots=True)
class Answering:
    """How one person answered their last question. `last_at` is when they last answered all of one."""

    person: str
    name: str
    asked_at: datetime
    total: int
    waiting: int
    reminded_at: datetime | None
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmations:
    """What product operations see: `total` open releases, of which `confirmed` in the last 7 days."""

    people: Sequence[Answering]
    confirmed: int
    total: int
    rhythm: str
    zone: str
    first: int = 0

    @property
    def missing(self) -> list[Answering]:
        return [one for one in self.people if one.waiting]

    @property
    def done(self) -> list[Answering]:
        return [one for one in self.people if not one.waiting]


def confirmations(shown: Confirmations) -> Message:
    first, share = _who_answered(shown), _share(shown)
    missing = shown.missing[shown.first : shown.first + PEOPLE]
    blocks: list[Block] = [kit.section(f"*{first}*\n{share}")]
    lines = [f"{kit.name(one.name)}: {_since(one, shown.zone)}" for one in missing]
    if missing:
        blocks += [kit.divider(), kit.context("*Not answered yet*")]
        blocks += [kit.section(f"{kit.person(one.person)}\n{_since(one, shown.zone)}") for one in missing]
    left = len(shown.missing) - shown.first - len(missing)
    done = _done(shown)
    blocks += [kit.context(done)] if done else []
    buttons = [kit.button(f"Next {min(left, PEOPLE)}", MORE, str(shown.first + PEOPLE))] if left > 0 else []
    blocks += [kit.actions(*buttons, kit.button("Change the day", CHANGE)), kit.context(shown.rhythm)]
    return Message("\n".join([first, share, *lines, *([done] if done else []), shown.rhythm])[:3800], blocks)


def _who_answered(shown: Confirmations) -> str:
    total = len(shown.people)
    if not total:
        return "Nobody was asked in the last 7 days."
    return f"{len(shown.done)} of {say_count(total, 'owner')} answered."


def _share(shown: Confirmations) -> str:
    if not shown.total:
        return "There are no open releases."
    share = round(100 * shown.confirmed / shown.total)
    counted = f"{shown.confirmed:,} of {say_count(shown.total, 'open release')} ({share} %)"
    return f"{counted} {'was' if shown.confirmed == 1 else 'were'} confirmed in the last 7 days."


def _since(one: Answering, zone: str) -> str:
    reminded = ", reminded" if one.reminded_at else ""
    last = f"last answered {say_time(one.last_at, zone)}" if one.last_at else "never answered before"
    return f"{one.waiting} of {say_count(one.total, 'release')} unanswered since {say_time(one.asked_at, zone)}{reminded} · {last}"


def _done(shown: Confirmations) -> str:
    names = [kit.name(one.name) for one in shown.done]
    more = [f"{len(names) - 20} more"] if len(names) > 20 else []
    return f"Answered: {say_list([*names[:20], *more])}." if names else ""


def rhythm_words(weekday: int, at: time) -> str:
    return f"Each owner is asked on {WEEKDAYS[weekday]} at {at:%H:%M} on their own clock about what changed nothing in 7 days."


def rhythm_form(weekday: int, at: time, origin: dict[str, str], note: str = "") -> View:
    """On which day everybody is asked. `note` says what was typed and not understood."""
    days = [(WEEKDAYS[day], str(day)) for day in range(7)]
    blocks = [
        *([kit.section(f"Note: {kit.safe(note)}", block_id="note")] if note else []),
        kit.ask_one(
            "weekday", "Day", days, str(weekday), hint="On a holiday, or while somebody is away, their next working day of that week."
        ),
        kit.ask_words("time", "Time", f"{at:%H:%M}", hint="On each owner's own clock.", most=20),
    ]
    return kit.modal("The weekly question", blocks, callback_id=SAVE, submit="Save", metadata=origin)
