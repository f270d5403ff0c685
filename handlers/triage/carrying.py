"""What the buttons of a queue carry, read back."""

import json

from bot.requests import Request
from domain.errors import BadInput


def carried(request: Request) -> tuple[int, int, int]:
    """Whose queue, from which place on, and which piece. Raises BadInput for a button that nobody can read."""
    try:
        kept = json.loads(request.value or "{}")
        return int(kept.get("team", 0)), max(int(kept.get("at", 0)), 0), int(kept.get("piece", 0))
    except (ValueError, TypeError, AttributeError):
        raise BadInput({"text": "That button is too old to be read. `/customer-feedback triage` shows what waits."}) from None


def is_private(request: Request) -> bool:
    return bool((request.body.get("container") or {}).get("is_ephemeral"))
