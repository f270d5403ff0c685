"""What people said, word for word, and everybody who brought the same words."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Feedback(Owned):
    """One piece. What says the same as another keeps its own words, customer and thread, and points to it by `same_as_id`.

    That one is the first of them and points to none, so they are flat. `release_id` counts for all of them on the first alone.
    """

    __tablename__ = "feedback"
    __rules__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "channel", "message_ts"),
        Index("ix_feedback_logged", "workspace_id", "logged_at"),
        Index("ix_feedback_release", "workspace_id", "release_id"),
        Index("ix_feedback_customer", "workspace_id", "customer_id", "logged_at"),
        Index("ix_feedback_same", "workspace_id", "same_as_id"),
        Index("ix_feedback_queue", "workspace_id", "team_id", "triaged_at"),
        refers("customer_id", "customer"),
        refers("release_id", "release"),
        refers("item_id", "item"),
        refers("team_id", "team"),
        refers("same_as_id", "feedback"),
    )
    __audited__ = True

    number: Mapped[int]
    words: Mapped[str]
    customer_id: Mapped[int | None]
    area: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(16), default="customer", server_default="customer")  # domain.feedback.Kind
    type: Mapped[str] = mapped_column(String(16))  # domain.feedback.Type
    importance: Mapped[str] = mapped_column(String(16), default="", server_default="")  # domain.feedback.Importance
    requested_by: Mapped[str] = mapped_column(default="", server_default="")  # a person at the customer
    source: Mapped[str] = mapped_column(default="", server_default="")  # of a signal: where it was read
    release_id: Mapped[int | None]
    item_id: Mapped[int | None]
    same_as_id: Mapped[int | None]
    team_id: Mapped[int | None]  # whose queue it is in
    taken_by: Mapped[str | None] = mapped_column(String(32))
    triaged_at: Mapped[datetime | None]  # first taken, linked or declined
    declined_at: Mapped[datetime | None]
    declined_by: Mapped[str | None] = mapped_column(String(32))
    decline_reason: Mapped[str] = mapped_column(default="", server_default="")
    reporter: Mapped[str] = mapped_column(String(32), default="")  # empty where it was logged without a name
    author: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    permalink: Mapped[str | None]
    logged_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(String(32))  # empty where whoever logged it took it back


class Supporter(Owned):
    """Somebody who logged it: the reporter, and everybody who logged the same message as well."""

    __tablename__ = "supporter"
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


class FeedbackShare(Owned):
    """Somebody was given to read on purpose what was said in a private channel: a person, or all members of another channel."""

    __tablename__ = "feedback_share"
    __rules__ = (
        UniqueConstraint("workspace_id", "feedback_id", "reader"),
        Index("ix_feedback_share_reader", "workspace_id", "reader"),
        refers("feedback_id", "feedback"),
    )
    __audited__ = True

    feedback_id: Mapped[int]
    reader: Mapped[str] = mapped_column(String(32))
    shared_by: Mapped[str] = mapped_column(String(32))
    shared_at: Mapped[datetime]


class FeedbackDraft(Owned):
    """What somebody is about to log: the whole message, of which a form shows the beginning; or a message that they marked.

    It is gone once it is logged, and after a day in any case.
    """

    __tablename__ = "feedback_draft"
    __rules__ = (
        Index("ix_feedback_draft_created", "workspace_id", "created_at"),
        Index("ix_feedback_draft_message", "workspace_id", "channel", "message_ts", "person"),
    )

    person: Mapped[str] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(default="")
    channel: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    author: Mapped[str | None] = mapped_column(String(32))
    first_words: Mapped[str] = mapped_column(default="")  # of the thread's first message, where this one is a reply
    first_author: Mapped[str | None] = mapped_column(String(32))
    shown: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what the form shows beside its first fields
    nearby: Mapped[list[Any]] = mapped_column(default=list)  # ids of what may be the same thing, the likest first
    origin: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_mark: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
