"""A roadmap: what comes now, next and later, quarter by quarter, as sure as each date is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.dates import add_months
from domain.phrases import say_day, say_list
from domain.spans import Quarter, Span, due, quarter_of

UNPLANNED = "No day yet"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Releases of one heading, soonest first: "Now: Q4 2026", "Next: Q1 2027", "Later: Q3 2027", "No day yet"."""

    heading: str
    rows: tuple[object, ...]


def heading(day: date | None, today: date) -> str:
    """Now is this quarter and whatever is past its date, next the quarter after it."""
    if day is None:
        return UNPLANNED
    quarter, now = quarter_of(max(day, today)), quarter_of(today)
    following = quarter_of(add_months(today.replace(day=1), 3))
    return f"{'Now' if quarter == now else 'Next' if quarter == following else 'Later'}: {say_day(quarter)}"


def buckets(rows: Iterable[object], today: date) -> list[Bucket]:
    """Rows have `target_on`, `precision` and `name`. Within a quarter days come before what only the quarter is known of."""
    found: dict[str, list[object]] = {}
    for row in sorted(rows, key=_order):
        found.setdefault(heading(row.target_on, today), []).append(row)  # type: ignore[attr-defined]
    return [Bucket(title, tuple(group)) for title, group in found.items()]


def _order(row: object) -> tuple[bool, date, bool, str]:
    day: date | None = due(row)
    return day is None, day or date.max, isinstance(day, Quarter), row.name.casefold()  # type: ignore[attr-defined]


def say_sure(day: date | None, is_committed: bool) -> str:
    """How sure a date is, in words: "Fri 12 Mar 2027, committed", "March 2027, planned", "no day yet"."""
    if day is None:
        return say_day(day)
    return f"{say_day(day)}, {'committed' if is_committed and not isinstance(day, Span) else 'planned'}"


def headline(found: Iterable[Bucket]) -> str:
    """Says "5 now, 7 next, 9 later and 1 without a day"; "nothing is open" for none."""
    counts: dict[str, int] = {}
    for bucket in found:
        word = bucket.heading.partition(":")[0].lower() if bucket.heading != UNPLANNED else "without a day"
        counts[word] = counts.get(word, 0) + len(bucket.rows)
    return say_list(f"{count:,} {word}" for word, count in counts.items()) or "nothing is open"
