"""The weekly question: to whom it is due, what was asked, and what became of each release in it."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class CheckIn(Owned):
    """One question: a person has at most one a local ISO week. Until it is asked it is planned.

    `next_at` is when it is asked, then when it is reminded of.
    """

    __tablename__ = "checkin"
    __rules__ = (
        UniqueConstraint("workspace_id", "person", "week"),
        Index("ix_checkin_due", "workspace_id", "next_at"),
        Index("ix_checkin_asked", "workspace_id", "asked_at"),
    )

    person: Mapped[str] = mapped_column(String(32))
    week: Mapped[str] = mapped_column(String(8))
    next_at: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    first: Mapped[int] = mapped_column(default=0)  # of those that wait, the first on the page shown


class CheckInRelease(Owned):
    """A release in a question: the date that was shown, in words, and what its row says since it was last drawn."""

    __tablename__ = "checkin_release"
    __rules__ = (
        UniqueConstraint("workspace_id", "checkin_id", "release_id"),
        refers("checkin_id", "checkin"),
        refers("release_id", "release"),
    )

    checkin_id: Mapped[int]
    release_id: Mapped[int]
    said: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[str] = mapped_column(String(16), default="waits")
    drawn_at: Mapped[datetime]  # the release's last change when the row was last drawn
