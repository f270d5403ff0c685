"""Counting a year of what customers said in the database, and no row here: by week, by group, with the customers behind it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from domain.calendar import DAY
from domain.customers import Weights
from domain.periods import Period
from domain.trends import NOT_KNOWN, By, Counted, weeks_of
from domain.triage import begins_at
from models import OF_CUSTOMERS, Customer, Feedback, Team
from models.steps import step

MOST_GROUPS = 12
_COLUMNS: dict[By, Any] = {By.AREA: Feedback.area, By.TYPE: Feedback.type, By.TEAM: Feedback.team_id}
_NAMES: dict[By, Any] = {By.CUSTOMER: Customer.name, By.REGION: func.nullif(Customer.region, "")}


def between(period: Period, zone: str, only: ColumnElement[bool]) -> ColumnElement[bool]:
    """Customers' words of these days on the wall of a zone, as far as `only` lets through."""
    begins, ends = begins_at(period.first, zone), begins_at(period.last + DAY, zone)
    return and_(Feedback.logged_at >= begins, Feedback.logged_at < ends, OF_CUSTOMERS, only)


async def by_week(session: AsyncSession, period: Period, zone: str, only: ColumnElement[bool]) -> list[tuple[date, int]]:
    weeks = weeks_of(period)
    week = step(Feedback.logged_at, [begins_at(day, zone) for day in weeks], list(range(len(weeks))))
    each = select(week.label("week")).where(between(period, zone, only)).subquery()
    found: dict[int, int] = dict((await session.execute(select(each.c.week, func.count()).group_by(each.c.week))).all())
    return [(day, found.get(n, 0)) for n, day in enumerate(weeks)]


async def by_group(
    session: AsyncSession, period: Period, before: Period, by: By, zone: str, only: ColumnElement[bool]
) -> tuple[list[Counted], int, Counted]:
    """The groups with most pieces, how many groups there are, and all together. A customer counts once in each, and once in all."""
    rows, groups, total = await _said(session, by, between(period, zone, only))
    earlier = await _pieces(session, by, between(before, zone, only))
    names = await _names(session, by, [row[0] for row in rows])
    listed = [Counted(name, pieces, weights, earlier.get(key, 0)) for name, (key, pieces, weights) in zip(names, rows, strict=True)]
    return listed, groups, Counted("", total[0], total[1], sum(earlier.values()))


async def _said(session: AsyncSession, by: By, these: ColumnElement[bool]) -> tuple[list[Any], int, tuple[int, Weights]]:
    """One pass over the pieces; groups and the total are made from what it leaves: a row for each group and customer."""
    key = _COLUMNS.get(by, literal(0))
    said = (
        select(key.label("key"), Feedback.customer_id.label("customer"), func.count().label("pieces"))
        .where(these)
        .group_by(Feedback.customer_id, *([key] if by in _COLUMNS else []))  # numbers first: they sort faster than words
        .cte("said")
    )
    named = _NAMES.get(by, said.c.key)
    each = select(said.c.customer, func.sum(said.c.pieces).label("pieces")).group_by(said.c.customer).subquery()
    groups = (
        select(literal(0).label("is_all"), named.label("key"), *_figures(said.c.pieces), func.count().over().label("groups"))
        .select_from(said)
        .outerjoin(Customer, Customer.id == said.c.customer)
        .group_by(named)
        .order_by(func.sum(said.c.pieces).desc(), named)
        .limit(MOST_GROUPS)
        .subquery()
    )
    in_all = select(literal(1), null(), *_figures(each.c.pieces), literal(0)).select_from(each)  # whoever is in several groups counts once
    both = union_all(select(groups), in_all.outerjoin(Customer, Customer.id == each.c.customer))
    found = list(await session.execute(both))
    rows = [(key, _figure(row)) for is_all, key, *row, _ in found if not is_all]
    (total,) = [_figure(row) for is_all, _, *row, _ in found if is_all]
    rows.sort(key=lambda row: (-row[1][0], str(row[0])))
    return [(key, *figure) for key, figure in rows], max(row[-1] for row in found), total


def _figures(pieces: Any) -> tuple[Any, ...]:
    """Pieces, and the customers behind them with what they pay."""
    return (
        func.coalesce(func.sum(pieces), 0).label("pieces"),
        func.count(Customer.id).label("customers"),
        func.coalesce(func.sum(Customer.value), 0).label("value"),
        func.count(Customer.value).label("valued"),
    )


def _figure(row: Sequence[Any]) -> tuple[int, Weights]:
    pieces, customers, value, valued = map(int, row)
    return pieces, Weights(customers, value, customers - valued)


async def _pieces(session: AsyncSession, by: By, these: ColumnElement[bool]) -> dict[Any, int]:
    """Pieces by group, without the customers behind them."""
    key = _COLUMNS.get(by, Feedback.customer_id)
    each = select(key.label("key"), func.count().label("pieces")).where(these).group_by(key)
    if by in _COLUMNS:
        return dict((await session.execute(each)).all())
    counts = each.subquery()
    query = select(_NAMES[by], func.sum(counts.c.pieces)).select_from(counts).outerjoin(Customer, Customer.id == counts.c.key)
    return {name: int(count) for name, count in await session.execute(query.group_by(_NAMES[by]))}


async def _names(session: AsyncSession, by: By, keys: Sequence[Any]) -> list[str]:
    if by is not By.TEAM:
        return [(key.capitalize() if by is By.TYPE else key) or NOT_KNOWN[by] for key in keys]
    query = select(Team.id, Team.name).where(Team.id.in_([key for key in keys if key]))
    teams = dict((await session.execute(query)).all())
    return [teams.get(key, NOT_KNOWN[by]) for key in keys]
