"""Working days, holidays and working hours: everything that counts time as an office does.

Spans are counted by arithmetic on weeks, never day by day, so that a slip of forty years costs as much as one of four days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.errors import BadInput
from domain.nearest import nearest

# Outside these years laws on holidays are guesses; days there count by the week alone.
FIRST_YEAR, LAST_YEAR = 1990, 2100
DAY = timedelta(days=1)
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """These weekdays (Monday is 0), less the holidays of all `countries` (such as "DE" or "DE-BY") and the company's own `days_off`."""

    countries: tuple[str, ...] = ()
    days_off: frozenset[date] = frozenset()
    weekdays: tuple[int, ...] = MONDAY_TO_FRIDAY


PLAIN = WorkCalendar()


def calendar_for(country: str | None, days_off: Iterable[date] = (), weekdays: Iterable[int] = MONDAY_TO_FRIDAY) -> WorkCalendar:
    """The calendar of a country given by code or name; None means no public holidays."""
    return WorkCalendar((country_code(country),) if country else (), frozenset(days_off), tuple(weekdays))


def country_code(text: str, field: str = "holidays") -> str:
    """The code that the `holidays` package uses: "germany", "DE", "deu" -> "DE"; "de-by" -> "DE-BY"."""
    word = text.strip().strip(".").upper()
    code, _, part = word.partition("-")
    code = _country_names().get(_letters(code), code)
    subdivisions = _supported().get(code)
    if subdivisions is None:
        code = _country_names().get(_letters(word), "")
        subdivisions, part = _supported().get(code), ""
    if subdivisions is None:
        offers = [name.title() for name in nearest(_letters(text), [n.casefold() for n in _country_names() if len(n) > 3])]
        hint = f" Did you mean {' or '.join(offers)}?" if offers else " Use a country's name or its two letters, such as DE."
        raise BadInput({field: f'I do not know the holidays of "{text.strip()[:60]}".{hint}'})
    if part and part not in subdivisions:
        raise BadInput({field: f'I know the holidays of {code}, but not of its part "{part[:20]}". Try {code} alone.'})
    return f"{code}-{part}" if part else code


def is_working_day(day: date, cal: WorkCalendar = PLAIN) -> bool:
    """Whether people work on that day."""
    if day.weekday() not in cal.weekdays or day in cal.days_off:
        return False
    return not any(day in _holidays_of_year(country, day.year) for country in cal.countries)


def working_days_between(a: date, b: date, cal: WorkCalendar = PLAIN) -> int:
    """Working days in (a, b]: positive when b is after a, negative when before, 0 on the same day."""
    if b < a:
        return -working_days_between(b, a, cal)
    return _weekdays_up_to(b, cal) - _weekdays_up_to(a, cal) - _off_between(a, b, cal)


def add_working_days(day: date, n: int, cal: WorkCalendar = PLAIN) -> date:
    """The nth working day after `day` (before it, when n is negative); n = 0 gives `day` itself."""
    if n == 0:
        return day
    step = 1 if n > 0 else -1
    try:
        there = day
        while missing := n - working_days_from(day, there, cal, step):
            there = _jump_weekdays(there, missing, cal)
        while not is_working_day(there, cal):
            there -= step * DAY
        return there
    except (OverflowError, ValueError):
        raise BadInput({"date": f"{abs(n)} working days from {day.isoformat()} is beyond any calendar."}) from None


def working_days_from(a: date, b: date, cal: WorkCalendar, step: int) -> int:
    """Signed working days walked from a to b without counting a itself: (a, b] going forward, [b, a) going back."""
    return working_days_between(a, b, cal) if step > 0 else -working_days_between(b - DAY, a - DAY, cal)


def _weekdays_up_to(day: date, cal: WorkCalendar) -> int:
    weeks, rest = divmod(day.toordinal() - 1, 7)  # ordinal 1 is a Monday
    return weeks * len(cal.weekdays) + bisect_right(cal.weekdays, rest)


def _jump_weekdays(day: date, n: int, cal: WorkCalendar) -> date:
    """The nth of the calendar's weekdays after `day`, or before it. Raises ValueError or OverflowError beyond the end of time."""
    there = _weekdays_up_to(day, cal) + n if n > 0 else _weekdays_up_to(day - DAY, cal) + 1 + n
    weeks, place = divmod(there - 1, len(cal.weekdays))
    return date.fromordinal(1 + weeks * 7 + cal.weekdays[place])


def _off_between(a: date, b: date, cal: WorkCalendar) -> int:
    """How many of the calendar's weekdays in (a, b] are off."""
    if not cal.countries and not cal.days_off:
        return 0
    if not cal.countries:
        off = _sorted_weekdays(cal.days_off, cal.weekdays)
        return bisect_right(off, b) - bisect_right(off, a)
    return _off_up_to(cal, b) - _off_up_to(cal, a)


def _off_up_to(cal: WorkCalendar, day: date) -> int:
    off = _off_days(cal, min(max(day.year, FIRST_YEAR), LAST_YEAR))
    return bisect_right(off[1], day) + off[0]


