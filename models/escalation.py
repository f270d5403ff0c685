"""Escalations: a summary, an owner, two clocks, and what was said on the way."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class Escalation(Owned):
    __tablename__ = "escalation"
    __rules__ = (
        UniqueConstraint("workspace_id", "number"),
        Index("ix_escalation_notice", "workspace_id", "next_notice_at"),
        Index("ix_escalation_state", "workspace_id", "state", "raised_at"),
        refers("team_id", "team"),
        refers("customer_id", "customer"),
        refers("release_id", "release"),
    )
    __audited__ = True

    number: Mapped[int]
    summary: Mapped[str]
    severity: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16), default="raised")
    team_id: Mapped[int | None]
    customer_id: Mapped[int | None]
    release_id: Mapped[int | None]
    owner: Mapped[str | None] = mapped_column(String(32))
    raised_by: Mapped[str] = mapped_column(String(32))
    raised_at: Mapped[datetime]
    channel: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    permalink: Mapped[str | None]
    card_channel: Mapped[str | None] = mapped_column(String(32))
    acknowledge_by: Mapped[datetime]
    resolve_by: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(32))
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(String(32))
    cause: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(default="")
    customer_words: Mapped[str] = mapped_column(default="")
    next_notice: Mapped[str | None] = mapped_column(String(32))
    next_notice_at: Mapped[datetime | None]


class EscalationUpdate(Owned):
    __tablename__ = "escalation_update"
    __rules__ = (Index("ix_escalation_update_of", "workspace_id", "escalation_id", "said_at"), refers("escalation_id", "escalation"))
    __audited__ = True

    escalation_id: Mapped[int]
    words: Mapped[str]
    person: Mapped[str] = mapped_column(String(32))
    said_at: Mapped[datetime]
