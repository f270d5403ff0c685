"""The command line, as a real process: what it prints, and how it ends."""

import asyncio
import re
import shutil
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import yaml

from bot.cli import cli, main
from bot.config import Settings
from bot.manifest import read_manifest
from bot.slices import together
from handlers import SLICES
from playground import LocalSlack
from tests.bot.processes import Ended, begin, tendon
from tests.postgres import free_port

NAMES = [(field.alias or name).upper() for name, field in Settings.model_fields.items()]
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_SIGNING_SECRET": "0123456789abcdef"}


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    workspace = LocalSlack(seed=7)
    workspace.manifest = read_manifest()
    await workspace.start()
    yield workspace
    await workspace.stop()


def reaches(slack: LocalSlack) -> dict[str, str]:
    return {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret, "SLACK_API_URL": slack.api_url}


@pytest.fixture
def migrated(sqlite_template: Path, tmp_path: Path) -> Path:
    """A folder with a migrated database in it, where the bot looks by default."""
    shutil.copy(sqlite_template, tmp_path / "tendon.db")
    return tmp_path


Said = Callable[..., Ended]


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Said:
    """The same as `tendon`, in this process: what is said, and how it ends."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "100")

    def say(*arguments: str, **environment: str) -> Ended:
        with monkeypatch.context() as given:
            for name, value in environment.items():
                given.setenv(name, value)
            given.setattr("sys.argv", ["tendon", *arguments])
            with pytest.raises(SystemExit) as end:
                main()
        return Ended(int(end.value.code or 0), *capfd.readouterr())

    return say


def test_help_names_every_command(said: Said) -> None:
    ended = said("--help")
    assert ended.code == 0
    names = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
    names |= {group.name or group.typer_instance.info.name for group in cli.registered_groups if group.typer_instance}
    assert {"serve", "migrate", "manifest", "export", "doctor"} <= names
    assert len(names) >= 5 + len(together(SLICES).cli)
    assert [name for name in names if not re.search(rf"^│ {name} ", ended.out, re.MULTILINE)] == []


@pytest.mark.parametrize(
    ("command", "environment", "says"),
    [
        ("serve", {}, "SLACK_BOT_TOKEN is not set. Copy the Bot User OAuth Token"),
        ("serve", TOKENS | {"PORT": "http"}, "PORT must be a number from 0 to 65535"),
        ("serve", TOKENS, "Run `tendon migrate` once"),
        ("migrate", {"DATABASE_URL": "mysql://a:hunter2@b/c"}, "DATABASE_URL must begin with"),
        ("migrate", {"DATABASE_URL": "sqlite+aiosqlite:////nowhere/x.db"}, "The database at DATABASE_URL does not answer"),
        ("migrate", {"DATABASE_URL": "postgresql+psycopg://a:hunter2@127.0.0.1:9/c"}, "The database at DATABASE_URL does not answer"),
        ("manifest", {"PUBLIC_URL": "http://tendon.example.com"}, "--url (or PUBLIC_URL) must be an address that begins with https://"),
    ],
)
def test_a_start_that_cannot_be_ends_with_one_sentence(said: Said, command: str, environment: dict[str, str], says: str) -> None:
    ended = said(command, **environment)
    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert "hunter2" not in ended.err


async def test_a_token_that_slack_refuses_ends_the_start_with_one_sentence(migrated: Path, slack: LocalSlack) -> None:
    ended = await tendon(migrated, "serve", **(reaches(slack) | {"SLACK_BOT_TOKEN": "xoxb-not-ours"}))
    assert ended.err.startswith("Slack did not accept SLACK_BOT_TOKEN (invalid_auth)")
    assert (ended.code, ended.err.count("\n")) == (2, 1)


async def test_an_app_token_that_slack_refuses_ends_the_start_with_one_sentence(migrated: Path, slack: LocalSlack) -> None:
    ended = await tendon(migrated, "serve", **(reaches(slack) | {"SLACK_APP_TOKEN": "xapp-not-ours"}))
    assert ended.err.splitlines()[-1].startswith("Slack did not accept SLACK_APP_TOKEN (invalid_auth)")
    assert ended.code == 2
    assert "Traceback" not in ended.err


async def test_slack_away_ends_the_start_with_one_sentence(migrated: Path) -> None:
    ended = await tendon(migrated, "serve", **TOKENS, SLACK_API_URL=f"http://127.0.0.1:{free_port()}/api/")
    assert ended.err.splitlines()[-1].endswith("Check the network and SLACK_API_URL.")
    assert (ended.code, ended.err.count("\n")) == (2, 1)


async def test_a_port_that_is_taken_ends_the_start_with_one_sentence(migrated: Path, slack: LocalSlack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = await tendon(migrated, "serve", **(reaches(slack) | {"PORT": str(taken.getsockname()[1])}))
    assert ended.err.startswith("HOST and PORT cannot be used: ")
    assert ended.err.endswith("Choose another PORT.\n")
    assert (ended.code, ended.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(("is_socket_mode", "sign"), [(False, signal.SIGTERM), (True, signal.SIGINT)])
async def test_it_serves_until_told_to_stop(migrated: Path, slack: LocalSlack, is_socket_mode: bool, sign: signal.Signals) -> None:
    more = {"SLACK_APP_TOKEN": slack.app_token} if is_socket_mode else {}
    process = await begin(migrated, "serve", **reaches(slack), **more)
    assert process.stderr
    try:
        async with asyncio.timeout(20):
            line = ""
            while "Tendon is ready" not in line:
                line = (await process.stderr.readline()).decode()
                assert line, "it ended before it was ready"
        async with httpx.AsyncClient(base_url=line.split()[-1]) as client:
            assert (await client.get("/healthz")).status_code == 200
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["problems"]) == (200, [])
            assert "tendon_outbox_waiting" in (await client.get("/metrics")).text
            assert (await client.post("/slack/events", content="{}")).status_code == 401
        process.send_signal(sign)
        async with asyncio.timeout(15):
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    assert "Traceback" not in err.decode()
    assert slack.bot_token not in err.decode()


async def test_it_can_be_stopped_while_it_waits_for_slack(migrated: Path, slack: LocalSlack) -> None:
    slack.faults.add("auth.test", delay=60.0)
    process = await begin(migrated, "serve", **reaches(slack))
    async with asyncio.timeout(20):
        while slack.faults.waiting:
            await asyncio.sleep(0.05)
        process.terminate()
        _, err = await process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in err.decode()


def test_the_manifest_is_for_socket_mode_or_for_an_address(said: Said) -> None:
    plain = said("manifest")
    assert (plain.code, yaml.safe_load(plain.out)) == (0, read_manifest())
    over_http = said("manifest", "--url", "https://tendon.example.com/", TENDON_COMMAND_PREFIX="acme-")
    manifest = yaml.safe_load(over_http.out)
    address = "https://tendon.example.com/slack/events"
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {address}
    assert all(command["command"].startswith("/acme-") for command in manifest["features"]["slash_commands"])


@pytest.mark.parametrize("link", [{}, {"SLACK_APP_TOKEN": "xapp-1"}])
def test_the_manifest_says_where_slack_sends_people_back_when_they_install_it(said: Said, link: dict[str, str]) -> None:
    client = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s3cret", "PUBLIC_URL": "https://tendon.example.com/"}
    for given, urls in ((client, ["https://tendon.example.com/slack/oauth_redirect"]), ({"PUBLIC_URL": client["PUBLIC_URL"]}, None)):
        told = said("manifest", **given, **link)
        assert yaml.safe_load(told.out)["oauth_config"].get("redirect_urls") == urls
        assert "s3cret" not in told.out


def test_the_manifest_knows_the_public_address_unless_there_is_a_socket(said: Said) -> None:
    over_http = said("manifest", PUBLIC_URL="https://tendon.example.com")
    assert yaml.safe_load(over_http.out)["settings"]["interactivity"]["request_url"] == "https://tendon.example.com/slack/events"
    by_socket = said("manifest", PUBLIC_URL="https://tendon.example.com", SLACK_APP_TOKEN="xapp-1")
    assert yaml.safe_load(by_socket.out) == read_manifest()


def test_migrating_again_changes_nothing(said: Said) -> None:
    for _ in range(2):
        ended = said("migrate")
        assert ended == Ended(0, "The database has the newest schema.\n", "")


def test_the_doctor_ends_with_one_when_something_is_to_be_fixed(said: Said) -> None:
    ended = said("doctor")
    assert (ended.code, ended.err) == (1, "")
    lines = ended.out.splitlines()
    assert lines[0].startswith("FIX  Settings: SLACK_BOT_TOKEN is not set.")
    assert any(line.startswith("FIX  Schema: ") and line.endswith("Run `tendon migrate`.") for line in lines)


def test_an_export_says_how_much_it_wrote_or_what_keeps_it(said: Said, migrated: Path) -> None:
    empty = said("export", "out")
    assert (empty.code, empty.err.startswith("The database knows no workspace yet.")) == (2, True)
    with closing(sqlite3.connect(migrated / "tendon.db")) as connection, connection:
        connection.execute(
            "INSERT INTO workspace (team_slack_id, enterprise_slack_id, name, domain, bot_slack_id, zone, installed_at)"
            " VALUES ('T1', '', 'Northwind', '', '', 'UTC', '2026-11-21 08:00:00')"
        )
    written = said("export", "[all]", "--format", "csv")
    assert (written.code, written.out) == (0, "Rows written to [all]: 1.\n")
    assert "Northwind" in (migrated / "[all]" / "workspace.csv").read_text()
    (migrated / "file").touch()
    refused = said("export", "file")
    assert (refused.code, refused.err.count("\n"), "Traceback" in refused.err) == (1, 1, False)
