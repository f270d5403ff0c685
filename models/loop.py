"""Closing the loop: who was told what became of their words, when reporters are told at all, and who wants to hear nothing."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Heard(Owned):
    """Somebody was told: that it is out ("shipped"), that it was taken back ("taken back"), or, of a customer of theirs, that it is out
    ("note"); or nothing, as they opted out. `change_id` is the change that it came from, `effect` the message by its key."""

    __tablename__ = "heard"
    __rules__ = (
        UniqueConstraint("workspace_id", "effect", "person"),
        Index("ix_heard_release", "workspace_id", "release_id"),
        refers("release_id", "release"),
        refers("change_id", "change"),
    )

    release_id: Mapped[int]
    change_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    effect: Mapped[str]
    at: Mapped[datetime]


class Telling(Owned):
    """When those who asked for a release are told: from which stage on, and whether that waits for an announcement."""

    __tablename__ = "telling"
    __rules__ = (UniqueConstraint("workspace_id", "release_id"), refers("release_id", "release"))
    __audited__ = True

    release_id: Mapped[int]
    stage: Mapped[str] = mapped_column(String(16), default="everyone")  # domain.releases.Stage
    is_held: Mapped[bool] = mapped_column(default=False)


class Quiet(Owned):
    """Somebody who wants no message when what they asked for is out."""

    __tablename__ = "quiet"
    __rules__ = (UniqueConstraint("workspace_id", "person"),)

    person: Mapped[str] = mapped_column(String(32))
    since: Mapped[datetime]
