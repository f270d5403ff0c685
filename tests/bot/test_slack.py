"""Every way a call can end says what it means for what was to be sent."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.slack import SlackAway, SlackBusy, SlackLink, SlackRefused, SlackUnsure, cure_for
from playground import LocalSlack, shapes
from playground.state import File
from tests.bot.outbox_world import company
from tests.postgres import free_port


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    slack = await company()
    yield slack
    await slack.stop()


@pytest.fixture
async def link(slack: LocalSlack) -> AsyncIterator[SlackLink]:
    link = SlackLink(slack.bot_token, slack.api_url, timeout=1)
    yield link
    await link.close()


async def test_an_answer_is_a_plain_dict(link: SlackLink) -> None:
    posted = await link.call("chat.postMessage", channel="C1", text="hello", parse="none")
    assert posted["ok"] is True
    page = await link.call("conversations.history", channel="C1", limit=1, include_all_metadata=True)
    assert page["messages"][0]["ts"] == posted["ts"]


async def test_a_method_that_the_sdk_does_not_know_is_called_all_the_same(link: SlackLink) -> None:
    with pytest.raises(SlackRefused) as refused:
        await link.call("no.suchMethod", channel="C1")
    assert refused.value.code == "unknown_method"


async def test_no_means_no(link: SlackLink) -> None:
    with pytest.raises(SlackRefused) as refused:
        await link.call("chat.postMessage", channel="C404", text="hello")
    assert refused.value.code == "channel_not_found"


async def test_wrong_blocks_say_where(link: SlackLink) -> None:
    with pytest.raises(SlackRefused) as refused:
        await link.call("chat.postMessage", channel="C1", text="hello", blocks=[{"type": "header"}])
    assert refused.value.code == "invalid_blocks"
    assert refused.value.details


async def test_not_now_says_when(slack: LocalSlack, link: SlackLink) -> None:
    slack.faults.add("chat.postMessage", status=429, retry_after=7)
    with pytest.raises(SlackBusy) as busy:
        await link.call("chat.postMessage", channel="C1", text="hello")
    assert (busy.value.retry_after, busy.value.method) == (7, "chat.postMessage")


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"reset": "after"}, {"reset": "before"}, {"delay": 1.5}])
async def test_a_lost_or_late_reply_leaves_doubt_and_is_not_tried_again_here(
    slack: LocalSlack, link: SlackLink, fault: dict[str, Any]
) -> None:
    slack.faults.add("chat.postMessage", **fault)
    with pytest.raises(SlackUnsure) as unsure:
        await link.call("chat.postMessage", channel="C1", text="hello")
    assert not isinstance(unsure.value, SlackAway)
    assert len([call for call in slack.calls if call.method == "chat.postMessage"]) <= 1


async def test_nobody_at_home_leaves_no_doubt() -> None:
    link = SlackLink("xoxb-1", f"http://127.0.0.1:{free_port()}/api/", timeout=1)
    with pytest.raises(SlackAway):
        await link.call("auth.test")
    with pytest.raises(SlackAway):
        await link.respond(f"http://127.0.0.1:{free_port()}/actions/1", text="hello")
    await link.close()


ODD = {
    "html": (502, "text/html", "<h1>Bad gateway</h1>"),
    "words": (200, "text/plain", "gone fishing"),
    "broken": (200, "application/json", '{"ok": tr'),
    "nothing": (200, "application/json", ""),
    "denied": (200, "application/json", '{"ok": false, "error": "fatal_error"}'),
    "silent": (200, "application/json", '{"ok": false}'),
}


@pytest.mark.parametrize("reply", ODD)
async def test_what_is_no_answer_leaves_doubt(reply: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        status, kind, words = ODD[reply]
        return web.Response(status=status, text=words, content_type=kind)

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    link = SlackLink("xoxb-1", f"http://127.0.0.1:{runner.addresses[0][1]}/api/", timeout=1)
    try:
        with pytest.raises(SlackUnsure):
            await link.call("chat.postMessage", channel="C1", text="hello")
    finally:
        await link.close()
        await runner.cleanup()


async def test_a_response_url_shows_replaces_and_takes_away(slack: LocalSlack, link: SlackLink) -> None:
    card = await link.call("chat.postMessage", channel="C1", text="card", parse="none")
    url = slack.hooks.issue("C1", "U1", card["ts"])  # as a button on the card brings it
    await link.respond(url, text="for you", response_type="ephemeral", replace_original=False)
    await link.respond(url, text="changed", replace_original=True)
    assert [message.text for message in slack.as_("U1").sees("C1")] == ["changed", "for you"]
    assert [message.text for message in slack.as_("U2").sees("C1")] == ["changed"]
    await link.respond(url, delete_original=True)
    assert [message.text for message in slack.as_("U1").sees("C1")] == ["for you"]


async def test_a_response_url_that_is_not_known_is_refused(slack: LocalSlack, link: SlackLink) -> None:
    with pytest.raises(SlackRefused) as refused:
        await link.respond(f"{slack.url}/actions/T1/none", text="hello")
    assert refused.value.code == "expired_url"


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [({"status": 429, "retry_after": 3}, SlackBusy), ({"status": 500}, SlackUnsure), ({"reset": "after"}, SlackUnsure)],
)
async def test_a_response_url_fails_like_any_call(slack: LocalSlack, link: SlackLink, fault: dict[str, Any], meaning: type) -> None:
    slack.faults.add("response_url", **fault)
    with pytest.raises(meaning):
        await link.respond(slack.hooks.issue("C1", "U1"), text="hello")


def test_a_cure_is_a_line_for_a_person() -> None:
    assert cure_for("not_in_channel") == "I am not in this channel: /invite @Tendon"
    assert cure_for("not_in_channel", "C1") == "I am not in <#C1>: /invite @Tendon"
    assert cure_for("not_in_channel", "U1") == "I am not in this channel: /invite @Tendon"
    assert "token" in cure_for("token_revoked")
    assert cure_for("something_new")


def kept(slack: LocalSlack, content: bytes) -> str:
    """The private address of a file."""
    item = File("F1", "plan.csv", len(content), user="U1", content=content, uploaded=True, complete=True)
    slack.state.files[item.id] = item
    return str(shapes.file(slack, item)["url_private_download"])


async def test_a_private_file_is_fetched_with_the_token(slack: LocalSlack, link: SlackLink) -> None:
    assert await link.download(kept(slack, b"a,b"), most=3) == b"a,b"
    with pytest.raises(SlackRefused, match="file_too_large"):
        await link.download(kept(slack, b"a,b,c"), most=3)
    with pytest.raises(SlackRefused, match="file_not_found"):
        await link.download(kept(slack, b"a").replace("F1", "F2"), most=3)


@pytest.mark.parametrize(
    "url",
    ["https://example.com/plan.csv", "http://files.slack.com/plan.csv", "https://files.slack.com.example.com/x", "file:///etc/hosts", ""],
)
async def test_the_token_goes_to_slack_alone(link: SlackLink, url: str) -> None:
    with pytest.raises(SlackRefused, match="file_not_at_slack"):
        await link.download(url, most=3)
