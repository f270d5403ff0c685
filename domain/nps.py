"""NPS: bands, the score with its margin of error, and the rows of a sheet of answers.

The score is % promoters (9, 10) less % detractors (0 to 6), a whole number from -100 to 100; passives (7, 8) count in the denominator
(Reichheld, "The one number you need to grow", Harvard Business Review, December 2003). Its margin is that of a difference of two shares
of one sample: with p and d the shares, the variance is (p + d - (p - d)^2) / n, and 95 % of samples lie within 1.96 standard errors.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from math import hypot, sqrt
from typing import Any

from domain.dates import Unclear
from domain.errors import BadInput
from domain.intake import Lot
from domain.lifecycle import storable
from domain.nearest import fold
from domain.phrases import MONTHS, cut, say_count, say_day
from domain.records import Line, Question, Sorted, blank
from domain.sheet_days import Order, order_of, read_cell, readings

FEWEST = 30  # fewer answers make no score: one person more or less would move it by several points
PROMOTER, PASSIVE, DETRACTOR = "promoter", "passive", "detractor"
LONGEST_COMMENT = 3000
DAY, SCORE, COMMENT, CUSTOMER, REGION, AREA, ID = "answered_at", "score", "comment", "customer", "region", "area", "id"
LABELS = {
    DAY: "Answered on", SCORE: "Score", COMMENT: "Comment", CUSTOMER: "Customer", REGION: "Region", AREA: "Product area", ID: "Answer's ID",
}  # fmt: skip
HEADINGS: Mapping[str, Sequence[str]] = {
    ID: ("response id", "answer id", "survey response id", "id", "response", "uuid"),
    DAY: (
        "answered at", "answered on", "answered", "date", "submitted at", "submitted", "responded at", "response date", "completed at",
        "created at", "timestamp", "time", "when", "day",
    ),
    COMMENT: ("comment", "comments", "feedback", "verbatim", "reason", "why", "open text", "text", "answer", "remark"),
    CUSTOMER: ("customer", "account", "company", "account name", "company name", "organisation", "organization", "client", "customer name"),
    REGION: ("region", "territory", "geo", "market", "country"),
    AREA: ("product area", "area", "product", "feature", "module"),
    SCORE: ("score", "nps", "nps score", "rating", "recommend", "likelihood to recommend", "0 10", "points"),
}  # fmt: skip


def band(score: int) -> str:
    """0 to 6, 7 and 8, 9 and 10."""
    return PROMOTER if score >= 9 else PASSIVE if score >= 7 else DETRACTOR


@dataclass(frozen=True, slots=True)
class Tally:
    """How many answered in each band. Groups are pooled by adding them up; scores of groups are never averaged."""

    promoters: int = 0
    passives: int = 0
    detractors: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.promoters + other.promoters, self.passives + other.passives, self.detractors + other.detractors)

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def is_enough(self) -> bool:
        return self.n >= FEWEST

    @property
    def score(self) -> int:
        """From -100 to 100; nothing without answers. A half is rounded away from zero, so that it does not matter who is called what."""
        if not self.n:
            raise ValueError("nobody answered")
        over = 100 * abs(self.promoters - self.detractors)
        whole = (2 * over + self.n) // (2 * self.n)
        return whole if self.promoters >= self.detractors else -whole

    @property
    def margin(self) -> float:
        """Half the width of the 95 % interval, in points."""
        p, d = self.promoters / self.n, self.detractors / self.n
        return 196 * sqrt(max(p + d - (p - d) ** 2, 0.0) / self.n)

    @property
    def says(self) -> str:
        """Such as "32 ± 9 (n 412)"; no score of too few."""
        return f"{self.score} ± {round(self.margin)} (n {self.n:,})" if self.is_enough else f"no score, {self.too_few}"

    @property
    def too_few(self) -> str:
        return f"{say_count(self.n, 'answer')} of {FEWEST} that are needed"

    @property
    def shares(self) -> str:
        """Such as "55 % promoters, 22 % passives, 23 % detractors"."""
        parts = ((self.promoters, "promoters"), (self.passives, "passives"), (self.detractors, "detractors"))
        return ", ".join(f"{round(100 * count / self.n)} % {word}" for count, word in parts) if self.n else "nobody answered"


def tally(scores: Iterable[int]) -> Tally:
    found = Counter(map(band, scores))
    return Tally(found[PROMOTER], found[PASSIVE], found[DETRACTOR])


def against(now: Tally, before: Tally) -> str:
    """How a score compares with the one before: no change is called one that the margins of both may have made."""
    if not (now.is_enough and before.is_enough):
        return "no score to compare with" if now.is_enough else ""
    change = now.score - before.score
    if not change:
        return f"the same as before ({before.says})"
    sure = abs(change) > hypot(now.margin, before.margin)
    return f"{change:+d} against {before.says}" + ("" if sure else ", within the margin of error")


def without_name(comment: str, *names: str) -> str:
    """A comment for those who may not know whose it is."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        comment = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[customer]", comment, flags=re.IGNORECASE)
    return comment


def read_score(cell: str) -> int:
    """A whole number from 0 to 10, also as "9.0" or "9/10". Raises BadInput."""
    text = cell.strip().removesuffix("/10").strip()
    match = re.fullmatch(r"(\d{1,3})(?:[.,]0+)?", text)
    if not match:
        is_part = re.fullmatch(r"\d+[.,]\d+", text)
        raise BadInput({SCORE: f'"{cut(cell, 40)}" is {"between two scores" if is_part else "no score"}: it is a whole number, 0 to 10'})
    if int(match[1]) > 10:
        raise BadInput({SCORE: f"{match[1]} is no score: it is a whole number, 0 to 10"})
    return int(match[1])


