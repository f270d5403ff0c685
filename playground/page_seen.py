"""What the page draws for one member, as JSON: their places, their open forms, and messages with files and links made ready."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from playground import snapshot
from playground.state import Channel, File, Json, Member, Message

if TYPE_CHECKING:
    from playground.workspace import LocalSlack


def shell(slack: "LocalSlack", me: Member) -> Json:
    """All but the messages: who is there, which conversations, what the app offers, what time it is."""
    seen = snapshot.snapshot(slack, me.id)
    channels = [_place(slack, room, me) for room in seen["channels"]]
    app = {"name": slack.bot_name, "user": slack.bot_user, "commands": seen["commands"], "shortcuts": seen["shortcuts"]}
    groups = [{"id": group["id"], "name": group["handle"]} for group in seen["groups"]]
    return {"me": seen["me"], "people": seen["members"], "channels": channels, "groups": groups, "app": app, "clock": now(slack)}


def _place(slack: "LocalSlack", room: Json, me: Member) -> Json:
    with_app = room["kind"] == "im" and room["other"] == slack.bot_user
    name = room["name"] if room["kind"] == "channel" else _names(slack, room, me)
    extra = {"member": room["is_member"], "with": room["other"], "mentions": room["mentioned"], "read": me.read.get(room["id"], "0")}
    return {**room, **extra, "app": with_app, "name": name}


def _names(slack: "LocalSlack", room: Json, me: Member) -> str:
    known = slack.state.members
    others = [known[user].name for user in room["members"] if user != me.id and user in known]
    return ", ".join(others) or f"{me.name} (you)"


def views(slack: "LocalSlack", me: Member) -> Json:
    state = slack.state
    stack = [snapshot.view_as_seen(shown) for shown in state.stacks.get(me.id, [])]
    return {"views": stack, "home": snapshot.view_as_seen(state.homes[me.id]) if me.id in state.homes else None}


def now(slack: "LocalSlack") -> int:
    return int(slack.clock.now().timestamp() * 1000)


def messages(slack: "LocalSlack", room: Channel, viewer: str) -> list[Json]:
    return [message(slack, room, each) for each in snapshot.seen_by(room, viewer)]


def message(slack: "LocalSlack", room: Channel, said: Message) -> Json:
    seen = snapshot.message_as_seen(room, said)
    replies = {"count": seen.pop("reply_count"), "users": seen.pop("reply_users"), "last": seen.pop("latest_reply")}
    link = f"https://{slack.domain}.slack.com/archives/{room.id}/p{said.ts.replace('.', '')}"
    files = [file(slack, item) for name in said.files if (item := slack.state.files.get(name))]
    extra = {"key": key(said), "subtype": said.subtype, "broadcast": said.broadcast, "plain": said.plain}
    return {**seen, **extra, "replies": replies if replies["count"] else None, "files": files, "permalink": link}


def key(said: Message) -> str:
    return f"{said.ts}e" if said.ephemeral_for else said.ts


def file(slack: "LocalSlack", item: File) -> Json:
    address = f"/files-pri/{slack.team_id}-{item.id}/{quote(item.name)}"
    return {
        "id": item.id,
        "name": item.name,
        "title": item.title,
        "mimetype": item.mimetype,
        "size": item.size,
        "alt": item.alt_txt,
        "url": address,
    }
