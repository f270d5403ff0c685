"""What waits in a queue, as far as its reader may read it: pieces, counts, and for how long."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot import access
from bot.deps import Deps
from bot.requests import Actor, Request
from domain.calendar import local_date, working_days_between
from domain.errors import NotFound
from handlers.triage import ids, views
from handlers.triage.views import Piece, Queue, Waiting
from models import Customer, Feedback, Person, Release, Team
from models.finding import this_workspace
from models.team import hours_of
from models.triage import CAME_AT, IS_TAKEN, WAITS

_OLDEST_FIRST = (Feedback.reopened_at.is_(None), CAME_AT, Feedback.id)  # what came back is first of all


def of_team(team_id: int) -> ColumnElement[bool]:
    return Feedback.team_id == team_id if team_id != ids.NO_TEAM else Feedback.team_id.is_(None)


async def queue_of(session: AsyncSession, request: Request, deps: Deps, team_id: int, at: int = 0, note: str = "") -> Queue:
    seen = access.seen_feedback(request.actor, request.channel or request.metadata.get("channel"))
    waits = and_(WAITS, of_team(team_id), seen)
    total, oldest_at = await counted(session, waits)
    at = min(at, max((total - 1) // views.PAGE * views.PAGE, 0))
    taken = and_(IS_TAKEN, of_team(team_id), seen)
    team = await session.get(Team, team_id) if team_id else None
    return Queue(
        team_id=team_id,
        team=team.name if team else "",
        pieces=await _pieces(session, request.actor, waits, _OLDEST_FIRST, views.PAGE, at) if total else [],
        total=total,
        oldest=await days_since(session, deps, oldest_at, team),
        taken=await _pieces(session, request.actor, taken, (Feedback.triaged_at.desc(), Feedback.id.desc()), views.TAKEN),
        all_taken=(await counted(session, taken))[0],
        days=(await this_workspace(session)).triage_days,
        zone=request.actor.zone,
        at=at,
        note=note,
    )


async def counted(session: AsyncSession, only: ColumnElement[bool]) -> tuple[int, datetime | None]:
    """How many, up to one more than is counted, and when the one that waits longest came in."""
    some = select(Feedback.id).where(only).limit(views.MOST + 1).subquery()
    oldest = select(CAME_AT).where(only).order_by(CAME_AT, Feedback.id).limit(1)
    return await session.scalar(select(func.count()).select_from(some)) or 0, await session.scalar(oldest)


async def days_since(session: AsyncSession, deps: Deps, at: datetime | None, team: Team | None) -> int:
    """Working days of a team that have gone by, the company's where it is no team's."""
    if at is None:
        return 0
    hours = hours_of(await this_workspace(session), team)
    return working_days_between(local_date(at, hours.zone), local_date(deps.now(), hours.zone), hours.calendar)


async def _pieces(
    session: AsyncSession, viewer: Actor, only: ColumnElement[bool], order: Sequence[Any], limit: int, at: int = 0
) -> list[Piece]:
    asker, taker = aliased(Person), aliased(Person)
    query = (
        select(Feedback, Customer.name, Release.name, asker.name, taker.name)
        .outerjoin(Customer, and_(Customer.workspace_id == Feedback.workspace_id, Customer.id == Feedback.customer_id))
        .outerjoin(
            Release,
            and_(
                Release.workspace_id == Feedback.workspace_id,
                Release.id == Feedback.unsolved_release_id,
                access.seen_releases(viewer),
            ),
        )
        .outerjoin(asker, and_(asker.workspace_id == Feedback.workspace_id, asker.slack_id == Feedback.asked_by))
        .outerjoin(taker, and_(taker.workspace_id == Feedback.workspace_id, taker.slack_id == Feedback.taken_by))
    )
    return [
        Piece(
            id=row.id,
            number=row.number,
            words=row.words,
            whose=customer or "customer not known",
            type=row.type,
            area=row.area,
            came_at=row.reopened_at or row.logged_at,
            is_back=row.reopened_at is not None,
            unsolved=unsolved or "",
            asked=views.said_back(row.asked_at, viewer.zone, asked_by or "somebody", row.question) if row.asked_at else "",
            taken_by=taken_by or "somebody",
            is_mine=row.taken_by == viewer.slack_id,
        )
        for row, customer, unsolved, asked_by, taken_by in await session.execute(query.where(only).order_by(*order).limit(limit).offset(at))
    ]


async def waiting(session: AsyncSession, deps: Deps, seen: ColumnElement[bool]) -> list[Waiting]:
    """Every queue in which something waits that `seen` lets through, that with the oldest first."""
    query = select(Feedback.team_id, func.count(), func.min(CAME_AT)).where(WAITS, seen).group_by(Feedback.team_id)
    found = [(team_id, count, at) for team_id, count, at in await session.execute(query)]
    teams = {team.id: team for team in await session.scalars(select(Team).where(Team.id.in_([key for key, _, _ in found if key])))}
    rows = []
    for team_id, count, at in sorted(found, key=lambda each: each[2]):
        team = teams.get(team_id) if team_id else None
        rows.append(Waiting(team_id or ids.NO_TEAM, team.name if team else "", count, await days_since(session, deps, at, team)))
    return rows


async def piece_of(session: AsyncSession, request: Request, key: object, *, lock: bool = False) -> Feedback:
    """The piece that a button or a form names. Raises NotFound."""
    text = str(key or "")
    wanted = int(text) if text.isdecimal() and len(text) < 18 else 0
    seen = access.seen_feedback(request.actor, request.channel or request.metadata.get("channel"))
    query = select(Feedback).where(Feedback.id == wanted, seen)
    found = (await session.scalars(query.with_for_update(of=Feedback) if lock else query)).one_or_none()
    if found is None:
        raise NotFound("That feedback was taken back, or you may not read it. `/customer-feedback triage` shows what waits.")
    return found
