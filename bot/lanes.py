"""Where effects wait: lanes are leased, their head is taken, and what became of it is written down. Core statements only, for speed.

All workspaces are served by one dispatcher, so the statements here are the machine room's own and run on the engine, not in a bound
session. Times of lanes are real time; `not_before` and `expires_at` of rows are product time. On PostgreSQL lanes are locked in the order
of their ids and always before the rows in them are read, so that nothing deadlocks and no row is overlooked.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, case, exists, func, null, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot import outsiders
from bot.database import Database
from bot.parcels import EXPIRED, GONE, SENDING, WAITING, Outcome, Parcel, Place, real_now
from models.base import Instant
from models.machine import Lane, Message, MethodPause, Outbox
from models.workspace import Workspace

LANE, OUTBOX, MESSAGE, PAUSE = Lane.__table__, Outbox.__table__, Message.__table__, MethodPause.__table__
OPEN = OUTBOX.c.settled_at.is_(None)
SERVED = select(Workspace.id).where(Workspace.removed_at.is_(None))
AGAIN = timedelta(milliseconds=20)  # until a lane is looked at again whose head somebody was just changing
INSERT: dict[bool, Any] = {True: sqlite.insert, False: postgresql.insert}


def _at(name: str) -> Any:
    return bindparam(name, type_=Instant())


_READY = (
    select(LANE.c.id)
    .where(LANE.c.workspace_id.in_(SERVED), LANE.c.next_at.is_not(None), LANE.c.next_at <= _at("b_now"))
    .order_by(LANE.c.next_at)
    .limit(bindparam("b_room"))
    .with_for_update(key_share=True, skip_locked=True)
    .cte("ready")
)
_LEASE = (
    update(LANE)
    .where(LANE.c.id.in_(select(_READY.c.id)))
    .values(next_at=_at("b_until"), held_until=_at("b_until"), lease_token=bindparam("b_token"))
    .returning(LANE.c.id, LANE.c.workspace_id)
)
_mine = OUTBOX.alias("mine")
_HEAD = (
    select(_mine.c.id)
    .where(
        _mine.c.workspace_id == LANE.c.workspace_id,
        _mine.c.lane_id == LANE.c.id,
        _mine.c.settled_at.is_(None),
        or_(_mine.c.not_before.is_(None), _mine.c.not_before <= _at("b_product_now")),
    )
    .order_by(_mine.c.state, _mine.c.rank, _mine.c.id)  # "sending" comes before "waiting"
    .limit(1)
    .correlate(LANE)
    .scalar_subquery()
)
_HEADS = (
    select(OUTBOX.c.id, OUTBOX.c.workspace_id, OUTBOX.c.lane_id, OUTBOX.c.state, OUTBOX.c.kind, OUTBOX.c.expires_at)
    .select_from(LANE.join(OUTBOX, OUTBOX.c.id == _HEAD))
    .where(LANE.c.id.in_(bindparam("b_lanes", expanding=True)))
    # Somebody may be redrawing or withdrawing it: to wait for them while holding their lane would be a circle.
    .with_for_update(of=OUTBOX, skip_locked=True)
)
_TAKE = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(bindparam("b_rows", expanding=True)), OPEN)
    .values(state=SENDING, tries=OUTBOX.c.tries + 1, tried_at=func.coalesce(OUTBOX.c.tried_at, _at("b_now")), slot=null())
    .returning(
        OUTBOX.c.id,
        OUTBOX.c.workspace_id,
        OUTBOX.c.lane_id,
        OUTBOX.c.kind,
        OUTBOX.c.key,
        OUTBOX.c.payload,
        OUTBOX.c.tries,
        OUTBOX.c.tried_at,
    )
)
_HELD = (
    select(OUTBOX.c.lane_id, func.min(func.coalesce(OUTBOX.c.not_before, _at("b_product_now")), type_=Instant()))
    .where(
        OUTBOX.c.workspace_id.in_(bindparam("b_workspaces", expanding=True)),
        OUTBOX.c.lane_id.in_(bindparam("b_lanes", expanding=True)),
        OPEN,
    )
    .group_by(OUTBOX.c.lane_id)
)
_LOCK = (
    select(LANE.c.id, LANE.c.lease_token)
    .where(LANE.c.id.in_(bindparam("b_lanes", expanding=True)))
    .order_by(LANE.c.id)
    .with_for_update(key_share=True)
)
_SETTLE = (
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("b_row"), OUTBOX.c.tries == bindparam("b_tries"), OPEN)
    .values(
        state=bindparam("b_state"),
        settled_at=_at("b_settled_at"),
        reason=bindparam("b_reason"),
        cure=bindparam("b_cure"),
        tried_at=_at("b_tried_at"),
        not_before=func.coalesce(_at("b_not_before"), OUTBOX.c.not_before),
    )
)
_RELEASE = (
    update(LANE)
    .where(LANE.c.id == bindparam("b_lane"))
    .values(
        next_at=case(
            (exists().where(OUTBOX.c.workspace_id == LANE.c.workspace_id, OUTBOX.c.lane_id == LANE.c.id, OPEN), _at("b_held")), else_=null()
        ),
        held_until=_at("b_held"),
        lease_token=null(),
    )
)
_REST = update(LANE).where(LANE.c.id == bindparam("b_lane")).values(next_at=_at("b_next"), held_until=_at("b_held"), lease_token=null())
_PLACES = select(MESSAGE.c.workspace_id, MESSAGE.c.key, MESSAGE.c.channel, MESSAGE.c.ts).where(
    MESSAGE.c.workspace_id.in_(bindparam("b_workspaces", expanding=True)), MESSAGE.c.key.in_(bindparam("b_keys", expanding=True))
)
_UNSENT = select(OUTBOX.c.workspace_id, OUTBOX.c.key, OUTBOX.c.not_before).where(
    OUTBOX.c.workspace_id.in_(bindparam("b_workspaces", expanding=True)), OUTBOX.c.key.in_(bindparam("b_keys", expanding=True)), OPEN
)
_PAUSES = select(PAUSE.c.workspace_id, PAUSE.c.method, PAUSE.c.until).where(PAUSE.c.until > _at("b_now"))
_NEXT = select(func.min(LANE.c.next_at, type_=Instant())).where(LANE.c.workspace_id.in_(SERVED), LANE.c.next_at.is_not(None))
_CLOCK_MOVED = (
    update(LANE)
    .where(LANE.c.next_at.is_not(None), LANE.c.lease_token.is_(None))
    .values(next_at=case((LANE.c.held_until > _at("b_now"), LANE.c.held_until), else_=_at("b_now")))
)
_RESUME = (
    update(LANE)
    .where(
        LANE.c.id.in_(
            select(LANE.c.id)
            .where(LANE.c.workspace_id == bindparam("b_workspace"), LANE.c.next_at.is_not(None), LANE.c.lease_token.is_(None))
            .order_by(LANE.c.id)
            .with_for_update(key_share=True, skip_locked=True)
        )
    )
    .values(next_at=_at("b_now"), held_until=_at("b_now"))
)
_DELIVERABLE = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.workspace_id.in_(SERVED), OPEN, or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= _at("b_product_now")))
    .limit(1)
)


def _keep_place(is_sqlite: bool) -> Any:
    return INSERT[is_sqlite](MESSAGE).on_conflict_do_nothing(index_elements=["workspace_id", "key"])


def _keep_pause(is_sqlite: bool) -> Any:
    statement = INSERT[is_sqlite](PAUSE)
    return statement.on_conflict_do_update(index_elements=["workspace_id", "method"], set_={"until": statement.excluded.until})


@dataclass(slots=True)
class Turn:
    """What one look at the lanes gave: parcels to carry, what became of others at once, and when to look again (None: nothing waits)."""

    parcels: list[Parcel] = field(default_factory=list)
    at_once: list[Outcome] = field(default_factory=list)
    next_at: datetime | None = None


class Lanes:
    """`method_of` names the method that a kind calls, so that a paused one is not tried."""

    def __init__(self, database: Database, clock: Callable[[], datetime], method_of: Callable[[str], str], lease: float) -> None:
        self.database = database
        self.clock = clock
        self.method_of = method_of
        self.lease = timedelta(seconds=lease)
        self._keep_place = _keep_place(database.is_sqlite)
        self._keep_pause = _keep_pause(database.is_sqlite)

    async def turn(self, finished: Sequence[Outcome], room: int) -> Turn:
        """Settle what is finished and lease up to `room` lanes, in one transaction."""
        async with self.database.plainly() as connection:
            if finished:
                await self._settle(connection, finished)
            turn = Turn()
            if room > 0:
                await self._claim(connection, room, turn)
            if len(turn.parcels) < room:
                turn.next_at = (await connection.execute(_NEXT)).scalar_one()
            return turn

    async def is_idle(self) -> bool:
        """Whether nothing could be delivered now."""
        async with self.database.reader.connect() as connection:
            return (await connection.execute(_DELIVERABLE, {"b_product_now": self.clock()})).first() is None

    async def clock_moved(self) -> None:
        """Look at every lane again, as what was held in it may be due."""
        async with self.database.plainly() as connection:
            await connection.execute(_CLOCK_MOVED, {"b_now": real_now()})

    async def resume(self, workspace_id: int) -> None:
        """Let nothing rest any longer in one workspace."""
        async with self.database.plainly() as connection:
            await connection.execute(_RESUME, {"b_workspace": workspace_id, "b_now": real_now()})

    def real(self, product: datetime) -> datetime:
        """When, in real time, the product's clock will show this."""
        return real_now() + max(product - self.clock(), timedelta())

    async def _settle(self, connection: AsyncConnection, finished: Sequence[Outcome]) -> None:
        now, product_now = real_now(), self.clock()
        locked = await connection.execute(_LOCK, {"b_lanes": [outcome.parcel.lane_id for outcome in finished]})
        tokens = {row.id: row.lease_token for row in locked}
        ours = [outcome for outcome in finished if tokens.get(outcome.parcel.lane_id) == outcome.parcel.token]
        await _many(connection, _SETTLE, [_settlement(outcome, product_now) for outcome in ours if outcome.state])
        await _many(
            connection, self._keep_place, [_place(outcome, product_now) for outcome in ours if outcome.place and outcome.parcel.key]
        )
        await _many(connection, self._keep_pause, [_pause(outcome, now) for outcome in ours if outcome.pause])
        await _many(connection, _RELEASE, [{"b_lane": each.parcel.lane_id, "b_held": now + timedelta(seconds=each.rest)} for each in ours])

    async def _claim(self, connection: AsyncConnection, room: int, turn: Turn) -> None:
        now, product_now, token = real_now(), self.clock(), uuid4().hex
        until = now + self.lease
        leased = {
            row.id: row.workspace_id
            for row in await connection.execute(_LEASE, {"b_now": now, "b_until": until, "b_room": room, "b_token": token})
        }
        if not leased:
            return
        heads = (await connection.execute(_HEADS, {"b_lanes": list(leased), "b_product_now": product_now})).all()
        paused = await self._paused(connection, now)
        resting = {row.lane_id: paused[pause] for row in heads if (pause := (row.workspace_id, self.method_of(row.kind))) in paused}
        late = [row for row in heads if row.state == WAITING and row.expires_at and row.expires_at <= product_now]
        doubtful = {row.id for row in heads if row.state == SENDING}
        wanted = [row.id for row in heads if row.lane_id not in resting]
        taken = await self._take(connection, wanted, doubtful, token, until)
        for parcel in taken:
            if any(row.id == parcel.id for row in late):
                turn.at_once.append(Outcome(parcel, EXPIRED, "it was no longer of use when it could be sent"))
            else:
                turn.parcels.append(parcel)
        await self._name_places(connection, turn)
        await self._keep_inside(connection, turn)
        await self._give_back(connection, leased, {parcel.lane_id for parcel in taken}, resting)

    async def _paused(self, connection: AsyncConnection, now: datetime) -> dict[tuple[int, str], datetime]:
        return {(row.workspace_id, row.method): row.until for row in await connection.execute(_PAUSES, {"b_now": now})}

    async def _take(self, connection: AsyncConnection, rows: list[int], doubtful: set[int], token: str, until: datetime) -> list[Parcel]:
        if not rows:
            return []
        # Slack stamps messages with real time, the local workspace with product time: the earlier of the two finds them in either.
        tried_at = min(real_now(), self.clock())
        taken = await connection.execute(_TAKE, {"b_rows": rows, "b_now": tried_at})
        return [Parcel(**row._mapping, in_doubt=row.id in doubtful, token=token, until=until) for row in taken]

    async def _name_places(self, connection: AsyncConnection, turn: Turn) -> None:
        """Find where the messages stand that parcels name. Set aside those whose message is not there."""
        named = {(parcel.workspace_id, key) for parcel in turn.parcels if (key := _names(parcel))}
        if not named:
            return
        wanted = {"b_workspaces": [each for each, _ in named], "b_keys": [key for _, key in named]}
        places = {(row.workspace_id, row.key): Place(row.channel, row.ts) for row in await connection.execute(_PLACES, wanted)}
        unsent = {(row.workspace_id, row.key): row.not_before for row in await connection.execute(_UNSENT, wanted)}
        kept = []
        for parcel in turn.parcels:
            name = (parcel.workspace_id, _names(parcel))
            if name[1] is None or name in places:
                kept.append(_with_place(parcel, places.get(name)))
            elif name in unsent:
                later = max(unsent[name] or self.clock(), self.clock()) + timedelta(seconds=1)
                turn.at_once.append(Outcome(parcel, WAITING, not_before=later))
            else:
                turn.at_once.append(Outcome(parcel, GONE, "the message it belongs to was never posted"))
        turn.parcels = kept

    async def _keep_inside(self, connection: AsyncConnection, turn: Turn) -> None:
        held = await outsiders.hold_back(connection, turn.parcels)
        turn.at_once += held
        kept_back = {outcome.parcel.id for outcome in held}
        turn.parcels = [parcel for parcel in turn.parcels if parcel.id not in kept_back]

    async def _give_back(
        self, connection: AsyncConnection, leased: Mapping[int, int], in_hand: set[int], resting: Mapping[int, datetime]
    ) -> None:
        empty = [lane for lane in leased if lane not in in_hand and lane not in resting]
        given = [{"b_lane": lane, "b_next": until, "b_held": until} for lane, until in resting.items()]
        if empty:
            wanted = {"b_workspaces": list({leased[lane] for lane in empty}), "b_lanes": empty, "b_product_now": self.clock()}
            held = {row[0]: row[1] for row in await connection.execute(_HELD, wanted)}
            now = real_now()
            given += [
                {"b_lane": lane, "b_next": max(self.real(held[lane]), now + AGAIN) if lane in held else None, "b_held": now}
                for lane in empty
            ]
        await _many(connection, _REST, given)


