"""A plan that somebody is bringing in: what was given, what was said about it so far, and afterwards the import that it became.

It lives for 24 hours: until then it can be gone on with, and what it brought in can be taken back.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned, refers


class PlanDraft(Owned):
    __tablename__ = "plan_draft"
    __id_is_a_key__ = True
    __rules__ = (Index("ix_plan_draft_created", "workspace_id", "created_at"), refers("import_id", "plan_import"))

    person: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="open")  # open, reading, read, importing, imported, undone
    files: Mapped[list[Any]] = mapped_column(default=list)  # {"id", "name"} of what was given, as Slack names it
    pasted: Mapped[list[Any]] = mapped_column(default=list)
    tables: Mapped[list[Any]] = mapped_column(default=list)  # {"name", "rows"}
    layouts: Mapped[list[Any]] = mapped_column(default=list)  # {"heading", "columns"}, one a table
    day_order: Mapped[str] = mapped_column(String(8), default="")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trouble: Mapped[str] = mapped_column(default="")  # why what was given could not be read
    view: Mapped[str] = mapped_column(String(64), default="")
    import_id: Mapped[int | None]
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
