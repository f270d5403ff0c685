"""What was given so far, as rows and as the values that the rules read; and what the workspace knows that it is held against."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.requests import Actor
from domain.errors import BadInput, NotFound
from domain.intake import Given, Intake, Known, KnownRelease, sort_out
from domain.nearest import fold
from domain.people import Someone
from domain.plan_files import PlanFiles, plan_files
from domain.plan_reports import grouped
from domain.plans import Plan
from domain.sheet_days import Order
from domain.sheets import Column, Layout, Table, guess
from domain.spans import read_written
from models import Change, PlanDraft, Release, ReleaseName
from models.finding import someones
from models.ledger import SOURCE
from models.planning import known_team_names

KEPT = timedelta(hours=24)
OPEN, READING, READ, IMPORTING, IMPORTED, UNDOING, UNDONE = "open", "reading", "read", "importing", "imported", "undoing", "undone"
GONE = "What you gave was kept for 24 hours and is gone. Start again with `/release import`."


@dataclass(frozen=True, slots=True)
class Look:
    """A draft as it is understood now: rows of sheets, or a plan of three files. `notes` are lines to know."""

    plan: Plan
    says: str
    ready: int
    intake: Intake | None = None
    given: Given | None = None
    notes: Sequence[str] = ()


async def one_draft(session: AsyncSession, key: object, person: str, *, lock: bool = False) -> PlanDraft:
    """The draft of whoever gave it. Raises NotFound."""
    number = int(str(key)) if str(key).isdecimal() and len(str(key)) < 18 else 0
    query = select(PlanDraft).where(PlanDraft.id == number, PlanDraft.person == person)
    found = (await session.scalars(query.with_for_update() if lock else query)).one_or_none()
    if found is None:
        raise NotFound(GONE)
    return found


def as_rows(tables: Sequence[Table]) -> list[dict[str, Any]]:
    return [{"name": table.name, "rows": [list(row) for row in table.rows]} for table in tables]


def keep_tables(draft: PlanDraft, tables: Sequence[Table]) -> None:
    """What was read, with the columns as they are guessed."""
    draft.tables = as_rows(tables)
    draft.layouts = [as_layout(guess(table)) for table in tables]
    draft.state, draft.trouble, draft.answers = READ, "", {}


def as_layout(layout: Layout) -> dict[str, Any]:
    return {"heading": layout.heading, "columns": {column.value: place for column, place in layout.columns.items()}}


def tables_of(draft: PlanDraft) -> list[Table]:
    return [Table(each["name"], tuple(tuple(row) for row in each["rows"])) for each in draft.tables]


def given(draft: PlanDraft) -> Given:
    tables = tables_of(draft)
    layouts = [Layout(each["heading"], {Column(column): place for column, place in each["columns"].items()}) for each in draft.layouts]
    return Given(tables, layouts, Order(draft.day_order) if draft.day_order else None, draft.answers)


async def look_at(session: AsyncSession, draft: PlanDraft, viewer: Actor, deps: Deps) -> Look:
    """What would come into the plan now. Raises BadInput for three files that cannot be read together."""
    everything = given(draft)
    known = await what_is_known(session, viewer, everything)
    return await asyncio.to_thread(_understood, everything, known, deps.today(viewer.zone))


def _understood(everything: Given, known: Known, today: date) -> Look:
    if files := plan_files(everything.tables):
        return _as_plan(files, known)
    intake = sort_out(everything, known, today)
    aside = [
        f"{table.name}: no column holds names of releases, so it is left out."
        for table, layout in zip(everything.tables, everything.layouts, strict=True)
        if Column.NAME not in layout.columns
    ]
    return Look(intake.plan(today), f"{intake.says}.", sum(intake.plan(today).report.taken.values()), intake, everything, aside)


def _as_plan(files: PlanFiles, known: Known) -> Look:
    """The three files of a plan."""
    plan = files.read(known.teams)
    taken, skipped = sum(plan.report.taken.values()), len(plan.report.skipped)
    says = f"{taken + skipped:,} rows of a plan: {taken:,} ready" + (f", {skipped:,} left out" if skipped else "") + "."
    notes = [*plan.report.lines(), *grouped("Left out", plan.report.skipped), *grouped("To know", plan.report.remarks)]
    notes += [f"{table.name}: not one of the plan's three files, so it is left out." for table in files.others]
    return Look(plan, says, taken, notes=notes)


async def what_is_known(session: AsyncSession, viewer: Actor, everything: Given) -> Known:
    """Everybody, every release by name that the reader sees; and dates that imports brought before, of what is given alone."""
    seen = access.seen_releases(viewer)
    columns = (Release.id, Release.name, Release.target_on, Release.shipped_on, Release.source_key)
    rows = {row.id: row for row in await session.execute(select(*columns).where(seen))}
    # One that was never made, as all of it was taken back, has no name any more.
    current = select(ReleaseName.folded, ReleaseName.release_id).where(ReleaseName.is_current)
    names = [(row.folded, row.release_id) for row in await session.execute(current) if row.release_id in rows]
    names += [(fold(row.source_key)[:200], row.id) for row in rows.values() if row.source_key]
    releases: dict[str, KnownRelease] = {}
    for name, key in names:
        one = rows[key]
        releases.setdefault(name, KnownRelease(one.name, one.target_on, one.shipped_on, not viewer.faces_customers))
    dates = await _dates_brought(session, names, everything)
    return Known(await someones(session), releases, dates, await known_team_names(session))


async def _dates_brought(session: AsyncSession, names: list[tuple[str, int]], everything: Given) -> set[tuple[str, date, date]]:
    """What the history has from imports for releases of sheets that say when a date was said."""
    given_names = {
        fold(row[layout.columns[Column.NAME]])[:200]
        for table, layout in zip(everything.tables, everything.layouts, strict=True)
        if {Column.NAME, Column.ANNOUNCED} <= set(layout.columns)
        for row in table.rows[layout.first :]
        if len(row) > layout.columns[Column.NAME]
    }
    called: dict[int, list[str]] = {}
    for name, key in names:
        if name in given_names:
            called.setdefault(key, []).append(name)
    told = select(Change.release_id, Change.after, Change.happened_at).where(
        Change.release_id.in_(called),
        Change.source == SOURCE,
        Change.field == "date",
        Change.voided_at.is_(None),
        Change.after.is_not(None),
    )
    return {
        (name, day, row.happened_at.date())
        for row in (await session.execute(told) if called else ())
        for name in called[row.release_id]
        if (day := read_written(row.after))
    }


def _someone(row: Any) -> Someone:
    cannot = "has left" if row.is_deleted else "is a bot" if row.is_bot else "is a guest" if row.is_guest or row.is_outside else ""
    return Someone(row.slack_id, row.name, row.email, cannot)


def must_be(draft: PlanDraft, *states: str) -> None:
    """Raises BadInput with where the draft stands instead."""
    if draft.state in states:
        return
    if draft.state in (IMPORTING, IMPORTED):
        raise BadInput({"": "This import is under way or done already. Tendon's messages say what came in."})
    raise BadInput({"": "This import is over. Start another with `/release import`."})
