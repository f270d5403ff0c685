"""The machine: a bot with the slice of notes, once on each database, over signed HTTP."""

from collections.abc import AsyncIterator

import pytest

from tests.bot.machine import Machine, a_machine


@pytest.fixture
async def machine(database_url: str) -> AsyncIterator[Machine]:
    async with a_machine(database_url) as machine:
        yield machine
