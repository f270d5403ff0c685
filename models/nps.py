"""Answers to the one question of NPS: how likely somebody is to recommend us, 0 to 10, and why."""

from datetime import date, datetime

from sqlalchemy import Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class NpsAnswer(Owned):
    """One answer. `key` stands for what it says, so that the same one counts once however often it comes; None once it was taken back."""

    __tablename__ = "nps_answer"
    __rules__ = (
        UniqueConstraint("workspace_id", "key"),
        Index("ix_nps_answer_day", "workspace_id", "answered_on"),
        Index("ix_nps_answer_customer", "workspace_id", "customer_id", "answered_on"),
        Index("ix_nps_answer_draft", "workspace_id", "draft"),
        refers("customer_id", "customer"),
        refers("feedback_id", "feedback"),
    )

    key: Mapped[str | None] = mapped_column(String(64))
    answered_on: Mapped[date]
    score: Mapped[int] = mapped_column(SmallInteger)
    comment: Mapped[str] = mapped_column(default="")
    customer_id: Mapped[int | None]
    region: Mapped[str] = mapped_column(String(60), default="")
    area: Mapped[str] = mapped_column(String(75), default="")
    feedback_id: Mapped[int | None]  # what its comment became
    draft: Mapped[int]  # the import that brought it
    brought_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
