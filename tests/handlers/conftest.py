"""The world that journeys are told in, once on each database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.world import World, be_patient, company, running


@asynccontextmanager
async def told(database_url: str, *, is_known: bool) -> AsyncIterator[World]:
    slack = company()
    slack.instant = True
    await slack.start()
    try:
        async with running(slack, database_url, is_known=is_known) as app:
            be_patient(slack, app)
            yield World(slack, app)
    finally:
        await slack.stop()


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """The bot has looked around here before."""
    async with told(database_url, is_known=True) as world:
        yield world


@pytest.fixture
async def new_world(database_url: str) -> AsyncIterator[World]:
    """The bot's first day."""
    async with told(database_url, is_known=False) as world:
        yield world
