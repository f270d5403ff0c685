"""Reading where releases stand: the prebuilt statement behind every list of open releases, and what one card needs.

What a reader may see is an argument of each, a predicate on `Release`, so that nothing is read that must be left out afterwards.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, exists, false, func, literal_column, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.nearest import fold
from models.base import Key
from models.dependency import Dependency
from models.release import Change, Item, Release, ReleaseName
from models.team import Team, working_days
from models.workspace import Person, UserGroup, Workspace

SETTLED = ("delivered", "cancelled")  # nobody waits for these any more
UNPROMISED: tuple[ColumnElement[str], ...] = tuple(literal_column(f"'{state}'") for state in ("asked", "offered", "declined", "reconfirm"))
_VOUCHED = func.coalesce(Release.confirmed_at, Release.created_at).label("vouched_at")  # since when somebody stands by what it says


def _work_in_release(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    counted = select(func.count()).where(Item.workspace_id == Release.workspace_id, Item.release_id == Release.id, wanted)
    return counted.scalar_subquery()


def _unaccepted() -> ColumnElement[int]:
    """How many asks nobody promised. The states stand in the statement itself: so the index finds them, past all that is only noted."""
    waits = Dependency.state.in_(UNPROMISED)
    counted = select(func.count()).where(Dependency.workspace_id == Release.workspace_id, Dependency.release_id == Release.id, waits)
    return counted.scalar_subquery()


def is_of_team(team: ColumnElement[Any]) -> ColumnElement[bool]:
    """A team's release: it owns it, or has work in it."""
    working = exists().where(
        Item.workspace_id == Release.workspace_id, Item.team_id == team, Item.release_id == Release.id, Item.state != "dropped"
    )
    return func.coalesce(or_(Release.team_id == team, working), False)


def _is_theirs() -> ColumnElement[bool]:
    """Where no team was meant, no work is looked through for it."""
    team = bindparam("team_id", type_=Key)
    return case((team.is_(None), false()), else_=is_of_team(team)).label("is_theirs")


