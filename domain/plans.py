"""Reading the three files of a plan: announced dates, pieces of work, and the history of where that work was planned.

Every row is taken, or skipped with its number and the reason; nothing is guessed in silence.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from domain.nearest import fold, nearest
from domain.phrases import cut, say_count
from domain.sheet_days import read_coarse
from domain.tables import Remark, Row, read_rows

RELEASE_COLUMNS = ("release", "announced_on", "target_date", "shipped_on")
ITEM_COLUMNS = ("item", "title", "team", "depends_on_teams", "release", "state", "last_updated")
HISTORY_COLUMNS = ("changed_at", "item", "old_release", "new_release")
RELEASES, ITEMS, HISTORY = "release-dates.csv", "items.csv", "item-history.csv"
LONGEST_NAME = 200
_STATES = {"open": "open", "todo": "open", "to do": "open", "in progress": "open", "": "open"} | {
    "done": "done", "closed": "done", "complete": "done", "completed": "done",
    "dropped": "dropped", "cancelled": "dropped", "canceled": "dropped", "removed": "dropped",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Announced:
    """One announced date of a release, which may be a week, month or quarter; the first day is its baseline."""

    announced_on: date
    target_on: date
    row: int


@dataclass(frozen=True, slots=True)
class PlannedRelease:
    """A release of the plan. One that only work names has no dates, and is made while some of that work is open; one that
    `stands_alone` is made in any case. Team, owner, health and whether it is cancelled are taken when it is made.
    """

    name: str
    dates: tuple[Announced, ...] = ()
    shipped_on: date | None = None
    team: str | None = None
    owner: str | None = None
    health: str | None = None
    is_cancelled: bool = False
    stands_alone: bool = False


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """One piece of work. `depends_on` are names of teams as the plan spells its own; `updated` is free text at times."""

    key: str
    title: str
    team: str | None
    depends_on: tuple[str, ...]
    release: str | None
    state: str
    updated: str
    updated_on: date | None
    row: int


@dataclass(frozen=True, slots=True)
class PlannedMove:
    """One change of an item's planned release; `before` is None when it was first planned. `at` is UTC."""

    item: str
    before: str | None
    after: str | None
    at: datetime
    row: int


@dataclass(frozen=True, slots=True)
class UnknownTeam:
    """A team that work waits for and that owns nothing: not made a team; `nearest` is what may be meant."""

    name: str
    rows: int
    first_row: int
    nearest: str | None

    @property
    def words(self) -> str:
        """One line of the report."""
        hint = f" Did you mean {self.nearest}?" if self.nearest else ""
        return (
            f'"{cut(self.name)}" owns nothing; {say_count(self.rows, "row waits", "rows wait")} for it, first row {self.first_row}.{hint}'
        )


@dataclass(slots=True)
class Report:
    """What became of the rows: how many of each file were taken, which were skipped and why, and what else to know."""

    taken: Counter[str] = field(default_factory=Counter)
    skipped: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    self_waits: int = 0
    unknown_teams: tuple[UnknownTeam, ...] = ()
    undated: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The counts in words, a line each; the rows themselves are in `skipped` and `remarks`."""
        skipped = Counter(remark.file for remark in self.skipped)
        said = [
            f"{file}: {say_count(self.taken[file], 'row')} taken, {skipped[file]:,} skipped."
            for file in dict.fromkeys((*self.taken, *skipped))
        ]
        if self.undated:
            said.append(f"{say_count(len(self.undated), 'release')} without a date: {cut(', '.join(self.undated), 120)}.")
        if self.self_waits:
            said.append(f"{say_count(self.self_waits, 'time')} a team waits for itself: skipped.")
        return [*said, *(team.words for team in self.unknown_teams)]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as read: nothing of it is written yet."""

    releases: tuple[PlannedRelease, ...]
    items: tuple[PlannedItem, ...]
    moves: tuple[PlannedMove, ...]
    teams: tuple[str, ...]
    report: Report


