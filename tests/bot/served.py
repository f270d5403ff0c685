"""A whole bot with the slice of notes in a process of its own, to be stopped or killed."""

import asyncio
import logging
import os
from typing import Any

from bot.app import App
from bot.config import Settings
from bot.serving import serve
from tests.bot.notes import a_slice

LEASE = 2.0


def carry(settings: dict[str, Any]) -> None:
    logging.disable(logging.CRITICAL)
    for name in list(os.environ):
        if name.startswith(("SLACK_", "TENDON_", "DATABASE_")):
            del os.environ[name]
    asyncio.run(serve(App(Settings(**settings), slices=[a_slice()], channel_gap=0.0, lease=LEASE)))
