"""What somebody asks by naming the bot in a message: "@Tendon status Billing", "@Tendon when does Billing ship?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from domain.nearest import fold
from domain.words import tidy

_MOST = 300  # characters that are read
_HELLO = re.compile(r"^(?:(?:hi|hey|hello|please|pls|ok|so|and|can you|could you|(?:tell|show|give) (?:us|me)|show)\b[\s,:]*)+")
_WHEN = re.compile(
    r"^(?:when(?:'s| is| are| does| do| will| can| should)?(?: we| you)?(?: have| get| ship| expect| release)?"
    r"|what(?:'s| is) the (?:date|day|eta) (?:of|for)|eta(?: of| for)?|date of)\b\s*(?P<name>.*)$"
)
_ENDS = re.compile(
    r"\s+(?:(?:to|be|go|going|get|is|are|being|out|ships?|shipping|shipped|released?|due|available|live|ready|lands?|landing"
    r"|coming|done)\b\s*)+$"
)
_STATUS = re.compile(
    r"^(?:status(?: of| for)?|state of|where is|where are we (?:with|on)|how is|how's|how are we (?:doing )?(?:with|on)"
    r"|are we on track (?:with|for)|is|list|overview)\b\s*(?P<name>.*)$"
)
_QUESTION = re.compile(r"^(?:is|how|where|are)\b")
_ON_TRACK = re.compile(r"\s+(?:on track|doing|going|looking|late|at risk|ok|okay|delayed)$")
_CHANGED = re.compile(
    r"^(?:what(?:'s| has| is| did)? ?(?:changed|change|new|moved|happened)|changes|changed|news|updates?)\b\s*(?P<name>.*)$"
)
_OF = re.compile(r"^(?:(?:in|with|on|of|for|about|the|release)\s+)+")
_POLITE = re.compile(r"[\s,]+(?:please|pls|plz|thanks|thank you|thx|bitte|danke|merci)$")
_THANKS = {"thanks", "thank you", "many thanks", "thanks a lot", "thx", "ty", "cheers", "ok", "okay", "ok thanks", "great", "great thanks"}
_THANKS |= {"perfect", "nice", "cool", "danke", "merci", "gracias", "👍", "🙏", "🎉"}
_HELP = {"", "help", "?", "hilfe", "aide", "commands", "what can you do"}


class Wish(StrEnum):
    """What is wanted."""

    STATUS = "status"
    WHEN = "when"
    CHANGED = "what changed"
    HELP = "help"
    NOTHING = "nothing"  # a word of thanks
    UNKNOWN = "unknown"  # perhaps a name


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A wish, and what it is about: a release, a team, a filter, a day; empty for everything. `typed` is how it was written."""

    wish: Wish
    about: str = ""
    typed: str = ""


def read_mention(text: str, bot: str) -> Mentioned:
    """What stands behind the bot's name, or before it where nothing does."""
    before, _, after = tidy(text).partition(f"<@{bot}>")
    words = (after.strip(" ,:;-\n") or before.strip(" ,:;-\n"))[:_MOST]
    words = " ".join(words.replace(f"<@{bot}>", " ").split())
    asked = words.rstrip(" .…?!,;:")
    if fold(asked).replace(",", "") in _THANKS:
        return Mentioned(Wish.NOTHING, asked, words)
    if polite := _POLITE.search(asked.casefold()):
        asked = asked[: polite.start()]
    plain = _HELLO.sub("", asked.casefold())
    kept = asked[len(asked) - len(plain) :] if len(asked.casefold()) == len(asked) else plain
    if fold(plain) in _HELP:
        return Mentioned(Wish.HELP, typed=words)
    for wish, pattern in ((Wish.WHEN, _WHEN), (Wish.CHANGED, _CHANGED), (Wish.STATUS, _STATUS)):
        if found := pattern.match(plain):
            return Mentioned(wish, _about(wish, kept[found.start("name") :], is_question=bool(_QUESTION.match(plain))), words)
    return Mentioned(Wish.UNKNOWN, kept, words)


def _about(wish: Wish, name: str, *, is_question: bool) -> str:
    """The name itself, without the words around it."""
    name = name.strip(" \"'")
    lower = name.casefold()
    if (wish is Wish.WHEN and (ends := _ENDS.search(lower))) or (wish is Wish.STATUS and is_question and (ends := _ON_TRACK.search(lower))):
        name = name[: ends.start()]
    elif wish is Wish.CHANGED and (opens := _OF.match(lower)):
        name = name[opens.end() :]
    return name.strip(" \"'")
