"""SQLite's writers are served in the order in which they came: nobody waits while others pass."""

import asyncio
from pathlib import Path

from sqlalchemy import select

from bot.database import Database
from models import Workspace
from tests.bot.test_scope import two_workspaces
from tests.conftest import Clock


async def test_writers_are_served_in_order(sqlite_template: Path, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "tendon.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'tendon.db'}")
    await two_workspaces(database)
    served: list[int] = []

    async def write(number: int) -> None:
        async with database.transaction(1, clock=clock) as session:
            await session.scalars(select(Workspace))
            served.append(number)
            await asyncio.sleep(0.001)

    async def write_again_and_again(number: int) -> None:
        for _ in range(5):
            await write(number)

    await asyncio.gather(*(write_again_and_again(n) for n in range(8)))
    assert served == list(range(8)) * 5
    await database.close()
