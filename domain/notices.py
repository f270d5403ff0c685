"""How much somebody hears that they did not ask for: when a notice may go, when those that are held go, and what is left to say by then.

Answers, and asks that wait for their reader, are no notices: nothing here holds them, and they use nothing up. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.calendar import DAY, WorkHours, instant, is_working_day, local_date, next_working_day
from domain.errors import BadInput
from domain.facts import Fact, ReleaseCancelled, ReleaseHealthSet, ReleaseMoved, ReleaseReached, ReleaseRenamed, ReleaseRolledBack
from domain.nearest import nearest
from domain.phrases import cut, say_list
from domain.releases import Stage

WEEK = timedelta(weeks=1)
MOST = 12  # changes that one message shows


class Level(StrEnum):
    """What somebody chose to hear unasked."""

    QUIET = "quiet"
    NORMAL = "normal"
    EVERYTHING = "everything"

    @property
    def says(self) -> str:
        return _SAYS[self]


_SAYS = {
    Level.QUIET: "Nothing during the week. Monday morning one message says what changed.",
    Level.NORMAL: "At most one message a day. What else changed comes together the next working morning.",
    Level.EVERYTHING: "Each change at once.",
}
_ALSO = {"all": Level.EVERYTHING, "every": Level.EVERYTHING, "weekly": Level.QUIET, "daily": Level.NORMAL, "default": Level.NORMAL}


def read_level(text: str) -> Level:
    """Raises BadInput{"level"} for what is none of the three."""
    word = text.strip().strip(".!?,\"'“”‘’`*").casefold()
    known = {level.value: level for level in Level} | _ALSO
    if word in known:
        return known[word]
    near = nearest(word, [level.value for level in Level]) if len(word) <= 20 else []
    offer = f"Did you mean {say_list(near, 'or')}?" if near else "Say quiet, normal or everything."
    raise BadInput({"level": f'I do not know "{cut(text.strip(), 40)}". {offer} Nothing was changed.'})


def goes_now(level: Level, today: date, told_on: date | None, *, is_holding: bool) -> bool:
    """Whether a notice goes at once. `told_on` is the last local day with an unasked message; behind what is held it stands in line."""
    if is_holding:
        return False
    return level is Level.EVERYTHING or (level is Level.NORMAL and (told_on is None or told_on < today))


def held_until(level: Level, now: datetime, told_on: date | None, hours: WorkHours) -> datetime:
    """When that which is held goes: when work starts on the next day, or the first of a week, that has had no unasked message. UTC."""
    if level is Level.EVERYTHING:
        return now
    today = local_date(now, hours.zone)
    day = next_working_day((today - timedelta(days=today.weekday()) if level is Level.QUIET else today) - DAY, hours.calendar)
    while _morning(day, hours) < now or (told_on is not None and day <= told_on):
        monday = day - timedelta(days=day.weekday())
        day = next_working_day(monday + WEEK - DAY if level is Level.QUIET else day, hours.calendar)
    return _morning(day, hours)


def is_time(level: Level, now: datetime, told_on: date | None, hours: WorkHours) -> bool:
    """Whether what was due may go now: late it goes on a working day, once work has started. A day off may have come up since."""
    if level is Level.EVERYTHING:
        return True
    today = local_date(now, hours.zone)
    is_free = told_on is None or told_on < today
    return is_free and is_working_day(today, hours.calendar) and now >= _morning(today, hours)


def _morning(day: date, hours: WorkHours) -> datetime:
    return instant(day, hours.start, hours.zone)


def what_is_left(facts: Sequence[Fact]) -> list[Fact]:
    """What of the changes of one release, in order, is still to be told: one of each kind, as it stands in the end.

    What came to nothing while nobody heard of it (moved and moved back, shipped and taken back) is not told.
    """
    left: dict[str, Fact] = {}
    for fact in facts:
        kind = _kind(fact)
        new = _after(left.pop(kind, None), fact)
        if new is not None:
            left[kind] = new
    return list(left.values())


def _after(before: Fact | None, fact: Fact) -> Fact | None:
    """Two changes of one kind as one. None where the second takes the first back."""
    match before, fact:
        case ReleaseReached(stage=Stage.EVERYONE), ReleaseRolledBack():
            return None
        case ReleaseMoved(before=first), ReleaseMoved(before=then, after=last):
            is_back = first == last and then != last  # the same day said again commits to it
            return None if is_back else replace(fact, before=first)
        case ReleaseRenamed(before=first), ReleaseRenamed():
            return replace(fact, before=first)
    return fact


def _kind(fact: Fact) -> str:
    match fact:
        case ReleaseMoved():
            return "date"
        case ReleaseReached() | ReleaseRolledBack() | ReleaseCancelled():
            return "stage"
        case ReleaseHealthSet():
            return "health"
    return type(fact).__name__
