"""How sure a date is: a day, or a week, a month, a quarter. What is no single day is kept as a date all the same, its last working day
(Monday to Friday), by which it sorts and is late.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, ClassVar, Self


class Precision(StrEnum):
    """How sure a date is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Span(date):
    """A time that is no single day. As a date it is its last working day."""

    precision: ClassVar[Precision]

    @classmethod
    def ending(cls, day: date) -> Self:
        """The span whose last day is that one, or the Friday before it."""
        day -= timedelta(days=max(day.weekday() - 4, 0))
        return cls(day.year, day.month, day.day)


class Week(Span):
    """Monday to Friday."""

    precision = Precision.WEEK

    @property
    def monday(self) -> date:
        return date(self.year, self.month, self.day) - timedelta(days=4)


class Month(Span):
    precision = Precision.MONTH


class Quarter(Span):
    precision = Precision.QUARTER

    @property
    def number(self) -> int:
        return (self.month + 2) // 3


def week_of(day: date) -> Week:
    return Week.ending(date(day.year, day.month, day.day) + timedelta(days=6 - day.weekday()))


def month_of(day: date) -> Month:
    return Month.ending(_last_of_month(day.year, day.month))


def quarter_of(day: date) -> Quarter:
    return Quarter.ending(_last_of_month(day.year, (day.month + 2) // 3 * 3))


def _last_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def last_day(span: Span) -> date:
    """The last day on which anybody may work for it: of a week its Saturday, as where people work on Sundays that begins the next."""
    if isinstance(span, Week):
        return span.monday + timedelta(days=5)
    return _last_of_month(span.year, span.month)


_MAKERS: dict[str, Callable[[date], date]] = {Precision.WEEK: week_of, Precision.MONTH: month_of, Precision.QUARTER: quarter_of}


def span(day: date, precision: str | None) -> date:
    """The week, month or quarter that a day lies in; the day itself for the precision of a day."""
    make = _MAKERS.get(precision or Precision.DAY)
    return make(day) if make else date(day.year, day.month, day.day)


def precision_of(day: date) -> Precision:
    return day.precision if isinstance(day, Span) else Precision.DAY


def is_same(a: date | None, b: date | None) -> bool:
    """Whether two dates say the same: the last of March is not March."""
    return a == b and (a is None or b is None or precision_of(a) == precision_of(b))


def due(row: Any) -> date | None:
    """The date of a release, or of a row of one: `target_on` as sure as its `precision` says."""
    return span(row.target_on, row.precision) if row.target_on else None


def written(day: date | None) -> str | None:
    """A date as history keeps it: "2027-03-12", "2027-W10", "2027-03", "2027-Q1"."""
    match day:
        case None:
            return None
        case Quarter():
            return f"{day.year}-Q{day.number}"
        case Month():
            return f"{day.year}-{day.month:02}"
        case Week():
            year, week, _ = day.isocalendar()
            return f"{year}-W{week:02}"
    return day.isoformat()


def read_written(text: str | None) -> date | None:
    """The same read back. Raises ValueError for what history never writes."""
    if not text:
        return None
    if found := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return quarter_of(date(int(found[1]), int(found[2]) * 3, 1))
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", text):
        return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return month_of(date(int(found[1]), int(found[2]), 1))
    return date.fromisoformat(text)
