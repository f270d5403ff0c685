"""Prebuilt statements straight through SQLite's driver: compiled once, values and rows turned by their types' own processors.

A local statement takes microseconds; SQLAlchemy's way there and back takes several times as long. What cannot go this way goes the usual.
"""

import sqlite3
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Connection, Result
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.base import Executable

DRIVER = "sqlite3"  # where a session keeps the driver's connection: that of its open transaction, or one to read with


class Direct:
    """One statement. `can` is False for those whose text depends on their values, and for those that Python fills in."""

    def __init__(self, statement: Any) -> None:
        dialect = SQLiteDialect_pysqlite()
        compiled = statement.compile(dialect=dialect)
        self.sql = compiled.string
        self.can = not (compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch)
        types = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()}
        self._names = [(name, types[name]) for name in compiled.positiontup or ()]
        self._given = compiled.params
        columns = list(getattr(statement, "exported_columns", ()))
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._readers = [(at, reader) for at, reader in enumerate(readers) if reader]
        self._rows = SimpleResultMetaData([column.key for column in columns])

    def __call__(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> Result[Any]:
        values = {**self._given, **values}
        try:
            bound = [turn(values[name]) if turn else values[name] for name, turn in self._names]
            found = driver.execute(self.sql, bound).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(self.sql, dict(values), error, sqlite3.Error) from error
        return IteratorResult(self._rows, iter(self._read(found) if self._readers else found))

    def _read(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        rows = [list(row) for row in found]
        for row in rows:
            for at, reader in self._readers:
                row[at] = reader(row[at])
        return [tuple(row) for row in rows]


@lru_cache(maxsize=1024)
def directly(statement: Executable) -> Direct:
    return Direct(statement)


@event.listens_for(Session, "after_begin")
def _keep_driver(session: Session, _: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        adapted: Any = connection.connection.driver_connection
        session.info[DRIVER] = adapted.plain


@event.listens_for(Session, "after_transaction_create")
def _savepoint_first(session: Session, transaction: SessionTransaction) -> None:
    """A savepoint is set when the session next asks for its connection, so it must ask."""
    if transaction.nested:
        session.info.pop(DRIVER, None)


@event.listens_for(Session, "after_transaction_end")
def _forget_driver(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(DRIVER, None)
