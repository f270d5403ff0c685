"""From a body to a response: read it, find its listener, run it in one transaction, and answer the way its surface understands.

Bolt has checked the signature before and sends what is returned here. Everything is answered, also what nothing matches: over Socket Mode
an unanswered request would come again for ever.
"""

import asyncio
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import BoltResponse
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot import commands, requests
from bot.answers import Answer, Errors, Message, Nothing, Open, Options, Say, Update
from bot.blockkit import safe
from bot.deps import Deps
from bot.directory import Directory
from bot.inbox import Desk
from bot.metrics import REQUESTS
from bot.requests import Kind, Request
from bot.slack import SlackError
from bot.slices import Listener
from bot.workspaces import Workspaces
from domain.errors import BadInput, TendonError

log = logging.getLogger(__name__)

AT_ONCE = 64  # Socket Mode pushes without asking; more than this wait in line
TRIGGER_PATIENCE = 2.0  # seconds of the three that a trigger lives


def acked(body: Any = "") -> BoltResponse:
    return BoltResponse(status=200, body=body)


@dataclass(frozen=True, slots=True)
class Routed:
    run: Listener
    request: Request
    by: str


class Dispatcher:
    """One for all kinds of requests."""

    def __init__(self, deps: Deps, desk: Desk, directory: Directory, workspaces: Workspaces) -> None:
        self.deps = deps
        self.desk = desk
        self.directory = directory
        self.workspaces = workspaces
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, body: Mapping[str, Any]) -> BoltResponse:
        """The response to one verified body. Never raises."""
        try:
            request = requests.read(body)
        except (KeyError, TypeError, IndexError, AttributeError):
            log.warning("a body of unknown shape: %s", sorted(body))
            return acked()
        REQUESTS.labels(request.kind).inc()
        async with self._gate:
            try:
                return await self._answer(request)
            except TendonError as error:
                return await self._explain(request, error)
            except Exception as error:
                return await self._apologise(request, error)

    async def _answer(self, request: Request) -> BoltResponse:
        workspace = await self.workspaces.of(request.team)
        routed = self._route(request)
        if workspace is None or not routed:
            return acked()
        await self.directory.know(workspace, request.person, request.channel)
        answer: Answer = Nothing()
        for each in routed:
            answer = await self.desk.run(each.run, workspace.id, each.request, each.by)
        return await self._respond(request, answer)

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

    async def _respond(self, request: Request, answer: Answer) -> BoltResponse:
        match request.kind, answer:
            case Kind.COMMAND, Say(message):
                return acked({"response_type": "ephemeral", **message.wire()})
            case Kind.OPTIONS, Options(entries):
                return acked(
                    {"options": [{"text": {"type": "plain_text", "text": label[:75]}, "value": value[:150]} for label, value in entries]}
                )
            case Kind.VIEW, Errors(fields):
                return acked({"response_action": "errors", "errors": dict(fields)})
            case Kind.VIEW, Update(view):
                return acked({"response_action": "update", "view": view})
            case Kind.VIEW, Open(view):
                return acked({"response_action": "push", "view": view})
            case _, Open(view):
                return await self._open(request, view)
            case Kind.ACTION, Update(view):
                return await self._redraw(request, view)
        return acked()

    async def _open(self, request: Request, view: dict[str, Any]) -> BoltResponse:
        in_form = request.view is not None and request.view.get("type") == "modal"
        try:
            async with asyncio.timeout(TRIGGER_PATIENCE):
                await self.deps.slack.call("views.push" if in_form else "views.open", trigger_id=request.trigger, view=view)
        except (SlackError, TimeoutError) as problem:
            log.warning("a form did not open: %s", problem)
            if "exchanged_trigger_id" in str(problem):  # a repeat of a request whose form is open
                return acked()
            raise TendonError("The form could not open in time. Nothing is lost: do the same once more.") from problem
        return acked()

    async def _redraw(self, request: Request, view: dict[str, Any]) -> BoltResponse:
        shown = request.view or {}
        try:
            async with asyncio.timeout(TRIGGER_PATIENCE):
                await self.deps.slack.call("views.update", view_id=shown.get("id"), hash=shown.get("hash"), view=view)
        except (SlackError, TimeoutError) as problem:  # the form works without what it would have shown
            log.warning("a form was not redrawn: %s", problem)
        return acked()

    async def _explain(self, request: Request, error: TendonError) -> BoltResponse:
        """What is wrong, in the place where the person looks. Nothing was written."""
        if request.kind is Kind.VIEW:
            fields = error.fields if isinstance(error, BadInput) else {"": error.sentence}
            return acked({"response_action": "errors", "errors": _placed(fields, request)})
        if request.kind in (Kind.ACTION, Kind.SHORTCUT, Kind.CLOSED):
            await self._tell_privately(request, safe(error.sentence))
            return acked()
        if request.kind is Kind.COMMAND:
            return acked({"response_type": "ephemeral", "text": safe(error.sentence)})
        return acked({"options": []} if request.kind is Kind.OPTIONS else "")

    async def _apologise(self, request: Request, error: Exception) -> BoltResponse:
        reference = secrets.token_hex(3).upper()
        log.error("%s %s failed (ref %s)", request.kind, request.name, reference, exc_info=error)
        REQUESTS.labels("failed").inc()
        if request.kind is Kind.EVENT:
            return BoltResponse(status=500, body="")  # Slack sends it again
        if request.kind is Kind.OPTIONS:
            return acked({"options": []})
        away = isinstance(error, PoolTimeout | DBAPIError | TimeoutError | OSError) and not isinstance(error, _OUR_MISTAKES)
        cause = "the database did not answer" if away else "something broke on our side"
        if request.kind is Kind.VIEW:
            sentence = f"Not saved: {cause}. Your text is still in the form. Try in a minute. (ref {reference})"
            return acked({"response_action": "errors", "errors": _placed({"": sentence}, request)})
        sentence = f"Nothing was saved: {cause}. Try in a minute. (ref {reference})"
        if request.kind is Kind.COMMAND:
            return acked({"response_type": "ephemeral", "text": sentence})
        await self._tell_privately(request, sentence)
        return acked()

    async def _tell_privately(self, request: Request, sentence: str) -> None:
        """A private message under a pressed button, when the database can keep it; else straight away, once."""
        workspace = await self.workspaces.of(request.team)
        try:
            if workspace is None:
                return
            async with self.desk.database.transaction(workspace.id, clock=self.deps.clock) as session:
                await self.desk.finish(session, request, Say(Message(sentence)))
            self.deps.outbox.wake()
        except (SQLAlchemyError, OSError, TimeoutError):
            if request.response_url:
                try:
                    await self.deps.slack.respond(request.response_url, text=sentence, response_type="ephemeral", replace_original=False)
                except SlackError as problem:
                    log.warning("nobody was told that it failed: %s", problem)


_OUR_MISTAKES: tuple[type[Exception], ...] = ()


def _placed(fields: Mapping[str, str], request: Request) -> dict[str, str]:
    """Sentences under the fields that the form has; the rest under its first field."""
    inputs = [block["block_id"] for block in (request.view or {}).get("blocks", ()) if block.get("type") == "input"]
    placed = {field: sentence for field, sentence in fields.items() if field in inputs}
    rest = " ".join(sentence for field, sentence in fields.items() if field not in inputs)
    if rest and inputs:
        placed[inputs[0]] = " ".join(filter(None, (placed.get(inputs[0]), rest)))
    return placed
