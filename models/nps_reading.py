"""Reading answers to NPS: counted by score, by day and by group. What was taken back counts nowhere."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.nearest import fold
from domain.nps import Tally, tally
from models.customer import Customer
from models.nps import NpsAnswer

COUNTS = NpsAnswer.removed_at.is_(None)
OF_CUSTOMER = and_(Customer.workspace_id == NpsAnswer.workspace_id, Customer.id == NpsAnswer.customer_id)
GROUPS: dict[str, ColumnElement[str]] = {
    "region": func.coalesce(func.nullif(NpsAnswer.region, ""), Customer.region, ""),
    "tier": func.coalesce(Customer.tier, ""),
    "area": func.coalesce(NpsAnswer.area, ""),
}
_SOME = 500


def between(first: date, last: date) -> ColumnElement[bool]:
    return and_(COUNTS, NpsAnswer.answered_on.between(first, last))


async def tally_between(session: AsyncSession, first: date, last: date) -> Tally:
    rows = await session.execute(select(NpsAnswer.score, func.count()).where(between(first, last)).group_by(NpsAnswer.score))
    return _pooled(rows.all())


async def tallies_between(session: AsyncSession, first: date, last: date, by: str) -> dict[str, tuple[str, Tally]]:
    """By group, however it is written, with the name as most answers have it; the empty one is of those of whom it is not known."""
    group = GROUPS[by].label("group")
    query = select(group, NpsAnswer.score, func.count()).select_from(NpsAnswer).outerjoin(Customer, OF_CUSTOMER)
    found: dict[str, list[Any]] = {}
    spelled: dict[str, Counter[str]] = {}
    for name, score, count in await session.execute(query.where(between(first, last)).group_by(group, NpsAnswer.score)):
        found.setdefault(fold(name), []).append((score, count))
        spelled.setdefault(fold(name), Counter())[" ".join(name.split())] += count
    names = {key: max(sorted(names), key=lambda name: names[name]) for key, names in spelled.items()}
    return {key: (names[key], _pooled(rows)) for key, rows in found.items()}


def _pooled(rows: Sequence[Any]) -> Tally:
    total = Tally()
    for score, count in rows:
        one = tally([score])
        total += Tally(one.promoters * count, one.passives * count, one.detractors * count)
    return total


async def by_day(session: AsyncSession, first: date, last: date) -> list[tuple[date, int, int]]:
    """(day, score, how many)."""
    query = select(NpsAnswer.answered_on, NpsAnswer.score, func.count()).where(between(first, last))
    rows = await session.execute(query.group_by(NpsAnswer.answered_on, NpsAnswer.score))
    return [(day, score, count) for day, score, count in rows]


async def known_keys(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Which of these answers came before."""
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), _SOME):
        rows = await session.scalars(select(NpsAnswer.key).where(NpsAnswer.key.in_(wanted[start : start + _SOME])))
        found |= {key for key in rows if key}
    return found
