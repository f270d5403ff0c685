"""Finding the person that a sheet names: by address or by full name, and by nothing less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.nearest import fold, nearest


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody of the workspace. `cannot` is why they can own nothing, in words after their name; "" where they can."""

    id: str
    name: str
    email: str = ""
    cannot: str = ""


def find_person(text: str, people: Sequence[Someone]) -> Someone | None:
    """The one person meant; None for nobody, and for more than one."""
    wanted = fold(text)
    found = [each for each in people if each.email and each.email.casefold() == wanted]
    found = found or [each for each in people if fold(each.name) == _as_name(wanted)]
    able = [each for each in found if not each.cannot] or found
    return able[0] if len(able) == 1 else None


def _as_name(wanted: str) -> str:
    """`pia.marsh@acme.com` and `@pia.marsh` are Pia Marsh."""
    local = wanted.removeprefix("@").partition("@")[0]
    return " ".join(local.replace(".", " ").replace("_", " ").split()) if "@" in wanted or " " not in wanted else wanted


def likely_person(text: str, people: Sequence[Someone]) -> Someone | None:
    """Who may be meant: offered, never taken."""
    able = {each.name: each for each in people if not each.cannot}
    return next((able[name] for name in nearest(_as_name(fold(text)), able, 1)), None)
