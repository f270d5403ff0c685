"""Records of some kind that somebody is bringing in from a sheet: what was given, what was said about it, and afterwards what came of it.

It lives for 24 hours: until then it can be gone on with, and what it brought in can be taken back.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Owned


class SheetDraft(Owned):
    __tablename__ = "sheet_draft"
    __id_is_a_key__ = True
    __rules__ = (Index("ix_sheet_draft_created", "workspace_id", "created_at"),)

    kind: Mapped[str] = mapped_column(String(16))  # the slice whose records these are
    person: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default="open")  # open, reading, read, importing, imported, undone
    files: Mapped[list[Any]] = mapped_column(default=list)  # {"id", "name"} of what was given, as Slack names it
    pasted: Mapped[list[Any]] = mapped_column(default=list)
    tables: Mapped[list[Any]] = mapped_column(default=list)  # {"name", "rows", "heading", "columns"}
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    trouble: Mapped[str] = mapped_column(default="")  # why what was given could not be read
    view: Mapped[str] = mapped_column(String(64), default="")
    brought: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what its undo needs, as the slice wrote it
    created_at: Mapped[datetime]
    imported_at: Mapped[datetime | None]