def read_plan(
    releases: Path | bytes,
    items: Path | bytes,
    history: Path | bytes | None = None,
    *,
    known_teams: Collection[str] = (),
    on_row: Callable[[str, int], None] | None = None,
) -> Plan:
    """Reads the files. `known_teams` exist already; `on_row(file, row)` is called as rows go by. Raises BadInput{file: sentence}."""
    report = Report()
    tell = on_row or (lambda file, row: None)
    dated = _read_releases(_watched(read_rows(releases, RELEASES, RELEASE_COLUMNS, report.skipped), RELEASES, tell), report)
    raw_items = _read_items(_watched(read_rows(items, ITEMS, ITEM_COLUMNS, report.skipped), ITEMS, tell), report)
    work, teams = _resolve_teams(raw_items, known_teams, report)
    moves: tuple[PlannedMove, ...] = ()
    if history is not None:
        keys = {item.key for item in work}
        moves = _read_moves(_watched(read_rows(history, HISTORY, HISTORY_COLUMNS, report.skipped), HISTORY, tell), keys, report)
    named = [item.release for item in work if item.release]
    named += [name for move in moves for name in (move.before, move.after) if name]
    report.undated = tuple(name for name in dict.fromkeys(named) if name not in dated)
    everything = (*dated.values(), *(PlannedRelease(name) for name in report.undated))
    return Plan(everything, tuple(work), moves, teams, report)


def _watched(rows: Iterable[Row], file: str, tell: Callable[[str, int], None]) -> Iterable[Row]:
    for row in rows:
        if row.number % 500 == 0:
            tell(file, row.number)
        yield row


def _read_releases(rows: Iterable[Row], report: Report) -> dict[str, PlannedRelease]:
    dates: dict[str, list[Announced]] = {}
    shipped: dict[str, date] = {}
    names: dict[str, str] = {}
    for row in rows:
        name = row.cells["release"]
        wrong = _wrong_name(name, "release") or _wrong_date(row, "announced_on") or _wrong_target(row)
        wrong = wrong or (_wrong_date(row, "shipped_on") if row.cells["shipped_on"] else None)
        if wrong:
            report.skipped.append(Remark(RELEASES, row.number, wrong))
            continue
        name = names.setdefault(fold(name), name)
        announced_on = _date(row.cells["announced_on"])
        one = Announced(announced_on, _target(row.cells["target_date"], announced_on) or announced_on, row.number)
        known = dates.setdefault(name, [])
        if known and one.announced_on < known[-1].announced_on:
            report.remarks.append(
                Remark(RELEASES, row.number, f"was announced before row {known[-1].row}, so it was put in its place by date")
            )
        known.append(one)
        if row.cells["shipped_on"]:
            shipped[name] = _date(row.cells["shipped_on"])
        report.taken[RELEASES] += 1
    return {
        name: PlannedRelease(name, tuple(sorted(known, key=lambda d: d.announced_on)), shipped.get(name)) for name, known in dates.items()
    }


def _read_items(rows: Iterable[Row], report: Report) -> list[PlannedItem]:
    items: dict[str, PlannedItem] = {}
    for row in rows:
        cells = row.cells
        wrong = _wrong_name(cells["item"], "item")
        if not wrong and cells["item"] in items:
            wrong = f"the key {cut(cells['item'])} stands in row {items[cells['item']].row} already"
        if wrong:
            report.skipped.append(Remark(ITEMS, row.number, wrong))
            continue
        items[cells["item"]] = _item(row, report)
        report.taken[ITEMS] += 1
    return list(items.values())


def _item(row: Row, report: Report) -> PlannedItem:
    cells = row.cells
    state = _STATES.get(cells["state"].casefold())
    if state is None:
        report.remarks.append(Remark(ITEMS, row.number, f'the state "{cut(cells["state"])}" is not open, done or dropped; taken as open'))
    if not cells["title"]:
        report.remarks.append(Remark(ITEMS, row.number, "has no title; its key stands for it"))
    updated_on = _date_or_none(cells["last_updated"])
    if cells["last_updated"] and updated_on is None:
        report.remarks.append(Remark(ITEMS, row.number, f'last_updated "{cut(cells["last_updated"])}" is not a date; kept as text'))
    return PlannedItem(
        key=cells["item"],
        title=cells["title"] or cells["item"],
        team=sys.intern(cells["team"]) if cells["team"] else None,
        depends_on=tuple(sys.intern(name) for name in dict.fromkeys(cells["depends_on_teams"].split())),
        release=sys.intern(cells["release"]) if cells["release"] else None,
        state=state or "open",
        updated=cells["last_updated"],
        updated_on=updated_on,
        row=row.number,
    )


