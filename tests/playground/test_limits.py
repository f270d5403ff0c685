"""Block Kit's limits: each fault is refused, with a pointer to where it is; what is within them passes."""

import json
from typing import Any

import pytest

from playground.limits import block_faults, check_message
from playground.limits_views import check_view
from playground.methods.table import Refused
from tests.playground.thirdparty import form, plain

Json = dict[str, Any]


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Json:
    return {"type": "section", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def entry(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("L"), "element": element, **more}


def options(count: int, **more: Any) -> list[Json]:
    return [{"text": plain(f"o{n}"), "value": f"v{n}", **more} for n in range(count)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": options(1), **more}


def field(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "t", **more}


def table(rows: int, columns: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * columns] * rows}


def data_table(rows: int, **more: Any) -> Json:
    return {"type": "data_table", "caption": "c", "rows": [[{"type": "raw_text", "text": "x"}]] * rows, **more}


CONFIRM = {"title": plain("t"), "text": plain("x"), "confirm": plain("y"), "deny": plain("n")}
IMAGE = {"type": "image", "image_url": "https://a.example/b.png", "alt_text": "x"}
VIDEO = {"type": "video", "alt_text": "x", "title": plain("t"), "thumbnail_url": "https://a.example/t", "video_url": "https://a.example/v"}
RICH = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]}

