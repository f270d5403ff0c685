"""Where a release stands today: stalled or not, which health the rule suggests, and in what order a list shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from domain.calendar import PLAIN, WorkCalendar, last_working_day, working_days_between
from domain.phrases import say_count, working_days
from domain.releases import Health, slip
from domain.spans import Precision, Span, due, last_day

RED_SLIP = 5  # working days
CONFIRMED_FOR = timedelta(days=7)
NEAR = timedelta(days=30)
QUIET_NEAR, QUIET_FAR = timedelta(days=14), timedelta(days=30)


class Stalled(NamedTuple):
    """Why a release is stalled: `days` are working days when it is past its date, else days without an update."""

    is_past: bool
    days: int

    @property
    def cause(self) -> str:
        """Says "62 working days past its date" or "no update for 16 days"."""
        if self.is_past:
            return f"{working_days(self.days)} past its date" if self.days else "past its date"  # it fell on the weekend
        return f"no update for {say_count(self.days, 'day')}"

    @property
    def words(self) -> str:
        """The one way to show it: stalled with its cause."""
        return f"Stalled: {self.cause}"


def stalled_cause(
    target_on: date | None, changed_at: datetime | None, now: datetime, today: date, cal: WorkCalendar = PLAIN
) -> Stalled | None:
    """Whether an open release is stalled. `today` is the local day of its team; without a date it never is."""
    if target_on is None:
        return None
    if target_on < today:
        return Stalled(True, working_days_between(target_on, today, cal))
    if changed_at is None:
        return None
    limit = QUIET_NEAR if target_on - today <= NEAR else QUIET_FAR
    return Stalled(False, (now - changed_at).days) if now - changed_at >= limit else None


def unconfirmed_days(confirmed_at: datetime | None, now: datetime, since: datetime | None = None) -> int | None:
    """Days since owner, lead or deputy last confirmed it; None within 7 days. Never confirmed counts from `since` (its creation)."""
    at = confirmed_at or since
    return (now - at).days if at and now - at > CONFIRMED_FOR else None


def say_confirmed(confirmed_at: datetime | None, now: datetime, since: datetime | None = None) -> str:
    """Says "confirmed 2 days ago", "not confirmed for 18 days" or "not confirmed yet"."""
    days = unconfirmed_days(confirmed_at, now, since)
    if days is not None:
        return f"not confirmed for {say_count(days, 'day')}"
    if confirmed_at is None:
        return "not confirmed yet"
    gone = (now - confirmed_at).days
    return f"confirmed {say_count(gone, 'day')} ago" if gone > 0 else "confirmed today"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The health that the written rule gives, and why."""

    health: Health
    reason: str


_ALL_WELL = Suggestion(Health.GREEN, "not late, not stalled, waits for nothing unanswered")


def suggested_health(slip_days: int | None, stalled: Stalled | None, unaccepted: int = 0) -> Suggestion:
    """Red: past its date, or a slip of 5 or more. Amber: a slip of 1 to 4, stalled, or waiting for what nobody accepted. Else green."""
    health = _ruled(slip_days, stalled, unaccepted)
    if health is Health.GREEN:
        return _ALL_WELL
    if stalled and (stalled.is_past or (slip_days or 0) <= 0):
        return Suggestion(health, stalled.cause)
    if slip_days and slip_days > 0:
        return Suggestion(health, f"{working_days(slip_days)} behind its baseline")
    return Suggestion(health, f"waits for {say_count(unaccepted, 'thing')} that nobody has accepted")


def _ruled(slip_days: int | None, stalled: Stalled | None, unaccepted: int) -> Health:
    slipped = slip_days or 0
    if (stalled and stalled.is_past) or slipped >= RED_SLIP:
        return Health.RED
    return Health.AMBER if slipped > 0 or stalled or unaccepted > 0 else Health.GREEN


class Group(StrEnum):
    """The groups of a status list, in their order; the values are what headings and counts say."""

    LATE = "late"
    OFF_TRACK = "off track"
    AT_RISK = "at risk"
    ON_TRACK = "on track"
    NO_DAY = "without a day"


