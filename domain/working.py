"""A company's working time as people write it and as it is kept: weekdays, countries, days off. Teams have it live, but for what they set
themselves. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Any

from domain.calendar import WorkCalendar, WorkHours, country_code
from domain.dates import Unclear, read_day
from domain.errors import BadInput
from domain.phrases import WEEKDAYS, cut, say_count, say_day, say_list, say_zone

USUAL_WEEKDAYS = "01234"
TICKS = tuple((name, str(number)) for number, name in enumerate(WEEKDAYS))  # for a form
NO_HOLIDAYS = ("none", "no", "-", "nothing")
MOST_COUNTRIES = 20
MOST_DAYS_OFF = 200
LONGEST_NAME = 60
LONGEST_SHUTDOWN = timedelta(days=62)
UNNAMED = "Day off"
_TO = re.compile(r"\s+(?:to|until|till|through|[-–—])\s+|\s*\.\.\s*", re.IGNORECASE)
_AFTER_DATE = " \t,;:|-–—"
_MOST_WORDS = 5  # of a date


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which nobody in the company works."""

    on: date
    name: str = UNNAMED


@dataclass(frozen=True, slots=True)
class Working:
    """When somebody works, as it is kept."""

    zone: str = "UTC"
    starts_at: time = time(9)
    ends_at: time = time(17)
    holidays: str = ""
    weekdays: str = USUAL_WEEKDAYS
    days_off: str = ""

    @property
    def hours(self) -> WorkHours:
        return WorkHours(self.zone, self.starts_at, self.ends_at, calendar_of(self))

    @property
    def clock(self) -> str:
        """Such as "09:00 to 17:00"."""
        return f"{self.starts_at:%H:%M} to {self.ends_at:%H:%M}"

    @property
    def words(self) -> str:
        """Such as "09:00 to 17:00, Monday to Friday, holidays of DE, 2 company days off, Berlin"."""
        return f"{self.clock}, {say_weekdays(self.weekdays)}, {say_off(self.holidays, self.days_off)}, {say_zone(self.zone)}"


def calendar_of(row: Any) -> WorkCalendar:
    """The working days that a row carries as they are kept: `holidays`, `weekdays`, `days_off`."""
    return _calendar(row.holidays or "", row.weekdays or USUAL_WEEKDAYS, row.days_off or "")


@lru_cache(maxsize=512)
def _calendar(holidays: str, weekdays: str, days_off: str) -> WorkCalendar:
    countries = tuple(code for code in holidays.split(",") if code)
    return WorkCalendar(countries, frozenset(day.on for day in read_kept(days_off)), tuple(map(int, weekdays)))


def read_kept(days_off: str) -> list[DayOff]:
    """Days off as they are kept, a line each: "2026-12-24 Christmas Eve"."""
    return [DayOff(date.fromisoformat(line[:10]), line[11:]) for line in days_off.splitlines()]


def keep(days_off: Iterable[DayOff]) -> str:
    """What `read_kept` reads back, in order."""
    return "\n".join(f"{day.on.isoformat()} {day.name}" for day in sorted(days_off, key=lambda day: day.on))


def write_days_off(days_off: str) -> str:
    """Kept days off as a form shows them, and as `read_days_off` reads them back."""
    return "\n".join(f"{day.on.day} {day.on:%b} {day.on.year} {day.name}" for day in read_kept(days_off))


def read_countries(text: str, field: str = "holidays") -> str:
    """Several countries, by name or letters, as they are kept: "DE,US-CA". Empty for "none". Raises BadInput."""
    words = [word.strip() for word in re.split(r"[,;/\n+&]|\s+and\s+", text[:2000]) if word.strip()]
    if not words or [word.casefold() for word in words] in ([each] for each in NO_HOLIDAYS):
        return ""
    if len(words) > MOST_COUNTRIES:
        raise BadInput({field: f"That are {len(words)} countries; at most {MOST_COUNTRIES}. Nothing was saved."})
    return ",".join(dict.fromkeys(country_code(word, field) for word in words))


def write_countries(holidays: str) -> str:
    """Kept countries as a form shows them."""
    return holidays.replace(",", ", ")


