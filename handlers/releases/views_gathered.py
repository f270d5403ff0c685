"""How the changes look that a follower hears of together. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_list
from handlers.releases import ids
from handlers.releases.views import Shown

MOST_CHARACTERS = 9_000
MOST_NAMED = 3
LONGEST_REASON = 80


@dataclass(frozen=True, slots=True)
class Line:
    """One change: what is new, who did what, the word before a correction, and why."""

    release: Shown
    says: str
    did: str
    opening: str = ""
    reason: str = ""


def gathered(lines: Sequence[Line], total: int, since: date, prefix: str = "") -> Message:
    """The newest first. Of more than fit the message says how many, and where they are: `since` is the day of the oldest."""
    shown = list(lines)
    while len(shown) > 1 and _size(_message(shown, total, since, prefix)) > MOST_CHARACTERS:
        shown.pop()
    return _message(shown, total, since, prefix)


def _message(lines: Sequence[Line], total: int, since: date, prefix: str) -> Message:
    first = f"{say_count(total, 'change')} in what you follow"
    names = list(dict.fromkeys(line.release.called for line in lines))
    named = say_list(names if len(names) <= MOST_NAMED else [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} more"])
    why = f"You follow {'this' if total == 1 else 'these'}. `/{prefix}tendon notices` changes how often I write."
    left = total - len(lines)
    more = [f"and {left:,} more: `/{prefix}release since {since.day} {since:%b} {since.year}`"] if left else []
    text = [_words(lines[0])] if total == 1 else [f"{first}: {named}", *map(_words, lines)]
    head = [] if total == 1 else [kit.section(f"*{first}*")]
    blocks = [*head, *(_row(line, n) for n, line in enumerate(lines)), *map(kit.section, more), kit.context(why)]
    return Message("\n".join([kit.safe("\n".join(text)), *more, why]), blocks)


def _row(line: Line, n: int) -> Block:
    reason = f"\n“{kit.safe(kit.cut(_one_line(line.reason), LONGEST_REASON))}”" if line.reason else ""
    said = f"{line.opening}*{kit.name(line.release.name)}* {kit.safe(line.says)}\n{kit.safe(line.did)}{reason}"
    return kit.section(said, accessory=kit.button("Open", f"{ids.OPEN}:{n}", str(line.release.id), about=line.release.called))


def _words(line: Line) -> str:
    reason = f" “{kit.cut(_one_line(line.reason), LONGEST_REASON)}”" if line.reason else ""
    return f"{line.opening}{line.release.called} {line.says} {line.did}{reason}"


def _one_line(words: str) -> str:
    return " ".join(words.split())


def _size(message: Message) -> int:
    return len(json.dumps(list(message.blocks), ensure_ascii=False, separators=(",", ":")))
