"""Every field of every block and element: what must be there, of what kind it is, and how long it may be. Within the limits all is well."""

import json
from typing import Any

import pytest

from playground.limits import BLOCKS, block_faults
from playground.limits_elements import ELEMENTS
from tests.playground.block_samples import FILTER, MARKED, PLAIN_OPTION, SAMPLES, WEB, Json
from tests.playground.thirdparty import plain

REQUIRED = {
    "header": "text", "image": "alt_text", "context": "elements", "actions": "elements", "context_actions": "elements",
    "input": "label element", "rich_text": "elements", "markdown": "text", "table": "rows", "data_table": "caption rows",
    "video": "alt_text title thumbnail_url video_url", "file": "external_id source", "alert": "text", "carousel": "elements",
    "container": "child_blocks", "plan": "title", "task_card": "title", "data_visualization": "title chart",
    "button": "text", "checkboxes": "options", "radio_buttons": "options", "overflow": "options",
    "workflow_button": "text workflow", "feedback_buttons": "positive_button negative_button", "icon_button": "icon text",
}  # fmt: skip

# Fields that nobody looks into: Slack's reference gives them no limit, or they are newer than it.
FREE = {
    "card icon", "card hero_image", "card slack_icon", "container title", "container subtitle", "container icon", "container width",
    "plan title", "task_card title", "task_card details", "task_card output", "task_card sources", "data_visualization title",
    "data_visualization chart", "rich_text_input initial_value", "workflow_button workflow", "feedback_buttons positive_button",
    "feedback_buttons negative_button",
}  # fmt: skip

# The most characters or items of a field; for a number, the least and the most.
LIMITS: dict[str, int | tuple[int, int]] = {
    "section block_id": 255, "section text.text": 3_000, "section fields": 10, "section fields.0.text": 2_000,
    "header text.text": 150, "image alt_text": 2_000, "image image_url": 3_000, "image title.text": 2_000,
    "context elements": 10, "context elements.0.text": 3_000, "actions elements": 25, "context_actions elements": 5,
    "input label.text": 2_000, "input hint.text": 2_000, "rich_text elements": 1_000, "rich_text elements.0.elements": 1_000,
    "rich_text elements.0.indent": (0, 8), "rich_text elements.0.offset": (0, 10_000), "rich_text elements.0.border": (0, 1),
    "rich_text elements.0.language": 50, "markdown text": 12_000, "table rows": 100, "table rows.0": 20, "data_table rows.0": 20,
    "table column_settings": 20, "table rows.0.0.text": 3_000, "table rows.0.1.text": 100, "table rows.0.2.elements": 1_000,
    "data_table caption": 2_000, "data_table rows": 101, "data_table page_size": (1, 100),
    "video alt_text": 2_000, "video title.text": 200, "video title_url": 3_000, "video thumbnail_url": 3_000, "video video_url": 3_000,
    "video author_name": 50, "video provider_name": 50, "video provider_icon_url": 3_000, "video description.text": 2_000,
    "file external_id": 255, "alert text.text": 3_000, "card title.text": 150, "card subtitle.text": 150, "card body.text": 200,
    "card actions": 25, "carousel elements": 10, "container child_blocks": 10, "plan tasks": 50, "task_card task_id": 255,
    "task_card status": 50,
    "button text.text": 75, "button action_id": 255, "button url": 3_000, "button value": 2_000, "button accessibility_label": 75,
    "button confirm.title.text": 100, "button confirm.text.text": 300, "button confirm.confirm.text": 30, "button confirm.deny.text": 30,
    "checkboxes options": 10, "checkboxes initial_options": 10, "checkboxes options.0.text.text": 75, "checkboxes options.0.value": 150,
    "checkboxes options.0.description.text": 75, "checkboxes options.0.url": 3_000, "radio_buttons options": 10, "overflow options": 5,
    "timepicker timezone": 100, "datetimepicker initial_date_time": (10**9, 10**10 - 1), "static_select placeholder.text": 150,
    "static_select options": 100, "external_select min_query_length": (0, 100), "users_select initial_user": 50,
    "channels_select initial_channel": 50, "conversations_select initial_conversation": 50, "multi_static_select options": 100,
    "multi_static_select initial_options": 100, "multi_external_select initial_options": 100,
    "multi_external_select min_query_length": (0, 100), "multi_users_select initial_users": 1_000, "multi_users_select initial_users.0": 50,
    "multi_users_select max_selected_items": (1, 10_000), "plain_text_input placeholder.text": 150,
    "plain_text_input initial_value": 3_000, "plain_text_input min_length": (0, 3_000), "plain_text_input max_length": (1, 3_000),
    "rich_text_input placeholder.text": 150, "email_text_input initial_value": 3_000, "url_text_input initial_value": 3_000,
    "number_input initial_value": 100, "number_input min_value": 100, "number_input max_value": 100, "file_input filetypes": 100,
    "file_input filetypes.0": 20, "file_input max_files": (1, 10), "workflow_button text.text": 75,
    "workflow_button accessibility_label": 75, "icon_button text.text": 75, "icon_button value": 2_000,
    "icon_button accessibility_label": 75, "icon_button visible_to_user_ids": 1_000,
    "conversations_select filter.include": 4, "plain_text_input dispatch_action_config.trigger_actions_on": 2,
}  # fmt: skip

