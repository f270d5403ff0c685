"""Reading what was true at an instant that has passed: what had been said last by then, as prebuilt statements.

A row that was voided since does not count: what was a mistake then is known to be one now.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, case, func, literal_column, null, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from domain.releases import Stage
from models.base import Instant, workspace_of
from models.dependency import Dependency
from models.release import Change, Item, Release
from models.standing import UNPROMISED
from models.team import Team, working_days
from models.workspace import Workspace

AT: ColumnElement[datetime] = bindparam("at", type_=Instant())
CHUNK = 500  # ids in one statement
COUNTS = ("name", "date", "stage", "state", "duplicate", "health", "owner", "team")


def told_of_open(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Of every release that had not shipped at that instant what still counted: the last that was said of each thing, and its first day.

    They come release by release, in the order in which they happened. Binds `workspace_id`, `at`, and what `seen` binds. Each row is
    sought by itself in the index of fields: whole histories of thousands that were closed long ago would take seconds.
    """
    told = (
        *(Change.release_id, Change.field, Change.before, Change.after, Change.happened_at, Change.actor, Change.reason),
        *(Change.reason_kind, Change.source, Change.voided_at, Change.is_committed, Change.effective_on),
    )
    was_open = (
        select(Release.id)
        .where(
            Release.workspace_id == bindparam("workspace_id"),
            or_(Release.is_open.is_(True), Release.changed_at > AT),  # what is closed and has not changed since was closed then as well
            seen,
            Release.id.in_(select(Change.release_id).where(*_said_by_then("name"))),
            func.coalesce(_last(Release.id, "stage", of=Change.after), "") != Stage.EVERYONE,
        )
        .cte("was_open")
    )
    committed = (Change.is_committed.is_not(False), Change.after.is_not(None), func.coalesce(Change.precision, "day") == "day")
    first_day = _of_field(was_open.c.id, "date", of=Change.id).where(*committed).order_by(Change.happened_at, Change.id)
    wanted = (*(_last(was_open.c.id, field, of=Change.id) for field in COUNTS), first_day.limit(1).scalar_subquery())
    kept = union_all(*(select(row.label("id")).select_from(was_open) for row in wanted)).subquery()
    statement: Select[*tuple[Any, ...]] = (
        select(*told)
        .where(Change.id.in_(select(kept.c.id)))  # said of the workspace as well, SQLite would walk through an index of it
        .order_by(Change.release_id, Change.happened_at, Change.id)
    )
    return statement


def _last(release: Any, field: str, of: Any) -> ScalarSelect[Any]:
    query = _of_field(release, field, of=of)
    return query.order_by(Change.happened_at.desc(), Change.id.desc()).limit(1).scalar_subquery()


def _of_field(release: Any, field: str, of: Any) -> Select[Any]:
    return select(of).where(Change.release_id == release, *_said_by_then(field))


def _said_by_then(field: str) -> tuple[ColumnElement[bool], ...]:
    """Rows about releases themselves that count."""
    is_of_workspace, is_of_field = Change.workspace_id == bindparam("workspace_id"), Change.field == field
    return is_of_workspace, is_of_field, Change.item_id.is_(None), Change.voided_at.is_(None), Change.happened_at <= AT


async def last_changes(session: AsyncSession, releases: Sequence[int], at: datetime) -> dict[int, datetime]:
    """When anything about a release, or its work, had last changed by then."""
    newest = (
        select(func.max(Change.happened_at))
        .where(
            Change.workspace_id == Release.workspace_id,
            Change.release_id == Release.id,
            Change.voided_at.is_(None),
            Change.happened_at <= at,
        )
        .scalar_subquery()
    )
    found: dict[int, datetime] = {}
    for start in range(0, len(releases), CHUNK):
        query = select(Release.id, newest.label("at")).where(Release.id.in_(releases[start : start + CHUNK]))
        found.update({row.id: row.at for row in await session.execute(query)})
    return found


async def unpromised(session: AsyncSession, at: datetime) -> dict[int, int]:
    """How many asks of a release nobody had promised by then, by release."""
    open_then = or_(Dependency.state.in_(UNPROMISED), Dependency.answered_at > at)
    query = select(Dependency.release_id, func.count()).where(Dependency.asked_at <= at, open_then, Dependency.release_id.is_not(None))
    return {release: count for release, count in await session.execute(query.group_by(Dependency.release_id)) if release}


async def teams_by_id(session: AsyncSession, ids: Iterable[str | None]) -> dict[str, Any]:
    """Name and working days of teams by their id as history stores it, as text; those of the company under ""."""
    team = select(Team.id, Team.name, *working_days(Team)) if any(ids) else None
    company = select(null().label("id"), null().label("name"), Workspace.zone, Workspace.holidays, Workspace.weekdays, Workspace.days_off)
    rows = [*(await session.execute(team) if team is not None else ())]
    rows += await session.execute(company.where(Workspace.id == workspace_of(session)))
    return {str(row.id or ""): row for row in rows}


async def with_work_of(session: AsyncSession, team: int, at: datetime, releases: Collection[int]) -> frozenset[int]:
    """Which of these releases a team had work in then: where its pieces are now, with every change since then taken back."""
    gave_away = select(Change.item_id).where(
        Change.field == literal_column("'team'"), Change.item_id.is_not(None), Change.before == str(team), *_since(at)
    )
    left = _left_first(at).label("left")
    theirs = select(Item.id).where(Item.team_id == team).union(gave_away).subquery()
    either = select(Item.id, Item.team_id, Item.state, func.coalesce(left, Item.release_id).label("release"))
    found = await session.execute(either.join(theirs, theirs.c.id == Item.id))
    pieces = [row for row in found if row.release in releases]
    before: dict[tuple[int, str], str | None] = {}
    for start in range(0, len(pieces), CHUNK):
        told = select(Change.item_id, Change.field, Change.before).where(
            Change.item_id.in_([row.id for row in pieces[start : start + CHUNK]]), Change.field.in_(("team", "state")), *_since(at)
        )
        for row in await session.execute(told.order_by(Change.happened_at, Change.id)):
            before.setdefault((row.item_id, row.field), row.before)
    return frozenset(
        row.release
        for row in pieces
        if before.get((row.id, "team"), str(row.team_id or "")) == str(team) and before.get((row.id, "state"), row.state) != "dropped"
    )


def _left_first(at: datetime) -> ScalarSelect[Any]:
    """The release that a piece of work left when it first moved since then; 0 where it was in none, nothing where it has not moved."""
    is_its_own = (Change.workspace_id == Item.workspace_id, Change.item_id == Item.id, Change.field == "work", *_since(at))
    left = select(case((Change.is_in.is_(False), Change.release_id), else_=0)).where(*is_its_own)
    return left.order_by(Change.happened_at, Change.is_in).limit(1).correlate(Item).scalar_subquery()  # it leaves before it comes in


def _since(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Change.happened_at > at, Change.voided_at.is_(None)
