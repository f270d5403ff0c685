"""What a sheet's rows would add to the plan: each is ready, needs an answer, is known already, or is left out, with the reason.

Nothing is guessed between two readings, and nothing that is known is overwritten by a sheet that does not say when it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from domain.dates import Unclear
from domain.errors import BadInput
from domain.lifecycle import read_name
from domain.nearest import fold
from domain.people import Someone, find_person, likely_person
from domain.phrases import cut, say_count, say_day
from domain.plans import Announced, Plan, PlannedRelease, Report, squeezed
from domain.releases import Health, read_health
from domain.sheet_days import Order, order_of, read_cell, read_coarse
from domain.sheets import DAYS, Column, Layout, Table

NOBODY = "nobody"
NO_DAY = "none"
_NOTHING = {"", "-", "--", "–", "—", "n/a", "na", "none", "tbd", "tba", "tbc", "?", "open", "unknown", "no"}
_SHIPPED = {"shipped", "done", "released", "launched", "live", "complete", "completed", "closed", "delivered", "ga"}
_YES = {"yes", "y", "x", "true", "✓", "✔", "✅"} | _SHIPPED
_CANCELLED = {"cancelled", "canceled", "dropped", "stopped", "abandoned", "won't do"}


class Lot(StrEnum):
    """What becomes of a row."""

    READY = "ready"
    ASK = "ask"
    KNOWN = "known"
    LEFT = "left"


def tally(lots: Iterable[Lot]) -> str:
    """Such as "41 rows: 38 ready, 2 need an answer, 1 known"."""
    count = Counter(lots)
    asked = count[Lot.ASK]
    parts = [f"{count[Lot.READY]:,} ready"]
    parts += [f"{asked:,} {'needs' if asked == 1 else 'need'} an answer"] if asked else []
    parts += [f"{count[Lot.KNOWN]:,} known"] if count[Lot.KNOWN] else []
    parts += [f"{count[Lot.LEFT]:,} left out"] if count[Lot.LEFT] else []
    return f"{say_count(count.total(), 'row')}: {', '.join(parts)}"


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A release that exists, as far as whoever imports sees it. `is_dated` is False where its date is not shown to them."""

    name: str
    target_on: date | None = None
    shipped_on: date | None = None
    is_dated: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What a sheet is held against: people, releases by folded name, dates that imports brought before, teams."""

    people: Sequence[Someone] = ()
    releases: Mapping[str, KnownRelease] = field(default_factory=dict)
    dates: Collection[tuple[str, date, date]] = ()  # (folded name, target, announced)
    teams: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, and what was said about it so far. `answers` go by the keys of the questions."""

    tables: Sequence[Table]
    layouts: Sequence[Layout]
    order: Order | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One row, as it was understood."""

    table: str
    row: int
    name: str
    lot: Lot = Lot.READY
    why: str = ""
    target: date | None = None
    previous: date | None = None
    announced: date | None = None
    shipped: date | None = None
    team: str | None = None
    owner: Someone | None = None
    health: Health | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person knows. `about` is "owner" or "day"; `likely` may be offered."""

    key: str
    about: str
    says: str
    rows: tuple[int, ...]
    likely: Someone | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """All rows in order, what is asked about them, and a cell for which the order of day and month has to be said."""

    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    unclear: str = ""
    new_teams: tuple[str, ...] = ()

    def of(self, lot: Lot) -> list[Line]:
        return [line for line in self.lines if line.lot is lot]

    @property
    def says(self) -> str:
        """Such as "41 rows: 38 ready, 2 need an answer, 1 known"."""
        return tally(line.lot for line in self.lines)

    def plan(self, today: date) -> Plan:
        """The ready rows. A day without the time at which it was said counts as said today; the one before it comes first."""
        groups: dict[str, list[Line]] = {}
        for line in self.of(Lot.READY):
            groups.setdefault(fold(line.name), []).append(line)
        report = Report(taken=Counter(line.table for line in self.of(Lot.READY)))
        releases = tuple(_planned(lines, today) for lines in groups.values())
        teams = tuple(dict.fromkeys(line.team for line in self.of(Lot.READY) if line.team))
        return Plan(releases, (), (), teams, report)


