"""Two forms of the made-up company's app: one with every element that Slack has, and one that is stacked on top of it."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[Json]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def rich(*parts: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(parts)}


def said(text: str, **style: bool) -> Json:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


WHO: Json = {"type": "user", "user_id": "U_MOB"}
TERMS: Json = {
    "type": "rich_text",
    "elements": [
        rich(said("Agreed", bold=True), said(" with "), WHO, said(" & "), {"type": "link", "url": "https://b.example"}),
        {"type": "rich_text_list", "style": "bullet", "indent": 0, "border": 0, "elements": [rich(said("one")), rich(said("two"))]},
    ],
}
ELEMENTS: dict[str, Json] = {
    "Name": {"type": "plain_text_input"},
    "Mail": {"type": "email_text_input"},
    "Page": {"type": "url_text_input"},
    "Seats": {"type": "number_input", "is_decimal_allowed": False},
    "Story": {"type": "rich_text_input"},
    "Terms": {"type": "rich_text_input", "initial_value": TERMS},
    "Day": {"type": "datepicker"},
    "Hour": {"type": "timepicker"},
    "Moment": {"type": "datetimepicker"},
    "Size": {"type": "static_select", "options": options("Small", "Large")},
    "Areas": {"type": "multi_static_select", "options": options("Billing", "Mobile", "Trust")},
    "Customers": {"type": "multi_external_select", "min_query_length": 1},
    "Owner": {"type": "users_select"},
    "Helpers": {"type": "multi_users_select"},
    "Room": {"type": "channels_select"},
    "Place": {"type": "conversations_select"},
    "Risk": {"type": "radio_buttons", "options": options("Low", "High")},
    "Told": {"type": "checkboxes", "options": options("Sales", "Support")},
    "Papers": {"type": "file_input", "max_files": 2},
}


def release_form() -> Json:
    inputs = [
        {"type": "input", "block_id": label, "label": plain(label), "optional": label != "Name", "element": {"action_id": "v", **element}}
        for label, element in ELEMENTS.items()
    ]
    add = {"type": "actions", "block_id": "more", "elements": [{"type": "button", "action_id": "add_team", "text": plain("Add a team")}]}
    return {
        "type": "modal",
        "callback_id": "release",
        "title": plain("New release"),
        "submit": plain("Make"),
        "notify_on_close": True,
        "blocks": [add, *inputs],
    }


def team_form() -> Json:
    name = {"type": "input", "block_id": "team", "label": plain("Team"), "element": {"type": "plain_text_input", "action_id": "v"}}
    return {"type": "modal", "callback_id": "team", "title": plain("Which team"), "submit": plain("Add"), "blocks": [name]}


def add_forms(app: AsyncApp, sent: list[Json]) -> None:
    """`sent` gets the values of each form as it is submitted, and what was closed."""

    @app.shortcut("release:new")
    async def new(ack: Any, shortcut: Json, client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=shortcut["trigger_id"], view=release_form())

    @app.action("add_team")
    async def add_team(ack: Any, body: Json, client: Any) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=team_form())

    @app.view("team")
    async def team(ack: Any, view: Json) -> None:
        sent.append(view["state"]["values"])
        await ack()

    @app.view("release")
    async def release(ack: Any, view: Json) -> None:
        sent.append(view["state"]["values"])
        await ack()

    @app.view_closed("release")
    async def closed(ack: Any) -> None:
        await ack()
        sent.append({"closed": True})
