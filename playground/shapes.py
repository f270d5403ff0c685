"""How people, channels, messages, views and files look in Slack's answers and payloads."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from playground.state import Channel, File, Json, Member, Message, UserGroup, View

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

_ICON_SIZES = ("36", "48", "72")
_AVATAR_SIZES = ("24", "32", "48", "72", "192", "512")


def team(slack: "LocalSlack") -> Json:
    return {"id": slack.team_id, "domain": slack.domain}


def icons(slack: "LocalSlack", sizes: tuple[str, ...] = _ICON_SIZES) -> Json:
    return {f"image_{size}": f"{slack.url}/icons/{slack.app_id}_{size}.png" for size in sizes}


def member(slack: "LocalSlack", person: Member, may_see_email: bool = True) -> Json:
    offset = datetime.now(ZoneInfo(person.zone)).utcoffset()
    moment = slack.created
    return {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.handle,
        "deleted": person.deleted,
        "color": "9f69e7",
        "real_name": person.name,
        "tz": person.zone,
        "tz_label": person.zone.rpartition("/")[2].replace("_", " "),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile(slack, person, may_see_email),
        "is_admin": person.admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.guest,
        "is_ultra_restricted": False,
        "is_bot": person.bot,
        "is_app_user": False,
        **({"is_stranger": True} if person.outside else {}),
        "is_email_confirmed": bool(person.email),
        "updated": moment,
        "who_can_share_contact_card": "EVERYONE",
    }


def profile(slack: "LocalSlack", person: Member, may_see_email: bool = True) -> Json:
    first, _, last = person.name.partition(" ")
    shape: Json = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.name,
        "real_name_normalized": person.name,
        "display_name": person.handle,
        "display_name_normalized": person.handle,
        "status_text": person.status_text,
        "status_text_canonical": "",
        "status_emoji": person.status_emoji,
        "status_emoji_display_info": [],
        "status_expiration": person.status_expiration,
        "avatar_hash": "g" + person.id.lower(),
        "first_name": first,
        "last_name": last,
        "team": person.team_id,
        **{f"image_{size}": f"{slack.url}/avatars/{person.id}_{size}.png" for size in _AVATAR_SIZES},
    }
    if person.email and may_see_email:
        shape["email"] = person.email
    if person.bot:
        shape |= {"api_app_id": slack.app_id, "always_active": True, "bot_id": slack.bot_id}
    return shape


def channel(slack: "LocalSlack", room: Channel, viewer: str) -> Json:
    if room.kind == "im":
        return direct(slack, room, viewer)
    return {
        "id": room.id,
        "name": room.name,
        "name_normalized": room.name,
        "is_channel": room.kind == "channel" and not room.private,
        "is_group": room.kind == "channel" and room.private,
        "is_im": False,
        "is_mpim": room.kind == "mpim",
        "is_private": room.private or room.kind == "mpim",
        "is_archived": room.archived,
        "is_general": room.name == "general",
        "is_shared": room.shared,
        "is_ext_shared": room.shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": viewer in room.members,
        "created": room.created,
        "creator": room.creator,
        "unlinked": 0,
        "updated": room.created * 1000,
        "topic": {"value": room.topic, "creator": room.creator if room.topic else "", "last_set": room.created if room.topic else 0},
        "purpose": {
            "value": room.purpose,
            "creator": room.creator if room.purpose else "",
            "last_set": room.created if room.purpose else 0,
        },
        "previous_names": room.previous_names,
        "shared_team_ids": [slack.team_id, slack.other_team_id] if room.shared else [slack.team_id],
        "internal_team_ids": [slack.team_id],
        "pending_shared": [],
        "pending_connected_team_ids": [],
        "context_team_id": slack.team_id,
    }


def direct(slack: "LocalSlack", room: Channel, viewer: str) -> Json:
    other = next((m for m in room.members if m != viewer), viewer)
    person = slack.state.members.get(other)
    return {
        "id": room.id,
        "created": room.created,
        "is_archived": room.archived,
        "is_im": True,
        "is_org_shared": False,
        "user": other,
        "is_user_deleted": bool(person and person.deleted),
        "is_open": True,
        "priority": 0,
        "context_team_id": slack.team_id,
        "updated": room.created * 1000,
    }


def message(slack: "LocalSlack", post: Message, metadata: bool = True) -> Json:
    shape: Json = {"type": "message", "user": post.user, "text": post.text, "ts": post.ts, "team": _team_of(slack, post.user)}
    if post.subtype:
        shape["subtype"] = post.subtype
    if post.is_stone:
        shape["hidden"] = True
    if post.blocks:
        shape["blocks"] = post.blocks
    if post.bot:
        shape |= {"bot_id": slack.bot_id, "app_id": slack.app_id, "bot_profile": bot_profile(slack)}
    if post.username:
        shape |= {"username": post.username}
    if post.client_msg_id:
        shape["client_msg_id"] = post.client_msg_id
    if post.attachments:
        shape["attachments"] = post.attachments
    if post.edited:
        shape["edited"] = post.edited
    if post.metadata and metadata:
        shape["metadata"] = post.metadata
    return shape | _files(slack, post) | _reactions(post) | _thread(slack, post)


def _team_of(slack: "LocalSlack", user: str) -> str:
    person = slack.state.members.get(user)
    return person.team_id if person else slack.team_id


def _files(slack: "LocalSlack", post: Message) -> Json:
    if not post.files:
        return {}
    return {"files": [file(slack, slack.state.files[name]) for name in post.files if name in slack.state.files], "upload": False}


def _reactions(post: Message) -> Json:
    if not post.reactions:
        return {}
    return {"reactions": [{"name": name, "users": users, "count": len(users)} for name, users in post.reactions.items()]}


def _thread(slack: "LocalSlack", post: Message) -> Json:
    if post.thread_ts is None:
        return {}
    room = slack.state.channels[post.channel]
    if post.is_reply:
        parent = room.by_ts.get(post.thread_ts)
        root = {"root": message(slack, parent, metadata=False)} if parent and post.broadcast else {}
        return {"thread_ts": post.thread_ts, "parent_user_id": parent.user if parent else "", **root}
    replies = room.replies(post.ts)
    users = list(dict.fromkeys(reply.user for reply in replies))
    shape: Json = {"thread_ts": post.ts, "reply_count": len(replies), "reply_users_count": len(users), "reply_users": users[:5]}
    return shape | {"latest_reply": replies[-1].ts if replies else post.ts, "subscribed": False, "is_locked": False}


def bot_profile(slack: "LocalSlack") -> Json:
    return {
        "id": slack.bot_id,
        "deleted": False,
        "name": slack.bot_name,
        "updated": slack.created,
        "app_id": slack.app_id,
        "icons": icons(slack),
        "team_id": slack.team_id,
    }


def view(slack: "LocalSlack", shown: View, state: bool = True) -> Json:
    content = shown.content
    return {
        "id": shown.id,
        "team_id": slack.team_id,
        "type": shown.type,
        "blocks": content["blocks"],
        "private_metadata": content.get("private_metadata", ""),
        "callback_id": content.get("callback_id", ""),
        "state": {"values": shown.values if state else {}},
        "hash": shown.hash,
        "title": content.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": content.get("clear_on_close", False),
        "notify_on_close": content.get("notify_on_close", False),
        "close": content.get("close"),
        "submit": content.get("submit"),
        "submit_disabled": False,
        "previous_view_id": shown.previous_id,
        "root_view_id": shown.root_id,
        "app_id": slack.app_id,
        "external_id": content.get("external_id", ""),
        "app_installed_team_id": slack.team_id,
        "bot_id": slack.bot_id,
    }


def file(slack: "LocalSlack", item: File) -> Json:
    extension = item.name.rpartition(".")[2] if "." in item.name else "text"
    address = f"{slack.url}/files-pri/{slack.team_id}-{item.id}/{item.name}"
    public = {name: [{"ts": ts} for ts in stamps] for name, stamps in item.shares.items()}
    return {
        "id": item.id,
        "created": item.created,
        "timestamp": item.created,
        "name": item.name,
        "title": item.title or item.name,
        "mimetype": item.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": item.user,
        "user_team": slack.team_id,
        "editable": False,
        "size": item.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(item.shares),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": address,
        "url_private_download": address + "?download=1",
        "permalink": f"{slack.url}/files/{item.user}/{item.id}/{item.name}",
        "alt_txt": item.alt_txt,
        "comments_count": 0,
        "is_starred": False,
        "shares": {"public": public} if public else {},
        "channels": list(item.shares),
        "groups": [],
        "ims": [],
        "has_more_shares": False,
        "has_rich_preview": False,
        "file_access": "visible",
        "media_display_type": "unknown",
    }


def user_group(slack: "LocalSlack", group: UserGroup, with_users: bool) -> Json:
    shape: Json = {
        "id": group.id,
        "team_id": slack.team_id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": "",
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated or group.created,
        "date_delete": group.deleted,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": group.users[0] if group.users else "",
        "updated_by": group.users[0] if group.users else "",
        "prefs": {"channels": [], "groups": []},
        "user_count": len(group.users),
        "channel_count": 0,
    }
    return shape | ({"users": group.users} if with_users else {})
