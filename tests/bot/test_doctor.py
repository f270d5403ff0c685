"""The doctor looks at everything that must be in place, and names the cure of what is not."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.config import Settings
from bot.database import Database
from bot.doctor import Finding, examine
from bot.manifest import read_manifest
from models import Channel, Installation, Workspace
from playground import LocalSlack
from tests.conftest import Clock
from tests.postgres import free_port

SCOPES = read_manifest()["oauth_config"]["scopes"]["bot"]
Pretend = Callable[..., str]


@pytest.fixture
async def slack() -> AsyncIterator[Pretend]:
    """A server that answers as it is told; gives its address."""
    told: dict[str, Any] = {"body": {"ok": True, "team": "Northwind"}, "headers": {}, "status": 200}

    async def answer(request: web.Request) -> web.Response:
        if isinstance(told["body"], str):
            return web.Response(text=told["body"], status=told["status"], headers=told["headers"])
        return web.json_response(told["body"], status=told["status"], headers=told["headers"])

    server = web.Application()
    server.add_routes([web.post("/api/{method}", answer)])
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()

    def pretend(**changes: Any) -> str:
        told.update(changes)
        return f"http://127.0.0.1:{runner.addresses[0][1]}/api/"

    yield pretend
    await runner.cleanup()


def settings(**values: str) -> Settings:
    given = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", "database_url": "sqlite+aiosqlite:////nowhere/none.db"}
    return Settings(**(given | values))  # type: ignore[arg-type]


async def findings(given: Settings) -> dict[str, Finding]:
    return {finding.about: finding for finding in await examine(given)}


async def test_all_is_well(slack: Pretend, database_url: str) -> None:
    now = format_datetime(datetime.now(UTC), usegmt=True)
    url = slack(headers={"x-oauth-scopes": ", ".join(SCOPES), "Date": now})
    found = await findings(settings(slack_api_url=url, database_url=database_url, slack_app_token="xapp-1"))
    assert [finding.about for finding in found.values() if not finding.is_fine] == []
    assert list(found) == ["Settings", "Token", "Scopes", "Clock", "App token", "Database", "Schema", "Channels"]
    assert found["Token"].says == "works in Northwind"


async def test_the_local_workspace_is_well(database_url: str) -> None:
    workspace = LocalSlack(seed=7)
    await workspace.start()
    try:
        found = await findings(
            settings(
                slack_api_url=workspace.api_url,
                slack_bot_token=workspace.bot_token,
                slack_app_token=workspace.app_token,
                database_url=database_url,
            )
        )
    finally:
        await workspace.stop()
    assert [finding for finding in found.values() if not finding.is_fine] == []


@pytest.mark.parametrize(
    ("changes", "about", "says"),
    [
        ({"body": {"ok": False, "error": "invalid_auth"}}, "Token", "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Install the app again"),
        ({"body": "<html>", "status": 502}, "Token", "HTTP 502, and no answer of Slack's"),
        ({"headers": {"x-oauth-scopes": "commands"}}, "Scopes", "channels:history, channels:read, chat:write"),
        ({"headers": {"Date": "Mon, 01 Jan 2024 00:00:00 GMT"}}, "Clock", "seconds ahead. Set this machine's clock"),
        (
            {"headers": {"Date": format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)}},
            "Clock",
            "seconds behind. Set this machine's clock",
        ),
    ],
)
async def test_what_is_wrong_with_slack_comes_with_its_cure(slack: Pretend, changes: dict[str, Any], about: str, says: str) -> None:
    found = await findings(settings(slack_api_url=slack(**changes)))
    assert not found[about].is_fine
    assert says in found[about].says


async def test_an_app_token_that_slack_refuses_is_named(slack: Pretend) -> None:
    url = slack(body={"ok": False, "error": "not_allowed_token_type"})
    found = await findings(settings(slack_api_url=url, slack_app_token="xapp-1"))
    assert found["App token"].says.startswith("Slack refuses SLACK_APP_TOKEN (not_allowed_token_type)")


async def test_slack_away_is_a_finding_and_the_rest_is_still_examined(database_url: str) -> None:
    found = await findings(settings(slack_api_url=f"http://127.0.0.1:{free_port()}/api/", database_url=database_url))
    assert "Check the network and SLACK_API_URL" in found["Slack"].says
    assert found["Schema"].is_fine


async def test_a_missing_token_is_named_with_where_it_is(database_url: str) -> None:
    found = await findings(settings(slack_bot_token="", database_url=database_url))
    assert found["Settings"].says.startswith("SLACK_BOT_TOKEN is not set. Copy")
    assert "Token" not in found


@pytest.mark.parametrize("url", ["sqlite+aiosqlite:////nowhere/none.db", "postgresql+psycopg://me:hunter2@127.0.0.1:9/tendon"])
async def test_a_database_that_is_away_is_named_without_its_password(url: str) -> None:
    found = await findings(settings(slack_bot_token="", database_url=url))
    assert not found["Database"].is_fine
    assert "DATABASE_URL does not answer" in found["Database"].says
    assert "hunter2" not in str(found)


async def test_a_schema_that_is_missing_is_migrated(tmp_path: Path) -> None:
    found = await findings(settings(slack_bot_token="", database_url=f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"))
    assert found["Schema"].says.endswith("Run `tendon migrate`.")


async def installed(database: Database, clock: Clock, tokens: list[str]) -> None:
    for n, token in enumerate(tokens, 1):
        async with database.unbound() as session:
            session.info["workspace_id"] = 0
            session.add(Workspace(id=n, team_slack_id=f"T{n}", name=f"Space {n}", installed_at=clock()))
        async with database.transaction(n, clock=clock) as session:
            session.add(Installation(token=token, scopes="", installer="U1", installed_at=clock()))


CLIENT = {"slack_bot_token": "", "slack_client_id": "1.2", "slack_client_secret": "s", "public_url": "https://tendon.example.com"}


async def test_where_nobody_installed_it_yet_it_says_how(slack: Pretend, database_url: str) -> None:
    found = await findings(settings(slack_api_url=slack(), database_url=database_url, **CLIENT))
    assert found["Settings"].says == "complete for HTTP, and to be installed from a browser"
    assert not found["Installed"].is_fine
    assert found["Installed"].says == "nowhere yet. Open https://tendon.example.com/slack/install in a browser."


async def test_every_workspace_that_installed_it_is_asked_whether_its_token_works(
    database_url: str, database: Database, clock: Clock
) -> None:
    workspace = LocalSlack(seed=7)
    await workspace.start()
    try:
        await installed(database, clock, [workspace.bot_token, "xoxb-not-any-more"])
        found = await examine(settings(slack_api_url=workspace.api_url, database_url=database_url, **CLIENT))
    finally:
        await workspace.stop()
    about = [finding for finding in found if finding.about == "Token"]
    assert [finding.is_fine for finding in about] == [True, False]
    cure = "Open https://tendon.example.com/slack/install and install it again."
    assert about[1].says == f"Slack refuses the token of Space 2 (invalid_auth). {cure}"
    assert "xoxb" not in str(found)


async def test_channels_that_it_was_removed_from_are_named(database_url: str, database: Database, clock: Clock) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=1, team_slack_id="T1", installed_at=clock()))
    async with database.transaction(1, clock=clock) as session:
        session.add_all([Channel(slack_id="C1", name="team-payments", removed_at=clock()), Channel(slack_id="C2", name="team-mobile")])
    found = await findings(settings(slack_bot_token="", database_url=database_url))
    assert found["Channels"].says == "I was removed from #team-payments. Say `/invite @Tendon` there, or point its team elsewhere."
