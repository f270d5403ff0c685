"""Finding feedback by its words: one interface, FTS5 on SQLite and a GIN index of a tsvector on PostgreSQL.

Both index the terms of `domain.searching`, each with its workspace before it, so that one workspace never reads through another's. They are
kept in step by the database itself: a generated column on PostgreSQL, triggers on SQLite.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, cast, column, exists, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.searching import Wanted
from models.base import workspace_of
from models.feedback import Feedback

MOST = 1_000  # that are counted, and paged through
RECENT = 2_000  # pieces whose words say what is common
_WINDOWS = (8_000, 64_000)  # newest pieces that are read through for words that very many have
_MARK = "·"

_TERMS = f"replace(' ' || {{row}}searched, ' ', ' ' || {{row}}workspace_id || '{_MARK}')"
_INSERT = "INSERT INTO feedback_search(rowid, searched) VALUES (new.id, " + _TERMS.format(row="new.") + ")"
_DELETE = "INSERT INTO feedback_search(feedback_search, rowid, searched) VALUES ('delete', old.id, " + _TERMS.format(row="old.") + ")"
# A migration that makes the table anew in a batch must make these triggers anew, too: SQLite drops them with the old one.
TRIGGERS = {
    "feedback_search_insert": f"AFTER INSERT ON feedback BEGIN {_INSERT}; END",
    "feedback_search_delete": f"AFTER DELETE ON feedback BEGIN {_DELETE}; END",
    "feedback_search_update": "AFTER UPDATE OF searched, workspace_id ON feedback WHEN old.searched <> new.searched "
    f"BEGIN {_DELETE}; {_INSERT}; END",
}
SQLITE = (
    "CREATE VIRTUAL TABLE feedback_search USING fts5(searched, content='', columnsize=0, detail='none', tokenize='ascii', prefix='3 4 5')",
    "INSERT INTO feedback_search(rowid, searched) SELECT id, " + _TERMS.format(row="") + " FROM feedback",
    *(f"CREATE TRIGGER {name} {does}" for name, does in TRIGGERS.items()),
)
POSTGRESQL = (
    "ALTER TABLE feedback ADD COLUMN search_terms tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array(ltrim("
    + _TERMS.format(row="").replace("workspace_id", "workspace_id::text")
    + "), ' '))) STORED",
    "CREATE INDEX ix_feedback_search ON feedback USING gin (search_terms) WITH (gin_pending_list_limit = 512)",
)

_FTS: Any = table("feedback_search", column("rowid"), column("feedback_search"))
_VECTOR: Any = literal_column("feedback.search_terms")


@dataclass(frozen=True, slots=True)
class Found:
    """The newest pieces that were found, newest first, and how many there are; `is_more` when that is where counting ended."""

    ids: Sequence[int] = ()
    total: int = 0
    is_more: bool = False


async def matching(session: AsyncSession, wanted: Wanted, only: ColumnElement[bool], first: int, most: int = MOST) -> Found:
    """The `first` newest pieces with these terms that `only` lets through; they are counted up to `most`."""
    if not wanted.terms:
        return Found()
    if session.get_bind().dialect.name == "sqlite":
        return await _in_order(session, wanted, only, first, most)
    return await _of_a_bitmap(session, wanted, only, first, most)


async def _in_order(session: AsyncSession, wanted: Wanted, only: ColumnElement[bool], first: int, most: int) -> Found:
    """FTS5 gives its rows from the newest on, so that a common word costs no more than what is read of it."""
    let_through = exists().where(
        Feedback.id == _FTS.c.rowid, Feedback.workspace_id == bindparam("workspace_id"), Feedback.removed_at.is_(None), only
    )
    query = select(_FTS.c.rowid).where(_FTS.c.feedback_search.op("MATCH")(bindparam("terms")), let_through)
    terms = [f'"{term}"{"*" if wanted.begins else ""}' for term in _owned(session, wanted)]
    values = {"workspace_id": workspace_of(session), "terms": (" OR " if wanted.any else " AND ").join(terms)}
    ids = list(await session.scalars(query.order_by(_FTS.c.rowid.desc()).limit(most + 1), values))
    return Found(ids[:first], min(len(ids), most), len(ids) > most)


async def _of_a_bitmap(session: AsyncSession, wanted: Wanted, only: ColumnElement[bool], first: int, most: int) -> Found:
    """A GIN index knows no order. So what few have is fetched and sorted; of what very many have, the newest pieces are read through."""
    terms = [f"'{term}'{':*' if wanted.begins else ''}" for term in _owned(session, wanted)]
    values = {"terms": (" | " if wanted.any else " & ").join(terms)}
    found = select(Feedback.id).where(_VECTOR.op("@@")(cast(bindparam("terms"), TSQUERY)), Feedback.removed_at.is_(None), only)
    ids = list(await session.scalars(found.limit(most + 1), values))
    if len(ids) <= most:
        return Found(sorted(ids, reverse=True)[:first], len(ids))
    newest = await session.scalar(select(func.max(Feedback.number))) or 0
    for window in (*_WINDOWS, newest):
        latest = found.where(Feedback.number > newest - window).order_by(Feedback.number.desc())
        ids = list(await session.scalars(latest.limit(first), values))
        if len(ids) == first:
            break
    return Found(ids, most, is_more=True)


async def lately(session: AsyncSession, only: ColumnElement[bool]) -> Counter[str]:
    """The terms of the newest pieces that `only` lets through, and in how many each is."""
    newest = await session.scalar(select(func.max(Feedback.number))) or 0
    found = select(Feedback.searched).where(Feedback.number > newest - RECENT, Feedback.removed_at.is_(None), only)
    return Counter(term for searched in await session.scalars(found) for term in searched.split())


def _owned(session: AsyncSession, wanted: Wanted) -> list[str]:
    return [f"{workspace_of(session)}{_MARK}{term}" for term in wanted.terms]


async def areas_named(session: AsyncSession) -> list[str]:
    """Every product area that feedback names, one step of the index each, however many pieces there are."""
    area, owner = Feedback.area, Feedback.workspace_id == workspace_of(session)
    known = select(func.min(area).label("area")).where(owner, area != "").cte("known", recursive=True)
    after = select(func.min(area)).where(owner, area > known.c.area).scalar_subquery()
    known = known.union_all(select(after).where(known.c.area.is_not(None)))
    return list(await session.scalars(select(known.c.area).where(known.c.area.is_not(None)), {"workspace_id": workspace_of(session)}))
