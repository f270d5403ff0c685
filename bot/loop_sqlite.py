"""SQLite behind the interface that SQLAlchemy's async engine expects of aiosqlite, run in the event loop's own thread."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

LOCK_PATIENCE = 10.0  # seconds; another process may hold SQLite's lock for that long before a writer gives up


class LoopCursor:
    """A cursor with aiosqlite's interface that runs where it is called."""

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> "LoopCursor":
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> None:
        self._cursor.execute(sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> None:
        self._cursor.executemany(sql, parameters)

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class LoopConnection:
    """A connection with aiosqlite's interface that runs where it is called."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._conn = self._connection = self.plain = connection

    def cursor(self) -> LoopCursor:
        return LoopCursor(self._conn.cursor())

    async def begin(self, how: str) -> None:
        await patiently(lambda: self._conn.execute(how))

    async def commit(self) -> None:
        await patiently(self._conn.commit)

    async def rollback(self) -> None:
        self._conn.rollback()

    async def close(self) -> None:
        self._conn.close()

    async def create_function(self, *args: Any, **kwargs: Any) -> None:
        self._conn.create_function(*args, **kwargs)

    def stop(self) -> None:
        self._conn.close()


async def patiently(attempt: Callable[[], object]) -> None:
    """Wait for a lock that another process holds without freezing the loop."""
    deadline = asyncio.get_running_loop().time() + LOCK_PATIENCE
    pause = 0.001
    while True:
        try:
            attempt()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(pause)
        pause = min(pause * 2, 0.05)