def open_list(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Every open release that `seen` lets through, with its team, owner and counts; in no order, as the order is a rule of the domain.

    Binds `workspace_id`, `team_id` (or None), and what `seen` binds. `is_theirs` tells whether the release is one of that team's.
    """
    return _listed(Release.is_open.is_(True), seen)


def judged_list(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The same rows with no more than the rules judge, sort and filter them by: a page shows a dozen, and counts them all.

    Binds `workspace_id`, `team_id` (or None), and what `seen` binds. Days of teams are read once, by `days_of_teams`.
    """
    return select(
        Release.id,
        Release.name,
        Release.target_on,
        Release.precision,
        Release.baseline_on,
        Release.health,
        Release.owner,
        Release.team_id,
        _VOUCHED,
        Release.changed_at,
        _unaccepted().label("unaccepted"),
        _is_theirs(),
    ).where(Release.workspace_id == bindparam("workspace_id"), Release.is_open.is_(True), seen)


def days_of_teams() -> Select[*tuple[Any, ...]]:
    """When every team works, by `team_id`; under None when the company does. Binds `workspace_id`."""
    days = (Workspace.zone, Workspace.holidays, Workspace.weekdays, Workspace.days_off)
    company = select(null().label("team_id"), *days).where(Workspace.id == bindparam("workspace_id"))
    teams = select(Team.id, *working_days(Team)).where(Team.workspace_id == bindparam("workspace_id"))
    return select(company.union_all(teams).subquery())


def some_of_list(seen: ColumnElement[bool], most: int) -> Select[*tuple[Any, ...]]:
    """The rows of `open_list` of these releases, `release_0` and so on, each an id or None."""
    some = Release.id.in_([bindparam(f"release_{n}", type_=Key) for n in range(most)])
    return _listed(and_(Release.is_open.is_(True), some), seen)


def one_of_list(seen: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """The same of one release, open or not, by `release_id`, with what only a card shows."""
    more = (Release.number, Release.is_open, Release.is_cancelled, Release.shipped_on, Release.restricted, Release.health_at)
    return _listed(Release.id == bindparam("release_id"), seen, *more)


def _listed(wanted: ColumnElement[bool], seen: ColumnElement[bool], *more: Any) -> Select[*tuple[Any, ...]]:
    owner, judge = aliased(Person), aliased(Person)
    statement: Select[*tuple[Any, ...]] = (
        select(
            Release.id,
            Release.name,
            Release.target_on,
            Release.precision,
            Release.is_committed,
            Release.baseline_on,
            Release.health,
            Release.health_reason,
            Release.health_by,
            Release.owner,
            _VOUCHED,
            Release.confirmed_at,
            Release.created_at,
            Release.changed_at,
            Release.team_id,
            Team.name.label("team"),
            *working_days(Release),
            owner.name.label("owner_name"),
            judge.name.label("judge_name"),
            _work_in_release(Item.state == "done").label("done"),
            _work_in_release(Item.state == "open").label("to_do"),
            _unaccepted().label("unaccepted"),
            _is_theirs(),
            *more,
        )
        .select_from(Release)
        .outerjoin(Team, and_(Team.workspace_id == Release.workspace_id, Team.id == Release.team_id))
        .outerjoin(owner, and_(owner.workspace_id == Release.workspace_id, owner.slack_id == Release.owner))
        .outerjoin(judge, and_(judge.workspace_id == Release.workspace_id, judge.slack_id == Release.health_by))
        .where(Release.workspace_id == bindparam("workspace_id"), wanted, seen)
    )
    return statement


async def work_by_team(session: AsyncSession, release_id: int) -> Sequence[Any]:
    """`(team, done, total)` of one release, the furthest behind first; dropped work does not count."""
    done = func.sum(case((Item.state == "done", 1), else_=0))
    total = func.count()
    query = (
        select(Team.name, done.label("done"), total.label("total"))
        .select_from(Item)
        .outerjoin(Team, and_(Team.workspace_id == Item.workspace_id, Team.id == Item.team_id))
        .where(Item.release_id == release_id, Item.state != "dropped")
        .group_by(Team.name)
        .order_by((total - done).desc(), total.desc(), Team.name)
    )
    found: Sequence[Any] = (await session.execute(query)).all()
    return found


async def work_moves(session: AsyncSession, release_id: int, most: int = 1000) -> Sequence[Any]:
    """Pieces of work that moved in or out, the newest move first; `is_in` tells which. The first plan of a piece is no move."""
    query = (
        select(Item.title, Change.before, Change.after, Change.reason, Change.happened_at, Change.item_id, Change.is_in)
        .join(Item, and_(Item.workspace_id == Change.workspace_id, Item.id == Change.item_id))
        .where(Change.release_id == release_id, Change.field == "work", Change.before.is_not(None), Change.voided_at.is_(None))
        .order_by(Change.happened_at.desc(), Change.id.desc())
        .limit(most)
    )
    return (await session.execute(query)).all()


async def hidden_names(session: AsyncSession, moves: Sequence[Any], seen: ColumnElement[bool]) -> frozenset[str]:
    """Of the releases that moves of work name those that the reader may not see, as names are compared."""
    named = {fold(name)[:200] for move in moves for name in (move.before, move.after) if name}
    if not named:
        return frozenset()
    query = (
        select(ReleaseName.folded)
        .join(Release, and_(Release.workspace_id == ReleaseName.workspace_id, Release.id == ReleaseName.release_id))
        .where(Release.restricted.is_(True), ~seen)
    )
    return frozenset(await session.scalars(query)) & named


async def other_releases(session: AsyncSession, wanted: Sequence[str], seen: ColumnElement[bool]) -> dict[str, str]:
    """What releases are called, by their id as text, those that the reader may see."""
    if not wanted:
        return {}
    query = select(Release.id, Release.name, Release.number).where(Release.id.in_([int(each) for each in wanted]), seen)
    return {str(row.id): f"{row.name} (R-{row.number})" for row in await session.execute(query)}


async def promises_around(session: AsyncSession, release_id: int) -> Sequence[Any]:
    """What the release waits for, and who waits for it, with the two teams' names. What is settled is left out."""
    asking, asked = aliased(Team), aliased(Team)
    query = (
        select(
            Dependency.number,
            Dependency.state,
            Dependency.what,
            Dependency.needed_on,
            Dependency.committed_on,
            Dependency.offered_on,
            Dependency.asked_at,
            Dependency.asked_team_id,
            asking.name.label("asking"),
            asked.name.label("asked"),
        )
        .outerjoin(asking, and_(asking.workspace_id == Dependency.workspace_id, asking.id == Dependency.asking_team_id))
        .join(asked, and_(asked.workspace_id == Dependency.workspace_id, asked.id == Dependency.asked_team_id))
        .where(Dependency.release_id == release_id, Dependency.state.not_in((*SETTLED, "noted")))
        .order_by(Dependency.needed_on, Dependency.id)
    )
    return (await session.execute(query)).all()


async def noted_by_team(session: AsyncSession, release_id: int) -> Sequence[Any]:
    """`(team, how many)` pieces of work that the plan says need another team, which nobody has asked yet."""
    count = func.count()
    query = (
        select(Team.name, count.label("pieces"))
        .select_from(Dependency)
        .join(Team, and_(Team.workspace_id == Dependency.workspace_id, Team.id == Dependency.asked_team_id))
        .outerjoin(Item, and_(Item.workspace_id == Dependency.workspace_id, Item.id == Dependency.item_id))
        .where(Dependency.release_id == release_id, Dependency.state == "noted", func.coalesce(Item.state, "open") == "open")
        .group_by(Team.name)
        .order_by(count.desc(), Team.name)
    )
    return (await session.execute(query)).all()


async def told_of(session: AsyncSession, release_id: int) -> Sequence[Any]:
    """The history of the release itself, voided rows too, in the order in which it happened, with the names of who did it."""
    query = (
        select(
            Change.field,
            Change.before,
            Change.after,
            Change.precision,
            Change.is_committed,
            Change.reason,
            Change.reason_kind,
            Change.happened_at,
            Change.effective_on,
            Change.actor,
            Change.source,
            Change.voided_at,
            Change.void_reason,
            Person.name.label("actor_name"),
        )
        .outerjoin(Person, and_(Person.workspace_id == Change.workspace_id, Person.slack_id == Change.actor))
        .where(Change.release_id == release_id, Change.item_id.is_(None))
        .order_by(Change.happened_at, Change.id)
    )
    return (await session.execute(query)).all()


async def person_names(session: AsyncSession, *people: str | None) -> dict[str, str]:
    """Names by Slack id, of those who are known; of user groups as well, as they are called."""
    wanted = {person for person in people if person}
    if not wanted:
        return {}
    found = await session.execute(select(Person.slack_id, Person.name).where(Person.slack_id.in_(wanted)))
    names = {row.slack_id: row.name for row in found}
    groups = [each for each in wanted - names.keys() if each.startswith("S")]
    return names | (await group_names(session, groups) if groups else {})


async def group_names(session: AsyncSession, groups: Sequence[str]) -> dict[str, str]:
    """What user groups are called, by Slack id: "@sales"."""
    known = select(UserGroup.slack_id, UserGroup.handle, UserGroup.name).where(UserGroup.slack_id.in_(groups))
    return {row.slack_id: f"@{row.handle or row.name}" for row in await session.execute(known)}


async def team_names_by_id(session: AsyncSession) -> dict[str, str]:
    """Names of teams by their id as history stores it, as text."""
    return {str(row.id): row.name for row in await session.execute(select(Team.id, Team.name))}
