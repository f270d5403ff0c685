"""The words that are said, as each database's own index keeps them: FTS5's on SQLite, a table with a trigram index on PostgreSQL.

They know no readers, and go on knowing a word when what said it is gone. So they are guesses: whoever shows one looks first whether its
reader may read a piece that says it.
"""

import string
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import column, func, literal, select, table, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import workspace_of

MARK = "·"  # between a workspace and a term, in SQLite's index
MOST_ALIKE = 60
ALIKE = "0.2"  # of two words' trigrams are shared: "regoin" and "region" share three of eleven
SHORTEST = 3  # letters of a word that others can be like
_LAST = "\U0010ffff"  # sorts after every letter

SQLITE = ("CREATE VIRTUAL TABLE feedback_search_word USING fts5vocab('feedback_search', 'row')",)
_KEEP = "INSERT INTO feedback_search_word (workspace_id, word) SELECT {workspace}, word FROM {words} ORDER BY word ON CONFLICT DO NOTHING"
FILL_POSTGRESQL = _KEEP.format(
    workspace="workspace_id",
    words="(SELECT DISTINCT workspace_id, unnest(string_to_array(searched, ' ')) AS word FROM feedback{only}) AS said",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE TABLE feedback_search_word (workspace_id bigint NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,"
    ' word text COLLATE "C" NOT NULL, PRIMARY KEY (workspace_id, word))',
    FILL_POSTGRESQL.format(only=""),
    "CREATE INDEX feedback_search_word_alike ON feedback_search_word USING gin (word gin_trgm_ops)",
    "CREATE FUNCTION feedback_search_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    + _KEEP.format(workspace="new.workspace_id", words="unnest(string_to_array(new.searched, ' ')) AS word")
    + "; RETURN NULL; END $$",
    "CREATE TRIGGER feedback_search_keep_words AFTER INSERT OR UPDATE OF searched ON feedback"
    " FOR EACH ROW EXECUTE FUNCTION feedback_search_keep_words()",
)

_WORDS: Any = table("feedback_search_word", column("workspace_id"), column("word"), column("term"))


async def beginning(session: AsyncSession, terms: Iterable[str], most: int) -> dict[str, list[str]]:
    """On PostgreSQL: every word that begins with each of the terms; of a term that more than `most` begin with, none."""
    word = _WORDS.c.word
    begin = [
        select(literal(term).label("term"), word)
        .where(_WORDS.c.workspace_id == workspace_of(session), word >= term, word < term + _LAST)
        .limit(most + 1)
        for term in terms
    ]
    found: dict[str, list[str]] = {}
    for term, known in await session.execute(union_all(*(each.subquery().select() for each in begin)), _mine(session)):
        found.setdefault(term, []).append(known)
    return {term: words for term, words in found.items() if len(words) <= most}


async def alike(session: AsyncSession, word: str) -> Sequence[str]:
    """Words that may be spelled like this one; which of them are, and who may read them, is for the caller to find out."""
    if len(word) < SHORTEST:
        return []
    if session.get_bind().dialect.name == "sqlite":
        return await _sharing_letters(session, word)
    known, near = _WORDS.c.word, func.similarity(_WORDS.c.word, word)
    await session.execute(select(func.set_config("pg_trgm.similarity_threshold", ALIKE, True)), _mine(session))
    query = select(known).where(_WORDS.c.workspace_id == workspace_of(session), known.op("%")(word)).order_by(near.desc(), known)
    return list(await session.scalars(query.limit(MOST_ALIKE), _mine(session)))


async def _sharing_letters(session: AsyncSession, word: str) -> list[str]:
    """All that begin as it does, or would if one of its first two letters were another, missing, one too many, or both were swapped."""
    mine, term = f"{workspace_of(session)}{MARK}", _WORDS.c.term
    first, second, rest = word[0], word[1], word[2:4]
    begins = {first + second, second + rest, first + rest, second + first + rest[:1]}
    for letter in string.ascii_lowercase:
        begins |= {letter + second + rest, first + letter + rest, letter + word[:3]}
    ranges = [select(term).where(term >= mine + each, term < mine + each + _LAST) for each in sorted(begins)]
    found = await session.scalars(union_all(*ranges), _mine(session))
    return [each.removeprefix(mine) for each in found]


def _mine(session: AsyncSession) -> dict[str, int]:
    return {"workspace_id": workspace_of(session)}
