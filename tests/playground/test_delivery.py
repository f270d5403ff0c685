"""How requests reach the app over HTTP: signed, within three seconds, events again while they are not acked."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack
from playground.delivery import RETRY_WAITS


class App:
    """An app that keeps what it is sent and answers as it is told: a status for each request in turn, then 200."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        self.headers: dict[str, str] = {}
        self.said = ("", "text/plain")
        self.wait = 0.0
        self.url = ""

    async def serve(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        await asyncio.sleep(self.wait)
        body, kind = self.said
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, headers=self.headers, text=body, content_type=kind)


@pytest_asyncio.fixture
async def app(slack: LocalSlack) -> AsyncIterator[App]:
    app, server = App(), web.Application()
    server.router.add_post("/", app.serve)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    slack.deliver_to(app.url)
    yield app
    await runner.cleanup()


async def test_requests_are_signed_with_the_real_time(slack: LocalSlack, pm: Actor, app: App) -> None:
    from datetime import timedelta

    slack.clock.advance(timedelta(days=30))
    await pm.command("C_PAY", "/hello", "a b&c=d")
    headers, body = app.got[0]
    assert SignatureVerifier(slack.signing_secret).is_valid_request(body, headers)
    assert abs(int(headers["X-Slack-Request-Timestamp"]) - time.time()) < 5
    assert b"text=a+b%26c%3Dd" in body
    await pm.say("C_PAY", "x")
    await slack.settled()
    assert [h["Content-Type"] for h, _ in app.got] == ["application/x-www-form-urlencoded", "application/json"]


async def test_an_event_comes_again_until_it_is_acked(slack: LocalSlack, pm: Actor, app: App) -> None:
    app.statuses = [500, 404]
    await pm.say("C_PAY", "x")
    await slack.settled()
    assert [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h, _ in app.got] == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
    ]
    assert len({body for _, body in app.got}) == 1
    assert slack.deliveries[0].acked
    assert all(SignatureVerifier(slack.signing_secret).is_valid_request(body, headers) for headers, body in app.got)


async def test_an_event_is_given_up_after_three_retries(slack: LocalSlack, pm: Actor, app: App) -> None:
    app.statuses = [500] * 9
    await pm.say("C_PAY", "x")
    await slack.settled()
    assert len(app.got) == 4
    assert not slack.deliveries[0].acked


async def test_no_retry_is_obeyed(slack: LocalSlack, pm: Actor, app: App) -> None:
    app.statuses, app.headers = [500] * 9, {"X-Slack-No-Retry": "1"}
    await pm.say("C_PAY", "x")
    await slack.settled()
    assert len(app.got) == 1


async def test_a_slow_ack_is_a_timeout(slack: LocalSlack, pm: Actor, app: App) -> None:
    slack.sender.deadline, app.wait = 0.05, 0.2
    reply = await pm.command("C_PAY", "/hello")
    assert (reply.status, reply.text) == (0, "operation_timeout")
    assert len(app.got) == 1  # over HTTP a command is never sent again
    app.wait = 0.1
    await pm.say("C_PAY", "x")
    await slack.settled()
    assert app.got[2][0]["X-Slack-Retry-Reason"] == "http_timeout"


def test_the_deadline_and_the_waits_are_slacks() -> None:
    assert LocalSlack().sender.deadline == 3.0
    assert RETRY_WAITS == (0, 60, 300)


async def test_the_waits_between_retries_are_kept(slack: LocalSlack, pm: Actor, app: App) -> None:
    slack.sender.retry_divisor = 1_000.0
    app.statuses = [500] * 9
    started = time.perf_counter()
    await pm.say("C_PAY", "x")
    await slack.settled()
    assert time.perf_counter() - started >= 0.36


@pytest.mark.parametrize(("times", "error"), [(2, ""), (3, "too_many_redirects")])
async def test_two_redirects_are_followed_and_no_third(slack: LocalSlack, pm: Actor, app: App, times: int, error: str) -> None:
    app.statuses, app.headers = [307] * times, {"Location": app.url}
    reply = await pm.command("C_PAY", "/hello")
    assert (reply.delivery and reply.delivery.error, len(app.got)) == (error, 3)


async def test_an_app_that_is_not_there(slack: LocalSlack, pm: Actor) -> None:
    reply = await pm.command("C_PAY", "/hello")
    assert (reply.status, reply.text) == (0, "dispatch_failed")
    slack.deliver_to("http://127.0.0.1:1/")
    reply = await pm.command("C_PAY", "/hello")
    assert (reply.status, reply.text) == (0, "dispatch_failed")
    said = await slack.event({"type": "app_mention", "user": "U_PM", "text": "x", "channel": "C_PAY"})
    assert (said.attempts, said.error) == (4, "connection_failed")


async def test_without_an_app_nothing_is_drawn_up_for_it(slack: LocalSlack, pm: Actor) -> None:
    await pm.say("C_PAY", "x")
    slack.rename("C_PAY", "payments")
    await slack.settled()
    assert slack.deliveries == []


