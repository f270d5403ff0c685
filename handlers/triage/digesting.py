"""What waits for a look, in the weekly digest: one line, as far as everybody in the channel may read it."""

from collections.abc import Sequence

from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.deps import Deps
from domain.digests import CUSTOMERS, Action, Line, Scope, Section
from handlers.triage import ids, reading, views
from models import Feedback, Team
from models.triage import CAME_AT, WAITS


async def digest(session: AsyncSession, scope: Scope, deps: Deps) -> Sequence[Section]:
    if await access.has_outsiders(session, scope.channel):
        return ()
    only = and_(WAITS, scope.until >= CAME_AT, access.shown_words(Feedback, scope.channel))
    if scope.team_id is not None:
        only = and_(only, reading.of_team(scope.team_id))
    count, since = await reading.counted(session, only)
    team = await session.get(Team, scope.team_id) if scope.team_id else None
    days = await reading.days_since(session, deps, since, team)
    if not days:  # what came in today is no news
        return ()
    opened = Action("Open", ids.OPEN, views.value(scope.team_id)) if scope.team_id else Action("Open", ids.TEAMS)
    return (Section(CUSTOMERS + 1, "Waiting for a look", (Line(f"{views.said_to_wait(count, days)}.", None, opened),)),)
