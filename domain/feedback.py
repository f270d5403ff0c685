"""What customers say: the kinds of it, when two people brought the same words, and when two names are one customer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from domain.errors import BadInput
from domain.nearest import fold, similarity
from domain.phrases import cut

SAME = 0.9  # two texts this alike are the same words, give or take a typo
LIKE = 0.45  # this alike, a person is asked whether they are the same thing
_LEGAL_FORMS = frozenset({
    "inc", "ltd", "llc", "llp", "gmbh", "ag", "se", "sa", "sas", "srl", "spa", "bv", "nv", "ab", "as", "oy", "oyj", "plc", "kg",
    "ug", "co", "corp", "corporation", "company", "limited", "pty", "pte", "kk",
})  # fmt: skip
_EMPTY_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "could", "do", "for", "from", "has", "have", "i", "in", "is",
    "it", "its", "of", "on", "or", "our", "so", "that", "the", "their", "them", "they", "this", "to", "us", "we", "with", "would",
    "you", "your",
})  # fmt: skip


class Type(StrEnum):
    """What a piece of feedback is."""

    PROBLEM = "problem"
    REQUEST = "request"
    PRAISE = "praise"
    QUESTION = "question"
    CHURN_RISK = "churn risk"


class Kind(StrEnum):
    """Whose words they are. Only a customer's count as customers' feedback; the others are counted apart."""

    CUSTOMER = "customer"
    INTERNAL = "internal"  # what slows us
    SIGNAL = "signal"  # what the market does


class Importance(StrEnum):
    """How much it matters to the customer, in the customer's own judgement."""

    NICE = "nice to have"
    IMPORTANT = "important"
    BLOCKING = "blocking"


class State(StrEnum):
    """What became of a piece."""

    NEW = "new"
    TAKEN = "taken"
    LINKED = "linked"
    SHIPPED = "shipped"
    DECLINED = "declined"


_OTHER_WORDS = {
    "bug": Type.PROBLEM, "issue": Type.PROBLEM, "complaint": Type.PROBLEM, "feature": Type.REQUEST, "feature request": Type.REQUEST,
    "idea": Type.REQUEST, "wish": Type.REQUEST, "thanks": Type.PRAISE, "love": Type.PRAISE, "churn": Type.CHURN_RISK,
    "risk": Type.CHURN_RISK,
}  # fmt: skip


def read_type(text: str, field: str = "type") -> Type:
    """Reads "problem", "Churn risk", and plain other words for them such as "bug"."""
    word = fold(text).replace("_", " ").replace("-", " ")
    if word in _OTHER_WORDS:
        return _OTHER_WORDS[word]
    try:
        return Type(word)
    except ValueError:
        raise BadInput(
            {field: f'I could not read "{cut(text)}" as a type. It is problem, request, praise, question or churn risk.'}
        ) from None


def read_importance(text: str | None) -> Importance | None:
    """One of the three, or nothing where it was not said."""
    return Importance(text) if text in list(Importance) else None


def read_kind(text: str | None) -> Kind:
    """Whose words they are; a customer's unless it is said."""
    return Kind(text) if text in list(Kind) else Kind.CUSTOMER


def likeness(a: str, b: str) -> float:
    """How alike two pieces of feedback are, 0 to 1: the words they share that mean something, or the letters of short ones."""
    words_a, words_b = _words(a), _words(b)
    if not words_a or not words_b:
        return 0.0
    shared = len(words_a & words_b) / min(len(words_a), len(words_b)) * min(1.0, min(len(words_a), len(words_b)) / 3)
    return max(shared * 0.99, similarity(fold(a), fold(b))) if words_a != words_b else 1.0


def same_words(a: str, b: str) -> bool:
    """Whether two texts are the same words, give or take case, spaces and a typo."""
    return fold(a) == fold(b) or (abs(len(a) - len(b)) < 40 and similarity(fold(a), fold(b)) >= SAME)


def looks_like(text: str, known: Iterable[tuple[int, str]], n: int = 3) -> list[int]:
    """The ids of up to n known pieces that may be the same thing, best first."""
    scored = ((likeness(text, words), key) for key, words in known)
    return [key for score, key in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= LIKE][:n]


def fold_customer(name: str) -> str:
    """A customer as compared: "ACME, Inc." and "Acme GmbH" are both "acme"."""
    words = re.sub(r"[^\w&+ ]", " ", fold(name).replace(".", "")).split()
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        words.pop()
    return " ".join(words)


def _words(text: str) -> frozenset[str]:
    words = re.findall(r"\w+", fold(text[:3000]))
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in words if word not in _EMPTY_WORDS)
