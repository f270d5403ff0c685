"""Weeks, months and quarters: how they are read, said, kept, and by which day they count."""

import pickle
from copy import deepcopy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coarse import read_span, read_when
from domain.dates import Coarse
from domain.grammar import read_move, read_new
from domain.phrases import say_day, say_on, say_short_day
from domain.spans import Month, Precision, Quarter, Week, is_same, month_of, precision_of, quarter_of, read_written, span, week_of, written

TODAY = date(2026, 11, 21)  # a Saturday
DAYS = st.dates(date(1991, 1, 1), date(2099, 12, 31))

SAID = [
    ("end of March", "2027-03"),
    ("mid March 2027", "2027-03"),
    ("March", "2027-03"),
    ("in March", "2027-03"),
    ("november", "2026-11"),
    ("late Nov.", "2026-11"),
    ("2027-04", "2027-04"),
    ("Mar '28", "2028-03"),
    ("end of the month", "2026-11"),
    ("EOM", "2026-11"),
    ("next month", "2026-12"),
    ("mid Q2", "2027-Q2"),
    ("Q2", "2027-Q2"),
    ("q4", "2026-Q4"),
    ("Q3/27", "2027-Q3"),
    ("Q3'27", "2027-Q3"),
    ("3Q 2027", "2027-Q3"),
    ("2027 Q3", "2027-Q3"),
    ("2027-Q3", "2027-Q3"),
    ("early Q1 2028", "2028-Q1"),
    ("second quarter of 2027", "2027-Q2"),
    ("next quarter", "2027-Q1"),
    ("this quarter", "2026-Q4"),
    ("end of year", "2026-Q4"),
    ("EOY", "2026-Q4"),
    ("week 12", "2027-W12"),
    ("W47", "2027-W47"),  # ended yesterday
    ("cw 50", "2026-W50"),
    ("KW3 2027", "2027-W03"),
    ("next week", "2026-W48"),
    ("early next week", "2026-W48"),
    ("week of 9 March", "2027-W10"),
    ("w/c 8 March 2027", "2027-W10"),
    ("“end of March”", "2027-03"),
    ("Ende März", "2027-03"),
    ("Mitte Q2", "2027-Q2"),
    ("fin mars 2027", "2027-03"),
    ("finales de marzo", "2027-03"),
    ("a finales de marzo", "2027-03"),
    ("a fine marzo", "2027-03"),
    ("à la fin mars", "2027-03"),
    ("no fim de março", "2027-03"),
    ("em meados de maio de 2027", "2027-05"),
    ("marzo del 2027", "2027-03"),
    ("eind mei", "2027-05"),
    ("fine giugno 2027", "2027-06"),
    ("Dezember", "2026-12"),
]


@pytest.mark.parametrize(("text", "kept"), SAID)
def test_what_people_say_for_about(text: str, kept: str) -> None:
    found = read_when(text, TODAY)
    assert written(found) == kept
    assert found >= date(2026, 11, 20)


@pytest.mark.parametrize("text", ["next sprint", "H1", "H1 2027", "second half of 2027", "soon", "tbd", "summer", "early 2027", "week 60"])
def test_what_has_no_end_that_is_known_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Coarse) as refused:
        read_when(text, TODAY)
    assert "Your other words are kept." in refused.value.sentence


@pytest.mark.parametrize("text", ["", "billing", "Q5", "13/2027", "marching", "week", "12 March", "W99"])
def test_the_rest_is_no_span(text: str) -> None:
    assert text in {"week"} or read_span(text, TODAY) is None


