"""reactions.*: small marks on messages."""

import re

from playground import rooms, shapes
from playground.methods.table import Ask, Refused, method
from playground.state import Json, Message

_EMOJI = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")
_MOST_REACTIONS = 50


def message_meant(ask: Ask) -> Message:
    message = ask.channel().message(ask.text("timestamp"))
    if message is None or message.is_stone:
        raise Refused("message_not_found")
    return message


def _marked(ask: Ask) -> tuple[Message, str]:
    room, message = ask.channel(), message_meant(ask)
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
    message = message_meant(ask)
    return {"type": "message", "channel": message.channel, "message": shapes.message(ask.slack, message, metadata=False)}
