"""The machine room's tables: what was asked already, what is still to be sent and where it went, and who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Inbox(Owned):
    """A request that was answered. The same key gets the same answer and has no second effect."""

    __tablename__ = "inbox"
    __rules__ = (UniqueConstraint("workspace_id", "key"), Index("ix_inbox_at", "workspace_id", "claimed_at"))

    key: Mapped[str] = mapped_column(String(200))
    answer: Mapped[dict[str, Any] | None]
    claimed_at: Mapped[datetime]


class Lane(Owned):
    """Where effects go one after another: a channel, a person, a subscriber. Leased, never the rows in it. Real time throughout.

    `next_at` is when there may be something to deliver, empty when nothing waits. It is never before `held_until`, until which nobody
    takes the lane: it is leased, or it rests between two messages or before another try.
    """

    __tablename__ = "lane"
    __rules__ = (
        UniqueConstraint("workspace_id", "name"),
        Index(
            "ix_lane_ready",
            "workspace_id",
            "next_at",
            postgresql_where=text("next_at IS NOT NULL"),
            sqlite_where=text("next_at IS NOT NULL"),
        ),
    )

    name: Mapped[str] = mapped_column(String(120))
    next_at: Mapped[datetime | None]
    held_until: Mapped[datetime | None]
    lease_token: Mapped[str | None] = mapped_column(String(36))


_OPEN = text("settled_at IS NULL")


class Outbox(Owned):
    """An effect on the outside world, committed before it is tried.

    Open (`settled_at` empty) it is `waiting` or `sending`; settled it is `done`, `dead`, `expired` or `gone` (what it was to change is no
    more), and `past` when only its key is left. `key` makes it once for ever; `slot` is given up at the first try, so that a newer drawing
    may wait for its turn behind it.
    `tried_at` is since when it may have arrived, empty again once Slack said no. `tries` fences a worker that lost its lease.
    """

    __tablename__ = "outbox"
    __rules__ = (
        UniqueConstraint("workspace_id", "key"),
        UniqueConstraint("workspace_id", "slot"),
        Index("ix_outbox_open", "workspace_id", "lane_id", "state", "rank", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_outbox_change", "workspace_id", "change_id"),
        Index("ix_outbox_state", "workspace_id", "state", "settled_at"),
        refers("lane_id", "lane"),
        refers("change_id", "change"),
    )

    lane_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(200))
    slot: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    rank: Mapped[int] = mapped_column(default=50)
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    change_id: Mapped[int | None]
    created_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    cure: Mapped[str] = mapped_column(default="")


class MethodPause(Owned):
    """Slack said Retry-After for a method: nobody calls it for this workspace until then."""

    __tablename__ = "method_pause"
    __rules__ = (UniqueConstraint("workspace_id", "method"),)

    method: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime]


class Message(Owned):
    """Where a message that we posted stands. Later changes of it name its key."""

    __tablename__ = "message"
    __rules__ = (UniqueConstraint("workspace_id", "key"), Index("ix_message_place", "workspace_id", "channel", "ts"))

    key: Mapped[str] = mapped_column(String(200))
    channel: Mapped[str] = mapped_column(String(32))
    ts: Mapped[str] = mapped_column(String(32))
    posted_at: Mapped[datetime]


class Upload(Owned):
    """A file on its way. It carries no key of ours, so the id that Slack gave it is kept before its upload is completed."""

    __tablename__ = "upload"
    __rules__ = (UniqueConstraint("workspace_id", "key"), Index("ix_upload_begun", "workspace_id", "begun_at"))

    key: Mapped[str] = mapped_column(String(200))
    file: Mapped[str] = mapped_column(String(32))
    begun_at: Mapped[datetime]


class Audit(Owned):
    """Who changed what, before and after. Append-only: the database refuses to change or delete a row."""

    __tablename__ = "audit"
    __rules__ = (Index("ix_audit_subject", "workspace_id", "subject", "subject_id"), Index("ix_audit_at", "workspace_id", "at"))

    at: Mapped[datetime]
    actor: Mapped[str | None] = mapped_column(String(32))
    by: Mapped[str] = mapped_column(String(120), default="")
    action: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