MAY_BE_EMPTY = {"rich_text elements.0.elements", "multi_users_select initial_users", "icon_button visible_to_user_ids"}
MAY_BE_EMPTY |= {"button value", "icon_button value", "plain_text_input initial_value", "table rows.0.0.text"}
HIDDEN = {f"plain_text_input {field} max_length" for field in ("min_length", "initial_value")}  # it would be the first to refuse
SURFACE = {"alert": "modal"}


def placed(name: str, sample: Json) -> tuple[Json, str]:
    """A block as it is; an element in a block that may hold it; and the pointer to it."""
    item = {"type": name, **sample}
    if name in BLOCKS:
        return item, "/blocks/0"
    if name in ("feedback_buttons", "icon_button"):
        return {"type": "context_actions", "elements": [item]}, "/blocks/0/elements/0"
    if name in ("button", "overflow", "workflow_button"):
        return {"type": "section", "text": MARKED, "accessory": item}, "/blocks/0/accessory"
    return {"type": "input", "label": plain("l"), "element": item}, "/blocks/0/element"


def faults(name: str, sample: Json) -> list[str]:
    return block_faults([placed(name, sample)[0]], SURFACE.get(name, "message"), 50)


def pointed(name: str, path: str) -> str:
    return f"[json-pointer:{placed(name, {})[1]}/{path.replace('.', '/')}]"


def with_value(sample: Json, path: str, value: Any) -> Json:
    changed = json.loads(json.dumps(sample))
    *way, last = path.split(".")
    node: Any = changed
    for step in way:
        node = node[int(step) if isinstance(node, list) else step]
    node[int(last) if isinstance(node, list) else last] = value
    return changed


def value_at(sample: Json, path: str) -> Any:
    node: Any = sample
    for step in path.split("."):
        node = node[int(step) if isinstance(node, list) else step]
    return node


def sized(value: Any, size: int) -> Any:
    """As many items or characters; no two items share a value or an action_id."""
    if isinstance(value, str):
        return (value if value == WEB else "") + "x" * (size - (len(WEB) if value == WEB else 0))
    items = [json.loads(json.dumps(value[min(n, len(value) - 1)])) for n in range(size)]
    for n, item in enumerate(items):
        if isinstance(item, dict) and item.get("type") != "raw_number":
            item |= {key: f"{item[key]}{n}" for key in ("value", "action_id") if key in item}
    return items


def test_every_block_and_element_is_here() -> None:
    assert set(SAMPLES) == set(BLOCKS) | (set(ELEMENTS) - {"image"})


@pytest.mark.parametrize("name", SAMPLES)
def test_a_whole_one_passes_and_one_with_a_field_more_does_not(name: str) -> None:
    assert faults(name, SAMPLES[name]) == []
    assert f"[ERROR] invalid additional property: colour [json-pointer:{placed(name, {})[1]}]" in faults(
        name, {**SAMPLES[name], "colour": "x"}
    )


