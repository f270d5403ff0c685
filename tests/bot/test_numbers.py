"""Numbers are counted per workspace and kind, and two who ask at once get two."""

import asyncio

from bot.database import Database
from models.numbers import next_number
from tests.bot.test_scope import two_workspaces
from tests.conftest import Clock


async def test_numbers_count_on_and_never_twice(database: Database, clock: Clock) -> None:
    await two_workspaces(database)

    async def take(workspace: int, letter: str, several: int = 1) -> int:
        async with database.transaction(workspace, clock=clock) as session:
            return await next_number(session, letter, several)

    taken = await asyncio.gather(*(take(1, "R") for _ in range(12)))
    assert sorted(taken) == list(range(1, 13))
    assert await take(1, "F") == 1
    assert await take(2, "R") == 1
    assert await take(1, "R", 10) == 13
    assert await take(1, "R") == 23
