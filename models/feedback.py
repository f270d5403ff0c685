"""What people said, word for word, and everybody who brought the same words."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Index, String, UniqueConstraint, bindparam, event, inspect, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.feedback import Kind
from domain.searching import terms
from models.base import Owned, prebuilt, refers, run
from models.customer import Customer
from models.rows import add

# All that a count over a year looks at: it reads this index alone, and none of the words.
_COUNTED = ("kind", "channel", "area", "type", "team_id", "customer_id", "removed_at", "id")
_HAS_WORK = text("item_id IS NOT NULL")


class Feedback(Owned):
    """One piece. What says the same as another keeps its own words, customer and thread, and points to it by `same_as_id`.

    That one is the first of them and points to none, so they are flat. `release_id` counts for all of them on the first alone.
    """

    __tablename__ = "feedback"
    __rules__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "channel", "message_ts"),
        Index("ix_feedback_logged", "workspace_id", "logged_at"),
        Index("ix_feedback_trend", "workspace_id", "logged_at", *_COUNTED),
        Index("ix_feedback_release", "workspace_id", "release_id"),
        Index("ix_feedback_customer", "workspace_id", "customer_id", "logged_at"),
        Index("ix_feedback_area", "workspace_id", "area", "logged_at"),
        Index("ix_feedback_type", "workspace_id", "type", "logged_at"),
        Index("ix_feedback_same", "workspace_id", "same_as_id"),
        Index("ix_feedback_item", "workspace_id", "item_id", sqlite_where=_HAS_WORK, postgresql_where=_HAS_WORK),
        Index("ix_feedback_queue", "workspace_id", "team_id", "triaged_at"),
        refers("customer_id", "customer"),
        refers("release_id", "release"),
        refers("item_id", "item"),
        refers("team_id", "team"),
        refers("same_as_id", "feedback"),
        refers("unsolved_release_id", "release"),
    )
    __audited__ = True

    number: Mapped[int]
    words: Mapped[str]
    searched: Mapped[str] = mapped_column(default=lambda made: searched(**made.get_current_parameters()), server_default="")
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
    question: Mapped[str] = mapped_column(default="", server_default="")  # what its reporter was asked back last
    asked_at: Mapped[datetime | None]
    asked_by: Mapped[str | None] = mapped_column(String(32))
    declined_at: Mapped[datetime | None]
    declined_by: Mapped[str | None] = mapped_column(String(32))
    decline_reason: Mapped[str] = mapped_column(default="", server_default="")
    reopened_at: Mapped[datetime | None]  # somebody said that what shipped did not solve it
    unsolved_release_id: Mapped[int | None]  # what that was
    reporter: Mapped[str] = mapped_column(String(32), default="")  # empty where it was logged without a name
    author: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    message_ts: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    permalink: Mapped[str | None]
    logged_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(String(32))  # empty where whoever logged it took it back


OF_CUSTOMERS: ColumnElement[bool] = Feedback.kind == Kind.CUSTOMER.value  # what slows us and what the market does is in no count of theirs


def searched(
    words: str, area: str | None = "", requested_by: str | None = "", source: str | None = "", customer: str = "", **_: object
) -> str:
    """The terms that a piece is found by, as `models.searching` indexes them."""
    return " ".join(terms(f"{words} {area or ''} {requested_by or ''} {source or ''} {customer}"))


@event.listens_for(Feedback, "before_insert")
def _find_by(mapper: object, connection: Connection, row: Feedback) -> None:
    row.searched = searched(row.words, row.area, row.requested_by, row.source, names_of(connection, row.workspace_id, row.customer_id))


@event.listens_for(Feedback, "before_update")
def _keep_in_step(mapper: object, connection: Connection, row: Feedback) -> None:
    if any(inspect(row).attrs[name].history.has_changes() for name in ("words", "area", "requested_by", "source", "customer_id")):
        _find_by(mapper, connection, row)


async def put_feedback(session: AsyncSession, row: Feedback) -> None:
    """Write a new piece at once, with the terms that it is found by."""
    names = await run(session, _NAMES, key=row.customer_id) if row.customer_id else ()
    row.searched = searched(row.words, row.area, row.requested_by, row.source, " ".join(name for (name,) in names))
    await add(session, row)


_NAMES = prebuilt(
    select(Customer.name)
    .where(
        Customer.workspace_id == bindparam("workspace_id"),
        or_(Customer.id == bindparam("key"), Customer.merged_into_id == bindparam("key")),
    )
    .order_by(Customer.id)
)


def names_of(connection: Connection, workspace_id: int, customer_id: int | None) -> str:
    """What a customer is called, with the names of those that were merged into it."""
    if customer_id is None:
        return ""
    return " ".join(connection.scalars(_NAMES, {"workspace_id": workspace_id, "key": customer_id}))


class Supporter(Owned):
    """Somebody who logged it: the reporter, and everybody who logged the same message as well."""

    __tablename__ = "supporter"
    __id_is_a_key__ = True
    __rules__ = (
        UniqueConstraint("workspace_id", "feedback_id", "person"),
        Index("ix_supporter_person", "workspace_id", "person", "feedback_id"),
        refers("feedback_id", "feedback"),
    )

    feedback_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    added_at: Mapped[datetime]


class Merging(Owned):
    """Somebody said that one piece says the same as another, or that it does not: enough to put everything back as it was."""

    __tablename__ = "merging"
    __rules__ = (
        Index("ix_merging_feedback", "workspace_id", "feedback_id"),
        refers("feedback_id", "feedback"),
        refers("head_id", "feedback"),
        refers("before_id", "feedback"),
    )

    feedback_id: Mapped[int]
    head_id: Mapped[int]
    before_id: Mapped[int | None]  # what the piece pointed to until then
    is_separation: Mapped[bool] = mapped_column(default=False)
    moved: Mapped[list[Any]]  # ids of what pointed to the piece before, and to the head since
    had: Mapped[dict[str, Any] | None]  # what stood on the head of its own, before it took over from the piece
    lent: Mapped[bool] = mapped_column(default=False)  # the head had no release of its own, and has the piece's since
    by: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
