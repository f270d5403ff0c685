from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import (
    PLAIN,
    WorkCalendar,
    WorkHours,
    add_working_days,
    add_working_time,
    calendar_for,
    country_code,
    instant,
    is_working_day,
    local_week,
    next_daily,
    next_weekly,
    working_days_between,
    working_time_between,
)
from domain.errors import BadInput

GERMANY = calendar_for("Germany", [date(2026, 11, 20), date(2026, 11, 21), date(1950, 3, 1), date(2150, 3, 2)])
DAYS = st.dates(date(1985, 1, 1), date(2110, 1, 1))
SUNDAY_TO_THURSDAY = calendar_for("IL", [date(2026, 12, 24), date(2026, 12, 25)], (0, 1, 2, 3, 6))
TWO_COUNTRIES = WorkCalendar(("DE", "US"), frozenset({date(2026, 12, 24)}))
CALENDARS = st.sampled_from(
    [
        *(PLAIN, GERMANY, calendar_for(None, [date(2026, 12, 24)]), calendar_for("US"), SUNDAY_TO_THURSDAY, TWO_COUNTRIES),
        *(WorkCalendar(weekdays=days) for days in ((2,), (5, 6), (0, 2, 4), (0, 1, 2, 3, 4, 5, 6))),
    ]
)
ZONES = st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone))


def moments(first: int, last: int) -> st.SearchStrategy[datetime]:
    """Instants in UTC between two years."""
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    return st.integers(0, int((end - start).total_seconds())).map(lambda seconds: start + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("baseline", "shipped", "slip"),
    [
        ("2022-04-12", "2022-05-03", 15),
        ("2023-12-05", "2023-12-13", 6),
        ("2025-04-16", "2025-04-23", 5),
        ("2026-08-26", "2026-11-21", 62),
        ("2026-11-20", "2026-11-23", 1),
        ("2026-11-20", "2026-11-22", 0),
        ("2026-11-21", "2026-11-22", 0),
        ("2022-05-03", "2022-04-12", -15),
    ],
)
def test_slips_of_the_real_plan(baseline: str, shipped: str, slip: int) -> None:
    assert working_days_between(date.fromisoformat(baseline), date.fromisoformat(shipped)) == slip


@given(DAYS, st.integers(-500, 500), CALENDARS)
def test_counting_by_weeks_agrees_with_counting_day_by_day(a: date, days: int, cal: WorkCalendar) -> None:
    b = a + timedelta(days=days)
    first, last = min(a, b), max(a, b)
    walked = sum(is_working_day(first + timedelta(days=n), cal) for n in range(1, (last - first).days + 1))
    assert working_days_between(a, b, cal) == (walked if b >= a else -walked)


@given(DAYS, st.integers(-200, 200), CALENDARS)
def test_adding_agrees_with_walking(day: date, n: int, cal: WorkCalendar) -> None:
    walked, left, step = day, abs(n), 1 if n > 0 else -1
    while left:
        walked += timedelta(days=step)
        left -= is_working_day(walked, cal)
    assert add_working_days(day, n, cal) == walked


def test_holidays_and_days_off_do_not_count() -> None:
    assert not is_working_day(date(2026, 12, 25), GERMANY)
    assert not is_working_day(date(2026, 11, 20), GERMANY)
    assert working_days_between(date(2026, 12, 23), date(2026, 12, 28), GERMANY) == 2


def test_a_week_may_be_another_one() -> None:
    assert is_working_day(date(2026, 11, 22), SUNDAY_TO_THURSDAY)
    assert not is_working_day(date(2026, 11, 27), SUNDAY_TO_THURSDAY)
    assert working_days_between(date(2026, 11, 19), date(2026, 11, 23), SUNDAY_TO_THURSDAY) == 2
    assert add_working_days(date(2026, 11, 19), 1, SUNDAY_TO_THURSDAY) == date(2026, 11, 22)


def test_the_holidays_of_all_countries_count() -> None:
    thanksgiving, easter_monday = date(2026, 11, 26), date(2027, 3, 29)
    assert not is_working_day(thanksgiving, TWO_COUNTRIES)
    assert not is_working_day(easter_monday, TWO_COUNTRIES)
    assert is_working_day(thanksgiving, GERMANY)
    assert is_working_day(easter_monday, calendar_for("US"))


def test_the_whole_of_time_is_counted() -> None:
    assert working_days_between(date.min, date.max, GERMANY) > 2_600_000


def test_beyond_any_calendar_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="beyond any calendar"):
        add_working_days(date(9999, 12, 1), 100)


