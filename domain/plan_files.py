"""Telling the three files of a plan from sheets, by their headings: what the command line is given by name is given here in any order."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.plans import HISTORY, HISTORY_COLUMNS, ITEM_COLUMNS, ITEMS, RELEASE_COLUMNS, RELEASES, Plan, read_plan
from domain.sheets import Table

NEEDED = {RELEASES: RELEASE_COLUMNS, ITEMS: ITEM_COLUMNS, HISTORY: HISTORY_COLUMNS}


@dataclass(frozen=True, slots=True)
class PlanFiles:
    """`history` may be missing, and so may `releases`; `others` are no part of the plan."""

    items: Table
    releases: Table | None
    history: Table | None
    others: tuple[Table, ...]

    def read(self, known_teams: Collection[str]) -> Plan:
        releases = _as_csv(self.releases) if self.releases else f"{','.join(RELEASE_COLUMNS)}\n".encode()
        history = _as_csv(self.history) if self.history else None
        return read_plan(releases, _as_csv(self.items), history, known_teams=known_teams)


def plan_files(tables: Sequence[Table]) -> PlanFiles | None:
    """The plan among what was given, if pieces of work are in it. Without them its dates are a sheet like any other."""
    found: dict[str, Table] = {}
    for table in tables:
        kind = kind_of(table)
        if kind and kind not in found:
            found[kind] = table
    if ITEMS not in found:
        return None
    others = tuple(table for table in tables if table not in found.values())
    return PlanFiles(found[ITEMS], found.get(RELEASES), found.get(HISTORY), others)


def kind_of(table: Table) -> str | None:
    """Which of the three files it is, by the columns that it has."""
    heading = {cell.strip().casefold().replace(" ", "_") for cell in table.rows[0]} if table.rows else set()
    return next((kind for kind, columns in NEEDED.items() if heading.issuperset(columns)), None)


def _as_csv(table: Table) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(table.rows)
    return out.getvalue().encode()
