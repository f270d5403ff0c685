"""How days, spans and ages are said on every surface, so that the same thing is always said in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.spans import Quarter, Span, Week

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MINUTE = timedelta(minutes=1)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def say_day(day: date | None) -> str:
    """Such as "Fri 12 Mar 2027", "week of 8 Mar 2027", "March 2027", "Q1 2027", or "no day yet"."""
    if isinstance(day, Span):
        return _say_span(day, MONTHS[day.month - 1], f" {year_of(day)}")
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]} {day.year}" if day else "no day yet"


def say_short_day(day: date) -> str:
    """Says "12 Mar", "week of 8 Mar", "Mar", "Q1", for buttons and changes where the year is said beside it."""
    if isinstance(day, Span):
        return _say_span(day, MONTHS[day.month - 1][:3], "")
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def year_of(day: date) -> int:
    """The year that is said with a day: of a week its Monday's, as that is the day that is named."""
    return day.monday.year if isinstance(day, Week) else day.year


def _say_span(day: Span, month: str, year: str) -> str:
    match day:
        case Week():
            return f"week of {day.monday.day} {MONTHS[day.monday.month - 1][:3]}{year}"
        case Quarter():
            return f"Q{day.number}{year}"
    return f"{month}{year}"


def say_on(day: date | None) -> str:
    """A release's date after its name: "on Fri 12 Mar 2027", "planned for March 2027", "without a day"."""
    if day is None:
        return "without a day"
    return f"planned for {say_day(day)}" if isinstance(day, Span) else f"on {say_day(day)}"


def say_time(at: datetime, zone: str) -> str:
    """Says "Sat 21 Nov, 09:00 Berlin": an instant on the wall clock of a zone, the zone by its city."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{WEEKDAYS[local.weekday()][:3]} {say_short_day(local)}, {local.hour:02}:{local.minute:02} {say_zone(zone)}"


def say_zone(zone: str) -> str:
    """Says "Berlin" for Europe/Berlin."""
    return zone.rpartition("/")[2].replace("_", " ")


def say_count(n: int, one: str, many: str | None = None) -> str:
    """Says "1 release", "4 releases"."""
    return f"{n:,} {one if abs(n) == 1 else many or one + 's'}"


def working_days(n: int) -> str:
    """Says "1 working day", "62 working days"."""
    return say_count(n, "working day")


def say_days(slip: int | None) -> str:
    """A slip: "+5 working days", "as first planned", "2 working days early"; "no slip to count" without a baseline."""
    if slip is None:
        return "no slip to count"
    if slip == 0:
        return "as first planned"
    return f"+{working_days(slip)}" if slip > 0 else f"{working_days(-slip)} early"


def say_late(slip: int | None) -> str:
    """The same slip in a sentence of text only: "5 working days late", "as first planned", "2 working days early"."""
    return f"{working_days(slip)} late" if slip and slip > 0 else say_days(slip)


def say_slip_change(before: int | None, after: int | None) -> str:
    """Says "slip 0 → +5 working days"."""
    signed = [f"{slip:+d}" if slip else "0" if slip == 0 else "none" for slip in (before, after)]
    return f"slip {signed[0]} → {signed[1]} working {'day' if after in (1, -1) else 'days'}"


def say_ago(at: datetime | None, now: datetime) -> str:
    """Says "just now", "40 minutes ago", "3 hours ago", "2 days ago"; "never" for None."""
    if at is None:
        return "never"
    gone = now - at
    if gone < _MINUTE:
        return "just now" if gone > -_MINUTE else f"in {say_span(-gone)}"
    return f"{say_span(gone)} ago"


def say_span(span: timedelta) -> str:
    """A length in its largest whole unit: "40 minutes", "3 hours", "2 days"; under a minute "1 minute"."""
    minutes = max(span // _MINUTE, 1)
    if minutes < 60:
        return say_count(minutes, "minute")
    if minutes < 48 * 60 and minutes // 60 < 24:
        return say_count(minutes // 60, "hour")
    return say_count(minutes // (24 * 60), "day")


def say_list(words: Iterable[str], last: str = "and") -> str:
    """Says "a", "a and b", "a, b and c"."""
    items: Sequence[str] = list(words)
    return f" {last} ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def cut(text: str, length: int = 60) -> str:
    """A text in one line of at most `length` characters, ended with … when something is missing."""
    if len(text) <= length and text.isprintable() and "  " not in text and text == text.strip():
        return text  # as most are
    line = " ".join(text[: length * 4 + 100].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
