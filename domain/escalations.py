"""Escalations: two targets on a clock that people can argue with, and whom to tell when one comes near or is missed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from domain.calendar import WorkHours, add_working_time, working_time_between
from domain.errors import BadInput, NotAllowed
from domain.nearest import fold
from domain.phrases import cut, say_count, say_list, say_span, say_time, say_zone

WARN_AT = 0.75  # of the way to a target


class Severity(StrEnum):
    """How bad it is, in words."""

    CRITICAL = "critical"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def words(self) -> str:
        """As shown: "Critical"."""
        return self.value.capitalize()


class State(StrEnum):
    """How far an escalation has come."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


class Notice(StrEnum):
    """The notices that an escalation may cause, each once."""

    ACKNOWLEDGE_SOON = "acknowledge soon"
    ACKNOWLEDGE_MISSED = "acknowledge missed"
    RESOLVE_SOON = "resolve soon"
    RESOLVE_MISSED = "resolve missed"

    @property
    def is_warning(self) -> bool:
        """Before the target; else at it."""
        return self.value.endswith("soon")

    @property
    def goal(self) -> str:
        """What the target asks for: "acknowledge" or "resolve"."""
        return self.value.partition(" ")[0]


_HOUR = timedelta(hours=1)
Goal = tuple[int, timedelta]  # working days stand as (days, zero) because a day is as long as the team's
Goals = Mapping[Severity, tuple[Goal, Goal]]  # time to acknowledge, and to resolve
USUAL: Goals = {
    Severity.CRITICAL: ((0, _HOUR / 2), (0, 4 * _HOUR)),
    Severity.HIGH: ((0, _HOUR), (1, timedelta())),
    Severity.NORMAL: ((0, 4 * _HOUR), (5, timedelta())),
    Severity.LOW: ((1, timedelta()), (20, timedelta())),
}
MOST_DAYS, MOST_HOURS = 250, 200
LONGEST_WORD = 24
_OTHER_WORDS = {
    "urgent": Severity.CRITICAL,
    "sev1": Severity.CRITICAL,
    "p1": Severity.CRITICAL,
    "p0": Severity.CRITICAL,
    "medium": Severity.NORMAL,
    "minor": Severity.LOW,
}


@dataclass(frozen=True, slots=True)
class Scale:
    """What a company calls its severities, and the times that it gives itself."""

    goals: Goals = field(default_factory=lambda: USUAL)
    called: Mapping[Severity, str] = field(default_factory=dict)

    def words(self, severity: Severity) -> str:
        """As shown: "Critical", or the company's own word."""
        return self.called.get(severity) or severity.words


ORDINARY = Scale()


def read_severity(text: str, scale: Scale = ORDINARY, field: str = "severity") -> Severity:
    """Reads the company's own words, "High", and plain other words such as "urgent"."""
    word = fold(text)
    for each in Severity:
        if word == fold(scale.words(each)):
            return each
    if word in _OTHER_WORDS:
        return _OTHER_WORDS[word]
    try:
        return Severity(word)
    except ValueError:
        those = say_list([scale.words(each) for each in Severity], "or")
        raise BadInput({field: f'I could not read "{cut(text)}" as a severity. It is {those}.'}) from None


def leading_severity(text: str, scale: Scale) -> tuple[Severity | None, str]:
    """How bad it is, where somebody types it first, and what is wrong: "P1 login is down", "High: login is down".

    A word that may as well belong to the sentence ("high latency") stays in it.
    """
    words = {fold(word): each for word, each in _OTHER_WORDS.items()} | {fold(each.words): each for each in Severity}
    words |= {fold(scale.words(each)): each for each in Severity}
    for word in sorted(words, key=len, reverse=True):
        found = re.match(rf"{re.escape(word)}(\s*[:,]\s+|\s+[-–—]\s+|\s+|$)", text.strip(), re.IGNORECASE)
        if found:
            is_apart = bool(found[1].strip()) or any(c.isdigit() for c in word)
            return words[word], text.strip()[found.end() :] if is_apart else text
    return None, text


@dataclass(frozen=True, slots=True)
class Targets:
    """By when to acknowledge and to resolve, in UTC."""

    acknowledge_by: datetime
    resolve_by: datetime


def targets(severity: Severity, raised_at: datetime, hours: WorkHours, goals: Goals = USUAL) -> Targets:
    """By when: around the clock for Critical, else in the team's working time."""
    acknowledge, resolve = goals[severity]
    return Targets(_after(raised_at, severity, acknowledge, hours), _after(raised_at, severity, resolve, hours))


