"""Every change of a table that says `__audited__` leaves a row in `audit`: who, what, before and after. Nobody has to remember it."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import bindparam, event, insert, inspect
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from models.base import Owned, WorkspaceSession, now_of, prebuilt, run, run_within, workspace_of
from models.machine import Audit

WATCHED = "audited changes"
_UNTOLD = {"id", "workspace_id", "searched"}

_COLUMNS = ("workspace_id", "at", "actor", "by", "action", "subject", "subject_id", "before", "after")
_INSERT = prebuilt(insert(Audit).values({name: bindparam(name) for name in _COLUMNS}))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _values(row: Owned) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name in inspect(type(row)).column_attrs.keys()  # noqa: SIM118  (it iterates over its values)
        if name not in _UNTOLD and (value := getattr(row, name)) not in (None, "")
    }


def _difference(row: Owned) -> tuple[dict[str, Any], dict[str, Any]]:
    before, after = {}, {}
    for attribute in inspect(row).attrs:
        history = attribute.history
        if history.has_changes():
            before[attribute.key] = _plain(history.deleted[0]) if history.deleted else None
            after[attribute.key] = _plain(history.added[0]) if history.added else None
    return before, after


@event.listens_for(WorkspaceSession, "before_flush")
def _collect(session: Session, *_: object) -> None:
    told: list[Any] = []
    session.info[WATCHED] = told  # what a flush that failed had collected was never written
    told.extend(("created", row, {}, None) for row in session.new if isinstance(row, Owned) and row.__audited__)
    told.extend(("removed", row, _values(row), {}) for row in session.deleted if isinstance(row, Owned) and row.__audited__)
    for row in session.dirty:
        if isinstance(row, Owned) and row.__audited__:
            before, after = _difference(row)
            if after:
                told.append(("changed", row, before, after))


@event.listens_for(WorkspaceSession, "after_flush")
def _record(session: Session, *_: object) -> None:
    told = session.info.pop(WATCHED, None)
    if not told:
        return
    rows = [_row(session, action, row, before, _values(row) if after is None else after) for action, row, before, after in told]
    run_within(session, _INSERT, [{"workspace_id": workspace_of(session), **row} for row in rows])


async def tell_of_new(session: AsyncSession, row: Owned) -> None:
    """Leave a row in the audit that no flush wrote."""
    await run(session, _INSERT, **_row(session.sync_session, "created", row, {}, _values(row)))


async def tell_of_change(session: AsyncSession, row: Owned, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Leave a change in the audit that no flush wrote."""
    plain = [{name: _plain(value) for name, value in values.items()} for values in (before, after)]
    await run(session, _INSERT, **_row(session.sync_session, "changed", row, *plain))


def _row(session: Session, action: str, row: Owned, before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        "at": now_of(session),
        "actor": session.info.get("actor"),
        "by": session.info.get("by") or "",
        "action": action,
        "subject": row.__tablename__,
        "subject_id": row.id,
        "before": before,
        "after": after,
    }
