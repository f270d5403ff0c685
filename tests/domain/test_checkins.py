"""The weekly question: when, whom, about what, and what an answer may confirm."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import WorkCalendar, is_working_day, local_date, local_week
from domain.checkins import (
    Outcome,
    Presence,
    Rhythm,
    asking_time,
    is_quiet,
    may_confirm,
    may_ship,
    outcome,
    reminding_time,
    says_away,
)

THURSDAY = Rhythm()
BERLIN = Presence("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def away(until: str | None = None, zone: str = "Europe/Berlin") -> Presence:
    return Presence(zone, is_away=True, away_until=at(until) if until else None)


GERMANY = Presence("Europe/Berlin", WorkCalendar(("DE",)))
AMERICA = Presence("America/New_York", WorkCalendar(("US",)))

ASKING: dict[str, tuple[str, Presence, str | None]] = {
    "before it, on Thursday": ("2026-12-03 08:59", BERLIN, "2026-12-03 09:00"),
    "on the moment": ("2026-12-03 09:00", BERLIN, "2026-12-03 09:00"),
    "earlier in the week": ("2026-11-30 12:00", BERLIN, "2026-12-03 09:00"),
    "in New York it is later": ("2026-12-03 09:00", Presence("America/New_York"), "2026-12-03 15:00"),
    "in Auckland it is Wednesday night": ("2026-12-02 20:00", Presence("Pacific/Auckland"), "2026-12-02 21:00"),
    "missed for some hours": ("2026-12-03 14:00", BERLIN, "2026-12-03 14:00"),
    "missed until Friday morning": ("2026-12-04 06:00", BERLIN, "2026-12-04 09:00"),
    "missed until Saturday": ("2026-12-05 09:00", BERLIN, None),
    "a holiday on that Thursday": ("2027-05-06 09:00", GERMANY, "2027-05-07 08:00"),
    "a holiday elsewhere": ("2027-05-06 09:00", AMERICA, "2027-05-06 14:00"),
    "Thanksgiving": ("2026-11-26 16:00", AMERICA, "2026-11-27 15:00"),
    "away until that evening": ("2026-12-03 09:00", away("2026-12-03 20:00"), "2026-12-04 09:00"),
    "away until noon": ("2026-12-03 09:00", away("2026-12-03 11:00"), "2026-12-04 09:00"),
    "away until next week": ("2026-12-03 09:00", away("2026-12-07 09:00"), None),
    "away and nobody knows until when: looked at again": ("2026-12-03 09:00", away(), "2026-12-04 09:00"),
    "still away on Friday": ("2026-12-04 09:00", away(), None),
}


@pytest.mark.parametrize("case", ASKING)
def test_when_somebody_is_asked(case: str) -> None:
    now, who, when = ASKING[case]
    assert asking_time(at(now), THURSDAY, who) == (at(when) if when else None)


REMINDING: dict[str, tuple[str, str, Presence, str | None]] = {
    "the next working day at noon": ("2026-12-03 09:00", "2026-12-03 09:00", BERLIN, "2026-12-04 11:00"),
    "asked on Friday": ("2026-12-04 09:00", "2026-12-04 09:00", BERLIN, "2026-12-07 11:00"),
    "a holiday on that Friday": ("2026-12-24 09:00", "2026-12-24 09:00", GERMANY, "2026-12-28 11:00"),
    "in New York": ("2026-12-03 15:00", "2026-12-03 15:00", Presence("America/New_York"), "2026-12-04 17:00"),
    "away on Friday": ("2026-12-03 09:00", "2026-12-04 11:00", away("2026-12-06 20:00"), "2026-12-07 11:00"),
    "missed for a day": ("2026-12-03 09:00", "2026-12-07 15:00", BERLIN, "2026-12-07 15:00"),
    "missed until the next question": ("2026-12-03 09:00", "2026-12-10 09:00", BERLIN, None),
    "away until then": ("2026-12-03 09:00", "2026-12-04 11:00", away("2026-12-11 09:00"), None),
}


@pytest.mark.parametrize("case", REMINDING)
def test_when_somebody_is_reminded(case: str) -> None:
    asked, now, who, when = REMINDING[case]
    assert reminding_time(at(asked), at(now), THURSDAY, who) == (at(when) if when else None)


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "Pacific/Apia"])
MOMENTS = st.integers(0, 4 * 366 * 24 * 60).map(lambda minutes: at("2025-01-01 00:00") + timedelta(minutes=minutes))


@given(MOMENTS, ZONES, st.integers(0, 4), st.times(), st.sampled_from([None, "DE", "US", "JP"]))
def test_it_is_a_working_day_of_this_week_not_before_the_hour(now: datetime, zone: str, day: int, hour: time, country: str | None) -> None:
    who = Presence(zone, WorkCalendar((country,) if country else ()))
    when = asking_time(now, Rhythm(day, hour.replace(microsecond=0)), who)
    if when is not None:
        assert when >= now
        assert local_week(when, zone) == local_week(now, zone)
        assert is_working_day(local_date(when, zone), who.calendar)
        assert local_date(when, zone).weekday() >= day


@given(MOMENTS, ZONES)
def test_a_reminder_is_later_than_the_day_of_the_question_and_before_the_next(asked: datetime, zone: str) -> None:
    when = reminding_time(asked, asked, THURSDAY, Presence(zone))
    if when is not None:
        assert local_date(when, zone) > local_date(asked, zone)
        assert when - asked < timedelta(days=7, hours=2)


def test_quiet_is_counted_in_days_of_the_wall() -> None:
    now = at("2026-12-03 09:00")
    assert is_quiet(at("2026-11-26 16:00"), now, "Europe/Berlin")  # answered last Thursday, after ten
    assert not is_quiet(at("2026-11-26 23:30"), now, "Europe/Berlin")  # it was Friday there
    assert is_quiet(at("2026-11-26 23:30"), now, "America/New_York")


@pytest.mark.parametrize(
    ("text", "sign", "is_away"),
    [
        ("Vacationing", ":palm_tree:", True),
        ("", ":palm_tree:", True),
        ("Out sick", "", True),
        ("OOO until Monday", "", True),
        ("On parental leave", "", True),
        ("Day off", "", True),
        ("im Urlaub bis 7.12.", "", True),
        ("In a meeting", ":spiral_calendar_pad:", False),
        ("Working remotely", ":house_with_garden:", False),
        ("Signing off invoices", "", False),
        ("leave me feedback", "", False),
        ("", "", False),
    ],
)
def test_which_status_means_away(text: str, sign: str, is_away: bool) -> None:
    assert says_away(text, sign) is is_away


FRIDAY = "Fri 5 Mar 2027"
ASKED = at("2026-12-03 09:00")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Outcome.WAITS),
        ({"confirmed_at": ASKED - timedelta(days=1)}, Outcome.WAITS),
        ({"confirmed_at": ASKED}, Outcome.CONFIRMED),
        ({"now_for": "Fri 12 Mar 2027"}, Outcome.MOVED),
        ({"now_for": "March 2027"}, Outcome.MOVED),
        ({"now_for": "Fri 12 Mar 2027", "confirmed_at": ASKED}, Outcome.MOVED),
        ({"is_theirs": False}, Outcome.HANDED_OVER),
        ({"shipped_on": date(2026, 12, 3), "confirmed_at": ASKED}, Outcome.SHIPPED),
        ({"is_cancelled": True, "is_theirs": False}, Outcome.CANCELLED),
    ],
)
def test_what_became_of_a_release(changed: dict[str, object], expected: Outcome) -> None:
    known: dict[str, object] = {
        "shown": FRIDAY, "now_for": FRIDAY, "shipped_on": None, "is_cancelled": False, "is_theirs": True,
        "confirmed_at": None, "asked_at": ASKED,
    }  # fmt: skip
    assert outcome(**known | changed) is expected  # type: ignore[arg-type]


def test_a_day_that_is_past_cannot_be_right_and_a_near_one_may_have_shipped() -> None:
    today = date(2026, 12, 3)
    days = [None, date(2026, 12, 2), today, date(2026, 12, 10), date(2026, 12, 11)]
    assert [may_confirm(day, today) for day in days] == [True, False, True, True, True]
    assert [may_ship(day, today) for day in days] == [False, True, True, True, False]
