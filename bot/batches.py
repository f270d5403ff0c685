"""Several requests' transactions that one commit takes to the disk, on SQLite: a commit costs about as much for twenty as for one.

Each is a savepoint in one transaction of SQLite's, and whoever asked goes on when that is committed, so nobody is told of what could still
be lost. Its commit waits in line behind those who wait already: they come along. Where nobody waits it is at once.
"""

import asyncio
import sqlite3
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError

from bot.loop_sqlite import LoopConnection

LOST = "what was written together was lost"


class Batch:
    """What was written and is not on the disk yet. Only whoever holds the line touches it; `joins` says that they write into it."""

    def __init__(self, line: asyncio.Lock) -> None:
        self.joins = False
        self.on_loss: list[Callable[[], object]] = []  # what remembers rows of it forgets them
        self._line = line
        self._connection: sqlite3.Connection | None = None
        self._kept: asyncio.Future[None] | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    def opened(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def kept(self) -> asyncio.Future[None]:
        """Done when all of it is on the disk; raises when it is lost."""
        if self._kept is None:
            self._kept = asyncio.get_running_loop().create_future()
            self._kept.add_done_callback(lambda kept: kept.exception())  # whoever waited for it may be gone
            self._keeper = asyncio.create_task(self._keep_in_turn())
        return self._kept

    async def _keep_in_turn(self) -> None:
        async with self._line:
            self.keep()

    def keep(self) -> None:
        """Commit it, and let those go on who wait for that. Hold the line. Raises nothing: it is their loss."""
        kept, connection = self._kept, self._connection
        self._kept = self._connection = None
        try:
            if connection is not None:
                _commit(connection)
        except sqlite3.Error as error:
            for forget in self.on_loss:
                forget()
            if kept:
                kept.set_exception(_of_database(error))
        else:
            if kept:
                kept.set_result(None)

    async def close(self) -> None:
        self.keep()
        if self._keeper:
            await asyncio.wait({self._keeper})


def _commit(connection: sqlite3.Connection) -> None:
    if not connection.in_transaction:  # SQLite took it back whole, as it may when the disk is full
        raise sqlite3.OperationalError(LOST)
    try:
        connection.commit()
    except sqlite3.Error:
        connection.rollback()
        raise


def _of_database(error: sqlite3.Error) -> Exception:
    return DBAPIError.instance("COMMIT", None, error, sqlite3.Error)


class BatchedConnection(LoopConnection):
    """The writing connection. Whoever joins the batch begins, commits and takes back a part of it."""

    def __init__(self, connection: sqlite3.Connection, batch: Batch) -> None:
        super().__init__(connection)
        self._batch = batch
        self._is_in_part = False

    async def begin(self, how: str) -> None:
        if not self._batch.joins:
            await super().begin(how)
            return
        if not self._batch.is_open:
            await super().begin(how)
            self._batch.opened(self.plain)
        elif not self.plain.in_transaction:
            raise _of_database(sqlite3.OperationalError(LOST))
        self.plain.execute("SAVEPOINT part")
        self._is_in_part = True

    async def commit(self) -> None:
        if not self._is_in_part:
            await super().commit()
            return
        self.plain.execute("RELEASE part")
        self._is_in_part = False

    async def rollback(self) -> None:
        if not self._batch.is_open:
            await super().rollback()
        elif self._is_in_part and self.plain.in_transaction:
            self.plain.execute("ROLLBACK TO part")
            self.plain.execute("RELEASE part")
        self._is_in_part = False
