"""The filters of the list: how each is typed, how it is said, which releases fit. Several may be typed at once, around a team or a person:
"mine late", "late Payments", "Payments next month". Pure.
"""

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from domain.errors import BadInput
from domain.listed import Row
from domain.nearest import fold
from domain.releases import read_health
from domain.standing import Group

ALL, MINE = "all", "mine"
_LONGEST = 4  # words of one filter: "without a day"
_MOST = 20  # words of a line with filters
_JOINS = frozenset(["and", "or", "&", "of", "in", "for", "by", "with", "the", "team", "releases", "release", "ones"])


class Filter(NamedTuple):
    """`kind`: of two of a kind, either will do. `says` stands before "open releases", or behind it where it begins with a space."""

    kind: str
    says: str
    fits: Callable[[Row, date], bool]
    typed: tuple[str, ...] = ()


def _is_health(health: str) -> Filter:
    return Filter("health", health, lambda row, today: row.standing.health == health)


def _falls_into(word: str) -> Filter:
    return Filter("span", f" {word.replace('-', ' ')}", lambda row, today: _is_within(row.target_on, *_span(word, today)))


FILTERS = {
    MINE: Filter("whose", "", lambda row, today: True, ("my", "me")),
    "late": Filter("group", "late", lambda row, today: row.standing.group is Group.LATE, ("overdue", "slipped")),
    "stalled": Filter("group", "stalled", lambda row, today: row.standing.stalled is not None),
    "unconfirmed": Filter("age", "unconfirmed", lambda row, today: row.unconfirmed is not None, ("not-confirmed",)),
    **{health: _is_health(health) for health in ("red", "amber", "green")},
    **{word: _falls_into(word) for word in ("this-week", "next-week", "this-month", "next-month")},
    "no-day": Filter("day", " without a day", lambda row, today: row.target_on is None, ("unscheduled", "no-day-yet", "without-a-day")),
    "no-owner": Filter("owner", " without an owner", lambda row, today: not row.owner, ("without-an-owner", "unowned")),
    ALL: Filter("all", "", lambda row, today: True, ("everything", "open")),
}
_TYPED = {typed: word for word, each in FILTERS.items() for typed in (word, *each.typed)}
_ORDER = list(FILTERS)


def read_filter(text: str) -> str | None:
    """A filter word as people type it, or None: "Mine", "at risk", "next month"."""
    folded = fold(text)
    if word := _TYPED.get(folded.replace(" ", "-").replace("_", "-")):
        return word
    try:
        return read_health(text).value if len(folded) > 1 else None
    except BadInput:
        return None


def around(text: str) -> Iterator[tuple[str, str]]:
    """Every reading of a line as filters and what stands between or beside them, which is nothing, or a name; the longest name first."""
    words = text.split()
    if not 1 < len(words) <= _MOST:
        return
    heads = {end: found for end in range(len(words) + 1) if (found := _all_of(words[:end])) is not None}
    tails = {start: found for start in range(len(words) + 1) if (found := _all_of(words[start:])) is not None}
    spots = [(start, end) for start in heads for end in tails if start <= end and heads[start] + tails[end]]
    for start, end in sorted(spots, key=lambda spot: spot[0] - spot[1]):
        yield together(heads[start] + tails[end]), " ".join(words[start:end])


def together(words: Sequence[str]) -> str:
    """Several filters as one text, each once, in the order of the table. Beside others, "all" says nothing."""
    wanted = sorted(set(words), key=_ORDER.index)
    return " ".join(word for word in wanted if word != ALL or len(wanted) == 1)


def say_filters(words: str) -> tuple[str, str]:
    """What stands before and after "open releases": "late red or amber " and " this week"."""
    before: list[str] = []
    after: list[str] = []
    for _, group in groupby(words.split(), key=lambda word: FILTERS[word].kind):
        says = [FILTERS[word].says for word in group]
        (after if says[0].startswith(" ") else before).append(" or ".join(each.strip() for each in says))
    return "".join(f"{each} " for each in before if each), "".join(f" {each}" for each in after)


def fitting(rows: Sequence[Row], words: str, today: date) -> list[Row]:
    """The rows that fit one filter of each kind."""
    kinds = [[FILTERS[word].fits for word in group] for _, group in groupby(words.split(), key=lambda word: FILTERS[word].kind)]
    return [row for row in rows if all(any(fits(row, today) for fits in kind) for kind in kinds)]


def _all_of(words: Sequence[str]) -> list[str] | None:
    """The filters that words are, one after the other; None where one of them is something else."""
    found, at = [], 0
    while at < len(words):
        for end in range(min(at + _LONGEST, len(words)), at, -1):
            if word := read_filter(" ".join(words[at:end])):
                found.append(word)
                at = end
                break
        else:
            if fold(words[at]) not in _JOINS:
                return None
            at += 1
    return found


def _is_within(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day <= last


def _span(word: str, today: date) -> tuple[date, date]:
    if word.endswith("week"):
        monday = today - timedelta(days=today.weekday()) + timedelta(days=7 if word == "next-week" else 0)
        return monday, monday + timedelta(days=6)
    first = today.replace(day=1)
    if word == "next-month":
        first = (first + timedelta(days=31)).replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])
