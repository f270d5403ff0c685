"""What Slack sends to an app: commands, shortcuts, presses, submissions, option requests, and the envelope around events."""

from typing import TYPE_CHECKING, Any

from playground import shapes
from playground.state import Channel, Json, Member, Message, View

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

VERIFICATION_TOKEN = "verification-token"


def command(slack: "LocalSlack", person: Member, room: Channel, name: str, text: str) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "api_app_id": slack.app_id,
        "team_id": person.team_id,
        "team_domain": slack.domain,
        "channel_id": room.id,
        "channel_name": channel_name(room),
        "user_id": person.id,
        "user_name": person.handle,
        "command": name,
        "text": text,
        "response_url": slack.hooks.issue(room.id, person.id),
        "trigger_id": slack.triggers.issue(person.id),
        "is_enterprise_install": "false",
    }


def channel_name(room: Channel) -> str:
    if room.kind == "im":
        return "directmessage"
    return "privategroup" if room.private else room.name


def _interaction(slack: "LocalSlack", kind: str, person: Member, view: str | None = None) -> Json:
    return {
        "type": kind,
        "token": VERIFICATION_TOKEN,
        "team": {"id": slack.team_id, "domain": slack.domain},
        "user": {"id": person.id, "username": person.handle, "name": person.handle, "team_id": person.team_id},
        "api_app_id": slack.app_id,
        "trigger_id": slack.triggers.issue(person.id, view),
        "is_enterprise_install": False,
        "enterprise": None,
    }


def global_shortcut(slack: "LocalSlack", person: Member, callback_id: str) -> Json:
    payload = _interaction(slack, "shortcut", person) | {"callback_id": callback_id, "action_ts": slack.stamp()}
    del payload["api_app_id"]
    return payload


def message_shortcut(slack: "LocalSlack", person: Member, callback_id: str, post: Message) -> Json:
    room = slack.state.channels[post.channel]
    payload = _interaction(slack, "message_action", person) | {
        "callback_id": callback_id,
        "action_ts": slack.stamp(),
        "message_ts": post.ts,
        "message": shapes.message(slack, post),
        "channel": {"id": room.id, "name": channel_name(room)},
        "response_url": slack.hooks.issue(room.id, person.id, post.ts, post.thread_ts),
    }
    del payload["user"]["username"], payload["api_app_id"]  # which Slack leaves out here
    return payload


def message_press(slack: "LocalSlack", person: Member, post: Message, actions: list[Json], state: Json) -> Json:
    room = slack.state.channels[post.channel]
    ephemeral = post.ephemeral_for is not None
    container: Json = {"type": "message", "message_ts": post.ts, "channel_id": room.id, "is_ephemeral": ephemeral}
    if post.thread_ts:
        container["thread_ts"] = post.thread_ts
    payload = _interaction(slack, "block_actions", person) | {
        "container": container,
        "channel": {"id": room.id, "name": channel_name(room)},
        "state": {"values": state},
        "response_url": slack.hooks.issue(room.id, person.id, post.ts, post.thread_ts),
        "actions": actions,
    }
    if not ephemeral:  # Slack keeps no copy of an ephemeral message: the app is told only its ts
        payload["message"] = shapes.message(slack, post)
    return payload


def view_press(slack: "LocalSlack", person: Member, shown: View, actions: list[Json]) -> Json:
    return _interaction(slack, "block_actions", person, shown.id) | {
        "container": {"type": "view", "view_id": shown.id},
        "view": shapes.view(slack, shown),
        "actions": actions,
    }


def submission(slack: "LocalSlack", person: Member, shown: View) -> Json:
    payload = _interaction(slack, "view_submission", person, shown.id)
    return payload | {"view": shapes.view(slack, shown), "response_urls": _response_urls(slack, person, shown)}


def _response_urls(slack: "LocalSlack", person: Member, shown: View) -> list[Json]:
    """A form gets response URLs only for channel selects that ask for one."""
    found = []
    for block in shown.content["blocks"]:
        element = block.get("element") or {}
        if element.get("response_url_enabled"):
            value = shown.values[block["block_id"]][element["action_id"]]
            room = value.get("selected_conversation") or value.get("selected_channel")
            where = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": room}
            found += [where | {"response_url": slack.hooks.issue(room, person.id)}] if room else []
    return found


def closed(slack: "LocalSlack", person: Member, shown: View, is_cleared: bool) -> Json:
    payload = _interaction(slack, "view_closed", person) | {"view": shapes.view(slack, shown), "is_cleared": is_cleared}
    del payload["trigger_id"]
    return payload


def suggestion(slack: "LocalSlack", person: Member, container: Json, block_id: str, action_id: str, typed: str) -> Json:
    payload = _interaction(slack, "block_suggestion", person) | {"action_id": action_id, "block_id": block_id, "value": typed}
    del payload["trigger_id"]
    return payload | container


def view_container(slack: "LocalSlack", shown: View) -> Json:
    return {"container": {"type": "view", "view_id": shown.id}, "view": shapes.view(slack, shown)}


def message_container(slack: "LocalSlack", post: Message) -> Json:
    room = slack.state.channels[post.channel]
    container = {"type": "message", "message_ts": post.ts, "channel_id": room.id, "is_ephemeral": post.ephemeral_for is not None}
    return {"container": container, "channel": {"id": room.id, "name": channel_name(room)}, "message": shapes.message(slack, post)}


def home_opened(slack: "LocalSlack", user: str, room: Channel, tab: str, shown: View | None) -> Json:
    inner: Json = {"type": "app_home_opened", "user": user, "channel": room.id, "tab": tab, "event_ts": slack.stamp()}
    return inner | ({"view": shapes.view(slack, shown)} if shown and tab == "home" else {})


def event(slack: "LocalSlack", inner: Json) -> Json:
    """The envelope around an event. `event_ts` is added where the event has none; app_uninstalled and tokens_revoked never have one."""
    if inner["type"] not in ("app_uninstalled", "tokens_revoked"):
        inner.setdefault("event_ts", slack.stamp())
    where = _channel_of(inner)
    room = slack.state.channels.get(where) if where else None
    payload: Json = {
        "token": VERIFICATION_TOKEN,
        "team_id": slack.team_id,
        "context_team_id": slack.team_id,
        "context_enterprise_id": None,
        "api_app_id": slack.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": slack.state.ids.new("Ev"),
        "event_time": int(slack.clock.now().timestamp()),
        "authorizations": [
            {"enterprise_id": None, "team_id": slack.team_id, "user_id": slack.bot_user, "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": bool(room and room.shared),
        "event_context": slack.state.ids.new("4-"),
    }
    return payload


def _channel_of(inner: Json) -> str | None:
    where: Any = inner.get("channel") or inner.get("item", {}).get("channel")
    return where.get("id") if isinstance(where, dict) else where
