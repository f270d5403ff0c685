"""The world that journeys are told in, once on each database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.app import App
from playground import LocalSlack
from tests.world import World, company, running


def be_patient(slack: LocalSlack, app: App) -> None:
    """A machine that is busy for three seconds fails no journey here; limits of time have tests of their own."""
    slack.sender.deadline = slack.triggers.life = 30.0
    app.dispatch.patience, app.dispatch.last_moment = 25.0, 28.0


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
