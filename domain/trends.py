"""How often customers said something: what is counted of a request, what a change is called, and which weeks a period has. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import DAY
from domain.customers import Weights
from domain.errors import BadInput, NotFound
from domain.periods import Period, read_period, stretch
from domain.phrases import MONTHS, cut, say_list

USUAL = "last 12 weeks"
LONGEST = 367  # days: the period before is read as well
_BY = re.compile(r"(?:^|\s)(?:by|per)\s+(.*)$", re.IGNORECASE)
_OPENS = re.compile(r"^(?:for|of|in|during|over)\s+", re.IGNORECASE)


class By(StrEnum):
    """What pieces are grouped by."""

    AREA = "area"
    TYPE = "type"
    CUSTOMER = "customer"
    TEAM = "team"
    REGION = "region"


NOT_KNOWN = {
    By.AREA: "no area said", By.TYPE: "no type", By.CUSTOMER: "customer not known", By.TEAM: "no team", By.REGION: "region not known",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A period as far as it has come, the same days of the period before, and what to group by."""

    period: Period
    before: Period
    by: By = By.AREA

    def value(self, by: By | None = None) -> str:
        """What a button carries."""
        period, before = self.period, self.before
        kept = {"from": str(period.first), "to": str(period.last), "said": period.words, "by": by or self.by}
        return json.dumps(kept | {"since": str(before.first), "until": str(before.last), "was": before.words}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Counted:
    """One group, or all: pieces, the customers behind them, and pieces of the period before."""

    name: str
    pieces: int
    weights: Weights
    before: int


def read_asked(text: str, today: date) -> Asked:
    """ "this year by region", "by team", "last quarter". Raises BadInput."""
    by, found = By.AREA, _BY.search(text)
    if found:
        word = found[1].strip().rstrip(".?!").casefold().removeprefix("product ")
        word = {"types": "type", "kind": "type"}.get(word, word.removesuffix("s"))
        if word not in list(By):
            raise BadInput({"by": f'I cannot group by "{cut(found[1])}". Say by {say_list([each.value for each in By], "or")}.'})
        by, text = By(word), text[: found.start()]
    period = read_period(_OPENS.sub("", text.strip()) or USUAL, today)
    _check_length(period)
    return Asked(Period(period.first, min(period.last, today), period.words, period.unit), _as_far(period, today), by)


def _check_length(period: Period) -> None:
    if period.days > LONGEST:
        raise BadInput({"period": f"Trends cover a year at most; {period.words} has {period.days:,} days. Say 2026, or last 12 months."})


def _as_far(period: Period, today: date) -> Period:
    """The period before; as many days of it as have come of one that still runs."""
    before = period.before
    last = before.first + (today - period.first)
    return stretch(before.first, last) if today < period.last and last < before.last else before


def read_value(value: str | None, today: date) -> Asked:
    """What a button carries; without one the usual. Raises NotFound for one that nobody can read."""
    if not value:
        return read_asked("", today)
    try:
        kept = json.loads(value)
        first, last, since, until = (date.fromisoformat(kept[name]) for name in ("from", "to", "since", "until"))
        asked = Asked(Period(first, last, str(kept["said"])[:100]), Period(since, until, str(kept["was"])[:100]), By(kept["by"]))
    except (ValueError, KeyError, TypeError):
        raise NotFound("That button is too old to be read. Type the command once more.") from None
    _check_length(asked.period)
    _check_length(asked.before)
    return asked


def weeks_of(period: Period) -> list[date]:
    """Where its weeks begin: its first day, and every Monday after that."""
    monday = period.first + timedelta(days=7 - period.first.weekday())
    return [period.first, *(monday + n * 7 * DAY for n in range((period.last - monday).days // 7 + 1))]


def say_change(now: int, before: int) -> str:
    """Says "22 before, +41 %"."""
    if not before:
        return "none before" if now else "none before either"
    if now == before:
        return "as many before"
    percent = round(100 * (now - before) / before)
    return f"{before:,} before, {percent:+,} %".replace("-", "−")


def by_month(weeks: Sequence[tuple[date, int]]) -> list[str]:
    """A line for each month: its weeks by the day that they begin, such as "Nov 2026: 2 Nov: 12 · 9 Nov: 14"."""
    lines: dict[tuple[int, int], list[str]] = {}
    for begins, count in weeks:
        lines.setdefault((begins.year, begins.month), []).append(f"{begins.day} {MONTHS[begins.month - 1][:3]}: {count:,}")
    return [f"{MONTHS[month - 1][:3]} {year}: {' · '.join(said)}" for (year, month), said in lines.items()]