def read_goal(text: str) -> Goal:
    """Reads "30 min", "4 h", "1 day". Raises BadInput{"goal"}."""
    found = re.fullmatch(r"(\d{1,4}) ?(m|min|mins|minutes?|h|hours?|d|days?)", fold(text).replace("working ", ""))
    number, unit = (int(found[1]), found[2][0]) if found else (0, "")
    most = {"m": MOST_HOURS * 60, "h": MOST_HOURS, "d": MOST_DAYS}.get(unit, 0)
    if not 1 <= number <= most:
        raise BadInput({"goal": f'I could not read "{cut(text)}" as a time. Write 30 min, 4 h or 2 days. Nothing was changed.'})
    return (number, timedelta()) if unit == "d" else (0, timedelta(minutes=number * (60 if unit == "h" else 1)))


def write_goal(goal: Goal) -> str:
    """The same as text, which `read_goal` reads back."""
    days, time = goal
    minutes = int(time.total_seconds()) // 60
    return say_count(days, "day") if days else f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def read_scale(kept: Mapping[str, Sequence[str]]) -> Scale:
    """What a workspace keeps, `{"high": ["1 h", "1 day", "Sev 2"]}`; the usual for the rest."""
    goals = {each: (read_goal(kept[each][0]), read_goal(kept[each][1])) if each in kept else USUAL[each] for each in Severity}
    return Scale(goals, {each: kept[each][2] for each in Severity if len(kept.get(each, ())) > 2})


def write_scale(state: Mapping[str, str | None]) -> dict[str, list[str]]:
    """What `read_scale` reads back, from a form: "high:acknowledge", "high:resolve", "high:words". Raises BadInput under these names."""
    wrong: dict[str, str] = {}
    kept: dict[str, list[str]] = {each.value: [] for each in Severity}
    taken: dict[str, Severity] = {}
    for each in Severity:
        for part in ("acknowledge", "resolve"):
            try:
                kept[each].append(write_goal(read_goal(state.get(f"{each}:{part}") or "")))
            except BadInput as error:
                wrong[f"{each}:{part}"] = error.sentence
        word = " ".join((state.get(f"{each}:words") or each.words).split())
        if len(word) > LONGEST_WORD or not any(c.isalnum() for c in word):
            wrong[f"{each}:words"] = f"At most {LONGEST_WORD} characters, and letters or digits. Nothing was changed."
        elif (other := taken.setdefault(fold(word), each)) is not each:
            wrong[f"{each}:words"] = f'"{word}" is the word for {other.words} already. Nothing was changed.'
        kept[each].append(word)
    if wrong:
        raise BadInput(wrong)
    return kept


def _after(raised_at: datetime, severity: Severity, goal: Goal, hours: WorkHours) -> datetime:
    days, time = goal
    if severity is Severity.CRITICAL:
        return raised_at + timedelta(days=days) + time
    return add_working_time(raised_at, days * hours.day_length + time, hours)


@dataclass(frozen=True, slots=True)
class Clock:
    """What the two clocks of one escalation show."""

    severity: Severity
    raised_at: datetime
    acknowledge_by: datetime
    resolve_by: datetime
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None

    def misses(self, now: datetime) -> str | None:
        """The target that is missed and still open now: "resolve" before "acknowledge"; None when none is."""
        if self.resolved_at:
            return None
        if now >= self.resolve_by:
            return "resolve"
        return "acknowledge" if self.acknowledged_at is None and now >= self.acknowledge_by else None


@dataclass(frozen=True, slots=True)
class Due:
    """The next notice, when it is due, and whom it names, the first to act first."""

    notice: Notice
    at: datetime
    to: tuple[str, ...]


def next_notice(
    clock: Clock, sent: Collection[str], now: datetime, hours: WorkHours, *, owner: str | None, lead: str | None = None
) -> Due | None:
    """What to send next: one warning to the owner on the way, one notice to owner and lead at a missed target; each once.

    A warning whose target has passed is left out, so that a late start says the worse thing only.
    """
    plan: list[tuple[datetime, Notice]] = []
    if clock.resolved_at is None:
        plan = _plan(clock, clock.resolve_by, (Notice.RESOLVE_SOON, Notice.RESOLVE_MISSED), hours)
        if clock.acknowledged_at is None:
            plan += _plan(clock, clock.acknowledge_by, (Notice.ACKNOWLEDGE_SOON, Notice.ACKNOWLEDGE_MISSED), hours)
    for at, notice in sorted(plan):
        target = clock.acknowledge_by if notice.goal == "acknowledge" else clock.resolve_by
        if notice not in sent and not (notice.is_warning and (now >= target or _missed(notice) in sent)):
            people = (owner,) if notice.is_warning else (owner, lead)
            return Due(notice, at, tuple(dict.fromkeys(person for person in people if person)) or ((lead,) if lead else ()))
    return None


