"""What a person asked to see: whose releases, which of them, from which row on. A button carries it as text."""

import json
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import BadInput
from domain.listed import PAGE as PAGE
from domain.listed import Row
from domain.nearest import fold
from domain.releases import read_health
from domain.standing import Group

_ENCODED = json.JSONEncoder(separators=(",", ":")).encode
ALL = "all"
_SPANS = ("this-week", "next-week", "this-month", "next-month")
_SYNONYMS = {
    "my": "mine",
    "me": "mine",
    "everything": ALL,
    "open": ALL,
    "overdue": "late",
    "slipped": "late",
    "unscheduled": "no-day",
    "no-day-yet": "no-day",
    "not-confirmed": "unconfirmed",
    "without-a-day": "no-day",
    "without-an-owner": "no-owner",
    "unowned": "no-owner",
}
_SAID_AFTER = {span: f" {span.replace('-', ' ')}" for span in _SPANS} | {"no-day": " without a day", "no-owner": " without an owner"}
_WORDS = frozenset({"mine", "late", "stalled", "unconfirmed", "no-day", "no-owner", ALL, *_SPANS})


@dataclass(frozen=True, slots=True)
class Asked:
    """`word` is a filter; `team` and `person` say whose; `everywhere` looks past the channel's own team; `at` is the first row shown.
    `on` is a day that has passed, as ISO: the list as it was then."""

    word: str = ""
    team: int | None = None
    person: str | None = None
    everywhere: bool = False
    at: int = 0
    on: str = ""

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.on) if self.on else None

    def value(self, **changed: object) -> str:
        """As a button carries it, with something changed; the page starts anew unless said."""
        asked = {"word": self.word, "team": self.team, "person": self.person, "everywhere": self.everywhere, "on": self.on, **changed}
        return _ENCODED({key: kept for key, kept in asked.items() if kept})


def read_asked(value: str | None) -> Asked:
    """What a button carries. One that nobody can read asks for everything."""
    try:
        kept = json.loads(value or "{}")
        asked = Asked(**kept)
        is_known = asked.day is None or asked.day.year > 0
        return asked if is_known and asked.word in ("", "red", "amber", "green", *_WORDS) and isinstance(asked.at, int) else Asked()
    except (ValueError, TypeError):
        return Asked()


def read_filter(text: str) -> str | None:
    """A filter word as people type it, or None: "Mine", "at risk", "next month"."""
    folded = fold(text)
    word = folded.replace(" ", "-").replace("_", "-")
    word = _SYNONYMS.get(word, word)
    if word in _WORDS:
        return word
    try:
        return read_health(text).value if len(folded) > 1 else None
    except BadInput:
        return None


def filter_words() -> list[str]:
    """What can be typed after `status` beside names."""
    return ["mine", "late", "red", "amber", "green", "unconfirmed", *_SPANS, "stalled", "no-day", "no-owner", ALL]


def say_filter(word: str) -> tuple[str, str]:
    """What stands before and after "open releases": "late " and nothing, nothing and " this week"."""
    if word in ("", ALL, "mine"):
        return "", ""
    return ("", _SAID_AFTER[word]) if word in _SAID_AFTER else (f"{word} ", "")


def chosen(rows: Iterable[Row], asked: Asked, viewer: str, today: date) -> list[Row]:
    """The rows that were asked for. Whose team they are is left to the caller."""
    if not asked.person and asked.word in ("", ALL):
        return list(rows)
    person = viewer if asked.word == "mine" else asked.person
    return [row for row in rows if (not person or row.owner == person) and _fits(row, asked.word, today)]


def _fits(row: Row, word: str, today: date) -> bool:
    stands = row.standing
    if word in ("", ALL, "mine"):
        return True
    if word in _SPANS:
        first, last = _span(word, today)
        return row.target_on is not None and first <= row.target_on <= last
    if word in ("red", "amber", "green"):
        return stands.health == word
    return {
        "late": stands.group is Group.LATE,
        "stalled": stands.stalled is not None,
        "unconfirmed": row.unconfirmed is not None,
        "no-day": row.target_on is None,
        "no-owner": not row.owner,
    }[word]


def _span(word: str, today: date) -> tuple[date, date]:
    if word.endswith("week"):
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if word == "next-week" else 0)
        return monday, monday + timedelta(days=6)
    first = today.replace(day=1)
    if word == "next-month":
        first = (first + timedelta(days=31)).replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])
