"""Sheets as people have them: what becomes of each row, and of what cannot be read."""

from datetime import date

import pytest

from domain.errors import BadInput
from domain.intake import Given, Intake, Known, KnownRelease, Lot, sort_out
from domain.people import Someone, find_person, likely_person
from domain.sheet_days import Order, looks_like_a_day, order_of, read_cell, readings
from domain.sheets import MOST_ROWS, Column, Table, decode, guess, joined, letter, read_text

TODAY = date(2026, 11, 22)
PIA, PAUL, LEA = Someone("U1", "Pia Marsh", "pia@acme.example"), Someone("U2", "Paul Lind"), Someone("U3", "Lea Left", cannot="has left")
PEOPLE = (PIA, PAUL, LEA)
KNOWN = Known(people=PEOPLE)


def taken(text: str, known: Known = KNOWN, order: Order | None = None, **answers: str) -> Intake:
    table = read_text(text, "sheet")
    return sort_out(Given([table], [guess(table)], order, {key.replace("__", ":"): value for key, value in answers.items()}), known, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "Release\tDate\nBilling, refunds\t2027-03-05",
        "Release;Date\nBilling, refunds;2027-03-05",
        'Release,Date\n"Billing, refunds",2027-03-05',
        "Release             Date\nBilling, refunds    2027-03-05",
        "Release\tDate\r\nBilling, refunds\t2027-03-05\r\n\r\n",
        "Billing, refunds\t2027-03-05",
        "Roadmap\t\nRelease\tDate\nBilling, refunds\t2027-03-05",
        "Due date;Feature name\n2027-03-05;Billing, refunds",
        "2027-03-05;Billing, refunds\n2027-03-06;SSO",
    ],
)
def test_cells_are_told_apart_and_columns_guessed(text: str) -> None:
    first = taken(text).lines[0]
    assert (first.name, first.target, first.lot) == ("Billing, refunds", date(2027, 3, 5), Lot.READY)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Target date (new)", Column.TARGET),
        ("target_date", Column.TARGET),
        ("ETA", Column.TARGET),
        ("Go-live", Column.TARGET),
        ("Previous date", Column.PREVIOUS),
        ("Original target", Column.PREVIOUS),
        ("announced_on", Column.ANNOUNCED),
        ("Shipped on", Column.SHIPPED),
        ("Product Manager", Column.OWNER),
        ("DRI", Column.OWNER),
        ("Squad", Column.TEAM),
        ("RAG", Column.STATUS),
    ],
)
def test_a_heading_says_what_its_column_holds(heading: str, column: Column) -> None:
    assert guess(Table("sheet", (("Release", heading), ("Billing", "x")))).columns[column] == 1


def test_a_column_says_one_thing() -> None:
    columns = guess(Table("sheet", (("Release", "Release date", "Date", "Owner team"),))).columns
    assert len(set(columns.values())) == len(columns)
    assert columns[Column.NAME] == 0


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-03-05", date(2027, 3, 5)),
        ("2027-03-05 00:00:00", date(2027, 3, 5)),
        ("2027-03-05T23:30:00+02:00", date(2027, 3, 5)),
        ("5 March 2027", date(2027, 3, 5)),
        ("March 5, 2027", date(2027, 3, 5)),
        ("5-Mar-27", date(2027, 3, 5)),
        ("Fri 5 Mar 2027", date(2027, 3, 5)),
        ("5.3.2027", date(2027, 3, 5)),
        ("13/4/2027", date(2027, 4, 13)),
        ("4/13/2027", date(2027, 4, 13)),
        ("46451", date(2027, 3, 5)),
        ("5 March", date(2027, 3, 5)),
    ],
)
def test_a_day_in_many_styles(cell: str, day: date) -> None:
    assert read_cell(cell, TODAY, None) == day
    assert cell.isdecimal() or looks_like_a_day(cell)


