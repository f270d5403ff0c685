"""What one team needs of another: noted in a plan, or asked, answered, promised and delivered."""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Dependency(Owned):
    __tablename__ = "dependency"
    __rules__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "item_id", "asked_team_id"),
        Index("ix_dependency_release", "workspace_id", "release_id", "state", "asked_team_id"),
        Index("ix_dependency_asked", "workspace_id", "asked_team_id", "state"),
        Index("ix_dependency_reminder", "workspace_id", "next_reminder_at"),
        refers("asking_team_id", "team"),
        refers("asked_team_id", "team"),
        refers("release_id", "release"),
        refers("item_id", "item"),
        refers("import_id", "plan_import"),
    )
    __audited__ = True

    number: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(16))
    asking_team_id: Mapped[int | None]
    asked_team_id: Mapped[int]
    what: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    needed_on: Mapped[date | None]
    committed_on: Mapped[date | None]
    offered_on: Mapped[date | None]
    delivered_on: Mapped[date | None]
    release_id: Mapped[int | None]
    item_id: Mapped[int | None]
    asked_by: Mapped[str | None] = mapped_column(String(32))
    asked_at: Mapped[datetime | None]
    asked_channel: Mapped[str | None] = mapped_column(String(32))
    card_channel: Mapped[str | None] = mapped_column(String(32))
    answered_by: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None]
    answer_reason: Mapped[str] = mapped_column(default="")
    snoozed_until: Mapped[date | None]
    next_reminder_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(default="slack")
    import_id: Mapped[int | None]
