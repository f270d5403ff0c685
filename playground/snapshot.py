"""The workspace as one member sees it, ready for JSON: what the page draws from."""

from itertools import takewhile
from typing import TYPE_CHECKING

from playground.state import Channel, Json, Member, Message, View

if TYPE_CHECKING:
    from playground.workspace import LocalSlack


def snapshot(slack: "LocalSlack", viewer: str) -> Json:
    me = slack.state.members[viewer]
    rooms = [room for room in slack.state.channels.values() if may_see(room, viewer)]
    features = slack.manifest.get("features", {})
    return {
        "team": {"id": slack.team_id, "name": slack.name, "domain": slack.domain},
        "me": person(me),
        "bot": {"user": slack.bot_user, "bot": slack.bot_id, "app": slack.app_id, "name": slack.bot_name},
        "members": [person(member) for member in slack.state.members.values()],
        "channels": [room_as_seen(slack, room, me) for room in rooms],
        "groups": [{"id": g.id, "handle": g.handle, "name": g.name, "users": g.users} for g in slack.state.groups.values()],
        "commands": features.get("slash_commands") or [],
        "shortcuts": features.get("shortcuts") or [],
        "home_enabled": bool(features.get("app_home", {}).get("home_tab_enabled")),
        "views": [view_as_seen(shown) for shown in slack.state.stacks.get(viewer, [])],
        "home": view_as_seen(slack.state.homes[viewer]) if viewer in slack.state.homes else None,
        "clock": slack.clock.now().isoformat(),
    }


def may_see(room: Channel, viewer: str) -> bool:
    return viewer in room.members or (room.kind == "channel" and not room.private)


def seen_by(room: Channel, viewer: str) -> list[Message]:
    """Every message that this person sees in the conversation and its threads, in order, ephemeral ones included."""
    if not may_see(room, viewer):
        return []
    return [m for m in room.timeline if not m.deleted and m.ephemeral_for in (None, viewer)]


def in_channel(found: list[Message]) -> list[Message]:
    """Without replies that were not sent to the channel too."""
    return [m for m in found if not m.is_reply or m.broadcast]


def person(member: Member) -> Json:
    return {
        "id": member.id,
        "name": member.name,
        "handle": member.handle,
        "title": member.title,
        "zone": member.zone,
        "admin": member.admin,
        "guest": member.guest,
        "outside": member.outside,
        "deleted": member.deleted,
        "bot": member.bot,
        "status_text": member.status_text,
        "status_emoji": member.status_emoji,
    }


def room_as_seen(slack: "LocalSlack", room: Channel, me: Member) -> Json:
    unread = unread_by(room, me)
    other = next((m for m in room.members if m != me.id), me.id) if room.kind == "im" else None
    return {
        "id": room.id,
        "name": room.name,
        "kind": room.kind,
        "private": room.private,
        "shared": room.shared,
        "archived": room.archived,
        "topic": room.topic,
        "purpose": room.purpose,
        "members": room.members,
        "is_member": me.id in room.members,
        "other": other,
        "unread": len(unread),
        "mentioned": any(f"<@{me.id}>" in m.text or f"<@{me.id}>" in m.plain for m in unread),
    }


def unread_by(room: Channel, me: Member) -> list[Message]:
    """What others wrote since this person last read; an ephemeral message waits for nobody."""
    last_read = me.read.get(room.id, "0")
    fresh = list(takewhile(lambda m: m.ts > last_read, reversed(room.timeline))) if may_see(room, me.id) else []
    return in_channel([m for m in fresh if not m.deleted and not m.is_stone and m.ephemeral_for is None and m.user != me.id])


def message_as_seen(room: Channel, message: Message) -> Json:
    replies = room.replies(message.ts) if message.thread_ts == message.ts else []
    return {
        "channel": message.channel,
        "ts": message.ts,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "files": message.files,
        "thread_ts": message.thread_ts,
        "ephemeral": message.ephemeral_for is not None,
        "edited": message.edited is not None,
        "bot": message.bot,
        "username": message.username,
        "icon_emoji": message.icon_emoji,
        "reactions": message.reactions,
        "reply_count": len(replies),
        "reply_users": list(dict.fromkeys(reply.user for reply in replies)),
        "latest_reply": replies[-1].ts if replies else None,
    }


def view_as_seen(shown: View) -> Json:
    return {"id": shown.id, "hash": shown.hash, "values": shown.values, "errors": shown.errors, "loading": shown.loading, **shown.content}
