"""How one slice's fact reaches another without their knowing each other: a row for each subscriber, run in a transaction of its own.

The row is settled in that same transaction: what a subscriber did, and that it did it, are kept or lost together.
"""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, update
from sqlalchemy.sql.base import Executable

from bot.database import Database
from bot.effects import crashed
from bot.lanes import OUTBOX
from bot.ledger import WORKSPACE
from bot.parcels import DEAD, DONE, Outcome, Parcel
from domain.facts import Fact
from models.base import Instant, prebuilt, run

log = logging.getLogger(__name__)

SHARDS = 16


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who hears of a fact: `run(session, fact, deps)`, in a transaction of its own, once.

    `where` is a prebuilt statement by `release_id`: a fact for which it finds no row concerns nobody and is not written down.
    """

    name: str
    run: Callable[..., Awaitable[None]]
    where: Executable | None = None


class LeaseLost(RuntimeError):
    """Somebody else took the lane meanwhile: what was done here must not be kept."""


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


@dataclass(frozen=True, slots=True)
class Notice:
    """What is written for one subscriber of a fact."""

    key: str
    lane: str
    payload: dict[str, Any]
    where: Executable | None = None


class Told:
    def __init__(self, database: Database, clock: Callable[[], datetime], subscribers: Mapping[type[Fact], Sequence[Any]]) -> None:
        self.database, self.clock = database, clock
        self.subscribers = {fact: tuple(_named(each) for each in listed) for fact, listed in subscribers.items()}

    def notices(self, fact: Fact) -> Iterator[Notice]:
        """One for each subscriber. Those about one record share a lane, and so keep their order."""
        shard = zlib.crc32(_record(fact).encode()) % SHARDS
        for subscriber in self.subscribers.get(type(fact), ()):
            payload = {"fact": type(fact).__name__, "says": written(fact), "to": subscriber.name}
            yield Notice(f"told:{subscriber.name}:{fact.key}", f"told:{subscriber.name}:{shard}", payload, subscriber.where)

    async def deliver(self, parcel: Parcel, deps: Any) -> Outcome:
        """Run a subscriber; its row is settled in its own transaction, so what it did and that it did it are one."""
        try:
            found = self._find(parcel.payload)
            if found is None:
                return Outcome(parcel, DEAD, f"nobody called {parcel.payload['to']} listens to {parcel.payload['fact']} any more")
            async with asyncio.timeout(parcel.seconds_left):
                await self._run(parcel, *found, deps)
        except LeaseLost:
            log.warning("%s was taken over by another process", parcel.key)
        except Exception as error:
            return crashed(parcel, error, in_doubt=False)
        return Outcome(parcel, None)

    async def _run(self, parcel: Parcel, subscriber: Subscriber, fact: Fact, deps: Any) -> None:
        by = f"told:{subscriber.name}"
        async with self.database.transaction(parcel.workspace_id, clock=self.clock, actor=fact.actor, by=by) as session:
            await subscriber.run(session, fact, deps)
            await session.flush()
            settled = await run(session, _SETTLE_TOLD, row=parcel.id, at_try=parcel.tries, at=self.clock())
            if settled.scalar_one_or_none() is None:
                raise LeaseLost(parcel.key)

    def _find(self, payload: Mapping[str, Any]) -> tuple[Subscriber, Fact] | None:
        for fact, listed in self.subscribers.items():
            for subscriber in listed:
                if fact.__name__ == payload["fact"] and subscriber.name == payload["to"]:
                    return subscriber, read(fact, payload["says"])
        return None


_ADAPTERS: dict[type[Fact], TypeAdapter[Any]] = {}


def _adapter(fact: type[Fact]) -> TypeAdapter[Any]:
    """Made once for each kind of fact, as making one is dear."""
    return _ADAPTERS.get(fact) or _ADAPTERS.setdefault(fact, TypeAdapter(fact))


def written(fact: Fact) -> dict[str, Any]:
    """A fact as a row keeps it."""
    return _adapter(type(fact)).dump_python(fact, mode="json")  # type: ignore[no-any-return]


def read(kind: type[Fact], says: Mapping[str, Any]) -> Any:
    """The fact that `written` wrote."""
    return _adapter(kind).validate_python(says)


def _named(subscriber: Subscriber | Callable[..., Awaitable[None]]) -> Subscriber:
    """A slice may give a bare function; its place in the code is its name then."""
    if isinstance(subscriber, Subscriber):
        return subscriber
    slice_name = subscriber.__module__.removeprefix("handlers.").partition(".")[0]
    return Subscriber(f"{slice_name}.{subscriber.__name__}", subscriber)


def _record(fact: Fact) -> str:
    """What a fact is about: facts about one record are told in order."""
    return next((f"{field.name}:{getattr(fact, field.name)}" for field in fields(fact) if field.name.endswith("_id")), fact.key)
