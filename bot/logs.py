"""Logging: an event is one line of text, or of JSON. What is secret never reaches it."""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime

from bot.config import Settings

# Slack's tokens; a password in an address; a response_url, which lets anybody answer in a person's name for half an hour.
SECRET = re.compile(r"x(?:ox[a-z]|app)[-.][\w.-]+|(?<=://)[^/\s:@]*:[^/\s@]+(?=@)|(?<=://hooks\.slack\.com/)[^\s\"']+")


def discreet(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without what looks like a secret, and without these."""
    for secret in secrets:
        text = text.replace(secret, "[secret]")
    return SECRET.sub("[secret]", text)


class Line(logging.Formatter):
    """`2026-11-21T08:00:00.000+00:00 INFO bot.app: what happened`, with a traceback below where there is one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self.secrets = tuple(secrets)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record), self.secrets)


class JsonLine(Line):
    """The same as one JSON object; the traceback is in `trace`."""

    def format(self, record: logging.LogRecord) -> str:
        event = {"at": self.formatTime(record), "level": record.levelname, "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            event["trace"] = self.formatException(record.exc_info)
        return json.dumps({key: discreet(value, self.secrets) for key, value in event.items()}, ensure_ascii=False)


def configure(settings: Settings) -> None:
    """Send everything to the error stream, in the settings' format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine(settings.secrets) if settings.log_format == "json" else Line(settings.secrets))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.captureWarnings(True)
    for loud in ("slack_sdk", "apscheduler", "aiohttp.access", "alembic", "httpx"):
        logging.getLogger(loud).setLevel(logging.WARNING)
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns that it finds SLACK_BOT_TOKEN beside the client it was given
