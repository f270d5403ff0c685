"""Block Kit's elements and the limits of each, as a table."""

import re
from typing import Any

from playground.limits_rules import MARKED, Check, Shape, anything, fault, flag, items, number, one_of, string, text, typed, url

ID = string(255)
CONFIRM = Shape(
    ("title", "text", "confirm", "deny"),
    title=text(100),
    text=text(300, *MARKED),
    confirm=text(30),
    deny=text(30),
    style=one_of("primary", "danger"),
)


def option(*kinds: str) -> Shape:
    return Shape(("text", "value"), text=text(75, *kinds), value=string(150), description=text(75, *kinds), url=url())


PLAIN_OPTION, MARKED_OPTION = option(), option(*MARKED)
GROUP = Shape(("label", "options"), label=text(75), options=items(100, PLAIN_OPTION))
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def _matches(pattern: "re.Pattern[str]", what: str) -> Check:
    def check(value: Any, path: str, faults: list[str]) -> None:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            fault(faults, path, f"must be a valid {what}")

    return check


def _choices(value: dict[str, Any], path: str, faults: list[str]) -> None:
    """Options or option groups, one of the two, and initial ones that are among them."""
    if ("options" in value) == ("option_groups" in value):
        fault(faults, path, "must have exactly one of: options, option_groups")
        return
    groups = value.get("option_groups") or [{"options": value.get("options")}]
    offered = [o for g in groups if isinstance(g, dict) for o in g.get("options") or [] if isinstance(o, dict)]
    _unique_values(offered, path, faults)
    initial = (
        value.get("initial_options") or [value["initial_option"]] if value.get("initial_option") or value.get("initial_options") else []
    )
    for chosen in initial:
        if isinstance(chosen, dict) and chosen.get("value") not in [o.get("value") for o in offered]:
            name = "initial_options" if "initial_options" in value else "initial_option"
            fault(faults, f"{path}/{name}", "must be one of the options")


def _unique_values(offered: list[dict[str, Any]], path: str, faults: list[str]) -> None:
    values = [str(o.get("value")) for o in offered]
    if len(set(values)) < len(values):
        fault(faults, f"{path}/options", "option values must be unique")


def _select(*needs: str, also: Check | None = None, **fields: Check) -> Shape:
    common: dict[str, Check] = {"action_id": ID, "placeholder": text(150), "confirm": CONFIRM, "focus_on_load": flag}
    return Shape(needs, also, **common, **fields)


_OPTIONS: dict[str, Check] = {"options": items(100, PLAIN_OPTION), "option_groups": items(100, GROUP)}
_MANY = number(1, 10_000)
_FILTER = Shape(include=items(4, one_of("im", "mpim", "private", "public")), exclude_external_shared_channels=flag, exclude_bot_users=flag)
_CONVERSATIONS: dict[str, Check] = {"default_to_current_conversation": flag, "filter": _FILTER}
_DISPATCH = Shape(trigger_actions_on=items(2, one_of("on_enter_pressed", "on_character_entered")))
_IDS = items(1_000, string(50), least=0)


def _length(value: dict[str, Any], path: str, faults: list[str]) -> None:
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        fault(faults, f"{path}/min_length", "must be less than max_length")
    if isinstance(most, int) and len(str(value.get("initial_value") or "")) > most:
        fault(faults, f"{path}/initial_value", f"must be less than {most + 1} characters")


def _image_source(value: dict[str, Any], path: str, faults: list[str]) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        fault(faults, path, "must have exactly one of: image_url, slack_file")


