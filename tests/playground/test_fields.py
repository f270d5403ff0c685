"""What a field starts with, what it says after somebody chose or typed, and what it says when it was cleared."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground import Actor, LocalSlack, NotThere
from tests.playground.test_views import Answering
from tests.playground.thirdparty import form, plain

RED: dict[str, Any] = {"text": {"type": "plain_text", "text": "Red", "emoji": True}, "value": "r"}
BLUE: dict[str, Any] = {"text": {"type": "plain_text", "text": "Blue", "emoji": True}, "value": "b"}
COLOURS = {"options": [RED, BLUE]}
WORDS = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hello"}]}]}

MARKED: dict[str, Any] = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "text", "text": " "},
                {"type": "user", "user_id": "U_PM"},
            ],
        }
    ],
}


@pytest.fixture(autouse=True)
def nobody_answers(slack: LocalSlack) -> None:
    slack.deliver_to(f"{slack.url}/nobody")


async def asked(slack: LocalSlack, client: AsyncWebClient, element: dict[str, Any]) -> None:
    block = {"type": "input", "block_id": "it", "optional": True, "label": plain("It"), "element": {**element, "action_id": "x"}}
    await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view={**form(), "blocks": [block]})


def said(slack: LocalSlack) -> dict[str, Any]:
    """What the app was told that the field holds, without the element's own type."""
    value = dict(slack.deliveries[-1].payload["view"]["state"]["values"]["it"]["x"])
    value.pop("type")
    return value


STARTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "plain_text_input", "initial_value": "a"}, {"value": "a"}),
    ({"type": "rich_text_input", "initial_value": WORDS}, {"rich_text_value": WORDS}),
    ({"type": "static_select", "initial_option": RED, **COLOURS}, {"selected_option": RED}),
    ({"type": "checkboxes", "initial_options": [RED], **COLOURS}, {"selected_options": [RED]}),
    ({"type": "datepicker", "initial_date": "2026-11-16"}, {"selected_date": "2026-11-16"}),
    ({"type": "timepicker", "initial_time": "09:00"}, {"selected_time": "09:00"}),
    ({"type": "datetimepicker", "initial_date_time": 1_795_000_000}, {"selected_date_time": 1_795_000_000}),
    ({"type": "users_select", "initial_user": "U_PM"}, {"selected_user": "U_PM"}),
    ({"type": "multi_users_select", "initial_users": ["U_PM"]}, {"selected_users": ["U_PM"]}),
    ({"type": "channels_select", "initial_channel": "C_PAY"}, {"selected_channel": "C_PAY"}),
    ({"type": "multi_channels_select", "initial_channels": ["C_PAY"]}, {"selected_channels": ["C_PAY"]}),
    ({"type": "conversations_select", "initial_conversation": "C_PAY"}, {"selected_conversation": "C_PAY"}),
    ({"type": "multi_conversations_select", "initial_conversations": ["C_PAY"]}, {"selected_conversations": ["C_PAY"]}),
]


@pytest.mark.parametrize(("element", "told"), STARTS, ids=[str(e["type"]) for e, _ in STARTS])
async def test_a_field_left_alone_says_what_it_started_with(
    slack: LocalSlack, pm: Actor, client: AsyncWebClient, element: dict[str, Any], told: dict[str, Any]
) -> None:
    await asked(slack, client, element)
    await pm.submit()
    assert said(slack) == told


CHOSEN: list[tuple[dict[str, Any], Any, dict[str, Any]]] = [
    ({"type": "static_select", **COLOURS}, "Blue", {"selected_option": BLUE}),
    ({"type": "checkboxes", **COLOURS}, "Blue", {"selected_options": [BLUE]}),
    ({"type": "checkboxes", **COLOURS}, ["Red", "b"], {"selected_options": [RED, BLUE]}),
    ({"type": "multi_users_select"}, "Leo Lind", {"selected_users": ["U_LEAD"]}),
    ({"type": "multi_users_select"}, ["U_PM", "Leo Lind"], {"selected_users": ["U_PM", "U_LEAD"]}),
    ({"type": "multi_channels_select"}, ["team-payments"], {"selected_channels": ["C_PAY"]}),
    ({"type": "rich_text_input"}, "hello", {"rich_text_value": WORDS}),
    ({"type": "rich_text_input"}, WORDS, {"rich_text_value": WORDS}),
    ({"type": "rich_text_input"}, "*bold* <@U_PM>", {"rich_text_value": MARKED}),
    ({"type": "rich_text_input", "initial_value": WORDS}, "", {"rich_text_value": None}),
    ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "3"}, 3, {"value": "3"}),
    ({"type": "timepicker", "timezone": "Europe/Berlin"}, "09:00", {"selected_time": "09:00", "timezone": "Europe/Berlin"}),
    ({"type": "plain_text_input", "initial_value": "a"}, "", {"value": None}),
    ({"type": "plain_text_input", "initial_value": "a"}, None, {"value": None}),
    ({"type": "static_select", "initial_option": RED, **COLOURS}, None, {"selected_option": None}),
    ({"type": "checkboxes", "initial_options": [RED], **COLOURS}, [], {"selected_options": []}),
    ({"type": "checkboxes", "initial_options": [RED], **COLOURS}, None, {"selected_options": []}),
]


@pytest.mark.parametrize(("element", "wanted", "told"), CHOSEN, ids=[f"{e['type']} {str(w)[:20]}" for e, w, _ in CHOSEN])
async def test_a_field_says_what_was_chosen_and_a_cleared_one_nothing(
    slack: LocalSlack, pm: Actor, client: AsyncWebClient, element: dict[str, Any], wanted: Any, told: dict[str, Any]
) -> None:
    await asked(slack, client, element)
    await pm.submit({"It": wanted})
    assert said(slack) == told


@pytest.mark.parametrize(("kind", "key"), [("external_select", "selected_option"), ("multi_external_select", "selected_options")])
async def test_only_what_the_app_offers_can_be_chosen_of_an_external_select(
    slack: LocalSlack, pm: Actor, client: AsyncWebClient, kind: str, key: str
) -> None:
    await asked(slack, client, {"type": kind, "min_query_length": 0})
    async with Answering({"options": [BLUE]}) as url:
        slack.deliver_to(url)
        with pytest.raises(NotThere, match=r"'Green' is not offered\. What is: Blue"):
            await pm.submit({"It": "Green"})
        await pm.submit({"It": "Blue"})
    assert said(slack) == {key: BLUE if kind == "external_select" else [BLUE]}


async def test_the_page_is_told_whether_a_form_or_the_home_changed(slack: LocalSlack, client: AsyncWebClient) -> None:
    queue = slack.feed.subscribe()
    opened = (await client.views_open(trigger_id=slack.triggers.issue("U_PM"), view=form()))["view"]
    await client.views_update(view_id=opened["id"], view=form("Changed"))
    for _ in range(2):
        await client.views_publish(user_id="U_PM", view={"type": "home", "blocks": []})
    told = [queue.get_nowait() for _ in range(queue.qsize())]
    assert [change["kind"] for change in told if change["kind"] in ("view", "home")] == ["view", "view", "home", "home"]
    assert {change["user"] for change in told if "user" in change} == {"U_PM"}
