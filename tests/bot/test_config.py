"""Settings come from the environment; what is wrong with them is one sentence."""

import pytest

from bot.config import Settings, WrongSetting, load
from bot.manifest import read_manifest

CLIENT = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "0a1b2c", "PUBLIC_URL": "https://tendon.example.com"}
LIVE = {"SLACK_BOT_TOKEN": "xoxb-1-a", "SLACK_SIGNING_SECRET": "0123456789abcdef"}
NAMES = [(field.alias or name).upper() for name, field in Settings.model_fields.items()]


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_nothing_set_is_a_local_database_and_no_slack() -> None:
    settings = load()
    assert settings.database_url == "sqlite+aiosqlite:///tendon.db"
    assert (settings.host, settings.port, settings.command_prefix, settings.log_format) == ("127.0.0.1", 3000, "", "text")
    assert not settings.is_socket_mode


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_value_counts_as_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = load()
    monkeypatch.setenv(name, "")
    assert load() == bare


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "PORT must be a number from 0 to 65535"),
        ("PORT", "70000", "PORT must be a number from 0 to 65535"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be text or json."),
        ("TENDON_COMMAND_PREFIX", "Acme ", "TENDON_COMMAND_PREFIX may hold small letters"),
        ("TENDON_COMMAND_PREFIX", "a-prefix-of-15-", "at most 14"),
        ("SLACK_API_URL", "slack.com/api", "SLACK_API_URL must begin with http:// or https://"),
        ("SLACK_API_URL", "https://", "SLACK_API_URL must begin with http:// or https://"),
        ("PUBLIC_URL", "tendon.example.com", "PUBLIC_URL must begin with https://"),
        ("DATABASE_URL", "mysql://me:hunter2@db/tendon", "DATABASE_URL must begin with sqlite+aiosqlite:///"),
        ("DATABASE_URL", "postgresql://me:hunter2@db/tendon", "postgresql+psycopg://"),
        ("DATABASE_URL", "a file", "DATABASE_URL must begin with sqlite+aiosqlite:///"),
    ],
)
def test_a_wrong_value_is_one_sentence_with_the_cure(name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting) as wrong:
        load()
    assert says in str(wrong.value)
    assert str(wrong.value).startswith(name)
    assert "hunter2" not in str(wrong.value)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set. Copy"),
        ({"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        ({"SLACK_SIGNING_SECRET": ""}, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"),
        ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN does not begin with xapp-"),
        ({"SLACK_BOT_TOKEN": ""}, "Or set SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and PUBLIC_URL, and install it from a browser."),
        ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_ID is set and SLACK_CLIENT_SECRET is not. Copy both"),
        ({"SLACK_CLIENT_SECRET": "s"}, "SLACK_CLIENT_SECRET is set and SLACK_CLIENT_ID is not. Copy both"),
        (CLIENT | {"PUBLIC_URL": ""}, "SLACK_CLIENT_ID needs PUBLIC_URL, such as https://tendon.example.com"),
        (CLIENT | {"PUBLIC_URL": "http://tendon.example.com"}, "PUBLIC_URL must begin with https:// where SLACK_CLIENT_ID is set"),
        (CLIENT | {"SLACK_BOT_TOKEN": "xoxp-1"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
        (CLIENT | {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set"),
    ],
)
def test_serving_needs_tokens_and_says_where_they_are(changed: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (LIVE | changed).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(WrongSetting, match=says):
        load().for_serving()


@pytest.mark.parametrize("changed", [{}, {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-1-a"}])
def test_http_needs_a_signing_secret_and_socket_mode_an_app_token(changed: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (LIVE | changed).items():
        monkeypatch.setenv(name, value)
    assert load().for_serving().is_socket_mode is bool(changed)


@pytest.mark.parametrize("address", ["https://tendon.example.com", "http://127.0.0.1:3000", "http://localhost:3000"])
@pytest.mark.parametrize("link", [{}, {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-1-a"}, {"SLACK_BOT_TOKEN": "xoxb-1-a"}])
def test_with_a_client_it_is_installed_from_a_browser_and_needs_no_token(
    address: str, link: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (LIVE | CLIENT | {"SLACK_BOT_TOKEN": "", "PUBLIC_URL": address} | link).items():
        monkeypatch.setenv(name, value)
    assert load().for_serving().is_installable
    assert CLIENT["SLACK_CLIENT_SECRET"] in load().secrets


def test_a_line_break_that_was_copied_along_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", " xoxb-1-a\n")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api\n")
    assert load().slack_bot_token.get_secret_value() == "xoxb-1-a"
    assert load().slack_api_url == "http://127.0.0.1:9/api/"


def test_secrets_are_not_in_what_settings_print(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in LIVE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://me:hunter2@127.0.0.1/tendon")
    settings = load()
    assert set(settings.secrets) == {*LIVE.values(), "hunter2"}
    assert not [secret for secret in settings.secrets if secret in f"{settings!r} {settings}"]


def test_the_longest_prefix_leaves_every_command_short_enough_for_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENDON_COMMAND_PREFIX", "x" * 14)
    longest = max(len(command["command"]) for command in read_manifest()["features"]["slash_commands"])
    assert longest + len(load().command_prefix) <= 32
