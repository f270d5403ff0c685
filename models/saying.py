"""What customers may be told of a release, and who waits to hear: that it ships, or that there are words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from domain.spans import due
from models.base import Owned, prebuilt, refers, run
from models.workspace import Person

SHIPS, WORDS = "ships", "words"


class Saying(Owned):
    """The words that may leave the house. Without `words`, nothing may be promised; the row keeps when somebody was asked for some."""

    __tablename__ = "saying"
    __rules__ = (UniqueConstraint("workspace_id", "release_id"), refers("release_id", "release"))
    __audited__ = True

    release_id: Mapped[int]
    words: Mapped[str] = mapped_column(default="")
    target_on: Mapped[date | None]  # what may be said of the date, as sure as it may be said
    precision: Mapped[str] = mapped_column(String(8), default="quarter")
    is_frank: Mapped[bool] = mapped_column(default=False)  # date, slip and health may be seen beside the words
    said_by: Mapped[str | None] = mapped_column(String(32))
    said_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    doubted_at: Mapped[datetime | None]  # the release moved since
    asked_at: Mapped[datetime | None]

    @property
    def due(self) -> date | None:
        return due(self)


class Awaited(Owned):
    """Somebody waits to hear of a release: `what` is SHIPS or WORDS."""

    __tablename__ = "awaited"
    __id_is_a_key__ = True
    __rules__ = (UniqueConstraint("workspace_id", "release_id", "person", "what"), refers("release_id", "release"))

    release_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime]


_OF = prebuilt(
    select(
        Saying.release_id, Saying.words, Saying.target_on, Saying.precision, Saying.is_frank,
        Saying.said_at, Saying.checked_at, Saying.doubted_at, Person.name.label("said_by"),
    )
    .outerjoin(Person, and_(Person.workspace_id == Saying.workspace_id, Person.slack_id == Saying.said_by))
    .where(
        Saying.workspace_id == bindparam("workspace_id"),
        Saying.words != "",
        Saying.release_id.in_(bindparam("releases", expanding=True)),
    )
)  # fmt: skip


async def sayings(session: AsyncSession, releases: Sequence[int]) -> Mapping[int, Any]:
    """What may be said of each of these releases, where there is something: rows with `said_by` as a name. By release."""
    return {row.release_id: row for row in await run(session, _OF, releases=list(releases))} if releases else {}


async def saying_of(session: AsyncSession, release: int) -> Any | None:
    return (await sayings(session, [release])).get(release)