def test_without_a_running_loop_nobody_listens() -> None:
    still = LocalSlack(seed=7)
    still.member("U_PM", name="Pia Marsh")
    still.deliver_to("http://127.0.0.1:1/")
    still.channel("C_PAY", name="team-payments", members=["U_PM"])
    still.rename("C_PAY", "payments")
    assert (still.state.channels["C_PAY"].name, still.deliveries) == ("payments", [])


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        ("hello there", "text/plain", "hello there"),
        ('{"text": "as JSON"}', "application/json", "as JSON"),
        ('{"text": "as text"}', "text/plain", '{"text": "as text"}'),
        ("{not JSON", "application/json", "{not JSON"),
        (" ", "application/json", ""),
    ],
)
async def test_an_ack_is_read_as_what_it_says_it_is(slack: LocalSlack, pm: Actor, app: App, body: str, kind: str, text: str) -> None:
    app.said = (body, kind)
    reply = await pm.command("C_PAY", "/hello")
    assert (reply.text, reply.error) == (text, "")


async def test_a_delivery_can_be_repeated_byte_for_byte(slack: LocalSlack, pm: Actor, app: App) -> None:
    await pm.command("C_PAY", "/hello")
    again = await slack.deliver_again(slack.deliveries[-1])
    assert again.acked
    assert app.got[0][1] == app.got[1][1]
    assert app.got[0][0]["X-Slack-Signature"] == app.got[1][0]["X-Slack-Signature"]
    assert "X-Slack-Retry-Num" not in app.got[1][0]


async def test_a_delivery_can_be_doubled_and_delayed(slack: LocalSlack, pm: Actor, app: App) -> None:
    slack.faults.add("delivery:slash_commands", duplicate=True)
    await pm.command("C_PAY", "/hello")
    assert len(app.got) == 2
    slack.faults.add("delivery", delay=0.1)
    started = time.perf_counter()
    await pm.command("C_PAY", "/hello")
    assert time.perf_counter() - started >= 0.1


UNHEARD: list[tuple[str, dict[str, Any]]] = [
    ("message.channels", {"settings": {"event_subscriptions": {"bot_events": ["app_mention"]}}}),
    ("channels:history", {"oauth_config": {"scopes": {"bot": ["chat:write"]}}}),
]


@pytest.mark.parametrize("change", [c for _, c in UNHEARD], ids=[n for n, _ in UNHEARD])
async def test_an_event_needs_a_subscription_and_a_scope(slack: LocalSlack, pm: Actor, app: App, change: dict[str, Any]) -> None:
    await pm.say("C_PAY", "heard")
    slack.manifest = {**slack.manifest, **change}
    await pm.say("C_PAY", "unheard")
    await slack.settled()
    assert len(app.got) == 1


@pytest.mark.parametrize(("private", "name"), [(False, "message.channels"), (True, "message.groups")])
async def test_words_of_public_and_private_channels_are_subscribed_to_apart(
    slack: LocalSlack, pm: Actor, app: App, private: bool, name: str
) -> None:
    slack.channel("C_ONE", name="one", members=["U_PM"], private=private)
    for other in {"message.channels", "message.groups", "message.im", "message.mpim"} - {name}:
        slack.manifest = {**slack.manifest, "settings": {"event_subscriptions": {"bot_events": [other]}}}
        await pm.say("C_ONE", "unheard")
    slack.manifest = {**slack.manifest, "settings": {"event_subscriptions": {"bot_events": [name]}}}
    await pm.say("C_ONE", "heard")
    await slack.settled()
    assert [json.loads(body)["event"]["text"] for _, body in app.got] == ["heard"]


async def test_an_app_that_asked_for_no_events_gets_none(slack: LocalSlack, pm: Actor, app: App) -> None:
    slack.manifest = {**slack.manifest, "settings": {}}
    await pm.say("C_PAY", "x")
    slack.manifest = {**slack.manifest, "settings": {"event_subscriptions": {}}}
    await pm.say("C_PAY", "x")
    await slack.settled()
    assert app.got == []


async def test_an_app_of_which_nothing_is_known_may_do_everything(slack: LocalSlack, pm: Actor, app: App) -> None:
    slack.manifest = {}
    said = await pm.say("C_PAY", "x")
    assert (await pm.command("C_PAY", "/anything")).status == 200
    assert (await pm.global_shortcut("anything")).status == 200
    assert (await pm.shortcut("anything", channel="C_PAY", ts=said.ts)).status == 200
    await slack.settled()
    assert len(app.got) == 4
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    assert (await client.views_publish(user_id="U_PM", view={"type": "home", "blocks": []}))["ok"]
    assert (await client.chat_postMessage(channel="U_PM", text="x", username="Somebody"))["ok"]


@pytest.mark.parametrize(
    ("link", "told"), [("https://example.com/a", 1), ("https://docs.example.com:8443/a", 1), ("https://notexample.com", 0)]
)
async def test_links_are_told_of_only_to_their_domain(slack: LocalSlack, pm: Actor, app: App, link: str, told: int) -> None:
    slack.manifest = {**slack.manifest, "settings": {"event_subscriptions": {"bot_events": ["link_shared"]}}}
    await pm.say("C_PAY", f"see {link}")
    await slack.settled()
    assert len(app.got) == told


async def test_what_happens_where_the_bot_is_not_stays_there(slack: LocalSlack, pm: Actor, app: App) -> None:
    said = await pm.say("C_NEWS", "x")
    await pm.react("C_NEWS", said.ts, "memo")
    slack.join("C_NEWS", "U_LEAD")
    await slack.settled()
    assert app.got == []
    slack.join("C_NEWS", slack.bot_user)
    await slack.settled()
    assert len(app.got) == 1


async def test_an_event_can_be_awaited(slack: LocalSlack, app: App) -> None:
    (delivery,) = await slack.join("C_PAY", "U_OUT")
    assert delivery.acked
    assert delivery.payload["event"]["user"] == "U_OUT"
    assert await slack.join("C_PAY", "U_OUT") == []
