"""What customers may be told of a release: how such words are typed, how long they may be, and how they read.

The words are the owner's. They may come with a date of their own, as sure as it may be said outside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.coarse import read_when
from domain.errors import BadInput
from domain.lifecycle import storable
from domain.phrases import say_day
from domain.spans import Week, due
from domain.tails import name_of
from domain.words import plain

LONGEST = 500
ASK_AGAIN = timedelta(days=7)  # an owner is asked for words no more often
NOTHING = "Nothing may be promised yet."
_QUOTE = re.compile('["“”„‟«»〝〞〟＂]')
_CUT = re.compile(r"\s*:\s+|\s+[-‐‑‒–—―]+\s+")
_LEADS = re.compile(r"^[\s,;.:–—-]*(?:(?:for|in|by|on|planned for|when)\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """One reading of `say NAME "WORDS" [for DATE]`. `unread` says what is wrong with the date."""

    name: str | None
    words: str = ""
    on: date | None = None
    unread: str = ""


def read_told(text: str, today: date) -> tuple[Told, ...]:
    """Every reading, the longest name first; the last without words. A name is quoted, or stands before quoted words, a colon or a dash."""
    text = text.strip()
    quotes = [match.start() for match in _QUOTE.finditer(text)]
    if quotes and quotes[0] == 0 and len(quotes) > 1:
        name, rest = text[1 : quotes[1]], text[quotes[1] + 1 :]
        return (_with_words(plain(name).strip(), rest, [quote - quotes[1] - 1 for quote in quotes[2:]], today),)
    if quotes and quotes[0] > 0:  # a name may have quotes of its own
        openings = quotes[::2][::-1]
        return tuple(_with_words(name_of(text[:at]), text[at:], [quote - at for quote in quotes if quote >= at], today) for at in openings)
    cuts = [(text[: match.start()], text[match.end() :]) for match in _CUT.finditer(text[:400])]
    readings = [Told(name_of(head), plain(tail)) for head, tail in cuts if name_of(head)]
    return (Told(name_of(text)), *sorted(readings, key=lambda told: -len(told.name or "")))


def _with_words(name: str | None, text: str, quotes: list[int], today: date) -> Told:
    """The words from the first quote to the last, and a date behind them."""
    if not quotes:
        return Told(name, plain(_CUT.sub("", text, count=1) if _CUT.match(text) else text))
    last = quotes[-1] if len(quotes) > 1 else len(text)
    told = Told(name, plain(text[quotes[0] + 1 : last]))
    when = plain(_LEADS.sub("", text[last + 1 :], count=1)).rstrip(" .,;!?")
    if not when:
        return told
    try:
        return replace(told, on=read_when(when, today))
    except BadInput as unread:
        return replace(told, unread=unread.sentence)


def read_words(text: str | None) -> str:
    """The words as they are kept; empty for none. Raises BadInput{"words"}."""
    words = storable(text or "").strip()
    if len(words) > LONGEST:
        said = f"What is said to customers has at most {LONGEST} characters; this has {len(words):,}. Say it shorter. Nothing was saved."
        raise BadInput({"words": said})
    return words


def in_full(saying: Any) -> str:
    """What may be said word for word, ready to be copied, of a row with words and a date."""
    on = due(saying)
    if on is None:
        return str(saying.words)
    words = saying.words if saying.words[-1:] in ".!?…" else f"{saying.words}."
    return f"{words} Planned for {'the ' if isinstance(on, Week) else ''}{say_day(on)}."


def may_ask(asked_at: datetime | None, now: datetime) -> bool:
    """Whether the owner may be asked for words: however many ask, once a week."""
    return asked_at is None or now >= asked_at + ASK_AGAIN
