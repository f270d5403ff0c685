"""From a body to a response, in the three seconds that Slack waits: read it, find its listener, run it, and let its surface answer.

Its signature was checked before. Everything is answered, also what nothing matches: over Socket Mode an unanswered request would come
again for ever.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import BoltResponse

from bot import commands, requests
from bot.answers import Answer, Nothing
from bot.deps import Deps
from bot.directory import Directory
from bot.inbox import Desk
from bot.metrics import REQUESTS
from bot.requests import Kind, Request
from bot.slices import Listener, is_reading
from bot.surfaces import Surfaces, acked
from bot.workspaces import Workspaces
from domain.errors import TendonError

log = logging.getLogger(__name__)

AT_ONCE = 64  # Socket Mode pushes without asking; more than this wait in line
PATIENCE = 2.2  # seconds after which what is not committed is given up
ANSWERED_BY_ACK = (Kind.COMMAND, Kind.OPTIONS)
LAST_MOMENT = 2.7  # seconds after which the person is answered, whatever becomes of it


@dataclass(frozen=True, slots=True)
class Routed:
    run: Listener
    request: Request
    by: str


class Dispatcher:
    """One for all kinds of requests. Once told to stop it takes nothing new, and Slack gives it to another process, or later."""

    def __init__(self, deps: Deps, desk: Desk, surfaces: Surfaces, directory: Directory, workspaces: Workspaces) -> None:
        self.deps = deps
        self.desk = desk
        self.surfaces = surfaces
        self.directory = directory
        self.workspaces = workspaces
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._in_hand: set[asyncio.Future[Any]] = set()
        self._is_stopping = False
        self.patience, self.last_moment = PATIENCE, LAST_MOMENT

    async def __call__(self, body: Any) -> BoltResponse:
        """The response to one verified body. Never raises."""
        if self._is_stopping:
            return acked(status=503)
        if isinstance(body, Mapping) and body.get("type") == "url_verification":
            return acked({"challenge": str(body.get("challenge", ""))})
        try:
            request = requests.read(body)
        except (KeyError, TypeError, IndexError, AttributeError):
            log.warning("a body of unknown shape: %.200s", ", ".join(map(str, body)) if isinstance(body, Mapping) else type(body).__name__)
            return acked()
        REQUESTS.labels(request.kind).inc()
        routed = self._route(request)
        until = asyncio.get_running_loop().time() + self.patience
        if request.kind in ANSWERED_BY_ACK and all(is_reading(each.run) for each in routed):
            return await self._now(request, routed, until)
        work = asyncio.create_task(self._in_turn(request, routed, until))
        self._in_hand.add(work)
        work.add_done_callback(self._in_hand.discard)
        done, _ = await asyncio.wait({work}, timeout=self.last_moment)
        return work.result() if done else await self.surfaces.give_up_waiting(request)

    def stop_taking(self) -> None:
        self._is_stopping = True

    async def finish(self, patience: float) -> None:
        """Wait for what is in hand."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=patience)
        await self.surfaces.stop(1.0)

    async def _now(self, request: Request, routed: list[Routed], until: float) -> BoltResponse:
        """What only reads has no commit that must not be broken off: its own limit of time is enough."""
        done = asyncio.get_running_loop().create_future()
        self._in_hand.add(done)
        try:
            return await self._in_turn(request, routed, until)
        finally:
            self._in_hand.discard(done)
            done.set_result(None)

    async def _in_turn(self, request: Request, routed: list[Routed], until: float) -> BoltResponse:
        if self._gate.locked():
            try:
                async with asyncio.timeout_at(until):
                    await self._gate.acquire()
            except TimeoutError:
                return await self.surfaces.refuse_for_now(request)
        else:
            await self._gate.acquire()
        try:
            return await self._answer(request, routed, until)
        except TendonError as error:
            return await self.surfaces.explain(request, error)
        except Exception as error:
            return await self.surfaces.apologise(request, error)
        finally:
            self._gate.release()

    async def _answer(self, request: Request, routed: list[Routed], until: float) -> BoltResponse:
        workspace = await self.workspaces.of(request.team)
        if workspace is None or not routed:
            log.info("nobody answers to %s %s", request.kind, request.name)
            return acked()
        if not self.directory.knows(workspace, request.person, request.channel):
            async with asyncio.timeout_at(until):
                await self.directory.learn(workspace, request.person, request.channel)
        answer: Answer = Nothing()
        problems: list[Exception] = []
        for each in routed:
            try:
                answer = await self.desk.run(each.run, workspace.id, each.request, each.by, until)
            except Exception as error:  # another listener of the same event still hears of it
                problems.append(error)
        for problem in sorted(problems, key=lambda error: isinstance(error, TendonError)):
            raise problem
        return await self.surfaces.respond(request, answer, until)

    def _route(self, request: Request) -> list[Routed]:
        slices = self.deps.slices
        if request.kind is Kind.COMMAND:
            found = commands.route(slices.commands, request, self.deps.settings.command_prefix)
            return [Routed(found.run, found.request, found.by)] if found else []
        if request.kind is Kind.EVENT:
            listeners = slices.events.get(request.name, ())
            return [
                Routed(listener, replace(request, key=f"{request.key}:{n}" if n else request.key), f"event {request.name}")
                for n, listener in enumerate(listeners)
            ]
        table = {
            Kind.SHORTCUT: slices.shortcuts,
            Kind.ACTION: slices.actions,
            Kind.VIEW: slices.views,
            Kind.OPTIONS: slices.options,
        }.get(request.kind, {})
        # An action id may carry more behind a second colon, as ids must differ within one message: `releases:open:12`.
        run = table.get(request.name) or table.get(":".join(request.name.split(":")[:2]))
        return [Routed(run, request, f"{request.kind} {request.name}")] if run else []