def _planned(lines: Sequence[Line], today: date) -> PlannedRelease:
    dates: list[Announced] = []
    for line in lines:
        said = line.announced or today
        dates += [Announced(said, day, line.row) for day in (line.previous, line.target) if day]
    ordered = tuple(sorted(dates, key=lambda each: each.announced_on))
    return PlannedRelease(
        lines[0].name,
        ordered,
        shipped_on=next((line.shipped for line in reversed(lines) if line.shipped), None),
        team=next((line.team for line in lines if line.team), None),
        owner=next((line.owner.id for line in lines if line.owner), None),
        health=next((line.health.value for line in lines if line.health), None),
        is_cancelled=any(line.is_cancelled for line in lines),
        stands_alone=True,
    )


def sort_out(given: Given, known: Known, today: date) -> Intake:
    """Every row with what becomes of it."""
    cells = [cell for table, layout in zip(given.tables, given.layouts, strict=True) for cell in _day_cells(table, layout)]
    proven, unclear = order_of(cells)
    order = given.order or proven
    reader = _Reader(given, known, today, order)
    lines = [
        line
        for table, layout in zip(given.tables, given.layouts, strict=True)
        if Column.NAME in layout.columns
        for number, row in enumerate(table.rows[layout.first :], layout.first + 1)
        if any(row)
        for line in [reader.line(table.name, layout, number, row)]
    ]
    ready = {line.team for line in lines if line.lot is Lot.READY and line.team}
    new = tuple(team for team in reader.spelling.values() if team in ready and team not in known.teams)
    return Intake(tuple(lines), tuple(reader.questions.values()), "" if order else unclear, tuple(dict.fromkeys(new)))


def _day_cells(table: Table, layout: Layout) -> list[str]:
    places = [layout.columns[column] for column in DAYS if column in layout.columns]
    return [row[place] for row in table.rows[layout.first :] for place in places if place < len(row)]


