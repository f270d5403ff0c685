"""Lines about names, stages, readers and work, and moves said from a date."""

from datetime import date

import pytest

from domain.deeds import read_alias, read_kept, read_put_in, read_rename, read_staged, read_taken_out
from domain.likeness import alike, likeness
from domain.releases import Stage
from domain.shifts import Shift, read_shifted, shifted
from domain.spans import month_of, quarter_of, week_of

TODAY, MARCH = date(2026, 11, 21), date(2027, 3, 5)


def test_every_place_at_which_a_line_can_be_parted_is_a_reading_the_longest_name_first() -> None:
    names = [(pair.name, pair.other) for pair in read_rename("Move to cloud to Go to cloud")]
    assert names == [
        ("Move to cloud to Go to cloud", None),
        ("Move to cloud to Go", "cloud"),
        ("Move to cloud", "Go to cloud"),
        ("Move", "cloud to Go to cloud"),
    ]
    assert [(pair.name, pair.other) for pair in read_rename("“Move to cloud” to “Cloud”")] == [("Move to cloud", "Cloud")]


def test_an_alias_is_read_from_either_side() -> None:
    assert ("Billing", "BR") in [(pair.name, pair.other) for pair in read_alias("Billing as BR")]
    assert ("Billing", "BR") in [(pair.name, pair.other) for pair in read_alias("BR for Billing")]


def test_work_goes_in_and_out_with_a_reason() -> None:
    assert ("Billing", "refunds", "asked") in [(pair.name, pair.other, pair.reason) for pair in read_put_in("refunds to Billing - asked")]
    taken = read_taken_out("“refunds from EU” out of Billing because late")
    assert ("Billing", "refunds from EU", "late") in [(pair.name, pair.other, pair.reason) for pair in taken]


@pytest.mark.parametrize(
    ("line", "name", "stage", "day"),
    [
        ("Billing beta", "Billing", Stage.BETA, None),
        ("Billing is in open beta since 20 Nov", "Billing", Stage.BETA, date(2026, 11, 20)),
        ("Billing to GA", "Billing", Stage.EVERYONE, None),
        ("Billing: internally", "Billing", Stage.INTERNAL, None),
        ("Billing to some customers", "Billing", Stage.LIMITED, None),
        ("“Open beta” beta", "Open beta", Stage.BETA, None),
    ],
)
def test_stages(line: str, name: str, stage: Stage, day: date | None) -> None:
    assert (name, stage, day) in [(said.name, said.stage, said.day) for said in read_staged(line, TODAY)]


def test_readers() -> None:
    said = read_kept("Billing to <@U1|pia>, <@U2> and @paul.")
    assert (said.name, [mention.id or mention.name for mention in said.people], said.unread) == ("Billing", ["U1", "U2", "paul"], "")
    assert 'I could not read "marketing"' in read_kept("Billing to <@U1> and marketing").unread
    assert read_kept("Billing to everyone").everybody
    assert not read_kept("Everyone").everybody


@pytest.mark.parametrize(
    ("line", "shift", "reason"),
    [
        ("Billing by 2 weeks", Shift(2, "week"), None),
        ("Billing by a couple of weeks: late", Shift(2, "week"), "late"),
        ("Billing 3 business days later because x", Shift(3, "working day"), "x"),
        ("Billing a month earlier", Shift(-1, "month"), None),
        ("Billing another quarter - x", Shift(1, "quarter"), "x"),
    ],
)
def test_shifts(line: str, shift: Shift, reason: str | None) -> None:
    (said,) = read_shifted(line)
    assert (said.name, said.shift, said.reason) == ("Billing", shift, reason)


@pytest.mark.parametrize(
    "line", ["Billing 2 weeks", "Billing in 2 weeks", "by 2 weeks", "Billing by 0 weeks", "Billing by 999 weeks", "Billing"]
)
def test_what_says_no_distance(line: str) -> None:
    assert read_shifted(line) == ()


def test_a_date_is_counted_in_its_own_precision() -> None:
    assert shifted("x", MARCH, Shift(3, "working day")) == date(2027, 3, 10)
    assert shifted("x", week_of(MARCH), Shift(-1, "week")) == week_of(date(2027, 2, 26))
    assert shifted("x", month_of(MARCH), Shift(1, "quarter")) == month_of(date(2027, 6, 1))
    assert shifted("x", quarter_of(MARCH), Shift(1, "quarter")) == quarter_of(date(2027, 6, 1))


def test_what_may_be_the_same() -> None:
    known = [(name, name) for name in ("Billing revamp", "Usage API", "Search", "Billing export")]
    assert list(alike("Revamp of billing", known)) == ["Billing revamp"]
    assert list(alike("Usage APIs v2", known)) == ["Usage API"]
    assert list(alike("Regional hosting", known)) == []
    assert likeness("1.37", "1.38") == 0
