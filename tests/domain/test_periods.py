"""Stretches of the past: how they are read, said, compared, and what is refused because it lies ahead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dates import Unclear
from domain.errors import BadInput
from domain.periods import read_past_day, read_period, splits

TODAY = date(2026, 11, 21)  # a Saturday

SAID = [
    ("", "2026-10-01", "2026-12-31", "Q4 2026", "Q3 2026"),
    ("Q3", "2026-07-01", "2026-09-30", "Q3 2026", "Q2 2026"),
    ("q1", "2026-01-01", "2026-03-31", "Q1 2026", "Q4 2025"),
    ("Q3'25", "2025-07-01", "2025-09-30", "Q3 2025", "Q2 2025"),
    ("last quarter", "2026-07-01", "2026-09-30", "Q3 2026", "Q2 2026"),
    ("the last quarter", "2026-07-01", "2026-09-30", "Q3 2026", "Q2 2026"),
    ("March", "2026-03-01", "2026-03-31", "March 2026", "February 2026"),
    ("december", "2025-12-01", "2025-12-31", "December 2025", "November 2025"),
    ("2026", "2026-01-01", "2026-12-31", "2026", "2025"),
    ("last year", "2025-01-01", "2025-12-31", "2025", "2024"),
    ("week 40", "2026-09-28", "2026-10-04", "week 40 of 2026", "week 39 of 2026"),
    ("w48", "2025-11-24", "2025-11-30", "week 48 of 2025", "week 47 of 2025"),
    ("last week", "2026-11-09", "2026-11-15", "week 46 of 2026", "week 45 of 2026"),
    ("since 1 March", "2026-03-01", "2026-11-21", "since Sun 1 Mar 2026", "8 Jun 2025 to 28 Feb 2026"),
    ("since last Friday", "2026-11-20", "2026-11-21", "since Fri 20 Nov 2026", "18 Nov to 19 Nov 2026"),
    ("last 30 days", "2026-10-23", "2026-11-21", "23 Oct to 21 Nov 2026", "23 Sep to 22 Oct 2026"),
    ("1 March to 12 April", "2026-03-01", "2026-04-12", "1 Mar to 12 Apr 2026", "17 Jan to 28 Feb 2026"),
    ("1 December – today", "2025-12-01", "2026-11-21", "1 Dec 2025 to 21 Nov 2026", "10 Dec 2024 to 30 Nov 2025"),
    ("yesterday", "2026-11-20", "2026-11-20", "Fri 20 Nov 2026", "Thu 19 Nov 2026"),
]


@pytest.mark.parametrize(("text", "first", "last", "words", "before"), SAID)
def test_periods_as_people_name_them(text: str, first: str, last: str, words: str, before: str) -> None:
    found = read_period(text, TODAY)
    assert (str(found.first), str(found.last), found.words, found.before.words) == (first, last, words, before)


@pytest.mark.parametrize("text", ["next quarter", "December 2026", "tomorrow", "since tomorrow", "Q1 2027", "2027"])
def test_what_lies_ahead_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match=r"has not (begun|come)"):
        read_period(text, TODAY)


@pytest.mark.parametrize(
    ("text", "says"), [("blah", "as a period"), ("31 February", "no 31 February"), ("12 April to 1 April", "lies before")]
)
def test_what_nobody_can_read_says_how_to_write_it(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read_period(text, TODAY)


DAYS = [
    ("1 March", "2026-03-01"),
    ("Friday", "2026-11-20"),
    ("Saturday", "2026-11-14"),
    ("yesterday", "2026-11-20"),
    ("today", "2026-11-21"),
    ("March", "2026-03-31"),
    ("end of March", "2026-03-31"),
    ("Q3", "2026-09-30"),
    ("this month", "2026-11-21"),
    ("22 Nov", "2025-11-22"),
    ("25.12.", "2025-12-25"),
    ("3 weeks ago", "2026-10-31"),
    ("2026-03-01", "2026-03-01"),
]


@pytest.mark.parametrize(("text", "day"), DAYS)
def test_a_day_that_has_passed(text: str, day: str) -> None:
    assert str(read_past_day(text, TODAY)) == day


@pytest.mark.parametrize("text", ["tomorrow", "in 2 weeks", "1 March 2027", "2027-03-01", "next Friday"])
def test_a_day_ahead_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="has not come yet"):
        read_past_day(text, TODAY)


def test_two_days_are_asked_about_and_both_have_passed() -> None:
    with pytest.raises(Unclear, match="Which one") as unclear:
        read_past_day("3/4", TODAY)
    assert unclear.value.choices == (date(2026, 4, 3), date(2026, 3, 4))


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.sampled_from([said[0] for said in SAID]))
def test_the_period_before_ends_the_day_before(today: date, text: str) -> None:
    try:
        found = read_period(text, today)
    except BadInput:
        return  # "yesterday" to "today" on the wrong day
    assert found.before.last == found.first - timedelta(days=1)
    assert found.first <= today
    assert found.before.first <= found.before.last


def test_a_line_is_read_as_a_time_and_whose_the_longest_time_first() -> None:
    assert list(splits("Q3 of the Payments")) == [
        ("Q3 of the Payments", ""),
        ("Q3", "Payments"),
        ("Q3", "Payments"),
        ("Q3", "Payments"),
        ("", "Q3 of the Payments"),
    ]
