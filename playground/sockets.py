"""Socket Mode: hello, envelopes, acks, redelivery, refresh; up to ten connections, each payload to one of them."""

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING

from aiohttp import WSMsgType, web

from playground.state import Delivery, Json

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

MOST_CONNECTIONS = 10


class Sockets:
    def __init__(self, slack: "LocalSlack") -> None:
        self._slack = slack
        self.open: dict[web.WebSocketResponse, asyncio.Transport | None] = {}
        self.ever = False  # a bot that was here once is waited for; one that never came is not
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0
        self._came = asyncio.Event()

    def ticket(self) -> str:
        """The address of one connection, to be used once."""
        name = self._slack.state.ids.new("", 32).lower()
        self._tickets.add(name)
        return f"{self._slack.url.replace('http', 'ws', 1)}/link/?ticket={name}&app_id={self._slack.app_id}"

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPUnauthorized(text="This link was used before, or was never given out.")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self.open) >= MOST_CONNECTIONS:
            await self._say_goodbye(socket, "too_many_websockets")
            return socket
        self.open[socket] = request.transport
        self.ever = True
        try:
            await socket.send_json(self._hello(request))
            self._came.set()
            await self._listen(socket)
        finally:
            self._forget(socket)
        return socket

    def _hello(self, request: web.Request) -> Json:
        seconds = 360 if request.query.get("debug_reconnects") == "true" else 18_060
        return {
            "type": "hello",
            "num_connections": len(self.open),
            "debug_info": {"host": "applink-local", "build_number": 1, "approximate_connection_time": seconds},
            "connection_info": {"app_id": self._slack.app_id},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type != WSMsgType.TEXT:
                continue
            with contextlib.suppress(ValueError, AttributeError):
                ack = json.loads(message.data)
                waiting = self._waiting.get(ack.get("envelope_id", ""))
                if waiting and not waiting.done():
                    waiting.set_result(ack)

    def _forget(self, socket: web.WebSocketResponse) -> None:
        self.open.pop(socket, None)
        if not self.open:
            self._came.clear()

    async def send(self, delivery: Delivery, retry: int, reason: str) -> None:
        """One envelope, to one connection, sent again where its connection closed or its ack did not come in time."""
        delivery.via = "socket"
        envelope = self._envelope(delivery, retry, reason)
        loop = asyncio.get_running_loop()
        ack: asyncio.Future[Json] = loop.create_future()
        self._waiting[envelope["envelope_id"]] = ack
        ends = loop.time() + self._slack.sender.deadline
        try:
            while not ack.done() and loop.time() < ends:
                socket = await self._one(ends - loop.time())
                if socket is None:
                    break
                await self._offer(socket, envelope, ack, ends - loop.time())
                envelope = envelope | {"retry_attempt": envelope["retry_attempt"] + 1, "retry_reason": "connection_closed"}
        finally:
            del self._waiting[envelope["envelope_id"]]
        if ack.done():
            delivery.status, delivery.answer = 200, ack.result().get("payload")
        else:
            delivery.status, delivery.error = 0, "timeout" if self.open else "connection_failed"

    def _envelope(self, delivery: Delivery, retry: int, reason: str) -> Json:
        name = delivery.headers.setdefault("envelope_id", self._slack.state.ids.new("", 36).lower())
        return {
            "envelope_id": name,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "retry_attempt": retry,
            "retry_reason": reason,
        }

    async def _one(self, patience: float) -> web.WebSocketResponse | None:
        """The next connection in turn; where all are gone for the moment, one that comes back soon enough."""
        if not self.open and self.ever:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._came.wait(), patience)
        if not self.open:
            return None
        self._turn += 1
        return list(self.open)[self._turn % len(self.open)]

    async def _offer(self, socket: web.WebSocketResponse, envelope: Json, ack: "asyncio.Future[Json]", patience: float) -> None:
        """Waits for the ack until the time is up or the connection is gone."""
        try:
            await socket.send_json(envelope)
        except (ConnectionError, RuntimeError):
            self._forget(socket)
            return
        loop = asyncio.get_running_loop()
        ends = loop.time() + patience
        while not ack.done() and loop.time() < ends and socket in self.open:
            await asyncio.wait([ack], timeout=min(0.02, max(0.0, ends - loop.time())))

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Asks every connection to reconnect, as Slack does every few hours."""
        for socket in list(self.open):
            await self._say_goodbye(socket, reason)

    async def drop(self) -> None:
        """Cuts every connection without a word."""
        for socket, transport in list(self.open.items()):
            self._forget(socket)
            if transport:
                transport.abort()

    async def _say_goodbye(self, socket: web.WebSocketResponse, reason: str) -> None:
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}})
        if reason != "warning":
            self._forget(socket)
            await socket.close()

    async def stop(self) -> None:
        for socket in list(self.open):
            await socket.close()
