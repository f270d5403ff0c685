"""Reading an XLSX file that a stranger may have made: nothing is unpacked before its size is known, and no formula is ever run.

A cell that was merged counts for each of its places. A formula that no program has worked out yet is its own text.
"""

import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import defusedxml
import openpyxl
from defusedxml.ElementTree import ParseError, iterparse
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
        _refuse_entities(raw)
        book = openpyxl.load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        tables = [_table(sheet, f"{name}: {sheet.title}" if len(shown) > 1 else name) for sheet in shown]
        book.close()
    except BadInput:
        raise
    except Exception as error:  # openpyxl raises what it likes about a damaged file
        what = "holds XML that could harm, so it was not read" if _could_harm(error) else "is damaged, or no XLSX file"
        raise BadInput({name: f"{name} {what}. Save it anew as XLSX, or as CSV in UTF-8."}) from None
    return [table for table in tables if table.rows]


def _could_harm(error: BaseException | None) -> bool:
    """Whether an entity was at the bottom of it; openpyxl wraps what its parser raises."""
    while error is not None and not isinstance(error, defusedxml.DefusedXmlException):
        error = error.__cause__ or error.__context__
    return error is not None


def _refuse_a_bomb(raw: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise BadInput({name: f"{name} is damaged, or no XLSX file. Save it anew as XLSX, or as CSV in UTF-8."}) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        most = f"{MOST_UNPACKED // 1_000_000} MB"
        raise BadInput({name: f"{name} is larger than {most} when it is unpacked, so it was not read. Save the sheet alone as CSV."})


def _refuse_entities(raw: bytes) -> None:
    """Raises DefusedXmlException. openpyxl asks defusedxml only where there is no lxml; what could harm stands before the root."""
    with zipfile.ZipFile(BytesIO(raw)) as packed:
        for part in packed.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with packed.open(part) as xml, suppress(ParseError):
                    next(iter(iterparse(xml, events=("start",))), None)


def _table(sheet: Any, name: str) -> Table:
    """Its rows are counted first: a sheet that is too long is refused before anything else is done with it."""
    rows = list(_numbered(sheet, name))
    made(name, (["x"] if any(cell is not None for cell in cells) else [] for _, cells in rows))
    with sheet._get_source() as xml:
        text = xml.read()
    # The second reading takes as long as the first, and most sheets do not need it.
    merged, formulas = _looked_through(BytesIO(text)) if b"mergeCell" in text or b"<f" in text else ([], {})
    spread = _Spread(merged)
    found = (spread.row([_said(value, formulas.get((number, n))) for n, value in enumerate(cells, 1)], number) for number, cells in rows)
    return _cropped(made(name, found))


def _cropped(table: Table) -> Table:
    """Without the columns at its right that hold nothing."""
    width = max((place for row in table.rows for place, cell in enumerate(row, 1) if cell), default=0)
    return Table(table.name, tuple((*row, *[""] * width)[:width] for row in table.rows))


def _numbered(sheet: Any, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows with their numbers, until there are more than may be."""
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    filled = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
        has_some = any(cell is not None for cell in cells)
        filled += has_some
        if number <= _LAST_ROW:
            yield number, cells
        elif has_some:
            raise BadInput(
                {name: f"{name} has something as far down as row {number:,}. Take the blank rows above it out, and save it again."}
            )
        if filled > MOST_ROWS + HEADING_WITHIN:
            return


def _looked_through(xml: Any) -> tuple[list[tuple[int, int, int, int]], dict[tuple[int, int], str]]:
    """Merged ranges, and formulas without a value by (row, column): what openpyxl leaves out when it streams."""
    merged: list[tuple[int, int, int, int]] = []
    formulas: dict[tuple[int, int], str] = {}
    rows: Any = None
    for event, element in iterparse(xml, events=("start", "end")):
        if event == "start":
            rows = element if element.tag == f"{_SHEETS}sheetData" else rows
        elif element.tag == f"{_SHEETS}mergeCell" and len(merged) < MOST_MERGED:
            left, top, right, bottom = range_boundaries(element.get("ref", "A1"))
            if None not in (left, top, right, bottom):
                merged.append((left, top, right, bottom))
        elif element.tag == f"{_SHEETS}row" and rows is not None:
            formulas |= _unworked(element)
            rows.clear()
    return merged, formulas


def _unworked(row: Any) -> dict[tuple[int, int], str]:
    """Formulas of a row that have no value beside them."""
    found = {}
    for cell in row:
        formula = cell.findtext(f"{_SHEETS}f")
        if formula and not cell.findtext(f"{_SHEETS}v") and cell.get("r"):
            found[coordinate_to_tuple(cell.get("r"))] = f"={formula}"
    return found


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