@dataclass(frozen=True, slots=True)
class Before:
    """What a sheet is held against: the day it is, and the keys of answers that came before."""

    today: date
    keys: frozenset[str] = frozenset()


def sort_out(rows: Sequence[tuple[str, int, Mapping[str, str]]], answers: Mapping[str, str], before: Before) -> Sorted:
    """What becomes of each row: (table, number, cells by column)."""
    proven, unclear = order_of([cells.get(DAY, "") for _, _, cells in rows])
    said = answers.get("order")
    reader = _Reader(Order(said) if said else proven, unclear, before)
    lines = tuple(reader.line(table, number, cells) for table, number, cells in rows)
    return Sorted(lines, tuple(reader.questions.values()))


class _Reader:
    """Reads rows one after the other. Two rows that say the same are two answers, unless they have the same ID."""

    def __init__(self, order: Order | None, unclear: str, before: Before) -> None:
        self.order, self.unclear, self.today, self.known = order, unclear, before.today, before.keys
        self.questions: dict[str, Question] = {}
        self.seen: Counter[str] = Counter()

    def line(self, table: str, number: int, cells: Mapping[str, str]) -> Line:
        line = Line(table, number, "")
        try:
            score = read_score(cells.get(SCORE, ""))
            day = self._day(cells.get(DAY, ""), number)
        except BadInput as wrong:
            return replace(line, lot=Lot.LEFT, why=wrong.sentence.removesuffix("."))
        if day is None:
            return replace(line, lot=Lot.ASK, why=f'"{cut(cells.get(DAY, ""))}" can be read in two ways')
        values = {
            DAY: day.isoformat(),
            SCORE: score,
            COMMENT: "" if blank(cells.get(COMMENT, "")) else storable(cells[COMMENT])[:LONGEST_COMMENT],
            CUSTOMER: "" if blank(cells.get(CUSTOMER, "")) else " ".join(storable(cells[CUSTOMER]).split())[:200],
            REGION: "" if blank(cells.get(REGION, "")) else cut(storable(cells[REGION])),
            AREA: "" if blank(cells.get(AREA, "")) else cut(storable(cells[AREA]), 75),
        }
        return self._against(line, values, cells.get(ID, "").strip())

    def _day(self, cell: str, number: int) -> date | None:
        try:
            day = read_cell(cell, self.today, self.order)
        except Unclear:
            if self.order is not None or not self.unclear:
                raise
            choices = tuple((label, order.value) for order, label in readings(self.unclear).items())
            before = self.questions.get("order")
            rows = (*(before.rows if before else ()), number)
            self.questions["order"] = Question(
                "order", f'What is "{cut(self.unclear)}"? It counts for all days written like it', rows, choices
            )
            return None
        if day > self.today:
            raise BadInput({DAY: f"{say_day(day)} has not come yet"})
        return day

    def _against(self, line: Line, values: dict[str, Any], own: str) -> Line:
        said = f"id\0{own}" if own and not blank(own) else "\0".join([fold(str(value)) for value in values.values()])
        self.seen[said] += 1
        if own and self.seen[said] > 1:
            return replace(line, lot=Lot.LEFT, why="has the ID of a row above")
        key = sha256(f"{said}\0{self.seen[said]}".encode()).hexdigest()
        if key in self.known:
            return replace(line, lot=Lot.KNOWN, why="is in Tendon")
        about = " · ".join(filter(None, (values[CUSTOMER], values[REGION], values[AREA], cut(values[COMMENT], 80))))
        says = f"{values[SCORE]} on {say_day(date.fromisoformat(values[DAY]))}" + (f" · {about}" if about else "")
        return replace(line, values={"key": key, **values}, says=says)


@dataclass(frozen=True, slots=True)
class Stretch:
    """One month or quarter of a trend, such as "Mar 2027"."""

    label: str
    tally: Tally


def trend(days: Iterable[tuple[date, int, int]], until: date) -> list[Stretch]:
    """(day, score, how many) as the last twelve months, or as eight quarters where most months have too few answers for a score."""
    found = list(days)
    months = _stretches(found, until, 1, 12)
    some = [each for each in months if each.tally.n]
    enough = [each for each in some if each.tally.is_enough]
    return months if len(enough) * 2 > len(some) else _stretches(found, until, 3, 8)


def _stretches(days: Sequence[tuple[date, int, int]], until: date, months: int, count: int) -> list[Stretch]:
    last = (until.year * 12 + until.month - 1) // months
    tallies: dict[int, Tally] = {}
    for day, score, n in days:
        place = (day.year * 12 + day.month - 1) // months
        one = tally([score])
        tallies[place] = tallies.get(place, Tally()) + Tally(one.promoters * n, one.passives * n, one.detractors * n)
    return [Stretch(_label(place * months, months), tallies.get(place, Tally())) for place in range(last - count + 1, last + 1)]


def _label(month: int, months: int) -> str:
    year, place = divmod(month, 12)
    return f"Q{place // 3 + 1} {year}" if months == 3 else f"{MONTHS[place][:3]} {year}"
