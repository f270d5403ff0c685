"""The budget of messages that nobody asked for: who hears now, when the rest goes, and what is left to say by then."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkCalendar, WorkHours, is_working_day, local_date
from domain.errors import BadInput
from domain.facts import Fact, ReleaseCancelled, ReleaseHealthSet, ReleaseMoved, ReleaseReached, ReleaseRenamed, ReleaseRolledBack
from domain.notices import Level, goes_now, held_until, is_time, read_level, what_is_left

QUIET, NORMAL, EVERYTHING = Level.QUIET, Level.NORMAL, Level.EVERYTHING
BERLIN = WorkHours("Europe/Berlin")
GERMAN = WorkHours("Europe/Berlin", calendar=WorkCalendar(("DE",)))
AUCKLAND = WorkHours("Pacific/Auckland")
EARLY = WorkHours("America/New_York", time(7, 30))
GULF = WorkHours("Asia/Dubai", calendar=WorkCalendar(weekdays=(6, 0, 1, 2, 3)))
GAP = WorkHours("Europe/Berlin", time(2, 30), calendar=WorkCalendar(weekdays=(0, 1, 2, 3, 4, 5, 6)))
SHUT = WorkHours("Europe/Berlin", calendar=WorkCalendar(days_off=frozenset(date(2026, 12, day) for day in range(21, 32))))
MONDAY = date(2026, 11, 23)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("told_on", [None, date(2026, 11, 22), MONDAY, date(2026, 11, 24)])
@pytest.mark.parametrize("is_holding", [False, True])
@pytest.mark.parametrize("level", Level)
def test_who_hears_now(level: Level, is_holding: bool, told_on: date | None) -> None:
    """Everything always, Normal once a day, Quiet never; and nobody before what stands in line already."""
    is_free = told_on is None or told_on < MONDAY
    wanted = not is_holding and (level is EVERYTHING or (level is NORMAL and is_free))
    assert goes_now(level, MONDAY, told_on, is_holding=is_holding) is wanted


# Level, now, the last day with an unasked message, the reader's hours, when what is held goes.
HELD: dict[str, tuple[Level, str, date | None, WorkHours, str]] = {
    "the next morning": (NORMAL, "2026-11-23 10:00", MONDAY, BERLIN, "2026-11-24 08:00"),
    "before work, the day's message is used up": (NORMAL, "2026-11-23 06:00", MONDAY, BERLIN, "2026-11-24 08:00"),
    "before work, it is not": (NORMAL, "2026-11-23 06:00", None, BERLIN, "2026-11-23 08:00"),
    "on the moment": (NORMAL, "2026-11-23 08:00", None, BERLIN, "2026-11-23 08:00"),
    "a Friday": (NORMAL, "2026-11-27 10:00", date(2026, 11, 27), BERLIN, "2026-11-30 08:00"),
    "a Saturday": (NORMAL, "2026-11-28 10:00", date(2026, 11, 28), BERLIN, "2026-11-30 08:00"),
    "a Sunday evening in UTC is Monday in Auckland": (NORMAL, "2026-11-22 20:30", MONDAY, AUCKLAND, "2026-11-23 20:00"),
    "work starts at half past seven": (NORMAL, "2026-11-23 15:00", MONDAY, EARLY, "2026-11-24 12:30"),
    "a week from Sunday to Thursday": (NORMAL, "2026-11-26 12:00", date(2026, 11, 26), GULF, "2026-11-29 05:00"),
    "before a holiday": (NORMAL, "2027-05-05 10:00", date(2027, 5, 5), GERMAN, "2027-05-07 07:00"),
    "before a shutdown": (NORMAL, "2026-12-18 10:00", date(2026, 12, 18), SHUT, "2027-01-01 08:00"),
    "the clocks go forward over the weekend": (NORMAL, "2027-03-26 10:00", date(2027, 3, 26), BERLIN, "2027-03-29 07:00"),
    "the clocks go back over the weekend": (NORMAL, "2026-10-23 10:00", date(2026, 10, 23), BERLIN, "2026-10-26 08:00"),
    "work starts in the hour that is skipped": (NORMAL, "2027-03-27 10:00", date(2027, 3, 27), GAP, "2027-03-28 01:30"),
    "the year ends": (NORMAL, "2026-12-31 10:00", date(2026, 12, 31), BERLIN, "2027-01-01 08:00"),
    "told tomorrow, as somebody flew west": (NORMAL, "2026-11-23 10:00", date(2026, 11, 24), EARLY, "2026-11-25 12:30"),
    "quiet, a Tuesday": (QUIET, "2026-11-24 10:00", None, BERLIN, "2026-11-30 08:00"),
    "quiet, Monday before nine": (QUIET, "2026-11-23 07:59", None, BERLIN, "2026-11-23 08:00"),
    "quiet, Monday after nine": (QUIET, "2026-11-23 08:01", None, BERLIN, "2026-11-30 08:00"),
    "quiet, a Sunday": (QUIET, "2026-11-29 10:00", None, BERLIN, "2026-11-30 08:00"),
    "quiet, that Monday had its message": (QUIET, "2026-11-23 07:00", MONDAY, BERLIN, "2026-11-30 08:00"),
    "quiet, Monday is a holiday": (QUIET, "2027-05-12 10:00", None, GERMAN, "2027-05-18 07:00"),
    "quiet, it is that holiday": (QUIET, "2027-05-17 07:00", None, GERMAN, "2027-05-18 07:00"),
    "quiet, a week is off": (QUIET, "2026-12-16 10:00", None, SHUT, "2027-01-01 08:00"),
    "everything": (EVERYTHING, "2026-11-28 23:00", date(2026, 11, 28), BERLIN, "2026-11-28 23:00"),
}


@pytest.mark.parametrize("case", HELD)
def test_when_what_is_held_goes(case: str) -> None:
    level, now, told_on, hours, when = HELD[case]
    assert held_until(level, at(now), told_on, hours) == at(when)


@pytest.mark.parametrize(
    ("level", "now", "told_on", "hours", "expected"),
    [
        (NORMAL, "2026-11-24 08:00", MONDAY, BERLIN, True),
        (NORMAL, "2026-11-24 16:00", MONDAY, BERLIN, True),  # late, and still today
        (NORMAL, "2026-11-24 07:59", MONDAY, BERLIN, False),  # somebody flew west meanwhile
        (NORMAL, "2026-11-28 12:00", MONDAY, BERLIN, False),  # late until Saturday
        (NORMAL, "2026-12-21 08:00", MONDAY, SHUT, False),  # that day was made a day off meanwhile
        (NORMAL, "2026-11-23 08:00", MONDAY, BERLIN, False),  # that day had its message
        (QUIET, "2026-11-25 10:00", None, BERLIN, True),  # late until Wednesday
        (EVERYTHING, "2026-11-28 23:00", MONDAY, BERLIN, True),
    ],
)
def test_what_is_due_goes_on_a_working_day_from_its_morning_on(
    level: Level, now: str, told_on: date | None, hours: WorkHours, expected: bool
) -> None:
    assert is_time(level, at(now), told_on, hours) is expected


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from([QUIET, NORMAL]),
    st.sampled_from([BERLIN, GERMAN, AUCKLAND, EARLY, GULF, SHUT, GAP]),
    st.booleans(),
)
def test_it_always_goes_on_a_free_working_day_and_never_in_the_past(now: datetime, level: Level, hours: WorkHours, is_told: bool) -> None:
    today = local_date(now, hours.zone)
    when = held_until(level, now, today if is_told else None, hours)
    assert when >= now
    assert is_working_day(local_date(when, hours.zone), hours.calendar)
    assert local_date(when, hours.zone) > today or not is_told
    assert is_time(level, when, today if is_told else None, hours)


@pytest.mark.parametrize(
    ("said", "level"),
    [("quiet", QUIET), (" QUIET. ", QUIET), ("“Normal”", NORMAL), ("everything!", EVERYTHING), ("all", EVERYTHING), ("weekly", QUIET)],
)
def test_how_people_say_it(said: str, level: Level) -> None:
    assert read_level(said) is level


@pytest.mark.parametrize(
    ("said", "offer"),
    [
        ("queit", "Did you mean quiet?"),
        ("loud", "Say quiet, normal or everything."),
        ("", "Say quiet, normal or everything."),
        ("<!channel>", "Say quiet, normal or everything."),
        ("x" * 40_000, "Say quiet, normal or everything."),
        ("quiet normal", "Nothing was changed."),
        ("\x00\u202e", "Nothing was changed."),
    ],
)
def test_what_is_none_of_the_three_is_said_so(said: str, offer: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_level(said)
    assert offer in caught.value.fields["level"]
    assert len(caught.value.fields["level"]) < 200


def fact(kind: type[Fact], **more: Any) -> Any:
    return kind(key="k", release_id=1, change_id=1, **more)  # type: ignore[call-arg]


def moved(before: str | None, after: str) -> Fact:
    return fact(ReleaseMoved, before=before, after=after, reason="r")  # type: ignore[no-any-return]


SHIPPED = fact(ReleaseReached, stage="everyone", on=date(2027, 3, 5))
BETA = fact(ReleaseReached, stage="beta", on=date(2027, 3, 5))
BACK = fact(ReleaseRolledBack, reason="r")
OFF = fact(ReleaseCancelled, reason="r")
AMBER, RED = (fact(ReleaseHealthSet, health=health, reason="r") for health in ("amber", "red"))
MAR_5, MAR_12, MAR_19 = "2027-03-05", "2027-03-12", "2027-03-19"

LEFT: dict[str, tuple[list[Fact], list[Fact]]] = {
    "nothing": ([], []),
    "one": ([moved(MAR_5, MAR_12)], [moved(MAR_5, MAR_12)]),
    "two moves are one": ([moved(MAR_5, MAR_12), moved(MAR_12, MAR_19)], [moved(MAR_5, MAR_19)]),
    "moved and moved back": ([moved(MAR_5, MAR_12), moved(MAR_12, MAR_5)], []),
    "back, and away again": ([moved(MAR_5, MAR_12), moved(MAR_12, MAR_5), moved(MAR_5, MAR_19)], [moved(MAR_5, MAR_19)]),
    "moved, then promised": ([moved(MAR_5, MAR_12), moved(MAR_12, MAR_12)], [moved(MAR_5, MAR_12)]),
    "promised, then moved": ([moved(MAR_5, MAR_5), moved(MAR_5, MAR_12)], [moved(MAR_5, MAR_12)]),
    "promised twice": ([moved(MAR_5, MAR_5), moved(MAR_5, MAR_5)], [moved(MAR_5, MAR_5)]),
    "a first day, then another": ([moved(None, MAR_5), moved(MAR_5, MAR_12)], [moved(None, MAR_12)]),
    "a month is not its last day": ([moved("2027-03", MAR_12), moved(MAR_12, "2027-03-31")], [moved("2027-03", "2027-03-31")]),
    "health as it is in the end": ([AMBER, RED], [RED]),
    "shipped and taken back": ([SHIPPED, BACK], []),
    "shipped, taken back, shipped": ([SHIPPED, BACK, SHIPPED], [SHIPPED]),
    "shipped, taken back, cancelled": ([SHIPPED, BACK, OFF], [OFF]),
    "taken back alone": ([BACK], [BACK]),
    "beta, then everyone": ([BETA, SHIPPED], [SHIPPED]),
    "kinds stand beside each other": ([moved(MAR_5, MAR_12), RED, SHIPPED], [moved(MAR_5, MAR_12), RED, SHIPPED]),
    "renamed twice": (
        [fact(ReleaseRenamed, before="A"), fact(ReleaseRenamed, before="B")],
        [fact(ReleaseRenamed, before="A")],
    ),
}


@pytest.mark.parametrize("case", LEFT)
def test_what_is_left_to_say(case: str) -> None:
    happened, left = LEFT[case]
    assert what_is_left(happened) == left
