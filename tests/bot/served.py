"""A whole bot in a process of its own, to be stopped or killed: with the slice of notes alone, or with all of Tendon."""

import asyncio
import logging
import os
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.app import App
from bot.config import Settings
from bot.serving import serve
from tests.bot.notes import a_slice

LEASE = 2.0
ROOMY = 6.0  # seven tenths of it are enough to draw a deck on a busy machine


def carry(settings: dict[str, Any]) -> None:
    alone()
    asyncio.run(serve(App(Settings(**settings), slices=[a_slice()], channel_gap=0.0, lease=LEASE)))


def carry_tendon(settings: dict[str, Any], ahead: Any) -> None:
    """All slices, on a clock that is so many seconds `ahead` of the real one."""
    alone()
    asyncio.run(_on_a_clock(settings, ahead))


async def _on_a_clock(settings: dict[str, Any], ahead: Any) -> None:
    app = App(Settings(**settings), clock=lambda: datetime.now(UTC) + timedelta(seconds=ahead.value), channel_gap=0.0, lease=ROOMY)
    app.dispatch.patience, app.dispatch.last_moment = 25.0, 28.0
    following = asyncio.create_task(_follow(app, ahead))
    try:
        await serve(app)
    finally:
        following.cancel()


async def _follow(app: App, ahead: Any) -> None:
    """What was moved while this process was dead counts too."""
    known = None
    while True:
        if ahead.value != known and await app.workspaces.all():
            known = ahead.value
            await app.clock_moved()
        await asyncio.sleep(0.1)


def alone() -> None:
    """Nothing of this machine's environment, and no log."""
    logging.disable(logging.CRITICAL)
    for name in list(os.environ):
        if name.startswith(("SLACK_", "TENDON_", "DATABASE_")):
            del os.environ[name]
