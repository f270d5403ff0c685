"""Journeys: the longest sheet that is read, 5,000 rows, comes in within the turn that one effect of the outbox has."""

import time

import pytest
from sqlalchemy import func, select

from models import Change, Release
from tests.handlers.plan_steps import bring_files, give, import_it, shown
from tests.handlers.test_plans_files import workbook
from tests.world import World

ROWS = 5_000
CPU = 10.0  # seconds; a turn is three times as long


@pytest.mark.soak
async def test_five_thousand_rows_are_read_shown_and_brought_in(world: World) -> None:
    rows = [[f"Release {n}", f"2027-{1 + n % 12:02}-05", f"2027-{1 + n % 12:02}-01", f"Team {n % 40}", "Pia Marsh"] for n in range(ROWS)]
    sheet = workbook(["Release", "Date", "Previous date", "Team", "Owner"], *rows)
    started = time.process_time()
    pia = await bring_files(world, "U_PM", give(world, "U_PM", "plan.xlsx", sheet))
    assert "*5,000 rows: 5,000 ready.*" in shown(pia)
    read = time.process_time()
    assert "5,000 releases" in await import_it(world, pia)
    done = time.process_time()
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Release)) == ROWS
        moves = select(func.count()).select_from(Change).where(Change.field == "date", Change.before.is_not(None))
        assert await session.scalar(moves) == ROWS
    assert read - started < CPU
    assert done - read < CPU
