"""The world that journeys are told in, once on each database."""

from collections.abc import AsyncIterator

import pytest

from tests.world import World, company, running


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    slack = company()
    slack.instant = True
    await slack.start()
    try:
        async with running(slack, database_url) as app:
            yield World(slack, app)
    finally:
        await slack.stop()
