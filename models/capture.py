"""Feedback on its way in, and who may read it on purpose: the rows of a form or a mark that is not logged yet, and of shares."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class FeedbackShare(Owned):
    """Somebody was given to read on purpose what was said in a private channel: a person, or all members of another channel."""

    __tablename__ = "feedback_share"
    __id_is_a_key__ = True
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
    __id_is_a_key__ = True
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
