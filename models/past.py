"""Reading what was true at an instant that has passed: histories up to then, as prebuilt statements.

A row that was voided since does not count: what was a mistake then is known to be one now.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import Instant, workspace_of
from models.dependency import Dependency
from models.release import Change, Item, Release
from models.standing import UNPROMISED
from models.team import Team, working_days
from models.workspace import Workspace

AT: ColumnElement[datetime] = bindparam("at", type_=Instant())
CHUNK = 500  # ids in one statement


def histories(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The rows until `at` of every release that may have been open then, release by release, in the order in which they happened.

    One that is closed now and has not changed since was closed then as well. Binds `workspace_id`, `at`, and what `seen` binds.
    """
    told = (
        *(Change.release_id, Change.field, Change.before, Change.after, Change.happened_at, Change.actor, Change.reason),
        *(Change.reason_kind, Change.source, Change.voided_at, Change.is_committed, Change.effective_on),
    )
    open_then = select(Release.id).where(
        Release.workspace_id == bindparam("workspace_id"), or_(Release.is_open.is_(True), Release.changed_at > AT), seen
    )
    statement: Select[*tuple[Any, ...]] = (
        select(*told)
        .where(
            Change.workspace_id == bindparam("workspace_id"),
            Change.release_id.in_(open_then),  # joined, SQLite would walk through all of history instead
            Change.item_id.is_(None),
            Change.voided_at.is_(None),
            Change.happened_at <= AT,
        )
        .order_by(Change.release_id, Change.happened_at, Change.id)
    )
    return statement


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


async def with_work_of(session: AsyncSession, team: int, at: datetime) -> frozenset[int]:
    """Releases in which a team had work then: where its pieces are now, with every change since then taken back."""
    gave_away = select(Change.item_id).where(
        Change.field == literal_column("'team'"), Change.item_id.is_not(None), Change.before == str(team), *_since(at)
    )
    theirs = or_(Item.team_id == team, Item.id.in_(gave_away))
    pieces = {row.id: row for row in await session.execute(select(Item.id, Item.release_id, Item.team_id, Item.state).where(theirs))}
    told = select(Change.item_id, Change.field, Change.before, Change.release_id, Change.is_in, Change.happened_at).where(
        Change.item_id.in_(select(Item.id).where(theirs)), Change.field.in_(("work", "team", "state")), *_since(at)
    )
    first: dict[tuple[int, str], list[Any]] = {}
    for row in await session.execute(told.order_by(Change.happened_at, Change.id)):
        of_field = first.setdefault((row.item_id, row.field), [row])
        if row is not of_field[0] and row.happened_at == of_field[0].happened_at:
            of_field.append(row)
    return frozenset(release for piece in pieces.values() if (release := _release_then(piece, team, first)))


def _since(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Change.happened_at > at, Change.voided_at.is_(None)


def _release_then(piece: Any, team: int, first: Mapping[tuple[int, str], Sequence[Any]]) -> int | None:
    """Where a piece of work was before what happened first since then; None where it was in no release, or not the team's."""
    teams, states, moves = (first.get((piece.id, field)) for field in ("team", "state", "work"))
    team_then = teams[0].before if teams else str(piece.team_id or "")
    state_then = states[0].before if states else piece.state
    if team_then != str(team) or state_then == "dropped":
        return None
    if not moves:
        return int(piece.release_id) if piece.release_id else None
    return next((int(row.release_id) for row in moves if row.is_in is False and row.release_id), None)
