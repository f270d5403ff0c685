"""The weekly digest: which period it covers, which sections it has, how it is kept short, and what it says in a quiet week."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from domain.calendar import local_date
from domain.phrases import WEEKDAYS, say_count, say_short_day, say_time
from domain.releases import Move

MOST_ROWS = 15
AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Action:
    """A button beside a line: its label, its action id, and the value it carries."""

    label: str
    action_id: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `mention` is the Slack id of the one person who must act, if anybody must."""

    text: str
    mention: str | None = None
    action: Action | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a digest. `rank` orders the parts; `left_out` counts what was cut, `on_track` what is well, for a quiet week."""

    rank: int
    title: str
    lines: tuple[Line, ...]
    left_out: int = 0
    on_track: int = 0


NEEDS_SOMEONE, MOVED, NEXT, WAITING, SHIPPED, CUSTOMERS, UNCONFIRMED = range(
    10, 80, 10
)  # the ranks, so that slices agree without knowing each other


def arrange(sections: Iterable[Section], most: int = MOST_ROWS) -> tuple[Section, ...]:
    """Sections in their order, those with nothing left out, same titles joined, at most `most` lines in all, the first sections first."""
    joined: dict[tuple[int, str], list[Line]] = {}
    for section in sorted(sections, key=lambda s: s.rank):
        joined.setdefault((section.rank, section.title), []).extend(section.lines)
    kept: list[Section] = []
    left = most
    for (rank, title), lines in joined.items():
        if lines:
            kept.append(Section(rank, title, tuple(lines[:left]), max(len(lines) - left, 0)))
            left = max(left - len(lines), 0)
    return tuple(kept)


def left_out(sections: Iterable[Section]) -> int:
    """How many lines were cut in all."""
    return sum(section.left_out for section in sections)


@dataclass(frozen=True, slots=True)
class Period:
    """From the last digest, or 7 days, until now; both in UTC."""

    since: datetime
    until: datetime
    zone: str

    @property
    def words(self) -> str:
        """Says "16 to 22 Nov": the whole local days; the last is the day before the digest."""
        first, last = local_date(self.since, self.zone), local_date(self.until, self.zone) - timedelta(days=1)
        if last <= first:
            return say_short_day(max(first, last))
        return f"{first.day if first.month == last.month else say_short_day(first)} to {say_short_day(last)}"

    @property
    def as_of(self) -> str:
        """Says "as of Mon 23 Nov, 09:00 Berlin"."""
        return f"as of {say_time(self.until, self.zone)}"

    @property
    def next_until(self) -> date:
        """The last local day of "next 14 days"."""
        return local_date(self.until, self.zone) + AHEAD

    @property
    def title(self) -> str:
        """The heading of what moved: "Moved since Mon 16 Nov"."""
        first = local_date(self.since, self.zone)
        return f"Moved since {WEEKDAYS[first.weekday()][:3]} {say_short_day(first)}"


def period(last_at: datetime | None, now: datetime, zone: str) -> Period:
    """The period of a digest that is made now."""
    return Period(last_at or now - timedelta(days=7), now, zone)


def week_title(who: str, now: datetime, zone: str) -> str:
    """The heading: "Payments, week 47"."""
    return f"{who}, week {local_date(now, zone).isocalendar().week}"


def quiet_sentence(who: str, on_track: int) -> str:
    """What a digest says when nothing happened."""
    tail = f" {say_count(on_track, 'release')} on track." if on_track else ""
    return f"Quiet week for {who}: nothing shipped, moved or due in 14 days.{tail}"


def opening(sections: Iterable[Section]) -> str | None:
    """The first line: "2 things need someone today."; None when nothing does."""
    count = sum(len(section.lines) + section.left_out for section in sections if section.rank == NEEDS_SOMEONE)
    return f"{say_count(count, 'thing')} {'needs' if count == 1 else 'need'} someone today." if count else None


def net_move(moves: Iterable[Move], since: datetime, until: datetime) -> Move | None:
    """All moves of a period as one, from the first day to the last, with the last reason; None when it ends where it began."""
    recent = sorted((move for move in moves if since < move.at <= until), key=lambda move: move.at)
    if not recent or recent[0].before == recent[-1].after:
        return None
    return replace(recent[-1], before=recent[0].before)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a digest is for: a channel, and the team whose things it tells (None: all teams), over a period. `today` is in `zone`."""

    channel: str
    team_id: int | None
    since: datetime
    until: datetime
    today: date
    zone: str


LATEST = timedelta(days=3)


def occurrence(next_due_at: datetime, now: datetime, following: Callable[[datetime], datetime]) -> datetime | None:
    """The due occurrence to send now: of several that were missed the last one, and none that is over three days late.

    `following` gives the occurrence after one.
    """
    latest = next_due_at
    while (after := following(latest)) <= now:
        latest = after
    return latest if latest <= now <= latest + LATEST else None
