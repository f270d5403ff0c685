"""The score, its margin of error, and the rows of a survey."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.intake import Lot
from domain.nps import FEWEST, Before, Tally, against, band, read_score, sort_out, tally, trend, without_name

TODAY = date(2026, 11, 21)
scores = st.lists(st.integers(0, 10), min_size=1, max_size=400)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "score", "margin"),
    [
        (50, 30, 20, 30, 15.3),  # p 0.5, d 0.2: sqrt((0.7 - 0.09) / 100) * 196
        (1, 0, 0, 100, 0.0),
        (0, 0, 3, -100, 0.0),
        (0, 9, 0, 0, 0.0),
        (200, 0, 200, 0, 9.8),
        (1, 7, 0, 13, 22.9),  # 12.5 is 13
        (0, 7, 1, -13, 22.9),
    ],
)
def test_the_score_and_its_margin(promoters: int, passives: int, detractors: int, score: int, margin: float) -> None:
    found = Tally(promoters, passives, detractors)
    assert found.score == score
    assert found.margin == pytest.approx(margin, abs=0.05)


def test_bands() -> None:
    assert [band(score) for score in range(11)] == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


@given(scores)
def test_a_score_is_within_its_bounds(given_scores: list[int]) -> None:
    found = tally(given_scores)
    assert -100 <= found.score <= 100
    assert found.n == len(given_scores)
    assert 0 <= found.margin <= 196


@given(st.lists(scores, min_size=1, max_size=6))
def test_groups_pooled_are_the_score_of_all(groups: list[list[int]]) -> None:
    pooled = sum((tally(group) for group in groups), Tally())
    assert pooled == tally(score for group in groups for score in group)


@given(scores)
def test_promoters_for_detractors_turns_the_sign_and_nothing_else(given_scores: list[int]) -> None:
    found = tally(given_scores)
    turned = Tally(found.detractors, found.passives, found.promoters)
    assert turned.score == -found.score
    assert turned.margin == pytest.approx(found.margin)


def test_groups_are_not_averaged() -> None:
    large, small = Tally(90, 0, 10), Tally(0, 0, 30)
    assert (large + small).score == 38 != round((large.score + small.score) / 2)


def test_too_few_answers_make_no_score() -> None:
    assert Tally(FEWEST - 1, 0, 0).says == "no score, 29 answers of 30 that are needed"
    assert Tally(FEWEST, 0, 0).says == "100 ± 0 (n 30)"
    assert against(Tally(FEWEST - 1, 0, 0), Tally(60, 0, 0)) == ""
    assert against(Tally(60, 0, 0), Tally(1, 0, 0)) == "no score to compare with"


def test_a_change_within_the_margins_is_called_so() -> None:
    assert against(Tally(50, 30, 20), Tally(45, 30, 25)).endswith("+10 against 20 ± 16 (n 100), within the margin of error")
    assert "margin" not in against(Tally(900, 50, 50), Tally(50, 50, 900))


@pytest.mark.parametrize(("cell", "score"), [("9", 9), ("9.0", 9), ("10/10", 10), (" 0 ", 0), ("7,00", 7)])
def test_scores_are_read(cell: str, score: int) -> None:
    assert read_score(cell) == score


@pytest.mark.parametrize("cell", ["", "11", "-1", "9.5", "ten", "9 or 10", "=9", "100", "⑨", "nan"])
def test_what_is_no_score_is_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        read_score(cell)


def rows(*cells: tuple[str, str, str]) -> list[tuple[str, int, dict[str, str]]]:
    return [("s", n, {"answered_at": day, "score": score, "comment": words}) for n, (day, score, words) in enumerate(cells, 2)]


def test_the_same_answer_counts_once_and_two_like_ones_twice() -> None:
    given_rows = rows(("2026-10-01", "9", ""), ("2026-10-01", "9", ""), ("2026-10-01", "9", "good"))
    first = sort_out(given_rows, {}, Before(TODAY))
    keys = {line.values["key"] for line in first.lines}
    assert len(keys) == 3
    again = sort_out(given_rows[::-1], {}, Before(TODAY, frozenset(keys)))
    assert {line.lot for line in again.lines} == {Lot.KNOWN}
    more = sort_out([*given_rows, *rows(("2026-10-01", "9", ""))], {}, Before(TODAY, frozenset(keys)))
    assert [line.lot for line in more.lines] == [Lot.KNOWN] * 3 + [Lot.READY]


def test_rows_that_cannot_be_say_why() -> None:
    found = sort_out(rows(("2026-10-01", "9.5", ""), ("2027-10-01", "9", ""), ("", "9", ""), ("2026-10-01", "", "x")), {}, Before(TODAY))
    assert [line.why for line in found.of(Lot.LEFT)] == [
        '"9.5" is between two scores: it is a whole number, 0 to 10',
        "Fri 1 Oct 2027 has not come yet",
        '"" is not one day',
        '"" is no score: it is a whole number, 0 to 10',
    ]


def test_a_day_that_can_be_two_is_asked_once() -> None:
    found = sort_out(rows(("3/4/2026", "9", ""), ("5/6/2026", "9", "")), {}, Before(TODAY))
    (question,) = found.questions
    assert question.rows == (2, 3)
    assert [label for label, _ in question.choices] == ["3 April 2026", "4 March 2026"]
    answered = sort_out(rows(("3/4/2026", "9", "")), {"order": "month"}, Before(TODAY))
    assert answered.lines[0].values["answered_at"] == "2026-03-04"


def test_names_are_taken_out_of_comments() -> None:
    assert without_name("We at ACME love it; Acme's team, acmeology.", "Acme") == "We at [customer] love it; [customer]'s team, acmeology."
    assert without_name("a.b", "a.b", "") == "[customer]"


def test_a_trend_is_by_month_unless_months_have_too_few() -> None:
    many = [(date(2026, month, 2), 9, 40) for month in range(1, 12)]
    assert [each.label for each in trend(many, TODAY)][:2] == ["Dec 2025", "Jan 2026"]
    few = [(date(2026, month, 2), 9, 11) for month in range(1, 12)]
    quarters = trend(few, TODAY)
    assert [each.label for each in quarters][-2:] == ["Q3 2026", "Q4 2026"]
    assert [each.tally.n for each in quarters][-4:] == [33, 33, 33, 22]
    assert sum(each.tally.n for each in trend([], TODAY)) == 0
