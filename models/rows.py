"""Rows that prebuilt statements read and write, as the ORM's own objects.

The ORM takes most of a writing command's time where a row is looked up, and where it is flushed. Both can be said in prebuilt statements;
what is read so is in the session all the same, and what is written so is in the audit.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import Executable

from models.auditing import tell_of_change
from models.base import Base, Owned, prebuilt, run
from models.workspace import Workspace

R = TypeVar("R", bound=Base)


def adopt(session: AsyncSession, kind: type[R], values: Mapping[str, Any]) -> R:
    """The object of a row that was read or written just now; one that the session knows is brought up to date.

    `values` holds all its columns.
    """
    key = inspect(kind).identity_key_from_primary_key((values["id"],))
    known = session.sync_session.identity_map.get(key)
    if isinstance(known, kind):
        for name, value in values.items():
            set_committed_value(known, name, value)
        return known
    row = kind()
    row.__dict__.update(values)
    make_transient_to_detached(row)
    session.add(row)
    return row


async def keep(session: AsyncSession, kind: type[R], key: int) -> R | None:
    """A row that several look at in one transaction, read once: the session forgets what nobody holds. None where there is none."""
    held: dict[tuple[str, int], Any] = session.info.setdefault("kept", {})
    name = (kind.__tablename__, key)
    if name not in held:
        row = (await run(session, _whole(kind), key=key)).one_or_none()
        held[name] = adopt(session, kind, row._asdict()) if row else None
    found: R | None = held[name]
    return found


@lru_cache(maxsize=16)
def _whole(kind: Any) -> Executable:
    columns = kind.__table__.c
    owner = columns.id if kind is Workspace else columns.workspace_id
    return prebuilt(select(kind.__table__).where(owner == bindparam("workspace_id"), columns.id == bindparam("key")))


async def amend(session: AsyncSession, row: Owned, **values: Any) -> None:
    """Write what is different in a row that is locked, at once, and leave it in the audit."""
    before = {name: getattr(row, name) for name in values}
    new = {name: value for name, value in values.items() if value != before[name]}
    if not new:
        return
    await run(session, _update(type(row), tuple(new)), b_row=row.id, **{f"b_{name}": value for name, value in new.items()})
    for name, value in new.items():
        set_committed_value(row, name, value)
    if row.__audited__:
        await tell_of_change(session, row, {name: before[name] for name in new}, new)


@lru_cache(maxsize=256)
def _update(kind: type[Owned], names: tuple[str, ...]) -> Executable:
    columns = kind.__table__.c
    statement = update(kind.__table__).where(columns.workspace_id == bindparam("workspace_id"), columns.id == bindparam("b_row"))
    return prebuilt(statement.values({name: bindparam(f"b_{name}", type_=columns[name].type) for name in names}))
