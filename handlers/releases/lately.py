"""What changed of late in releases that everybody sees, a line each, the newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from domain.phrases import cut
from handlers.releases import told
from models import Change, Person, Release, standing

_FIELDS = ("date", "stage", "state", "health", "name", "duplicate")


async def lately(session: AsyncSession, since: datetime, zone: str, team_id: int | None, most: int) -> tuple[list[str], int]:
    """The lines, and how many changes there are in all. What was taken back, and what a plan brought, is left out."""
    is_news = or_(Change.before.is_not(None), Change.field.in_(("name", "stage", "state", "health", "duplicate")))
    wanted = and_(
        Change.field.in_(_FIELDS), is_news, Change.item_id.is_(None), Change.voided_at.is_(None), Change.source == "slack",
        Change.recorded_at > since, access.open_releases(), Release.team_id == team_id if team_id else True,  # type: ignore[arg-type]
    )  # fmt: skip
    joined = and_(Release.workspace_id == Change.workspace_id, Release.id == Change.release_id)
    total = await session.scalar(select(func.count()).select_from(Change).join(Release, joined).where(wanted)) or 0
    query = (
        select(Change, Release.name.label("release"), Release.owner, Person.name.label("actor_name"))
        .join(Release, joined)
        .outerjoin(Person, and_(Person.workspace_id == Change.workspace_id, Person.slack_id == Change.actor))
        .where(wanted)
        .order_by(Change.recorded_at.desc(), Change.id.desc())
        .limit(most)
    )
    rows = (await session.execute(query)).all()
    same = [row.Change.after for row in rows if row.Change.field == "duplicate" and row.Change.after]
    others = await standing.other_releases(session, same, access.open_releases())
    return [_line(row, zone, others) for row in rows], total


def _line(row: Sequence[Any], zone: str, others: dict[str, str]) -> str:
    change: Any = row[0]
    _, name, _, who = row
    reason = f', "{cut(change.reason, 120)}"' if change.reason else ""
    day = told.day_of(change, zone)
    return f"{cut(name)}: {told.what(change, others=others)}{reason} ({who or 'somebody'}, {day.day} {day:%b})"
