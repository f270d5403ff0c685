"""Every block and element of Block Kit with all of its fields, to be bent one field at a time."""

from typing import Any

from tests.playground.thirdparty import plain

Json = dict[str, Any]

MARKED: Json = {"type": "mrkdwn", "text": "x"}
WEB = "https://a.example/b"
OPTION: Json = {"text": plain("x"), "value": "v", "description": plain("d"), "url": WEB}
PLAIN_OPTION: Json = {"text": plain("x"), "value": "v"}
CONFIRM: Json = {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n"), "style": "danger"}
DISPATCH: Json = {"trigger_actions_on": ["on_enter_pressed"]}
FILTER: Json = {"include": ["im"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
PICK: Json = {"action_id": "a", "placeholder": plain("p"), "confirm": CONFIRM, "focus_on_load": True}
TYPED: Json = {"action_id": "a", "placeholder": plain("p"), "focus_on_load": True, "dispatch_action_config": DISPATCH}
BUTTON: Json = {"type": "button", "text": plain("Go"), "action_id": "a", "value": "v"}
CELL: Json = {"type": "raw_text", "text": "x"}
NUMBER_CELL: Json = {"type": "raw_number", "value": 1, "text": "1"}
SECTION: Json = {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
RICH_CELL: Json = {"type": "rich_text", "elements": [SECTION]}

# Each with all of its fields.
SAMPLES: dict[str, Json] = {
    "section": {"block_id": "b", "text": MARKED, "fields": [MARKED], "accessory": BUTTON, "expand": True},
    "header": {"block_id": "b", "text": plain("x")},
    "divider": {"block_id": "b"},
    "image": {"block_id": "b", "alt_text": "x", "image_url": WEB, "title": plain("t")},
    "context": {"block_id": "b", "elements": [MARKED]},
    "actions": {"block_id": "b", "elements": [BUTTON]},
    "context_actions": {"block_id": "b", "elements": [{"type": "icon_button", "icon": "trash", "text": plain("x"), "action_id": "a"}]},
    "input": {
        "block_id": "b", "label": plain("l"), "element": {"type": "plain_text_input", "action_id": "a"}, "hint": plain("h"),
        "optional": True, "dispatch_action": True,
    },
    "rich_text": {
        "block_id": "b",
        "elements": [
            {**SECTION, "type": "rich_text_list", "style": "bullet", "indent": 1, "offset": 1, "border": 1, "language": "x"},
        ],
    },
    "markdown": {"block_id": "b", "text": "x"},
    "table": {"block_id": "b", "rows": [[CELL, NUMBER_CELL, RICH_CELL]], "column_settings": [{"align": "left"}]},
    "data_table": {"block_id": "b", "caption": "c", "rows": [[CELL], [NUMBER_CELL]], "page_size": 5},
    "video": {
        "block_id": "b", "alt_text": "x", "title": plain("t"), "title_url": WEB, "thumbnail_url": WEB, "video_url": WEB,
        "author_name": "a", "provider_name": "p", "provider_icon_url": WEB, "description": plain("d"),
    },
    "file": {"block_id": "b", "external_id": "x", "source": "remote"},
    "alert": {"block_id": "b", "text": MARKED, "level": "info"},
    "card": {
        "block_id": "b", "title": MARKED, "subtitle": MARKED, "body": MARKED, "icon": {}, "hero_image": {}, "slack_icon": {},
        "actions": [BUTTON],
    },
    "carousel": {"block_id": "b", "elements": [{"type": "card"}]},
    "container": {
        "block_id": "b", "child_blocks": [{"type": "divider"}], "title": {}, "subtitle": {}, "icon": {}, "width": "full",
        "is_collapsible": True, "default_collapsed": True,
    },
    "plan": {"block_id": "b", "title": "t", "tasks": [{}]},
    "task_card": {"block_id": "b", "title": "t", "task_id": "x", "status": "pending", "details": {}, "output": {}, "sources": []},
    "data_visualization": {"block_id": "b", "title": "t", "chart": {}},
    "button": {**BUTTON, "url": WEB, "style": "primary", "confirm": CONFIRM, "accessibility_label": "x"},
    "checkboxes": {"action_id": "a", "options": [OPTION], "initial_options": [OPTION], "confirm": CONFIRM, "focus_on_load": True},
    "radio_buttons": {"action_id": "a", "options": [OPTION], "initial_option": OPTION, "confirm": CONFIRM, "focus_on_load": True},
    "overflow": {"action_id": "a", "options": [OPTION], "confirm": CONFIRM},
    "datepicker": {**PICK, "initial_date": "2026-11-16"},
    "timepicker": {**PICK, "initial_time": "23:59", "timezone": "Europe/London"},
    "datetimepicker": {"action_id": "a", "initial_date_time": 1_795_000_000, "confirm": CONFIRM, "focus_on_load": True},
    "static_select": {**PICK, "options": [PLAIN_OPTION], "initial_option": PLAIN_OPTION},
    "external_select": {**PICK, "initial_option": PLAIN_OPTION, "min_query_length": 1},
    "users_select": {**PICK, "initial_user": "U1"},
    "channels_select": {**PICK, "initial_channel": "C1", "response_url_enabled": True},
    "conversations_select": {
        **PICK, "initial_conversation": "C1", "response_url_enabled": True, "default_to_current_conversation": True, "filter": FILTER,
    },
    "multi_static_select": {**PICK, "options": [PLAIN_OPTION], "initial_options": [PLAIN_OPTION], "max_selected_items": 1},
    "multi_external_select": {**PICK, "initial_options": [PLAIN_OPTION], "min_query_length": 1, "max_selected_items": 1},
    "multi_users_select": {**PICK, "initial_users": ["U1"], "max_selected_items": 1},
    "multi_channels_select": {**PICK, "initial_channels": ["C1"], "max_selected_items": 1},
    "multi_conversations_select": {
        **PICK, "initial_conversations": ["C1"], "max_selected_items": 1, "default_to_current_conversation": True, "filter": FILTER,
    },
    "plain_text_input": {**TYPED, "initial_value": "x", "multiline": True, "min_length": 0, "max_length": 3_000},
    "rich_text_input": {**TYPED, "initial_value": {}, "multiline": True},
    "email_text_input": {**TYPED, "initial_value": "x"},
    "url_text_input": {**TYPED, "initial_value": WEB},
    "number_input": {**TYPED, "is_decimal_allowed": True, "initial_value": "1", "min_value": "1", "max_value": "1"},
    "file_input": {"action_id": "a", "filetypes": ["csv"], "max_files": 1},
    "workflow_button": {"text": plain("x"), "action_id": "a", "workflow": {}, "style": "primary", "accessibility_label": "x"},
    "feedback_buttons": {"action_id": "a", "positive_button": {}, "negative_button": {}},
    "icon_button": {
        "icon": "trash", "text": plain("x"), "action_id": "a", "value": "v", "confirm": CONFIRM, "accessibility_label": "x",
        "visible_to_user_ids": ["U1"],
    },
}  # fmt: skip