@lru_cache(maxsize=4096)
def _off_days(cal: WorkCalendar, year: int) -> tuple[int, tuple[date, ...]]:
    """How many off weekdays lie before `year`, and those of the year itself (all earlier and later own days count at the ends)."""
    first = date.min if year == FIRST_YEAR else date(year, 1, 1)
    last = date.max if year == LAST_YEAR else date(year, 12, 31)
    own = frozenset(day for day in cal.days_off if first <= day <= last)
    days = _sorted_weekdays(own.union(*(_holidays_of_year(country, year) for country in cal.countries)), cal.weekdays)
    if year == FIRST_YEAR:
        return 0, days
    before, previous = _off_days(cal, year - 1)
    return before + len(previous), days


@lru_cache(maxsize=256)
def _sorted_weekdays(days: frozenset[date], weekdays: tuple[int, ...]) -> tuple[date, ...]:
    return tuple(sorted(day for day in days if day.weekday() in weekdays))


@lru_cache(maxsize=4096)
def _holidays_of_year(country: str, year: int) -> frozenset[date]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return frozenset()
    import holidays  # loaded on first use: most workspaces name no country, and the start should not pay for it

    code, _, part = country.partition("-")
    return frozenset(holidays.country_holidays(code, subdiv=part or None, years=[year], expand=False))


@lru_cache(maxsize=1)
def _supported() -> dict[str, list[str]]:
    import holidays

    return holidays.list_supported_countries(include_aliases=True)


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    """Names and three-letter codes, letters only and in capitals, to the two-letter code."""
    from holidays.registry import COUNTRIES

    names: dict[str, str] = {"UK": "GB", "ENGLAND": "GB", "USA": "US", "AMERICA": "US"}
    for module, entity in COUNTRIES.items():
        code = next((alias for alias in entity if len(alias) == 2), "")
        for alias in (module, *entity):
            names.setdefault(_letters(alias), code)
    return names


def _letters(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalpha())


@dataclass(frozen=True, slots=True)
class WorkHours:
    """When a team works: from `start` to `end` on its wall clock. An `end` of 00:00 is midnight at the end of the day."""

    zone: str = "UTC"
    start: time = time(9)
    end: time = time(17)
    calendar: WorkCalendar = PLAIN

    @property
    def day_length(self) -> timedelta:
        """The length of one working day."""
        length = datetime.combine(date.min, self.end) - datetime.combine(date.min, self.start)
        return length if length > timedelta() else length + DAY

    def window(self, day: date) -> tuple[datetime, datetime]:
        """The instants between which people work on that local day."""
        begin = instant(day, self.start, self.zone)
        end = instant(day + DAY if self.end <= self.start else day, self.end, self.zone)
        return begin, max(begin, end)


def add_working_time(start_at: datetime, duration: timedelta, hours: WorkHours) -> datetime:
    """The instant at which `duration` of working time has passed since `start_at`. Both are aware; the answer is UTC."""
    day, left = local_date(start_at, hours.zone) - DAY, duration
    if left <= timedelta():
        return start_at.astimezone(UTC)
    while True:
        day = next_working_day(day, hours.calendar)
        begin, end = hours.window(day)
        begin = max(begin, start_at)
        if begin + left <= end:
            return (begin + left).astimezone(UTC)
        left -= max(end - begin, timedelta())


def working_time_between(a: datetime, b: datetime, hours: WorkHours) -> timedelta:
    """Working time from a to b, negative when b is before a."""
    if b < a:
        return -working_time_between(b, a, hours)
    total, day = timedelta(), local_date(a, hours.zone) - DAY
    while (day := next_working_day(day, hours.calendar)) <= local_date(b, hours.zone):
        begin, end = hours.window(day)
        total += max(min(end, b) - max(begin, a), timedelta())
    return total


def last_working_day(day: date, cal: WorkCalendar = PLAIN) -> date:
    """That day, or the last working day before it."""
    while not is_working_day(day, cal):
        day -= DAY
    return day


def next_working_day(day: date, cal: WorkCalendar = PLAIN) -> date:
    """The first working day after `day`."""
    day += DAY
    while not is_working_day(day, cal):
        day += DAY
    return day


def instant(day: date, at: time, zone: str) -> datetime:
    """When a wall clock in `zone` shows that time. A time that is skipped there moves on by the gap; a doubled one is its first."""
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), ZoneInfo(zone)).astimezone(UTC)


def local_date(at: datetime, zone: str) -> date:
    """The date on a wall calendar in `zone` at that instant."""
    return at.astimezone(ZoneInfo(zone)).date()


def local_week(at: datetime, zone: str) -> str:
    """The ISO week in `zone` at that instant, such as "2026-W47"."""
    year, week, _ = local_date(at, zone).isocalendar()
    return f"{year}-W{week:02d}"


def next_weekly(after: datetime, weekday: int, at: time, zone: str) -> datetime:
    """The first occurrence strictly after `after` of that weekday (Monday is 0) and wall-clock time, in UTC."""
    today = local_date(after, zone)
    first = today + timedelta(days=(weekday - today.weekday()) % 7 - 7)  # last week's may have been pushed past midnight by a gap
    return next(when for n in range(4) if (when := instant(first + timedelta(weeks=n), at, zone)) > after)


def next_daily(after: datetime, at: time, zone: str) -> datetime:
    """The first occurrence strictly after `after` of that wall-clock time, in UTC."""
    first = local_date(after, zone) - DAY
    return next(when for n in range(4) if (when := instant(first + timedelta(days=n), at, zone)) > after)
