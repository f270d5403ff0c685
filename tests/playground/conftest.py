"""A workspace of three people and four channels, and a small bot in the shape of Slack's own examples to live in it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from slack_sdk.web.async_client import AsyncWebClient

from playground import LocalSlack
from tests.playground.thirdparty import MANIFEST


def furnish(slack: LocalSlack) -> None:
    slack.manifest = MANIFEST
    slack.member("U_PM", name="Pia Marsh", zone="Europe/Berlin", title="payments product manager")
    slack.member("U_LEAD", name="Leo Lind", zone="America/New_York", admin=True)
    slack.member("U_OUT", name="Olga Out", outside=True)
    slack.channel("C_PAY", name="team-payments", members=["U_PM", "U_LEAD"])
    slack.channel("C_NEWS", name="news", members=["U_PM"], bot=False)
    slack.channel("C_SECRET", name="secret", members=["U_LEAD"], private=True, bot=False)
    slack.channel("C_OLD", name="old", members=["U_PM"], archived=True)


@pytest_asyncio.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    workspace = LocalSlack(seed=7)
    furnish(workspace)
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def pm(slack: LocalSlack) -> Any:
    return slack.as_("U_PM")


@pytest.fixture
def client(slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, retry_handlers=[])
