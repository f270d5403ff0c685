"""The link of Socket Mode: Bolt's, with a watch beside it. A link that is gone, or open and silent for long, is built anew.

The client beats every few seconds and hears an echo; links were seen that stayed silent and did not notice.
"""

import asyncio
import logging
from contextlib import suppress
from time import monotonic

from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from bot.slack import SlackRefused

log = logging.getLogger(__name__)


class Socket:
    """`beat` is the time in seconds between two pings; five without a sound are too many."""

    def __init__(self, bolt: AsyncApp, token: str, beat: float = 10.0) -> None:
        self.bolt, self.token, self.beat = bolt, token, beat
        self._heard_at = monotonic()
        self._echo: float | None = None
        self._handler: AsyncSocketModeHandler | None = None
        self._watch: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect, and keep connected until `close`. Raises SlackRefused when Slack does not take the token."""
        await self._build()
        self._watch = asyncio.create_task(self._look_after(), name="socket watch")

    async def close(self) -> None:
        if self._watch:
            self._watch.cancel()
            with suppress(asyncio.CancelledError):
                await self._watch
        await self._tear_down()

    async def is_open(self) -> bool:
        return self._handler is not None and await self._handler.client.is_connected() and not self.is_silent

    @property
    def is_silent(self) -> bool:
        echo = self._handler.client.last_ping_pong_time if self._handler else None
        if echo and echo != self._echo:
            self._echo, self._heard_at = echo, monotonic()
        return monotonic() - self._heard_at > 5 * self.beat

    async def _build(self) -> None:
        handler = AsyncSocketModeHandler(self.bolt, self.token, ping_interval=self.beat)
        self._handler, self._heard_at = handler, monotonic()
        handler.client.on_message_listeners.append(self._hear)
        try:
            handler.client.wss_uri = await handler.client.issue_new_wss_url()
        except SlackApiError as error:
            raise SlackRefused(str(error.response["error"])) from error
        await handler.client.connect()  # type: ignore[no-untyped-call]

    async def _tear_down(self) -> None:
        handler, self._handler = self._handler, None
        if handler:
            with suppress(Exception):
                async with asyncio.timeout(2):
                    await handler.client.close()  # type: ignore[no-untyped-call]

    async def _hear(self, message: WSMessage) -> None:
        self._heard_at = monotonic()

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(self.beat)
            if not self.is_silent:
                continue
            log.warning("the link to Slack is silent; it is built anew")
            try:
                await self._tear_down()
                async with asyncio.timeout(5 * self.beat):
                    await self._build()
            except Exception as error:
                log.warning("the link to Slack could not be built: %s", repr(error)[:200])
                self._heard_at = monotonic() - 6 * self.beat  # try again at the next beat
