"""How an answer, a refusal or a mishap reaches the place where the person looks.

What a surface's ack can carry goes with it. The rest goes out by the outbox; only when the database is away is it said straight, once.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from typing import Any

from pydantic_core import to_json
from slack_bolt import BoltResponse
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from bot import blockkit as kit
from bot.answers import Answer, Errors, Message, Nothing, Open, Options, Say, Update
from bot.deps import Deps
from bot.inbox import CommitLost
from bot.metrics import REQUESTS
from bot.requests import Kind, Request
from bot.slack import SlackError, SlackLink, SlackRefused
from bot.workspaces import Workspaces
from domain.errors import BadInput, TendonError

log = logging.getLogger(__name__)

TRIGGER_PATIENCE = 2.0  # seconds of the three that a trigger lives
BRIEFLY = 0.8  # seconds to write down why something did not work; then it is said straight
SPOKEN_TO = ("app_mention", "message")  # events by which a person speaks to us
_TRIGGER_GONE = ("expired_trigger_id", "invalid_trigger_id", "trigger_expired")
_OUR_MISTAKES = (IntegrityError, ProgrammingError, DataError)


def acked(body: Any = "", status: int = 200) -> BoltResponse:
    """A text, or what goes out as JSON; pydantic's writer takes a third of the time of Python's own."""
    if isinstance(body, dict):
        with suppress(ValueError):  # half a character, which only Python's own lets through
            body = to_json(body).decode()
    return BoltResponse(status=status, body=body)


class Surfaces:
    """`until` is a time of the event loop: when a person must have been answered."""

    def __init__(self, deps: Deps, workspaces: Workspaces) -> None:
        self.deps = deps
        self.workspaces = workspaces
        self._aside: set[asyncio.Task[None]] = set()

    async def stop(self, patience: float) -> None:
        if self._aside:
            await asyncio.wait(self._aside, timeout=patience)

    # Answers

    async def finish(self, session: AsyncSession, request: Request, answer: Answer) -> Answer:
        """An answer that its surface's ack cannot carry goes out by the outbox, from rows of the same transaction."""
        if not isinstance(answer, Say) or request.kind in (Kind.COMMAND, Kind.OPTIONS) or not request.person:
            return answer
        await self._send(session, request, answer, f"say:{request.key}"[:200])
        return Nothing()

    async def _send(self, session: AsyncSession, request: Request, answer: Say, key: str) -> None:
        outbox, message = self.deps.outbox, answer.message
        url, channel = _url(request), request.channel or request.metadata.get("channel")
        if url:
            # A form may stay open for longer than its response URL lives; what it saved is told all the same.
            note = message.text[:3000] if request.kind is Kind.VIEW else ""
            await outbox.respond(session, key, url, message, replace=answer.replace, person=request.person, note=note)
        elif channel and channel[0] in "CG":
            await outbox.whisper(session, key, channel, request.person, message, request.event.get("thread_ts"))
        else:
            await outbox.post(session, key, request.person, message, rank=10)

    async def respond(self, request: Request, answer: Answer, until: float) -> BoltResponse:
        match request.kind, answer:
            case Kind.COMMAND, Say(message):
                return acked({"response_type": "ephemeral", **message.wire()})
            case Kind.OPTIONS, Options(entries):
                return acked({"options": kit.options(entries)})
            case Kind.VIEW, Errors(fields):
                return _not_saved(request, fields)
            case Kind.VIEW, Update(view):
                return acked({"response_action": "update", "view": view})
            case Kind.VIEW, Open(view):
                return acked({"response_action": "push", "view": view})
            case _, Open(view):
                await self._open(request, view, until)
            case Kind.ACTION, Update(view, is_newest=is_newest):
                await self._redraw(request, view, until, over_all=is_newest)
        return acked()

    async def _open(self, request: Request, view: dict[str, Any], until: float) -> None:
        try:
            async with asyncio.timeout_at(min(until, asyncio.get_running_loop().time() + TRIGGER_PATIENCE)):
                slack = await self._slack(request)
                await slack.call("views.push" if _in_form(request) else "views.open", trigger_id=request.trigger, view=view)
        except (SlackError, TimeoutError) as problem:
            if isinstance(problem, SlackRefused) and problem.code == "exchanged_trigger_id":
                return  # a repeat of a request whose form is open
            if isinstance(problem, SlackRefused) and problem.code not in _TRIGGER_GONE:
                raise
            log.warning("a form did not open: %s", problem or "Slack was slow")
            raise TendonError("The form could not open in time. Nothing is lost: do the same once more.") from problem

    async def _redraw(self, request: Request, view: dict[str, Any], until: float, *, over_all: bool) -> None:
        shown = request.view or {}
        held_to = {} if over_all else {"hash": shown.get("hash")}
        try:
            async with asyncio.timeout_at(until):
                slack = await self._slack(request)
                await slack.call("views.update", view_id=shown.get("id"), view=view, **held_to)
        except (SlackError, TimeoutError) as problem:  # the form works without what it would have shown
            log.warning("a form was not redrawn: %s", problem or "Slack was slow")

    async def _slack(self, request: Request) -> SlackLink:
        """The link of the workspace that asks."""
        try:
            workspace = await self.workspaces.of(request.team)
        except (SQLAlchemyError, OSError, TimeoutError):  # a workspace that is not known yet, and no database to ask
            workspace = None
        return await self.workspaces.links.of(workspace.id) if workspace else self.deps.slack

    # What went wrong

    async def explain(self, request: Request, error: TendonError) -> BoltResponse:
        """A refusal. Nothing was written."""
        if request.kind is Kind.VIEW:
            return _not_saved(request, error.fields if isinstance(error, BadInput) else {"": error.sentence})
        if request.kind is Kind.EVENT and request.name not in SPOKEN_TO:
            log.warning("event %s: %s", request.name, error.sentence)
            return acked()
        return await self._say(request, kit.safe(error.sentence))

    async def apologise(self, request: Request, error: Exception) -> BoltResponse:
        """A crash, or a database that is away. The log says more under the reference that the person reads."""
        reference = secrets.token_hex(3).upper()
        away = isinstance(error, PoolTimeout | DBAPIError | TimeoutError | OSError) and not isinstance(error, _OUR_MISTAKES)
        # A traceback takes milliseconds to write, and where the database is away there is one for every request.
        log.error("%s %s failed (ref %s): %s", request.kind, request.name, reference, repr(error)[:200], exc_info=None if away else error)
        REQUESTS.labels("failed").inc()
        if request.kind is Kind.EVENT:
            return acked(status=500)  # Slack sends it again
        if isinstance(error, CommitLost):
            return await self._say(request, f"{_MAYBE_SAVED} (ref {reference})", straight=True)
        cause = "the database did not answer" if away else "something broke on our side"
        if request.kind is Kind.VIEW:
            return await self._say(request, f"Not saved: {cause}. Your text is still in the form. Try in a minute. (ref {reference})")
        return await self._say(request, f"Nothing was saved: {cause}. Try in a minute. (ref {reference})", straight=away)

    async def refuse_for_now(self, request: Request) -> BoltResponse:
        """More came at once than could be done in time, and this was not begun."""
        log.warning("%s %s waited too long in line", request.kind, request.name)
        return await self._not_in_time(request, "Nothing was saved: too much came at once. Try in a minute.")

    async def give_up_waiting(self, request: Request) -> BoltResponse:
        """It was begun, and may yet be done."""
        log.error("%s %s took too long", request.kind, request.name)
        return await self._not_in_time(request, _MAYBE_SAVED)

    async def _not_in_time(self, request: Request, sentence: str) -> BoltResponse:
        return acked(status=500) if request.kind is Kind.EVENT else await self._say(request, sentence, straight=True)

    async def _say(self, request: Request, sentence: str, *, straight: bool = False) -> BoltResponse:
        if request.kind is Kind.VIEW:
            return _not_saved(request, {"": sentence})
        if request.kind is Kind.COMMAND:
            return acked({"response_type": "ephemeral", "text": sentence})
        if request.kind is Kind.OPTIONS:
            log.warning("options %s: %s", request.name, sentence)
            return acked({"options": []})
        if straight or _is_at_a_view(request) or not await self._write_down(request, sentence):
            self._beside(self._say_straight(request, sentence))
        return acked()

    async def _write_down(self, request: Request, sentence: str) -> bool:
        try:
            async with asyncio.timeout(BRIEFLY):
                workspace = await self.workspaces.of(request.team)
                if workspace is None:
                    return True
                async with self.deps.database.transaction(workspace.id, clock=self.deps.clock) as session:
                    await self._send(session, request, Say(Message(sentence)), f"sorry:{request.key}"[:200])
        except Exception as error:
            log.warning("not written down, so said straight: %s", repr(error)[:200])
            return False
        self.deps.outbox.wake()
        return True

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    async def _say_straight(self, request: Request, sentence: str) -> None:
        """Once, and no more: over the form or the Home it is about, beside the message, or to the person."""
        slack, url = await self._slack(request), _url(request)
        ways: list[Callable[[], Awaitable[Any]]] = []
        if _is_at_a_view(request):
            method = "views.push" if _in_form(request) else "views.open"
            ways.append(lambda: slack.call(method, trigger_id=request.trigger, view=_notice(sentence)))
        if url:
            ways.append(lambda: slack.respond(url, text=sentence, response_type="ephemeral", replace_original=False))
        ways.append(lambda: slack.call("chat.postMessage", channel=request.person, text=sentence))
        for way in ways:
            try:
                await way()
                return
            except SlackRefused as problem:
                if problem.code == "exchanged_trigger_id":  # a repeat
                    return
                log.warning("a sentence was not shown: %s", problem)
            except SlackError as problem:
                log.warning("a sentence may not have been shown: %s", problem)
                return


