"""Whether two pieces of work may be one and the same, by the words of their titles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TypeVar

from domain.nearest import fold, similarity

T = TypeVar("T")
_COMMON = {"a", "an", "and", "at", "by", "for", "from", "in", "into", "new", "of", "on", "or", "phase", "part", "release", "support"}
_COMMON |= {"the", "to", "up", "update", "version", "via", "with", "work"}
_CLOSE = 0.84


def words_of(title: str) -> list[str]:
    """The words that tell titles apart, the longest first; a plural is its singular."""
    words = dict.fromkeys(re.findall(r"\w+", fold(title)))
    telling = [_singular(word) for word in words if word not in _COMMON and not word.isdecimal()]
    return sorted(dict.fromkeys(telling), key=lambda word: -len(word))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def likeness(a: str, b: str) -> float:
    """From 0 to 1: how much of the shorter title stands in the other. One shared word of several says nothing."""
    ours, theirs = set(words_of(a)), set(words_of(b))
    shared, fewest = len(ours & theirs), min(len(ours), len(theirs))
    by_words = shared / fewest if shared > 1 or (fewest == 1 and shared == 1 and max(len(ours), len(theirs)) <= 2) else 0.0
    spelled = similarity(fold(a), fold(b)) if len(a) > 4 and not re.search(r"\d", a + b) else 0.0
    return max(by_words if by_words > 0.5 else 0.0, spelled if spelled >= _CLOSE else 0.0)


def alike(title: str, known: Iterable[tuple[str, T]], most: int = 3) -> Sequence[T]:
    """Of what is known by its title that which may be the same, the likest first."""
    rated = [(likeness(title, other), value) for other, value in known]
    return [value for rate, value in sorted(rated, key=lambda each: -each[0]) if rate > 0][:most]
