"""Engines and transactions, for SQLite and PostgreSQL.

SQLite has one writing connection, waited for in the process, and a few reading ones; all run in the event loop's own thread, as a
local statement takes microseconds and a hop to another thread takes more. `docs/decisions/0002-sqlite-in-the-loop.md` has the figures.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.util import await_only

from bot.batches import Batch, BatchedConnection
from bot.loop_sqlite import LOCK_PATIENCE, LoopConnection, patiently
from models.auditing import WATCHED  # noqa: F401  (listens to every session)
from models.base import WorkspaceSession
from models.direct import DRIVER

T = TypeVar("T")
POOL_PATIENCE = 2.4  # seconds; Slack waits for three
OPENING = 0.5  # seconds; whoever closes a connection at that moment locks the file for less
APART = ("threads=2", f"busy_timeout={LOCK_PATIENCE * 1000:.0f}")  # a thread may wait by itself, and sort with another


def _opened(path: str, *more: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=OPENING)
    usual = ("foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-16000", "wal_autocheckpoint=4000", "busy_timeout=0")
    for pragma in (*usual, *more):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _sqlite_engine(path: str, begin: str, size: int, *more: str, batch: Batch | None = None) -> AsyncEngine:
    async def connect(*_: Any, **__: Any) -> LoopConnection:
        connection = _opened(path, *more)
        await patiently(lambda: connection.execute("PRAGMA journal_mode=WAL"))
        return BatchedConnection(connection, batch) if batch else LoopConnection(connection)

    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_PATIENCE,
        connect_args={"async_creator_fn": connect},
    )
    event.listen(engine.sync_engine, "begin", lambda connection: await_only(connection.connection.driver_connection.begin(begin)))
    return engine


class Database:
    """Where sessions come from. `transaction` writes and commits, `reading` only reads, `unbound` is for the machine room."""

    def __init__(self, url: str, *, pool: int = 4) -> None:
        self.url = make_url(url)
        self._line = asyncio.Lock()
        self.batch = Batch(self._line)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._path = str(Path(self.url.database or "tendon.db"))
        self._glance: sqlite3.Connection | None = None
        if self.is_sqlite:
            self.writer = _sqlite_engine(self._path, "BEGIN IMMEDIATE", 1, batch=self.batch)
            self.reader = _sqlite_engine(self._path, "BEGIN", 4)
        else:
            self.writer = self.reader = create_async_engine(
                self.url, pool_size=pool, max_overflow=12, pool_timeout=POOL_PATIENCE, connect_args={"connect_timeout": 2}
            )

    @asynccontextmanager
    async def transaction(
        self, workspace_id: int, *, clock: Callable[[], datetime], actor: str | None = None, by: str = "", is_short: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """One transaction, bound to a workspace and an actor; committed when the block ends, rolled back when it raises.

        One that `is_short` may come to the disk together with others, which wait for it.
        """
        async with self._session(self.writer, is_short, workspace_id=workspace_id, clock=clock, actor=actor, by=by) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def reading(self, workspace_id: int, *, clock: Callable[[], datetime], actor: str | None = None) -> AsyncIterator[AsyncSession]:
        """A session for reading. On SQLite it waits for no writer.

        There prebuilt statements share one connection, each its own transaction as on PostgreSQL, until the session opens one for others.
        """
        info: dict[str, Any] = {"workspace_id": workspace_id, "clock": clock, "actor": actor, "by": ""}
        if self.is_sqlite:
            info[DRIVER] = self._glancing()
        session = AsyncSession(self.reader, sync_session_class=WorkspaceSession, expire_on_commit=False, info=info)
        try:
            yield session
        finally:
            if session.in_transaction():  # else only prebuilt statements ran, on a connection that is not the session's
                await session.close()

    async def apart(
        self, workspace_id: int, read: Callable[[AsyncSession], Awaitable[T]], *, clock: Callable[[], datetime], actor: str | None = None
    ) -> T:
        """What `read` returns, run in a thread and on a connection of its own: what reads for seconds keeps nobody waiting."""

        async def there() -> T:
            engine = _sqlite_engine(self._path, "BEGIN", 1, *APART) if self.is_sqlite else create_async_engine(self.url, pool_size=1)
            try:
                async with self._session(engine, workspace_id=workspace_id, clock=clock, actor=actor, by="") as session:
                    return await read(session)
            finally:
                await engine.dispose()

        return await asyncio.to_thread(asyncio.run, there())

    @asynccontextmanager
    async def unbound(self) -> AsyncIterator[AsyncSession]:
        """A writing session of no workspace: its statements must say `every_workspace`. Committed at the end."""
        async with self._session(self.writer) as session:
            yield session
            await session.commit()

    @asynccontextmanager
    async def plainly(self) -> AsyncIterator[AsyncConnection]:
        """A writing connection without a session, for the machine room's own short statements. Committed at the end."""
        async with self._turn(self.writer, is_short=True), self.writer.begin() as connection:
            yield connection

    async def answers(self) -> None:
        """Raises when the database does not answer, or when SQLite cannot be written to because another process holds it."""
        async with asyncio.timeout(POOL_PATIENCE), self._turn(self.writer), self.writer.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        if self._glance:
            self._glance.close()
        await self.batch.close()
        await self.writer.dispose()
        await self.reader.dispose()

    def _glancing(self) -> sqlite3.Connection:
        if self._glance is None:
            self._glance = _opened(self._path, "query_only=ON")
        return self._glance

    @asynccontextmanager
    async def _session(self, engine: AsyncEngine, is_short: bool = False, /, **info: Any) -> AsyncIterator[AsyncSession]:
        async with self._turn(engine, is_short):
            session = AsyncSession(engine, sync_session_class=WorkspaceSession, expire_on_commit=False, info=info)
            try:
                yield session
            finally:
                await session.close()

    @asynccontextmanager
    async def _turn(self, engine: AsyncEngine, is_short: bool = False) -> AsyncIterator[None]:
        """SQLite's writers wait in line: the pool would let a newcomer pass those who wait, until these give up.

        Who takes long lets nobody wait for their end: what others wrote is committed before.
        """
        if not self.is_sqlite or engine is not self.writer:
            yield
            return
        async with asyncio.timeout(POOL_PATIENCE):
            await self._line.acquire()
        try:
            if not is_short:
                self.batch.keep()
            self.batch.joins = is_short
            yield
        finally:
            self.batch.joins = False
            kept = self.batch.kept() if is_short else None
            self._line.release()
        if kept:
            await asyncio.shield(kept)
