"""One import of a plan under way: what it wrote so far, and the rows of history that wait to be inserted together."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.releases import Field
from domain.spans import Precision, precision_of, read_written
from models.base import Owned, workspace_of
from models.release import Change
from models.workspace import PlanImport

SOURCE = "plan"
KEPT = "changed in Slack since the last import"
CHUNK = 2000  # rows a statement
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Written:
    """What an import wrote, by kind; what it left as people had changed it; what stands in no release, and what the plan dropped."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kept: list[str] = field(default_factory=list)
    unplaced: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    import_id: int | None = None

    @property
    def is_nothing(self) -> bool:
        return not any(self.counts.values())


class Ledger:
    """`now` is when the import is recorded; what happened keeps its own times."""

    def __init__(self, session: AsyncSession, now: datetime, progress: Progress, by: str | None = None) -> None:
        self.session, self.now, self.progress, self.by = session, now, progress, by
        self.written = Written()
        self.touched: set[int] = set()
        self.hidden: set[str] = set()  # keys of pieces of work in releases that whoever imports may not see
        self.made: set[int] = set()  # releases that have no history but what this import writes
        self._changes: list[dict[str, Any]] = []
        self._import: PlanImport | None = None

    async def import_id(self) -> int:
        """The import's own row, made when there is something to write."""
        if self._import is None:
            self._import = PlanImport(source=SOURCE, imported_at=self.now, imported_by=self.by)
            self.session.add(self._import)
            await self.session.flush()
            self.written.import_id = self._import.id
        return self._import.id

    def change(
        self,
        release_id: int | None,
        what: Field | str,
        before: str | None,
        after: str | None,
        at: datetime,
        *,
        on: date | None = None,
        item_id: int | None = None,
        is_in: bool | None = None,
        void: str = "",
    ) -> None:
        """A row of history. `void` is why it does not count. `is_in` says of a move of work that it came into the release."""
        is_date = what == Field.DATE
        told = read_written(after) if is_date else None
        precision = precision_of(told) if told else Precision.DAY
        self._changes.append(
            {
                "release_id": release_id,
                "item_id": item_id,
                "field": str(what),
                "before": before,
                "after": after,
                "precision": precision.value if is_date else None,
                "is_committed": precision is Precision.DAY if is_date else None,
                "is_in": is_in,
                "effective_on": on,
                "reason": "",
                "reason_kind": "",
                "source": SOURCE,
                "happened_at": at,
                "recorded_at": self.now,
                "voided_at": self.now if void else None,
                "void_reason": void,
            }
        )
        if release_id is not None:
            self.touched.add(release_id)

    async def write_changes(self) -> None:
        rows, self._changes = self._changes, []
        if rows:
            import_id = await self.import_id()
            for row in rows:
                row["import_id"] = import_id
            await self.insert(Change, rows, "history")

    async def insert(self, kind: type[Owned], rows: Sequence[dict[str, Any]], what: str) -> None:
        """Many rows at once, in the order given, without the audit: each carries the import that it came with."""
        workspace_id = workspace_of(self.session)
        await self.session.flush()
        connection = await self.session.connection()
        statement = insert(kind.__table__)
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            await connection.execute(statement, [{"workspace_id": workspace_id, **row} for row in chunk])
            self.progress(what, start + len(chunk), len(rows))

    async def change_rows(self, kind: type[Owned], rows: Mapping[int, Mapping[str, Any]]) -> None:
        """Give rows new values, by id; of every row the same columns."""
        if not rows:
            return
        table: Any = kind.__table__
        columns = next(iter(rows.values()))
        statement = (
            update(table)
            .where(table.c.workspace_id == workspace_of(self.session), table.c.id == bindparam("row"))
            .values({column: bindparam(f"new_{column}") for column in columns})
        )
        await self.session.flush()
        connection = await self.session.connection()
        await connection.execute(
            statement, [{"row": id, **{f"new_{column}": value for column, value in row.items()}} for id, row in rows.items()]
        )
