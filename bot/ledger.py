"""How rows get into the outbox: in the caller's transaction, with their lanes touched at its very end.

Lanes are touched last and in the order of their ids, so that two transactions never wait for each other in a circle. After the commit
the carrier is woken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, event, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.database import Database
from bot.lanes import INSERT, LANE, OUTBOX
from bot.parcels import WAITING, real_now
from models.base import Instant, WorkspaceSession, prebuilt, run, run_within, workspace_of

USUAL = 50  # rank; smaller goes first
SOON = timedelta(seconds=1)  # longer than that the carrier never sleeps
MOST_LANES = 50_000  # remembered by a process
WORKSPACE: BindParameter[Any] = bindparam("workspace_id")

_COLUMNS = ("workspace_id", "lane_id", "kind", "key", "slot", "payload", "rank", "not_before", "expires_at", "change_id", "created_at")
_ROW = {name: bindparam(name) for name in _COLUMNS} | {"state": WAITING, "tries": 0, "reason": "", "cure": ""}


@cache
class _Statements:
    """Inserts, for one kind of database."""

    def __init__(self, is_sqlite: bool) -> None:
        insert: Any = INSERT[is_sqlite]
        lane = {"workspace_id": WORKSPACE, "name": bindparam("name")}
        self.open_lane = prebuilt(insert(LANE).values(lane).on_conflict_do_nothing(index_elements=list(lane)).returning(LANE.c.id))
        self.once = prebuilt(
            insert(OUTBOX).values(_ROW).on_conflict_do_nothing(index_elements=["workspace_id", "key"]).returning(OUTBOX.c.id)
        )
        drawing = insert(OUTBOX).values(_ROW)
        newest = {name: drawing.excluded[name] for name in ("payload", "rank", "not_before", "change_id", "created_at")}
        self.draw = prebuilt(drawing.on_conflict_do_update(index_elements=["workspace_id", "slot"], set_=newest).returning(OUTBOX.c.id))


_FIND_LANE = prebuilt(select(LANE.c.id).where(LANE.c.workspace_id == WORKSPACE, LANE.c.name == bindparam("name")))
_at = bindparam("at", type_=Instant())
_due = case((LANE.c.held_until > _at, LANE.c.held_until), else_=_at)
_TOUCH = (
    update(LANE)
    .where(LANE.c.workspace_id == bindparam("b_workspace"), LANE.c.id == bindparam("b_lane"))
    .values(next_at=case((LANE.c.next_at <= _due, LANE.c.next_at), else_=_due))
)


class Ledger:
    """`real` turns product time into the time that lanes run on; `wake` is called after each commit that wrote something."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], real: Callable[[datetime], datetime], wake: Callable[[], None]
    ) -> None:
        self.clock, self.real, self.wake = clock, real, wake
        self._say = _Statements(database.is_sqlite)
        self._known_lanes: dict[tuple[int, str], int] = {}
        database.batch.on_loss.append(self._known_lanes.clear)

    async def write(
        self,
        session: AsyncSession,
        lane: str,
        kind: str,
        payload: dict[str, Any],
        *,
        key: str | None = None,
        slot: str | None = None,
        rank: int = USUAL,
        not_before: datetime | None = None,
        expires_at: datetime | None = None,
        change: int | None = None,
    ) -> None:
        lane_id = await self._lane(session, lane)
        values = {"lane_id": lane_id, "kind": kind, "key": key, "slot": slot, "payload": payload, "rank": rank}
        when = {"not_before": not_before, "expires_at": expires_at, "change_id": change, "created_at": self.clock()}
        written = await run(session, self._say.draw if slot else self._say.once, **values, **when)
        if written.scalar_one_or_none() is not None:
            self.touch(session, lane_id, not_before)

    async def _lane(self, session: AsyncSession, name: str) -> int:
        known = self._known_lanes.get((workspace_of(session), name))
        if known is not None:
            return known
        lane: int | None = (await run(session, self._say.open_lane, name=name)).scalar_one_or_none()
        if lane is None:
            lane = int((await run(session, _FIND_LANE, name=name)).scalar_one())
        _owed(session, self).lanes[workspace_of(session), name] = lane
        return lane

    def touch(self, session: AsyncSession, lane: int, not_before: datetime | None) -> None:
        at = self.real(not_before) if not_before else real_now()
        touched = _owed(session, self).touched
        touched[lane] = min(touched.get(lane, at), at)

    def know(self, lanes: Mapping[tuple[int, str], int]) -> None:
        """Remember lanes that are committed. They are never deleted."""
        if len(self._known_lanes) > MOST_LANES:
            self._known_lanes.clear()
        self._known_lanes.update(lanes)


@dataclass
class _Owed:
    """What a transaction owes when it ends."""

    ledger: Ledger
    touched: dict[int, datetime] = field(default_factory=dict)
    lanes: dict[tuple[int, str], int] = field(default_factory=dict)


_OWED = "owed to the outbox"


def _owed(session: AsyncSession, ledger: Ledger) -> _Owed:
    owed: _Owed = session.info.setdefault(_OWED, _Owed(ledger))
    return owed


# A savepoint fires these events too; only the outermost transaction counts.


@event.listens_for(WorkspaceSession, "before_commit")
def touch_lanes(session: Session) -> None:
    owed: _Owed | None = session.info.get(_OWED)
    if not owed or not owed.touched or session.in_nested_transaction():
        return
    session.flush()  # other rows first: a lane is held for the length of a commit only
    workspace_id = workspace_of(session)
    touches = [{"b_workspace": workspace_id, "b_lane": lane, "at": at} for lane, at in sorted(owed.touched.items())]
    run_within(session, _TOUCH, touches)


@event.listens_for(WorkspaceSession, "after_commit")
def _wake(session: Session) -> None:
    if session.in_nested_transaction():
        return
    owed: _Owed | None = session.info.pop(_OWED, None)
    if owed:
        owed.ledger.know(owed.lanes)
        if owed.touched and min(owed.touched.values()) < real_now() + SOON:  # what is due later, the carrier sees by itself
            owed.ledger.wake()


@event.listens_for(WorkspaceSession, "after_rollback")
def _forget(session: Session) -> None:
    owed: _Owed | None = session.info.get(_OWED)
    if owed:
        owed.lanes.clear()  # a lane that was made here may not be there
    if not session.in_nested_transaction():
        session.info.pop(_OWED, None)
