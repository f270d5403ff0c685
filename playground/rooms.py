"""Who is in which channel: making, joining, leaving, archiving, renaming, opening DMs, with the events that each sends."""

from typing import TYPE_CHECKING

from playground import messages
from playground.delivery import Sending
from playground.state import Channel, Json, Message

if TYPE_CHECKING:
    from playground.workspace import LocalSlack


def open_dm(slack: "LocalSlack", *people: str) -> Channel:
    """The conversation of exactly these people, made when it is first needed."""
    wanted = set(people)
    for room in slack.state.channels.values():
        if room.kind != "channel" and set(room.members) == wanted:
            return room
    kind = "im" if len(wanted) <= 2 else "mpim"
    room = Channel(slack.state.ids.new("D" if kind == "im" else "G"), "", kind, list(dict.fromkeys(people)), private=kind == "mpim")
    if kind == "mpim":
        room.name = "mpdm-" + "--".join(slack.state.members[p].handle for p in people) + "-1"
    room.created = int(slack.clock.now().timestamp())
    slack.state.channels[room.id] = room
    slack.feed.tell("channel", channel=room.id)
    return room


def join(slack: "LocalSlack", room: Channel, user: str, inviter: str = "") -> Sending:
    if user in room.members:
        return Sending([])
    room.members.append(user)
    slack.feed.tell("channel", channel=room.id)
    inner: Json = {"type": "member_joined_channel", "user": user, **_where(slack, room)}
    return slack.sender.event(inner | ({"inviter": inviter} if inviter else {}))


def leave(slack: "LocalSlack", room: Channel, user: str) -> Sending:
    if user not in room.members:
        return Sending([])
    room.members.remove(user)
    slack.feed.tell("channel", channel=room.id)
    if user == slack.bot_user:  # the app itself is told in words of its own
        name = "group_left" if room.private else "channel_left"
        slack.sender.event({"type": name, "channel": room.id, "actor_id": user, "event_ts": slack.stamp()})
    return slack.sender.event({"type": "member_left_channel", "user": user, **_where(slack, room)})


def _where(slack: "LocalSlack", room: Channel) -> Json:
    return {"channel": room.id, "channel_type": "G" if room.private else "C", "team": slack.team_id, "event_ts": slack.stamp()}


def archive(slack: "LocalSlack", room: Channel, user: str, archived: bool = True) -> Sending:
    room.archived = archived
    slack.feed.tell("channel", channel=room.id)
    family = "group" if room.private else "channel"
    inner: Json = {
        "type": f"{family}_{'archive' if archived else 'unarchive'}",
        "channel": room.id,
        "user": user,
        "event_ts": slack.stamp(),
    }
    return slack.sender.event(inner | ({"is_moved": 0} if archived else {}))


def tell_of_new(slack: "LocalSlack", room: Channel) -> Sending:
    """Of a new private channel nobody is told but those who are invited."""
    if room.private:
        return Sending([])
    shape = {"id": room.id, "is_channel": True, "name": room.name, "name_normalized": room.name, "created": room.created}
    shape |= {"creator": room.creator, "is_shared": room.shared, "is_org_shared": False, "context_team_id": slack.team_id}
    return slack.sender.event({"type": "channel_created", "channel": shape, "event_ts": slack.stamp()})


def rename(slack: "LocalSlack", room: Channel, name: str) -> Sending:
    room.previous_names.insert(0, room.name)
    room.name = name
    slack.feed.tell("channel", channel=room.id)
    shape = {
        "id": room.id,
        "is_channel": not room.private,
        "is_mpim": False,
        "name": name,
        "name_normalized": name,
        "created": room.created,
    }
    return slack.sender.event({"type": "group_rename" if room.private else "channel_rename", "channel": shape, "event_ts": slack.stamp()})


def delete(slack: "LocalSlack", room: Channel, user: str) -> Sending:
    kind = "group_deleted" if room.private else "channel_deleted"
    told = slack.sender.event({"type": kind, "channel": room.id, "actor_id": user, "event_ts": slack.stamp()})
    del slack.state.channels[room.id]
    slack.feed.tell("channel", channel=room.id)
    return told


def share(slack: "LocalSlack", room: Channel, shared: bool = True) -> Sending:
    """With another organisation, or no more."""
    room.shared = shared
    slack.feed.tell("channel", channel=room.id)
    kind = "channel_shared" if shared else "channel_unshared"
    inner: Json = {"type": kind, "channel": room.id, "event_ts": slack.stamp()}
    return slack.sender.event(inner | ({"connected_team_id": slack.other_team_id} if shared else {}))


def react(slack: "LocalSlack", room: Channel, ts: str, name: str, user: str, added: bool = True) -> Sending:
    """Adds or takes away a reaction; the caller has checked that this changes something."""
    message = room.by_ts[ts]
    users = message.reactions.setdefault(name, [])
    users.append(user) if added else users.remove(user)
    if not users:
        del message.reactions[name]
    slack.feed.tell("reaction", channel=room.id, ts=ts)
    item = {"type": "message", "channel": room.id, "ts": ts}
    kind = "reaction_added" if added else "reaction_removed"
    return slack.sender.event(
        {"type": kind, "user": user, "reaction": name, "item": item, "item_user": message.user, "event_ts": slack.stamp()}
    )


def say(
    slack: "LocalSlack", room: Channel, user: str, text: str, thread: str | None, broadcast: bool = False, files: list[str] | None = None
) -> Message:
    """A person types a message, or shares files with or without words, and presses Enter."""
    where = {"thread_ts": thread, "broadcast": bool(thread) and broadcast}
    blocks = messages.rich_text(slack, text) if text or not files else []
    name = slack.state.ids.new("", 36).lower()
    said = messages.post(slack, room, user, text, blocks=blocks, files=files or [], client_msg_id=name, **where)
    for file in files or []:
        slack.state.files[file].shares.setdefault(room.id, []).append(said.ts)
    return said
