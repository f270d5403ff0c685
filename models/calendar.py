"""Addresses of live calendars: who has one, of which team. The secret in an address is kept as its hash."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, prebuilt, refers, run
from models.team import Team
from models.workspace import Person


class CalendarFeed(Owned):
    """Without a team it is of all releases. Deleted when it is stopped."""

    __tablename__ = "calendar_feed"
    __rules__ = (
        UniqueConstraint("workspace_id", "token_hash"),
        UniqueConstraint("workspace_id", "person", "team_id"),
        refers("team_id", "team"),
    )
    __audited__ = True

    person: Mapped[str] = mapped_column(String(32))
    team_id: Mapped[int | None]
    token_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


_FEED = prebuilt(
    select(CalendarFeed.token_hash, CalendarFeed.team_id, CalendarFeed.made_at, Team.name.label("team"), Person.zone)
    .join(Person, and_(Person.workspace_id == CalendarFeed.workspace_id, Person.slack_id == CalendarFeed.person))
    .outerjoin(Team, and_(Team.workspace_id == CalendarFeed.workspace_id, Team.id == CalendarFeed.team_id))
    .where(
        CalendarFeed.workspace_id == bindparam("workspace_id"),
        CalendarFeed.token_hash == bindparam("token_hash"),
        Person.is_deleted.is_(False),
        Person.is_guest.is_(False),
        Person.is_outside.is_(False),
    )
)


async def feed_of(session: AsyncSession, token_hash: str) -> Any | None:
    """The feed of this secret, with its team's name and its person's zone; None once the person has left the company."""
    return (await run(session, _FEED, token_hash=token_hash)).one_or_none()