@pytest.mark.parametrize(
    "cell", ["31 February 2027", "2027-02-30", "Q2 2027", "Friday", "in 2 weeks", "next sprint", "soon", "99/99/2027", "x" * 500]
)
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        read_cell(cell, TODAY, None)


@pytest.mark.parametrize(
    ("cells", "order", "unclear"),
    [
        (["3/4/2027"], None, "3/4/2027"),
        (["3/4/2027", "13/4/2027"], Order.DAY, "3/4/2027"),
        (["3/4/2027", "4/13/2027"], Order.MONTH, "3/4/2027"),
        (["3/4/2027", "13/4/2027", "4/13/2027"], None, "3/4/2027"),
        (["4/4/2027", "2027-03-04", "3.4.2027"], None, ""),
    ],
)
def test_the_order_of_day_and_month_is_proven_or_asked(cells: list[str], order: Order | None, unclear: str) -> None:
    assert order_of(cells) == (order, unclear)


def test_the_two_readings_are_said_in_words() -> None:
    assert readings("3/4/2027") == {Order.DAY: "3 April 2027", Order.MONTH: "4 March 2027"}
    assert read_cell("3/4/2027", TODAY, Order.DAY) == date(2027, 4, 3)
    assert read_cell("3/4/2027", TODAY, Order.MONTH) == date(2027, 3, 4)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Pia Marsh", PIA),
        ("pia  marsh", PIA),
        ("PIA@acme.example", PIA),
        ("@paul.lind", PAUL),
        ("paul.lind@elsewhere.example", PAUL),
        ("Lea Left", LEA),
        ("Pia", None),
        ("Marsh", None),
        ("Pia Marsh, Paul Lind", None),
    ],
)
def test_an_owner_is_found_by_full_name_or_address_alone(text: str, who: Someone | None) -> None:
    assert find_person(text, PEOPLE) is who


def test_of_two_people_of_one_name_none_is_taken() -> None:
    assert find_person("Pia Marsh", (PIA, Someone("U9", "Pia Marsh"))) is None
    assert find_person("Pia Marsh", (PIA, Someone("U9", "Pia Marsh", cannot="has left"))) is PIA
    assert likely_person("Pia", PEOPLE) is PIA


@pytest.mark.parametrize(
    ("row", "lot", "why"),
    [
        ("Billing\t2027-03-05\tPia Marsh\t", Lot.READY, ""),
        ("Billing\tTBD\t-\t", Lot.READY, ""),
        ("\t2027-03-05\t\t", Lot.LEFT, "has no name"),
        ("R-12\t2027-03-05\t\t", Lot.LEFT, '"R-12" is how releases are numbered. Choose a name in words.'),
        (f"{'x' * 201}\t2027-03-05\t\t", Lot.LEFT, "A name has at most 200 characters; this one has 201."),
        ("Secret\t2027-03-06\t\t", Lot.KNOWN, "is in Tendon"),
        ("SSO!\t2027-03-05\t\t", Lot.KNOWN, "is in Tendon"),
        ("SSO\t2027-03-06\t\t", Lot.KNOWN, "is in Tendon for Fri 5 Mar 2027, and stays so; here it is Sat 6 Mar 2027"),
        ("Billing\t31 February 2027\t\t", Lot.ASK, "There is no 31 February"),
        ("Billing\tQ2 2027\t\t", Lot.READY, ""),
        ("Billing\tnext sprint\t\t", Lot.ASK, '"next sprint" is not one day'),
        ("Billing\t\t\tshipped Q2", Lot.READY, ""),
        ("Billing\t3/4/2027\t\t", Lot.ASK, '"3/4/2027" can be read in two ways'),
        ("Billing\t2027-03-05\tLea Left\t", Lot.ASK, "Lea Left has left"),
        ("Billing\t2027-03-05\tMarsh\t", Lot.ASK, 'I do not know the owner "Marsh"'),
        ("Billing\t\t\tshipped", Lot.ASK, "Shipped on: says that it shipped, and not when"),
        ("Billing\t2027-03-05\t\tshipped", Lot.ASK, "Shipped on: says that it shipped, and not when"),
        ("Billing\t2026-03-05\t\tshipped", Lot.READY, ""),
        ('=HYPERLINK("x")\t2027-03-05\t\tat risk', Lot.READY, ""),
        ("Billing 🎉\t2027-03-05\t\tin progress", Lot.READY, ""),
    ],
)
def test_what_becomes_of_a_row(row: str, lot: Lot, why: str) -> None:
    known = Known(
        PEOPLE, {"sso": KnownRelease("SSO", date(2027, 3, 5)), "secret": KnownRelease("Secret", date(2027, 3, 5), is_dated=False)}
    )
    (line,) = taken(f"Release\tDate\tOwner\tStatus\n{row}\n", known).lines
    assert (line.lot, line.why) == (lot, why)


