"""The composition root: the only place that knows every slice, and how the parts of a running bot hang together."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from types import ModuleType
from typing import Any

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest

import handlers
from bot import housekeeping, imports, metrics
from bot.config import Settings
from bot.database import Database
from bot.deps import Deps, system_clock
from bot.directory import Directory
from bot.dispatch import Dispatcher
from bot.inbox import Desk
from bot.links import Links
from bot.outbox import Outbox
from bot.scheduling import Ticker
from bot.slices import together
from bot.socket import Socket
from bot.surfaces import Surfaces
from bot.web import routes
from bot.workspaces import Workspaces

log = logging.getLogger(__name__)

PATIENCE = 3.0  # seconds that a stop waits for requests in hand, and as long again for effects


class Answering(AsyncMiddleware):
    """The whole of Tendon, as a step of Bolt's after which there is none."""

    def __init__(self, dispatch: Dispatcher) -> None:
        self.dispatch = dispatch

    async def async_process(self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Any) -> BoltResponse:
        return await self.dispatch(req.body)


async def _nobody(**_: Any) -> AuthorizeResult:
    """Bolt wants to be told whose token a request uses; it never gets as far as to ask."""
    raise LookupError("requests are answered before this")


class App:
    """One running bot: over HTTP, or over Socket Mode when an app token is set; the HTTP server runs in both."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = system_clock,
        slices: Iterable[ModuleType] = handlers.SLICES,
        beat: float = 10.0,
        **outbox: Any,
    ) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.links = Links(self.database, settings.slack_api_url)
        self.slack = self.links.own
        joined = together(slices)
        self.outbox = Outbox(self.database, self.links, clock=clock, subscribers=joined.subscribers, effects=joined.effects, **outbox)
        self.deps = Deps(settings=settings, database=self.database, outbox=self.outbox, slack=self.slack, slices=joined, clock=clock)
        self.outbox.deps = self.deps
        self.workspaces = Workspaces(self.database, self.links, clock, are_installed=settings.is_installable)
        self.directory = Directory(self.database, self.links, clock)
        self.surfaces = Surfaces(self.deps, self.workspaces)
        self.desk = Desk(self.database, self.deps, self.surfaces.finish)
        self.dispatch = Dispatcher(self.deps, self.desk, self.surfaces, self.directory, self.workspaces)
        self.ticker = Ticker(self.database, self.deps, self.workspaces, jobs=(*joined.jobs, *housekeeping.JOBS, *imports.JOBS))
        self.bolt = self._bolt()
        self.port = settings.port
        self.beat = beat
        self._socket: Socket | None = None
        self._runner: web.AppRunner | None = None
        self._worker: asyncio.Task[None] | None = None

    def _bolt(self) -> AsyncApp:
        """Bolt speaks Slack's two transports. What it would look up and match by itself is known here: it answers before that."""

        return AsyncApp(
            name="Tendon",  # or Bolt walks the whole stack to find one
            client=self.slack.client,
            signing_secret="checked by bot.web",
            request_verification_enabled=False,
            ssl_check_enabled=False,
            before_authorize=Answering(self.dispatch),
            authorize=_nobody,
            process_before_response=True,
            logger=logging.getLogger("slack_bolt"),
        )

    async def start(self, *, serve_http: bool = True) -> None:
        """Install, open the HTTP server, start the ticker and the outbox, connect the socket. Ready when it returns."""
        if token := self.settings.slack_bot_token.get_secret_value():
            await self.workspaces.install(token)
        if self.settings.is_installable:
            await self.workspaces.refresh()
        if serve_http:
            self._runner = web.AppRunner(routes(self), shutdown_timeout=PATIENCE, access_log=None)
            await self._runner.setup()
            site = web.TCPSite(self._runner, self.settings.host, self.settings.port)
            await site.start()
            self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        self._worker = asyncio.create_task(self.outbox.run(), name="outbox")
        self.ticker.start()
        if self.settings.is_socket_mode:
            self._socket = Socket(self.bolt, self.settings.slack_app_token.get_secret_value(), self.beat)
            await self._socket.open()
        await self.ticker.tick_all()

    async def stop(self) -> None:
        """Take nothing new, finish what is in hand, lose nothing: what is not sent by then stands in rows."""
        self.ticker.stop()
        if self._runner:
            await self._runner.cleanup()
        self.dispatch.stop_taking()
        await self.dispatch.finish(PATIENCE)
        if self._socket:
            await self._socket.close()
        if self._worker:
            await self.outbox.stop(PATIENCE)
            await asyncio.gather(self._worker, return_exceptions=True)
        await self.directory.stop()
        await self.links.close()
        await self.database.close()

    async def clock_moved(self) -> None:
        """Product time jumped, in the local workspace: what is due by now happens."""
        await self.outbox.clock_moved()
        await self.ticker.tick_all()

    async def has_slack(self) -> bool:
        """Whether Slack's link stands: the socket's connection, or a token that was accepted at start. Where workspaces install it there
        may be none yet."""
        if self._socket:
            return await self._socket.is_open()
        return self.settings.is_installable or bool(await self.workspaces.all())

    async def measure(self) -> None:
        waiting = dead = 0
        for workspace in await self.workspaces.all():
            async with self.database.reading(workspace.id, clock=self.deps.clock) as session:
                health = await self.outbox.health(session)
            waiting += health.waiting
            dead += health.dead
        metrics.WAITING.set(waiting)
        metrics.DEAD.set(dead)
