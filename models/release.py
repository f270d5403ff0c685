"""Releases, the work in them, and the history that everything about them is derived from.

A release's dates, stage and health are kept beside it for speed; `change` is the truth, and `settle` makes the two agree.
"""

from datetime import date, datetime

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from domain.spans import due
from models.base import Owned, refers

_MOVE = ("workspace_id", "happened_at", "release_id", "item_id", "is_in")  # all that a report counts, so that no row is fetched
_MOVED = text("field = 'work' AND before IS NOT NULL AND voided_at IS NULL")
_WORK_TEAM = ("workspace_id", "before", "happened_at", "item_id")
_OF_WORK = text("field = 'team' AND item_id IS NOT NULL")
_OF_ITEM = text("item_id IS NOT NULL")  # with the others in it, SQLite would look there for what is of no item
_OWN = text("item_id IS NULL")  # without what is said about its work, which is most of it
_FIELD = ("workspace_id", "release_id", "field", "happened_at", "id")
_COUNTS = text("item_id IS NULL AND voided_at IS NULL")


class Release(Owned):
    __tablename__ = "release"
    __rules__ = (
        UniqueConstraint("workspace_id", "number"),
        UniqueConstraint("workspace_id", "source", "source_key"),
        Index("ix_release_open", "workspace_id", "is_open", "target_on"),
        refers("team_id", "team"),
        refers("import_id", "plan_import"),
    )
    __audited__ = True

    number: Mapped[int]
    team_id: Mapped[int | None]
    owner: Mapped[str | None] = mapped_column(String(32))
    restricted: Mapped[bool] = mapped_column(default=False)
    confirmed_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(default="slack")
    source_key: Mapped[str | None]
    import_id: Mapped[int | None]
    created_at: Mapped[datetime]
    # Derived from unvoided rows of `change`:
    name: Mapped[str]
    target_on: Mapped[date | None]  # of a week, month or quarter its last working day
    precision: Mapped[str] = mapped_column(String(8), default="day")
    is_committed: Mapped[bool] = mapped_column(default=False)
    baseline_on: Mapped[date | None]
    shipped_on: Mapped[date | None]
    stage: Mapped[str | None] = mapped_column(String(16))
    is_open: Mapped[bool] = mapped_column(default=True)
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    health: Mapped[str | None] = mapped_column(String(8))
    health_reason: Mapped[str] = mapped_column(default="")
    health_by: Mapped[str | None] = mapped_column(String(32))
    health_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    @property
    def due(self) -> date | None:
        """Its date, as sure as it is: a day, or the week, month or quarter."""
        return due(self)


class ReleaseReader(Owned):
    """Who may see a restricted release, beside its owner and product operations: people, and user groups by the id of theirs."""

    __tablename__ = "release_reader"
    __rules__ = (UniqueConstraint("workspace_id", "release_id", "person"), refers("release_id", "release"))

    release_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))


class ReleaseName(Owned):
    """A name a release has or had. Former names go on answering."""

    __tablename__ = "release_name"
    __rules__ = (
        UniqueConstraint("workspace_id", "release_id", "folded"),
        Index("ix_release_name_folded", "workspace_id", "folded"),
        refers("release_id", "release"),
    )

    release_id: Mapped[int]
    name: Mapped[str]
    folded: Mapped[str] = mapped_column(String(200))
    is_current: Mapped[bool] = mapped_column(default=True)


class Item(Owned):
    """A piece of work in a release."""

    __tablename__ = "item"
    __rules__ = (
        UniqueConstraint("workspace_id", "source", "source_key"),
        Index("ix_item_release", "workspace_id", "release_id", "state", "team_id"),
        Index("ix_item_team", "workspace_id", "team_id", "release_id"),
        refers("release_id", "release"),
        refers("team_id", "team"),
        refers("import_id", "plan_import"),
    )

    title: Mapped[str]
    team_id: Mapped[int | None]
    release_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(8), default="open")
    updated: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="slack")
    source_key: Mapped[str | None]
    import_id: Mapped[int | None]


class Change(Owned):
    """One change of a release or of a piece of work. Voided, never deleted."""

    __tablename__ = "change"
    __rules__ = (
        Index("ix_change_release", "workspace_id", "release_id", "happened_at", "id"),
        Index("ix_change_item", "workspace_id", "item_id", "happened_at", "id", sqlite_where=_OF_ITEM, postgresql_where=_OF_ITEM),
        Index("ix_change_recorded", "workspace_id", "recorded_at"),
        Index("ix_change_moved", *_MOVE, sqlite_where=_MOVED, postgresql_where=_MOVED),
        Index("ix_change_work_team", *_WORK_TEAM, sqlite_where=_OF_WORK, postgresql_where=_OF_WORK),
        Index("ix_change_own", "workspace_id", "release_id", "happened_at", "id", sqlite_where=_OWN, postgresql_where=_OWN),
        Index("ix_change_field", *_FIELD, sqlite_where=_COUNTS, postgresql_where=_COUNTS),  # what was said last of a thing
        refers("release_id", "release"),
        refers("item_id", "item"),
        refers("import_id", "plan_import"),
    )

    release_id: Mapped[int | None]
    item_id: Mapped[int | None]
    field: Mapped[str] = mapped_column(String(16))
    before: Mapped[str | None]
    after: Mapped[str | None]
    precision: Mapped[str | None] = mapped_column(String(8))
    is_committed: Mapped[bool | None]
    is_in: Mapped[bool | None]  # of a move of work: whether it came into this release, or left it
    effective_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    reason_kind: Mapped[str] = mapped_column(String(16), default="")
    actor: Mapped[str | None] = mapped_column(String(32))
    source: Mapped[str] = mapped_column(default="slack")
    import_id: Mapped[int | None]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    voided_at: Mapped[datetime | None]
    voided_by: Mapped[str | None] = mapped_column(String(32))
    void_reason: Mapped[str] = mapped_column(default="")


class Joined(Owned):
    """What went over when a release was closed as a duplicate of another, so that it comes back when that is undone."""

    __tablename__ = "joined"
    __rules__ = (UniqueConstraint("workspace_id", "change_id", "kind", "row_id"), refers("change_id", "change"))

    change_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    row_id: Mapped[int]


class Follow(Owned):
    __tablename__ = "follow"
    __rules__ = (UniqueConstraint("workspace_id", "release_id", "person"), refers("release_id", "release"))

    release_id: Mapped[int]
    person: Mapped[str] = mapped_column(String(32))
    followed_at: Mapped[datetime]
