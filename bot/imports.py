"""Bringing records in from sheets, for any slice: what a slice says of its records, and the drafts of what people give.

A slice declares a `Kind` and takes its listeners and effects from `bot.importing.Importing`. Nothing comes in before it was seen.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.requests import Actor
from bot.slices import Job
from domain.errors import BadInput, NotFound
from domain.records import Line, Sorted, rows_of
from domain.sheets import Table, by_headings
from models import SheetDraft

KEPT = timedelta(hours=24)
OPEN, READING, READ, IMPORTING, IMPORTED, UNDOING, UNDONE = "open", "reading", "read", "importing", "imported", "undoing", "undone"
Rows = Sequence[tuple[str, int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import wrote, in words, and what its undo needs."""

    says: str
    undo: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a slice says of its records. `headings` has the words of each column, folded; `needed` are those without which no row counts.

    `known` reads what rows are held against, `sort` is pure and runs beside the loop. `write` brings ready lines in, `take_back` says what
    is gone.
    """

    slice: str
    command: str
    title: str
    intro: str
    labels: Mapping[str, str]
    headings: Mapping[str, Sequence[str]]
    needed: Sequence[str]
    may: Callable[[AsyncSession, Actor], Awaitable[None]]
    known: Callable[[AsyncSession, Actor, Rows, Mapping[str, str], Deps], Awaitable[Any]]
    sort: Callable[[Rows, Mapping[str, str], Any], Sorted]
    write: Callable[[AsyncSession, SheetDraft, Sequence[Line], datetime], Awaitable[Brought]]
    take_back: Callable[[AsyncSession, SheetDraft, datetime], Awaitable[str]]

    def id(self, verb: str) -> str:
        return f"{self.slice}:import_{verb}"

    @property
    def gone(self) -> str:
        return f"What you gave was kept for 24 hours and is gone. Start again with `{self.command}`."


async def one_draft(session: AsyncSession, kind: Kind, key: object, person: str, *, lock: bool = False) -> SheetDraft:
    """The draft of whoever gave it. Raises NotFound."""
    query = select(SheetDraft).where(SheetDraft.id == as_key(key), SheetDraft.kind == kind.slice, SheetDraft.person == person)
    found = (await session.scalars(query.with_for_update() if lock else query)).one_or_none()
    if found is None:
        raise NotFound(kind.gone)
    return found


def as_key(value: object) -> int:
    return int(str(value)) if str(value).isdecimal() and len(str(value)) < 18 else 0


def must_be(kind: Kind, draft: SheetDraft, *states: str) -> None:
    """Raises BadInput with where the draft stands instead."""
    if draft.state in states:
        return
    if draft.state in (IMPORTING, IMPORTED):
        raise BadInput({"": "This import is under way or done already. Tendon's messages say what came in."})
    raise BadInput({"": f"This import is over. Start another with `{kind.command}`."})


def keep_tables(kind: Kind, draft: SheetDraft, tables: Sequence[Table]) -> None:
    """What was read, with the columns as their headings name them."""
    draft.tables = [_kept(table, *by_headings(table, kind.headings)) for table in tables]
    draft.state, draft.trouble, draft.answers = READ, "", {}


def _kept(table: Table, heading: int | None, columns: Mapping[str, int]) -> dict[str, Any]:
    return {"name": table.name, "rows": [list(row) for row in table.rows], "heading": heading, "columns": dict(columns)}


def tables_of(draft: SheetDraft) -> list[tuple[Table, int | None, Mapping[str, int]]]:
    return [(Table(each["name"], tuple(map(tuple, each["rows"]))), each["heading"], each["columns"]) for each in draft.tables]


async def look_at(session: AsyncSession, kind: Kind, draft: SheetDraft, viewer: Actor, deps: Deps) -> Sorted:
    """What would come in now. A table without the columns that are needed is left out."""
    given = [each for each in tables_of(draft) if set(kind.needed) <= set(each[2])]
    rows = rows_of(given)
    known = await kind.known(session, viewer, rows, draft.answers, deps)
    return await asyncio.to_thread(kind.sort, rows, draft.answers, known)


async def sweep(session: AsyncSession, deps: Deps) -> None:
    """Drafts of more than a day ago. What an import brought in stays; only its undo is over."""
    old = deps.now() - KEPT
    over = or_(SheetDraft.imported_at.is_(None), SheetDraft.imported_at < old)
    busy = SheetDraft.state.in_((IMPORTING, UNDOING))
    these = delete(SheetDraft).where(SheetDraft.created_at < old, over, ~busy)
    await session.execute(these, execution_options={"synchronize_session": False})


JOBS = (Job("forget-old-sheets", sweep, every=600.0),)


async def viewer_of(session: AsyncSession, draft: SheetDraft) -> Actor:
    """Whoever gave it, as they may see now."""
    return await access.actor_of(session, draft.person)
