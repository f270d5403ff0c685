"""Rows that prebuilt statements read and write, as the ORM's own objects.

The ORM takes most of a writing command's time where a row is looked up, and where it is flushed. Both can be said in prebuilt statements;
what is read so is in the session all the same, and what is written so is in the audit.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import bindparam, inspect, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from models.auditing import tell_of_change, tell_of_new
from models.base import Base, Owned, prebuilt, run, workspace_of
from models.workspace import Workspace

R = TypeVar("R", bound=Base)
_INSERT: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


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


async def find(session: AsyncSession, kind: type[R], statement: Executable, **values: Any) -> R | None:
    """The one row that a prebuilt statement of all its columns finds. What the session holds is written first, as the ORM would."""
    await written(session)
    row = (await run(session, statement, **values)).one_or_none()
    return adopt(session, kind, row._asdict()) if row else None


async def written(session: AsyncSession) -> None:
    """What the session holds is written. To ask it costs a tenth of a flush that finds nothing to do."""
    if session.new or session.dirty or session.deleted:
        await session.flush()


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


async def put(session: AsyncSession, kind: type[Owned], values: Mapping[str, Any], unless: tuple[str, ...] = ()) -> int | None:
    """Write a new row at once, without an audit, and give its id. None where there is one already with the unique key `unless`.

    What listens to the ORM's own inserts hears nothing of it.
    """
    statement = _insert(kind, unless, session.get_bind().dialect.name)
    return (await run(session, statement, **{**_unsaid(kind), **values})).scalar_one_or_none()  # type: ignore[no-any-return]


async def add(session: AsyncSession, row: Owned) -> None:
    """Write a new object at once, in the same way: it has its id then, and is in the audit where its table has one."""
    kind, given = type(row), row.__dict__
    values = {name: given.get(name, default) for name, default in _unsaid(kind).items()}
    given.update(values, id=await put(session, kind, values), workspace_id=workspace_of(session))
    make_transient_to_detached(row)
    session.add(row)
    if row.__audited__:
        await tell_of_new(session, row)


@lru_cache(maxsize=64)
def _unsaid(kind: type[Owned]) -> Mapping[str, Any]:
    """All columns that a new row brings, with what stands in those that it leaves out."""
    columns = [column for column in kind.__table__.columns if column.key not in ("id", "workspace_id")]
    return {column.key: column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None for column in columns}


@lru_cache(maxsize=64)
def _insert(kind: type[Owned], unless: tuple[str, ...], dialect: str) -> Executable:
    statement = _INSERT[dialect](kind.__table__).values({name: bindparam(name) for name in ("workspace_id", *_unsaid(kind))})
    once = statement.on_conflict_do_nothing(index_elements=["workspace_id", *unless]) if unless else statement
    return prebuilt(once.returning(kind.__table__.c.id))  # type: ignore[no-any-return]


@lru_cache(maxsize=256)
def _update(kind: type[Owned], names: tuple[str, ...]) -> Executable:
    columns = kind.__table__.c
    statement = update(kind.__table__).where(columns.workspace_id == bindparam("workspace_id"), columns.id == bindparam("b_row"))
    return prebuilt(statement.values({name: bindparam(f"b_{name}", type_=columns[name].type) for name in names}))
