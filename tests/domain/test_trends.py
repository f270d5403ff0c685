"""What is counted of a request, which weeks a period has, and what a change is called."""

from datetime import date

import pytest

from domain.errors import BadInput, NotFound
from domain.periods import Period
from domain.trends import By, by_month, read_asked, read_value, say_change, weeks_of

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "first", "last", "since", "until", "by"),
    [
        ("", date(2026, 8, 30), TODAY, date(2026, 6, 7), date(2026, 8, 29), By.AREA),
        ("last quarter by region", date(2026, 7, 1), date(2026, 9, 30), date(2026, 4, 1), date(2026, 6, 30), By.REGION),
        ("this quarter", date(2026, 10, 1), TODAY, date(2026, 7, 1), date(2026, 8, 21), By.AREA),
        ("for 2026 by customers", date(2026, 1, 1), TODAY, date(2025, 1, 1), date(2025, 11, 21), By.CUSTOMER),
        ("by type", date(2026, 8, 30), TODAY, date(2026, 6, 7), date(2026, 8, 29), By.TYPE),
        ("2025 per team", date(2025, 1, 1), date(2025, 12, 31), date(2024, 1, 1), date(2024, 12, 31), By.TEAM),
        ("March by product areas", date(2026, 3, 1), date(2026, 3, 31), date(2026, 2, 1), date(2026, 2, 28), By.AREA),
    ],
)
def test_a_period_is_held_against_as_much_of_the_one_before(typed: str, first: date, last: date, since: date, until: date, by: By) -> None:
    asked = read_asked(typed, TODAY)
    assert (asked.period.first, asked.period.last, asked.before.first, asked.before.last, asked.by) == (first, last, since, until, by)
    again = read_value(asked.value(), TODAY)
    assert (again.period.first, again.before.first, again.before.last, again.before.words) == (first, since, until, asked.before.words)
    assert again.by is by


@pytest.mark.parametrize(
    ("typed", "said"),
    [("by colour", "Say by area"), ("last 3 years", "a year at most"), ("next month", "not begun"), ("blah", "could not read")],
)
def test_what_cannot_be_read_is_said(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_asked(typed, TODAY)


@pytest.mark.parametrize("value", ["x", "{}", "[]", '{"from":"2026-01-01","to":"x"}', "null"])
def test_an_old_button_is_said_to_be_one(value: str) -> None:
    with pytest.raises(NotFound, match="too old"):
        read_value(value, TODAY)


def test_weeks_begin_on_mondays_and_the_first_with_the_period() -> None:
    assert weeks_of(Period(date(2027, 1, 1), date(2027, 1, 11), "")) == [date(2027, 1, 1), date(2027, 1, 4), date(2027, 1, 11)]
    assert weeks_of(Period(date(2027, 1, 4), date(2027, 1, 10), "")) == [date(2027, 1, 4)]
    assert weeks_of(Period(date(2027, 1, 2), date(2027, 1, 2), "")) == [date(2027, 1, 2)]
    assert len(weeks_of(Period(date(2026, 1, 1), date(2026, 12, 31), ""))) == 53


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (31, 22, "22 before, +41 %"),
        (11, 22, "22 before, −50 %"),
        (3, 3, "as many before"),
        (3, 0, "none before"),
        (0, 0, "none before either"),
        (0, 4, "4 before, −100 %"),
    ],
)
def test_a_change_is_said_with_both_figures(now: int, before: int, said: str) -> None:
    assert say_change(now, before) == said


def test_weeks_are_listed_by_month() -> None:
    assert by_month([(date(2026, 10, 26), 1), (date(2026, 11, 2), 1200), (date(2026, 11, 9), 0)]) == [
        "Oct 2026: 26 Oct: 1",
        "Nov 2026: 2 Nov: 1,200 · 9 Nov: 0",
    ]
