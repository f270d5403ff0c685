"""What a screen reader would read of Block Kit, for tests and for the page's notices."""

from typing import Any

Json = dict[str, Any]
_SKIPPED = {"type", "block_id", "action_id", "value", "url", "image_url", "private_metadata", "callback_id", "style", "confirm", "filter"}
_READ = ("title", "subtitle", "label", "text", "body", "markdown", "hint", "alt_text", "caption", "raw_text")


def plain_text(blocks: list[Json]) -> str:
    """All readable text of the blocks, one line per block part, in the order it is drawn."""
    lines = [line for block in blocks for line in _lines(block)]
    return "\n".join(line for line in lines if line)


def _lines(node: Any) -> list[str]:
    if isinstance(node, list):
        return [line for item in node for line in _lines(item)]
    if not isinstance(node, dict):
        return []
    kind = node.get("type", "")
    if kind in ("plain_text", "mrkdwn", "raw_text", "text", "markdown") and isinstance(node.get("text"), str):
        return [node["text"]]
    if kind.startswith("rich_text"):
        return _rich(node)
    if kind == "raw_number":
        return [str(node.get("text") or node.get("value", ""))]
    if kind == "table":
        return [" | ".join(" ".join(_lines(cell)) for cell in row) for row in node.get("rows", [])]
    return _fields(node)


def _fields(node: Json) -> list[str]:
    lines: list[str] = []
    for key, value in node.items():
        if key in _SKIPPED:
            continue
        if isinstance(value, str):
            lines += [value] if key in _READ else []
        else:
            lines += _lines(value)
    return lines


def _rich(node: Json) -> list[str]:
    if node["type"] in ("rich_text", "rich_text_list"):
        return [line for item in node.get("elements", []) for line in _rich(item)]
    return ["".join(_inline(item) for item in node.get("elements", []))]


def _inline(item: Json) -> str:
    kind = item.get("type")
    if kind == "user":
        return f"<@{item.get('user_id')}>"
    if kind == "channel":
        return f"<#{item.get('channel_id')}>"
    if kind == "emoji":
        return f":{item.get('name')}:"
    if kind == "broadcast":
        return f"@{item.get('range')}"
    return str(item.get("text") or item.get("fallback") or item.get("url") or "")
