"""Finding feedback by its words: one interface, FTS5 on SQLite and a GIN index of a tsvector on PostgreSQL.

Both index the terms of `domain.searching`, each with its workspace before it, so that one workspace never reads through another's. They are
kept in step by the database itself: a generated column on PostgreSQL, triggers on SQLite.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, cast, column, exists, func, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncSession

from domain.searching import Wanted
from models import vocabulary
from models.base import workspace_of
from models.feedback import Feedback

MOST = 1_000  # that are counted, and paged through
RECENT = 2_000  # pieces whose words say what is common
WALKED = 32_000  # newest pieces that PostgreSQL walks through for words that very many have
NAMED = 24  # words that begin alike, at most, each of which is looked for by itself
FEW = 32  # of them that must be expected to have the words; else all that have them are fetched, from all over the disk
READ_THROUGH = 20_000  # newest pieces that have the words, on SQLite
_MARK = vocabulary.MARK

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
FILL_SQLITE = "INSERT INTO feedback_search(rowid, searched) SELECT id, " + _TERMS.format(row="") + " FROM feedback"
SQLITE = (
    "CREATE VIRTUAL TABLE feedback_search USING fts5(searched, content='', columnsize=0, detail='none', tokenize='ascii', prefix='3 4 5')",
    FILL_SQLITE,
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
    """The newest pieces that were found, newest first, and how many there are; `is_more` when that is where counting ended.

    `is_part` when so many have these words that only the newest pieces were looked through, and there may be older ones.
    """

    ids: Sequence[int] = ()
    total: int = 0
    is_more: bool = False
    is_part: bool = False


async def matching(session: AsyncSession, wanted: Wanted, only: ColumnElement[bool], first: int, most: int = MOST) -> Found:
    """The `first` newest pieces with these terms that `only` lets through; they are counted up to `most`."""
    if not wanted.terms:
        return Found()
    if session.get_bind().dialect.name == "sqlite":
        return await _in_order(session, wanted, only, first, most)
    return await _as_common_as_it_is(session, wanted, only, first, most)


async def _in_order(session: AsyncSession, wanted: Wanted, only: ColumnElement[bool], first: int, most: int) -> Found:
    """FTS5 gives its rows from the newest on, so that a common word costs no more than what is read of it.

    Whoever may read few of them would have all of them read: so that ends somewhere.
    """
    terms = [f'"{term}"{"*" if wanted.begins else ""}' for term in _owned(session, wanted)]
    values = {"workspace_id": workspace_of(session), "terms": (" OR " if wanted.any else " AND ").join(terms)}
    rows = select(_FTS.c.rowid).where(_FTS.c.feedback_search.op("MATCH")(bindparam("terms"))).order_by(_FTS.c.rowid.desc())
    newest = rows.limit(READ_THROUGH).subquery()
    let_through = exists().where(
        Feedback.id == newest.c.rowid, Feedback.workspace_id == bindparam("workspace_id"), Feedback.removed_at.is_(None), only
    )
    ids = list(await session.scalars(select(newest.c.rowid).where(let_through).limit(most + 1), values))
    if len(ids) > most:
        return Found(ids[:first], most, is_more=True)
    read = await session.scalar(select(func.count()).select_from(rows.limit(READ_THROUGH).subquery()), values) or 0
    return Found(ids[:first], len(ids), is_part=read == READ_THROUGH)


async def _as_common_as_it_is(session: AsyncSession, wanted: Wanted, only: ColumnElement[bool], first: int, most: int) -> Found:
    """A GIN index knows no order. So what few have is fetched and sorted; of what very many have, the newest pieces are walked through.

    Written as a function, the comparison does not tempt the planner into the index, which would first gather all that have a word.
    """
    values = {"terms": (" | " if wanted.any else " & ").join(await _written(session, wanted))}
    sought: Any = cast(bindparam("terms"), TSQUERY)
    pieces = select(Feedback.id).where(Feedback.removed_at.is_(None), only).limit(most + 1)
    newest = await session.scalar(select(func.max(Feedback.number))) or 0
    is_common = await _expected(session, values["terms"]) * WALKED >= FEW * newest
    if is_common:
        near = Feedback.number > newest - WALKED, func.ts_match_vq(_VECTOR, sought)
        query = pieces.where(*near).order_by(Feedback.number.desc())
    else:
        query = pieces.where(_VECTOR.op("@@")(sought))
        query = query.order_by((Feedback.number + 0).desc()) if most > 1 else query  # whether there is one, whichever it is
    ids = list(await session.scalars(query, values))
    is_more = len(ids) > most
    return Found(ids[:first], min(len(ids), most), is_more, is_part=is_common and not is_more and newest > WALKED)


async def _written(session: AsyncSession, wanted: Wanted) -> list[str]:
    """The terms as PostgreSQL takes them. Few words that begin with a term are named each: its index then skips what lacks the others.

    Of the beginning of a word it would first gather all pieces, a hundred thousand for a common one.
    """
    known = await vocabulary.beginning(session, wanted.terms, NAMED) if wanted.begins else {}
    mine = f"{workspace_of(session)}{_MARK}"
    begins = ":*" if wanted.begins else ""
    named = {term: " | ".join(f"'{mine}{word}'" for word in words) for term, words in known.items()}
    return [f"({named[term]})" if term in named else f"'{mine}{term}'{begins}" for term in wanted.terms]


async def _expected(session: AsyncSession, terms: str) -> float:
    """How many pieces have these terms, as PostgreSQL's planner knows from its statistics; a millisecond, and right within a tenth."""
    like = "search_terms @@ CAST(:terms AS tsquery) AND workspace_id = :workspace_id"
    query = text(f"EXPLAIN (FORMAT JSON) SELECT FROM feedback WHERE {like}")
    (plan,) = await session.scalar(query, {"terms": terms, "workspace_id": workspace_of(session)})
    return float(plan["Plan"]["Plan Rows"])


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
