"""Teams: who leads them, where and when they work, which channel is theirs."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.calendar import WorkHours
from domain.working import Working
from models.base import Owned, refers
from models.workspace import Workspace

_OF_A_TEAM = ("zone", "starts_at", "ends_at", "holidays", "weekdays")


class Team(Owned):
    """Zone, holidays, weekdays and hours are the company's, live, where the team sets none of its own; no holidays at all are ""."""

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
    holidays: Mapped[str | None] = mapped_column(String(200))
    weekdays: Mapped[str | None] = mapped_column(String(7))
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    channel: Mapped[str | None] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(default="slack")
    source_key: Mapped[str | None]
    import_id: Mapped[int | None]
    created_at: Mapped[datetime]


def working_of(space: Workspace, team: Team | None = None) -> Working:
    """When a team works; without one, when the company does."""

    def own(name: str) -> Any:
        mine = getattr(team, name) if team else None
        return getattr(space, name) if mine is None else mine

    return Working(**{name: own(name) for name in _OF_A_TEAM}, days_off=space.days_off)


def hours_of(space: Workspace, team: Team | None = None) -> WorkHours:
    """The same, to count with."""
    return working_of(space, team).hours


def working_days(of: Any) -> tuple[Any, ...]:
    """Columns `zone`, `holidays`, `weekdays` and `days_off` of the `Team` that a statement joins to `of`, or the company's."""

    def company(name: str) -> Any:
        return select(getattr(Workspace, name)).where(Workspace.id == of.workspace_id).scalar_subquery()

    own = (func.coalesce(getattr(Team, name), company(name)).label(name) for name in ("zone", "holidays", "weekdays"))
    return (*own, company("days_off").label("days_off"))


class TeamMember(Owned):
    __tablename__ = "team_member"
    __rules__ = (UniqueConstraint("workspace_id", "team_id", "person"), refers("team_id", "team"))

    team_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))
