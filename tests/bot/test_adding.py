"""Two who add the same row at once end with one row, and neither fails."""

import asyncio

from sqlalchemy import func, select

from bot.database import Database
from models import ChannelMember, Customer
from models.adding import add_missing
from models.finding import customer_named
from tests.bot.test_scope import two_workspaces
from tests.conftest import Clock


async def test_two_who_name_a_new_customer_at_once_get_the_same_one(database: Database, clock: Clock) -> None:
    await two_workspaces(database)
    together = asyncio.Barrier(1 if database.is_sqlite else 8)

    async def name() -> int:
        async with database.transaction(1, clock=clock) as session:
            await session.connection()
            await together.wait()
            return (await customer_named(session, "Acme")).id

    assert len(set(await asyncio.gather(*(name() for _ in range(8))))) == 1


async def test_members_are_added_once(database: Database, clock: Clock) -> None:
    await two_workspaces(database)

    async def add() -> None:
        async with database.transaction(1, clock=clock) as session:
            await add_missing(session, ChannelMember, [{"channel_slack_id": "C1", "person_slack_id": f"U{n}"} for n in range(5)])

    await asyncio.gather(*(add() for _ in range(4)))
    async with database.reading(1, clock=clock) as session:
        assert await session.scalar(select(func.count()).select_from(ChannelMember)) == 5
        assert await session.scalar(select(func.count()).select_from(Customer)) == 0
