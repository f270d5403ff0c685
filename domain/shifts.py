"""Moves said from where a date stands: "by 2 weeks", "3 working days later", "a month earlier"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.calendar import PLAIN, WorkCalendar, add_working_days
from domain.dates import add_months
from domain.errors import BadInput
from domain.phrases import say_count, say_day
from domain.spans import Month, Quarter, Week, month_of, precision_of, quarter_of, week_of
from domain.tails import name_of, reason_of
from domain.words import split_quoted

_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "a couple of": 2}
_SHIFT = re.compile(
    r"(?:^|\s)(?:(?:out|back|to)\s+)?(?P<by>by\s+)?(?P<another>another\s+|\+\s?)?"
    r"(?:(?P<n>\d{1,3}|a couple of|[a-z]+)\s+)??(?P<more>more\s+)?"
    r"(?P<unit>(?:working|work|business)\s+days?|wd|days?|weeks?|wks?|months?|quarters?)\b(?P<way>\s+(?:later|earlier|sooner|more))?",
    re.IGNORECASE,
)
_READ = 2000  # characters
_MOST = 520  # working days; more is a slip of the finger


@dataclass(frozen=True, slots=True)
class Shift:
    """How far, in one unit: "working day", "day", "week", "month", "quarter"; earlier is negative."""

    count: int
    unit: str

    @property
    def words(self) -> str:
        return f"{say_count(abs(self.count), self.unit)} {'later' if self.count > 0 else 'earlier'}"


@dataclass(frozen=True, slots=True)
class Shifted:
    """`push NAME by 2 weeks because REASON`."""

    name: str | None
    shift: Shift
    reason: str | None = None


def read_shifted(text: str) -> tuple[Shifted, ...]:
    """All places where a line says how far, the longest name first; none where it says no such thing."""
    name, rest = split_quoted(text[:_READ])
    found = []
    for match in _SHIFT.finditer(rest):
        shift = _shift(match)
        before = name or name_of(rest[: match.start()])
        if shift and before:
            found.append(Shifted(before, shift, reason_of(rest[match.end() :])))
    return tuple(sorted(found, key=lambda said: -len(said.name or "")))


def _shift(match: re.Match[str]) -> Shift | None:
    way = (match["way"] or "").strip().casefold()
    if not (match["by"] or match["another"] or match["more"] or way):
        return None
    said = (match["n"] or ("1" if match["another"] else "")).casefold()
    count = int(said) if said.isdecimal() else _COUNTS.get(said, 0)
    if not 0 < count <= _MOST:
        return None
    unit = match["unit"].casefold()
    single = unit.removesuffix("s")
    kind = "working day" if single.endswith(" day") or unit == "wd" else "week" if single == "wk" else single
    return Shift(-count if way in ("earlier", "sooner") else count, kind)


def shifted(name: str, day: date | None, shift: Shift, cal: WorkCalendar = PLAIN) -> date:
    """The date so far from it. Raises BadInput{"date"} where there is none to count from, or it is too coarse for that."""
    if day is None:
        raise BadInput({"date": f"{name} has no day yet, so there is nothing to count from. Pick a day. Nothing was changed."})
    months = {"month": shift.count, "quarter": shift.count * 3}.get(shift.unit)
    match day:
        case Quarter() if months is not None and months % 3 == 0:
            return quarter_of(add_months(day.replace(day=1), months))
        case Month() if months is not None:
            return month_of(add_months(day.replace(day=1), months))
        case Week() if shift.unit == "week":
            return week_of(day + timedelta(days=7 * shift.count))
    if precision_of(day) != "day":
        raise BadInput({"date": f"{say_day(day)} is no single day, so I cannot say what is {shift.words}. Pick the new date."})
    if months is not None:
        return add_months(day, months)
    if shift.unit == "working day":
        return add_working_days(day, shift.count, cal)
    return day + timedelta(days=shift.count * (7 if shift.unit == "week" else 1))
