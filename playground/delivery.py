"""Sends commands, interactions and events to the app, over signed HTTP or over Socket Mode, with Slack's deadline and its retries."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Coroutine, Generator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from playground import payloads
from playground.state import Delivery, Json

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

DEADLINE = 3.0
RETRY_WAITS = (0.0, 60.0, 300.0)
MOST_REDIRECTS = 2


class Sending:
    """Already on its way; await it to know how the app acked (a list of deliveries: one, or none where the app is not told)."""

    def __init__(self, tasks: list["asyncio.Task[Delivery]"]) -> None:
        self._tasks = tasks

    def __await__(self) -> Generator[Any, None, list[Delivery]]:
        return self._all().__await__()

    async def _all(self) -> list[Delivery]:
        return [await task for task in self._tasks]


class Sender:
    def __init__(self, slack: "LocalSlack") -> None:
        self._slack = slack
        self.target: str | None = None
        self.deadline = DEADLINE
        self.retry_divisor = 1000.0  # Slack's retry waits, shortened
        self._session: aiohttp.ClientSession | None = None
        self._in_flight: set[asyncio.Task[Any]] = set()

    async def stop(self) -> None:
        for task in list(self._in_flight):
            task.cancel()
        await asyncio.gather(*self._in_flight, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None

    def begin(self, work: Coroutine[Any, Any, Delivery]) -> "asyncio.Task[Delivery]":
        task = asyncio.get_running_loop().create_task(work)
        self._in_flight.add(task)
        task.add_done_callback(self._in_flight.discard)
        return task

    @property
    def listens(self) -> bool:
        """Whether there is an app at all; without one nothing need be drawn up for it."""
        return bool(self.target) or self._slack.sockets.ever

    async def settled(self) -> None:
        while self._in_flight:
            await asyncio.wait(list(self._in_flight))

    def event(self, inner: Json) -> Sending:
        """Tells the app of an event in the background, if it asked for such events; without a running loop nobody listens."""
        if not self.listens or not self._slack.manifest_wants(inner):
            return Sending([])
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return Sending([])
        return Sending([self.begin(self.push_event(payloads.event(self._slack, inner)))])

    async def push_event(self, payload: Json) -> Delivery:
        """An event, again up to three times while it is not acked."""
        delivery = self._record("events_api", payload)
        await self._try(delivery)
        for attempt, wait in enumerate(RETRY_WAITS, start=1):
            if delivery.acked or delivery.headers.pop("no-retry", ""):
                break
            await asyncio.sleep(wait / self.retry_divisor)
            await self._try(delivery, attempt, delivery.error)
        return delivery

    async def push(self, kind: str, payload: Json) -> Delivery:
        """A command or an interaction: once, within three seconds."""
        delivery = self._record(kind, payload)
        await asyncio.shield(self.begin(self._try(delivery)))
        if (
            delivery.via == "socket" and delivery.error == "timeout"
        ):  # Socket Mode sends it again, though the person was told of the timeout
            self.begin(self.again(delivery))
        return delivery

    async def again(self, delivery: Delivery) -> Delivery:
        """The very same request once more: the same bytes, the same signature, the same ids."""
        copy = replace(delivery, id=self._slack.state.ids.new("Dv"), status=0, answer=None, error="", attempts=0)
        self._slack.state.deliveries.append(copy)
        return await (self._send(copy, copy.headers) if copy.via == "http" else self._try(copy, 1, "timeout"))

    def _record(self, kind: str, payload: Json) -> Delivery:
        delivery = Delivery(self._slack.state.ids.new("Dv"), kind, payload, at=time.time())
        self._slack.state.deliveries.append(delivery)
        return delivery

    async def _try(self, delivery: Delivery, retry: int = 0, reason: str = "") -> Delivery:
        fault = self._slack.faults.take(f"delivery:{delivery.kind}", delivery.payload)
        if fault and fault.delay:
            await asyncio.sleep(fault.delay)
        started = time.perf_counter()
        delivery.attempts += 1
        delivery.error = ""
        if self.target:
            await self._send(delivery, self._sign(delivery, retry, reason))
        else:
            await self._slack.sockets.send(delivery, retry, reason)
        delivery.millis = (time.perf_counter() - started) * 1000
        self._slack.feed.tell("delivery", id=delivery.id)
        if fault and fault.duplicate:
            await self.again(delivery)
        return delivery

    def _sign(self, delivery: Delivery, retry: int, reason: str) -> dict[str, str]:
        """Headers of one try; its body is made once, for a repeat carries the same bytes."""
        if delivery.kind == "events_api":
            delivery.body = delivery.body or json.dumps(delivery.payload, separators=(",", ":")).encode()
        elif delivery.kind == "slash_commands":
            delivery.body = delivery.body or urlencode(delivery.payload).encode()
        else:
            delivery.body = delivery.body or urlencode({"payload": json.dumps(delivery.payload)}).encode()
        stamp = str(int(time.time()))
        digest = hmac.new(self._slack.signing_secret.encode(), f"v0:{stamp}:".encode() + delivery.body, hashlib.sha256).hexdigest()
        form = "application/json" if delivery.kind == "events_api" else "application/x-www-form-urlencoded"
        headers = {"Content-Type": form, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}
        headers["User-Agent"] = "Slackbot 1.0 (+https://api.slack.com/robots)"
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        delivery.headers = headers
        return headers

    async def _send(self, delivery: Delivery, headers: dict[str, str]) -> Delivery:
        delivery.via = "http"
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        deadline = aiohttp.ClientTimeout(total=self.deadline)
        try:
            async with self._session.post(
                self.target or "", data=delivery.body, headers=headers, timeout=deadline, max_redirects=MOST_REDIRECTS + 1
            ) as response:
                delivery.status = response.status
                delivery.answer = _read(await response.text(), response.content_type)
                if response.headers.get("X-Slack-No-Retry") == "1" and response.status != 200:
                    delivery.headers["no-retry"] = "1"
        except TimeoutError:
            delivery.status, delivery.error = 0, "http_timeout"
        except aiohttp.TooManyRedirects:
            delivery.status, delivery.error = 0, "too_many_redirects"
        except aiohttp.ClientError:
            delivery.status, delivery.error = 0, "connection_failed"
        if delivery.status and not delivery.acked:
            delivery.error = "http_error"
        return delivery


def _read(text: str, content_type: str) -> Any:
    """A JSON body as what it says, anything else as the text it is; nothing as None."""
    if not text.strip():
        return None
    if content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
