"""What customers may be told of a release: how such words are typed, how long they may be, and how they read.

The words are the owner's. They may come with a date of their own, as sure as it may be said outside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from domain.coarse import read_when
from domain.dates import add_months
from domain.errors import BadInput
from domain.lifecycle import storable
from domain.phrases import say_day
from domain.spans import Month, Quarter, Week, due
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
    """One reading of `say NAME "WORDS" [for DATE]`. `unread` says what is wrong with the date, `choices` where it can be either of two."""

    name: str | None
    words: str = ""
    on: date | None = None
    unread: str = ""
    choices: tuple[date, ...] = ()


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
        return replace(told, unread=unread.sentence, choices=getattr(unread, "choices", ()))


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


STAYS = "That stays true."
NO_MORE = "That will no longer be true."
SOONER = "It would come sooner than that."
NO_DATE = "It names no date that I can read: check that it stays true."
_WORD = re.compile(r"[^\s“”\"()]+")
_HALF = re.compile(
    r"\b(?:(first|second) half (?:of )?(?:the )?(?:year )?|h([12])[\s/-]*)(20\d\d)\b|\b(20\d\d)[\s/-]*h([12])\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b20\d\d\b")
_LEADING = {"in", "by", "before", "until", "till", "during", "for", "mid", "early", "late", "end", "of", "this", "next", "on"}
_UP_TO = re.compile(r"\b(?:by|before|until|till|no later than|at the latest)\b", re.IGNORECASE)
_OPEN_ENDED = re.compile(
    r"\b(?:not before|no earlier|earliest|after|from|as of|not (?:planned|expected|in|this)|no plans?)\b", re.IGNORECASE
)
_LONGEST = 6  # words of a date


def still_true(saying: Any, on: date, today: date) -> str:
    """Whether what customers were told holds if it comes by `on`, as a sentence; or that this cannot be read out of it."""
    told = said_for(saying, today)
    if told is None:
        return NO_DATE
    first, last = told
    if on > last:
        return NO_MORE
    return SOONER if on < first else STAYS


def said_for(saying: Any, today: date) -> tuple[date, date] | None:
    """The first and the last day that the words, or the date beside them, leave open; None where they name none that can be read."""
    own = due(saying)
    if own is not None:
        return _days_of(own)
    if _OPEN_ENDED.search(saying.words):
        return None
    said_on = saying.said_at.date() if saying.said_at else today
    found = [*_halves(saying.words), *_named(saying.words, said_on)]
    if not found:
        found = [(date(int(year), 1, 1), date(int(year), 12, 31)) for year in _YEAR.findall(saying.words)]
    if not found:
        return None
    first = date.min if _UP_TO.search(saying.words) else min(first for first, _ in found)
    return first, max(last for _, last in found)


def _days_of(day: date) -> tuple[date, date]:
    """The calendar days of a date that is as sure as it is."""
    match day:
        case Week():
            return day.monday, day.monday + timedelta(days=6)
        case Month():
            return date(day.year, day.month, 1), add_months(date(day.year, day.month, 1), 1) - timedelta(days=1)
        case Quarter():
            first = date(day.year, day.number * 3 - 2, 1)
            return first, add_months(first, 3) - timedelta(days=1)
    return day, day


def _halves(words: str) -> list[tuple[date, date]]:
    found = []
    for match in _HALF.finditer(words):
        is_first = (match[1] or "").casefold() == "first" or "1" in (match[2], match[5])
        year = int(match[3] or match[4])
        found.append((date(year, 1, 1), date(year, 6, 30)) if is_first else (date(year, 7, 1), date(year, 12, 31)))
    return found


def _named(words: str, said_on: date) -> list[tuple[date, date]]:
    """Days, weeks, months and quarters: with their year, or after a word that leads to a date."""
    typed = [match[0].rstrip(".,;:!?") for match in _WORD.finditer(words)]
    found: list[tuple[date, date]] = []
    at = 0
    while at < len(typed):
        end = next((end for end in range(min(at + _LONGEST, len(typed)), at, -1) if _reads(typed, at, end, said_on)), None)
        if end is not None:
            found.append(_days_of(_reads(typed, at, end, said_on) or said_on))
        at = end or at + 1
    return found


def _reads(typed: list[str], start: int, end: int, said_on: date) -> date | None:
    text = " ".join(typed[start:end])
    leads = start > 0 and typed[start - 1].casefold() in _LEADING
    if not (_YEAR.search(text) or leads) or text.casefold() in _LEADING or text.isdecimal():
        return None
    try:
        return read_when(text, said_on)
    except BadInput:
        return None
