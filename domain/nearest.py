"""Names as people type them: how to compare two, and which ones somebody probably meant."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher, get_close_matches

LONGEST = 200  # comparing is quadratic; no name that somebody meant is longer
LONGEST_TYPO = 80  # beyond that a line was typed, not a name


def fold(name: str) -> str:
    """A name as it is compared: case, width, runs of spaces and punctuation at the ends do not matter."""
    text = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    start, end = 0, len(text)
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return text[start:end] or text


def _is_edge(char: str) -> bool:
    return char in " .,;:!?\"'`«»()[]" or unicodedata.category(char) in {"Pi", "Pf", "Ps", "Pe", "Cf"}


def nearest(word: str, candidates: Iterable[str], n: int = 3) -> list[str]:
    """Up to n candidates that `word` may mean, best first: those it begins, those that contain it, then those spelled alike."""
    wanted = fold(word[:LONGEST])
    if not wanted:
        return []
    by_fold: dict[str, str] = {}
    for candidate in candidates:
        by_fold.setdefault(fold(candidate[:LONGEST]), candidate)
    begins = [key for key in by_fold if key.startswith(wanted) or (len(key) > 2 and wanted.startswith(key + " "))]
    contains = [key for key in by_fold if wanted in key] if len(wanted) > 2 else []
    alike = get_close_matches(wanted, by_fold, n=n, cutoff=0.6) if len(wanted) <= LONGEST_TYPO else []
    parts = (
        [key for key in by_fold if any(similarity(wanted, part) >= 0.8 for part in key.split())] if 3 < len(wanted) <= LONGEST_TYPO else []
    )
    ranked = dict.fromkeys([*sorted(begins, key=len), *sorted(contains, key=len), *alike, *parts])
    return [by_fold[key] for key in ranked][:n]


def similarity(a: str, b: str) -> float:
    """How alike two short texts are, from 0 to 1."""
    return SequenceMatcher(None, a[:LONGEST], b[:LONGEST], autojunk=False).ratio()
