"""conversations.* that look: finding channels, reading what was said in them, opening a private conversation."""

from playground import rooms, shapes
from playground.methods.table import Ask, Refused, method
from playground.state import Channel, Json, Message

_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
_KINDS = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def seen(ask: Ask, right: str) -> Channel:
    """The channel asked for, if the scope for its kind is granted."""
    room = ask.channel()
    ask.require(f"{room.scope}:{right}")
    return room


def listed(ask: Ask, only_of: str | None = None) -> list[Channel]:
    kinds = ask.names("types") or ["public_channel"]
    if any(kind not in _KINDS for kind in kinds):
        raise Refused("invalid_types")
    for kind in kinds:
        ask.require(f"{_KINDS[kind]}:read")
    families = {_KINDS[kind] for kind in kinds}
    found = [room for room in ask.slack.state.channels.values() if room.scope in families and _may_list(ask, room) and not room.closed]
    if only_of is not None:
        found = [room for room in found if only_of in room.members]
    return [room for room in found if not (room.archived and ask.flag("exclude_archived"))]


def _may_list(ask: Ask, room: Channel) -> bool:
    return room.scope == "channels" or ask.bot in room.members


@method("conversations.list", tier=2, scopes=_READ)
def list_(ask: Ask) -> Json:
    page, cursor = ask.page(listed(ask))
    shown = [shapes.channel(ask.slack, room, ask.bot) | ({"num_members": len(room.members)} if room.kind != "im" else {}) for room in page]
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


@method("users.conversations", tier=2, scopes=_READ)
def of_user(ask: Ask) -> Json:
    user = ask.text("user") or ask.bot
    if user not in ask.slack.state.members:
        raise Refused("user_not_found")
    page, cursor = ask.page(listed(ask, only_of=user))
    shown = [shapes.channel(ask.slack, room, ask.bot) for room in page]
    for shape in shown:
        shape.pop("is_member", None)
    return {"channels": shown, "response_metadata": {"next_cursor": cursor}}


@method("conversations.info", tier=3, scopes=_READ, needs=("channel",))
def info(ask: Ask) -> Json:
    room = seen(ask, "read")
    shape = shapes.channel(ask.slack, room, ask.bot)
    if ask.flag("include_num_members"):
        shape["num_members"] = len(room.members)
    if room.kind == "channel":
        shape["last_read"] = "0000000000.000000"
    return {"channel": shape}


@method("conversations.members", tier=4, scopes=_READ, needs=("channel",))
def members(ask: Ask) -> Json:
    page, cursor = ask.page(seen(ask, "read").members)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def _between(ask: Ask, found: list[Message]) -> list[Message]:
    """`oldest` and `latest` are left out unless `inclusive`."""
    oldest, latest, inclusive = _stamp(ask, "oldest", 0.0), _stamp(ask, "latest", float("inf")), ask.flag("inclusive")
    if oldest == 0 and latest == float("inf"):
        return found
    if inclusive:
        return [m for m in found if oldest <= float(m.ts) <= latest]
    return [m for m in found if oldest < float(m.ts) < latest]


def _stamp(ask: Ask, name: str, default: float) -> float:
    text = ask.text(name)
    try:
        return float(text) if text and text != "now" else default
    except ValueError:
        raise Refused(f"invalid_ts_{name}") from None


def _shown(ask: Ask, found: list[Message]) -> list[Json]:
    with_metadata = ask.flag("include_all_metadata")
    return [shapes.message(ask.slack, m, metadata=with_metadata) for m in found]


def readable(ask: Ask) -> Channel:
    room = seen(ask, "history")
    if ask.bot not in room.members:
        raise Refused("not_in_channel")
    return room


@method("conversations.history", tier=3, scopes=_HISTORY, needs=("channel",))
def history(ask: Ask) -> Json:
    """Newest first, replies left out unless they were sent to the channel too."""
    room = readable(ask)
    found = [m for m in reversed(room.history) if not m.is_reply or m.broadcast]
    page, cursor = ask.page(_between(ask, found), most=999)
    answer: Json = {"messages": _shown(ask, page), "has_more": bool(cursor), "pin_count": len(ask.slack.state.pins.get(room.id, {}))}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@method("conversations.replies", tier=3, scopes=_HISTORY, needs=("channel", "ts"))
def replies(ask: Ask) -> Json:
    """The thread's first message, then its replies, oldest first."""
    room = readable(ask)
    first = room.message(ask.text("ts"))
    if first is None:
        raise Refused("thread_not_found")
    found = [first] if first.is_reply else [first, *_between(ask, room.replies(first.ts))]
    page, cursor = ask.page(found, most=1000, default=1000)
    answer: Json = {"messages": _shown(ask, page), "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@method("conversations.open", tier=3, scopes=("im:write", "mpim:write"))
def open_(ask: Ask) -> Json:
    people = ask.names("users")
    if not people and not ask.text("channel"):
        raise Refused("users_list_not_supplied")
    if people and len(people) > 8:
        raise Refused("too_many_users")
    if any(person not in ask.slack.state.members for person in people):
        raise Refused("user_not_found")
    if any(ask.slack.state.members[person].deleted for person in people):
        raise Refused("user_disabled")
    ask.require("mpim:write" if len(people) > 1 else "im:write")
    room = rooms.open_dm(ask.slack, ask.bot, *people) if people else ask.channel()
    if room.kind == "channel":
        raise Refused("method_not_supported_for_channel_type")
    room.closed = False
    return {"channel": shapes.channel(ask.slack, room, ask.bot) if ask.flag("return_im") else {"id": room.id}}