@pytest.mark.parametrize(
    ("text", "code"),
    [("DE", "DE"), ("germany", "DE"), ("de-by", "DE-BY"), ("uk", "GB"), ("United States", "US"), ("deu", "DE"), ("Korea.", "KR")],
)
def test_countries_by_code_and_name(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize(
    ("text", "hint"), [("Germny", "Germany"), ("XX", "two letters"), ("DE-ZZ", "not of its part"), ("", "two letters")]
)
def test_an_unknown_country_is_a_sentence(text: str, hint: str) -> None:
    with pytest.raises(BadInput, match=hint):
        country_code(text)


BERLIN = WorkHours("Europe/Berlin", time(9), time(17), GERMANY)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-16T08:30+00:00", 1, "2026-11-16T09:30+00:00"),
        ("2026-11-16T15:30+00:00", 1, "2026-11-17T08:30+00:00"),
        ("2026-11-16T03:00+00:00", 1, "2026-11-16T09:00+00:00"),
        ("2026-11-19T15:30+00:00", 8, "2026-11-23T15:30+00:00"),  # the 20th is a day off
        ("2026-03-27T15:00+00:00", 2, "2026-03-30T08:00+00:00"),  # the clock moves in between
        ("2026-11-16T08:00+00:00", 8, "2026-11-16T16:00+00:00"),
    ],
)
def test_working_time_goes_by_the_wall_clock(start: str, hours: int, end: str) -> None:
    assert add_working_time(datetime.fromisoformat(start), timedelta(hours=hours), BERLIN) == datetime.fromisoformat(end)


def test_a_day_that_ends_at_midnight_is_as_long_as_the_clock_says() -> None:
    around = WorkHours("Europe/Berlin", time(0), time(0), WorkCalendar())
    assert around.day_length == timedelta(days=1)
    begin, end = WorkHours("America/New_York", time(0), time(0)).window(date(2027, 3, 14))
    assert end - begin == timedelta(hours=23)


@given(moments(2020, 2035), st.integers(1, 20_000), ZONES)
@settings(max_examples=60, deadline=None)
def test_time_added_is_time_between(start: datetime, minutes: int, zone: str) -> None:
    hours = WorkHours(zone, time(9), time(17, 30))
    end = add_working_time(start, timedelta(minutes=minutes), hours)
    assert end > start
    assert working_time_between(start, end, hours) == timedelta(minutes=minutes)
    assert working_time_between(end, start, hours) == -timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("zone", "day", "at", "utc"),
    [
        ("Europe/Berlin", date(2027, 3, 28), time(2, 30), "2027-03-28T01:30+00:00"),
        ("America/New_York", date(2027, 3, 14), time(2, 30), "2027-03-14T07:30+00:00"),
        ("Europe/Berlin", date(2027, 10, 31), time(2, 30), "2027-10-31T00:30+00:00"),
        ("America/New_York", date(2027, 11, 7), time(1, 30), "2027-11-07T05:30+00:00"),
    ],
)
def test_a_skipped_time_moves_on_and_a_doubled_one_is_its_first(zone: str, day: date, at: time, utc: str) -> None:
    assert instant(day, at, zone) == datetime.fromisoformat(utc)


def test_the_doubled_hour_runs_once() -> None:
    first = next_daily(datetime(2027, 10, 30, 12, tzinfo=UTC), time(2, 30), "Europe/Berlin")
    assert next_daily(first, time(2, 30), "Europe/Berlin") - first == timedelta(hours=25)


@given(moments(1996, 2040), st.integers(0, 6), st.times(), ZONES)
@settings(deadline=None)
def test_weekly_is_strictly_later_and_never_twice_in_a_local_week(after: datetime, weekday: int, at: time, zone: str) -> None:
    seen: set[str] = set()
    now = after
    for _ in range(60):
        later = next_weekly(now, weekday, at, zone)
        assert now < later <= now + timedelta(days=8)
        week = local_week(later, zone)
        assert week not in seen
        seen.add(week)
        now = later


@given(moments(2015, 2040), st.times(), ZONES)
@settings(deadline=None)
def test_daily_is_strictly_later_and_on_the_wall_clock(after: datetime, at: time, zone: str) -> None:
    later = next_daily(after, at, zone)
    assert after < later <= after + timedelta(days=2)
    local = later.astimezone(ZoneInfo(zone))
    has_changed_its_clock = local.utcoffset() != (later - timedelta(days=1)).astimezone(ZoneInfo(zone)).utcoffset()
    assert local.time() == at or has_changed_its_clock


def test_the_week_is_the_iso_week_of_the_zone() -> None:
    assert local_week(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "Europe/Berlin") == "2026-W48"
    assert local_week(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "UTC") == "2026-W47"
