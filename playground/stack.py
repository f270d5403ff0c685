"""The modals that a person has open, one on another, and the Home that the app published for them."""

from typing import TYPE_CHECKING, Any

from playground import messages
from playground.methods.table import Refused
from playground.state import Json, View

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

MOST_VIEWS = 3
_INITIAL = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
}
EMPTY: dict[str, tuple[str, Any]] = {
    "plain_text_input": ("value", None),
    "email_text_input": ("value", None),
    "url_text_input": ("value", None),
    "number_input": ("value", None),
    "rich_text_input": ("rich_text_value", None),
    "checkboxes": ("selected_options", []),
    "radio_buttons": ("selected_option", None),
    "datepicker": ("selected_date", None),
    "timepicker": ("selected_time", None),
    "datetimepicker": ("selected_date_time", None),
    "static_select": ("selected_option", None),
    "external_select": ("selected_option", None),
    "users_select": ("selected_user", None),
    "conversations_select": ("selected_conversation", None),
    "channels_select": ("selected_channel", None),
    "multi_static_select": ("selected_options", []),
    "multi_external_select": ("selected_options", []),
    "multi_users_select": ("selected_users", []),
    "multi_conversations_select": ("selected_conversations", []),
    "multi_channels_select": ("selected_channels", []),
    "file_input": ("files", []),
}


def push(slack: "LocalSlack", user: str, content: Json) -> View:
    pile = slack.state.stacks.setdefault(user, [])
    if len(pile) >= MOST_VIEWS:
        raise Refused("push_limit_reached")
    shown = _new(slack, user, content)
    shown.previous_id = pile[-1].id if pile else None
    shown.root_id = pile[0].id if pile else shown.id
    pile.append(shown)
    slack.state.views[shown.id] = shown
    slack.feed.tell("view", user=user)
    return shown


def _new(slack: "LocalSlack", user: str, content: Json) -> View:
    messages.fill_in(slack, content["blocks"])
    shown = View(slack.state.ids.new("V"), user, content, _hash(slack))
    shown.root_id = shown.id
    shown.values = values(content)
    return shown


def _hash(slack: "LocalSlack") -> str:
    return f"{int(slack.clock.now().timestamp())}.{slack.state.ids.rng.getrandbits(32):08x}"


def replace(slack: "LocalSlack", shown: View, content: Json) -> View:
    """New content; what was typed stays where block_id and action_id both stayed, as in Slack."""
    messages.fill_in(slack, content["blocks"])
    typed = shown.values
    shown.content, shown.hash, shown.errors, shown.loading = content, _hash(slack), {}, False
    shown.values = values(content)
    for block_id, fields in shown.values.items():
        for action_id, value in fields.items():
            before = typed.get(block_id, {}).get(action_id)
            if before and before["type"] == value["type"]:
                fields[action_id] = before
    slack.feed.tell("home" if shown.type == "home" else "view", user=shown.user)
    return shown


def publish(slack: "LocalSlack", user: str, content: Json) -> View:
    before = slack.state.homes.get(user)
    if before is not None:
        return replace(slack, before, content)
    shown = _new(slack, user, content)
    slack.state.homes[user] = slack.state.views[shown.id] = shown
    slack.feed.tell("home", user=user)
    return shown


def pop(slack: "LocalSlack", user: str, everything: bool = False) -> list[View]:
    """Closes the top modal, or all of them; top first."""
    pile = slack.state.stacks.get(user, [])
    gone = list(reversed(pile)) if everything else pile[-1:]
    for shown in gone:
        pile.remove(shown)
        slack.state.views.pop(shown.id, None)
    if gone:
        slack.feed.tell("view", user=user)
    return gone


def remove(slack: "LocalSlack", shown: View) -> None:
    """Closes one modal wherever it stands in the pile."""
    pile = slack.state.stacks.get(shown.user, [])
    if shown in pile:
        pile.remove(shown)
        slack.state.views.pop(shown.id, None)
    slack.feed.tell("view", user=shown.user)


def elements(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Every interactive element with the block that it is in."""
    found = []
    for block in blocks:
        inside = [block.get("element"), block.get("accessory"), *(block.get("elements") or []), *(block.get("actions") or [])]
        found += [(block, e) for e in inside if isinstance(e, dict) and e.get("type") in messages.INTERACTIVE_TYPES]
    return found


def values(content: Json) -> dict[str, dict[str, Json]]:
    """The state that a view starts with: what its elements are filled with, else empty."""
    state: dict[str, dict[str, Json]] = {}
    for block, element in elements(content["blocks"]):
        if element["type"] in EMPTY:
            state.setdefault(block["block_id"], {})[element["action_id"]] = initial(element)
    return state


def initial(element: Json) -> Json:
    key, value = EMPTY[element["type"]]
    for name, where in _INITIAL.items():
        if name in element:
            key, value = where, element[name]
    if element["type"] == "rich_text_input":
        key = "rich_text_value"
    return {"type": element["type"], key: value}