@pytest.mark.parametrize("name", SAMPLES)
def test_what_must_be_there(name: str) -> None:
    for key in SAMPLES[name]:
        rest = {other: value for other, value in SAMPLES[name].items() if other != key}
        said = f"[ERROR] missing required field: {key} [json-pointer:{placed(name, {})[1]}]"
        assert (said in faults(name, rest)) == (key in REQUIRED.get(name, "").split()), key


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, sample in SAMPLES.items() for key in sample if key != "type"])
def test_every_field_has_its_kind(name: str, key: str) -> None:
    found = faults(name, {**SAMPLES[name], key: {"wrong": 1}})
    assert any(f"{placed(name, {})[1]}/{key}" in fault for fault in found) == (f"{name} {key}" not in FREE), found


@pytest.mark.parametrize("field", LIMITS)
def test_every_limit_is_exact(field: str) -> None:
    name, _, path = field.partition(" ")
    limit, sample = LIMITS[field], {key: value for key, value in SAMPLES[name].items() if f"{field} {key}" not in HIDDEN}
    if isinstance(limit, tuple):
        values: list[tuple[Any, bool]] = [(limit[0], True), (limit[1], True), (limit[0] - 1, False), (limit[1] + 1, False), (True, False)]
    else:
        value = value_at(sample, path)
        values = [(sized(value, limit), True), (sized(value, limit + 1), False)]
        values += [(type(value)(), field in MAY_BE_EMPTY)] if value != WEB else [("javascript:alert(1)", False)]
    for value, fine in values:
        said = faults(name, with_value(sample, path, value))
        found = [fault for fault in said if pointed(name, path) in fault and "one of the options" not in fault]
        assert (found == []) == fine, (value if not isinstance(value, (str, list)) else len(value), found)


CHOICES: list[tuple[str, str, list[str]]] = [
    ("button", "style", ["primary", "danger"]),
    ("button", "confirm.style", ["primary", "danger"]),
    ("workflow_button", "style", ["primary", "danger"]),
    ("icon_button", "icon", ["trash"]),
    ("alert", "level", ["default", "info", "warning", "error", "success"]),
    ("file", "source", ["remote"]),
    ("conversations_select", "filter.include.0", ["im", "mpim", "private", "public"]),
    ("plain_text_input", "dispatch_action_config.trigger_actions_on.0", ["on_enter_pressed", "on_character_entered"]),
]


@pytest.mark.parametrize(("name", "path", "allowed"), CHOICES, ids=[f"{n} {p}" for n, p, _ in CHOICES])
def test_some_words_are_the_only_ones(name: str, path: str, allowed: list[str]) -> None:
    for word in allowed:
        assert faults(name, with_value(SAMPLES[name], path, word)) == []
    assert faults(name, with_value(SAMPLES[name], path, "other")) == [
        f"[ERROR] value must be one of: {', '.join(allowed)} {pointed(name, path)}"
    ]


PARTS = [
    ("button", "confirm", "title text confirm deny"),
    ("checkboxes", "options.0", "text value"),
    ("static_select", "options.0", "text value"),
    ("static_select", "initial_option", "text value"),
    ("rich_text", "elements.0", "elements"),
    ("table", "rows.0.0", "text"),
    ("table", "rows.0.2", "elements"),
]


@pytest.mark.parametrize(("name", "path", "needed"), PARTS, ids=[f"{n} {p}" for n, p, _ in PARTS])
def test_a_part_has_its_own_fields(name: str, path: str, needed: str) -> None:
    part = value_at(SAMPLES[name], path)
    for key in needed.split():
        rest = {other: value for other, value in part.items() if other != key}
        assert f"[ERROR] missing required field: {key} {pointed(name, path)}" in faults(name, with_value(SAMPLES[name], path, rest))
    assert f"[ERROR] must be an object {pointed(name, path)}" in faults(name, with_value(SAMPLES[name], path, "x"))
    more = faults(name, with_value(SAMPLES[name], path, {**part, "colour": "x"}))
    assert f"[ERROR] invalid additional property: colour {pointed(name, path)}" in more


