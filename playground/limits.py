"""Block Kit's blocks and the limits of each, which block may stand on which surface, and what a message may be as a whole."""

import json
from typing import Any

from playground.limits_elements import ELEMENTS, ID, accessory, action, context_action, entry
from playground.limits_rules import MARKED, Check, Shape, anything, fault, flag, items, number, one_of, string, text, typed, url
from playground.methods.table import Refused
from playground.state import Json

MESSAGE_TEXT = 40_000
MESSAGE_BLOCKS = 50
ALL_BLOCKS = 13_000  # unwritten: beyond it Slack answers msg_blocks_too_long
MARKDOWN = 12_000


def _section(value: Json, path: str, faults: list[str]) -> None:
    if not value.get("text") and not value.get("fields"):
        fault(faults, path, "must have at least one of: text, fields")


def _data_table(value: Json, path: str, faults: list[str]) -> None:
    rows = [row for row in value.get("rows") or [] if isinstance(row, list)]
    if len({len(row) for row in rows}) > 1:
        fault(faults, f"{path}/rows", "all rows must have the same number of cells")
    if rows and any(isinstance(cell, dict) and cell.get("type") == "rich_text" for cell in rows[0]):
        fault(faults, f"{path}/rows/0", "header cells must not be rich_text")


def _image(value: Json, path: str, faults: list[str]) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        fault(faults, path, "must have exactly one of: image_url, slack_file")


def _context_element(value: Any, path: str, faults: list[str]) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        ELEMENTS["image"](value, path, faults)
    else:
        text(3_000, *MARKED)(value, path, faults)


_RICH_PART = Shape(
    ("elements",),
    elements=items(1_000, anything, least=0),
    style=anything,
    indent=number(0, 8),
    offset=number(0, 10_000),
    border=number(0, 1),
    language=string(50),
)
_RICH = typed(dict.fromkeys(("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"), _RICH_PART))
_CELLS = {
    "raw_text": Shape(("text",), text=string(3_000, least=0)),
    "raw_number": Shape(value=anything, text=string(100)),
    "rich_text": Shape(("elements",), elements=items(1_000, _RICH)),
}
_CELL = typed(_CELLS)


def block(*needs: str, also: Check | None = None, **fields: Check) -> Shape:
    return Shape(needs, also, block_id=ID, **fields)


BLOCKS: dict[str, Shape] = {
    "section": block(also=_section, text=text(3_000, *MARKED), fields=items(10, text(2_000, *MARKED)), accessory=accessory, expand=flag),
    "header": block("text", text=text(150)),
    "divider": block(),
    "image": block("alt_text", also=_image, alt_text=string(2_000), image_url=url(), slack_file=anything, title=text(2_000)),
    "context": block("elements", elements=items(10, _context_element)),
    "actions": block("elements", elements=items(25, action)),
    "context_actions": block("elements", elements=items(5, context_action)),
    "input": block("label", "element", label=text(2_000), element=entry, hint=text(2_000), optional=flag, dispatch_action=flag),
    "rich_text": block("elements", elements=items(1_000, _RICH)),
    "markdown": block("text", text=string(MARKDOWN)),
    "table": block("rows", rows=items(100, items(20, _CELL)), column_settings=items(20, anything)),
    "data_table": block(
        "caption", "rows", also=_data_table, caption=string(2_000), rows=items(101, items(20, _CELL), least=2), page_size=number(1, 100)
    ),
    "video": block(
        "alt_text",
        "title",
        "thumbnail_url",
        "video_url",
        alt_text=string(2_000),
        title=text(200),
        title_url=url(),
        thumbnail_url=url(),
        video_url=url(),
        author_name=string(50),
        provider_name=string(50),
        provider_icon_url=url(),
        description=text(2_000),
    ),
    "file": block("external_id", "source", external_id=string(255), source=one_of("remote")),
    "alert": block("text", text=text(3_000, *MARKED), level=one_of("default", "info", "warning", "error", "success")),
    "card": block(
        title=text(150, *MARKED),
        subtitle=text(150, *MARKED),
        body=text(200, *MARKED),
        icon=anything,
        hero_image=anything,
        slack_icon=anything,
        actions=items(25, action),
    ),
    "carousel": block("elements", elements=items(10, anything)),
    "container": block(
        "child_blocks",
        child_blocks=items(10, anything),
        title=anything,
        subtitle=anything,
        icon=anything,
        width=anything,
        is_collapsible=flag,
        default_collapsed=flag,
    ),
    "plan": block("title", title=anything, tasks=items(50, anything)),
    "task_card": block(
        "title", title=anything, task_id=string(255), status=string(50), details=anything, output=anything, sources=anything
    ),
    "data_visualization": block("title", "chart", title=anything, chart=anything),
}

