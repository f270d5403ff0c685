"""What a person at the keyboard can do, and what the app is told of it."""

from datetime import datetime
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack, NotThere
from tests.playground.thirdparty import plain


def buttons(*labels: str) -> list[dict[str, Any]]:
    """A row each, all with the same action_id, as lists of records have them."""

    def button(name: str) -> dict[str, Any]:
        return {"type": "button", "action_id": "open", "text": plain(f"Open {name}"), "value": name.lower()}

    return [{"type": "section", "text": plain(name), "accessory": button(name)} for name in labels]


@pytest.fixture(autouse=True)
def nobody_answers(slack: LocalSlack) -> None:
    slack.deliver_to(f"{slack.url}/nobody")
    slack.sender.retry_divisor = 1e9


async def test_of_many_alike_the_button_meant_is_pressed(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    await client.chat_postMessage(channel="C_PAY", text="x", blocks=buttons("Falcon", "Osprey"))
    await pm.press(pm.sees("C_PAY")[0], "open", "Open Osprey")
    await pm.press(pm.sees("C_PAY")[0], "open", "falcon")
    pressed = [d.payload["actions"][0]["value"] for d in slack.deliveries if d.kind == "interactive"]
    assert pressed == ["osprey", "falcon"]


async def test_a_press_on_an_ephemeral_message_tells_only_its_ts(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    ts = (await client.chat_postEphemeral(channel="C_PAY", user="U_PM", text="x", blocks=buttons("Falcon")))["message_ts"]
    message = pm.sees("C_PAY")[0]
    await pm.press(message, "open")
    payload = slack.deliveries[-1].payload
    assert payload["container"] == {"type": "message", "message_ts": ts, "channel_id": "C_PAY", "is_ephemeral": True}
    assert "message" not in payload
    with pytest.raises(NotThere, match="does not see"):
        await slack.as_("U_LEAD").press(message, "open")
    with pytest.raises(NotThere, match="no shortcuts"):
        await pm.shortcut("note", channel="C_PAY", ts=ts)


async def test_a_press_in_home_carries_the_home(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    await client.views_publish(user_id="U_PM", view={"type": "home", "private_metadata": "m", "blocks": buttons("Falcon")})
    assert pm.home
    await pm.press(pm.home, "open")
    payload = slack.deliveries[-1].payload
    assert (payload["view"]["type"], payload["view"]["private_metadata"], payload["view"]["hash"]) == ("home", "m", pm.home["hash"])
    assert payload["container"] == {"type": "view", "view_id": pm.home["id"]}


async def test_what_is_chosen_in_a_message_travels_with_the_next_press(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    select = {"type": "static_select", "action_id": "day", "options": [{"text": plain(d), "value": d[:2]} for d in ("Monday", "Friday")]}
    blocks = [{"type": "actions", "block_id": "b", "elements": [select, {"type": "button", "action_id": "go", "text": plain("Go")}]}]
    await client.chat_postMessage(channel="C_PAY", text="x", blocks=blocks)
    message = pm.sees("C_PAY")[0]
    await pm.press(message, "day", "Friday")
    assert slack.deliveries[-1].payload["actions"][0]["selected_option"]["value"] == "Fr"
    await pm.press(message, "go")
    assert slack.deliveries[-1].payload["state"]["values"]["b"]["day"]["selected_option"]["value"] == "Fr"
    await slack.as_("U_LEAD").press(message, "go")
    assert slack.deliveries[-1].payload["state"]["values"]["b"]["day"]["selected_option"] is None


ONE = {"text": {"type": "plain_text", "text": "One", "emoji": True}, "value": "1"}
ELEMENTS: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    ({"type": "datepicker"}, "2026-11-16", {"selected_date": "2026-11-16"}),
    ({"type": "timepicker"}, "09:00", {"selected_time": "09:00"}),
    ({"type": "datetimepicker"}, 1_795_000_000, {"selected_date_time": 1_795_000_000}),
    ({"type": "users_select"}, "Pia Marsh", {"selected_user": "U_PM"}),
    ({"type": "channels_select"}, "team-payments", {"selected_channel": "C_PAY"}),
    ({"type": "conversations_select"}, "C_PAY", {"selected_conversation": "C_PAY"}),
    ({"type": "overflow", "options": [ONE]}, "One", {"selected_option": ONE}),
]


@pytest.mark.parametrize(("element", "wanted", "told"), ELEMENTS, ids=[str(e["type"]) for e, _, _ in ELEMENTS])
async def test_each_element_says_what_was_chosen(
    slack: LocalSlack, pm: Actor, client: AsyncWebClient, element: dict[str, Any], wanted: Any, told: dict[str, Any]
) -> None:
    await client.chat_postMessage(channel="C_PAY", text="x", blocks=[{"type": "actions", "elements": [{**element, "action_id": "a"}]}])
    await pm.press(pm.sees("C_PAY")[0], "a", wanted)
    action = slack.deliveries[-1].payload["actions"][0]
    assert {name: action[name] for name in told} == told


async def test_people_stay_where_they_may_be(slack: LocalSlack, pm: Actor) -> None:
    with pytest.raises(NotThere, match="not in #secret"):
        await pm.say("C_SECRET", "hello?")
    with pytest.raises(NotThere, match="archived"):
        await pm.say("C_OLD", "hello?")
    said = await slack.as_("U_LEAD").say("C_PAY", "mine")
    with pytest.raises(NotThere, match="own messages"):
        await pm.edit("C_PAY", said.ts, "yours")
    with pytest.raises(NotThere, match="sees no message"):
        await pm.react("C_PAY", "1.1", "memo")


async def test_closing_everything_tells_of_every_form_that_asked(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    view = {"type": "modal", "title": plain("x"), "blocks": [], "notify_on_close": True}
    first = (await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view=view))["view"]
    await client.views_push(trigger_id=slack.triggers.issue("U_PM", first["id"]), view=view)
    await pm.close(everything=True)
    assert pm.views == []
    assert [d.payload["is_cleared"] for d in slack.deliveries] == [True, True]


async def test_unread_marks_go_when_the_channel_is_read(slack: LocalSlack, pm: Actor) -> None:
    await slack.as_("U_LEAD").say("C_PAY", "for <@U_PM>")
    room = slack.snapshot("U_PM")["channels"][0]
    assert (room["unread"], room["mentioned"]) == (1, True)
    pm.mark_read("C_PAY")
    assert slack.snapshot("U_PM")["channels"][0]["unread"] == 0


async def test_a_private_word_with_the_bot(slack: LocalSlack, pm: Actor) -> None:
    said = await pm.say(slack.bot_user, "help")
    await slack.settled()
    event = slack.deliveries[-1].payload["event"]
    assert (event["channel"], event["channel_type"], event["text"]) == (said.channel, "im", "help")


async def test_typed_words_become_rich_text(slack: LocalSlack, pm: Actor) -> None:
    said = await pm.say("C_PAY", "hi <@U_LEAD>, a &amp; b https://example.com/x")
    parts = said.blocks[0]["elements"][0]["elements"]
    assert [p["type"] for p in parts] == ["text", "user", "text", "link"]
    assert parts[2]["text"] == ", a & b "


async def test_what_is_not_there_cannot_be_used(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    element = {"type": "users_select", "action_id": "who"}
    await client.chat_postMessage(channel="C_PAY", text="x", blocks=[{"type": "actions", "elements": [element]}])
    message = pm.sees("C_PAY")[0]
    with pytest.raises(NotThere, match="nobody and nothing"):
        await pm.press(message, "who", "Somebody Else")
    await client.chat_delete(channel="C_PAY", ts=message.ts)
    with pytest.raises(NotThere, match="was deleted"):
        await pm.press(message, "who", "Pia Marsh")
    with pytest.raises(NotThere, match="sees no message"):
        await pm.shortcut("note", channel="C_PAY", ts=message.ts)
    with pytest.raises(NotThere, match="sees no message"):
        await pm.react("C_PAY", message.ts, "memo")


async def test_what_is_chosen_in_a_form_stays_there_and_a_closed_form_takes_nothing(
    slack: LocalSlack, pm: Actor, client: AsyncWebClient
) -> None:
    element = {"type": "static_select", "action_id": "day", "options": [ONE]}
    blocks = [{"type": "actions", "block_id": "b", "elements": [element, {"type": "button", "action_id": "go", "text": plain("Go")}]}]
    view = {"type": "modal", "title": plain("x"), "blocks": blocks}
    opened = (await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view=view))["view"]
    await pm.press(opened, "day", "One")
    await pm.press(opened, "go")
    values = slack.deliveries[-1].payload["view"]["state"]["values"]
    assert values == {"b": {"day": {"type": "static_select", "selected_option": ONE}}}
    await pm.close()
    with pytest.raises(NotThere, match="no longer"):
        await pm.press(opened, "go")


async def test_a_form_without_a_button_cannot_be_sent(slack: LocalSlack, pm: Actor, client: AsyncWebClient) -> None:
    view = {"type": "modal", "title": plain("x"), "blocks": [{"type": "divider"}]}
    await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view=view)
    with pytest.raises(NotThere, match="no button to submit"):
        await pm.submit()
    assert slack.deliveries == []


async def test_a_reaction_is_given_once_and_taken_once(slack: LocalSlack, pm: Actor) -> None:
    said = await pm.say("C_PAY", "x")
    for _ in range(2):
        await pm.react("C_PAY", said.ts, "memo")
    assert said.reactions == {"memo": ["U_PM"]}
    for _ in range(2):
        await pm.unreact("C_PAY", said.ts, "memo")
    assert said.reactions == {}
    with pytest.raises(NotThere, match="not in #news"):
        await slack.as_("U_LEAD").react("C_NEWS", (await pm.say("C_NEWS", "x")).ts, "memo")


async def test_a_company_is_made_of_people_who_are_there(slack: LocalSlack) -> None:
    with pytest.raises(ValueError, match=r"No such member: U_NONE\. Add people"):
        slack.channel("C_ONE", name="one", members=["U_PM", "U_NONE"])
    with pytest.raises(ValueError, match="a time with a zone"):
        slack.clock.move_to(datetime(2026, 11, 23, 9))  # noqa: DTZ001
