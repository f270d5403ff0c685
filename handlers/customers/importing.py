"""Customers from a sheet: who is held against it, how its rows are written, and how they are taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from bot.importing import Importing
from bot.imports import Brought, Kind, Rows
from bot.requests import Actor
from domain import customers
from domain.customers import HEADINGS, LABELS, NAME, OWNER, REGION, TIER, VALUE, Known, KnownCustomer
from domain.nearest import fold
from domain.phrases import cut, say_count, say_list
from domain.records import Line
from handlers.customers import reading
from models import Customer, SheetDraft
from models.finding import customer_named, someones
from models.merging import hold, is_used

COLUMNS = {TIER: "tier", VALUE: "value", OWNER: "account_owner", REGION: "region"}
AT_ONCE = 200


async def may_import(session: AsyncSession, actor: Actor) -> None:
    await access.may_arrange(session, actor, "import customers")


async def known(session: AsyncSession, viewer: Actor, rows: Rows, answers: Mapping[str, str], deps: Deps) -> Known:
    """Customers by each name that finds them, of those that the reader may see; others are as good as new to them."""
    shown = reading.shown_customers(viewer)
    found = {row.id: _known(row) for row in await session.scalars(select(Customer).where(shown))}
    names = await session.execute(select(Customer.folded, Customer.id, Customer.merged_into_id))
    by_name = {folded: found[merged or key] for folded, key, merged in names if (merged or key) in found}
    return Known(by_name, await someones(session))


def _known(row: Customer) -> KnownCustomer:
    return KnownCustomer(row.id, row.name, {name: getattr(row, column) for name, column in COLUMNS.items()})


async def write(session: AsyncSession, draft: SheetDraft, lines: Sequence[Line], now: datetime) -> Brought:
    """New ones many at a time; where somebody named one of them at this moment, one after the other."""
    new, old = [line for line in lines if "id" not in line.values], [line for line in lines if "id" in line.values]
    made: dict[int, dict[str, Any]] = {}
    changed: dict[int, dict[str, Any]] = {}
    for start in range(0, len(new), AT_ONCE):
        some = new[start : start + AT_ONCE]
        rows = [_made(line, now) for line in some]
        try:
            async with session.begin_nested():
                session.add_all(rows)
                await session.flush()
            made |= {row.id: _fields(row) for row in rows}
        except IntegrityError:
            for line in some:
                row = await customer_named(session, line.values[NAME])
                changed[row.id] = _fill(row, line.values, now)
    for line in old:
        held = await hold(session, int(line.values["id"]))
        if (known_row := held.get(int(line.values["id"]))) is not None:
            changed[known_row.id] = _fill(known_row, line.values, now)
    await session.flush()
    says = [say_count(len(made), "new customer")] * bool(made or not changed)
    says += [f"{say_count(len(changed), 'customer')} with more known of {'it' if len(changed) == 1 else 'them'}"] * bool(changed)
    return Brought(say_list(says), {"made": made, "changed": changed})


def _made(line: Line, now: datetime) -> Customer:
    values = {column: line.values[name] for name, column in COLUMNS.items() if name in line.values}
    return Customer(name=line.values[NAME], folded=fold(line.values[NAME])[:200], listed_at=now, **values)


def _fill(row: Customer, values: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Write what the sheet says; what was there before is kept for an undo."""
    before = {}
    for name, column in COLUMNS.items():
        if name in values:
            before[column] = [getattr(row, column), values[name]]
            setattr(row, column, values[name])
    row.listed_at = row.listed_at or now
    return before


def _fields(row: Customer) -> dict[str, Any]:
    return {"name": row.name, **{column: getattr(row, column) for column in COLUMNS.values()}}


async def take_back(session: AsyncSession, draft: SheetDraft, now: datetime) -> str:
    """What nobody changed or named since is gone again; what an import changed is as it was, where nobody changed it since."""
    made = {int(key): fields for key, fields in draft.brought.get("made", {}).items()}
    stay: list[str] = []
    gone = 0
    for start in range(0, len(made), AT_ONCE):
        keys = list(made)[start : start + AT_ONCE]
        held = await hold(session, *keys)
        used = set(await session.scalars(select(Customer.id).where(Customer.id.in_(keys), is_used())))
        for key, row in held.items():
            if key in used or _fields(row) != made[key]:
                stay.append(row.name)
            else:
                await session.delete(row)
                gone += 1
        await session.flush()
    back = 0
    for key, fields in draft.brought.get("changed", {}).items():
        back += await _put_back(session, int(key), fields)
    words = f"The import was taken back: {say_count(gone, 'customer')} {'is' if gone == 1 else 'are'} gone again"
    words += f", {say_count(back, 'customer')} as before" if back else ""
    shown = say_list([*map(cut, stay[:10]), f"{len(stay) - 10:,} more"] if len(stay) > 10 else list(map(cut, stay)))
    return f"{words}." + (f" In use or changed since, so kept: {shown}." if stay else "")


async def _put_back(session: AsyncSession, key: int, fields: Mapping[str, Sequence[Any]]) -> int:
    row = (await hold(session, key)).get(key)
    mine = [(name, before) for name, (before, after) in fields.items() if row is not None and getattr(row, name) == after]
    for name, before in mine:
        setattr(row, name, before)
    return bool(mine)


CUSTOMERS = Importing(
    Kind(
        slice="customers",
        command="/customer import",
        title="Import customers",
        intro="A list of customers: name, tier, yearly value, account owner, region.",
        labels={name: LABELS[name] for name in (NAME, TIER, VALUE, OWNER, REGION)},
        headings=HEADINGS,
        needed=(NAME,),
        may=may_import,
        known=known,
        sort=customers.sort_out,
        write=write,
        take_back=take_back,
    )
)
