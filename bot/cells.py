"""Cells of a file that others open in a spreadsheet."""

import json
from typing import Any

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(value: Any) -> Any:
    """A cell that begins like a formula is text to a spreadsheet."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ")[:1] in _FORMULA and value.strip(" ") else value
