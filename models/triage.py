"""Which feedback waits for a first look, and when it was looked at: taken, linked or declined, whoever did it and from wherever."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func

from models.feedback import OF_CUSTOMERS, Feedback

CAME_AT: ColumnElement[datetime] = func.coalesce(Feedback.reopened_at, Feedback.logged_at)
_NOT_PLANNED: Any = and_(
    OF_CUSTOMERS,
    Feedback.removed_at.is_(None),
    Feedback.same_as_id.is_(None),  # what says the same is looked at with its first
    Feedback.release_id.is_(None),
    Feedback.item_id.is_(None),
    Feedback.declined_at.is_(None),
)
WAITS: ColumnElement[bool] = and_(Feedback.triaged_at.is_(None), Feedback.taken_by.is_(None), _NOT_PLANNED)
IS_TAKEN: ColumnElement[bool] = and_(Feedback.taken_by.is_not(None), _NOT_PLANNED)


def note_look(feedback: Feedback, now: datetime) -> None:
    """Write down when it was first looked at; what is nobody's and leads nowhere any more waits again."""
    is_seen_to = feedback.taken_by or feedback.release_id or feedback.item_id or feedback.declined_at
    feedback.triaged_at = (feedback.triaged_at or now) if is_seen_to else None
