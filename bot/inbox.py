"""The adapter around every listener: one transaction, done once, the answer kept, and only then acked.

A writing listener's key is claimed in its own transaction. A repeat of a request finds the claim and gets the kept answer. An answer that
says what is wrong is not kept, so that the corrected form, which comes under the same key, is read.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Errors, Nothing, Open, Say, Update
from bot.database import Database
from bot.deps import Deps
from bot.requests import Request
from bot.slices import Listener, is_reading
from domain.facts import HomeUsed
from models import Inbox
from models.base import prebuilt, run

_VALUES: dict[str, Any] = {"workspace_id": bindparam("workspace_id"), "key": bindparam("key"), "claimed_at": bindparam("claimed_at")}
_ON_CONFLICT = ["workspace_id", "key"]
_CLAIM = {
    True: prebuilt(sqlite.insert(Inbox).values(_VALUES).on_conflict_do_nothing(index_elements=_ON_CONFLICT).returning(Inbox.id)),
    False: prebuilt(postgresql.insert(Inbox).values(_VALUES).on_conflict_do_nothing(index_elements=_ON_CONFLICT).returning(Inbox.id)),
}
_KEEP = prebuilt(
    update(Inbox.__table__)
    .where(Inbox.workspace_id == bindparam("workspace_id"), Inbox.id == bindparam("row"))
    .values(answer=bindparam("kept"))
)
_RECALL = prebuilt(select(Inbox.answer).where(Inbox.workspace_id == bindparam("workspace_id"), Inbox.key == bindparam("key")))


def keep(answer: Answer) -> dict[str, Any]:
    return {"is": type(answer).__name__, "with": _parts(answer)}


def _parts(value: Any) -> dict[str, Any]:
    """The fields of an answer, which hold what goes out as JSON anyway."""
    parts = ((part.name, getattr(value, part.name)) for part in fields(value))
    return {name: _parts(part) if is_dataclass(part) else part for name, part in parts}


def recall(kept: dict[str, Any]) -> Answer:
    kind = next(each for each in Answer.__args__ if each.__name__ == kept["is"])
    answer: Answer = TypeAdapter(kind).validate_python(kept["with"])
    return answer


class CommitLost(Exception):
    """The database went away while it committed: nobody knows whether it did. A repeat of the request will tell."""


Finish = Callable[[AsyncSession, Request, Answer], Awaitable[Answer]]


def _home_used(request: Request) -> HomeUsed:
    return HomeUsed(key=request.key, actor=request.person, form=str(request.metadata.get("home") or ""), below=request.below)


class Desk:
    """Runs a listener for a request. `finish` adds the rows that an answer needs beside its ack, in the same transaction."""

    def __init__(self, database: Database, deps: Deps, finish: Finish) -> None:
        self.database = database
        self.deps = deps
        self.finish = finish

    async def run(self, listener: Listener, workspace_id: int, request: Request, by: str, until: float) -> Answer:
        """The listener's answer, or the one it gave before. Raises what the listener raises, with nothing written.

        Work that is not done at `until` (a time of the event loop) is rolled back with a TimeoutError; a commit is never broken off.
        """
        if is_reading(listener):
            async with (
                asyncio.timeout_at(until),
                self.database.reading(workspace_id, clock=self.deps.clock, actor=request.person) as session,
            ):
                answer = await listener(session, await self._known(session, request), self.deps)
            return await self._finish_reading(workspace_id, request, answer, until)
        limit = asyncio.timeout_at(until)
        writing = self.database.transaction(workspace_id, clock=self.deps.clock, actor=request.person or None, by=by, is_short=True)
        try:
            async with limit, writing as session:
                answer = await self._once(session, listener, request)
                limit.reschedule(None)
        except DBAPIError as error:
            if limit.when() is None and error.connection_invalidated and not self.database.is_sqlite:
                raise CommitLost from error
            raise
        return answer

    async def _once(self, session: AsyncSession, listener: Listener, request: Request) -> Answer:
        claimed = await self._claim(session, request.key)
        if claimed is None:
            return recall((await run(session, _RECALL, key=request.key)).scalar_one())
        answer = await listener(session, await self._known(session, request), self.deps)
        if isinstance(answer, Errors):
            await session.rollback()
            return answer
        if request.is_at_home:
            await self.deps.tell(session, _home_used(request))
        answer = await self.finish(session, request, answer)
        await session.flush()
        await run(session, _KEEP, row=claimed, kept=keep(Nothing() if isinstance(answer, Open | Update) and answer.is_secret else answer))
        return answer

    async def _claim(self, session: AsyncSession, key: str) -> int | None:
        found = await run(session, _CLAIM[self.database.is_sqlite], key=key, claimed_at=self.deps.now())
        row: int | None = found.scalar_one_or_none()
        return row

    async def _known(self, session: AsyncSession, request: Request) -> Request:
        if not request.person:
            return request
        return replace(request, actor=await access.actor_of(session, request.person))

    async def _finish_reading(self, workspace_id: int, request: Request, answer: Answer, until: float) -> Answer:
        if not needs_rows(request, answer):
            return answer
        limit = asyncio.timeout_at(until)
        transaction = self.database.transaction(workspace_id, clock=self.deps.clock, actor=request.person, is_short=True)
        async with limit, transaction as session:
            answer = await self.finish(session, request, answer)
            await session.flush()
            limit.reschedule(None)
        return answer


def needs_rows(request: Request, answer: Answer) -> bool:
    """Whether an answer goes out by the outbox, as its surface's ack cannot carry it."""
    return isinstance(answer, Say) and request.kind != "command"