@pytest.mark.parametrize(
    ("when", "long", "short", "after_a_name"),
    [
        (date(2027, 3, 12), "Fri 12 Mar 2027", "12 Mar", "on Fri 12 Mar 2027"),
        (week_of(date(2027, 3, 12)), "week of 8 Mar 2027", "week of 8 Mar", "planned for week of 8 Mar 2027"),
        (week_of(date(2026, 12, 31)), "week of 28 Dec 2026", "week of 28 Dec", "planned for week of 28 Dec 2026"),
        (month_of(date(2027, 3, 1)), "March 2027", "Mar", "planned for March 2027"),
        (quarter_of(date(2027, 1, 1)), "Q1 2027", "Q1", "planned for Q1 2027"),
        (None, "no day yet", "", "without a day"),
    ],
)
def test_how_they_are_said(when: date | None, long: str, short: str, after_a_name: str) -> None:
    assert (say_day(when), say_on(when)) == (long, after_a_name)
    assert when is None or say_short_day(when) == short


@given(DAYS, st.sampled_from(Precision))
def test_every_span_counts_as_its_last_working_day_and_is_kept_as_said(day: date, precision: Precision) -> None:
    found = span(day, precision)
    assert precision_of(found) == precision
    assert read_written(written(found)) == found
    assert is_same(read_written(written(found)), found)
    assert precision is Precision.DAY or found.weekday() < 5
    assert is_same(span(found, precision), found)
    for copy in (deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert is_same(copy, found)


def test_the_last_of_march_is_not_march() -> None:
    month = month_of(date(2027, 3, 1))
    assert month == date(2027, 3, 31)
    assert not is_same(month, date(2027, 3, 31))
    assert not is_same(quarter_of(month), month)
    assert [type(found) for found in (week_of(month), month_of(month), quarter_of(month))] == [Week, Month, Quarter]


@pytest.mark.parametrize(
    ("line", "name", "kept", "reason"),
    [
        ("Billing revamp to end of March because vendor", "Billing revamp", "2027-03", "vendor"),
        ("Billing revamp to mid Q2", "Billing revamp", "2027-Q2", None),
        ("Billing revamp to Q2 2027 - vendor late", "Billing revamp", "2027-Q2", "vendor late"),
        ("Billing revamp Q2 2027 because vendor late", "Billing revamp", "2027-Q2", "vendor late"),
        ("“Billing revamp” to next month because vendor", "Billing revamp", "2026-12", "vendor"),
        ("Q2 launch to 12 March because vendor", "Q2 launch", "2027-03-12", "vendor"),
        ("Fix next week report 12 March because vendor", "Fix next week report", "2027-03-12", "vendor"),
        ("Growth Q2 to week 12 because vendor", "Growth Q2", "2027-W12", "vendor"),
    ],
)
def test_moves_to_about(line: str, name: str, kept: str, reason: str | None) -> None:
    said = read_move(line, TODAY)
    assert (said.name, written(said.day), said.reason) == (name, kept, reason)


@pytest.mark.parametrize(
    ("line", "name", "kept", "team", "is_planned"),
    [
        ("Billing revamp Q2 2027", "Billing revamp", "2027-Q2", None, False),
        ("Billing revamp in March 2027 for Payments", "Billing revamp", "2027-03", "Payments", False),
        ("Billing revamp 12 March planned", "Billing revamp", "2027-03-12", None, True),
        ("Billing revamp planned 12 March", "Billing revamp", "2027-03-12", None, True),
        ("Billing revamp planned for 12 March for Payments", "Billing revamp", "2027-03-12", "Payments", True),
        ("Billing revamp tentatively 12 March", "Billing revamp", "2027-03-12", None, True),
        ("Billing revamp 12 March (tentative)", "Billing revamp", "2027-03-12", None, True),
        ("“Planned outage page” 12 March", "Planned outage page", "2027-03-12", None, False),
        ("Planned outage page 12 March", "Planned outage page", "2027-03-12", None, False),
        ("Billing revamp 12 March", "Billing revamp", "2027-03-12", None, False),
        ("“Billing revamp” planned 12 March", "Billing revamp", "2027-03-12", None, True),
        ("Prepare next quarter planning 12 March", "Prepare next quarter planning", "2027-03-12", None, False),
    ],
)
def test_new_ones_planned_or_committed(line: str, name: str, kept: str, team: str | None, is_planned: bool) -> None:
    said = read_new(line, TODAY)
    assert (said.name, written(said.day), said.team, said.is_planned) == (name, kept, team, is_planned)
