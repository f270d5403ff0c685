"""Everything that is stored of a workspace, a file a table, but for its token. Cells that a spreadsheet would run are made harmless."""

import asyncio
import csv
import json
from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.cells import harmless
from bot.config import WrongSetting
from bot.database import Database
from bot.schema import expect_newest
from models import Base, InstallState, Workspace

STORED = [table for table in Base.metadata.sorted_tables if table is not InstallState.__table__]  # which is of no workspace


class Format(StrEnum):
    json = "json"
    csv = "csv"


async def the_workspace(database: Database, team: str = "") -> Workspace:
    """The workspace of a Slack team id, or the only one. Raises WrongSetting."""
    async with database.unbound() as session:
        found = list(await session.scalars(select(Workspace).order_by(Workspace.id).execution_options(every_workspace=True)))
    chosen = [workspace for workspace in found if team in ("", workspace.team_slack_id)]
    if len(chosen) != 1:
        if not found:
            raise WrongSetting("The database knows no workspace yet. Run `tendon serve` once, so that the bot learns which one is its own.")
        known = ", ".join(workspace.team_slack_id for workspace in found)
        raise WrongSetting(f"--workspace must name one workspace. Known: {known}.")
    return chosen[0]


async def export_all(database: Database, folder: Path, format: Format, team: str = "") -> int:
    """Returns how many rows were written. Files are `folder/TABLE.json` or `.csv`, all of one moment."""
    await expect_newest(database)
    workspace = await the_workspace(database, team)
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    count = 0
    async with database.reader.connect() as connection:
        if not database.is_sqlite:
            await connection.execution_options(isolation_level="REPEATABLE READ")
        for table in STORED:
            mine = table.c.get("workspace_id", table.c.id) == workspace.id
            shown = [column for column in table.c if not column.info.get("secret")]
            found = await connection.execute(select(*shown).where(mine).order_by(table.c.id))
            rows = [{key: _plain(value) for key, value in row._mapping.items()} for row in found]
            await asyncio.to_thread(_write, folder / f"{table.name}.{format}", format, [column.name for column in shown], rows)
            count += len(rows)
    return count


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _write(path: Path, format: Format, names: Sequence[str], rows: list[dict[str, Any]]) -> None:
    if format is Format.json:
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=names)
        writer.writeheader()
        writer.writerows({key: harmless(value) for key, value in row.items()} for row in rows)
