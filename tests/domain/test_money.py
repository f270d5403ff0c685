"""Amounts as sheets have them."""

import pytest

from domain.errors import BadInput
from domain.money import Point, point_of, read_amount


@pytest.mark.parametrize(
    ("cell", "units", "currency"),
    [
        ("120000", 120_000, ""),
        ("12,000", 12_000, ""),
        ("1,234,567", 1_234_567, ""),
        ("12,34,567", 1_234_567, ""),
        ("12 000", 12_000, ""),
        ("12\u202f000 €", 12_000, "EUR"),
        ("12'000 CHF", 12_000, "CHF"),
        ("1.200,50 €", 1_200, "EUR"),
        ("USD 1,200.50", 1_200, "USD"),
        ("1.200.000", 1_200_000, ""),
        ("€12k", 12_000, "EUR"),
        ("1.200k", 1_200, ""),
        ("$1.2M", 1_200_000, "USD"),
        ("0.5 mio", 500_000, ""),
        ("12,5", 12, ""),
        ("12345.678", 12_346, ""),
        ("12,000 / year", 12_000, ""),
        ("5 a year", 5, ""),
        ("0", 0, ""),
    ],
)
def test_many_styles_are_one_amount(cell: str, units: int, currency: str) -> None:
    read = read_amount(cell)
    assert (read.units, read.currency) == (units, currency)


@pytest.mark.parametrize("cell", ["", "abc", "-5", "(5)", "1.2.3", "1 2", "=1+1", "k", "EUR", ".5", "1,2,3", "12 apples", "9" * 40, "1e9"])
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        read_amount(cell)


def test_a_dot_before_three_digits_is_never_guessed() -> None:
    with pytest.raises(BadInput, match="in two ways"):
        read_amount("1.200")
    assert read_amount("1.200", Point.THOUSANDS).units == 1200
    assert read_amount("1.200", Point.DECIMALS).units == 1


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.200", "1.200,50"], (Point.THOUSANDS, "1.200")),
        (["1.200", "3.5"], (Point.DECIMALS, "1.200")),
        (["1.200", "1,200.50"], (Point.DECIMALS, "1.200")),
        (["1.200", "1.200.000"], (Point.THOUSANDS, "1.200")),
        (["1.200"], (None, "1.200")),
        (["1.200", "3.5", "1.200.000"], (None, "1.200")),
        (["12", "", "x"], (None, "")),
    ],
)
def test_other_cells_may_prove_what_a_dot_is(cells: list[str], expected: tuple[Point | None, str]) -> None:
    assert point_of(cells) == expected
