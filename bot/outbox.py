"""Effects as rows: what is to happen outside is written in the transaction that caused it, and carried out after the commit.

A keyed effect happens once for ever; a drawing (a card, a Home page) replaces the one that waits in its slot. This is what slices talk
to. `ledger` writes the rows, `lanes` hold them, `courier` carries them, `effects` and `told` say how each kind is carried out.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Message, View
from bot.courier import Courier
from bot.database import Database
from bot.effects import OWN_KINDS, Effect, Kind, attempt
from bot.lanes import LANE, OUTBOX, Lanes
from bot.ledger import USUAL, WORKSPACE, Ledger
from bot.links import Links
from bot.parcels import DEAD, SENDING, WAITING, Outcome, Parcel
from bot.slack import SlackLink
from bot.told import Subscriber, Told
from domain.facts import Fact
from models.base import prebuilt, run

__all__ = ["DeadRow", "Effect", "Health", "Outbox", "Subscriber"]

log = logging.getLogger(__name__)

URL_LIVES = timedelta(minutes=29)  # Slack says thirty


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
_HASTEN = prebuilt(
    update(OUTBOX)
    .where(OUTBOX.c.workspace_id == WORKSPACE, OUTBOX.c.change_id == bindparam("change"), OUTBOX.c.state == WAITING)
    .values(not_before=None)
    .returning(OUTBOX.c.lane_id)
)
_CAUSED = prebuilt(
    select(OUTBOX.c.key, OUTBOX.c.kind, OUTBOX.c.state, OUTBOX.c.not_before).where(
        OUTBOX.c.workspace_id == WORKSPACE, OUTBOX.c.change_id == bindparam("change")
    )
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


class Outbox:
    """Everything is enqueued inside the caller's transaction. `deps` is what effects and subscribers are given; the app sets it."""

    def __init__(
        self,
        database: Database,
        links: Links,
        *,
        clock: Callable[[], datetime],
        subscribers: Mapping[type[Fact], Sequence[Any]],
        effects: Mapping[str, Effect],
        in_flight: int = 64,
        channel_gap: float = 1.0,
        lease: float = 30.0,
        breath: float = 0.01,
    ) -> None:
        self.database, self.links, self.clock, self.channel_gap = database, links, clock, channel_gap
        self.deps: Any = None
        self.told = Told(database, clock, subscribers)
        self.kinds = {**OWN_KINDS, **{name: self._own(effect) for name, effect in effects.items()}}
        self.lanes = Lanes(database, clock, lambda kind: self.kinds[kind].method if kind in self.kinds else "", lease)
        self.courier = Courier(self.lanes, self._deliver, in_flight, breath)
        self.ledger = Ledger(database, clock, self.lanes.real, self.wake)

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
        to_outsiders: bool = False,
    ) -> None:
        """A message, once for ever. `channel` may be a person's id; `thread_of` names the message it answers by key.

        Where people from outside the company read it is held back, unless somebody said yes to that: `to_outsiders`.
        """
        if thread_of:
            rank, not_before = await self._not_before_its_post(session, thread_of, rank, not_before)
        payload = {"channel": channel, "message": message.wire(), "thread": thread, "thread_of": thread_of, "broadcast": broadcast}
        if to_outsiders:
            payload["to_outsiders"] = True
        when: dict[str, Any] = {"rank": rank, "not_before": not_before, "expires_at": expires_at, "change": change}
        await self.ledger.write(session, channel, "post", payload, key=key, **when)

    async def rewrite(self, session: AsyncSession, of: str, message: Message, *, channel: str, change: int | None = None) -> None:
        """What the message posted under the key `of` reads from now on. It may be unsent yet."""
        rank, not_before = await self._not_before_its_post(session, of, USUAL, None)
        payload = {"of": of, "channel": channel, "message": message.wire()}
        await self.ledger.write(session, channel, "rewrite", payload, slot=f"rewrite:{of}", rank=rank, not_before=not_before, change=change)

    async def whisper(
        self, session: AsyncSession, key: str, channel: str, person: str, message: Message, thread: str | None = None, *, note: str = ""
    ) -> None:
        """A message that one person sees in a channel. `note` goes to them directly if nobody knows whether it was shown."""
        payload = {"channel": channel, "person": person, "message": message.wire(), "thread": thread, "note": note}
        await self.ledger.write(session, f"whisper:{person}", "whisper", payload, key=key)

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
        await self.ledger.write(session, f"respond:{person}", "respond", payload, key=key, expires_at=self.clock() + URL_LIVES)

    async def home(self, session: AsyncSession, person: str, view: View) -> None:
        """What a person's Home shows."""
        await self.ledger.write(session, f"home:{person}", "home", {"person": person, "view": view}, slot=f"home:{person}")

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
        await self.ledger.write(session, lane, kind, dict(payload), key=key, rank=rank, not_before=not_before, change=change)

    async def tell(self, session: AsyncSession, fact: Fact, *, not_before: datetime | None = None, change: int | None = None) -> None:
        """Let every subscriber whom the fact concerns know, each in its own transaction, once, in order for one record."""
        for notice in self.told.notices(fact):
            if notice.where is None or (await run(session, notice.where, release_id=notice.payload["says"]["release_id"])).first():
                await self.ledger.write(session, notice.lane, "told", notice.payload, key=notice.key, not_before=not_before, change=change)

    async def withdraw(self, session: AsyncSession, change: int) -> int:
        """Delete what a change caused and was not sent yet; how many that was."""
        return len((await run(session, _WITHDRAW, change=change)).all())

    async def hasten(self, session: AsyncSession, change: int) -> int:
        """Let what a change caused go now instead of when its time comes; how many that was."""
        rows = (await run(session, _HASTEN, change=change)).all()
        for row in rows:
            self.ledger.touch(session, row.lane_id, None)
        return len(rows)

    async def caused(self, session: AsyncSession, change: int) -> Sequence[Any]:
        """Every row that a change caused and that was not withdrawn: `key`, `kind`, `state`, `not_before`."""
        return (await run(session, _CAUSED, change=change)).all()  # type: ignore[no-any-return]

    # What became of it

    async def health(self, session: AsyncSession, most: int = 12) -> Health:
        counts = (await run(session, _COUNTS)).one()
        return Health(counts.waiting, counts.dead, [DeadRow(*row) for row in await run(session, _DEAD, most=most)])

    async def retry(self, session: AsyncSession, row: int) -> bool:
        """Try a dead row once more; False if it is not dead."""
        lane: int | None = (await run(session, _RETRY, row=row)).scalar_one_or_none()
        if lane is not None:
            self.ledger.touch(session, lane, None)
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

    async def resume(self, workspace_id: int) -> None:
        """What waits for a workspace to be installed again goes now."""
        await self.lanes.resume(workspace_id)
        self.wake()

    async def clock_moved(self) -> None:
        await self.lanes.clock_moved()
        self.wake()

    async def _not_before_its_post(
        self, session: AsyncSession, of: str, rank: int, not_before: datetime | None
    ) -> tuple[int, datetime | None]:
        """What follows a message goes behind it: no earlier, and no more urgent."""
        unsent = (await run(session, _UNSENT_POST, key=of)).one_or_none()
        if unsent is None:
            return rank, not_before
        return max(rank, unsent.rank), max(filter(None, (not_before, unsent.not_before)), default=None)

    async def _deliver(self, parcel: Parcel) -> Outcome:
        if parcel.kind == "told":
            return await self.told.deliver(parcel, self.deps)
        if (kind := self.kinds.get(parcel.kind)) is None:
            return Outcome(parcel, DEAD, f"no part of Tendon does {parcel.kind} any more")
        outcome = await attempt(parcel, kind, await self.links.of(parcel.workspace_id), self.channel_gap)
        if outcome.note:
            await self._leave_note(parcel, outcome.note)
        return outcome

    async def _leave_note(self, parcel: Parcel, words: str) -> None:
        try:
            async with self.database.transaction(parcel.workspace_id, clock=self.clock, by="outbox") as session:
                await self.post(session, f"note:{parcel.key}", parcel.payload["person"], Message(words))
        except Exception:
            log.exception("a note about %s could not be left", parcel.key)

    def _own(self, effect: Effect) -> Kind:
        """A slice's effect as a kind of the outbox."""

        def payload(parcel: Parcel) -> dict[str, Any]:
            return {**parcel.payload, "workspace_id": parcel.workspace_id}

        async def deliver(parcel: Parcel, slack: SlackLink) -> None:
            await effect.deliver(payload(parcel), replace(self.deps, slack=slack))

        async def look_up(parcel: Parcel, slack: SlackLink) -> bool:
            assert callable(effect.in_doubt)
            return await effect.in_doubt(payload(parcel), replace(self.deps, slack=slack))

        return Kind(deliver, look_up if callable(effect.in_doubt) else effect.in_doubt)
