"""Short numbers that people can say: R-4, F-12, E-3, D-7. Counted per workspace, never given twice."""

from sqlalchemy import bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import prebuilt, run
from models.workspace import Counter


def _count(dialect: object) -> object:
    statement = dialect.insert(Counter).values(  # type: ignore[attr-defined]
        workspace_id=bindparam("workspace_id"), letter=bindparam("letter"), last=bindparam("several")
    )
    return prebuilt(
        statement.on_conflict_do_update(
            index_elements=["workspace_id", "letter"], set_={"last": Counter.last + statement.excluded.last}
        ).returning(Counter.last)
    )


_COUNT = {"sqlite": _count(sqlite), "postgresql": _count(postgresql)}


async def next_number(session: AsyncSession, letter: str, several: int = 1) -> int:
    """The next number of a kind; with `several`, the first of so many that are yours."""
    statement = _COUNT[session.bind.dialect.name]  # type: ignore[union-attr]
    last: int = (await run(session, statement, letter=letter, several=several)).scalar_one()  # type: ignore[arg-type]
    return last - several + 1
