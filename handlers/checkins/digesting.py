"""What the weekly digest says of dates that nobody confirmed, though their owner was asked and reminded. Nothing restricted."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from domain.checkins import Outcome
from domain.digests import UNCONFIRMED, Line, Scope, Section
from domain.standing import say_confirmed, unconfirmed_days
from models import CheckIn, CheckInRelease, Release
from models.standing import is_of_team

LATELY = timedelta(days=8)


async def digest_sections(session: AsyncSession, scope: Scope, deps: Deps) -> Sequence[Section]:
    waits = exists().where(
        CheckInRelease.workspace_id == Release.workspace_id,
        CheckInRelease.release_id == Release.id,
        CheckInRelease.outcome == Outcome.WAITS.value,
        CheckIn.workspace_id == CheckInRelease.workspace_id,
        CheckIn.id == CheckInRelease.checkin_id,
        CheckIn.reminded_at > scope.until - LATELY,
    )
    query = (
        select(Release.name, Release.confirmed_at, Release.created_at)
        .where(Release.is_open.is_(True), access.open_releases(), waits)
        .order_by(func.coalesce(Release.confirmed_at, Release.created_at), Release.id)
    )
    if scope.team_id is not None:
        query = query.where(is_of_team(literal(scope.team_id)))
    lines = [
        Line(f"{row.name}: {say_confirmed(row.confirmed_at, scope.until, row.created_at)}")
        for row in await session.execute(query)
        if unconfirmed_days(row.confirmed_at, scope.until, row.created_at) is not None
    ]
    return [Section(UNCONFIRMED, "Dates to read with care", tuple(lines))]
