"""What a person asked to see: whose releases, which of them, from which row on. A button carries it as text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from domain.listed import PAGE as PAGE
from domain.listed import Row
from handlers.releases.filters import ALL, FILTERS, MINE, fitting, together

_ENCODED = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Asked:
    """`word` is a filter, or several; `team` and `person` say whose; `everywhere` looks past the channel's own team; `at` is the first row
    shown. `on` is a day that has passed, as ISO: the list as it was then."""

    word: str = ""
    team: int | None = None
    person: str | None = None
    everywhere: bool = False
    at: int = 0
    on: str = ""

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.on) if self.on else None

    @property
    def is_mine(self) -> bool:
        return MINE in self.word.split()

    @property
    def is_all(self) -> bool:
        return self.word in ("", ALL)

    def has(self, word: str) -> bool:
        return word in self.word.split()

    def of(self, person: str) -> "Asked":
        """The same for everybody to read: "mine" is that person's."""
        if not self.is_mine:
            return self
        return replace(self, word=" ".join(word for word in self.word.split() if word != MINE), person=person)

    def value(self, **changed: object) -> str:
        """As a button carries it, with something changed; the page starts anew unless said."""
        asked = {"word": self.word, "team": self.team, "person": self.person, "everywhere": self.everywhere, "on": self.on, **changed}
        return _ENCODED({key: kept for key, kept in asked.items() if kept})

    def narrowed(self, word: str) -> str:
        """As a button carries it that shows fewer of what is shown; "mine" are those of every team."""
        return self.value(word=together([*self.word.split(), word]), team=None if word == MINE else self.team)


def read_asked(value: str | None) -> Asked:
    """What a button carries. One that nobody can read asks for everything."""
    try:
        kept = json.loads(value or "{}")
        asked = Asked(**kept)
        is_known = asked.day is None or asked.day.year > 0
        return asked if is_known and set(asked.word.split()) <= FILTERS.keys() and isinstance(asked.at, int) else Asked()
    except (ValueError, TypeError, AttributeError):
        return Asked()


def chosen(rows: Sequence[Row], asked: Asked, viewer: str, today: date) -> list[Row]:
    """The rows that were asked for. Whose team they are is left to the caller."""
    if not asked.person and asked.is_all:
        return list(rows)
    person = viewer if asked.is_mine else asked.person
    return fitting([row for row in rows if not person or row.owner == person], asked.word, today)
