"""Which steps a release may take from where it stands, and what its words may be."""

from datetime import date

import pytest

from domain.errors import BadInput, NotAllowed
from domain.lifecycle import check_cancel, check_health, check_rollback, check_ship, read_name, read_reason
from domain.releases import Health

TODAY = date(2026, 11, 21)
SHIPPED = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Billing \n revamp ", "Billing revamp"),
        ("1.24", "1.24"),
        ("2027", "2027"),
        ("R2 engine", "R2 engine"),
        ("a\x00b\ud83d", "ab"),
        ("Bill\u200bing\xa0\u202erevamp\u2069\x07", "Billing revamp"),
        ("👩\u200d👧 نمی\u200cخواهم", "👩\u200d👧 نمی\u200cخواهم"),
    ],
)
def test_a_name_is_one_line(typed: str, kept: str) -> None:
    assert read_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "why"),
    [("", "needs a name"), (" \x00 ", "needs a name"), ("\u200b\x07\u202e", "needs a name"), ("x" * 201, "200"), ("R-12", "numbered")],
)
def test_a_name_that_cannot_be_is_said(typed: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as wrong:
        read_name(typed)
    assert list(wrong.value.fields) == ["name"]


def test_a_reason_may_be_missing_only_where_nobody_will_ask() -> None:
    assert read_reason(None) == ""
    assert read_reason(" late\nvendor ") == "late\nvendor"
    with pytest.raises(BadInput, match="Say why"):
        read_reason("  ", "Say why.")
    with pytest.raises(BadInput, match="1,000"):
        read_reason("x" * 1001)


def test_what_is_open_may_ship_be_cancelled_and_judged() -> None:
    check_ship("Billing", None, False, TODAY, TODAY)
    check_cancel("Billing", None, False)
    check_health("Billing", None, False, Health.GREEN, "")
    check_health("Billing", None, False, Health.RED, "vendor gone")
    check_rollback("Billing", SHIPPED)


def test_nobody_ships_in_the_future() -> None:
    with pytest.raises(BadInput, match="Mon 23 Nov 2026 is ahead"):
        check_ship("Billing", None, False, date(2026, 11, 23), TODAY)


def test_red_and_amber_need_a_reason() -> None:
    for health in (Health.RED, Health.AMBER):
        with pytest.raises(BadInput, match="needs a reason"):
            check_health("Billing", None, False, health, "")


def test_what_shipped_is_neither_shipped_cancelled_nor_judged_again() -> None:
    with pytest.raises(NotAllowed, match="shipped on Wed 18 Nov 2026 already"):
        check_ship("Billing", SHIPPED, False, TODAY, TODAY)
    with pytest.raises(NotAllowed, match="cannot be cancelled"):
        check_cancel("Billing", SHIPPED, False)
    with pytest.raises(NotAllowed, match="no health any more"):
        check_health("Billing", SHIPPED, False, Health.GREEN, "")


def test_what_was_cancelled_goes_no_further() -> None:
    for step in (
        lambda: check_ship("Billing", None, True, TODAY, TODAY),
        lambda: check_cancel("Billing", None, True),
        lambda: check_health("Billing", None, True, Health.GREEN, ""),
    ):
        with pytest.raises(NotAllowed, match="cancelled"):
            step()


def test_what_never_shipped_is_not_taken_back() -> None:
    with pytest.raises(NotAllowed, match="nothing to take back"):
        check_rollback("Billing", None)
