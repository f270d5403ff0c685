"""What a list of very many releases costs: it reads in full what it shows, and of the others what they are judged by."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

from bot import seeing
from domain.listed import PAGE
from models.base import run
from models.direct import Found
from tests.handlers.release_rows import many_releases, press
from tests.world import World


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, int]]:
    """Of every statement that read releases, whether it read them in full, and how many rows it gave."""
    noted: list[tuple[bool, int]] = []

    async def noting(session: AsyncSession, statement: Executable, **values: Any) -> Any:
        rows = (await run(session, statement, **values)).all()
        if "name" in statement.exported_columns:  # type: ignore[attr-defined]
            noted.append(("done" in statement.exported_columns, len(rows)))  # type: ignore[attr-defined]
        return Found(rows)

    monkeypatch.setattr(seeing, "run", noting)
    return noted


@pytest.mark.parametrize("text", ["status", "status late"])
async def test_of_three_hundred_no_more_are_read_in_full_than_of_thirteen(world: World, told: list[tuple[bool, int]], text: str) -> None:
    past = date(2025, 1, 1)
    await many_releases(world, PAGE + 1, first=past)
    assert f"Showing {PAGE} of {PAGE + 1}." in str((await world.as_("U_PM").command("C_WEEKLY", "/release", text)).blocks)
    few = list(told)
    told.clear()
    await many_releases(world, 287, name="More {n}", first=past, start=2000)
    assert f"Showing {PAGE} of 300." in str((await world.as_("U_PM").command("C_WEEKLY", "/release", text)).blocks)
    assert few == [(False, PAGE + 1), (True, PAGE)]
    assert told == [(False, 300), (True, PAGE)]


async def test_the_next_page_is_read_in_full_too(world: World, told: list[tuple[bool, int]]) -> None:
    await many_releases(world, PAGE + 3)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    told.clear()
    turned = await press(world, "U_PM", "C_WEEKLY", "Next 3")
    assert told == [(False, PAGE + 3), (True, 3)]
    assert str(turned.blocks).count("no work linked") == 3