def _plan(clock: Clock, by: datetime, notices: tuple[Notice, Notice], hours: WorkHours) -> list[tuple[datetime, Notice]]:
    if clock.severity is Severity.CRITICAL:
        warn_at = clock.raised_at + (by - clock.raised_at) * WARN_AT
    else:
        warn_at = add_working_time(clock.raised_at, working_time_between(clock.raised_at, by, hours) * WARN_AT, hours)
    return [(warn_at, notices[0]), (by, notices[1])]


def _missed(notice: Notice) -> Notice:
    return Notice.ACKNOWLEDGE_MISSED if notice.goal == "acknowledge" else Notice.RESOLVE_MISSED


def acknowledge(state: str) -> State:
    """The state after somebody takes it; raises NotAllowed when somebody has."""
    if state == State.RAISED:
        return State.ACKNOWLEDGED
    raise NotAllowed("This escalation was acknowledged already." if state == State.ACKNOWLEDGED else "This escalation is resolved already.")


def resolve(state: str, cause: str, action: str) -> State:
    """The state after it is solved, which needs the root cause and the corrective action."""
    if state == State.RESOLVED:
        raise NotAllowed("This escalation is resolved already.")
    missing = {"cause": "Say what caused it.", "action": 'Say what was done, or "none, because ...".'}
    given = {"cause": cause, "action": action}
    if wrong := {field: sentence for field, sentence in missing.items() if not given[field].strip()}:
        raise BadInput(wrong)
    return State.RESOLVED


def say_left(by: datetime, now: datetime) -> str:
    """Says "40 minutes left" or "past its time by 3 hours"."""
    return f"{say_span(by - now)} left" if by > now else f"past its time by {say_span(now - by)}"


def say_missed(name: str, due: Notice, clock: Clock, zone: str) -> str:
    """The sentence of a notice: what is near or past, and its time."""
    by = clock.acknowledge_by if due.goal == "acknowledge" else clock.resolve_by
    verb = "acknowledge" if due.goal == "acknowledge" else "resolve"
    return (
        f"{name} is to be {verb}d by {say_time(by, zone)}."
        if due.is_warning
        else f"{name} is past its time to {verb} ({say_time(by, zone)})."
    )


def say_targets(severity: Severity, hours: WorkHours, scale: Scale = ORDINARY) -> str:
    """Why these times: "Target for High: acknowledge in 1 working hour, solve in 1 working day, Berlin 09:00 to 17:00"."""
    acknowledge_in, solve_in = (_say_target(severity, goal) for goal in scale.goals[severity])
    if severity is Severity.CRITICAL:
        return f"Target for {scale.words(severity)}: acknowledge in {acknowledge_in}, solve in {solve_in}, around the clock"
    clock = f"{say_zone(hours.zone)} {hours.start:%H:%M} to {hours.end:%H:%M}"
    return f"Target for {scale.words(severity)}: acknowledge in {acknowledge_in}, solve in {solve_in}, {clock}"


def _say_target(severity: Severity, target: Goal) -> str:
    days, time = target
    number, _, unit = (f"{days} day" + "s" * (days > 1) if days else say_span(time)).partition(" ")
    return f"{number} {unit}" if severity is Severity.CRITICAL else f"{number} working {unit}"


def say_took(severity: Severity, since: datetime, until: datetime, hours: WorkHours) -> str:
    """How long it took on the escalation's clock: "12 working minutes", "3 working days"; for Critical "12 minutes"."""
    if severity is Severity.CRITICAL:
        return say_span(until - since)
    worked = working_time_between(since, until, hours)
    days = worked // hours.day_length
    number, _, unit = (say_count(days, "day") if days > 1 else say_span(worked)).partition(" ")
    return f"{number} working {unit}"


def sent_before(notice: str | None) -> frozenset[Notice]:
    """The notices that come before this one, or all where none is left: they fall due in the order in which they stand."""
    order = tuple(Notice)
    return frozenset(order[: order.index(Notice(notice))] if notice else order)
