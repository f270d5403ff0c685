"""Effects as rows: what is to happen outside is written in the transaction that caused it, and carried out after the commit.

A keyed effect happens once for ever; a drawing (a card, a Home page) replaces the one that waits in its slot. The lanes that a transaction
wrote to are touched at its very end, in the order of their ids: two transactions then never wait for each other in a circle.
"""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BindParameter, bindparam, case, delete, event, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session

from bot.answers import Message, View
from bot.courier import Courier
from bot.database import Database
from bot.effects import OWN_KINDS, Effect, Kind, attempt, crashed
from bot.lanes import DEAD, DONE, INSERT, LANE, OUTBOX, SENDING, WAITING, Lanes, Outcome, Parcel, real_now
from bot.slack import SlackLink
from domain.facts import Fact
from models.base import Instant, WorkspaceSession, prebuilt, run, workspace_of

log = logging.getLogger(__name__)

USUAL = 50  # rank; smaller goes first
SHARDS = 16
URL_LIVES = timedelta(minutes=29)  # Slack says thirty

WORKSPACE: BindParameter[Any] = bindparam("workspace_id")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who hears of a fact: `run(session, fact, deps)`, in a transaction of its own, once."""

    name: str
    run: Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class DeadRow:
    id: int
    kind: str
    lane: str
    reason: str
    cure: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """`waiting` counts what is still to be sent, `dead` what could not be; `rows` are the newest of the dead."""

    waiting: int
    dead: int
    rows: Sequence[DeadRow]


class LeaseLost(RuntimeError):
    """Somebody else took the lane meanwhile: what was done here must not be kept."""


_COLUMNS = ("workspace_id", "lane_id", "kind", "key", "slot", "payload", "rank", "not_before", "expires_at", "change_id", "created_at")
_ROW = {name: bindparam(name) for name in _COLUMNS} | {"state": WAITING, "tries": 0, "reason": "", "cure": ""}


class _Statements:
    """What an outbox says to a bound session, for one kind of database."""

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
_UNSENT_POST = prebuilt(
    select(OUTBOX.c.rank, OUTBOX.c.not_before).where(
        OUTBOX.c.workspace_id == WORKSPACE, OUTBOX.c.key == bindparam("key"), OUTBOX.c.settled_at.is_(None)
    )
)
_WITHDRAW = prebuilt(
    delete(OUTBOX)
    .where(OUTBOX.c.workspace_id == WORKSPACE, OUTBOX.c.change_id == bindparam("change"), OUTBOX.c.state == WAITING)
    .returning(OUTBOX.c.id)
)
_SETTLE_TOLD = prebuilt(
    update(OUTBOX)
    .where(
        OUTBOX.c.workspace_id == WORKSPACE,
        OUTBOX.c.id == bindparam("row"),
        OUTBOX.c.tries == bindparam("at_try"),
        OUTBOX.c.settled_at.is_(None),
    )
    .values(state=DONE, settled_at=bindparam("at", type_=Instant()), reason="")
    .returning(OUTBOX.c.id)
)
_COUNTS = prebuilt(
    select(
        func.count().filter(OUTBOX.c.settled_at.is_(None)).label("waiting"), func.count().filter(OUTBOX.c.state == DEAD).label("dead")
    ).where(OUTBOX.c.workspace_id == WORKSPACE, OUTBOX.c.state.in_([WAITING, SENDING, DEAD]))
)
_DEAD = prebuilt(
    select(OUTBOX.c.id, OUTBOX.c.kind, LANE.c.name.label("lane"), OUTBOX.c.reason, OUTBOX.c.cure, OUTBOX.c.settled_at.label("since"))
    .join(LANE, LANE.c.id == OUTBOX.c.lane_id)
    .where(OUTBOX.c.workspace_id == WORKSPACE, OUTBOX.c.state == DEAD)
    .order_by(OUTBOX.c.settled_at.desc(), OUTBOX.c.id.desc())
    .limit(bindparam("most"))
)
# What may have arrived is looked up again before it is sent again.
_RETRY = prebuilt(
    update(OUTBOX)
    .where(OUTBOX.c.workspace_id == WORKSPACE, OUTBOX.c.id == bindparam("row"), OUTBOX.c.state == DEAD)
    .values(state=case((OUTBOX.c.tried_at.is_(None), WAITING), else_=SENDING), settled_at=None, reason="", cure="")
    .returning(OUTBOX.c.lane_id)
)
_at = bindparam("at", type_=Instant())
_due = case((LANE.c.held_until > _at, LANE.c.held_until), else_=_at)
_TOUCH = (
    update(LANE)
    .where(LANE.c.workspace_id == bindparam("b_workspace"), LANE.c.id == bindparam("b_lane"))
    .values(next_at=case((LANE.c.next_at <= _due, LANE.c.next_at), else_=_due))
)


class Outbox:
    """Everything is enqueued inside the caller's transaction. `deps` is what effects and subscribers are given; the app sets it."""

    def __init__(
        self,
        database: Database,
        slack: SlackLink,
        *,
        clock: Callable[[], datetime],
        subscribers: Mapping[type[Fact], Sequence[Any]],
        effects: Mapping[str, Effect],
        in_flight: int = 64,
        channel_gap: float = 1.0,
        lease: float = 30.0,
    ) -> None:
        self.database, self.slack, self.clock, self.channel_gap = database, slack, clock, channel_gap
        self.deps: Any = None
        self.subscribers = {fact: tuple(_named(each) for each in listed) for fact, listed in subscribers.items()}
        self.kinds = {**OWN_KINDS, **{name: self._own(effect) for name, effect in effects.items()}}
        self.lanes = Lanes(database, clock, lambda kind: self.kinds[kind].method if kind in self.kinds else "", lease)
        self.courier = Courier(self.lanes, self._deliver, in_flight)
        self._say = _Statements(database.is_sqlite)
        self._known_lanes: dict[tuple[int, str], int] = {}

    # What is to happen

    async def post(
        self,
        session: AsyncSession,
        key: str,
        channel: str,
        message: Message,
        *,
        thread: str | None = None,
        thread_of: str | None = None,
        rank: int = USUAL,
        not_before: datetime | None = None,
        expires_at: datetime | None = None,
        change: int | None = None,
        broadcast: bool = False,
    ) -> None:
        """A message, once for ever. `channel` may be a person's id; `thread_of` names the message it answers by key."""
        if thread_of:
            rank, not_before = await self._not_before_its_post(session, thread_of, rank, not_before)
        payload = {"channel": channel, "message": message.wire(), "thread": thread, "thread_of": thread_of, "broadcast": broadcast}
        when: dict[str, Any] = {"rank": rank, "not_before": not_before, "expires_at": expires_at, "change": change}
        await self._enqueue(session, channel, "post", payload, key=key, **when)

    async def rewrite(self, session: AsyncSession, of: str, message: Message, *, channel: str, change: int | None = None) -> None:
        """What the message posted under the key `of` reads from now on. It may be unsent yet."""
        rank, not_before = await self._not_before_its_post(session, of, USUAL, None)
        payload = {"of": of, "channel": channel, "message": message.wire()}
        await self._enqueue(session, channel, "rewrite", payload, slot=f"rewrite:{of}", rank=rank, not_before=not_before, change=change)

    async def whisper(
        self, session: AsyncSession, key: str, channel: str, person: str, message: Message, thread: str | None = None, *, note: str = ""
    ) -> None:
        """A message that one person sees in a channel. `note` goes to them directly if nobody knows whether it was shown."""
        payload = {"channel": channel, "person": person, "message": message.wire(), "thread": thread, "note": note}
        await self._enqueue(session, f"whisper:{person}", "whisper", payload, key=key)

    async def respond(
        self,
        session: AsyncSession,
        key: str,
        url: str,
        message: Message,
        *,
        person: str,
        replace: bool = False,
        delete: bool = False,
        note: str = "",
    ) -> None:
        """Answer through a response URL: beside the message it came from, in its place, or take that away."""
        payload = {"url": url, "message": message.wire(), "replace": replace, "delete": delete, "person": person, "note": note}
        await self._enqueue(session, f"respond:{person}", "respond", payload, key=key, expires_at=self.clock() + URL_LIVES)

    async def home(self, session: AsyncSession, person: str, view: View) -> None:
        """What a person's Home shows."""
        await self._enqueue(session, f"home:{person}", "home", {"person": person, "view": view}, slot=f"home:{person}")

    async def effect(
        self,
        session: AsyncSession,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        lane: str,
        rank: int = USUAL,
        not_before: datetime | None = None,
        change: int | None = None,
    ) -> None:
        """A slice's own kind of effect."""
        if kind not in self.kinds:
            raise LookupError(f"no slice declares the effect {kind}")
        await self._enqueue(session, lane, kind, dict(payload), key=key, rank=rank, not_before=not_before, change=change)

    async def tell(self, session: AsyncSession, fact: Fact, *, not_before: datetime | None = None, change: int | None = None) -> None:
        """Let every subscriber of the fact know, each in its own transaction, once, in order for one record."""
        shard = zlib.crc32(_record(fact).encode()) % SHARDS
        for subscriber in self.subscribers.get(type(fact), ()):
            payload = {"fact": type(fact).__name__, "says": TypeAdapter(type(fact)).dump_python(fact, mode="json"), "to": subscriber.name}
            key, lane = f"told:{subscriber.name}:{fact.key}", f"told:{subscriber.name}:{shard}"
            await self._enqueue(session, lane, "told", payload, key=key, not_before=not_before, change=change)

    async def withdraw(self, session: AsyncSession, change: int) -> int:
        """Delete what a change caused and was not sent yet; how many that was."""
        return len((await run(session, _WITHDRAW, change=change)).all())

    # What became of it

    async def health(self, session: AsyncSession, most: int = 12) -> Health:
        counts = (await run(session, _COUNTS)).one()
        return Health(counts.waiting, counts.dead, [DeadRow(*row) for row in await run(session, _DEAD, most=most)])

    async def retry(self, session: AsyncSession, row: int) -> bool:
        """Try a dead row once more; False if it is not dead."""
        lane: int | None = (await run(session, _RETRY, row=row)).scalar_one_or_none()
        if lane is not None:
            self._touch(session, lane, None)
        return lane is not None

    # The worker

    def wake(self) -> None:
        self.courier.wake()

    async def run(self) -> None:
        await self.courier.run()

    async def stop(self, patience: float) -> None:
        await self.courier.stop(patience)

    async def drain(self, patience: float = 30.0) -> None:
        """Until nothing can be delivered now: for tests and the local workspace. Raises TimeoutError."""
        await self.courier.drain(patience)

    async def clock_moved(self) -> None:
        await self.lanes.clock_moved()
        self.wake()

    async def _enqueue(
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
            self._touch(session, lane_id, not_before)

    async def _lane(self, session: AsyncSession, name: str) -> int:
        known = self._known_lanes.get((workspace_of(session), name))
        if known is not None:
            return known
        lane: int | None = (await run(session, self._say.open_lane, name=name)).scalar_one_or_none()
        if lane is None:
            lane = int((await run(session, _FIND_LANE, name=name)).scalar_one())
        _ledger(session, self).lanes[workspace_of(session), name] = lane
        return lane

    def _touch(self, session: AsyncSession, lane: int, not_before: datetime | None) -> None:
        at = self.lanes.real(not_before) if not_before else real_now()
        touched = _ledger(session, self).touched
        touched[lane] = min(touched.get(lane, at), at)

    async def _not_before_its_post(
        self, session: AsyncSession, of: str, rank: int, not_before: datetime | None
    ) -> tuple[int, datetime | None]:
        """What follows a message goes behind it: no earlier, and no more urgent."""
        unsent = (await run(session, _UNSENT_POST, key=of)).one_or_none()
        if unsent is None:
            return rank, not_before
        return max(rank, unsent.rank), max(filter(None, (not_before, unsent.not_before)), default=None)

    def know(self, lanes: Mapping[tuple[int, str], int]) -> None:
        """Remember lanes that are committed. They are never deleted."""
        if len(self._known_lanes) > 50_000:
            self._known_lanes.clear()
        self._known_lanes.update(lanes)

    async def _deliver(self, parcel: Parcel) -> Outcome:
        if parcel.kind == "told":
            return await self._let_know(parcel)
        if (kind := self.kinds.get(parcel.kind)) is None:
            return Outcome(parcel, DEAD, f"no part of Tendon does {parcel.kind} any more")
        outcome = await attempt(parcel, kind, self.slack, self.channel_gap)
        if outcome.note:
            await self._leave_note(parcel, outcome.note)
        return outcome

    async def _leave_note(self, parcel: Parcel, words: str) -> None:
        try:
            async with self.database.transaction(parcel.workspace_id, clock=self.clock, by="outbox") as session:
                await self.post(session, f"note:{parcel.key}", parcel.payload["person"], Message(words))
        except Exception:
            log.exception("a note about %s could not be left", parcel.key)

    async def _let_know(self, parcel: Parcel) -> Outcome:
        """Run a subscriber; its row is settled in its own transaction, so what it did and that it did it are one."""
        try:
            found = _subscriber(self.subscribers, parcel.payload)
            if found is None:
                return Outcome(parcel, DEAD, f"nobody called {parcel.payload['to']} listens to {parcel.payload['fact']} any more")
            async with asyncio.timeout(parcel.seconds_left):
                await self._run_subscriber(parcel, *found)
        except LeaseLost:
            log.warning("%s was taken over by another process", parcel.key)
        except Exception as error:
            return crashed(parcel, error, in_doubt=False)
        return Outcome(parcel, None)

    async def _run_subscriber(self, parcel: Parcel, subscriber: Subscriber, fact: Fact) -> None:
        by = f"told:{subscriber.name}"
        async with self.database.transaction(parcel.workspace_id, clock=self.clock, actor=fact.actor, by=by) as session:
            await subscriber.run(session, fact, self.deps)
            await session.flush()
            settled = await run(session, _SETTLE_TOLD, row=parcel.id, at_try=parcel.tries, at=self.clock())
            if settled.scalar_one_or_none() is None:
                raise LeaseLost(parcel.key)

    def _own(self, effect: Effect) -> Kind:
        """A slice's effect as a kind of the outbox."""

        def payload(parcel: Parcel) -> dict[str, Any]:
            return {**parcel.payload, "workspace_id": parcel.workspace_id}

        async def deliver(parcel: Parcel, _: SlackLink) -> None:
            await effect.deliver(payload(parcel), self.deps)

        async def look_up(parcel: Parcel, _: SlackLink) -> bool:
            assert callable(effect.in_doubt)
            return await effect.in_doubt(payload(parcel), self.deps)

        return Kind(deliver, look_up if callable(effect.in_doubt) else effect.in_doubt)


def _named(subscriber: Subscriber | Callable[..., Awaitable[None]]) -> Subscriber:
    """A slice may give a bare function; its place in the code is its name then."""
    if isinstance(subscriber, Subscriber):
        return subscriber
    slice_name = subscriber.__module__.removeprefix("handlers.").partition(".")[0]
    return Subscriber(f"{slice_name}.{subscriber.__name__}", subscriber)


def _record(fact: Fact) -> str:
    """What a fact is about: facts about one record are told in order."""
    return next((f"{field.name}:{getattr(fact, field.name)}" for field in fields(fact) if field.name.endswith("_id")), fact.key)


def _subscriber(known: Mapping[type[Fact], Sequence[Subscriber]], payload: Mapping[str, Any]) -> tuple[Subscriber, Fact] | None:
    for fact, listed in known.items():
        for subscriber in listed:
            if fact.__name__ == payload["fact"] and subscriber.name == payload["to"]:
                return subscriber, TypeAdapter(fact).validate_python(payload["says"])
    return None


class _Ledger:
    """What a transaction owes its outbox when it ends."""

    def __init__(self, outbox: Outbox) -> None:
        self.outbox = outbox
        self.touched: dict[int, datetime] = {}
        self.lanes: dict[tuple[int, str], int] = {}


_LEDGER = "outbox ledger"


def _ledger(session: AsyncSession, outbox: Outbox) -> _Ledger:
    ledger: _Ledger = session.info.setdefault(_LEDGER, _Ledger(outbox))
    return ledger


# A savepoint fires these events too; only the outermost transaction counts.


@event.listens_for(WorkspaceSession, "before_commit")
def _touch_lanes(session: Session) -> None:
    ledger: _Ledger | None = session.info.get(_LEDGER)
    if not ledger or not ledger.touched or session.in_nested_transaction():
        return
    session.flush()  # other rows first: a lane is held for the length of a commit only
    workspace_id = workspace_of(session)
    touches = [{"b_workspace": workspace_id, "b_lane": lane, "at": at} for lane, at in sorted(ledger.touched.items())]
    session.connection().execute(_TOUCH, touches)


@event.listens_for(WorkspaceSession, "after_commit")
def _wake(session: Session) -> None:
    if session.in_nested_transaction():
        return
    ledger: _Ledger | None = session.info.pop(_LEDGER, None)
    if ledger:
        ledger.outbox.know(ledger.lanes)
        ledger.outbox.wake()


@event.listens_for(WorkspaceSession, "after_rollback")
def _forget(session: Session) -> None:
    ledger: _Ledger | None = session.info.get(_LEDGER)
    if ledger:
        ledger.lanes.clear()  # a lane that was made here may not be there
    if not session.in_nested_transaction():
        session.info.pop(_LEDGER, None)
