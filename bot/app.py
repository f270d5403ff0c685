"""The composition root: the only place that knows every slice, and how the parts of a running bot hang together."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

import handlers
from bot import metrics
from bot.answers import Answer, Nothing, Say
from bot.config import Settings
from bot.database import Database
from bot.deps import Deps, system_clock
from bot.directory import Directory
from bot.dispatch import Dispatcher
from bot.inbox import Desk
from bot.outbox import Outbox
from bot.requests import Kind, Request
from bot.scheduling import Ticker
from bot.slack import SlackLink
from bot.slices import Job, together
from bot.web import routes
from bot.workspaces import Workspaces
from models import Inbox

log = logging.getLogger(__name__)

REMEMBERED = timedelta(hours=48)  # Slack may repeat an event for 24 hours
PATIENCE = 8.0  # seconds that a stop waits for what is in hand
ANY = re.compile(".*", re.DOTALL)


async def forget_old_requests(session: AsyncSession, deps: Deps) -> None:
    """Keys of requests that Slack cannot repeat any more."""
    await session.execute(delete(Inbox).where(Inbox.claimed_at < deps.now() - REMEMBERED), execution_options={"synchronize_session": False})


class App:
    """One running bot: over HTTP, or over Socket Mode when an app token is set; the HTTP server runs in both."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = system_clock,
        slices: Iterable[ModuleType] = handlers.SLICES,
        **outbox: Any,
    ) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.slack = SlackLink(settings.slack_bot_token.get_secret_value(), settings.slack_api_url)
        joined = together(slices)
        self.outbox = Outbox(self.database, self.slack, clock=clock, subscribers=joined.subscribers, effects=joined.effects, **outbox)
        self.deps = Deps(settings=settings, database=self.database, outbox=self.outbox, slack=self.slack, slices=joined, clock=clock)
        self.outbox.deps = self.deps
        self.workspaces = Workspaces(self.database, self.slack, clock)
        self.directory = Directory(self.database, self.slack, clock)
        self.desk = Desk(self.database, self.deps, self._finish)
        self.dispatch = Dispatcher(self.deps, self.desk, self.directory, self.workspaces)
        self.ticker = Ticker(self.database, self.deps, self.workspaces)
        self.bolt = self._bolt()
        self.port = settings.port
        self._socket: AsyncSocketModeHandler | None = None
        self._runner: web.AppRunner | None = None
        self._worker: asyncio.Task[None] | None = None

    def _bolt(self) -> AsyncApp:
        bolt = AsyncApp(
            client=self.slack.client,
            signing_secret=self.settings.slack_signing_secret.get_secret_value() or "unsigned",
            process_before_response=True,
            logger=logging.getLogger("slack_bolt"),
            ignoring_self_events_enabled=False,
        )

        async def answer(body: Mapping[str, Any]) -> BoltResponse:
            return await self.dispatch(body)

        bolt.command(ANY)(answer)
        bolt.shortcut(ANY)(answer)
        bolt.action(ANY)(answer)
        bolt.view_submission(ANY)(answer)
        bolt.view_closed(ANY)(answer)
        bolt.options(ANY)(answer)
        bolt.event(ANY)(answer)
        return bolt

    async def _finish(self, session: AsyncSession, request: Request, answer: Answer) -> Answer:
        """An answer that its surface's ack cannot carry goes out by the outbox, from rows of the same transaction."""
        if not isinstance(answer, Say) or request.kind in (Kind.COMMAND, Kind.EVENT, Kind.OPTIONS):
            return answer
        key, message = f"say:{request.key}"[:200], answer.message
        url = request.response_url or request.metadata.get("response_url")
        channel = request.channel or request.metadata.get("channel")
        if url:
            await self.outbox.respond(session, key, url, message, replace=answer.replace, person=request.person)
        elif channel:
            await self.outbox.whisper(session, key, channel, request.person, message)
        else:
            await self.outbox.post(session, key, request.person, message, rank=10)
        return Nothing()

    async def start(self, *, serve_http: bool = True) -> None:
        """Install, open the HTTP server, start the ticker and the outbox, connect the socket. Ready when it returns."""
        await self.workspaces.install()
        if serve_http:
            self._runner = web.AppRunner(routes(self), shutdown_timeout=PATIENCE, access_log=None)
            await self._runner.setup()
            site = web.TCPSite(self._runner, self.settings.host, self.settings.port)
            await site.start()
            self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._worker = asyncio.create_task(self.outbox.run(), name="outbox")
        self.ticker.start()
        if self.settings.is_socket_mode:
            self._socket = AsyncSocketModeHandler(self.bolt, self.settings.slack_app_token.get_secret_value())
            await self._socket.connect_async()  # type: ignore[no-untyped-call]
        await self.ticker.tick_all()

    async def stop(self) -> None:
        """Take nothing new, finish what is in hand, lose nothing: what is not sent by then stands in rows."""
        self.ticker.stop()
        if self._socket:
            await self._socket.close_async()  # type: ignore[no-untyped-call]
        if self._runner:
            await self._runner.cleanup()
        if self._worker:
            await self.outbox.stop(PATIENCE)
            await self._worker
        await self.slack.close()
        await self.database.close()

    async def clock_moved(self) -> None:
        """Product time jumped, in the local workspace: what is due by now happens."""
        await self.outbox.clock_moved()
        await self.ticker.tick_all()

    async def has_slack(self) -> bool:
        """Whether Slack's link stands: the socket's connection, or a token that was accepted at start."""
        if self._socket:
            return bool(await self._socket.client.is_connected())
        return bool(await self.workspaces.all())

    async def measure(self) -> None:
        waiting = dead = 0
        for workspace in await self.workspaces.all():
            async with self.database.reading(workspace.id, clock=self.deps.clock) as session:
                health = await self.outbox.health(session)
            waiting += health.waiting
            dead += health.dead
        metrics.WAITING.set(waiting)
        metrics.DEAD.set(dead)


HOUSEKEEPING = Job("forget-old-requests", forget_old_requests, every=3600.0)
