"""Adding a row that somebody else may add at the same moment: one of the two wins, and both go on with the same row."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import Owned, workspace_of

R = TypeVar("R", bound=Owned)

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


async def find_or_add(session: AsyncSession, query: Select[R], make: Callable[[], R]) -> R:
    """The row that `query` finds, else the one that `make` makes. A unique key must stand behind the query."""
    found = (await session.scalars(query)).one_or_none()
    if found is not None:
        return found
    try:
        async with session.begin_nested():
            row = make()
            session.add(row)
            await session.flush()
    except IntegrityError:
        return (await session.scalars(query)).one()
    return row


async def add_missing(session: AsyncSession, kind: type[Owned], rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows without an audit, leaving out those whose unique key is taken."""
    if rows:
        owned = [{"workspace_id": workspace_of(session), **row} for row in rows]
        connection = await session.connection()
        insert: Any = _INSERT[connection.dialect.name]
        await connection.execute(insert(kind).on_conflict_do_nothing(), owned)
