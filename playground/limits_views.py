"""What a modal or a Home may be: its texts, its blocks, its size."""

import json
from typing import Any

from playground.limits import block_faults
from playground.limits_rules import Shape, anything, fault, flag, string, text
from playground.methods.table import Refused
from playground.state import Json

VIEW_BLOCKS = 100
VIEW_BYTES = 250_000

_COMMON = {
    "blocks": anything,
    "private_metadata": string(3_000, least=0),
    "callback_id": string(255, least=0),
    "external_id": string(255, least=0),
}
_WINDOW = {
    "title": text(24),
    "submit": text(24),
    "close": text(24),
    "clear_on_close": flag,
    "notify_on_close": flag,
    "submit_disabled": flag,
}
_SHAPES = {
    "modal": Shape(("title", "blocks"), **_COMMON, **_WINDOW),
    "home": Shape(("blocks",), **_COMMON),
}


def view_faults(content: Json, kind: str, path: str = "/view") -> list[str]:
    faults: list[str] = []
    if content.get("type") != kind:
        fault(faults, f"{path}/type", f"value must be one of: {kind}")
        return faults
    _SHAPES[kind](content, path, faults)
    blocks: Any = content.get("blocks")
    faults += block_faults(blocks, kind, VIEW_BLOCKS, f"{path}/blocks") if blocks is not None else []
    if kind == "modal" and not content.get("submit") and any(isinstance(b, dict) and b.get("type") == "input" for b in blocks or []):
        fault(faults, path, "missing required field: submit (a modal with inputs needs it)")
    return faults


def check_view(content: Json, kind: str) -> None:
    """Raises Refused with invalid_arguments and the faults, or view_too_large."""
    faults = view_faults(content, kind)
    if faults:
        raise Refused("invalid_arguments", response_metadata={"messages": faults})
    if len(json.dumps(content).encode()) > VIEW_BYTES:
        raise Refused("view_too_large")