def _names(parcel: Parcel) -> str | None:
    key: str | None = parcel.payload.get("of") or parcel.payload.get("thread_of")
    return key


def _with_place(parcel: Parcel, place: Place | None) -> Parcel:
    if place is None:
        return parcel
    return Parcel(**{name: getattr(parcel, name) for name in Parcel.__slots__ if name != "place"}, place=place)


def _settlement(outcome: Outcome, now: datetime) -> dict[str, Any]:
    return {
        "b_row": outcome.parcel.id,
        "b_tries": outcome.parcel.tries,
        "b_state": outcome.state,
        "b_settled_at": now if outcome.is_settled else None,
        "b_reason": outcome.reason,
        "b_cure": outcome.cure,
        "b_tried_at": outcome.parcel.tried_at if outcome.doubtful else None,
        "b_not_before": outcome.not_before,
    }


def _place(outcome: Outcome, now: datetime) -> dict[str, Any]:
    assert outcome.place
    parcel, place = outcome.parcel, outcome.place
    return {"workspace_id": parcel.workspace_id, "key": parcel.key, "channel": place.channel, "ts": place.ts, "posted_at": now}


def _pause(outcome: Outcome, now: datetime) -> dict[str, Any]:
    assert outcome.pause
    method, seconds = outcome.pause
    return {"workspace_id": outcome.parcel.workspace_id, "method": method, "until": now + timedelta(seconds=seconds)}


async def _many(connection: AsyncConnection, statement: Any, rows: Iterable[dict[str, Any]]) -> None:
    if found := list(rows):
        await connection.execute(statement, found)
