"""conversations.* that change a channel: joining and leaving, inviting and removing, making, naming, describing, closing it."""

import re

from playground import rooms, shapes
from playground.methods.table import Ask, Refused, bad_arguments, method
from playground.state import Channel, Json

_WRITE = {"channels": "channels:manage", "groups": "groups:write", "im": "im:write", "mpim": "mpim:write"}
_ANY = tuple(_WRITE.values())
_NAME = re.compile(r"[\w-]{1,80}")
_MOST_INVITED = 1_000


def changeable(ask: Ask, narrower: str = "") -> Channel:
    """The conversation asked for; the scope that changes its kind must be granted, or the narrower one that allows just this."""
    room = ask.channel()
    ask.require(_WRITE[room.scope], *([f"{room.scope}:write.{narrower}"] if narrower else []))
    return room


def open_channel(ask: Ask, narrower: str = "") -> Channel:
    """A channel, not a private conversation, that the bot is in and that is not archived."""
    room = changeable(ask, narrower)
    _check_kind(room)
    _check_member(ask, room)
    _check_open(room)
    return room


def _check_kind(room: Channel) -> None:
    if room.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")


def _check_member(ask: Ask, room: Channel) -> None:
    if ask.bot not in room.members:
        raise Refused("not_in_channel")


def _check_open(room: Channel) -> None:
    if room.archived:
        raise Refused("is_archived")


@method("conversations.join", tier=3, scopes=("channels:join",), needs=("channel",))
def join(ask: Ask) -> Json:
    room = ask.channel()
    if room.kind != "channel" or room.private:
        raise Refused("method_not_supported_for_channel_type")
    _check_open(room)
    already = ask.bot in room.members
    rooms.join(ask.slack, room, ask.bot)
    shape: Json = {"channel": shapes.channel(ask.slack, room, ask.bot)}
    return shape | ({"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}} if already else {})


@method("conversations.leave", tier=3, scopes=_ANY, needs=("channel",))
def leave(ask: Ask) -> Json:
    room = changeable(ask)
    _check_kind(room)
    _check_open(room)
    if room.name == "general":
        raise Refused("cant_leave_general")
    if ask.bot not in room.members:
        return {"not_in_channel": True}
    if len(room.members) == 1:
        raise Refused("last_member")
    rooms.leave(ask.slack, room, ask.bot)
    return {}


@method("conversations.invite", tier=3, scopes=(*_ANY, "channels:write.invites", "groups:write.invites"), needs=("channel", "users"))
def invite(ask: Ask) -> Json:
    room, users = open_channel(ask, "invites"), ask.names("users")
    if len(users) > _MOST_INVITED:
        raise Refused("too_many_users")
    faults = [{"ok": False, "error": error, "user": user} for user in users if (error := _cannot_invite(ask, room, user))]
    if faults and not (ask.flag("force") and len(faults) < len(users)):
        raise Refused(str(faults[0]["error"]), errors=faults)
    for user in users:
        if not _cannot_invite(ask, room, user):
            rooms.join(ask.slack, room, user, inviter=ask.bot)
    return {"channel": shapes.channel(ask.slack, room, ask.bot)}


def _cannot_invite(ask: Ask, room: Channel, user: str) -> str:
    if user not in ask.slack.state.members:
        return "user_not_found"
    if user == ask.bot:
        return "cant_invite_self"
    return "already_in_channel" if user in room.members else ""


@method("conversations.kick", tier=3, scopes=_ANY, needs=("channel", "user"))
def kick(ask: Ask) -> Json:
    room, user = open_channel(ask), ask.member().id
    if user == ask.bot:
        raise Refused("cant_kick_self")
    if room.name == "general":
        raise Refused("cant_kick_from_general")
    if user not in room.members:
        raise Refused("not_in_channel")
    rooms.leave(ask.slack, room, user)
    return {"errors": {}}


@method("conversations.close", tier=2, scopes=_ANY, needs=("channel",))
def close(ask: Ask) -> Json:
    """A private conversation leaves the bot's list, and what was said in it stays; nobody else is told."""
    room = changeable(ask)
    if room.kind == "channel":
        raise Refused("method_not_supported_for_channel_type")
    if room.closed:
        return {"no_op": True, "already_closed": True}
    room.closed = True
    return {}


@method("conversations.mark", tier=3, scopes=_ANY, needs=("channel", "ts"))
def mark(ask: Ask) -> Json:
    room = changeable(ask)
    _check_member(ask, room)
    try:
        float(ask.text("ts"))
    except ValueError:
        raise Refused("invalid_timestamp") from None
    ask.slack.state.members[ask.bot].read[room.id] = ask.text("ts")
    return {}


def checked_name(ask: Ask) -> str:
    name = ask.text("name")
    if not name:
        raise Refused("invalid_name_required")
    if len(name) > 80:
        raise Refused("invalid_name_maxlength")
    if not _NAME.fullmatch(name) or name != name.lower():
        raise Refused("invalid_name_specials")
    if not name.strip("-_"):
        raise Refused("invalid_name_punctuation")
    if any(room.name == name for room in ask.slack.state.channels.values()):
        raise Refused("name_taken")
    return name


@method("conversations.create", tier=2, scopes=("channels:manage", "groups:write"))
def create(ask: Ask) -> Json:
    private = ask.flag("is_private")
    ask.require("groups:write" if private else "channels:manage")
    room = ask.slack.channel(ask.slack.state.ids.new("C"), checked_name(ask), private=private, creator=ask.bot)
    rooms.tell_of_new(ask.slack, room)
    return {"channel": shapes.channel(ask.slack, room, ask.bot)}


@method("conversations.rename", tier=2, scopes=_ANY, needs=("channel", "name"))
def rename(ask: Ask) -> Json:
    room = open_channel(ask)
    if room.creator != ask.bot:
        raise Refused("not_authorized")
    rooms.rename(ask.slack, room, checked_name(ask))
    return {"channel": shapes.channel(ask.slack, room, ask.bot)}


@method("conversations.archive", tier=2, scopes=_ANY, needs=("channel",))
def archive(ask: Ask) -> Json:
    room = changeable(ask)
    _check_kind(room)
    _check_member(ask, room)
    if room.archived:
        raise Refused("already_archived")
    if room.name == "general":
        raise Refused("cant_archive_general")
    rooms.archive(ask.slack, room, ask.bot)
    return {}


def _describe(ask: Ask, field: str) -> Json:
    room = changeable(ask, "topic")
    _check_member(ask, room)
    _check_open(room)
    if field not in ask.args:  # an empty one is fine: it takes the old one away
        raise bad_arguments(f"missing required field: {field}")
    if len(ask.text(field)) > 250:
        raise Refused("too_long")
    setattr(room, field, ask.text(field))
    ask.slack.feed.tell("channel", channel=room.id)
    return {"channel": shapes.channel(ask.slack, room, ask.bot)}


@method("conversations.setTopic", tier=2, scopes=(*_ANY, "channels:write.topic", "groups:write.topic"), needs=("channel",))
def set_topic(ask: Ask) -> Json:
    return _describe(ask, "topic")


@method("conversations.setPurpose", tier=2, scopes=(*_ANY, "channels:write.topic", "groups:write.topic"), needs=("channel",))
def set_purpose(ask: Ask) -> Json:
    return _describe(ask, "purpose")
