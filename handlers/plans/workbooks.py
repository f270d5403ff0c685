"""Reading an XLSX file that a stranger may have made: nothing is unpacked before its size is known, and no formula is ever run.

A cell that was merged counts for each of its places. A formula that no program has worked out yet is its own text.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import defusedxml
import openpyxl
from defusedxml.ElementTree import iterparse
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from domain.errors import BadInput
from domain.sheets import HEADING_WITHIN, MOST_COLUMNS, MOST_ROWS, Table, made

MOST_UNPACKED = 50_000_000  # bytes
MOST_PARTS = 2000
MOST_MERGED = 2000
_SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LAST_ROW = 20 * MOST_ROWS  # blank rows in between are cheap, and yet not endless


def read_workbook(raw: bytes, name: str) -> list[Table]:
    """The sheets that are shown and hold something, each a table. Raises BadInput{name}."""
    _refuse_a_bomb(raw, name)
    try:
        book = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        tables = [_table(sheet, f"{name}: {sheet.title}" if len(shown) > 1 else name) for sheet in shown]
        book.close()
    except BadInput:
        raise
    except defusedxml.DefusedXmlException:
        raise BadInput({name: f"{name} holds XML that could harm, so it was not read. Save it anew as XLSX, or as CSV."}) from None
    except Exception:  # openpyxl raises what it likes about a damaged file
        raise BadInput({name: f"{name} is damaged, or no XLSX file. Save it anew as XLSX, or as CSV in UTF-8."}) from None
    return [table for table in tables if table.rows]


def _refuse_a_bomb(raw: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadInput({name: f"{name} is damaged, or no XLSX file. Save it anew as XLSX, or as CSV in UTF-8."}) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        most = f"{MOST_UNPACKED // 1_000_000} MB"
        raise BadInput({name: f"{name} is larger than {most} when it is unpacked, so it was not read. Save the sheet alone as CSV."})


def _table(sheet: Any, name: str) -> Table:
    source = sheet._get_source
    with source() as xml:
        merged, formulas = _looked_through(xml)
    spread = _Spread(merged)
    found = (
        spread.row([_said(value, formulas.get((number, place))) for place, value in enumerate(cells, 1)], number)
        for number, cells in _numbered(sheet)
    )
    return _cropped(made(name, found))


def _cropped(table: Table) -> Table:
    """Without the columns at its right that hold nothing."""
    width = max((place for row in table.rows for place, cell in enumerate(row, 1) if cell), default=0)
    return Table(table.name, tuple((*row, *[""] * width)[:width] for row in table.rows))


def _numbered(sheet: Any) -> Iterator[tuple[int, tuple[Any, ...]]]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, max_row=_LAST_ROW, values_only=True), 1):
        filled += any(cell is not None for cell in cells)
        yield number, cells
        if filled > MOST_ROWS + HEADING_WITHIN:
            return


def _looked_through(xml: Any) -> tuple[list[tuple[int, int, int, int]], dict[tuple[int, int], str]]:
    """Merged ranges, and formulas without a value by (row, column): what openpyxl leaves out when it streams."""
    merged: list[tuple[int, int, int, int]] = []
    formulas: dict[tuple[int, int], str] = {}
    for _, element in iterparse(xml):
        if element.tag == f"{_SHEETS}mergeCell" and len(merged) < MOST_MERGED:
            left, top, right, bottom = range_boundaries(element.get("ref", "A1"))
            if None not in (left, top, right, bottom):
                merged.append((left, top, right, bottom))
        elif element.tag == f"{_SHEETS}c":
            formula = element.findtext(f"{_SHEETS}f")
            if formula and not element.findtext(f"{_SHEETS}v") and element.get("r"):
                formulas[coordinate_to_tuple(element.get("r"))] = f"={formula}"
            element.clear()
        elif element.tag == f"{_SHEETS}row":
            element.clear()
    return merged, formulas


class _Spread:
    """Gives the text of a merged cell to each of its places."""

    def __init__(self, merged: list[tuple[int, int, int, int]]) -> None:
        self.merged = merged
        self.kept: dict[tuple[int, int, int, int], str] = {}

    def row(self, cells: list[str], number: int) -> list[str]:
        for area in self.merged:
            left, top, right, bottom = area
            if not top <= number <= bottom or left > MOST_COLUMNS:
                continue
            if number == top and left <= len(cells):
                self.kept[area] = cells[left - 1]
            text = self.kept.get(area, "")
            last = min(right, MOST_COLUMNS)
            cells += [""] * (last - len(cells)) if text else []
            for place in range(left, min(last, len(cells)) + 1):
                cells[place - 1] = cells[place - 1] or text
        return cells


def _said(value: Any, formula: str | None) -> str:
    """A cell as its reader sees it; a day as 2027-03-05."""
    match value:
        case None:
            return formula or ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
        case date():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)
