"""Socket Mode: every kind works, a dropped link repeats nothing, readiness follows the link, and a silent one is built anew."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, web

from bot.app import App
from bot.config import WrongSetting
from bot.serving import begin
from bot.slack import SlackRefused
from bot.socket import Socket
from bot.web import why_not_ready
from tests.bot.machine import Machine, a_machine, company, settings, until
from tests.bot.notes import a_slice


@pytest.fixture
async def machine(database_url: str) -> AsyncIterator[Machine]:
    async with a_machine(database_url, socket=True) as machine:
        yield machine


async def test_every_kind_of_request_works(machine: Machine) -> None:
    person = machine.as_()
    assert (await machine.note("keep this")).text == "this is kept."
    message = await machine.buttons()
    await person.press(message, "notes:keep")
    await person.shortcut("notes:keep", "C1", message.ts)
    await machine.note("form")
    assert (await person.submit({"Words": "bad"})).errors
    await person.submit({"Words": "written"})
    await machine.note("search")
    assert len(await person.options("notes:offer", "ab")) == 3
    await person.react("C1", message.ts, "memo")
    await machine.settle()
    assert await machine.notes() == ["this", "pressed", "pressed", "written", "first of memo", "second of memo"]
    assert {delivery.via for delivery in machine.slack.deliveries} == {"socket"}


async def test_what_nobody_answers_to_is_acked_too(machine: Machine) -> None:
    for payload in ({"type": "weird"}, {}, {"command": "/unheard-of", "user_id": "U1", "trigger_id": "1"}):
        delivery = await machine.slack.sender.push("interactive", payload)
        assert (delivery.status, delivery.attempts) == (200, 1)
    assert await machine.notes() == []


async def test_what_comes_again_after_a_drop_has_no_second_effect(machine: Machine) -> None:
    asked = asyncio.gather(*(machine.note(f"slowly {number}") for number in range(5)))
    await until(lambda: machine.slack.sockets._waiting)
    await asyncio.sleep(0.1)  # received and being done
    await machine.slack.sockets.drop()
    replies = await asyncio.wait_for(asked, 30)
    await machine.settle()
    assert {reply.status for reply in replies} <= {0, 200}
    assert sorted(await machine.notes()) == [str(number) for number in range(5)]
    assert sorted(machine.posted()) == sorted(f"note {number}" for number in range(5))


async def test_readiness_follows_the_link(machine: Machine) -> None:
    assert await why_not_ready(machine.app) == []
    machine.slack.faults.add("apps.connections.open", times=None, status=500)
    await machine.slack.sockets.drop()
    await until(lambda: not_ready(machine.app))
    machine.slack.faults.clear()
    await until(lambda: ready(machine.app), 30)
    assert (await machine.note("keep after")).text == "after is kept."


async def ready(app: App) -> bool:
    return not await why_not_ready(app)


async def not_ready(app: App) -> bool:
    return await why_not_ready(app) == ["no link to Slack"]


async def test_two_hundred_requests_at_once_are_all_answered_once(machine: Machine) -> None:
    machine.slack.sender.deadline = 20.0  # of this machine's speed another test speaks
    machine.app.dispatch.patience = machine.app.dispatch.last_moment = 20.0
    machine.app.database.writer.pool._timeout = 20.0  # type: ignore[attr-defined]
    replies = await asyncio.gather(*(machine.note(f"keep {number}") for number in range(200)))
    assert {(reply.status, reply.text) for reply in replies} == {(200, f"{number} is kept.") for number in range(200)}
    await machine.settle()
    assert sorted(await machine.notes(), key=int) == [str(number) for number in range(200)]
    assert len(machine.posted()) == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_token_that_slack_does_not_take_ends_the_start_with_a_sentence(database_url: str) -> None:
    slack = company()
    await slack.start()
    slack.tokens.revoke(slack.app_token)
    app = App(settings(slack, database_url, socket=True), slices=[a_slice()])
    try:
        with pytest.raises(WrongSetting, match="SLACK_APP_TOKEN"):
            await asyncio.wait_for(begin(app), 10)
    finally:
        await app.stop()
        await slack.stop()


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_a_stop_finishes_what_is_in_hand(database_url: str, socket: bool) -> None:
    slack = company()
    await slack.start()
    app = App(settings(slack, database_url, socket), slices=[a_slice()], channel_gap=0.0)
    try:
        await app.start()
        if not socket:
            slack.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
        asked = asyncio.create_task(slack.as_("U1").command("C1", "/note", "slowly one"))
        await until(lambda: app.dispatch._in_hand)
        await app.stop()
        reply = await asked
        assert (reply.status, reply.text) == (200, "one is kept.")
    finally:
        await slack.stop()


class Mute:
    """A Socket Mode server whose links are open, and silent after their hello unless told to speak."""

    def __init__(self) -> None:
        self.links: list[web.WebSocketResponse] = []
        self.echoes = False

    async def start(self) -> str:
        app = web.Application()
        app.add_routes([web.post("/api/apps.connections.open", self._ticket), web.get("/link", self._link)])
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.port = self.runner.addresses[0][1]
        return f"http://127.0.0.1:{self.port}/api/"

    async def _ticket(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": f"ws://127.0.0.1:{self.port}/link"})

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        link = web.WebSocketResponse(autoping=self.echoes)
        await link.prepare(request)
        self.links.append(link)
        await link.send_json({"type": "hello"})
        async for _ in link:
            pass
        return link


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_silent_link_is_noticed_and_built_anew(database_url: str) -> None:
    mute = Mute()
    app = App(settings(company(), database_url, socket=True), slices=[a_slice()])
    app.slack.client.base_url = await mute.start()
    socket = Socket(app.bolt, "xapp-1", beat=0.1)
    try:
        await socket.open()
        # The client's own watch is what was seen to fail: without it, only ours is left.
        socket._handler.client.current_session_monitor.cancel()  # type: ignore[union-attr]
        session: Any = socket._handler.client.current_session  # type: ignore[union-attr]
        assert isinstance(session, ClientWebSocketResponse)
        session._reset_heartbeat()
        _without_heartbeat(session)
        mute.echoes = True
        began = time.monotonic()
        await until(lambda: len(mute.links) > 1 and socket._handler is not None)
        await until(socket.is_open)
        assert time.monotonic() - began > 0.3
    finally:
        await socket.close()
        await app.stop()
        await mute.runner.cleanup()


def _without_heartbeat(session: Any) -> None:
    session._cancel_heartbeat()
    session._heartbeat = None


async def test_a_refused_token_is_told_from_a_slack_that_is_away(database_url: str) -> None:
    slack = company()
    await slack.start()
    try:
        slack.faults.add("apps.connections.open", error="invalid_auth")
        app = App(settings(slack, database_url, socket=True), slices=[a_slice()])
        with pytest.raises(SlackRefused):
            await app.start()
        await app.stop()
    finally:
        await slack.stop()
