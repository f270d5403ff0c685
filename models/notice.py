"""How much each person hears unasked, and the notices that are held for them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.notices import Level
from models.base import Owned, refers


class Hearing(Owned):
    """Made when somebody chooses, or is told for the first time. Lock it before a notice goes: a day has one.

    `told_on` is the last day, on the reader's own wall, with a message that they did not ask for. `next_at` is when that which is held
    goes; None holds nothing.
    """

    __tablename__ = "hearing"
    __rules__ = (UniqueConstraint("workspace_id", "person"), Index("ix_hearing_due", "workspace_id", "next_at"))

    person: Mapped[str] = mapped_column(String(32))
    level: Mapped[str] = mapped_column(String(16), default=Level.NORMAL.value)  # domain.notices.Level
    told_on: Mapped[date | None]
    next_at: Mapped[datetime | None]


class HeldNotice(Owned):
    """A change that somebody hears of later, as the fact that it was told by. Deleted when it is not to be told any more; kept a while
    once it was, so that those who heard get a correction.
    """

    __tablename__ = "held_notice"
    __id_is_a_key__ = True
    __rules__ = (
        UniqueConstraint("workspace_id", "person", "change_id"),
        Index("ix_held_notice_change", "workspace_id", "change_id"),
        refers("change_id", "change"),
    )

    person: Mapped[str] = mapped_column(String(32))
    change_id: Mapped[int]
    fact: Mapped[str] = mapped_column(String(40))
    says: Mapped[dict[str, Any]]
    held_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
