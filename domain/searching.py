"""Words as they are looked for. What was said and what somebody types become terms in the same way, so that every text is a valid search
and every database finds the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from domain.nearest import similarity

LONGEST_TERM = 40
MOST_READ = 40_000  # characters of a text that are looked through
MOST_ASKED = 20  # words of a search; a text of thousands is somebody's paste
ALIKE = 0.6

_ASCII = re.compile(r"[a-z0-9]+(?:\+\++|#(?![a-z0-9]))?")
_SPACELESS = (  # scripts that put no space between words: Thai to Khmer, kana, Han
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: terms that must all be there, or any of them; each whole, or as the beginning of a word."""

    terms: tuple[str, ...]
    any: bool = False
    begins: bool = True


def terms(text: str) -> list[str]:
    """What a text is found by, each once: words without case and accents, numbers, C++ and C# as one, signs such as 🔥.

    Where a script puts no spaces, every two neighbours are a term, and the last sign alone.
    """
    return list(dict.fromkeys(_split(text[:MOST_READ], ends=True)))


def asked(text: str) -> tuple[list[str], bool]:
    """The terms of a search, and whether all of it was read. A search may end in the middle of a word."""
    found = list(dict.fromkeys(_split(text[:MOST_READ], ends=False)))
    return found[:MOST_ASKED], len(found) <= MOST_ASKED and len(text) <= MOST_READ


def closest(word: str, known: Iterable[str], n: int = 3) -> list[str]:
    """Up to n known terms that are spelled most alike, best first."""
    grams = _grams(word)
    near = []
    for term in set(known) - {word}:
        if abs(len(term) - len(word)) < max(3, len(word) // 3):
            theirs = _grams(term)
            if 4 * len(grams & theirs) >= len(grams) + len(theirs):
                near.append(term)
    scored = sorted((-similarity(word, term), sorted(term) != sorted(word), term) for term in near)  # swapped letters go first
    return [term for score, _, term in scored if -score >= ALIKE][:n]


def _grams(word: str) -> frozenset[str]:
    """Pairs of letters that stand beside or next but one to each other, so that swapped letters still share some."""
    padded = f" {word} "
    return frozenset(padded[at : at + 2] for at in range(len(padded) - 1)) | frozenset(
        "".join(sorted(padded[at : at + 2])) for at in range(len(padded) - 1)
    )


def _split(text: str, *, ends: bool) -> Iterable[str]:
    if text.isascii():
        for match in _ASCII.finditer(text.lower()):
            yield _named(match[0])
        return
    for run in _runs(_folded(text)):
        yield from _neighbours(run, ends) if _is_spaceless(run[0]) else map(_named, [run])


def _named(word: str) -> str:
    """C++ is written cpp, C# csharp: a term has letters and digits only."""
    if word.endswith("++"):
        word = word.rstrip("+") + "pp"
    return word.replace("#", "sharp")[:LONGEST_TERM]


def _neighbours(run: str, ends: bool) -> Iterable[str]:
    yield from (run[at : at + 2] for at in range(len(run) - 1))
    if ends or len(run) == 1:
        yield run[-1]


def _folded(text: str) -> str:
    """Without case, width and accents of letters; signs that other scripts write around their letters stay."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", bare.casefold())


def _runs(text: str) -> Iterable[str]:
    """Letters, digits and marks that stand together; a sign such as 🔥 stands alone, and scripts without spaces among themselves."""
    run = ""
    for at, char in enumerate(text):
        if _is_of_a_word(char) and (not run or _is_spaceless(run[0]) == _is_spaceless(char)):
            run += char
            continue
        if run and (text.startswith("++", at) or (char == "#" and not text[at + 1 : at + 2].isalnum())) and run.isascii():
            run += "++" if char == "+" else "#"
        if run:
            yield run
        run = char if _is_of_a_word(char) else ""
        if unicodedata.category(char) == "So":
            yield char
    if run:
        yield run


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or (unicodedata.category(char)[0] == "M" and not "\ufe00" <= char <= "\ufe0f")


def _is_spaceless(char: str) -> bool:
    return ord(char) > 0xDFF and any(first <= ord(char) <= last for first, last in _SPACELESS)
