"""The reaction by which people mark a message: one emoji, whatever its colour of skin and by whichever of its names."""

from __future__ import annotations

import re

from domain.errors import BadInput
from domain.phrases import cut

_SKIN = re.compile(r"::skin-tone-[2-6]$")
_NAME = re.compile(r"[a-z0-9_+'-]{1,100}")
_SAME = {
    "pencil": "memo", "thumbsup": "+1", "thumbsdown": "-1", "collision": "boom", "honeybee": "bee", "poop": "hankey", "shit": "hankey",
    "heavy_exclamation_mark": "exclamation", "raised_hand": "hand", "punch": "facepunch", "envelope": "email", "telephone": "phone",
    "open_book": "book", "lantern": "izakaya_lantern", "running": "runner", "waxing_gibbous_moon": "moon",
}  # fmt: skip
_SIGNS = {"📝": "memo", "👍": "+1", "💡": "bulb", "📌": "pushpin", "👀": "eyes", "🎯": "dart", "📣": "mega"}


def bare(name: str) -> str:
    """An emoji as compared: `:thumbsup::skin-tone-3:` is `+1`."""
    known = _SKIN.sub("", name.strip().casefold().strip(":"))
    return _SAME.get(known, known)


def read_mark(text: str, field: str = "emoji") -> str:
    """Reads ":memo:", "memo" or the sign itself; nothing is no mark at all."""
    said = text.strip()
    if not said:
        return ""
    name = bare(_SIGNS.get(said.rstrip("\ufe0f"), said))
    if not _NAME.fullmatch(name):
        raise BadInput({field: f'I could not read "{cut(said)}" as an emoji. Write its name between colons, such as :memo:.'})
    return name
