"""Prebuilt statements straight through SQLite's driver: compiled once, values and rows turned by their types' own processors.

A local statement takes microseconds; SQLAlchemy's way there and back takes several times as long. What cannot go this way goes the usual.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, MultipleResultsFound, NoResultFound
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.base import Executable

LONG, LONGEST = 6, 2_000  # rows of a list that is remembered
_VERSION = "PRAGMA data_version"  # of a connection: another one's commit changes it
DRIVER = "sqlite3"  # where a session keeps the driver's connection: that of its open transaction, or one to read with


class Found:
    """Rows as SQLAlchemy's `Result` gives them, as far as they are asked for here. Reading a column costs an eighth."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> Sequence[Any]:
        return self._rows

    def first(self) -> Any | None:
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        if not self._rows:
            raise NoResultFound("No row was found when one was required")
        return self.one_or_none()

    def one_or_none(self) -> Any | None:
        if len(self._rows) > 1:
            raise MultipleResultsFound("Multiple rows were found when one or none was required")
        return self._rows[0] if self._rows else None

    def scalars(self) -> Sequence[Any]:
        return [row[0] for row in self._rows]

    def scalar_one(self) -> Any:
        return self.one()[0]

    def scalar_one_or_none(self) -> Any | None:
        row = self.one_or_none()
        return row[0] if row else None


class Direct:
    """One statement. `can` is False for those whose text depends on their values, and for those that Python fills in.

    Its last long list is remembered. It is not read again where nobody committed anything since, which SQLite tells at once; rows that are
    the same are not turned again.
    """

    def __init__(self, statement: Any) -> None:
        dialect = SQLiteDialect_pysqlite(paramstyle="named")
        compiled = statement.compile(dialect=dialect)
        self.sql = compiled.string
        self.can = not (compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch)
        types = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()}
        self._turned = [(name, turn) for name, turn in types.items() if turn]
        self._given = compiled.params
        columns = list(getattr(statement, "exported_columns", ()))
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._readers = [(at, reader) for at, reader in enumerate(readers) if reader]
        row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
        self._row = partial(tuple.__new__, row)
        # Where, when and with which values it was read, as SQLite gave it, and its rows: always set together, as threads read, too.
        self._last: tuple[tuple[Any, ...], Sequence[Any], Sequence[Any]] = (), (), ()

    def __call__(self, driver: sqlite3.Connection, values: Mapping[str, Any]) -> Found:
        bound = {**self._given, **values}
        for name, turn in self._turned:
            bound[name] = turn(bound[name])
        try:
            last_at, last_found, last_rows = self._last
            at = (driver, *driver.execute(_VERSION).fetchone(), bound) if last_at and not driver.in_transaction else ()
            if at and at == last_at:
                return Found(last_rows)
            found = driver.execute(self.sql, bound).fetchall()
        except sqlite3.Error as error:
            raise DBAPIError.instance(self.sql, bound, error, sqlite3.Error) from error
        if not LONG <= len(found) <= LONGEST:
            return Found(self._read(found))
        rows = last_rows if found == last_found else self._again(found, last_found, last_rows)
        self._last = at or (driver, None, bound), found, rows
        return Found(rows)

    def _again(self, found: Sequence[Any], last_found: Sequence[Any], last_rows: Sequence[Any]) -> Sequence[Any]:
        """Only those are turned that are not known. Most often each stands where it stood."""
        if len(found) == len(last_found):
            rows = [turned if row == last else None for row, last, turned in zip(found, last_found, last_rows, strict=True)]
        else:
            rows = [*map(dict(zip(last_found, last_rows, strict=True)).get, found)]
        new = [n for n, row in enumerate(rows) if row is None]
        for n, row in zip(new, self._read([found[n] for n in new]), strict=True):
            rows[n] = row
        return tuple(rows)

    def _read(self, found: Sequence[Any]) -> Sequence[Any]:
        if not self._readers:
            return [*map(self._row, found)]
        columns = [*zip(*found, strict=True)]  # a column at a time, as lists are long
        for at, reader in self._readers if columns else ():
            columns[at] = tuple([None if value is None else reader(value) for value in columns[at]])
        return [*map(self._row, zip(*columns, strict=True))]


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