@pytest.mark.parametrize("name", ["text", "value", "description", "url"])
@pytest.mark.parametrize("sample", ["checkboxes", "overflow"])
def test_every_field_of_an_option_has_its_kind(sample: str, name: str) -> None:
    found = faults(sample, with_value(SAMPLES[sample], f"options.0.{name}", {"wrong": 1}))
    assert any(f"/options/0/{name}" in fault for fault in found)


PLAIN_ONLY = ["header text", "button text", "input label", "input hint", "image title", "video title", "static_select placeholder"]
PLAIN_ONLY += [
    "overflow options.0.text",
    "overflow options.0.description",
    "button confirm.title",
    "button confirm.confirm",
    "icon_button text",
]
PLAIN_ONLY += ["workflow_button text", "video description", "button confirm.deny"]
EITHER = ["section text", "section fields.0", "context elements.0", "checkboxes options.0.text", "radio_buttons options.0.description"]
EITHER += ["button confirm.text", "alert text", "card title", "card subtitle", "card body"]


@pytest.mark.parametrize(("field", "marked"), [*((f, False) for f in PLAIN_ONLY), *((f, True) for f in EITHER)])
def test_mrkdwn_stands_only_where_slack_draws_it(field: str, marked: bool) -> None:
    name, _, path = field.partition(" ")
    assert (faults(name, with_value(SAMPLES[name], path, MARKED)) == []) == marked
    assert faults(name, with_value(SAMPLES[name], path, plain("x"))) == []
    assert faults(name, with_value(SAMPLES[name], path, {"type": "plain_text"})) == [
        f"[ERROR] missing required field: text {pointed(name, path)}"
    ]
    assert faults(name, with_value(SAMPLES[name], path, {**plain("x"), "verbatim": True})) != []


@pytest.mark.parametrize("key", FILTER)
def test_every_field_of_a_filter_has_its_kind(key: str) -> None:
    found = faults("conversations_select", with_value(SAMPLES["conversations_select"], f"filter.{key}", {"wrong": 1}))
    assert any(f"/filter/{key}" in fault for fault in found)


def test_options_may_stand_in_groups() -> None:
    def said(groups: list[Json]) -> list[str]:
        return [fault.split(" [json")[0].removeprefix("[ERROR] ") for fault in faults("static_select", {"option_groups": groups})]

    def group(n: int, **more: Any) -> Json:
        return {"label": plain("g"), "options": [{"text": plain("x"), "value": str(n)}], **more}

    assert said([group(n) for n in range(100)]) == []
    assert said([group(n) for n in range(101)]) == ["no more than 100 items allowed"]
    assert said([group(1), group(1)]) == ["option values must be unique"]
    assert said([group(1, label=plain("x" * 75))]) == []
    assert said([group(1, label=plain("x" * 76))]) == ["must be less than 76 characters"]
    assert said([group(1, label=None)]) == ["missing required field: label"]
    assert said([group(1, options=None)]) == ["missing required field: options"]
    assert said([group(1, options=[])]) == ["no less than 1 items allowed"]
    assert said([group(1, options=[{"text": plain("x"), "value": str(n)} for n in range(101)])]) == ["no more than 100 items allowed"]


@pytest.mark.parametrize("name", ["checkboxes", "radio_buttons", "overflow", "static_select", "multi_static_select"])
def test_of_options_none_is_there_twice_and_the_first_chosen_are_among_them(name: str) -> None:
    sample = with_value(SAMPLES[name], "options", [PLAIN_OPTION, PLAIN_OPTION])
    assert faults(name, sample) == [f"[ERROR] option values must be unique {pointed(name, 'options')}"]
    for key in ("initial_option", "initial_options"):
        if key in sample:
            other: Any = {"text": plain("x"), "value": "other"}
            found = faults(name, with_value(SAMPLES[name], key, other if key == "initial_option" else [other]))
            assert found == [f"[ERROR] must be one of the options {pointed(name, key)}"]
