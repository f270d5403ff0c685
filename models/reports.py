"""Reading a stretch of time: what changed in it, what shipped, which work moved. Who reads it is an argument, a predicate on `Release`."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.functions import FunctionElement

from models.customer import Customer
from models.dependency import Dependency
from models.feedback import OF_CUSTOMERS, Feedback
from models.release import Change, Item, Joined, Release
from models.standing import UNPROMISED, is_of_team
from models.team import Team, working_days

PROMISED = ("accepted",)
ENDS = ("stage", "state")
FIELDS = ("name", "date", "health", *ENDS)
MANY = ("date", "health")
CHUNK = 500  # ids in one statement


class _Day(FunctionElement[date]):
    """The day of an instant, in UTC."""

    inherit_cache = True


@compiles(_Day, "sqlite")
def _day_of_text(day: Any, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(day.clauses, **options)})"


@compiles(_Day, "postgresql")
def _day_of_instant(day: Any, compiler: Any, **options: Any) -> str:
    return f"(({compiler.process(day.clauses, **options)}) AT TIME ZONE 'UTC')::date"


def _is_move() -> ColumnElement[bool]:
    """One counted change of a date, as `domain.happenings.is_move` has it."""
    says_when = or_(Change.import_id.is_(None), _Day(Change.happened_at) != _Day(Change.recorded_at))
    return and_(Change.field == "date", Change.before != "", func.coalesce(Change.after, "") != Change.before, says_when)


async def changed_between(
    session: AsyncSession, since: datetime, until: datetime, seen: ColumnElement[bool], *, team: int | None = None
) -> list[int]:
    """Releases about which themselves something was said after `since`."""
    theirs = (Change.workspace_id == Release.workspace_id, Change.release_id == Release.id)
    said = select(Change.id).where(*theirs, *_own(since, until)).exists()
    return [row.id for row in await session.execute(_of_team(select(Release.id).where(Release.changed_at > since, said, seen), team))]


async def endings_between(
    session: AsyncSession, since: datetime, until: datetime, seen: ColumnElement[bool], *, team: int | None = None
) -> list[Any]:
    """Of `changes_between` the rows that say how releases ended: few, where there may be forty more about each."""
    query = _told(literal(1)).where(Release.changed_at > since, seen, Change.field.in_(ENDS), *_own(since, until))
    return _in_order(await session.execute(_of_team(query, team)))


async def changes_between(session: AsyncSession, since: datetime, until: datetime, releases: Sequence[int]) -> list[Any]:
    """Unvoided rows of these releases themselves, release by release, in their order, each with what its release is now. After `since`.

    Of those of which there may be very many, moves of dates and verdicts, the first and the last: `nth` says how many there were by then.
    """
    of_a_kind: dict[str, Any] = {
        "partition_by": (Change.release_id, Change.field, _is_move()),
        "order_by": (Change.happened_at, Change.id),
    }
    nth, following = func.row_number().over(**of_a_kind).label("nth"), func.lead(Change.id).over(**of_a_kind).label("following")
    found: list[Any] = []
    for start in range(0, len(releases), CHUNK):
        some = Change.release_id.in_(releases[start : start + CHUNK])
        told = select(Change.id, nth, following).where(some, Change.field.in_(FIELDS), *_own(since, until)).subquery()
        counts = or_(Change.field.not_in(MANY), told.c.nth == 1, told.c.following.is_(None))
        query = _told(told.c.nth).join(told, told.c.id == Change.id).where(counts)
        found += await session.execute(query)
    return _in_order(found)


def _in_order(rows: Iterable[Any]) -> list[Any]:
    """Asked of SQLite, it would walk through all of history in that order."""
    return sorted(rows, key=lambda row: (row.release_id, row.happened_at, row.id))


def _own(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return Change.item_id.is_(None), Change.voided_at.is_(None), Change.happened_at > since, Change.happened_at <= until


def _told(nth: ColumnElement[int]) -> Select[*tuple[Any, ...]]:
    """Rows of history with what their releases are now."""
    query: Select[*tuple[Any, ...]] = (
        select(
            Change.id, Change.release_id, Change.field, Change.before, Change.after, Change.reason, Change.reason_kind,
            Change.happened_at, Change.recorded_at, Change.import_id, Change.effective_on, Release.name, Release.baseline_on,
            Release.target_on, Release.precision, Team.name.label("team"), *working_days(Release), nth.label("nth"),
        )
        .select_from(Release)
        .join(Change, and_(Change.workspace_id == Release.workspace_id, Change.release_id == Release.id))
        .outerjoin(Team, and_(Team.workspace_id == Release.workspace_id, Team.id == Release.team_id))
    )  # fmt: skip
    return query


async def moves_between(
    session: AsyncSession, since: datetime, until: datetime, seen: ColumnElement[bool], *, team: int | None = None
) -> Sequence[Any]:
    """How many dates moved, by team and kind of reason."""
    query = (
        select(Team.name.label("team"), Change.reason_kind, func.count().label("moves"))
        .select_from(Change)
        .join(Release, and_(Release.workspace_id == Change.workspace_id, Release.id == Change.release_id))
        .outerjoin(Team, and_(Team.workspace_id == Release.workspace_id, Team.id == Release.team_id))
        .where(
            Change.item_id.is_(None), Change.voided_at.is_(None), _is_move(),
            Change.happened_at > since, Change.happened_at <= until, seen,
        )
        .group_by(Team.name, Change.reason_kind)
    )  # fmt: skip
    return (await session.execute(_of_team(query, team))).all()


async def shipped_between(
    session: AsyncSession, first: date, last: date, seen: ColumnElement[bool], *, team: int | None = None
) -> Sequence[Any]:
    """Releases that reached everyone on these days, the latest first, and were not taken back."""
    query = (
        select(Release.id, Release.name, Release.baseline_on, Release.shipped_on, Team.name.label("team"), *working_days(Release))
        .outerjoin(Team, and_(Team.workspace_id == Release.workspace_id, Team.id == Release.team_id))
        .where(Release.is_open.is_(False), Release.is_cancelled.is_(False), Release.shipped_on.between(first, last), seen)
        .order_by(Release.shipped_on.desc(), Release.name)
    )
    return (await session.execute(_of_team(query, team))).all()


async def work_moved(
    session: AsyncSession, since: datetime, until: datetime, seen: ColumnElement[bool], *, team: int | None = None
) -> dict[str | None, tuple[int, int]]:
    """Pieces of work moved into releases and out of them, by their own team's name. The first plan of a piece is no move, nor is going
    with a release that turned out to be the same as another.

    A move is written down beside both releases, each with which way it went. Its field stands in the statement itself, as the index
    of moves has it.
    """
    is_in = func.sum(case((Change.is_in.is_(True), 1), else_=0))
    query = (
        select(Item.team_id, is_in, func.count())
        .select_from(Change)
        .join(Release, and_(Release.workspace_id == Change.workspace_id, Release.id == Change.release_id))
        .join(Item, and_(Item.workspace_id == Change.workspace_id, Item.id == Change.item_id))
        .where(
            Change.field == literal_column("'work'"), Change.before.is_not(None), Change.voided_at.is_(None),
            Change.happened_at > since, Change.happened_at <= until, seen,
        )
        .group_by(Item.team_id)
    )  # fmt: skip
    if team is not None:
        query = query.where(Item.team_id == team)
    closing = aliased(Change)
    same = (Joined.workspace_id == Change.workspace_id, Joined.kind == "item", Joined.row_id == Change.item_id)
    went = query.join(Joined, and_(*same)).join(
        closing,
        and_(closing.workspace_id == Joined.workspace_id, closing.id == Joined.change_id, closing.recorded_at == Change.recorded_at),
    )
    found = (await session.execute(query)).all()
    with_another = {row[0]: row[1:] for row in await session.execute(went)}
    names = {row.id: row.name for row in await session.execute(select(Team.id, Team.name))}
    counted: dict[str | None, tuple[int, int]] = {}
    for key, moved_in, count in found:
        into, total = with_another.get(key, (0, 0))
        counted[names.get(key)] = (moved_in - into, count - moved_in - (total - into))
    return counted


def _of_team(query: Select[*tuple[Any, ...]], team: int | None) -> Select[*tuple[Any, ...]]:
    return query if team is None else query.where(is_of_team(literal(team)))


async def open_asks(session: AsyncSession, seen: ColumnElement[bool], *, team: int | None = None) -> Sequence[Any]:
    """What teams asked of each other and have not got; nothing for a release that `seen` does not let through."""
    asking, asked = aliased(Team), aliased(Team)
    query = (
        select(
            Dependency.what, Dependency.state, Dependency.needed_on,
            asking.name.label("asking"), asked.name.label("asked"), Release.name.label("release"),
        )
        .join(asked, and_(asked.workspace_id == Dependency.workspace_id, asked.id == Dependency.asked_team_id))
        .outerjoin(asking, and_(asking.workspace_id == Dependency.workspace_id, asking.id == Dependency.asking_team_id))
        .outerjoin(Release, and_(Release.workspace_id == Dependency.workspace_id, Release.id == Dependency.release_id))
        .where(Dependency.state.in_((*UNPROMISED, *PROMISED)), or_(Dependency.release_id.is_(None), seen))
    )  # fmt: skip
    if team is not None:
        query = query.where(or_(Dependency.asked_team_id == team, Dependency.asking_team_id == team))
    return (await session.execute(query)).all()


async def wanted_by_customers(
    session: AsyncSession, seen: ColumnElement[bool], readable: ColumnElement[bool], *, team: int | None = None
) -> Sequence[Any]:
    """Open releases beside each customer who asked for them, in feedback that `readable` lets through."""
    first = aliased(Feedback)
    query = (
        select(Release.id, Release.name, Release.target_on, Release.precision, Release.is_committed, Customer.name.label("customer"))
        .join(first, and_(first.workspace_id == Release.workspace_id, first.release_id == Release.id, first.same_as_id.is_(None)))
        .join(Feedback, and_(Feedback.workspace_id == first.workspace_id, or_(Feedback.id == first.id, Feedback.same_as_id == first.id)))
        .join(Customer, and_(Customer.workspace_id == Feedback.workspace_id, Customer.id == Feedback.customer_id))
        .where(Release.is_open.is_(True), Feedback.removed_at.is_(None), OF_CUSTOMERS, seen, readable)
        .distinct()
        .order_by(Release.id, Customer.name)
    )
    return (await session.execute(_of_team(query, team))).all()