_MAYBE_SAVED = "This took too long, and it is not known whether it was saved. Look before you do it again."


def _url(request: Request) -> str | None:
    return request.response_url or request.metadata.get("response_url")


def _in_form(request: Request) -> bool:
    return request.view is not None and request.view.get("type") == "modal"


def _is_at_a_view(request: Request) -> bool:
    """Pressed in a form or a Home, or a shortcut from nowhere: the person looks at no channel."""
    return bool(request.trigger) and not request.response_url and request.kind in (Kind.ACTION, Kind.SHORTCUT)


def _notice(sentence: str) -> dict[str, Any]:
    return kit.modal("Not done", [kit.section(sentence)], callback_id="tendon:notice")


def _not_saved(request: Request, fields: Mapping[str, str]) -> BoltResponse:
    """Sentences under the fields that the form has, the rest under its first; a form without fields makes room for them."""
    inputs = [block["block_id"] for block in (request.view or {}).get("blocks", ()) if block.get("type") == "input"]
    if not inputs:
        return acked({"response_action": "update", "view": _notice(" ".join(fields.values()))})
    placed = {field: sentence for field, sentence in fields.items() if field in inputs}
    rest = " ".join(sentence for field, sentence in fields.items() if field not in inputs)
    if rest or not placed:
        placed[inputs[0]] = " ".join(filter(None, (placed.get(inputs[0]), rest or "Not saved.")))
    return acked({"response_action": "errors", "errors": placed})
