"""Everything that is stored of a workspace, a file a table. Cells that a spreadsheet would run are made harmless."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from bot.config import WrongSetting
from bot.database import Database
from models import Base, Workspace


class Format(StrEnum):
    json = "json"
    csv = "csv"


async def the_workspace(database: Database, team: str = "") -> Workspace:
    """The workspace of a Slack team id, or the only one. Raises WrongSetting."""
    async with database.unbound() as session:
        found = list(await session.scalars(select(Workspace).execution_options(every_workspace=True)))
    chosen = [workspace for workspace in found if team in ("", workspace.team_slack_id)]
    if len(chosen) != 1:
        known = ", ".join(workspace.team_slack_id for workspace in found) or "none yet: serve once, so that the bot learns its workspace"
        raise WrongSetting(f"--workspace must name one workspace. Known: {known}.")
    return chosen[0]


async def export_all(database: Database, folder: Path, format: Format, team: str = "") -> int:
    """Returns how many rows were written. Files are `folder/TABLE.json` or `.csv`."""
    workspace = await the_workspace(database, team)
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for table in Base.metadata.sorted_tables:
        owner = table.c.get("workspace_id", table.c.id)
        rows = [row async for row in _rows(database, table, owner == workspace.id)]
        names = [column.name for column in table.columns]
        await asyncio.to_thread(_write, folder / f"{table.name}.{format}", format, names, rows)
        count += len(rows)
    return count


async def _rows(database: Database, table: Table, mine: Any) -> AsyncIterator[dict[str, Any]]:
    async with database.reader.connect() as connection:
        for row in await connection.execute(select(table).where(mine).order_by(table.c.id)):
            yield {key: _plain(value) for key, value in row._mapping.items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date | time) else value


def _write(path: Path, format: Format, names: Sequence[str], rows: list[dict[str, Any]]) -> None:
    if format is Format.json:
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=names)
        writer.writeheader()
        writer.writerows({key: harmless(value) for key, value in row.items()} for row in rows)


def harmless(value: Any) -> Any:
    """A cell that begins like a formula is text to a spreadsheet."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
