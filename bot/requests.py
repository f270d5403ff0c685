"""What was asked, read out of the many shapes that Slack sends. Pure; the raw body stays at hand for what is rare."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    COMMAND = "command"
    SHORTCUT = "shortcut"
    ACTION = "action"
    VIEW = "view"
    CLOSED = "closed"
    OPTIONS = "options"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as far as it matters to what they may see and change."""

    slack_id: str = ""
    is_known: bool = True
    name: str = ""
    zone: str = "UTC"
    is_guest: bool = False
    is_outside: bool = False
    is_admin: bool = False
    is_product_operations: bool = False
    faces_customers: bool = False  # reads what customers may be told, not how it stands

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `state` is `{block_id: value}` of a form; `metadata` what the form carried along, a dict."""

    kind: Kind
    name: str
    key: str
    team: str
    person: str
    person_team: str = ""
    channel: str | None = None
    text: str = ""
    value: str | None = None
    trigger: str | None = None
    response_url: str | None = None
    state: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    message: Mapping[str, Any] | None = None
    view: Mapping[str, Any] | None = None
    event: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    actor: Actor = Actor()

    @property
    def is_at_home(self) -> bool:
        """Pressed in Home, or sent by a form that was opened there: Slack does not say that it is looked at again."""
        return (self.view or {}).get("type") == "home" or "home" in self.metadata

    @property
    def below(self) -> str:
        """The id of the form that comes to light when the one that was sent closes; empty where there is none."""
        return str((self.view or {}).get("previous_view_id") or "") if self.kind is Kind.VIEW else ""

    @property
    def origin(self) -> dict[str, str]:
        """Where an answer can go later: put this into a form's metadata."""
        known = {
            "channel": self.channel,
            "response_url": self.response_url,
            "home": (self.metadata.get("home") or "yes") if self.is_at_home else None,
        }
        return {key: value for key, value in known.items() if value} or {
            key: str(self.metadata[key]) for key in known if self.metadata.get(key)
        }


def read(body: Mapping[str, Any]) -> Request:
    """Raises KeyError on a body that Slack would not send."""
    if "command" in body:
        return _command(body)
    if body.get("type") == "event_callback" or "event" in body:
        return _event(body)
    return _interaction(body)


def _command(body: Mapping[str, Any]) -> Request:
    return Request(
        kind=Kind.COMMAND,
        name=body["command"],
        key=f"command:{body['trigger_id']}",
        team=body.get("team_id", ""),
        person=body["user_id"],
        channel=body.get("channel_id"),
        text=body.get("text", ""),
        trigger=body.get("trigger_id"),
        response_url=body.get("response_url"),
        body=body,
    )


def _event(body: Mapping[str, Any]) -> Request:
    event = body["event"]
    user = event.get("user")
    channel = event.get("channel") or (event.get("item") or {}).get("channel")
    return Request(
        kind=Kind.EVENT,
        name=event["type"],
        key=f"event:{body['event_id']}",
        team=(body.get("authorizations") or [{}])[0].get("team_id") or body.get("team_id", ""),
        person=user if isinstance(user, str) else (user or {}).get("id", ""),
        channel=channel if isinstance(channel, str) else (channel or {}).get("id"),
        event=event,
        body=body,
    )


_INTERACTIONS = {
    "shortcut": Kind.SHORTCUT,
    "message_action": Kind.SHORTCUT,
    "block_actions": Kind.ACTION,
    "view_submission": Kind.VIEW,
    "view_closed": Kind.CLOSED,
    "block_suggestion": Kind.OPTIONS,
}


def _interaction(body: Mapping[str, Any]) -> Request:
    kind = _INTERACTIONS[body["type"]]
    view = body.get("view") or None
    action = (body.get("actions") or [{}])[0]
    names = {Kind.ACTION: action.get("action_id"), Kind.OPTIONS: body.get("action_id")}
    name = names.get(kind) or body.get("callback_id") or (view or {}).get("callback_id", "")
    container = body.get("container") or {}
    return Request(
        kind=kind,
        name=name,
        key=_key(kind, body, view, action),
        team=_team(kind, body, view),
        person=body["user"]["id"],
        person_team=body["user"].get("team_id") or (body.get("team") or {}).get("id", ""),
        channel=(body.get("channel") or {}).get("id") or container.get("channel_id"),
        text=body.get("value", "") if kind is Kind.OPTIONS else "",
        value=_chosen(action) if kind is Kind.ACTION else None,
        trigger=body.get("trigger_id"),
        response_url=body.get("response_url") or next((url["response_url"] for url in body.get("response_urls") or []), None),
        state=_state(view or body),
        metadata=_metadata(view),
        message=body.get("message") or ({"ts": container["message_ts"]} if container.get("message_ts") else None),
        view=view,
        body=body,
    )


def _team(kind: Kind, body: Mapping[str, Any], view: Mapping[str, Any] | None) -> str:
    """The workspace that is asked. Somebody from a connected company presses a button of ours: the body names their team as well."""
    ours = (view or {}).get("app_installed_team_id")
    if not ours and kind is Kind.ACTION:
        ours = ((body.get("message") or {}).get("bot_profile") or {}).get("team_id")
    return str(ours or (body.get("team") or {}).get("id", ""))


def _key(kind: Kind, body: Mapping[str, Any], view: Mapping[str, Any] | None, action: Mapping[str, Any]) -> str:
    if kind is Kind.VIEW and view:
        return f"view:{view['id']}:{view.get('hash', '')}"
    return f"{kind}:{body.get('trigger_id') or (view or {}).get('id', '')}:{action.get('action_ts', '')}"


def _metadata(view: Mapping[str, Any] | None) -> dict[str, Any]:
    try:
        found = json.loads((view or {}).get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _state(holder: Mapping[str, Any]) -> dict[str, Any]:
    values = (holder.get("state") or {}).get("values") or {}
    return {block: _chosen(element) for block, elements in values.items() for element in elements.values()}


_SINGLE = ("value", "selected_user", "selected_channel", "selected_conversation", "selected_date", "selected_time", "selected_date_time")
_MANY = ("selected_users", "selected_channels", "selected_conversations", "files")


def _chosen(element: Mapping[str, Any]) -> Any:
    """The value of any element: a text, a list of texts, or None when nothing was given."""
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    found: Any = next((element[key] for key in _MANY if key in element), None)
    return found if found is not None else next((element[key] for key in _SINGLE if element.get(key)), None)