_EVERYWHERE = frozenset({"section", "header", "divider", "image", "context", "actions", "input", "rich_text", "video"})
SURFACES = {"message": frozenset(BLOCKS) - {"alert"}, "modal": _EVERYWHERE | {"alert", "card"}, "home": _EVERYWHERE}
_BLOCK = {surface: typed(BLOCKS, allowed) for surface, allowed in SURFACES.items()}


def block_faults(blocks: Any, surface: str, most: int, path: str = "/blocks") -> list[str]:
    """Every fault of a list of blocks, each with the pointer to it."""
    faults: list[str] = []
    items(most, _BLOCK[surface], least=0)(blocks, path, faults)
    if isinstance(blocks, list):
        _repeated([b for b in blocks if isinstance(b, dict)], path, faults)
    return faults


def _repeated(blocks: list[Json], path: str, faults: list[str]) -> None:
    """A block_id twice among the blocks, or an action_id twice in one block."""
    seen: set[str] = set()
    for index, item in enumerate(blocks):
        name = item.get("block_id")
        if name and str(name) in seen:
            fault(faults, f"{path}/{index}/block_id", f"block_id already exists: {name}")
        seen.add(str(name))
        inside = [e.get("action_id") for e in item.get("elements") or [] if isinstance(e, dict) and e.get("action_id")]
        for action_id in {a for a in inside if inside.count(a) > 1}:
            fault(faults, f"{path}/{index}", f"action_id already exists: {action_id}")


def check_message(words: str, blocks: Any, attachments: Any) -> None:
    """Raises Refused as Slack does: invalid_blocks with the faults, msg_too_long, msg_blocks_too_long, too_many_attachments."""
    if len(words) > MESSAGE_TEXT:
        raise Refused("msg_too_long")
    if blocks:
        check_blocks(blocks)
    if attachments:
        _check_attachments(attachments)


def check_blocks(blocks: Any, path: str = "/blocks") -> None:
    if not isinstance(blocks, list):
        raise Refused("invalid_blocks_format")
    faults = block_faults(blocks, "message", MESSAGE_BLOCKS, path)
    if (
        sum(len(b["text"]) for b in blocks if isinstance(b, dict) and b.get("type") == "markdown" and isinstance(b.get("text"), str))
        > MARKDOWN
    ):
        fault(faults, path, f"markdown text must be less than {MARKDOWN + 1} characters in all")
    if faults:
        raise Refused("invalid_blocks", errors=[f.removeprefix("[ERROR] ") for f in faults], response_metadata={"messages": faults})
    if len(json.dumps(blocks, ensure_ascii=False)) > ALL_BLOCKS:
        raise Refused("msg_blocks_too_long")


def _check_attachments(attachments: Any) -> None:
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise Refused("invalid_attachments")
    if len(attachments) > 100:
        raise Refused("too_many_attachments")
    for index, item in enumerate(attachments):
        if item.get("blocks"):
            check_blocks(item["blocks"], f"/attachments/{index}/blocks")
