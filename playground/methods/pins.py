"""pins.*: the messages that a channel keeps at hand."""

from playground import shapes
from playground.methods.reactions import message_meant
from playground.methods.table import Ask, Refused, method
from playground.state import Json, Message

_MOST_PINS = 100


def _to_pin(ask: Ask) -> tuple[Message, dict[str, int]]:
    """The message meant and what is pinned in its channel, which the bot must be in."""
    room, message = ask.channel(), message_meant(ask)
    if ask.bot not in room.members:
        raise Refused("not_in_channel")
    return message, ask.slack.state.pins.setdefault(room.id, {})


def _item(ask: Ask, message: Message, created: int) -> Json:
    link = f"https://{ask.slack.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"
    shown = shapes.message(ask.slack, message, metadata=False) | {"pinned_to": [message.channel], "permalink": link}
    return {"type": "message", "created": created, "created_by": ask.bot, "channel": message.channel, "message": shown}


def _tell(ask: Ask, kind: str, message: Message, created: int) -> None:
    pinned = ask.slack.state.pins[message.channel]
    inner = {"type": kind, "user": ask.bot, "channel_id": message.channel, "item": _item(ask, message, created), "item_user": message.user}
    ask.slack.sender.event(inner | {"pin_count": len(pinned), "event_ts": ask.slack.stamp()})


@method("pins.add", tier=2, scopes=("pins:write",), needs=("channel", "timestamp"))
def add(ask: Ask) -> Json:
    message, pinned = _to_pin(ask)
    if message.ts in pinned:
        raise Refused("already_pinned")
    if len(pinned) >= _MOST_PINS:
        raise Refused("too_many_pins")
    pinned[message.ts] = int(ask.slack.clock.now().timestamp())
    _tell(ask, "pin_added", message, pinned[message.ts])
    return {}


@method("pins.remove", tier=2, scopes=("pins:write",), needs=("channel", "timestamp"))
def remove(ask: Ask) -> Json:
    message, pinned = _to_pin(ask)
    if message.ts not in pinned:
        raise Refused("no_pin")
    _tell(ask, "pin_removed", message, pinned.pop(message.ts))
    return {}


@method("pins.list", tier=2, scopes=("pins:read",), needs=("channel",))
def list_(ask: Ask) -> Json:
    room = ask.channel()
    pinned = [(room.by_ts[ts], created) for ts, created in ask.slack.state.pins.get(room.id, {}).items()]
    return {"items": [_item(ask, message, created) for message, created in reversed(pinned)]}
