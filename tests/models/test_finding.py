"""Finding and making what people name."""

import asyncio

from sqlalchemy import select

from bot.database import Database
from models import Customer, Workspace
from models.finding import customer_named
from tests.conftest import EPOCH, Clock


async def test_a_customer_that_two_name_at_once_is_made_once(database: Database, clock: Clock) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=1, team_slack_id="T1", installed_at=EPOCH))

    async def name_it(name: str) -> int:
        async with database.transaction(1, clock=clock) as session:
            made = await customer_named(session, name)
            await asyncio.sleep(0.05)  # so that the others come while this one is not committed
            return made.id

    assert len(set(await asyncio.gather(*(name_it(name) for name in ("Acme", "ACME", " acme ", "Acme"))))) == 1
    async with database.reading(1, clock=clock) as session:
        assert len(list(await session.scalars(select(Customer)))) == 1
