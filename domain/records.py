"""What a sheet of records would bring in: each row is ready, needs an answer, is known already, or is left out, with the reason.

Each kind of record has its own rules; what they come to has one shape, so that every import looks the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.intake import Lot, tally
from domain.nearest import fold
from domain.people import Someone
from domain.sheets import Table

_NOTHING = {"", "-", "--", "–", "—", "n/a", "na", "none", "tbd", "?", "unknown", "null", "#n/a"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it was understood. `values` is what it brings; `says` how that reads; `why` the reason of any other lot."""

    table: str
    row: int
    name: str
    lot: Lot = Lot.READY
    why: str = ""
    says: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person knows: one of `choices` (label, value), a person, or a number. `rows` is where it came up."""

    key: str
    says: str
    rows: tuple[int, ...]
    choices: tuple[tuple[str, str], ...] = ()
    is_person: bool = False
    is_number: bool = False
    likely: Someone | None = None


@dataclass(frozen=True, slots=True)
class Sorted:
    """All rows in order, and what is asked about them. `notes` are lines to know."""

    lines: tuple[Line, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, lot: Lot) -> list[Line]:
        return [line for line in self.lines if line.lot is lot]

    @property
    def says(self) -> str:
        """Such as "41 rows: 38 ready, 2 need an answer, 1 known"."""
        return tally(line.lot for line in self.lines)


def blank(cell: str) -> bool:
    """Whether a cell says nothing, or says that it says nothing."""
    return fold(cell) in _NOTHING or cell.strip() in _NOTHING


def rows_of(tables: Sequence[tuple[Table, int | None, Mapping[str, int]]]) -> list[tuple[str, int, dict[str, str]]]:
    """(table, number as a spreadsheet shows it, cells by column) of every row below the headings that has something in it."""
    return [
        (table.name, number, {column: row[place] if place < len(row) else "" for column, place in columns.items()})
        for table, heading, columns in tables
        if columns
        for number, row in enumerate(table.rows, 1)
        if number > (0 if heading is None else heading + 1) and any(row)
    ]
