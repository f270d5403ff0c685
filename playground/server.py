"""The workspace's HTTP side: Web API, uploads and downloads, response URLs and the Socket Mode link, on one loopback port."""

import asyncio
import json
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from aiohttp import web

from playground import consent, hooks
from playground.faults import Fault
from playground.methods import answer, scopes_said
from playground.state import Call, Json
from playground.wire import Unreadable, read_call, read_upload

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

MOST_BYTES = 1_100_000_000  # Slack takes files of up to 1 GB


class Server:
    """`routes` may be added to before the start: the page puts its own beside Slack's."""

    def __init__(self, slack: "LocalSlack") -> None:
        self._slack = slack
        self.routes: list[web.AbstractRouteDef] = []
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> str:
        app = web.Application(client_max_size=MOST_BYTES)
        app.add_routes([*self._own_routes(), *self.routes])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def _own_routes(self) -> Iterable[web.AbstractRouteDef]:
        return [
            web.get("/api/{method}", self._call, allow_head=False),
            web.post("/api/{method}", self._call),
            web.get("/link/", self._slack.sockets.connect),
            web.post("/upload/v1/{id}", self._upload),
            web.get("/files-pri/{file}/{name}", self._download),
            web.post("/actions/{team}/{hook}", self._respond),
            *consent.routes(self._slack),
        ]

    async def _call(self, request: web.Request) -> web.Response:
        method, started = request.match_info["method"], time.perf_counter()
        try:
            token, args, basic = await read_call(request)
        except Unreadable as error:
            return web.json_response({"ok": False, "error": str(error)})
        call = Call(method, args, 200, {}, time.time(), token)
        slack = self._whose(token, str(args.get("code") or ""))
        fault = slack.faults.take(method, args)
        response = await self._refuse(request, call, fault) if fault else None
        if response is None:
            response = _answer(slack, call, basic)
            if fault and fault.reset == "after":
                response = self._cut(request, call)
        call.millis = (time.perf_counter() - started) * 1000
        slack.log(call)
        return response

    def _whose(self, token: str, code: str) -> "LocalSlack":
        """The workspace that gave this token or code; this one for what is known nowhere."""
        found = (each for each in self._slack.neighbours if token in each.tokens.known or code in each.tokens.codes)
        return next(found, self._slack)

    async def _refuse(self, request: web.Request, call: Call, fault: Fault) -> web.Response | None:
        """What an armed fault answers instead of the call's effect; None where the effect still happens."""
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.reset == "before":
            return self._cut(request, call)
        if fault.status or fault.error:
            error = fault.error or ("ratelimited" if fault.status == 429 else "internal_error")
            call.status, call.answer = fault.status or 200, {"ok": False, "error": error}
            return _json(call.answer, call.status, fault.retry_after or int(fault.status == 429))
        return None

    def _cut(self, request: web.Request, call: Call) -> web.Response:
        """The caller gets a reset in place of an answer."""
        call.status = 0
        if request.transport:
            request.transport.abort()
        return web.Response(status=500)

    async def _upload(self, request: web.Request) -> web.Response:
        item = self._slack.state.files.get(request.match_info["id"])
        if item is None or item.complete:
            return web.Response(status=404, text="This upload address is not known.")
        item.content = await read_upload(request)
        item.uploaded = len(item.content) == item.size
        if not item.uploaded:
            return web.Response(status=400, text=f"Announced {item.size} bytes, got {len(item.content)}.")
        return web.Response(text=f"OK - {item.size}")

    async def _download(self, request: web.Request) -> web.Response:
        """A private file: for the bot's token, and for the page, whose requests carry none but come from this machine's browser."""
        item = self._slack.state.files.get(request.match_info["file"].rpartition("-")[2])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and token not in self._slack.tokens.known:
            return web.Response(status=403)
        if item is None or not item.complete:
            return web.Response(status=404)
        headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=item.content, content_type=item.mimetype, headers=headers)

    async def _respond(self, request: web.Request) -> web.Response:
        started = time.perf_counter()
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        call = Call("response_url", body, 200, {}, time.time(), "")
        fault = self._slack.faults.take("response_url", body)
        response = await self._refuse(request, call, fault) if fault else None
        if response is None:
            call.status, call.answer = hooks.respond(self._slack, request.match_info["hook"], body)
            response = self._cut(request, call) if fault and fault.reset == "after" else _plain(call)
        call.millis = (time.perf_counter() - started) * 1000
        self._slack.log(call)
        return response


def _answer(slack: "LocalSlack", call: Call, basic: str) -> web.Response:
    call.status, call.answer, wait = answer(slack, call.method, call.token, call.args, basic)
    response = _json(call.answer, call.status, wait)
    response.headers.update(scopes_said(slack, call.method, call.token))
    return response


def _plain(call: Call) -> web.Response:
    """A response URL says a bare `ok`, or the error as JSON."""
    return web.Response(text="ok") if call.answer.get("ok") else _json(call.answer, call.status, 0)


def _json(answer: Json, status: int, wait: int) -> web.Response:
    headers = {"Retry-After": str(wait)} if wait else {}
    return web.json_response(answer, status=status, headers=headers)
