"""What a calendar says of releases: one day each. What is no single day stands on its last working day, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.phrases import cut, say_day, say_days
from domain.spans import Span


@dataclass(frozen=True, slots=True)
class Day:
    """One entry. `number` stays with the release, so that a moved entry is the same one; `at` is when anything about it last changed."""

    number: int
    on: date
    title: str
    about: str
    is_sure: bool
    at: datetime


def open_day(number: int, name: str, team: str | None, due: date, is_committed: bool, slip: int | None, at: datetime) -> Day:
    is_sure = is_committed and not isinstance(due, Span)
    sure = "" if is_sure else f" (planned for {say_day(due)})" if isinstance(due, Span) else " (planned)"
    said = ["Committed." if is_sure else "Planned, not committed.", f"{_capital(say_days(slip))}." if slip is not None else "", team or ""]
    return Day(number, date(due.year, due.month, due.day), f"{cut(name, 200)}{sure}", " ".join(filter(None, said)), is_sure, at)


def shipped_day(number: int, name: str, team: str | None, on: date, slip: int | None, at: datetime) -> Day:
    said = ["Shipped.", f"{_capital(say_days(slip))}." if slip is not None else "", team or ""]
    return Day(number, on, f"{cut(name, 200)}: shipped", " ".join(filter(None, said)), True, at)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
