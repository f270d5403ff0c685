"""Modals and Home: triggers of three seconds and one use, a stack of three, hashes, and what a form's answer may be."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack, NotThere
from tests.playground.thirdparty import form, plain


async def opened(slack: LocalSlack, client: AsyncWebClient, **changes: Any) -> dict[str, Any]:
    answer = await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view={**form(), **changes})
    return dict(answer["view"])


async def test_a_trigger_opens_one_view(slack: LocalSlack, client: AsyncWebClient) -> None:
    trigger = slack.triggers.issue("U_PM")
    await client.views_open(trigger_id=trigger, view=form())
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=form())
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await client.views_open(trigger_id="1.2.3", view=form())


@pytest.mark.parametrize(("age", "fine"), [(2.9, True), (3.1, False)])
async def test_a_trigger_lives_three_seconds(slack: LocalSlack, client: AsyncWebClient, age: float, fine: bool) -> None:
    slack.clock.frozen_limits = True
    trigger = slack.triggers.issue("U_PM")
    slack.clock.advance(timedelta(seconds=age))
    if fine:
        assert (await client.views_open(trigger_id=trigger, view=form()))["ok"]
        return
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=trigger, view=form())


async def test_moving_the_product_clock_leaves_triggers_alone(slack: LocalSlack, client: AsyncWebClient) -> None:
    trigger = slack.triggers.issue("U_PM")
    slack.clock.advance(timedelta(days=3))
    assert (await client.views_open(trigger_id=trigger, view=form()))["ok"]


async def test_three_views_stack_and_no_fourth(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    first = await opened(slack, client)
    for _ in range(2):
        await client.views_push(trigger_id=slack.triggers.issue("U_PM", first["id"]), view=form())
    assert [v["root_view_id"] for v in pm.views] == [first["id"]] * 3
    with pytest.raises(SlackApiError, match="push_limit_reached"):
        await client.views_push(trigger_id=slack.triggers.issue("U_PM", first["id"]), view=form())


async def test_a_view_is_pushed_only_from_within_a_form_that_is_open(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    home = (await client.views_publish(user_id="U_PM", view={"type": "home", "blocks": []}))["view"]
    for elsewhere in (None, home["id"]):
        with pytest.raises(SlackApiError, match="invalid_trigger_id"):
            await client.views_push(trigger_id=slack.triggers.issue("U_PM", elsewhere), view=form())
    first = await opened(slack, client)
    trigger = slack.triggers.issue("U_PM", first["id"])
    await pm.close()
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_push(trigger_id=trigger, view=form())
    assert pm.views == []


async def test_a_stale_hash_conflicts(slack: LocalSlack, client: AsyncWebClient) -> None:
    view = await opened(slack, client)
    await client.views_update(view_id=view["id"], hash=view["hash"], view=form(title="New"))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view["id"], hash=view["hash"], view=form())
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    published = (await client.views_publish(user_id="U_PM", view=home))["view"]
    assert (await client.views_publish(user_id="U_PM", view=home, hash=published["hash"]))["view"]["id"] == published["id"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id="U_PM", view=home, hash=published["hash"])


async def test_a_view_is_found_by_its_external_id_which_is_its_alone(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    await opened(slack, client, external_id="mine")
    await client.views_update(external_id="mine", view={**form(title="Changed"), "external_id": "mine"})
    assert pm.views[0]["title"]["text"] == "Changed"
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await opened(slack, client, external_id="mine")


async def test_a_closed_view_cannot_be_updated(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    view = await opened(slack, client, notify_on_close=False)
    await pm.close()
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=view["id"], view=form())


async def test_a_home_needs_to_be_switched_on_and_a_person_to_see_it(slack: LocalSlack, client: AsyncWebClient) -> None:
    home = {"type": "home", "blocks": []}
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id="U_NONE", view=home)
    slack.manifest = {**slack.manifest, "features": {"app_home": {"home_tab_enabled": False}}}
    with pytest.raises(SlackApiError, match="not_enabled"):
        await client.views_publish(user_id="U_PM", view=home)


async def test_a_modal_is_no_home_and_a_home_no_modal(slack: LocalSlack, client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id="U_PM", view=form())
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view={"type": "home", "blocks": []})


async def test_what_was_typed_stays_only_where_both_ids_stay(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    view = await opened(slack, client)
    slack.deliver_to(f"{slack.url}/nobody")
    await pm.submit({"Name": "typed"})
    await client.views_update(view_id=view["id"], view=form())
    assert pm.views[0]["state"]["values"]["name"]["typed"]["value"] == "typed"
    changed = form()
    changed["blocks"][0]["block_id"] = "name-2"
    await client.views_update(view_id=view["id"], view=changed)
    assert pm.views[0]["state"]["values"]["name-2"]["typed"]["value"] is None


REQUIRED = "Please complete this required field."


@pytest.mark.parametrize(
    ("element", "typed", "sentence"),
    [
        ({"type": "plain_text_input"}, "", REQUIRED),
        ({"type": "plain_text_input", "max_length": 3}, "four", "Please enter at most 3 characters."),
        ({"type": "plain_text_input", "min_length": 3}, "no", "Please enter at least 3 characters."),
        ({"type": "email_text_input"}, "nobody", "Please enter a valid email address."),
        ({"type": "url_text_input"}, "somewhere", "Please enter a valid URL."),
        ({"type": "number_input", "is_decimal_allowed": False}, "1.5", "Please enter a number."),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "2"}, "2.5", "Please enter a number within the limits."),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "2"}, "1", "Please enter a number within the limits."),
        ({"type": "multi_users_select", "max_selected_items": 1}, ["U_PM", "U_LEAD"], "Please choose at most 1."),
    ],
)
async def test_slack_itself_refuses_what_a_field_does_not_take(
    slack: LocalSlack, pm: Actor, client: AsyncWebClient, element: Any, typed: Any, sentence: str
) -> None:
    block = {"type": "input", "block_id": "it", "label": plain("It"), "element": {**element, "action_id": "x"}}
    await opened(slack, client, blocks=[block])
    reply = await pm.submit({"It": typed})
    assert (reply.status, reply.errors) == (0, {"it": sentence})
    assert slack.deliveries == []


async def test_a_person_cannot_use_what_is_not_on_the_screen(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    with pytest.raises(NotThere, match="no modal open"):
        await pm.submit({})
    view = await opened(slack, client)
    with pytest.raises(NotThere, match=r"no field 'Size'\. It has: Name, Colour, Customer"):
        await pm.submit({"Size": "x"})
    with pytest.raises(NotThere, match=r"'Green' is not offered\. What is: Red, Blue"):
        await pm.submit({"Name": "x", "Colour": "Green"})
    with pytest.raises(NotThere, match=r"What can be pressed: .*grow"):
        await pm.press(view, "shrink")
    with pytest.raises(NotThere, match="no longer"):
        await slack.as_("U_LEAD").press(view, "grow")


class Answering:
    """An app that acks every request alike."""

    def __init__(self, answer: Any, status: int = 200) -> None:
        self.answer, self.status = answer, status
        self.server: asyncio.Server | None = None

    async def __aenter__(self) -> str:
        import json

        body = json.dumps(self.answer).encode() if self.answer is not None else b""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
            await reader.readexactly(length)
            writer.write(b"HTTP/1.1 %d Said\r\nConnection: close\r\nContent-Type: application/json\r\n" % self.status)
            writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()
            writer.close()

        self.server = await asyncio.start_server(serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}/"

    async def __aexit__(self, *_: object) -> None:
        assert self.server
        self.server.close()
        await self.server.wait_closed()


BROKEN = [
    ({"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_errors"),
    ({"response_action": "errors", "errors": {"more": "not an input"}}, "invalid_errors"),
    ({"response_action": "errors"}, "invalid_errors"),
    ({"response_action": "dance"}, "invalid_response_action"),
    ({"text": "thanks"}, "invalid_response"),
    ({"response_action": "update", "view": {"type": "modal", "title": plain("x" * 25), "blocks": []}}, "invalid_arguments"),
    ({"response_action": "push"}, "invalid_arguments"),
    ({"response_action": "errors", "errors": []}, "invalid_errors"),
    ({"response_action": "errors", "errors": ["name"]}, "invalid_errors"),
    ({"response_action": "errors", "errors": {}}, "invalid_errors"),
    (["name"], "invalid_response"),
]


@pytest.mark.parametrize(("answer", "error"), BROKEN)
async def test_a_broken_answer_to_a_form_shows_as_trouble_and_keeps_it_open(
    slack: LocalSlack, pm: Actor, client: AsyncWebClient, answer: Any, error: str
) -> None:
    await opened(slack, client)
    async with Answering(answer) as url:
        slack.deliver_to(url)
        reply = await pm.submit({"Name": "x"})
    assert (reply.error, reply.text) == (error, "We had some trouble connecting. Try again?")
    assert len(pm.views) == 1


async def test_a_fourth_form_cannot_be_pushed_by_an_answer_either(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    for _ in range(3):
        await opened(slack, client)
    async with Answering({"response_action": "push", "view": form()}) as url:
        slack.deliver_to(url)
        reply = await pm.submit({"Name": "x"})
    assert (reply.error, len(pm.views)) == ("push_limit_reached", 3)


async def test_a_broken_ack_of_a_command_shows_as_failed(slack: LocalSlack, pm: Actor) -> None:
    async with Answering({"blocks": [{"type": "header", "text": plain("x" * 151)}], "text": "x"}) as url:
        slack.deliver_to(url)
        reply = await pm.command("C_PAY", "/hello")
    assert reply.text == '/hello failed with the error "invalid_command_response"'
    assert pm.sees("C_PAY") == []


async def test_a_command_may_answer_for_all_to_see(slack: LocalSlack, pm: Actor) -> None:
    async with Answering({"response_type": "in_channel", "text": "for all"}) as url:
        slack.deliver_to(url)
        reply = await pm.command("C_PAY", "/hello")
    assert (reply.ephemeral, slack.as_("U_LEAD").sees("C_PAY")[0].text) == (False, "for all")


async def test_too_many_options_are_none(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    await opened(slack, client)
    async with Answering({"options": [{"text": plain(str(n)), "value": str(n)} for n in range(101)]}) as url:
        slack.deliver_to(url)
        assert await pm.options("customer", "ac") == []
    async with Answering({"option_groups": [{"label": plain("G"), "options": [{"text": plain("A"), "value": "a"}]}]}) as url:
        slack.deliver_to(url)
        assert [o["value"] for o in await pm.options("customer", "ac")] == ["a"]


FINE = {"options": [{"text": plain("A"), "value": "a"}]}
BARE: list[tuple[Any, int]] = [
    (FINE, 500),
    ([1], 200),
    ("words", 200),
    ({"options": [{"text": plain("A")}]}, 200),
    ({"option_groups": [{}]}, 200),
]


@pytest.mark.parametrize(("answer", "status"), BARE)
async def test_a_broken_answer_offers_no_options(slack: LocalSlack, pm: Actor, client: AsyncWebClient, answer: Any, status: int) -> None:
    await opened(slack, client)
    async with Answering(FINE) as url:
        slack.deliver_to(url)
        assert len(await pm.options("customer", "ac")) == 1
    async with Answering(answer, status) as url:
        slack.deliver_to(url)
        assert await pm.options("customer", "ac") == []


@pytest.mark.parametrize("status", [201, 299, 300, 404, 500])
async def test_only_an_ack_closes_a_form(slack: LocalSlack, pm: Actor, client: AsyncWebClient, status: int) -> None:
    await opened(slack, client)
    async with Answering(None, status) as url:
        slack.deliver_to(url)
        reply = await pm.submit({"Name": "x"})
    assert (pm.view is None, reply.error) == ((True, "") if status < 300 else (False, "dispatch_failed"))


async def test_an_external_select_in_a_message_is_asked_for_too(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    element = {"type": "external_select", "action_id": "customer"}
    await client.chat_postMessage(channel="C_PAY", text="x", blocks=[{"type": "actions", "elements": [element]}])
    async with Answering(FINE) as url:
        slack.deliver_to(url)
        assert await pm.options("customer", "ac", pm.sees("C_PAY")[0]) == []  # fewer than three letters, as nothing else is said
        assert [o["value"] for o in await pm.options("customer", "acm", pm.sees("C_PAY")[0])] == ["a"]
    asked = slack.deliveries[-1].payload
    assert (asked["type"], asked["value"], asked["container"]["type"], asked["channel"]["id"]) == (
        "block_suggestion",
        "acm",
        "message",
        "C_PAY",
    )


async def test_commands_and_shortcuts_that_the_app_lacks(slack: LocalSlack, pm: Actor) -> None:
    said = await pm.say("C_PAY", "x")
    assert (await pm.command("C_PAY", "/unknown")).text == "/unknown is not a valid command."
    assert (await slack.as_("U_OUT").command("C_PAY", "/hello")).error == "invalid_command"
    with pytest.raises(NotThere):
        await pm.shortcut("new", channel="C_PAY", ts=said.ts)
    with pytest.raises(NotThere):
        await pm.global_shortcut("note")


async def test_a_press_that_is_not_acked_shows_as_failed(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    view = await opened(slack, client)
    async with Answering(None, 500) as url:
        slack.deliver_to(url)
        assert (await pm.press(view, "grow")).error == "dispatch_failed"
        assert (await pm.command("C_PAY", "/hello")).text == "dispatch_failed"
    async with Answering(None) as url:
        slack.deliver_to(url)
        assert (await pm.press(view, "grow")).error == ""


@pytest.mark.parametrize("answer", [None, {}, {"response_type": "in_channel"}])
async def test_a_command_may_answer_nothing(slack: LocalSlack, pm: Actor, answer: Any) -> None:
    async with Answering(answer) as url:
        slack.deliver_to(url)
        reply = await pm.command("C_PAY", "/hello")
    assert (reply.status, reply.error, reply.text) == (200, "", "")
    assert pm.sees("C_PAY") == []
