"""The HTTP side: Slack's requests, health, readiness, metrics, and what slices add."""

import logging
from typing import TYPE_CHECKING

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request

from bot import metrics
from bot.schema import is_newest

if TYPE_CHECKING:
    from bot.app import App

log = logging.getLogger(__name__)

LARGEST_BODY = 2 * 1024 * 1024  # bytes; Slack's own bodies stay far below


def routes(app: "App") -> web.Application:
    """The aiohttp application of one bot."""
    server = web.Application(client_max_size=LARGEST_BODY)

    async def slack_events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.bolt.async_dispatch(await to_bolt_request(request)))

    async def lives(request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def is_ready(request: web.Request) -> web.Response:
        problems = await why_not_ready(app)
        return web.json_response({"ready": not problems, "problems": problems}, status=503 if problems else 200)

    async def show_metrics(request: web.Request) -> web.Response:
        await app.measure()
        return web.Response(body=metrics.page(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    server.add_routes(
        [
            web.post("/slack/events", slack_events),
            web.get("/healthz", lives),
            web.get("/readyz", is_ready),
            web.get("/metrics", show_metrics),
        ]
    )
    server.add_routes(app.deps.slices.routes)
    return server


async def why_not_ready(app: "App") -> list[str]:
    """A sentence for each thing that keeps the bot from its work."""
    problems = []
    try:
        await app.database.answers()
        if not await is_newest(app.database):
            problems.append("the database has an old schema: run `tendon migrate`")
    except Exception:
        log.warning("the database does not answer", exc_info=True)
        problems.append("the database does not answer")
    if not await app.has_slack():
        problems.append("no link to Slack")
    return problems
