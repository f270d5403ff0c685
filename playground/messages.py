"""Puts messages into channels, changes and deletes them, and tells the app and the page of it."""

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from playground import shapes, typed
from playground.state import Channel, Json, Message

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

INTERACTIVE_TYPES = frozenset(
    [
        "button",
        "checkboxes",
        "datepicker",
        "datetimepicker",
        "email_text_input",
        "feedback_buttons",
        "file_input",
        "icon_button",
        "number_input",
        "overflow",
        "plain_text_input",
        "radio_buttons",
        "rich_text_input",
        "timepicker",
        "url_text_input",
        "workflow_button",
        "static_select",
        "external_select",
        "users_select",
        "conversations_select",
        "channels_select",
        "multi_static_select",
        "multi_external_select",
        "multi_users_select",
        "multi_conversations_select",
        "multi_channels_select",
    ]
)
_STONE: Json = {
    "user": "USLACKBOT",
    "subtype": "tombstone",
    "text": "This message was deleted.",
    "blocks": [],
    "attachments": [],
    "files": [],
    "reactions": {},
    "metadata": None,
    "edited": None,
    "bot": False,
    "username": "",
    "icon_emoji": "",
}
_LINK = re.compile(r"<(https?://[^|>]+)(?:\|[^>]*)?>|(https?://[^\s<>]+)")


def fill_in(slack: "LocalSlack", blocks: list[Json]) -> list[Json]:
    """Gives blocks and interactive elements the ids that Slack makes up where the app gave none, and texts their defaults."""
    for block in blocks:
        block.setdefault("block_id", slack.state.ids.new("", 5))
        _fill_in(slack, block)
    return blocks


def _fill_in(slack: "LocalSlack", node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _fill_in(slack, item)
        return
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    if kind == "plain_text":
        node.setdefault("emoji", True)
    elif kind == "mrkdwn":
        node.setdefault("verbatim", False)
    elif kind in INTERACTIVE_TYPES and not node.get("action_id"):
        node["action_id"] = slack.state.ids.new("", 5)
    for value in node.values():
        if type(value) in (dict, list):
            _fill_in(slack, value)


def post(slack: "LocalSlack", room: Channel, user: str, text: str, **more: Any) -> Message:
    """A new message at the workspace's time; ephemeral ones are shown and forgotten, others are told to the app as events."""
    blocks = fill_in(slack, more.pop("blocks", None) or [])
    message = Message(channel=room.id, ts=slack.stamp(), user=user, text=text, blocks=blocks, **more)
    if message.broadcast:
        message.subtype = "thread_broadcast"
    room.timeline.append(message)
    room.closed = False
    room.by_ts[message.ts] = message
    if message.is_reply and message.ephemeral_for is None and message.thread_ts in room.by_ts:
        room.by_ts[message.thread_ts].thread_ts = message.thread_ts
    if message.ephemeral_for is not None:
        slack.feed.tell("ephemeral", channel=room.id, ts=message.ts, user=message.ephemeral_for)
        return message
    slack.feed.tell("message", channel=room.id, ts=message.ts)
    if slack.sender.listens:
        slack.sender.event(_event(slack, room, shapes.message(slack, message)))
        _tell_of_mentions_and_links(slack, room, message)
    return message


def rich_text(slack: "LocalSlack", text: str) -> list[Json]:
    """What Slack makes of words typed by a person: one rich_text block."""
    return [{"type": "rich_text", "block_id": slack.state.ids.new("", 5), "elements": typed.elements(text)}]


def update(slack: "LocalSlack", message: Message, by: str, **changes: Any) -> Message:
    """Changes what is given; a change of words marks the message as edited, a change of blocks alone does not."""
    room = slack.state.channels[message.channel]
    before = shapes.message(slack, message)
    if "blocks" in changes:
        changes["blocks"] = fill_in(slack, changes["blocks"] or [])
    if changes.get("text", message.text) != message.text:
        message.edited = {"user": by, "ts": slack.stamp()}
    for name, value in changes.items():
        setattr(message, name, value)
    slack.feed.tell("update", channel=room.id, ts=message.ts)
    if message.ephemeral_for is None:
        after = shapes.message(slack, message)
        inner = {"type": "message", "subtype": "message_changed", "message": after, "previous_message": before, "hidden": True}
        slack.sender.event(_event(slack, room, inner | {"ts": slack.stamp()}))
        if "text" in changes:
            _tell_of_mentions(slack, room, message)
    return message


def delete(slack: "LocalSlack", message: Message) -> None:
    """Takes a message away; the first of a thread leaves a stone in its place for as long as there are replies."""
    room = slack.state.channels[message.channel]
    slack.state.pins.get(room.id, {}).pop(message.ts, None)
    if message.ephemeral_for is None and room.replies(message.ts):
        update(slack, message, message.user, **deepcopy(_STONE))
        return
    before = shapes.message(slack, message)
    message.deleted = True
    slack.feed.tell("delete", channel=room.id, ts=message.ts)
    if message.ephemeral_for is None:
        inner = {"type": "message", "subtype": "message_deleted", "deleted_ts": message.ts, "previous_message": before, "hidden": True}
        slack.sender.event(_event(slack, room, inner | {"ts": slack.stamp()}))
    first = room.message(message.thread_ts or "")
    if message.is_reply and first and first.is_stone:
        delete(slack, first)


def _event(slack: "LocalSlack", room: Channel, shape: Json) -> Json:
    kind = {"im": "im", "mpim": "mpim"}.get(room.kind, "group" if room.private else "channel")
    return {**shape, "channel": room.id, "channel_type": kind, "event_ts": shape["ts"]}


def _tell_of_mentions(slack: "LocalSlack", room: Channel, message: Message) -> None:
    """Of an edited message too, under a new event id."""
    if not message.bot and f"<@{slack.bot_user}>" in message.text and slack.bot_user in room.members:
        shape = shapes.message(slack, message)
        slack.sender.event(shape | {"type": "app_mention", "channel": room.id, "event_ts": message.ts})


def _tell_of_mentions_and_links(slack: "LocalSlack", room: Channel, message: Message) -> None:
    if message.bot:
        return
    _tell_of_mentions(slack, room, message)
    links = [{"domain": _domain(url), "url": url} for url in _links(message.text)]
    shared = [link for link in links if slack.unfurls(link["domain"])]
    if shared:
        inner = {"type": "link_shared", "channel": room.id, "user": message.user, "message_ts": message.ts, "links": shared}
        thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
        known = {
            "is_bot_user_member": slack.bot_user in room.members,
            "unfurl_id": f"{room.id}-{message.ts}",
            "source": "conversations_history",
        }
        slack.sender.event({**inner, **thread, **known, "event_ts": slack.stamp()})


def _links(text: str) -> list[str]:
    return [found[1] or found[2] for found in _LINK.finditer(text)]


def _domain(url: str) -> str:
    return url.split("/")[2].split(":")[0]