class _Reader:
    """Reads rows one after the other; questions about several rows are asked once."""

    def __init__(self, given: Given, known: Known, today: date, order: Order | None) -> None:
        self.given, self.known, self.today, self.order = given, known, today, order
        self.questions: dict[str, Question] = {}
        self.spelling = {squeezed(team): team for team in reversed(known.teams)}
        self.names: dict[str, tuple[str, int]] = {}
        self.owners: dict[str, Someone | None] = {}

    def line(self, table: str, layout: Layout, number: int, row: Sequence[str]) -> Line:
        cells = {column: row[place] if place < len(row) else "" for column, place in layout.columns.items()}
        try:
            line = Line(table, number, read_name(cells[Column.NAME]))
        except BadInput as wrong:
            why = "has no name" if not cells[Column.NAME] else wrong.sentence.replace(" Nothing was saved.", "")
            return Line(table, number, cut(cells[Column.NAME]), Lot.LEFT, why)
        known = self.known.releases.get(fold(line.name)[:200])
        has_times = bool(cells.get(Column.ANNOUNCED))
        if known and not has_times:
            return replace(line, lot=Lot.KNOWN, why=self._as_known(known, cells))
        first = self.names.setdefault(fold(line.name), (table, number))
        if first != (table, number) and not has_times:
            return replace(line, lot=Lot.LEFT, why=f"stands in row {first[1]} already")
        return self._with_times_known(self._read(line, cells), known)

    def _as_known(self, known: KnownRelease, cells: Mapping[Column, str]) -> str:
        """A known release stays as it is; where the sheet has another day, that is said."""
        try:
            day = read_cell(cells.get(Column.TARGET, ""), self.today, self.order)
        except BadInput:
            return "is in Tendon"
        if not known.is_dated or day in (known.target_on, known.shipped_on):
            return "is in Tendon"
        return f"is in Tendon for {say_day(known.target_on)}, and stays so; here it is {say_day(day)}"

    def _with_times_known(self, line: Line, known: KnownRelease | None) -> Line:
        """A dated announcement that an import brought before is no news."""
        if line.lot is not Lot.READY or known is None or not line.announced or not line.target:
            return line
        is_old = (fold(line.name)[:200], line.target, line.announced) in self.known.dates
        return replace(line, lot=Lot.KNOWN, why="is in Tendon") if is_old and line.shipped in (None, known.shipped_on) else line

    def _read(self, line: Line, cells: Mapping[Column, str]) -> Line:
        asked: list[str] = []
        said_on = self._day(line, Column.ANNOUNCED, cells.get(Column.ANNOUNCED, ""), asked, None)
        base = said_on or self.today
        rest = (Column.TARGET, Column.PREVIOUS, Column.SHIPPED)
        days = {column: self._day(line, column, cells.get(column, ""), asked, base) for column in rest} | {Column.ANNOUNCED: said_on}
        status = fold(cells.get(Column.STATUS, ""))
        said = {status, fold(cells.get(Column.SHIPPED, ""))}
        shipped = days[Column.SHIPPED]
        if shipped is None and said & _YES:
            shipped = self._shipped_when(line, days[Column.TARGET], asked)
        elif shipped and shipped > self.today:
            shipped = self._ask_day(line, Column.SHIPPED, f"says that it shipped on {say_day(shipped)}, which is ahead", asked)
        team = cells.get(Column.TEAM, "")
        line = replace(
            line,
            target=days[Column.TARGET],
            announced=days[Column.ANNOUNCED],
            previous=days[Column.PREVIOUS],
            shipped=shipped,
            team=self.spelling.setdefault(squeezed(team), team[:200]) if fold(team) not in _NOTHING else None,
            owner=self._owner(line, cells.get(Column.OWNER, ""), asked),
            health=_health(status),
            is_cancelled=status in _CANCELLED,
        )
        return replace(line, lot=Lot.ASK, why="; ".join(asked)) if asked else line

    def _day(self, line: Line, column: Column, cell: str, asked: list[str], said_on: date | None) -> date | None:
        """The date in a cell. What is planned may be a week, month or quarter, counted from when it was said."""
        if fold(cell) in _NOTHING or cell in _NOTHING or (column is Column.SHIPPED and fold(cell) in _YES):
            return None
        try:
            return read_cell(cell, self.today, self.order)
        except Unclear:
            if self.order is None and order_of([cell])[1]:
                asked.append(f'"{cut(cell)}" can be read in two ways')
                return None
            return self._ask_day(line, column, f'"{cut(cell)}" can be two days', asked)
        except BadInput as wrong:
            coarse = read_coarse(cell, said_on) if said_on and column in (Column.TARGET, Column.PREVIOUS) else None
            return coarse or self._ask_day(line, column, wrong.sentence.removesuffix("."), asked)

    def _shipped_when(self, line: Line, target: date | None, asked: list[str]) -> date | None:
        if target and target <= self.today:
            return target
        return self._ask_day(line, Column.SHIPPED, "says that it shipped, and not when", asked)

    def _ask_day(self, line: Line, column: Column, problem: str, asked: list[str]) -> date | None:
        """The day that somebody picked; None when they left it empty, or have not said yet."""
        key = f"day:{line.table}:{line.row}:{column.value}"
        answer = self.given.answers.get(key)
        if answer:
            return None if answer == NO_DAY else date.fromisoformat(answer)
        label = "" if column is Column.TARGET else f"{column.label}: "
        self.questions[key] = Question(key, "day", f"{line.name}: {label}{problem}", (line.row,))
        asked.append(f"{label}{problem}")
        return None

    def _owner(self, line: Line, text: str, asked: list[str]) -> Someone | None:
        if fold(text) in _NOTHING:
            return None
        if text not in self.owners:
            self.owners[text] = find_person(text, self.known.people)
        found = self.owners[text]
        if found and not found.cannot:
            return found
        key = f"owner:{fold(text)[:200]}"
        answer = self.given.answers.get(key)
        if answer:
            return next((each for each in self.known.people if each.id == answer and not each.cannot), None)
        problem = f"{found.name} {found.cannot}" if found else f'I do not know the owner "{cut(text)}"'
        rows = (*(self.questions[key].rows if key in self.questions else ()), line.row)
        self.questions[key] = Question(key, "owner", problem, rows, likely_person(text, self.known.people) if not found else None)
        asked.append(problem)
        return None


def _health(status: str) -> Health | None:
    try:
        return read_health(status) if len(status) > 2 else None
    except BadInput:
        return None
