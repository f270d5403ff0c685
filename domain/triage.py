"""When somebody has to have looked at what a customer said, and how often that went well: by team and week, never by person. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.calendar import DAY, WorkHours, add_working_days, instant, local_date
from domain.errors import BadInput

USUAL_DAYS = 2
MOST_DAYS = 20
WEEKS = 4  # of a report


class Look(StrEnum):
    """How a piece fared: looked at in time, later or not at all until too late, or still within its time."""

    ON_TIME = "on time"
    LATE = "late"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Share:
    """What was looked at on time, of all whose time is over; `open` are those that still have time."""

    on_time: int = 0
    late: int = 0
    open: int = 0

    @property
    def n(self) -> int:
        return self.on_time + self.late

    @property
    def says(self) -> str:
        """Such as "80 % (4 of 5)"; nothing is rounded up to all, or down to none."""
        if not self.n:
            return "none due yet" if self.open else "nothing came in"
        percent = min(max(round(100 * self.on_time / self.n), int(self.on_time > 0)), 100 if self.on_time == self.n else 99)
        return f"{percent} % ({self.on_time:,} of {self.n:,})"


def read_days(text: str | None, field: str = "triage_days") -> int:
    """Working days within which somebody looks. Raises BadInput."""
    words = (text or "").strip().casefold().removesuffix("s").removesuffix("day").removesuffix("working ").strip() or str(USUAL_DAYS)
    if not words.isdecimal() or not 0 < int(words[:9]) <= MOST_DAYS:
        raise BadInput({field: f"Write a number of working days from 1 to {MOST_DAYS}, such as 2. Nothing was saved."})
    return int(words)


def due_at(came_on: date, days: int, hours: WorkHours) -> datetime:
    """Until when somebody looks at what came on that day: the end of work, so many working days later."""
    return hours.window(add_working_days(came_on, days, hours.calendar))[1]


def weeks_until(now: datetime, zone: str, count: int = WEEKS) -> list[date]:
    """The Mondays of the last ISO weeks, the running one last."""
    today = local_date(now, zone)
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=n) for n in reversed(range(count))]


def days_of(mondays: Sequence[date]) -> Iterator[date]:
    """Every day of these weeks, which follow each other."""
    for n in range(7 * len(mondays)):
        yield mondays[0] + n * DAY


def begins_at(day: date, zone: str) -> datetime:
    """When a day begins on the wall of a zone."""
    return instant(day, time(), zone)


def say_week(monday: date) -> str:
    """Says "week 47"."""
    return f"week {monday.isocalendar().week}"


def shares(counts: Mapping[tuple[int, str], int], weeks: int) -> list[Share]:
    """A share for each week, of counts by (week, Look)."""
    return [Share(*(counts.get((week, look), 0) for look in Look)) for week in range(weeks)]
