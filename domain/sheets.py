"""Tables as people bring them: pasted cells or a file of text become rows, and the columns are guessed from their headings.

A guess is shown before anything is done with it, and can be corrected.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from domain.errors import BadInput
from domain.nearest import fold
from domain.sheet_days import looks_like_a_day

MOST_ROWS = 5000
MOST_COLUMNS = 60
LONGEST_CELL = 2000
HEADING_WITHIN = 10  # rows: a title may stand above the headings
K = TypeVar("K", bound=str)
_SIGNS = ("\t", ";", ",")
_SPACES = re.compile(r" {2,}|\t")


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are as given, blank ones too, so that a row's number is the one that a spreadsheet shows."""

    name: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def filled(self) -> int:
        """How many rows have something in them."""
        return sum(1 for row in self.rows if any(row))


class Column(StrEnum):
    """What a column says about a release."""

    NAME = "name"
    TARGET = "target"
    ANNOUNCED = "announced"
    PREVIOUS = "previous"
    SHIPPED = "shipped"
    TEAM = "team"
    OWNER = "owner"
    STATUS = "status"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Column.NAME: "Release",
    Column.TARGET: "Date",
    Column.ANNOUNCED: "Date was said on",
    Column.PREVIOUS: "Previous date",
    Column.SHIPPED: "Shipped on",
    Column.TEAM: "Team",
    Column.OWNER: "Owner",
    Column.STATUS: "Status",
}
DAYS = (Column.TARGET, Column.ANNOUNCED, Column.PREVIOUS, Column.SHIPPED)
_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.PREVIOUS: (
        "previous date", "previous", "previous target", "old date", "original date", "original target", "former date", "first planned",
        "baseline", "baseline date", "last date", "was", "previously", "formerly", "prior date",
    ),
    Column.ANNOUNCED: ("announced on", "announced", "announced at", "date announced", "said on", "changed on", "changed at", "as of"),
    Column.SHIPPED: (
        "shipped on", "shipped", "date shipped", "ship date actual", "released on", "released", "actual date", "actual", "launched on",
        "launched", "live since", "completed on",
    ),
    Column.TARGET: (
        "target date", "target", "date", "due date", "due", "release date", "launch date", "go live", "go live date", "planned date",
        "planned for", "planned", "current date", "new date", "eta", "deadline", "ship date", "delivery date", "end date", "when",
    ),
    Column.OWNER: (
        "owner", "pm", "product manager", "product owner", "dri", "lead", "responsible", "accountable", "owned by", "assignee", "contact",
        "person", "who",
    ),
    Column.TEAM: ("team", "squad", "owning team", "tribe", "group", "department"),
    Column.STATUS: ("status", "state", "health", "rag", "stage", "phase", "progress"),
    Column.NAME: (
        "release", "release name", "name", "feature", "feature name", "title", "initiative", "project", "epic", "milestone", "launch",
        "product", "deliverable", "what", "item",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the headings stand (an index into the rows, None without any) and which column says what."""

    heading: int | None = None
    columns: Mapping[Column, int] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The index of the first row below the headings."""
        return 0 if self.heading is None else self.heading + 1


def decode(raw: bytes, name: str) -> str:
    """The text of a file. Raises BadInput{name} for what is no text."""
    encoding = "utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise BadInput({name: f"{name} is not UTF-8 text. Save it as CSV in UTF-8, or as XLSX, and give it again."}) from None
    if "\0" in text:
        raise BadInput({name: f"{name} has a NUL byte in it, so it is damaged or no text. Save it again."})
    return text


def read_text(text: str, name: str) -> Table:
    """Rows of text with tabs, `;`, `,` or runs of spaces between cells. Raises BadInput{name}."""
    sign = _sign(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        found: Iterable[Sequence[str]]
        if sign:
            found = csv.reader((f"{line}\n" for line in lines), delimiter=sign)
        else:
            found = (_SPACES.split(line.strip()) for line in lines)
        return made(name, found)
    except csv.Error as error:
        raise BadInput({name: f"{name} cannot be read as rows of cells ({error}). Save it again as CSV, or as XLSX."}) from None


def made(name: str, found: Iterable[Sequence[str]]) -> Table:
    """A table of cells, without the blank rows at its end. Raises BadInput{name} for one that is too long."""
    rows: list[tuple[str, ...]] = []
    filled = 0
    for cells in found:
        row = tuple(_cell(cell) for cell in cells[:MOST_COLUMNS])
        filled += any(row)
        if filled > MOST_ROWS + HEADING_WITHIN:
            break
        rows.append(row)
    while rows and not any(rows[-1]):
        rows.pop()
    if filled > MOST_ROWS + 1:
        raise BadInput({name: f"{name} has more than {MOST_ROWS:,} rows. Split it, and import the parts one after the other."})
    return Table(name, tuple(rows))


def _cell(text: str) -> str:
    return text.replace("\u200b", "").strip()[:LONGEST_CELL]


def _sign(text: str) -> str | None:
    """What stands between cells: the sign that most lines have, where the first line has it too; None for runs of spaces."""
    lines = [line for line in text.splitlines() if line.strip()][:40]
    if not lines:
        return ","
    covered = {sign: sum(sign in line for line in lines) for sign in _SIGNS if sign in lines[0]}
    spaced = sum(bool(_SPACES.search(line.strip())) for line in lines) if "  " in lines[0].strip() else 0
    best = max(covered, key=lambda sign: covered[sign], default=None)
    if best is None or spaced > covered[best]:
        return None if spaced else ","
    return best


def joined(chunks: Sequence[str], name: str) -> Table:
    """Pasted parts of one table. A heading row that was pasted again counts once."""
    tables = [read_text(chunk, name) for chunk in chunks if chunk.strip()]
    rows: list[tuple[str, ...]] = []
    for table in tables:
        start = 1 if rows and table.rows[:1] == tuple(rows[:1]) else 0
        rows += table.rows[start:]
    return made(name, rows)


def guess(table: Table) -> Layout:
    """The columns by their headings; what no heading says, by what stands in them."""
    heading, columns = by_headings(table, _HEADINGS)
    below = [row for row in table.rows[0 if heading is None else heading + 1 :] if any(row)][:200]
    return Layout(heading, _by_content(columns, below, has_headings=heading is not None))


def by_headings(table: Table, known: Mapping[K, Sequence[str]]) -> tuple[int | None, dict[K, int]]:
    """Where the headings stand, and the columns that they name. `known` has the words of each, folded, the surest kind of column first."""
    heading = _heading(table, known)
    names = [_said(cell) for cell in table.rows[heading]] if heading is not None else []
    return heading, _by_heading(names, known)


def _heading(table: Table, known: Mapping[K, Sequence[str]]) -> int | None:
    """The row among the first that has most headings in it; a row with a day in it is none."""
    best, most = None, 0
    for index, row in enumerate(table.rows[:HEADING_WITHIN]):
        found = len(_exact([_said(cell) for cell in row], known))
        if found > most and not any(looks_like_a_day(cell) for cell in row):
            best, most = index, found
    return best


def _said(cell: str) -> str:
    return " ".join(re.sub(r"[^\w]+|_", " ", fold(cell)).split())


def _exact(names: Sequence[str], known: Mapping[K, Sequence[str]]) -> dict[K, int]:
    found: dict[K, int] = {}
    for column, words in known.items():
        for word in words:
            place = next((n for n, name in enumerate(names) if name == word and n not in found.values()), None)
            if place is not None:
                found[column] = place
                break
    return found


def _by_heading(names: Sequence[str], known: Mapping[K, Sequence[str]]) -> dict[K, int]:
    """Headings that are known words first, then those that contain one, as "Target date (new)" does."""
    found = _exact(names, known)
    for column, words in known.items():
        free = [(n, set(name.split())) for n, name in enumerate(names) if name and n not in found.values()]
        loose = (n for word in words for n, said in free if set(word.split()) <= said)
        if column not in found and (place := next(loose, None)) is not None:
            found[column] = place
    return found


def _by_content(columns: dict[Column, int], rows: Sequence[tuple[str, ...]], *, has_headings: bool) -> dict[Column, int]:
    """Without a date, the column that holds most days; without a name, the one that holds most different words."""
    free = [n for n in range(max(map(len, rows), default=0)) if n not in columns.values()]
    cells = {n: [row[n] for row in rows if n < len(row) and row[n]] for n in free}
    if Column.TARGET not in columns and not (has_headings and Column.SHIPPED in columns):
        days = {n: sum(map(looks_like_a_day, cells[n])) for n in free}
        best = max(days, key=lambda n: days[n], default=None)
        if best is not None and days[best] * 2 > len(cells[best]):
            columns[Column.TARGET] = best
            free.remove(best)
    if Column.NAME not in columns:
        words = {n: len({cell for cell in cells[n] if not looks_like_a_day(cell)}) for n in free}
        best = max(words, key=lambda n: words[n], default=None)
        if best is not None and words[best]:
            columns[Column.NAME] = best
    return columns


def letter(place: int) -> str:
    """A column as a spreadsheet names it: 0 is A, 26 is AA."""
    first, last = divmod(place, 26)
    return (letter(first - 1) if first else "") + chr(65 + last)
