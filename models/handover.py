"""What somebody who left was responsible for, and who has it since."""

from datetime import datetime

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned


class Handover(Owned):
    """One record of a leaver: `kind` is "release", "escalation" or "dependency". `heir` has it until it is `reassigned_to` somebody."""

    __tablename__ = "handover"
    __rules__ = (
        UniqueConstraint("workspace_id", "kind", "record_id", "leaver"),
        Index("ix_handover_heir", "workspace_id", "leaver", "heir"),
    )

    kind: Mapped[str] = mapped_column(String(16))
    record_id: Mapped[int]
    leaver: Mapped[str] = mapped_column(String(32))
    heir: Mapped[str] = mapped_column(String(32))
    handed_at: Mapped[datetime]
    reassigned_to: Mapped[str | None] = mapped_column(String(32))
