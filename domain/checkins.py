"""The weekly question whether dates are still right: when somebody is asked and reminded, about which releases, and what became of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.calendar import DAY, PLAIN, WorkCalendar, instant, is_working_day, local_date, next_weekly, next_working_day

QUIET_DAYS = 7
SHIPS_WITHIN = timedelta(days=7)
NOON = time(12)

_AWAY = re.compile(
    r"\b(away|vacation\w*|holidays?|out of (the )?office|ooo|pto|(on|parental|sick|maternity|paternity) leave|(out )?sick"
    r"|days? off|off (today|until|till|this week|work|sick)|urlaub|krank|elternzeit|congés?|vacances|vacaciones|ferie|férias)\b",
    re.IGNORECASE,
)
_AWAY_SIGNS = frozenset({"palm_tree", "desert_island", "beach_with_umbrella", "face_with_thermometer"})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which day of the week (Monday is 0) and at which wall-clock time everybody is asked."""

    weekday: int = 3
    at: time = time(10)


@dataclass(frozen=True, slots=True)
class Presence:
    """Where somebody works, on which days, and whether their status says that they are away; `away_until` None: nobody knows."""

    zone: str = "UTC"
    calendar: WorkCalendar = PLAIN
    is_away: bool = False
    away_until: datetime | None = None

    def works(self, day: date, at: datetime, now: datetime) -> bool:
        """Whether to write to them then. An absence without an end is looked at again the next day."""
        if not is_working_day(day, self.calendar):
            return False
        return not self.is_away or (at >= self.away_until if self.away_until else at > now)


def says_away(text: str, sign: str = "") -> bool:
    """Whether a Slack status means that its person does not work now: vacation or illness, not a meeting or a home office."""
    return sign.strip(":") in _AWAY_SIGNS or _AWAY.search(text) is not None


def asking_time(now: datetime, rhythm: Rhythm, who: Presence) -> datetime | None:
    """When to ask in this ISO week: `now`, or later; None when this week has no such time any more.

    A holiday or an absence puts it off to the next working day of the week. What was missed comes as soon as it can.
    """
    today = local_date(now, who.zone)
    monday = today - timedelta(days=today.weekday())
    return _first(monday + timedelta(days=rhythm.weekday), rhythm.at, instant(monday + 7 * DAY, time(0), who.zone), now, who)


def reminding_time(asked_at: datetime, now: datetime, rhythm: Rhythm, who: Presence) -> datetime | None:
    """When to remind, once: the next working day at 12:00, or later; None when the next question is as near."""
    day = next_working_day(local_date(asked_at, who.zone), who.calendar)
    return _first(day, NOON, next_weekly(asked_at, rhythm.weekday, rhythm.at, who.zone), now, who)


def _first(day: date, at: time, end: datetime, now: datetime, who: Presence) -> datetime | None:
    day = max(day, local_date(now, who.zone))
    while (when := max(instant(day, at, who.zone), now)) < end:
        if local_date(when, who.zone) == day and who.works(day, when, now):
            return when
        day += DAY
    return None


def is_quiet(changed_at: datetime, now: datetime, zone: str) -> bool:
    """Whether a release changed nothing in 7 days, by the calendar there: what was answered last Thursday is asked again this Thursday."""
    return (local_date(now, zone) - local_date(changed_at, zone)).days >= QUIET_DAYS


class Outcome(StrEnum):
    """What became of a release that somebody was asked about."""

    WAITS = "waits"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    HANDED_OVER = "handed over"


def outcome(
    *,
    shown: str,
    now_for: str,
    shipped_on: date | None,
    is_cancelled: bool,
    is_theirs: bool,
    confirmed_at: datetime | None,
    asked_at: datetime,
) -> Outcome:
    """`shown` is the date as it stood in the question, in words; `now_for` the one that the release has."""
    if shipped_on:
        return Outcome.SHIPPED
    if is_cancelled:
        return Outcome.CANCELLED
    if not is_theirs:
        return Outcome.HANDED_OVER
    if shown != now_for:
        return Outcome.MOVED
    return Outcome.CONFIRMED if confirmed_at and confirmed_at >= asked_at else Outcome.WAITS


def may_confirm(on: date | None, today: date) -> bool:
    """A day that is past cannot be still right."""
    return on is None or on >= today


def may_ship(on: date | None, today: date) -> bool:
    """Whether to offer *Shipped*: the day is near, or past."""
    return on is not None and on <= today + SHIPS_WITHIN
