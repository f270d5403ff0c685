"""Reading that takes long is done apart: the loop goes on, and what is read is what the workspace has."""

import asyncio
import time

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from models import Team, Workspace
from models.base import prebuilt, run
from tests.conftest import EPOCH, Clock

_NAMES = prebuilt(select(Team.name).where(Team.workspace_id == bindparam("workspace_id")))


async def two_workspaces(database: Database, clock: Clock) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add_all(Workspace(id=n, team_slack_id=f"T{n}", installed_at=EPOCH) for n in (1, 2))
    for n, name in ((1, "Payments"), (2, "Theirs")):
        async with database.transaction(n, clock=clock) as session:
            session.add(Team(name=name, folded=name.casefold(), created_at=EPOCH))


async def test_what_is_read_apart_holds_nobody_up_and_is_of_one_workspace(database: Database, clock: Clock) -> None:
    await two_workspaces(database, clock)
    loop = asyncio.get_running_loop()

    async def slowly(session: AsyncSession) -> tuple[list[str], list[str], bool]:
        time.sleep(0.5)  # noqa: ASYNC251  (it stands for a statement that takes long)
        found = list(await session.scalars(select(Team.name)))
        return found, list((await run(session, _NAMES)).scalars()), asyncio.get_running_loop() is loop

    reading = asyncio.create_task(database.apart(1, slowly, clock=clock))
    beats = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        beats += 1
    assert await reading == (["Payments"], ["Payments"], False)
    assert beats > 10


async def test_what_goes_wrong_apart_is_raised_here(database: Database, clock: Clock) -> None:
    await two_workspaces(database, clock)

    async def badly(session: AsyncSession) -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await database.apart(1, badly, clock=clock)
