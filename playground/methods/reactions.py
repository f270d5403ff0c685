"""reactions.*, pins and bookmarks: small marks on messages and channels."""

import re

from playground import rooms, shapes
from playground.methods.table import Ask, Refused, method
from playground.state import Json, Message

_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
_MOST_REACTIONS = 50


def _marked(ask: Ask) -> tuple[Message, str]:
    room = ask.channel()
    message = room.by_ts.get(ask.text("timestamp"))
    if message is None or message.deleted or message.ephemeral_for is not None:
        raise Refused("message_not_found")
    if room.archived:
        raise Refused("is_archived")
    if ask.bot not in room.members:
        raise Refused("not_in_channel")
    name = ask.text("name").strip(":")
    if not _EMOJI.fullmatch(name):
        raise Refused("invalid_name")
    return message, name


@method("reactions.add", tier=3, scopes=("reactions:write",), needs=("channel", "timestamp", "name"))
def add(ask: Ask) -> Json:
    message, name = _marked(ask)
    if ask.bot in message.reactions.get(name, []):
        raise Refused("already_reacted")
    if name not in message.reactions and len(message.reactions) >= _MOST_REACTIONS:
        raise Refused("too_many_emoji")
    rooms.react(ask.slack, ask.channel(), message.ts, name, ask.bot)
    return {}


@method("reactions.remove", tier=2, scopes=("reactions:write",), needs=("channel", "timestamp", "name"))
def remove(ask: Ask) -> Json:
    message, name = _marked(ask)
    if ask.bot not in message.reactions.get(name, []):
        raise Refused("no_reaction")
    rooms.react(ask.slack, ask.channel(), message.ts, name, ask.bot, added=False)
    return {}


@method("reactions.get", tier=3, scopes=("reactions:read",), needs=("channel", "timestamp"))
def get(ask: Ask) -> Json:
    room = ask.channel()
    message = room.by_ts.get(ask.text("timestamp"))
    if message is None or message.deleted or message.ephemeral_for is not None:
        raise Refused("message_not_found")
    return {"type": "message", "channel": room.id, "message": shapes.message(ask.slack, message, metadata=False)}


@method("bookmarks.add", tier=2, scopes=("bookmarks:write",), needs=("channel_id", "title", "type"))
def add_bookmark(ask: Ask) -> Json:
    room = ask.channel("channel_id")
    if ask.bot not in room.members:
        raise Refused("not_in_channel")
    if ask.text("type") != "link":
        raise Refused("invalid_bookmark_type")
    if not ask.text("link").startswith(("http://", "https://")):
        raise Refused("invalid_link")
    bookmark: Json = {"id": ask.slack.state.ids.new("Bk"), "channel_id": room.id, "title": ask.text("title"), "link": ask.text("link")}
    bookmark |= {"type": "link", "emoji": ask.text("emoji"), "app_id": ask.slack.app_id, "date_created": ask.slack.created}
    ask.slack.state.bookmarks.setdefault(room.id, []).append(bookmark)
    return {"bookmark": bookmark}


@method("bookmarks.list", tier=3, scopes=("bookmarks:read",), needs=("channel_id",))
def bookmarks(ask: Ask) -> Json:
    return {"bookmarks": ask.slack.state.bookmarks.get(ask.channel("channel_id").id, [])}