def test_the_counts_in_words() -> None:
    intake = taken("Release,Date\nA one,2027-03-05\nB two,31 February 2027\n,2027-03-05\nA one,2027-03-06\n")
    assert intake.says == "4 rows: 1 ready, 1 needs an answer, 2 left out"
    assert intake.lines[3].why == "stands in row 2 already"


def test_an_owner_who_is_asked_for_is_asked_for_once() -> None:
    text = "Release,Owner\nA one,Lea Left\nB two,Lea Left\n"
    (question,) = taken(text).questions
    assert (question.rows, question.says) == ((2, 3), "Lea Left has left")
    answered = taken(text, **{"owner__lea left": "U1"})
    assert [line.owner for line in answered.lines] == [PIA, PIA]
    assert [line.owner for line in taken(text, **{"owner__lea left": "nobody"}).of(Lot.READY)] == [None, None]


def test_a_previous_date_comes_first() -> None:
    (one,) = taken("Release,Date,Was\nBilling,2027-03-05,2027-03-01\n").plan(TODAY).releases
    assert [each.target_on for each in one.dates] == [date(2027, 3, 1), date(2027, 3, 5)]


def test_rows_that_say_when_become_history_in_its_order() -> None:
    text = "Release,Said on,Date\nBilling,2026-05-01,2027-03-05\nBilling,2026-01-01,2027-03-01\n"
    (one,) = taken(text).plan(TODAY).releases
    assert [(each.announced_on, each.target_on) for each in one.dates] == [
        (date(2026, 1, 1), date(2027, 3, 1)),
        (date(2026, 5, 1), date(2027, 3, 5)),
    ]


def test_a_team_is_spelt_one_way() -> None:
    intake = taken("Release,Team\nA one,pay-ments\nB two,Payments\nC three,Identity\nD four,identity\n", Known(teams=["Payments"]))
    assert [line.team for line in intake.lines] == ["Payments", "Payments", "Identity", "Identity"]
    assert intake.new_teams == ("Identity",)


def test_parts_that_were_pasted_are_one_table() -> None:
    table = joined(["Release;Date\nA;2027-03-05", "Release;Date\nB;2027-03-06", " ", "C;2027-03-07"], "cells")
    assert [row[0] for row in table.rows] == ["Release", "A", "B", "C"]


def test_two_thousand_rows_are_read_and_five_thousand_and_one_refused() -> None:
    rows = "".join(f"Release {n},2027-03-05\n" for n in range(2000))
    assert taken(f"Release,Date\n{rows}").says == "2,000 rows: 2,000 ready"
    with pytest.raises(BadInput, match="more than 5,000 rows"):
        read_text("Release\n" + "A\n" * (MOST_ROWS + 1), "sheet")


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"a\0b", "Größe".encode("latin-1")])
def test_what_is_no_text_is_refused(raw: bytes) -> None:
    with pytest.raises(BadInput):
        decode(raw, "plan.csv")


def test_columns_are_named_as_a_spreadsheet_does() -> None:
    assert [letter(n) for n in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
