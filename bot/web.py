"""The HTTP side: Slack's requests, health, readiness, metrics, installing, and what slices add.

Slack's signature is checked here, before anything is read.
"""

import logging
from typing import TYPE_CHECKING

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_bolt_request
from slack_sdk.signature import SignatureVerifier

from bot import installing, metrics
from bot.deps import DEPS
from bot.schema import is_newest

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

LARGEST_BODY = 2 * 1024 * 1024  # bytes; Slack's own bodies stay far below


def routes(app: "App") -> web.Application:
    """The aiohttp application of one bot."""
    server = web.Application(client_max_size=LARGEST_BODY)
    secret = app.settings.slack_signing_secret.get_secret_value()

    async def slack_events(request: web.Request) -> web.Response:
        if not is_signed(secret, await request.read(), request):
            return web.Response(status=401, text="not signed by Slack\n")
        try:
            asked = await to_bolt_request(request)
        except (ValueError, TypeError, AttributeError, LookupError):  # no JSON, not an object, no such charset
            log.warning("a signed body that cannot be read")
            return web.Response()
        answer = await app.dispatch(asked.body)
        kind = "application/json" if answer.body.startswith("{") else "text/plain"
        return web.Response(status=answer.status, body=answer.body.encode("utf-8", "replace"), content_type=kind)

    async def lives(request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def is_ready(request: web.Request) -> web.Response:
        problems = await why_not_ready(app)
        return web.json_response({"ready": not problems, "problems": problems}, status=503 if problems else 200)

    async def show_metrics(request: web.Request) -> web.Response:
        try:
            await app.measure()
        except Exception as error:
            log.warning("the outbox could not be measured: %s", repr(error)[:200])
        return web.Response(body=metrics.page(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    server.add_routes(
        [
            web.post("/slack/events", slack_events),
            web.get("/healthz", lives),
            web.get("/readyz", is_ready),
            web.get("/metrics", show_metrics),
            *installing.routes(app),
        ]
    )
    server[DEPS] = app.deps
    server.add_routes(app.deps.slices.routes)
    return server


def is_signed(secret: str, body: bytes, request: web.Request) -> bool:
    """Whether Slack signed this, within five minutes. Without a secret (in Socket Mode) nothing is."""
    try:
        return bool(secret) and SignatureVerifier(secret).is_valid(
            body, request.headers.get("X-Slack-Request-Timestamp"), request.headers.get("X-Slack-Signature")
        )
    except (ValueError, TypeError):  # a time that is no number, bytes that are no text
        return False


async def why_not_ready(app: "App") -> list[str]:
    """A sentence for each thing that keeps the bot from its work."""
    problems = []
    try:
        await app.database.answers()
        if not await is_newest(app.database):
            problems.append("the database has an old schema: run `tendon migrate`")
    except Exception as error:
        log.warning("the database does not answer: %s", repr(error)[:200])
        problems.append("the database does not answer")
    if not await app.has_slack():
        problems.append("no link to Slack")
    return problems
