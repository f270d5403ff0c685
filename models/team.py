"""Teams: who leads them, where and when they work, which channel is theirs."""

from datetime import datetime, time

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.calendar import WorkHours, calendar_for
from models.base import Owned, refers


class Team(Owned):
    __tablename__ = "team"
    __rules__ = (
        UniqueConstraint("workspace_id", "folded"),
        Index("ix_team_channel", "workspace_id", "channel"),
        refers("import_id", "plan_import"),
    )
    __audited__ = True

    name: Mapped[str]
    folded: Mapped[str] = mapped_column(String(200))
    lead: Mapped[str | None] = mapped_column(String(32))
    deputy: Mapped[str | None] = mapped_column(String(32))
    zone: Mapped[str | None] = mapped_column(String(64))
    holidays: Mapped[str | None] = mapped_column(String(8))
    starts_at: Mapped[time] = mapped_column(default=time(9))
    ends_at: Mapped[time] = mapped_column(default=time(17))
    channel: Mapped[str | None] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(default="slack")
    source_key: Mapped[str | None]
    import_id: Mapped[int | None]
    created_at: Mapped[datetime]

    def hours(self, workspace_zone: str) -> WorkHours:
        """When the team works; without a zone of its own, in the workspace's."""
        return WorkHours(self.zone or workspace_zone, self.starts_at, self.ends_at, calendar_for(self.holidays))


class TeamMember(Owned):
    __tablename__ = "team_member"
    __rules__ = (UniqueConstraint("workspace_id", "team_id", "person"), refers("team_id", "team"))

    team_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))
