"""XLSX files of strangers: what a sheet shows is read, and what could harm is refused before it does."""

import time
import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest

from bot.workbooks import read_workbook
from domain.errors import BadInput
from tests.handlers.plan_steps import workbook

SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def with_sheet(xml: bytes, part: str = SHEET) -> bytes:
    """A workbook whose one sheet, or another part of it, is this XML."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(workbook(["Release", "Date"]))) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            bad.writestr(name, xml if name == part else good.read(name))
    return out.getvalue()


def rows_of(raw: bytes) -> list[tuple[str, ...]]:
    (table,) = read_workbook(raw, "plan.xlsx")
    return list(table.rows)


def test_cells_are_read_as_they_are_seen() -> None:
    at = datetime(2027, 3, 6, 9, 30)  # noqa: DTZ001  (a spreadsheet knows no zones)
    raw = workbook(["Billing 🎉", date(2027, 3, 5), at, 3.0, 1.5, True, None, " x "])
    assert rows_of(raw) == [("Billing 🎉", "2027-03-05", "2027-03-06 09:30:00", "3", "1.5", "yes", "", "x")]


def test_a_merged_cell_counts_for_each_of_its_places() -> None:
    rows = rows_of(workbook(["Team", "Release"], ["Payments", "A"], [None, "B"], [None, "C"], merged="A2:A3"))
    assert rows == [("Team", "Release"), ("Payments", "A"), ("Payments", "B"), ("", "C")]


def test_a_formula_is_its_text_and_a_worked_out_one_its_value() -> None:
    assert rows_of(workbook(['=HYPERLINK("http://x","Billing")', "=B9+7"])) == [('=HYPERLINK("http://x","Billing")', "=B9+7")]
    cell = '<row r="1"><c r="A1" t="str"><f>HYPERLINK("http://x","Billing")</f><v>Billing</v></c></row>'
    assert rows_of(with_sheet(f"{HEAD}{cell}</sheetData></worksheet>".encode())) == [("Billing",)]


def test_sheets_that_are_hidden_or_blank_are_not_read() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Release"])
    book.create_sheet("Blank")
    book.create_sheet("Other").append(["Name"])
    hidden = book.create_sheet("Secret")
    hidden.append(["Acquisition"])
    hidden.sheet_state = "hidden"
    out = BytesIO()
    book.save(out)
    assert [table.name for table in read_workbook(out.getvalue(), "plan.xlsx")] == ["plan.xlsx: Sheet", "plan.xlsx: Other"]


def test_blank_rows_keep_the_numbers_of_those_below() -> None:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A7"] = "Release", "Billing"
    out = BytesIO()
    book.save(out)
    assert rows_of(out.getvalue())[6] == ("Billing",)


BOMB = BytesIO()
with zipfile.ZipFile(BOMB, "w", zipfile.ZIP_DEFLATED) as packed:
    packed.writestr("xl/workbook.xml", b"0" * 50_000_001)
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
CELL = '<row r="{n}"><c r="A{n}" t="str"><v>{text}</v></c></row>'
BODY = f"{HEAD.partition('?>')[2]}{CELL.format(n=1, text='&a;')}</sheetData></worksheet>".encode()
FAR = f"{HEAD}{CELL.format(n=1, text='A')}{CELL.format(n=900000, text='B')}</sheetData></worksheet>".encode()
MERGED = f"{HEAD}{CELL.format(n=1, text='A')}{CELL.format(n=90000, text='B')}</sheetData>"
MERGED += "<mergeCells><mergeCell ref='A1:XFD1048576'/></mergeCells></worksheet>"


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (BOMB.getvalue(), "larger than 50 MB when it is unpacked"),
        (with_sheet(LAUGHS + BODY), "holds XML that could harm"),
        (with_sheet(OUTSIDE + BODY), "holds XML that could harm"),
        (with_sheet(LAUGHS + b"<x/>", "xl/workbook.xml"), "holds XML that could harm"),
        (with_sheet(b"<worksheet><sheetData><row>"), "is damaged"),
        (with_sheet(FAR), "has something as far down as row 900,000"),
        (workbook(["Release"])[:900], "is damaged"),
        (b"PK\x03\x04", "is damaged"),
        (workbook(["Release"], *(["A"] for _ in range(5001))), "has more than 5,000 rows"),
        (with_sheet(MERGED.encode()), "has more than 5,000 rows"),
    ],
    ids=["bomb", "laughs", "outside", "laughing book", "half a sheet", "far down", "cut off", "no zip", "too long", "one great merge"],
)
def test_what_could_harm_is_refused_with_a_sentence(raw: bytes, says: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadInput, match=says):
        read_workbook(raw, "plan.xlsx")
    assert time.monotonic() - began < 10


def test_a_zip_that_is_no_workbook_is_none() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
    with pytest.raises(BadInput, match="is damaged, or no XLSX file"):
        read_workbook(out.getvalue(), "letter.xlsx")
