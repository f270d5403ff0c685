"""chat.*: posting, changing and deleting messages, ephemeral ones, permalinks and unfurls."""

from typing import Any

from playground import limits, messages, rooms, shapes
from playground.grants import messages_enabled
from playground.methods.table import Ask, Refused, method
from playground.state import Channel, Json, Message

UPDATE_TEXT = 4_000


def target(ask: Ask, direct: bool = True) -> Channel:
    """Where a message goes: a channel id, a name with #, or a user id, which opens the DM."""
    wanted = ask.text("channel")
    state = ask.slack.state
    if direct and wanted in state.members:
        return _direct(ask, wanted)
    if wanted.startswith("#"):
        found = next((room.id for room in state.channels.values() if room.name == wanted[1:] and room.kind == "channel"), "")
        ask.args = {**ask.args, "channel": found}
    room = ask.channel()
    if room.archived:
        raise Refused("is_archived")
    return room


def _direct(ask: Ask, user: str) -> Channel:
    person = ask.slack.state.members[user]
    if person.bot:
        raise Refused("cannot_dm_bot")
    if person.deleted:
        raise Refused("channel_not_found")
    if not messages_enabled(ask.slack.manifest):
        raise Refused("messages_tab_disabled")
    return rooms.open_dm(ask.slack, ask.bot, user)


def words(ask: Ask) -> dict[str, Any]:
    """text, blocks, attachments and metadata of a call, checked against Slack's limits."""
    blocks, attachments = ask.json("blocks", "invalid_blocks_format"), ask.json("attachments", "invalid_attachments")
    text = ask.text("text")
    if not text.strip() and not blocks and not attachments:
        raise Refused("no_text")
    limits.check_message(text, blocks, attachments)
    return {"text": text[: limits.MESSAGE_TEXT], "blocks": blocks or [], "attachments": attachments or [], "metadata": metadata(ask)}


def metadata(ask: Ask) -> Json | None:
    try:
        value = ask.json("metadata", "invalid_metadata_format")
    except Refused:
        raise Refused("invalid_metadata_format") from None
    if value is None:
        return None
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str) or not isinstance(value.get("event_payload"), dict):
        raise Refused("invalid_metadata_schema", response_metadata={"messages": ["[ERROR] needs event_type and event_payload"]})
    return {"event_type": value["event_type"], "event_payload": value["event_payload"]}


def thread(ask: Ask, room: Channel) -> str | None:
    """The thread to answer in; a reply's own ts means the thread that it is in."""
    ts = ask.text("thread_ts")
    if not ts:
        return None
    parent = room.by_ts.get(ts)
    if parent is None or parent.ephemeral_for:
        raise Refused("thread_not_found" if "." in ts else "invalid_thread_ts")
    return parent.thread_ts or ts


@method("chat.postMessage", tier=0, scopes=("chat:write",), needs=("channel",))
def post_message(ask: Ask) -> Json:
    room = target(ask)
    if ask.bot not in room.members and not (ask.may("chat:write.public") and room.kind == "channel"):
        raise Refused("not_in_channel")
    if (ask.text("username") or ask.text("icon_emoji") or ask.text("icon_url")) and not ask.may("chat:write.customize"):
        ask.require("chat:write.customize")
    said = words(ask)
    where = thread(ask, room)
    wait = ask.slack.wait_for_channel(room.id)
    if wait:
        raise Refused("ratelimited", retry_after=wait)
    shown: dict[str, Any] = {
        "username": ask.text("username"),
        "icon_emoji": ask.text("icon_emoji"),
        "broadcast": bool(where) and ask.flag("reply_broadcast"),
    }
    message = messages.post(ask.slack, room, ask.bot, bot=True, thread_ts=where, **said, **shown)
    return {"channel": room.id, "ts": message.ts, "message": shapes.message(ask.slack, message)}


@method("chat.postEphemeral", tier=4, scopes=("chat:write",), needs=("channel", "user"))
def post_ephemeral(ask: Ask) -> Json:
    room = target(ask, direct=False)
    if ask.bot not in room.members and not (ask.may("chat:write.public") and room.kind == "channel"):
        raise Refused("not_in_channel")
    user = ask.text("user")
    if user not in room.members:
        raise Refused("user_not_in_channel")
    said = words(ask)
    said.pop("metadata")
    message = messages.post(ask.slack, room, ask.bot, bot=True, ephemeral_for=user, thread_ts=thread(ask, room), **said)
    return {"message_ts": message.ts}


def own_message(ask: Ask, cannot: str) -> Message:
    room = ask.channel()
    message = room.message(ask.text("ts"))
    if message is None or message.is_stone:
        raise Refused("message_not_found")
    if message.user != ask.bot:
        raise Refused(cannot)
    if room.archived:
        raise Refused("is_archived")
    return message


@method("chat.update", tier=3, scopes=("chat:write",), needs=("channel", "ts"))
def update(ask: Ask) -> Json:
    """Text without blocks removes the blocks; blocks alone keep the text."""
    message = own_message(ask, "cant_update_message")
    said = words(ask)
    if len(said["text"]) > UPDATE_TEXT:
        raise Refused("msg_too_long")
    changes: Json = {"blocks": said["blocks"], "attachments": said["attachments"]}
    if "text" in ask.args:
        changes["text"] = said["text"]
    if said["metadata"] is not None:
        changes["metadata"] = said["metadata"]
    messages.update(ask.slack, message, ask.bot, **changes)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shapes.message(ask.slack, message)}


@method("chat.delete", tier=3, scopes=("chat:write",), needs=("channel", "ts"))
def delete(ask: Ask) -> Json:
    message = own_message(ask, "cant_delete_message")
    messages.delete(ask.slack, message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink", tier=0, needs=("channel", "message_ts"))
def permalink(ask: Ask) -> Json:
    room, ts = ask.channel(), ask.text("message_ts")
    message = room.message(ts)
    if message is None:
        raise Refused("message_not_found")
    link = f"https://{ask.slack.domain}.slack.com/archives/{room.id}/p{ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread_ts}&cid={room.id}"
    return {"channel": room.id, "permalink": link}


@method("chat.unfurl", tier=3, scopes=("links:write",), needs=("unfurls",))
def unfurl(ask: Ask) -> Json:
    cards = ask.json("unfurls", "invalid_unfurls_format")
    if not isinstance(cards, dict) or not all(isinstance(card, dict) for card in cards.values()):
        raise Refused("invalid_unfurls_format")
    place, _, stamp = ask.text("unfurl_id").partition("-")
    room = ask.slack.state.channels.get(place or ask.text("channel"))
    message = room.message(stamp or ask.text("ts")) if room else None
    if message is None:
        raise Refused("cannot_find_message")
    for url, card in cards.items():
        if url not in message.text:
            raise Refused("cannot_unfurl_url")
        limits.check_message("", card.get("blocks"), None)
        blocks = messages.fill_in(ask.slack, card.get("blocks") or [])
        message.attachments.append({**card, "blocks": blocks, "from_url": url, "app_unfurl_url": url, "is_app_unfurl": True})
    ask.slack.feed.tell("update", channel=message.channel, ts=message.ts)
    return {}
