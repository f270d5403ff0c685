"""Filling in what a modal or a message asks: finds elements by label or id and turns words into the values that Slack would send."""

from typing import TYPE_CHECKING, Any

from playground import stack, typed
from playground.state import Json, View

if TYPE_CHECKING:
    from playground.workspace import LocalSlack

_PEOPLE = {"users_select": "selected_user", "channels_select": "selected_channel", "conversations_select": "selected_conversation"}
_REQUIRED = "Please complete this required field."


class NotThere(LookupError):
    """A person cannot press or fill in what is not on the screen; says what is."""


def find_element(blocks: list[Json], action_id: str, wanted: Any, block_id: str | None) -> tuple[Json, Json]:
    """The block and element of an action_id; where several share it, `wanted` is the label or value of the button meant."""
    offered = stack.elements(blocks)
    found = [(b, e) for b, e in offered if e.get("action_id") == action_id and block_id in (None, b.get("block_id"))]
    if len(found) > 1 and wanted is not None:
        found = [(b, e) for b, e in found if wanted in (e.get("value"), label_of(e)) or e["type"] != "button"] or found
    if not found:
        names = ", ".join(sorted({str(e.get("action_id")) for _, e in offered})) or "nothing"
        raise NotThere(f"Nothing here has the action_id {action_id!r}. What can be pressed: {names}.")
    return found[0]


def label_of(element: Json) -> str:
    return str((element.get("text") or {}).get("text", ""))


def options_of(element: Json) -> list[Json]:
    groups = element.get("option_groups") or [{"options": element.get("options") or []}]
    return [option for group in groups for option in group["options"]]


def pick(options: list[Json], wanted: str) -> Json:
    """An option by its label or value."""
    for option in options:
        if wanted in (option["text"]["text"], option.get("value")):
            return option
    raise NotThere(f"{wanted!r} is not offered. What is: {', '.join(o['text']['text'] for o in options) or 'nothing'}.")


def chosen(slack: "LocalSlack", element: Json, wanted: Any, offered: list[Json] | None = None) -> Json:
    """The state of an element after a person chose or typed this; None clears it."""
    kind = element["type"]
    key = stack.EMPTY[kind][0]
    if wanted is None or wanted == "":
        return {"type": kind, key: [] if isinstance(stack.EMPTY[kind][1], list) else None}
    if key == "selected_option":
        return {"type": kind, key: pick(offered if offered is not None else options_of(element), wanted)}
    if key == "selected_options":
        options = offered if offered is not None else options_of(element)
        return {"type": kind, key: [pick(options, one) for one in ([wanted] if isinstance(wanted, str) else wanted)]}
    if kind in _PEOPLE:
        return {"type": kind, key: _known(slack, kind, wanted)}
    if kind.startswith("multi_"):
        wanted = [wanted] if isinstance(wanted, str) else wanted
        return {"type": kind, key: [_known(slack, kind.removeprefix("multi_"), one) for one in wanted]}
    if kind == "rich_text_input" and isinstance(wanted, str):
        wanted = {"type": "rich_text", "elements": typed.elements(wanted)}
    value = {"type": kind, key: wanted if kind in ("datetimepicker", "rich_text_input", "file_input") else str(wanted)}
    return value | ({"timezone": element["timezone"]} if "timezone" in element else {})


def _known(slack: "LocalSlack", kind: str, wanted: str) -> str:
    """A person or channel by id or name."""
    if kind == "users_select":
        names = {m.id: m.name for m in slack.state.members.values()}
    else:
        names = {c.id: c.name for c in slack.state.channels.values()}
    for name, label in names.items():
        if wanted in (name, label):
            return name
    raise NotThere(f"{wanted!r} is nobody and nothing in this workspace.")


def find_field(shown: View, name: str) -> tuple[Json, Json]:
    """The input of a form by its label, block_id or action_id."""
    fields = [(b, e) for b, e in stack.elements(shown.content["blocks"]) if e["type"] in stack.EMPTY]
    for block, element in fields:
        if name in (block.get("label", {}).get("text"), block["block_id"], element["action_id"]):
            return block, element
    labels = [str(b.get("label", {}).get("text") or b["block_id"]) for b, _ in fields]
    raise NotThere(f"The form has no field {name!r}. It has: {', '.join(labels) or 'none'}.")


def missing(shown: View) -> dict[str, str]:
    """What Slack itself refuses before it sends a form: a required field left empty, a text too short or too long."""
    errors: dict[str, str] = {}
    for block in shown.content["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = shown.values[block["block_id"]][element["action_id"]]
        content = next((v for k, v in value.items() if k not in ("type", "timezone")), None)
        fault = _fault(element, content, bool(block.get("optional")))
        if fault:
            errors[block["block_id"]] = fault
    return errors


def _fault(element: Json, content: Any, optional: bool) -> str:
    if content in (None, "", []):
        return "" if optional else _REQUIRED
    if isinstance(content, str) and len(content) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if isinstance(content, str) and len(content) > element.get("max_length", 3_000):
        return f"Please enter at most {element.get('max_length', 3_000)} characters."
    if isinstance(content, list) and len(content) > element.get("max_selected_items", len(content)):
        return f"Please choose at most {element['max_selected_items']}."
    if element["type"] == "email_text_input" and "@" not in str(content):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not str(content).startswith(("http://", "https://")):
        return "Please enter a valid URL."
    return _number_fault(element, str(content)) if element["type"] == "number_input" else ""


def _number_fault(element: Json, content: str) -> str:
    try:
        number = float(content) if element.get("is_decimal_allowed") else int(content)
    except ValueError:
        return "Please enter a number."
    if number < float(element.get("min_value", number)) or number > float(element.get("max_value", number)):
        return "Please enter a number within the limits."
    return ""


def action_of(slack: "LocalSlack", block: Json, element: Json, value: Json) -> Json:
    """One entry of `actions`: which element, what was chosen, and what it looks like."""
    shape: Json = {"action_id": element["action_id"], "block_id": block["block_id"], "type": element["type"], "action_ts": slack.stamp()}
    for name in ("text", "value", "style", "url", "placeholder", "confirm", "min_query_length"):
        if name in element:
            shape[name] = element[name]
    shape |= {name: element[name] for name in element if name.startswith("initial_")}
    return shape | {name: item for name, item in value.items() if name != "type"}
