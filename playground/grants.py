"""What the app's manifest grants: scopes, events, commands, shortcuts and unfurl domains."""

from typing import TYPE_CHECKING, Any

from playground.methods.table import Token
from playground.state import Channel, Json

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

# Events about a channel reach the app only where the bot is a member; those of this table need a scope beside.
_EVENT_SCOPES = {
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "app_mention": ("app_mentions:read",),
    "link_shared": ("links:read",),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unshared": ("channels:read", "groups:read"),
    **dict.fromkeys(("subteam_created", "subteam_updated", "subteam_members_changed"), ("usergroups:read",)),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
}
_EVENT_SCOPES |= {
    f"{kind}_{what}": (f"{kind}s:read",)
    for kind in ("channel", "group")
    for what in ("created", "rename", "archive", "unarchive", "deleted", "left")
}
_MEMBERS_ONLY = {
    "message",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "member_left_channel",
    "app_mention",
}
_FAMILIES = {"channel": "channels", "im": "im", "mpim": "mpim"}


def granted(manifest: Json, token: Token) -> frozenset[str] | None:
    """The scopes of a token, or None where everything is granted because the manifest says nothing of scopes."""
    if token.scopes is not None:
        return token.scopes
    scopes = manifest.get("oauth_config", {}).get("scopes")
    return None if scopes is None else frozenset(scopes.get("bot") or ())


def wants(slack: "LocalSlack", inner: Json) -> bool:
    """Whether Slack would send this event to this app: subscribed to, scope granted, bot where it happens."""
    room = _room(slack, inner)
    kind = str(inner["type"])
    if not slack.is_installed and kind not in ("app_uninstalled", "tokens_revoked"):
        return False
    inside = room is None or slack.bot_user in (*room.members, inner.get("user"), inner.get("actor_id"))
    if room and not inside and (room.private or kind in _MEMBERS_ONLY):
        return False
    settings = slack.manifest.get("settings", {})
    if "event_subscriptions" not in settings:
        return not slack.manifest
    names = settings["event_subscriptions"].get("bot_events") or []
    if subscription(inner, room) not in names:
        return False
    scopes = granted(slack.manifest, Token("bot"))
    needed = _EVENT_SCOPES.get(kind) or ((f"{room.scope}:history",) if kind == "message" and room else ())
    return scopes is None or not needed or any(scope in scopes for scope in needed)


def subscription(inner: Json, room: Channel | None) -> str:
    """The name under which a manifest subscribes to this event: `message.channels` for a message in a public channel."""
    if inner["type"] != "message" or room is None:
        return str(inner["type"])
    return "message.groups" if room.private and room.kind == "channel" else f"message.{_FAMILIES[room.kind]}"


def _room(slack: "LocalSlack", inner: Json) -> Channel | None:
    where: Any = inner.get("channel") or inner.get("item", {}).get("channel")
    return slack.state.channels.get(where["id"] if isinstance(where, dict) else where)


def unfurls(manifest: Json, domain: str) -> bool:
    domains = manifest.get("features", {}).get("unfurl_domains") or []
    return any(domain == known or domain.endswith("." + known) for known in domains)


def has_command(manifest: Json, name: str) -> bool:
    """Without `features` nothing is known of the app, and every command is its own."""
    if "features" not in manifest:
        return True
    return any(command["command"] == name for command in manifest["features"].get("slash_commands") or [])


def has_shortcut(manifest: Json, callback_id: str, kind: str) -> bool:
    if "features" not in manifest:
        return True
    found = manifest["features"].get("shortcuts") or []
    return any(shortcut["callback_id"] == callback_id and shortcut["type"] == kind for shortcut in found)


def home_enabled(manifest: Json) -> bool:
    return "features" not in manifest or bool(manifest["features"].get("app_home", {}).get("home_tab_enabled"))


def messages_enabled(manifest: Json) -> bool:
    """Whether the app may write to people privately: its Messages tab is switched on."""
    return "features" not in manifest or manifest["features"].get("app_home", {}).get("messages_tab_enabled", True)
