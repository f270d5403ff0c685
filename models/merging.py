"""Making one customer of two. What the one had goes to the other, with a note of exactly what, so that exactly that can go back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.nearest import fold
from models.adding import find_or_add
from models.base import workspace_of
from models.customer import Customer, CustomerMerge
from models.escalation import Escalation
from models.feedback import Feedback, names_of, searched
from models.nps import NpsAnswer

BELONGINGS: Mapping[str, Any] = {"feedback": Feedback, "escalation": Escalation, "nps_answer": NpsAnswer}
FILLED = ("tier", "value", "account_owner", "region")
_NAMES = "names"
_SOME = 500
_QUIETLY = {"synchronize_session": False}


def is_used() -> ColumnElement[bool]:
    """Customers of whom somebody said something, or that were made of two; others can go without a trace."""

    def refers(kind: Any, column: Any) -> ColumnElement[bool]:
        return exists().where(kind.workspace_id == Customer.workspace_id, column == Customer.id)

    other = aliased(Customer)
    named = [refers(kind, kind.customer_id) for kind in (*BELONGINGS.values(), CustomerMerge)]
    return or_(*named, refers(CustomerMerge, CustomerMerge.into_id), refers(other, other.merged_into_id))


async def hold(session: AsyncSession, *customers: int) -> dict[int, Customer]:
    """Customers, locked in one order: whoever names one of them at this moment waits, and then finds the one that stays."""
    query = select(Customer).where(Customer.id.in_(customers)).order_by(Customer.id).with_for_update()
    return {row.id: row for row in await session.scalars(query, execution_options={"populate_existing": True})}


async def merge(session: AsyncSession, gone: Customer, stays: Customer, *, by: str, now: datetime) -> CustomerMerge:
    """Both are held, and neither is merged into another."""
    moved: dict[str, Any] = {}
    for name, kind in BELONGINGS.items():
        moved[name] = list(await session.scalars(select(kind.id).where(kind.customer_id == gone.id).order_by(kind.id)))
        await _move(session, kind.customer_id, moved[name], gone.id, stays.id)
    await also_found_by(session, stays.name, moved["feedback"])
    names = select(Customer.id).where(Customer.merged_into_id == gone.id).order_by(Customer.id)
    moved[_NAMES] = list(await session.scalars(names))
    await _move(session, Customer.merged_into_id, moved[_NAMES], gone.id, stays.id)
    filled = {name: getattr(gone, name) for name in FILLED if getattr(stays, name) in (None, "") and getattr(gone, name) not in (None, "")}
    for name, value in filled.items():
        setattr(stays, name, value)
    if gone.listed_at and not stays.listed_at:
        stays.listed_at = now
    gone.merged_into_id = stays.id
    made = CustomerMerge(customer_id=gone.id, into_id=stays.id, moved=moved, filled=filled, by=by, at=now)
    session.add(made)
    await session.flush()
    return made


async def separate(session: AsyncSession, merged: CustomerMerge, gone: Customer, stays: Customer, now: datetime) -> None:
    """Take a merge back. What came to the one that stays since, or was given to another by hand, stays where it is."""
    for name, kind in BELONGINGS.items():
        await _move(session, kind.customer_id, merged.moved.get(name, ()), stays.id, gone.id)
    await _move(session, Customer.merged_into_id, merged.moved.get(_NAMES, ()), stays.id, gone.id)
    for name, value in merged.filled.items():
        if getattr(stays, name) == value:
            setattr(stays, name, "" if isinstance(value, str) and name != "account_owner" else None)
    gone.merged_into_id, merged.undone_at = None, now
    await session.flush()
    await found_anew(session, merged.moved.get("feedback", ()))


async def also_found_by(session: AsyncSession, name: str, pieces: Sequence[int]) -> None:
    """Their customer is called so, too. The name that it had stays a way to find them."""
    more = {"searched": Feedback.searched + " " + searched(name)}
    for start in range(0, len(pieces), _SOME):
        these = Feedback.id.in_(pieces[start : start + _SOME])
        await session.execute(update(Feedback).where(these).values(more), execution_options=_QUIETLY)


async def found_anew(session: AsyncSession, pieces: Sequence[int]) -> None:
    """By their words, and what their customer is called now."""
    connection = await session.connection()
    for start in range(0, len(pieces), _SOME):
        rows = list(await session.scalars(select(Feedback).where(Feedback.id.in_(pieces[start : start + _SOME]))))
        named = {key: await connection.run_sync(names_of, workspace_of(session), key) for key in {row.customer_id for row in rows}}
        for row in rows:
            terms = searched(row.words, row.area, row.requested_by, row.source, named[row.customer_id])
            one = update(Feedback).where(Feedback.id == row.id).values(searched=terms)
            await session.execute(one, execution_options=_QUIETLY)


async def _move(session: AsyncSession, column: Any, ids: Sequence[int], before: int, after: int) -> None:
    kind = column.class_
    for start in range(0, len(ids), _SOME):
        these = (kind.id.in_(ids[start : start + _SOME]), column == before)
        await session.execute(update(kind).where(*these).values({column.key: after}), execution_options=_QUIETLY)


async def was_a_name(session: AsyncSession, name: Customer) -> bool:
    """Whether a row is no more than what a customer was called before: not one that was merged, which may be taken back."""
    merged = select(CustomerMerge.id).where(CustomerMerge.customer_id == name.id, CustomerMerge.undone_at.is_(None)).limit(1)
    return name.merged_into_id is not None and await session.scalar(merged) is None


async def keep_name(session: AsyncSession, customer: Customer, name: str) -> None:
    """What it was called before still finds it, unless another customer is called so by now."""
    folded = fold(name)[:200]
    known = select(Customer).where(Customer.folded == folded)
    await find_or_add(session, known, lambda: Customer(name=name, folded=folded, merged_into_id=customer.id))


async def give_up_name(session: AsyncSession, name: Customer) -> None:
    """Somebody else is called so from now on: the row is gone, and so is a way to find what its customer said."""
    stays = name.merged_into_id
    await session.delete(name)
    await session.flush()
    await found_anew(session, list(await session.scalars(select(Feedback.id).where(Feedback.customer_id == stays))))
