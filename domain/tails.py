"""Finding the day and the reason inside a typed line, wherever the writer put them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from domain.coarse import read_when
from domain.dates import Unclear, read_day
from domain.errors import BadInput
from domain.spans import Span
from domain.words import plain, tidy

_SURE = re.compile(
    r"(?:^|\s)(?:(?:because of|because|becuase|becasue|becouse|beacuse|due to|reason is|b/c|bc):?|reason:)(?:\s+|$)", re.IGNORECASE
)
_WEAK = re.compile(r"(?:^|\s)(?:since|as|cause|reason|-+|:)\s+|[:;]\s+|,\s+(?=as\s|since\s)", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:[-:;,.\s]+|(?:because of|because|becuase|becasue|becouse|beacuse|due to|since|as|cos|coz|cuz|reason:|reason is|b/c|bc):?\s+)",
    re.IGNORECASE,
)
BEFORE_DATES = frozenset(
    {"on", "by", "due", "at", "for", "to", "-", "->", "=>", "-&gt;", "=&gt;", "→", ":", ",", "until", "till", "before", "is", "from"}
)
_LONGEST_DAY = 6  # words: "Friday the 12th of March 2027"
_LOOKED_AT = 200  # words from either end of a line; what is longer is prose


@dataclass(frozen=True, slots=True)
class Found:
    """A day in a line, and the words it takes. One that cannot be settled carries its error instead."""

    start: int
    end: int
    day: date | None
    error: BadInput | None = None

    def settled(self, partial: object) -> date:
        """The day; or raises its error with what else was understood."""
        if self.error:
            self.error.partial = partial
            raise self.error
        assert self.day is not None
        return self.day


class Line:
    """A line as words that know their places, so that very long lines stay cheap."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._spans = [match.span() for match in re.finditer(r"\S+", text)]

    def __len__(self) -> int:
        return len(self._spans)

    def piece(self, start: int = 0, end: int | None = None) -> str:
        """Words from start up to end, as they were typed."""
        end = len(self) if end is None else end
        return self.text[self._spans[start][0] : self._spans[end - 1][1]] if start < end else ""

    def word(self, n: int) -> str:
        """One word, its case folded."""
        return self.piece(n, n + 1).casefold()

    def after(self, words: frozenset[str] | set[str], start: int = 0) -> Iterator[int]:
        """The places that follow any of these words, from the left."""
        return (n + 1 for n in range(start, min(len(self) - 1, start + _LOOKED_AT)) if self.word(n) in words)

    def last_after(self, words: frozenset[str] | set[str], start: int = 0) -> Iterator[int]:
        """The same from the right."""
        return (n + 1 for n in range(len(self) - 2, max(start - 1, len(self) - _LOOKED_AT), -1) if self.word(n) in words)

    def before(self, end: int) -> str:
        """What stands before a day, without the word that leads to it."""
        while end > 0 and self.word(end - 1) in BEFORE_DATES:
            end -= 1
        return self.piece(0, end)

    def day_from(self, start: int, today: date, *, past: bool = False) -> Found | None:
        """The longest run of words from `start` that reads as a day, be it an unclear or an impossible one."""
        ends = range(min(start + _LONGEST_DAY, len(self)), start, -1)
        return next((found for end in ends if (found := self._day(start, end, today, past))), None)

    def first_day(self, today: date, *, past: bool = False) -> Found | None:
        """The first day after a name that is beyond doubt: no lone "Friday", no "2.4"."""
        places = range(1, min(len(self), _LOOKED_AT))
        found = [f for n in places if (f := self.day_from(n, today, past=past)) and not self.is_loose(f)]
        return next((f for f in found if not isinstance(f.day, Span)), found[0] if found else None)

    def last_day(self, today: date, start: int = 1) -> Found | None:
        """The last such day, taken as long as it reads ("Friday 12 March", not "12 March")."""
        for n in range(len(self) - 1, max(start, len(self) - _LOOKED_AT) - 1, -1):
            if found := self.day_from(n, today):
                earlier = range(max(start, found.end - _LONGEST_DAY), n)
                found = next((longer for m in earlier if (longer := self._day(m, found.end, today, False))), found)
                if not self.is_loose(found):
                    return found
        return None

    def loose_day(self, today: date, *, past: bool = False) -> Found | None:
        """A last word that may be a day or a part of the name: "Black Friday", "Mobile 2.4", "Billing today"."""
        return self._day(len(self) - 1, len(self), today, past) if len(self) > 1 else None

    def is_loose(self, found: Found) -> bool:
        """Whether a day is one doubtful word that no `to`, `on` or `by` leads to."""
        if isinstance(found.day, Span) and not self._ends_there(found.end):
            return True  # "next week" in "Fix next week report"
        if found.end - found.start > 1 or (found.start and self.word(found.start - 1) in BEFORE_DATES):
            return False
        text = self.word(found.start).rstrip(".,;:?!")
        return (
            not any(c.isdigit() for c in text)
            or re.fullmatch(r"\d{1,2}\.\d{1,2}|\d{1,2}(st|nd|rd|th)|[a-z]+\d{1,2}|\d{8}", text) is not None
        )

    def _ends_there(self, end: int) -> bool:
        """Whether the line, or what it says of a date, ends before that word."""
        return end >= len(self) or self.word(end) in {"for", "-", ":", "as", "since"} or self.word(end - 1)[-1] in ",;:"

    def _day(self, start: int, end: int, today: date, past: bool) -> Found | None:
        text = self.piece(start, end)
        if len(text) > 40 or self.word(start) in BEFORE_DATES or (end - start > 1 and self.word(end - 1) in {"-", ":", ",", ";"}):
            return None
        try:
            return Found(start, end, read_day(text, today, past=True) if past else read_when(text, today))
        except Unclear as error:
            return Found(start, end, None, error)
        except BadInput as error:
            is_day = "There is no" in error.sentence or "is not a" in error.sentence
            return Found(start, end, None, error) if is_day else None


