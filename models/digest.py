"""Digest subscriptions: which channel hears what, at which wall-clock time, and what was sent."""

from datetime import datetime, time

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Digest(Owned):
    __tablename__ = "digest"
    __rules__ = (
        UniqueConstraint("workspace_id", "channel"),
        Index("ix_digest_due", "workspace_id", "state", "next_due_at"),
        refers("team_id", "team"),
    )
    __audited__ = True

    channel: Mapped[str] = mapped_column(String(32))
    team_id: Mapped[int | None]
    weekday: Mapped[int]
    at: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8), default="active")
    subscribed_by: Mapped[str] = mapped_column(String(32))
    subscribed_at: Mapped[datetime]
    next_due_at: Mapped[datetime | None]
    outsiders_agreed_by: Mapped[str | None] = mapped_column(String(32))  # who said that people from outside the company may read it


class DigestIssue(Owned):
    """One digest that was sent. A channel has at most one a local ISO week."""

    __tablename__ = "digest_issue"
    __rules__ = (UniqueConstraint("workspace_id", "channel", "week"), refers("digest_id", "digest"))
    __audited__ = True

    digest_id: Mapped[int]
    channel: Mapped[str] = mapped_column(String(32))
    week: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime]
    until: Mapped[datetime]
