"""What is logged is one line, and holds no secret."""

import json
import logging
import sys

import pytest

from bot.config import Settings
from bot.logs import JsonLine, Line, configure

TOKEN = "xoxb-1234567890-abcDEF"
PASSWORD = "correct horse"
SETTINGS = Settings(
    slack_bot_token=TOKEN,  # type: ignore[arg-type]
    slack_signing_secret="8f742231b10e8888abcd99yyyzzz85a5",  # type: ignore[arg-type]
    slack_app_token="xapp-1-A1-b",  # type: ignore[arg-type]
    database_url="postgresql+psycopg://tendon:correct%20horse@127.0.0.1/tendon",
)
ADDRESS = "https://hooks.slack.com/commands/T1/2/abc"


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("bot.x", logging.ERROR, __file__, 1, message, args, exc_info)


def crash() -> BaseException:
    try:
        raise RuntimeError(f"could not send {TOKEN} to {SETTINGS.database_url}, then to {ADDRESS}; signed {SETTINGS.secrets[1]}")
    except RuntimeError as error:
        return error


@pytest.mark.parametrize("kind", [Line, JsonLine])
def test_no_secret_gets_through_by_message_argument_or_traceback(kind: type[Line]) -> None:
    written = kind(SETTINGS.secrets).format(record("using %s and %s", SETTINGS.database_url, "xapp-1-A1-b", error=crash()))
    held = (*SETTINGS.secrets, "correct%20horse", "T1/2/abc")
    assert [secret for secret in held if secret in written] == []
    assert "could not send [secret] to postgresql+psycopg://[secret]@127.0.0.1/tendon" in written
    assert "RuntimeError" in written


def test_tokens_are_known_by_their_look_even_without_settings() -> None:
    written = Line().format(record("xoxb-1-a xoxp-2-b xoxe.xoxp-1-c xapp-1-d postgresql+psycopg://a:b@c/d https://slack.com/api/"))
    assert written.endswith("[secret] [secret] [secret] [secret] postgresql+psycopg://[secret]@c/d https://slack.com/api/")


def test_json_is_one_object_a_line_with_an_iso_time() -> None:
    written = JsonLine().format(record("a line\nand “another”", error=crash()))
    assert "\n" not in written
    event = json.loads(written)
    assert event["message"] == "a line\nand “another”"
    assert event["at"].endswith("+00:00")
    assert set(event) == {"at", "level", "logger", "message", "trace"}


def test_configured_logging_goes_to_the_error_stream_in_the_chosen_format(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        configure(SETTINGS.model_copy(update={"log_format": "json"}))
        logging.getLogger("bot.test").info("ready with %s", TOKEN)
        sys.stderr.flush()
    finally:
        logging.captureWarnings(False)
        root.handlers[:] = before
        root.setLevel(level)
    written = capsys.readouterr()
    assert json.loads(written.err)["message"] == "ready with [secret]"
    assert written.out == ""
