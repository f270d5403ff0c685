"""What customers said, word for word, and everybody who brought the same words."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Feedback(Owned):
    __tablename__ = "feedback"
    __rules__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "channel", "message_ts"),
        Index("ix_feedback_logged", "workspace_id", "logged_at"),
        Index("ix_feedback_release", "workspace_id", "release_id"),
        refers("customer_id", "customer"),
        refers("release_id", "release"),
    )
    __audited__ = True

    number: Mapped[int]
    words: Mapped[str]
    customer_id: Mapped[int | None]
    area: Mapped[str] = mapped_column(default="")
    type: Mapped[str] = mapped_column(String(16))
    release_id: Mapped[int | None]
    reporter: Mapped[str] = mapped_column(String(32))
    author: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    permalink: Mapped[str | None]
    logged_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Supporter(Owned):
    """Somebody who logged it: the reporter, and everybody who logged the same message as well."""

    __tablename__ = "supporter"
    __id_is_a_key__ = True
    __rules__ = (UniqueConstraint("workspace_id", "feedback_id", "person"), refers("feedback_id", "feedback"))

    feedback_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    added_at: Mapped[datetime]


class Heard(Owned):
    """Somebody who brought feedback was told what became of it: `what` is "shipped" or "taken back", and the effect that told them."""

    __tablename__ = "heard"
    __rules__ = (
        UniqueConstraint("workspace_id", "change_id", "person", "what"),
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
