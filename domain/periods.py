"""Stretches of the past as people name them: "Q3", "last month", "week 40", "2026", "since 1 March", "1 March to 12 April".

What is ahead is never meant here: without a year it is the latest that has begun, and a day that has not come is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.coarse import read_span
from domain.dates import YEARS, Coarse, Unclear, add_months, normal, read_day
from domain.errors import BadInput
from domain.phrases import cut, say_day, say_short_day
from domain.spans import Month, Quarter, Span, Week, month_of, quarter_of, week_of
from domain.words import weekday_of

DAY = timedelta(days=1)
_MOST_OF_A_YEAR = timedelta(days=300)  # from there, "the nearest 1 March" is that of the last twelve months
_UNITS: dict[str, Callable[[date], Span]] = {"week": week_of, "month": month_of, "quarter": quarter_of}
_LAST = {"last", "previous", "past", "prior"}
_SINCE = re.compile(r"^(?:(?:since|from|after)\s+(?=.)|(?:in|over|within|during)\s+(?=(?:the\s+)?(?:last|past|previous)\b))")
_TO = re.compile(r"\s+(?:to|until|till|through|–|—|-)\s+")
_AGO = re.compile(r"(?:the )?(?:last|past|previous) (\d{1,4}) (day|week|month|quarter|year)s?")
_JOINS = re.compile(r"^(?:(?:of|for|by|in|team|the)\b\s*)+(?=.)", re.IGNORECASE)
_JOINS_BEHIND = re.compile(r"(?:\s+(?:of|for|by|in|team|the)|,)+$", re.IGNORECASE)


class Ahead(BadInput):
    """A time that was read and has not come."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both counted. `words` are how it is said: "Q3 2026", "since Mon 16 Nov 2026"."""

    first: date
    last: date
    words: str
    unit: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The week, month, quarter or year before; of any other stretch as many days."""
        if self.unit == "year":
            return year_of(self.first.year - 1)
        if self.unit in _UNITS:
            return whole(_UNITS[self.unit](self.first - DAY))
        return stretch(self.first - timedelta(days=self.days), self.first - DAY)


def stretch(first: date, last: date) -> Period:
    """Any days: "1 Oct to 22 Nov 2026"."""
    if first == last:
        return Period(first, last, say_day(first))
    year = "" if first.year == last.year else f" {first.year}"
    return Period(first, last, f"{say_short_day(first)}{year} to {say_short_day(last)} {last.year}")


def whole(span: date) -> Period:
    """All days of a week, month or quarter; of a day itself."""
    match span:
        case Week():
            first, last = span.monday, span.monday + timedelta(days=6)
            return Period(first, last, f"week {span.isocalendar().week} of {span.isocalendar().year}", "week")
        case Quarter():
            first = date(span.year, span.month - 2, 1)
            return Period(first, add_months(first, 3) - DAY, say_day(span), "quarter")
        case Month():
            first = date(span.year, span.month, 1)
            return Period(first, add_months(first, 1) - DAY, say_day(span), "month")
    return Period(span, span, say_day(span), "day")


def year_of(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31), str(year), "year")


def read_period(text: str, today: date, field: str = "period") -> Period:
    """The stretch that was typed; nothing is this quarter. Raises BadInput for what lies ahead and for what nobody can read."""
    words = normal(text)
    if not words:
        return whole(quarter_of(today))
    found = _counted(words, today) or _since(words, today, field) or _between(words, today, field) or _named(words, today)
    if found is None:
        found = _one_day(text, words, today, field)
    if found.first > today:
        raise Ahead({field: f"{_capital(found.words)} has not begun. Say a period that has, such as last quarter."})
    return found


def read_past_day(text: str, today: date, field: str = "date", *, starts: bool = False) -> date:
    """A day that has come. A week, month, quarter or year means its last day so far, or with `starts` its first.

    Raises BadInput for a day ahead, Unclear for "3/4".
    """
    words = normal(_SINCE.sub("", normal(text)))
    found = _counted(words, today) or _named(words, today)
    day = (found.first if starts else min(found.last, max(today, found.first))) if found else _day(words or text, today, field)
    if day > today:
        raise Ahead({field: f"{say_day(day)} has not come yet. Say a day that has, such as last Friday or 1 March."})
    return day


def splits(text: str) -> Iterator[tuple[str, str]]:
    """What a line may mean as a time and what it is of, the longest time first: "Q3 of Payments" is Q3, of Payments. Before that, whole
    names that begin with such a word: "Q3 Team 3" is Q3, of Team 3."""
    words = text.split()
    for n in (n for n in range(len(words) - 1, -1, -1) if words[n].casefold() == "team"):
        yield _JOINS_BEHIND.sub("", " ".join(words[:n])), " ".join(words[n:])
    for n in range(len(words), -1, -1):
        yield _JOINS_BEHIND.sub("", " ".join(words[:n])), _JOINS.sub("", " ".join(words[n:]))


def _counted(words: str, today: date) -> Period | None:
    """The last 30 days: today is one of them."""
    match = _AGO.fullmatch(words)
    if not match or not (count := int(match[1])):
        return None
    days = {"day": 1, "week": 7}
    try:
        if match[2] in days:
            return stretch(today - timedelta(days=days[match[2]] * count - 1), today)
        months = {"month": 1, "quarter": 3, "year": 12}[match[2]] * count
        return stretch(add_months(today, -months) + DAY, today)
    except (OverflowError, ValueError):
        return None


def _since(words: str, today: date, field: str) -> Period | None:
    if not (opening := _SINCE.match(words)) or _TO.search(words):
        return None
    first = read_past_day(words[opening.end() :], today, field, starts=True)
    return Period(first, today, f"since {say_day(first)}")


def _between(words: str, today: date, field: str) -> Period | None:
    parts = _TO.split(_SINCE.sub("", words))
    if len(parts) != 2:
        return None
    first = read_past_day(parts[0], today, field, starts=True)
    last = today if parts[1] in ("now", "today", "date") else read_past_day(parts[1], today, field)
    if last < first:
        raise BadInput({field: f"{say_day(last)} lies before {say_day(first)}. Say the first day first."})
    return stretch(first, last)


def _named(words: str, today: date) -> Period | None:
    """Weeks, months, quarters and years by name, the latest that has begun."""
    which, _, unit = words.removeprefix("the ").rpartition(" ")
    if unit == "date" and words.endswith(" to date"):
        return _named(f"this {words.split()[0]}", today)
    if re.fullmatch(r"\d{4}", words) and int(words) in YEARS:
        return year_of(int(words))
    if unit == "year" and which in {"this", "current", "", *_LAST}:
        return year_of(today.year - (which in _LAST))
    if unit in _UNITS and which in _LAST:
        return whole(_UNITS[unit](whole(_UNITS[unit](today)).first - DAY))
    span = read_span(words, today)
    if span is None or span.year not in YEARS:
        return None
    found = whole(span)
    if found.first <= today or re.search(r"\d{4}|'\d{2}|next|coming", words) or not isinstance(span, Span):
        return found
    return _a_year_earlier(words, found, today)


def _a_year_earlier(words: str, found: Period, today: date) -> Period:
    """ "March" said in November is the last one, not the next."""
    for year in (found.last.year, found.last.year - 1):
        again = read_span(f"{words} {year}", today)
        if again and again.year in YEARS and whole(again).first <= today:
            return whole(again)
    return found


def _one_day(text: str, words: str, today: date, field: str) -> Period:
    try:
        day = _day(words, today, field)
    except BadInput as wrong:
        if isinstance(wrong, Unclear | Ahead) or (re.match(r"\d", words) and not isinstance(wrong, Coarse)):
            raise
        raise BadInput(
            {field: f'I could not read "{cut(text)}" as a period. Write it as Q3, last quarter, March, 2026, week 40 or since 1 March.'}
        ) from None
    return whole(day)


def _day(words: str, today: date, field: str) -> date:
    """A day without a year is the last such day, a weekday the last one; "tomorrow" stays tomorrow."""
    words = f"last {words}" if weekday_of(words) is not None else words
    try:
        day = read_day(words, today, field, past=True)
    except Unclear as two:
        choices = tuple(sorted({_last_such(day, today) for day in two.choices if _last_such(day, today) <= today}, reverse=True))
        if not choices:
            raise Ahead(
                {field: f"{say_day(two.choices[0])} has not come yet. Say a day that has, such as last Friday or 1 March."}
            ) from None
        if len(choices) < 2:
            raise
        raise Unclear(field, f'"{cut(words)}" can be {" or ".join(map(say_day, choices))}. Which one?', choices) from None
    if day <= today:
        return day
    try:
        earlier = read_day(words, today - _MOST_OF_A_YEAR, field, past=True)
    except BadInput:
        return day
    return earlier if (earlier.month, earlier.day) == (day.month, day.day) and earlier <= today else day


def _last_such(day: date, today: date) -> date:
    return day if day <= today else add_months(day, -12)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