def _typed_field(**more: Check) -> Shape:
    return Shape((), action_id=ID, placeholder=text(150), focus_on_load=flag, dispatch_action_config=_DISPATCH, **more)


ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        ("text",),
        text=text(75),
        action_id=ID,
        url=url(),
        value=string(2_000, least=0),
        style=one_of("primary", "danger"),
        confirm=CONFIRM,
        accessibility_label=string(75),
    ),
    "checkboxes": Shape(
        ("options",),
        _choices,
        action_id=ID,
        options=items(10, MARKED_OPTION),
        initial_options=items(10, MARKED_OPTION),
        confirm=CONFIRM,
        focus_on_load=flag,
    ),
    "radio_buttons": Shape(
        ("options",),
        _choices,
        action_id=ID,
        options=items(10, MARKED_OPTION),
        initial_option=MARKED_OPTION,
        confirm=CONFIRM,
        focus_on_load=flag,
    ),
    "overflow": Shape(("options",), _choices, action_id=ID, options=items(5, PLAIN_OPTION), confirm=CONFIRM),
    "datepicker": _select(initial_date=_matches(_DATE, "date")),
    "timepicker": _select(initial_time=_matches(_TIME, "time"), timezone=string(100)),
    "datetimepicker": Shape(action_id=ID, initial_date_time=number(10**9, 10**10 - 1), confirm=CONFIRM, focus_on_load=flag),
    "static_select": _select(also=_choices, initial_option=PLAIN_OPTION, **_OPTIONS),
    "external_select": _select(initial_option=PLAIN_OPTION, min_query_length=number(0, 100)),
    "users_select": _select(initial_user=string(50)),
    "channels_select": _select(initial_channel=string(50), response_url_enabled=flag),
    "conversations_select": _select(initial_conversation=string(50), response_url_enabled=flag, **_CONVERSATIONS),
    "multi_static_select": _select(also=_choices, initial_options=items(100, PLAIN_OPTION), max_selected_items=_MANY, **_OPTIONS),
    "multi_external_select": _select(initial_options=items(100, PLAIN_OPTION), min_query_length=number(0, 100), max_selected_items=_MANY),
    "multi_users_select": _select(initial_users=_IDS, max_selected_items=_MANY),
    "multi_channels_select": _select(initial_channels=_IDS, max_selected_items=_MANY),
    "multi_conversations_select": _select(initial_conversations=_IDS, max_selected_items=_MANY, **_CONVERSATIONS),
    "plain_text_input": Shape(
        (),
        _length,
        action_id=ID,
        placeholder=text(150),
        initial_value=string(3_000, least=0),
        multiline=flag,
        min_length=number(0, 3_000),
        max_length=number(1, 3_000),
        dispatch_action_config=_DISPATCH,
        focus_on_load=flag,
    ),
    "rich_text_input": _typed_field(initial_value=anything, multiline=flag),
    "email_text_input": _typed_field(initial_value=string(3_000)),
    "url_text_input": _typed_field(initial_value=url()),
    "number_input": _typed_field(is_decimal_allowed=flag, initial_value=string(100), min_value=string(100), max_value=string(100)),
    "file_input": Shape(action_id=ID, filetypes=items(100, string(20)), max_files=number(1, 10)),
    "image": Shape(("alt_text",), _image_source, alt_text=string(2_000), image_url=url(), slack_file=anything),
    "workflow_button": Shape(
        ("text", "workflow"),
        text=text(75),
        action_id=ID,
        workflow=anything,
        style=one_of("primary", "danger"),
        accessibility_label=string(75),
    ),
    "feedback_buttons": Shape(("positive_button", "negative_button"), action_id=ID, positive_button=anything, negative_button=anything),
    "icon_button": Shape(
        ("icon", "text"),
        icon=one_of("trash"),
        text=text(75),
        action_id=ID,
        value=string(2_000, least=0),
        confirm=CONFIRM,
        accessibility_label=string(75),
        visible_to_user_ids=_IDS,
    ),
}

SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
SINGLE_SELECTS = frozenset(name for name in SELECTS if not name.startswith("multi_"))
_PICKERS = frozenset({"datepicker", "timepicker"})
_TICKS = frozenset({"checkboxes", "radio_buttons"})
ACCESSORIES = SELECTS | _PICKERS | _TICKS | {"button", "overflow", "image", "workflow_button"}
ACTIONS = SINGLE_SELECTS | _PICKERS | _TICKS | {"button", "overflow", "datetimepicker", "workflow_button"}
_FIELDS = {"plain_text_input", "rich_text_input", "email_text_input", "url_text_input", "number_input", "file_input"}
INPUTS = SELECTS | _PICKERS | _TICKS | {"datetimepicker"} | _FIELDS

accessory = typed(ELEMENTS, ACCESSORIES)
action = typed(ELEMENTS, ACTIONS)
entry = typed(ELEMENTS, INPUTS)
context_action = typed(ELEMENTS, {"feedback_buttons", "icon_button"})
