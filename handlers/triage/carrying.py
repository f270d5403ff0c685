"""What the buttons of a queue carry, read back."""

from bot.requests import Request
from domain.errors import BadInput


def carried(request: Request) -> tuple[int, int, int]:
    """Whose queue, from which place on, and which piece. Raises BadInput for a button that nobody can read."""
    try:
        team, at, piece = (int(each) for each in (request.value or "0:0:0").split(":"))
    except ValueError:
        raise BadInput({"text": "That button is too old to be read. `/customer-feedback triage` shows what waits."}) from None
    return team, max(at, 0), piece


def is_private(request: Request) -> bool:
    return bool((request.body.get("container") or {}).get("is_ephemeral"))
