"""A Bolt app that knows nothing of this project works against the workspace unchanged, over HTTP and over Socket Mode."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack
from tests.playground.thirdparty import Http, build

Heard = list[dict[str, Any]]


@pytest_asyncio.fixture(params=["http", "socket"])
async def heard(request: pytest.FixtureRequest, slack: LocalSlack, client: AsyncWebClient) -> AsyncIterator[Heard]:
    app, told = build(client, slack.signing_secret)
    if request.param == "http":
        server = Http(app)
        slack.deliver_to(await server.start())
        yield told
        await server.stop()
        return
    handler = AsyncSocketModeHandler(app, slack.app_token)
    await handler.connect_async()
    await until(lambda: bool(slack.sockets.open))
    yield told
    await handler.close_async()


async def until(true: Callable[[], Any], seconds: float = 3.0) -> None:
    for _ in range(int(seconds / 0.01)):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It did not come to pass.")


async def test_a_message_is_answered_in_its_thread(slack: LocalSlack, pm: Actor, heard: Heard) -> None:
    said = await pm.say("C_PAY", "ping")
    await until(lambda: len(pm.thread("C_PAY", said.ts)) == 2)
    answer = pm.thread("C_PAY", said.ts)[1]
    assert answer.text == "pong <@U_PM>"
    assert answer.user == slack.bot_user
    assert answer not in pm.sees("C_PAY")


async def test_a_command_answers_its_asker_alone_and_its_button_replaces_the_answer(slack: LocalSlack, pm: Actor, heard: Heard) -> None:
    reply = await pm.command("C_PAY", "/hello", "Pia")
    assert (reply.status, reply.ephemeral, reply.text) == (200, True, "Hello")
    assert pm.sees("C_PAY")[-1].plain == "Hello Pia\nWave"
    assert slack.as_("U_LEAD").sees("C_PAY") == []
    pressed = await pm.press(pm.sees("C_PAY")[-1], "wave")
    assert pressed.status == 200
    await until(lambda: pm.sees("C_PAY")[-1].plain == "You waved.")
    assert len(pm.sees("C_PAY")) == 1


async def test_a_form_opens_refuses_and_closes(pm: Actor, heard: Heard) -> None:
    await pm.command("C_PAY", "/form")
    await until(lambda: pm.view)
    assert pm.view and pm.view["title"]["text"] == "A form"
    refused = await pm.submit({"Name": "bad", "Colour": "Blue"})
    assert refused.errors == {"name": "Not that one."}
    assert pm.view["state"]["values"]["colour"]["picked"]["selected_option"]["value"] == "b"
    accepted = await pm.submit({"Name": "good"})
    assert accepted.status == 200
    assert pm.view is None


async def test_a_global_shortcut_opens_a_form_that_updates_pushes_and_clears(pm: Actor, heard: Heard) -> None:
    await pm.global_shortcut("new")
    await until(lambda: pm.view)
    await pm.submit({"Name": "again"})
    assert [v["title"]["text"] for v in pm.views] == ["Again"]
    await pm.submit({"Name": "deeper"})
    assert [v["title"]["text"] for v in pm.views] == ["Again", "Deeper"]
    assert pm.views[1]["previous_view_id"] == pm.views[0]["id"]
    await pm.submit({"Name": "all"})
    assert pm.views == []


async def test_a_message_shortcut_knows_its_message(pm: Actor, heard: Heard) -> None:
    said = await pm.say("C_PAY", "Acme wants SSO")
    await pm.shortcut("note", channel="C_PAY", ts=said.ts)
    await until(lambda: pm.sees("C_PAY")[-1].text == "Noted: Acme wants SSO")
    assert pm.sees("C_PAY")[-1].ephemeral_for == "U_PM"


async def test_a_button_in_a_form_updates_it_and_keeps_what_was_typed(pm: Actor, heard: Heard) -> None:
    await pm.command("C_PAY", "/form")
    await until(lambda: pm.view)
    assert pm.view
    await pm.press(pm.view, "grow", state={"name": {"typed": {"type": "plain_text_input", "value": "half"}}})
    await until(lambda: pm.view and pm.view["title"]["text"] == "Grown")
    assert pm.view["state"]["values"]["name"]["typed"]["value"] == "half"


async def test_an_external_select_offers_what_the_app_says(pm: Actor, heard: Heard) -> None:
    await pm.command("C_PAY", "/form")
    await until(lambda: pm.view)
    assert [o["value"] for o in await pm.options("customer", "ac")] == ["acme", "acorn"]
    assert await pm.options("customer", "a") == []
    reply = await pm.submit({"Name": "x", "Customer": "Acorn"})
    assert reply.status == 200
    assert heard[-1]["view"]["state"]["values"]["customer"]["customer"]["selected_option"]["value"] == "acorn"


async def test_closing_a_form_is_told_to_the_app(pm: Actor, heard: Heard) -> None:
    await pm.command("C_PAY", "/form")
    await until(lambda: pm.view)
    reply = await pm.close()
    assert reply and reply.status == 200
    assert pm.view is None
    assert (heard[-1]["type"], heard[-1]["is_cleared"]) == ("view_closed", False)


async def test_home_is_published_when_it_is_opened(slack: LocalSlack, pm: Actor, heard: Heard) -> None:
    await pm.open_home()
    await until(lambda: pm.home)
    assert pm.home and pm.home["blocks"][0]["text"]["text"] == "*Home*"
    assert slack.as_("U_LEAD").home is None


async def test_a_file_arrives_with_its_bytes(slack: LocalSlack, pm: Actor, heard: Heard) -> None:
    await pm.say("C_PAY", f"<@{slack.bot_user}> report please")
    await until(lambda: pm.sees("C_PAY")[-1].files)
    shared = pm.sees("C_PAY")[-1]
    assert shared.text == "Here it is"
    assert slack.state.files[shared.files[0]].content == b"a,b\n1,2\n"