class Standing(NamedTuple):
    """Where one open release stands today. Lists judge hundreds and show a dozen: so what words need is made when it is asked for."""

    group: Group
    health: Health
    is_set: bool  # somebody set the health; else it is the rule's
    slip: int | None
    stalled: Stalled | None
    target_on: date | None
    unaccepted: int

    @property
    def suggestion(self) -> Suggestion:
        """What the rule says, and why."""
        return suggested_health(self.slip, self.stalled, self.unaccepted)

    @property
    def late_by(self) -> int:
        """Working days behind the baseline, and past the date on top of it."""
        return max(self.slip or 0, 0) + (self.stalled.days if self.stalled and self.stalled.is_past else 0)

    @property
    def rule_agrees(self) -> bool:
        """Whether what somebody set is what the rule says."""
        return self.health == _ruled(self.slip, self.stalled, self.unaccepted)

    @property
    def words(self) -> str:
        """The verdict of one row: "Stalled: 62 working days past its date", else "Amber: at risk"."""
        return self.stalled.words if self.stalled and self.stalled.is_past else self.health.words


class Judged(Protocol):
    """What of a release decides where it stands: a record, or a row of a list with the same names."""

    @property
    def target_on(self) -> date | None: ...
    @property
    def precision(self) -> str: ...
    @property
    def baseline_on(self) -> date | None: ...
    @property
    def health(self) -> str | None: ...
    @property
    def changed_at(self) -> datetime | None: ...


def ends_on(record: Any, cal: WorkCalendar = PLAIN) -> date | None:
    """The day after which a release is late: of a week, month or quarter the last on which its team works."""
    if record.precision == Precision.DAY:
        return record.target_on  # type: ignore[no-any-return]
    on = due(record)
    return last_working_day(last_day(on), cal) if isinstance(on, Span) else on


def standing(
    record: Judged, *, now: datetime, today: date, cal: WorkCalendar = PLAIN, changed_at: datetime | None = None, unaccepted: int = 0
) -> Standing:
    """Judges an open release. `changed_at` is the last change of it or of its work, where later than its own."""
    late = slip(record.baseline_on, record.target_on, cal)
    changed = max(filter(None, (record.changed_at, changed_at)), default=None) if changed_at else record.changed_at
    on = ends_on(record, cal)
    stalled = stalled_cause(on, changed, now, today, cal)
    health = _HEALTHS[record.health] if record.health else _ruled(late, stalled, unaccepted)
    return Standing(_group(on, late, stalled, health), health, bool(record.health), late, stalled, on, unaccepted)


def _group(target_on: date | None, late: int | None, stalled: Stalled | None, health: Health) -> Group:
    if target_on is None:
        return Group.NO_DAY
    if (stalled and stalled.is_past) or (late or 0) >= RED_SLIP:
        return Group.LATE
    return _GROUPS[health]


_RANKS = {group: rank for rank, group in enumerate(Group)}
_HEALTHS = {health.value: health for health in Health}
_GROUPS = {Health.RED: Group.OFF_TRACK, Health.AMBER: Group.AT_RISK, Health.GREEN: Group.ON_TRACK}


def order_key(where: Standing, name: str = "") -> tuple[int, int, date, str]:
    """Sorts a status list: late by how late, then red, amber, green by date, then those without a day."""
    group = where.group
    return _RANKS[group], -where.late_by if group is Group.LATE else 0, where.target_on or date.max, name.casefold()


def headline(counts: Mapping[Group, int], noun: str = "open release", after: str = "") -> str:
    """Says "12 open releases: 2 late, 3 at risk, 6 on track, 1 without a day."; "No open releases." for none."""
    total = sum(counts.values())
    if not total:
        return f"No {noun}s{after}."
    parts = [f"{count:,} {group}" for group in _RANKS if (count := counts.get(group))]
    return f"{say_count(total, noun)}{after}: {', '.join(parts)}."
