"""Engines come and go with every test, but what one compiled serves the next, and on PostgreSQL its connections too.

So does a bot that runs for months with one engine. SQLAlchemy keeps compiled statements per engine and dialect object; here every
dialect of a kind counts as the same one. Each engine still has a pool of its own, and no connection serves two at a time.
"""

from typing import Any, ClassVar

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg, PGDialectAsync_psycopg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.util import LRUCache

ENOUGH = 5_000  # statements
AT_HAND = 8  # connections


class Shared:
    """A dialect that equals the others of its class, and whose engines keep their statements together."""

    compiled: ClassVar[LRUCache[Any, Any]]

    def __init_subclass__(cls) -> None:
        cls.compiled = LRUCache(ENOUGH)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine._compiled_cache = cls.compiled


class SharedSqlite(Shared, SQLiteDialect_aiosqlite):
    supports_statement_cache = True


class SharedPostgres(Shared, PGDialectAsync_psycopg):
    supports_statement_cache = True
    database = ""  # whose connections are kept
    at_hand: ClassVar[list[Any]] = []

    def connect(self, *args: Any, **more: Any) -> Any:
        while self.at_hand and more.get("dbname") == self.database:
            connection = self.at_hand.pop()
            if _is_sound(connection):
                return connection
        return super().connect(*args, **more)

    def do_close(self, connection: Any) -> None:
        if connection.info.dbname == self.database and len(self.at_hand) < AT_HAND and _is_sound(connection):
            self.at_hand.append(connection)
        else:
            connection.close()

    @classmethod
    async def close_all(cls) -> None:
        cls.database = ""
        while cls.at_hand:
            await cls.at_hand.pop().driver_connection.close()


def _is_sound(connection: Any) -> bool:
    """Whether it is open at both ends, and in no transaction."""
    try:
        connection.driver_connection.pgconn.consume_input()
    except psycopg.OperationalError:
        connection.close()
    return not connection.closed and connection.info.transaction_status is TransactionStatus.IDLE


class Postgres(PGDialect_psycopg):
    """What the address names: migrations use it as it is, the bot its asynchronous side."""

    supports_statement_cache = True

    @classmethod
    def get_async_dialect_cls(cls, url: URL) -> type[Any]:
        return SharedPostgres


def share() -> None:
    """From here on, in this process."""
    registry.register("sqlite.aiosqlite", __name__, SharedSqlite.__name__)
    registry.register("postgresql.psycopg", __name__, Postgres.__name__)
