"""The small pieces of what people type: quotes and dashes as phones make them, numbers, people, channels, times of day."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

from domain.errors import BadInput
from domain.nearest import fold, nearest
from domain.phrases import WEEKDAYS, cut
from domain.weekday_names import WEEKDAY_NAMES

_UNSEEN = dict.fromkeys("\u200b\u2060\ufeff\u00ad\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00")
_AS_TYPED = str.maketrans(
    dict.fromkeys("“”„‟«»〝〞〟＂", '"')
    | dict.fromkeys("‘’‚‛‹›`´", "'")
    | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
    | dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r", " ")
    | _UNSEEN
)
_NO_CONTROLS = str.maketrans(_UNSEEN | dict.fromkeys((*range(32), *range(127, 160))))
_USER = re.compile(r"<@([A-Z0-9_]+)(?:\|([^<>]*))?>")
_CHANNEL = re.compile(r"<#([A-Z0-9_]+)(?:\|([^<>]*))?>")
_GROUP = re.compile(r"<!subteam\^([A-Z0-9_]+)(?:\|([^<>]*))?>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^<>|\s]+)(?:\|([^<>]*))?>")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?\s*(am|pm|a\.m|p\.m|a|p|uhr|o'clock|h)?")
_NAMED_TIMES = {"noon": time(12), "midday": time(12), "midnight": time(0)}


def tidy(text: str) -> str:
    """What phones do to a line is undone: plain quotes, hyphens and spaces; what cannot be seen is gone."""
    return text.translate(_AS_TYPED).strip()


def one_line(text: str) -> str:
    """A name as it is kept: single spaces, and nothing that cannot be seen, which a sheet or a web page brings along."""
    return " ".join(" ".join(text.split()).translate(_NO_CONTROLS).split())


def plain(text: str) -> str:
    """Command text as its writer saw it: mentions and links by their name, and & < > as typed."""
    text = _USER.sub(lambda m: "@" + (m[2] or m[1]), text)
    text = _CHANNEL.sub(lambda m: "#" + (m[2] or m[1]), text)
    text = _GROUP.sub(lambda m: m[2] or f"@{m[1]}", text)
    text = _LINK.sub(lambda m: m[2] or m[1], text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def number_of(text: str, letter: str) -> int | None:
    """The number of a record: "R-12", "r12", "R 12", "#12" and "12" are 12 for letter R; anything else None."""
    match = re.fullmatch(rf"(?:{re.escape(letter)}\s?-?\s?|#)?(\d{{1,9}})", fold(text), re.IGNORECASE)
    return int(match[1]) if match else None


@dataclass(frozen=True, slots=True)
class Mention:
    """A person or a channel as named in a command: `id` is None when only a name was typed."""

    id: str | None
    name: str | None = None


def read_user(text: str, field: str = "user") -> Mention:
    """Reads `<@U123|pia>`, `<@U123>` or `@pia`."""
    return _mention(text, _USER, "@", BadInput({field: f'I could not read "{cut(plain(text))}" as a person. Write @ and pick a name.'}))


def read_channel(text: str, field: str = "channel") -> Mention:
    """Reads `<#C123|general>`, `<#C123>` or `#general`."""
    return _mention(text, _CHANNEL, "#", BadInput({field: f'I could not read "{cut(plain(text))}" as a channel. Write # and pick one.'}))


def _mention(text: str, pattern: re.Pattern[str], sign: str, refusal: BadInput) -> Mention:
    word = tidy(text).rstrip(".,;:?!")
    if match := pattern.fullmatch(word):
        return Mention(match[1], plain(match[2]) if match[2] else None)
    if re.fullmatch(rf"{sign}[^\s{sign}<>]{{1,80}}", word):
        return Mention(None, plain(word[1:]))
    raise refusal


def read_group(text: str) -> Mention | None:
    """Reads `<!subteam^S123|@sales>` or `<!subteam^S123>`; None for what is no user group as Slack writes it."""
    match = _GROUP.fullmatch(tidy(text).rstrip(".,;:?!"))
    return Mention(match[1], plain(match[2] or "").removeprefix("@") or None) if match else None


def is_mention(text: str) -> bool:
    """Whether the text is one person or one channel and nothing else."""
    return bool(_USER.fullmatch(text) or _CHANNEL.fullmatch(text) or re.fullmatch(r"[@#][\w.-]{1,80}", text))


def split_quoted(text: str) -> tuple[str | None, str]:
    """A quoted beginning and what follows it: `"Billing revamp" to 12 March` -> ("Billing revamp", "to 12 March").

    Without a closed quote at the beginning the first part is None. An unclosed quote is dropped.
    """
    text = tidy(text)
    if not text or text[0] not in "\"'":
        return None, text
    for end in (m.start() for m in re.finditer(text[0], text[1:])):
        rest = text[end + 2 :]
        if not rest or not rest[0].isalnum():
            name = text[1 : end + 1].strip()
            return (name, rest.strip()) if name else (None, rest.strip())
    return None, text[1:].strip()


def read_time(text: str, field: str = "time") -> time:
    """A time of day: "9", "9am", "9 am", "09.00", "9:00", "17h30", "noon"."""
    words = re.sub(r"^(at|@|um)\s*", "", fold(tidy(text)))
    if words in _NAMED_TIMES:
        return _NAMED_TIMES[words]
    match = _CLOCK.fullmatch(words) or re.fullmatch(r"(\d{2})(\d{2})()", words)
    if match:
        hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
        if half in {"a", "p"} and 1 <= hour <= 12:
            hour = hour % 12 + (12 if half == "p" else 0)
        elif half in {"a", "p"}:
            hour = 99
        if (hour, minute) == (24, 0):
            return time(0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise BadInput({field: f'I could not read "{cut(text)}" as a time of day. Write it as 09:00 or 9am.'})


def read_weekday(text: str, field: str = "weekday") -> int:
    """A day of the week, Monday is 0: "Monday", "mon", "Mondays", "Mon."."""
    word = fold(tidy(text))
    number = weekday_of(word)
    if number is None:
        offers = nearest(word, WEEKDAYS, 1) if len(word) > 3 else []
        hint = f"Did you mean {offers[0]}?" if offers else "Write Monday to Sunday."
        raise BadInput({field: f'I could not read "{cut(text)}" as a day of the week. {hint}'})
    return number


def bare(words: str) -> str:
    """Already folded words without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", words) if not unicodedata.combining(char))


def weekday_of(word: str) -> int | None:
    """The number of an already folded weekday, else None. It may be one of several."""
    word = bare(word)
    return WEEKDAY_NAMES.get(word, WEEKDAY_NAMES.get(word.removesuffix("s")) if len(word) > 5 else None)