def unreadable(text: str, today: date, partial: object, *, past: bool = False) -> date:
    """Reads what stands where a day should; its error carries what else was understood."""
    try:
        return read_day(plain(text), today, past=True) if past else read_when(plain(text), today)
    except BadInput as error:
        error.partial = partial
        raise


def name_of(text: str) -> str | None:
    """A name without the commas, stops and quotes around it; None when nothing is left."""
    name = plain(text).strip(" ,;:?!-")
    name = name.rstrip(".") if not name.endswith("...") else name
    if len(name) > 1 and name[0] == name[-1] and name[0] in "\"'":
        name = name[1:-1].strip()
    return name.strip('"').strip() or None


def reason_of(text: str) -> str | None:
    """A reason without the word that opened it; None when nothing is left."""
    text = tidy(text)
    while (match := _OPENING.match(text)) and match.end():
        text = text[match.end() :]
    text = plain(text)
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1].strip()
    return text or None


def cut_sure(text: str) -> tuple[str, str | None]:
    """Splits at a word that can only open a reason: because, due to, reason:"""
    match = _SURE.search(text)
    return (text[: match.start()], reason_of(text[match.end() :])) if match else (text, None)


def weak_cuts(text: str) -> list[tuple[str, str]]:
    """Splits at words that may open a reason or stand in a name: since, as, a dash, a colon. At most four, the first first."""
    cuts: list[tuple[str, str]] = []
    for match in islice(_WEAK.finditer(text), 12):
        reason = reason_of(text[match.end() :])
        if reason and text[: match.start()].strip():
            cuts.append((text[: match.start()], reason))
        if len(cuts) == 4:
            break
    return cuts


def cut_because(text: str) -> tuple[str, str | None]:
    """A line and its reason: a sure word wins over a dash, a colon or `as`."""
    head, reason = cut_sure(text)
    cuts = weak_cuts(text) if reason is None else []
    return cuts[0] if cuts else (head, reason)