def _resolve_teams(items: list[PlannedItem], known_teams: Collection[str], report: Report) -> tuple[list[PlannedItem], tuple[str, ...]]:
    """Spells each team one way, drops waits for oneself, and sets aside names that own nothing."""
    spelling: dict[str, str] = {squeezed(name): name for name in reversed(list(known_teams))}
    counted = Counter(item.team for item in items if item.team)
    for name, _ in counted.most_common():
        if spelling.setdefault(squeezed(name), name) != name and name not in known_teams:
            row = next(item.row for item in items if item.team == name)
            report.remarks.append(Remark(ITEMS, row, f"{cut(name)} is taken for the team {spelling[squeezed(name)]}"))
    unknown: dict[str, list[int]] = {}
    resolved: list[PlannedItem] = []
    for item in items:
        team = spelling[squeezed(item.team)] if item.team else None
        waits: dict[str, None] = {}
        for name in item.depends_on:
            other = spelling.get(squeezed(name))
            if other is None:
                unknown.setdefault(name, []).append(item.row)
            elif other == team:
                report.self_waits += 1
            else:
                waits[other] = None
        resolved.append(item if team == item.team and tuple(waits) == item.depends_on else _with_teams(item, team, tuple(waits)))
    teams = tuple(dict.fromkeys(item.team for item in resolved if item.team))
    everybody = list(dict.fromkeys((*teams, *known_teams)))
    report.unknown_teams = tuple(
        UnknownTeam(name, len(rows), rows[0], _likely(name, everybody))
        for name, rows in sorted(unknown.items(), key=lambda pair: -len(pair[1]))
    )
    return resolved, teams


def _with_teams(item: PlannedItem, team: str | None, depends_on: tuple[str, ...]) -> PlannedItem:
    return PlannedItem(item.key, item.title, team, depends_on, item.release, item.state, item.updated, item.updated_on, item.row)


def _read_moves(rows: Iterable[Row], keys: set[str], report: Report) -> tuple[PlannedMove, ...]:
    moves: list[PlannedMove] = []
    for row in rows:
        cells = row.cells
        at = _instant(cells["changed_at"])
        wrong = _wrong_name(cells["item"], "item")
        if not wrong and cells["item"] not in keys:
            wrong = f"is about {cut(cells['item'])}, which is not in {ITEMS}"
        if not wrong and at is None:
            wrong = f'changed_at "{cut(cells["changed_at"])}" is not a time such as 2026-05-13T14:03:59+02:00'
        if not wrong and cells["old_release"] == cells["new_release"]:
            wrong = "moves the work to where it was"
        if wrong or at is None:
            report.skipped.append(Remark(HISTORY, row.number, wrong or ""))
            continue
        before, after = (sys.intern(cells[column]) or None for column in ("old_release", "new_release"))
        moves.append(PlannedMove(cells["item"], before, after, at, row.number))
        report.taken[HISTORY] += 1
    return tuple(sorted(moves, key=lambda move: (move.at, move.row)))


def _likely(name: str, teams: list[str]) -> str | None:
    """The team that an unknown name may mean; what all names begin with ("sig-") says nothing."""
    first = re.match(r"\w+?[-_ /]", name)
    shared = first[0] if first and all(team.startswith(first[0]) for team in teams) else ""
    tails = {team[len(shared) :]: team for team in teams}
    return next((tails[tail] for tail in nearest(name[len(shared) :], tails, 1)), None)


@lru_cache(maxsize=4096)
def squeezed(name: str) -> str:
    """Letters and digits only: two spellings of one team differ in hyphens, spaces and case."""
    return "".join(c for c in fold(name) if c.isalnum()) or name


def _wrong_name(name: str, column: str) -> str | None:
    if not name:
        return f"has no {column}"
    return f"the {column} is longer than {LONGEST_NAME} characters" if len(name) > LONGEST_NAME else None


def _wrong_date(row: Row, column: str) -> str | None:
    text = row.cells[column]
    if not text:
        return f"has no {column}"
    return f'{column} "{cut(text)}" is not a day such as 2026-08-26' if _date_or_none(text) is None else None


def _wrong_target(row: Row) -> str | None:
    """What is planned may be a week, month or quarter, counted from when it was announced."""
    text = row.cells["target_date"]
    wrong = _wrong_date(row, "target_date")
    return wrong if wrong and not (text and read_coarse(text, _date(row.cells["announced_on"]))) else None


def _target(text: str, announced_on: date) -> date | None:
    return _date_or_none(text) or read_coarse(text, announced_on)


def _date(text: str) -> date:
    return date.fromisoformat(text)


def _date_or_none(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
