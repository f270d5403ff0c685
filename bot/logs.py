"""Logging: one line of text, or of JSON, an event. Tokens never reach it."""

import json
import logging
import re
import sys

from bot.config import Settings

SECRET = re.compile(r"x(?:ox[a-z]|app)-[\w-]+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)")


class Discreet(logging.Formatter):
    """Hides what looks like a token or a password, in messages and in tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        return SECRET.sub("[secret]", super().format(record))


class Json(Discreet):
    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return json.dumps({"at": self.formatTime(record), "level": record.levelname, "logger": record.name, "message": text})


def configure(settings: Settings) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        Json("%(message)s") if settings.log_format == "json" else Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s")
    )
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for loud in ("slack_bolt", "slack_sdk", "apscheduler", "aiohttp.access", "alembic"):
        logging.getLogger(loud).setLevel(logging.WARNING)