# One block, the fault it has, and the pointer below /blocks/0 where Slack would point.
FAULTS: list[tuple[Json, str, str]] = [
    ({"text": "x"}, "missing required field: type", ""),
    ({"type": "marquee"}, "unsupported type: marquee", "/type"),
    (section(), "must have at least one of: text, fields", ""),
    (section(text=mrkdwn("x" * 3_001)), "must be less than 3001 characters", "/text/text"),
    (section(text=mrkdwn("")), "must be more than 0 characters", "/text/text"),
    (section(text="x"), "must be an object", "/text"),
    (section(text={"type": "html", "text": "x"}), "value must be one of: mrkdwn, plain_text", "/text/type"),
    (section(text=mrkdwn("x"), colour="red"), "invalid additional property: colour", ""),
    (section(fields=[mrkdwn("x")] * 11), "no more than 10 items allowed", "/fields"),
    (section(fields=[]), "no less than 1 items allowed", "/fields"),
    (section(fields=[mrkdwn("x" * 2_001)]), "must be less than 2001 characters", "/fields/0/text"),
    (section(text=mrkdwn("x"), accessory=field()), "unsupported type: plain_text_input", "/accessory/type"),
    (section(text=mrkdwn("x"), block_id="b" * 256), "must be less than 256 characters", "/block_id"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters", "/text/text"),
    ({"type": "header", "text": mrkdwn("x")}, "value must be one of: plain_text", "/text/type"),
    ({"type": "header"}, "missing required field: text", ""),
    ({"type": "context", "elements": [mrkdwn("x")] * 11}, "no more than 10 items allowed", "/elements"),
    ({"type": "context", "elements": []}, "no less than 1 items allowed", "/elements"),
    ({"type": "context", "elements": [button()]}, "value must be one of: mrkdwn, plain_text", "/elements/0/type"),
    (actions(*[button(action_id=str(n)) for n in range(26)]), "no more than 25 items allowed", "/elements"),
    (actions(), "no less than 1 items allowed", "/elements"),
    (actions(field()), "unsupported type: plain_text_input", "/elements/0/type"),
    (actions(button(), button()), "action_id already exists: go", ""),
    (actions(button(text=plain("x" * 76))), "must be less than 76 characters", "/elements/0/text/text"),
    (actions(button(text=mrkdwn("x"))), "value must be one of: plain_text", "/elements/0/text/type"),
    (actions(button(value="x" * 2_001)), "must be less than 2001 characters", "/elements/0/value"),
    (actions(button(value=7)), "must be a string", "/elements/0/value"),
    (actions(button(url="https://" + "x" * 3_000)), "must be less than 3001 characters", "/elements/0/url"),
    (actions(button(url="javascript:alert(1)")), "must be a valid URL", "/elements/0/url"),
    (actions(button(style="blue")), "value must be one of: primary, danger", "/elements/0/style"),
    (actions(button(action_id="a" * 256)), "must be less than 256 characters", "/elements/0/action_id"),
    (actions(button(confirm={**CONFIRM, "title": plain("x" * 101)})), "must be less than 101 characters", "/elements/0/confirm/title/text"),
    (actions(button(confirm={**CONFIRM, "text": plain("x" * 301)})), "must be less than 301 characters", "/elements/0/confirm/text/text"),
    (actions(button(confirm={**CONFIRM, "deny": plain("x" * 31)})), "must be less than 31 characters", "/elements/0/confirm/deny/text"),
    (actions(button(confirm={"title": plain("t")})), "missing required field: text", "/elements/0/confirm"),
    (actions(select(options=[])), "no less than 1 items allowed", "/elements/0/options"),
    (actions(select(options=options(101))), "no more than 100 items allowed", "/elements/0/options"),
    (actions(select(options=[*options(1), *options(1)])), "option values must be unique", "/elements/0/options"),
    (actions(select(option_groups=[])), "must have exactly one of: options, option_groups", "/elements/0"),
    (actions(select(initial_option=options(2)[1])), "must be one of the options", "/elements/0/initial_option"),
    (actions(select(placeholder=plain("x" * 151))), "must be less than 151 characters", "/elements/0/placeholder/text"),
    (
        actions(select(options=[{"text": plain("x" * 76), "value": "v"}])),
        "must be less than 76 characters",
        "/elements/0/options/0/text/text",
    ),
    (
        actions(select(options=[{"text": plain("x"), "value": "v" * 151}])),
        "must be less than 151 characters",
        "/elements/0/options/0/value",
    ),
    (
        actions(select(options=options(1, description=plain("x" * 76)))),
        "must be less than 76 characters",
        "/elements/0/options/0/description/text",
    ),
    (actions({"type": "overflow", "action_id": "o", "options": options(6)}), "no more than 5 items allowed", "/elements/0/options"),
    (actions({"type": "checkboxes", "action_id": "o", "options": options(11)}), "no more than 10 items allowed", "/elements/0/options"),
    (actions({"type": "radio_buttons", "action_id": "o", "options": options(11)}), "no more than 10 items allowed", "/elements/0/options"),
    (actions({"type": "datepicker", "action_id": "d", "initial_date": "16 Nov"}), "must be a valid date", "/elements/0/initial_date"),
    (actions({"type": "timepicker", "action_id": "d", "initial_time": "25:00"}), "must be a valid time", "/elements/0/initial_time"),
    (entry(field(), label=plain("x" * 2_001)), "must be less than 2001 characters", "/label/text"),
    (entry(field(), hint=plain("x" * 2_001)), "must be less than 2001 characters", "/hint/text"),
    (entry(field(max_length=3_001)), "must be between 1 and 3000", "/element/max_length"),
    (entry(field(min_length=5, max_length=4)), "must be less than max_length", "/element/min_length"),
    (entry(field(initial_value="x" * 3_001)), "must be less than 3001 characters", "/element/initial_value"),
    (entry(field(initial_value="long", max_length=2)), "must be less than 3 characters", "/element/initial_value"),
    (entry(button()), "unsupported type: button", "/element/type"),
    ({"type": "input", "element": field()}, "missing required field: label", ""),
    ({**IMAGE, "alt_text": "x" * 2_001}, "must be less than 2001 characters", "/alt_text"),
    ({**IMAGE, "image_url": "https://" + "x" * 3_000}, "must be less than 3001 characters", "/image_url"),
    ({**IMAGE, "title": plain("x" * 2_001)}, "must be less than 2001 characters", "/title/text"),
    ({"type": "image", "alt_text": "x"}, "must have exactly one of: image_url, slack_file", ""),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters", "/text"),
    (table(101, 1), "no more than 100 items allowed", "/rows"),
    (table(1, 21), "no more than 20 items allowed", "/rows/0"),
    (data_table(1), "no less than 2 items allowed", "/rows"),
    (data_table(102), "no more than 101 items allowed", "/rows"),
    (data_table(2, page_size=101), "must be between 1 and 100", "/page_size"),
    ({"type": "data_table", "rows": data_table(2)["rows"]}, "missing required field: caption", ""),
    ({"type": "card", "title": plain("x" * 151)}, "must be less than 151 characters", "/title/text"),
    ({"type": "card", "body": plain("x" * 201)}, "must be less than 201 characters", "/body/text"),
    ({"type": "carousel", "elements": [{"type": "card"}] * 11}, "no more than 10 items allowed", "/elements"),
    ({"type": "container", "child_blocks": [{"type": "divider"}] * 11}, "no more than 10 items allowed", "/child_blocks"),
    ({"type": "context_actions", "elements": [button()]}, "unsupported type: button", "/elements/0/type"),
    ({"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}, "unsupported type: text", "/elements/0/type"),
    ({**VIDEO, "title": plain("x" * 201)}, "must be less than 201 characters", "/title/text"),
]


@pytest.mark.parametrize(("block", "what", "where"), FAULTS, ids=[f"{b.get('type')} {w} {p}" for b, w, p in FAULTS])
def test_a_fault_is_named_with_its_place(block: Json, what: str, where: str) -> None:
    with pytest.raises(Refused) as caught:
        check_message("x", [block], None)
    assert caught.value.answer["error"] == "invalid_blocks"
    assert f"[ERROR] {what} [json-pointer:/blocks/0{where}]" in caught.value.answer["response_metadata"]["messages"]


FINE = [
    section(text=mrkdwn("x" * 3_000), fields=[mrkdwn("x" * 2_000)] * 2, accessory=button()),
    section(text=plain("x"), accessory=IMAGE),
    section(text=plain("x"), accessory={"type": "multi_users_select", "action_id": "m", "initial_users": ["U_PM"]}),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    IMAGE,
    {"type": "context", "elements": [mrkdwn("x"), plain("y"), IMAGE]},
    actions(
        button(value="x" * 2_000, style="danger", confirm=CONFIRM), select(), {"type": "overflow", "action_id": "o", "options": options(5)}
    ),
    actions({"type": "checkboxes", "action_id": "c", "options": [{"text": mrkdwn("*b*"), "value": "v"}]}),
    actions({"type": "datepicker", "action_id": "d", "initial_date": "2026-11-16"}, {"type": "datetimepicker", "action_id": "e"}),
    actions({"type": "static_select", "action_id": "g", "option_groups": [{"label": plain("G"), "options": options(2)}]}),
    entry(field(max_length=3_000, min_length=1, multiline=True), optional=True, hint=plain("h"), dispatch_action=True),
    entry({"type": "number_input", "is_decimal_allowed": False, "action_id": "n", "min_value": "1"}),
    RICH,
    {"type": "markdown", "text": "# Hi"},
    table(100, 20),
    data_table(101),
    VIDEO,
    {"type": "card", "title": plain("t"), "actions": [button()]},
    {"type": "data_visualization", "title": "t", "chart": {"type": "line"}},
]


@pytest.mark.parametrize("block", FINE, ids=[str(b["type"]) for b in FINE])
def test_what_is_within_the_limits_passes(block: Json) -> None:
    assert block_faults([block], "message", 50) == []


def test_a_block_id_twice_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        check_message("x", [section(text=plain("x"), block_id="a"), section(text=plain("y"), block_id="a")], None)
    assert caught.value.answer["response_metadata"]["messages"] == ["[ERROR] block_id already exists: a [json-pointer:/blocks/1/block_id]"]


def test_a_message_has_at_most_fifty_blocks() -> None:
    check_message("x", [{"type": "divider"}] * 50, None)
    with pytest.raises(Refused, match="invalid_blocks"):
        check_message("x", [{"type": "divider"}] * 51, None)


def test_all_blocks_together_have_a_limit() -> None:
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        check_message("x", [section(text=plain("x" * 2_900))] * 5, None)


def test_markdown_blocks_share_their_limit() -> None:
    with pytest.raises(Refused, match="invalid_blocks"):
        check_message("x", [{"type": "markdown", "text": "x" * 6_001}] * 2, None)


def test_attachments_hold_blocks_to_the_same_limits() -> None:
    with pytest.raises(Refused) as caught:
        check_message("x", None, [{"blocks": [{"type": "header", "text": plain("x" * 151)}]}])
    assert "[json-pointer:/attachments/0/blocks/0/text/text]" in caught.value.answer["response_metadata"]["messages"][0]


ONLY_MESSAGES = (
    "markdown",
    "table",
    "data_table",
    "data_visualization",
    "plan",
    "task_card",
    "container",
    "carousel",
    "context_actions",
    "file",
)


@pytest.mark.parametrize("kind", ONLY_MESSAGES)
def test_some_blocks_stand_in_messages_alone(kind: str) -> None:
    for surface in ("modal", "home"):
        assert block_faults([{"type": kind}], surface, 100) == [f"[ERROR] unsupported type: {kind} [json-pointer:/blocks/0/type]"]


def test_alerts_stand_in_modals_alone() -> None:
    alert = {"type": "alert", "text": plain("x")}
    assert block_faults([alert], "modal", 100) == []
    for surface in ("message", "home"):
        assert block_faults([alert], surface, 50) == ["[ERROR] unsupported type: alert [json-pointer:/blocks/0/type]"]


VIEWS: list[tuple[Json, str]] = [
    ({"title": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/title/text]"),
    ({"title": None}, "missing required field: title [json-pointer:/view]"),
    ({"title": mrkdwn("x")}, "value must be one of: plain_text [json-pointer:/view/title/type]"),
    ({"submit": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/submit/text]"),
    ({"close": plain("x" * 25)}, "must be less than 25 characters [json-pointer:/view/close/text]"),
    ({"private_metadata": "x" * 3_001}, "must be less than 3001 characters [json-pointer:/view/private_metadata]"),
    ({"private_metadata": {}}, "must be a string [json-pointer:/view/private_metadata]"),
    ({"callback_id": "x" * 256}, "must be less than 256 characters [json-pointer:/view/callback_id]"),
    ({"external_id": "x" * 256}, "must be less than 256 characters [json-pointer:/view/external_id]"),
    ({"blocks": None}, "missing required field: blocks [json-pointer:/view]"),
    ({"blocks": [{"type": "divider"}] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
    ({"blocks": [{"type": "table", "rows": []}]}, "unsupported type: table [json-pointer:/view/blocks/0/type]"),
    ({"submit": None}, "missing required field: submit (a modal with inputs needs it) [json-pointer:/view]"),
    ({"type": "home"}, "value must be one of: modal [json-pointer:/view/type]"),
    ({"colour": "red"}, "invalid additional property: colour [json-pointer:/view]"),
]


@pytest.mark.parametrize(("change", "message"), VIEWS, ids=[m for _, m in VIEWS])
def test_a_faulty_view_is_refused(change: Json, message: str) -> None:
    with pytest.raises(Refused) as caught:
        check_view({**form(), **change}, "modal")
    assert caught.value.answer["error"] == "invalid_arguments"
    assert f"[ERROR] {message}" in caught.value.answer["response_metadata"]["messages"]


def test_a_view_of_more_than_250_kilobytes_is_refused() -> None:
    def sized(size: int) -> Json:
        view = {**form(), "blocks": [section(text=mrkdwn("x" * 2_900)) for _ in range(84)], "private_metadata": ""}
        return {**view, "private_metadata": "x" * (size - len(json.dumps(view)))}

    check_view(sized(250_000), "modal")
    with pytest.raises(Refused, match="view_too_large"):
        check_view(sized(250_001), "modal")


def test_a_home_has_no_window_around_it() -> None:
    check_view({"type": "home", "blocks": [{"type": "divider"}]}, "home")
    with pytest.raises(Refused, match="invalid_arguments"):
        check_view({"type": "home", "blocks": [], "submit": plain("x")}, "home")


def test_all_blocks_may_have_thirteen_thousand_characters_and_no_more() -> None:
    def blocks(size: int) -> list[Json]:
        whole = [section(text=plain("x" * 2_900)) for _ in range(4)] + [section(text=plain("x"))]
        whole[-1]["text"]["text"] = "x" * (size - len(json.dumps(whole)) + 1)
        assert len(json.dumps(whole)) == size
        return whole

    check_message("x", blocks(13_000), None)
    with pytest.raises(Refused, match="msg_blocks_too_long"):
        check_message("x", blocks(13_001), None)


def test_the_words_of_a_message_have_a_limit() -> None:
    check_message("x" * 40_000, None, [{}] * 100)
    with pytest.raises(Refused, match="msg_too_long"):
        check_message("x" * 40_001, None, None)
    with pytest.raises(Refused, match="too_many_attachments"):
        check_message("x", None, [{}] * 101)


@pytest.mark.parametrize("attachments", [{"text": "x"}, ["x"]])
def test_attachments_are_a_list_of_objects(attachments: Any) -> None:
    with pytest.raises(Refused, match="invalid_attachments"):
        check_message("x", None, attachments)


def test_a_data_table_is_even_and_its_header_plain() -> None:
    cell = {"type": "raw_text", "text": "x"}
    rich = {"type": "rich_text", "elements": RICH["elements"]}
    assert block_faults([{"type": "data_table", "caption": "c", "rows": [[cell], [rich]]}], "message", 50) == []
    uneven = block_faults([{"type": "data_table", "caption": "c", "rows": [[cell], [cell, cell]]}], "message", 50)
    assert uneven == ["[ERROR] all rows must have the same number of cells [json-pointer:/blocks/0/rows]"]
    headed = block_faults([{"type": "data_table", "caption": "c", "rows": [[rich], [cell]]}], "message", 50)
    assert headed == ["[ERROR] header cells must not be rich_text [json-pointer:/blocks/0/rows/0]"]


@pytest.mark.parametrize(("change", "what", "where"), [
    ({"alt_text": "x" * 2_001}, "must be less than 2001 characters", "/alt_text"),
    ({"alt_text": None}, "missing required field: alt_text", ""),
    ({"image_url": None}, "", ""),
    ({"image_url": "https://" + "x" * 3_000}, "must be less than 3001 characters", "/image_url"),
    ({"slack_file": {"id": "F"}}, "must have exactly one of: image_url, slack_file", ""),
    ({"colour": "x"}, "invalid additional property: colour", ""),
])  # fmt: skip
def test_an_image_among_words_has_limits_too(change: Json, what: str, where: str) -> None:
    inside = block_faults([{"type": "context", "elements": [{**IMAGE, **change}]}], "message", 50)
    beside = block_faults([section(text=plain("x"), accessory={**IMAGE, **change})], "message", 50)
    assert inside == ([f"[ERROR] {what} [json-pointer:/blocks/0/elements/0{where}]"] if what else [])
    assert beside == ([f"[ERROR] {what} [json-pointer:/blocks/0/accessory{where}]"] if what else [])