def read_weekdays(chosen: Iterable[str], field: str = "weekdays") -> str:
    """Ticked weekdays ("0" is Monday) as they are kept. Raises BadInput where none is."""
    kept = "".join(sorted({each for each in chosen if each in set("0123456")}))
    if not kept:
        raise BadInput({field: "Tick at least one day. Nothing was saved."})
    return kept


def say_weekdays(weekdays: str) -> str:
    """Says "Monday to Friday", "Sunday to Thursday", "Monday, Tuesday and Thursday", "every day"."""
    days = [int(each) for each in weekdays]
    if len(days) == len(WEEKDAYS):
        return "every day"
    starts = [day for day in days if (day - 1) % 7 not in days]
    if len(starts) == 1 and len(days) > 2:
        return f"{WEEKDAYS[starts[0]]} to {WEEKDAYS[(starts[0] + len(days) - 1) % 7]}"
    return say_list([WEEKDAYS[day] for day in days])


def say_off(holidays: str, days_off: str = "") -> str:
    """Says "holidays of DE and US, 3 company days off"."""
    public = f"holidays of {say_list(holidays.split(','))}" if holidays else "no public holidays"
    own = len(read_kept(days_off))
    return public + (f", {say_count(own, 'company day')} off" if own else "")


def read_days_off(text: str, today: date, field: str = "days_off") -> list[DayOff]:
    """Dates with a name, one a line: "24 Dec 2026 Christmas Eve", "28 Dec 2026 to 31 Dec 2026 Winter break". Raises BadInput."""
    found: dict[date, DayOff] = {}
    wrong: list[str] = []
    lines = text.splitlines()
    if len(lines) > 2 * MOST_DAYS_OFF:
        raise BadInput({field: f"That are {len(lines):,} lines; at most {MOST_DAYS_OFF} days off. Nothing was saved."})
    for number, line in enumerate(lines, start=1):
        if not line.strip().strip(_AFTER_DATE):
            continue
        try:
            found |= _read_line(line.strip(), today)
        except BadInput as error:
            wrong.append(f'Line {number}, "{cut(line.strip(), 40)}": {error.sentence}')
    if wrong:
        more = f" {say_count(len(wrong) - 1, 'more line')} could not be read." if len(wrong) > 1 else ""
        raise BadInput({field: f"{wrong[0]}{more} Nothing was saved."})
    if len(found) > MOST_DAYS_OFF:
        raise BadInput({field: f"That are {len(found):,} days off; at most {MOST_DAYS_OFF}. Nothing was saved."})
    return sorted(found.values(), key=lambda day: day.on)


def _read_line(line: str, today: date) -> Mapping[date, DayOff]:
    first, rest = _leading_day(line, today)
    last = first
    if to := _TO.match(rest):
        try:
            last, rest = _leading_day(rest[to.end() :], first)
        except BadInput:
            if to[0].strip().isalpha():  # a dash may also stand before the name
                raise
    if not first <= last <= first + LONGEST_SHUTDOWN:
        raise BadInput({"line": f"{say_day(last)} is before {say_day(first)}." if last < first else "That is more than two months."})
    name = cut(" ".join(rest.strip(_AFTER_DATE).split()), LONGEST_NAME) or UNNAMED
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {day: DayOff(day, name) for day in days}


def _leading_day(line: str, today: date) -> tuple[date, str]:
    """The longest date that the line begins with, and what follows it."""
    words = [word for word in re.finditer(r"\S+", line) if word[0].strip(_AFTER_DATE)][:_MOST_WORDS]
    clear = ""
    for word in reversed(words):
        said = line[: word.end()].rstrip(_AFTER_DATE)
        try:
            if any(c.isdigit() for c in said):
                return read_day(said, today), line[word.end() :]
        except BadInput as error:
            said = error.sentence.split(". ")[0]
            clear = f"{said}. Write its month as a word." if isinstance(error, Unclear) else f"{said}." if "ere is no" in said else clear
    raise BadInput({"line": clear or "I could not read a date in it. Write 24 Dec 2026 Christmas Eve."})
