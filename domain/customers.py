"""Customers: how they are named, what they weigh, and what became of the rows of a sheet of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from domain.errors import BadInput
from domain.feedback import fold_customer
from domain.intake import Lot
from domain.lifecycle import storable
from domain.money import Amount, Point, point_of, read_amount, say_amount
from domain.nearest import fold
from domain.people import Someone, find_person, likely_person
from domain.phrases import cut, say_count
from domain.records import Line, Question, Sorted, blank
from domain.words import one_line

LONGEST_NAME, LONGEST_TIER, LONGEST_REGION = 200, 40, 60
NAME, TIER, VALUE, OWNER, REGION = "name", "tier", "value", "owner", "region"
LABELS = {NAME: "Name", TIER: "Tier", VALUE: "Value a year", OWNER: "Account owner", REGION: "Region"}
HEADINGS: Mapping[str, Sequence[str]] = {
    OWNER: (
        "account owner", "owner", "account manager", "customer success manager", "csm", "account executive", "ae", "am", "responsible",
        "managed by", "contact",
    ),
    VALUE: (
        "value", "value a year", "arr", "acv", "annual value", "yearly value", "annual recurring revenue", "annual contract value",
        "revenue", "contract value", "amount", "mrr x 12",
    ),
    TIER: ("tier", "segment", "plan", "edition", "package", "level", "class"),
    REGION: ("region", "territory", "geo", "market", "country", "area"),
    NAME: (
        "customer", "name", "account", "company", "customer name", "account name", "company name", "organisation",
        "organization", "client",
    ),
}  # fmt: skip
SHEET, OURS = "sheet", "ours"
NEW = "new"
FIELDS = (TIER, VALUE, OWNER, REGION)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much stands behind some words: customers, and what they pay a year as far as that is known. Never one figure of both."""

    customers: int = 0
    value: int = 0
    unvalued: int = 0

    @property
    def says(self) -> str:
        """Such as "57 customers · 4,200,000 a year, 3 of them with no value known"."""
        sign = " · " if self.is_valued else ", " if self.customers else ""
        return f"{say_count(self.customers, 'customer')}{sign}{self.worth}"

    @property
    def is_valued(self) -> bool:
        return self.unvalued < self.customers

    @property
    def worth(self) -> str:
        """What they pay, alone."""
        if not self.is_valued:
            return "no value known" if self.customers else ""
        unknown = f", {self.unvalued:,} of them with no value known" if self.unvalued else ""
        return f"{say_amount(self.value)}{unknown}"


@dataclass(frozen=True, slots=True)
class KnownCustomer:
    """One that the reader may see. `values` are its fields, by name of the column."""

    id: int
    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a sheet is held against: customers by every folded name that finds them, and people."""

    customers: Mapping[str, KnownCustomer] = field(default_factory=dict)
    people: Sequence[Someone] = ()


def read_customer(text: str, field: str = NAME) -> str:
    """A name as it is kept. Raises BadInput."""
    name = one_line(storable(text))
    if not name or not any(char.isalnum() for char in name):
        raise BadInput({field: "Say what the customer is called. Nothing was saved."})
    if len(name) > LONGEST_NAME:
        raise BadInput({field: f"A name has at most {LONGEST_NAME} characters; this has {len(name):,}. Nothing was saved."})
    return name


def sort_out(rows: Sequence[tuple[str, int, Mapping[str, str]]], answers: Mapping[str, str], known: Known) -> Sorted:
    """What becomes of each row: (table, number, cells by column)."""
    reader = _Reader(rows, answers, known)
    lines = tuple(reader.line(table, number, cells) for table, number, cells in rows)
    return Sorted(lines, tuple(reader.questions.values()))


class _Reader:
    def __init__(self, rows: Sequence[tuple[str, int, Mapping[str, str]]], answers: Mapping[str, str], known: Known) -> None:
        self.answers, self.known = answers, known
        values = [cells.get(VALUE, "") for _, _, cells in rows]
        proven, self.unclear = point_of(values)
        said = answers.get("point")
        self.point = Point(said) if said else proven
        self.currency = _main_currency(values, self.point)
        self.questions: dict[str, Question] = {}
        self.rows_of: dict[object, int] = {}
        self.alike: dict[str, KnownCustomer] = {}
        for each in known.customers.values():
            self.alike.setdefault(fold_customer(each.name), each)

    def line(self, table: str, number: int, cells: Mapping[str, str]) -> Line:
        line = Line(table, number, cut(cells.get(NAME, "")))
        try:
            name = read_customer(cells.get(NAME, ""))
        except BadInput as wrong:
            why = "has no name" if not line.name else wrong.sentence.removesuffix(" Nothing was saved.")
            return replace(line, lot=Lot.LEFT, why=why)
        asked: list[str] = []
        found = self._which(name, line, asked)
        key = found.id if found else fold(name)
        first = self.rows_of.setdefault(key, number)
        if first != number:
            return replace(line, lot=Lot.LEFT, why=f"stands in row {first} already")
        values = self._values(cells, line, asked)
        if asked:
            return replace(line, lot=Lot.ASK, why="; ".join(asked))
        return self._against(line, name, found, values)

    def _which(self, name: str, line: Line, asked: list[str]) -> KnownCustomer | None:
        """The customer that is meant; where only the legal form differs, that is asked."""
        found = self.known.customers.get(fold(name)[:LONGEST_NAME])
        alike = self.alike.get(fold_customer(name)) if found is None else None
        if alike is None:
            return found
        key = f"same:{fold(name)}"
        if answer := self.answers.get(key):
            return None if answer == NEW else alike
        choices = ((f"It is {cut(alike.name, 50)}", str(alike.id)), ("A new customer", NEW))
        self._ask(Question(key, f'"{cut(name)}" is like {cut(alike.name)}', (line.row,), choices), asked)
        return None

    def _values(self, cells: Mapping[str, str], line: Line, asked: list[str]) -> dict[str, Any]:
        values: dict[str, Any] = {
            TIER: _short(cells.get(TIER, ""), LONGEST_TIER),
            REGION: _short(cells.get(REGION, ""), LONGEST_REGION),
            VALUE: self._value(cells.get(VALUE, ""), line, asked),
            OWNER: self._owner(cells.get(OWNER, ""), line, asked),
        }
        return {name: value for name, value in values.items() if value not in (None, "")}

    def _value(self, cell: str, line: Line, asked: list[str]) -> int | None:
        if blank(cell):
            return None
        key = f"value:{fold(cell)}"
        if answer := self.answers.get(key):
            return _answered_amount(answer)
        try:
            amount = read_amount(cell, self.point)
        except BadInput as wrong:
            if self.point is None and self.unclear and "two ways" in wrong.sentence:
                whole, part = self.unclear.replace(".", ","), self.unclear
                choices = ((f"{whole}, in thousands", Point.THOUSANDS.value), (f"{part}, with decimals", Point.DECIMALS.value))
                self._ask(Question("point", f'What is "{cut(self.unclear)}"?', (line.row,), choices), asked)
            else:
                self._ask(Question(key, wrong.sentence.removesuffix("."), (line.row,), is_number=True), asked)
            return None
        if amount.currency and amount.currency != self.currency:
            says = f'"{cut(cell)}" is in {amount.currency}, where most are in {self.currency}'
            self._ask(Question(key, says, (line.row,), is_number=True), asked)
            return None
        return amount.units

    def _owner(self, cell: str, line: Line, asked: list[str]) -> str | None:
        if blank(cell):
            return None
        found = find_person(cell, self.known.people)
        if found and not found.cannot:
            return found.id
        key = f"owner:{fold(cell)[:200]}"
        if answer := self.answers.get(key):
            return next((each.id for each in self.known.people if each.id == answer and not each.cannot), None)
        problem = f"{found.name} {found.cannot}" if found else f'I do not know the account owner "{cut(cell)}"'
        likely = likely_person(cell, self.known.people) if not found else None
        self._ask(Question(key, problem, (line.row,), is_person=True, likely=likely), asked)
        return None

    def _against(self, line: Line, name: str, found: KnownCustomer | None, values: dict[str, Any]) -> Line:
        """A known one takes what it has not; where the sheet says otherwise than Tendon, it is asked once which of the two counts."""
        if found is None:
            return replace(line, values={NAME: name, **values}, says=_as_said(name, values, self.known.people))
        differs = {key: value for key, value in values.items() if found.values.get(key) not in (None, "", value)}
        taken = {key: value for key, value in values.items() if found.values.get(key) in (None, "")}
        if differs and (answer := self.answers.get("differs")) == SHEET:
            taken |= differs
        elif differs and answer != OURS:
            choices = (("Take what the sheet says", SHEET), ("Keep what Tendon has", OURS))
            asked: list[str] = []
            says = "Some customers have other values in Tendon. Which count?"
            self._ask(Question("differs", says, (line.row,), choices), asked)
            named = ", ".join(LABELS[key].casefold() for key in differs)
            return replace(line, lot=Lot.ASK, why=f"has another {named} in Tendon")
        if not taken:
            return replace(line, lot=Lot.KNOWN, why="is in Tendon")
        says = _as_said(found.name, taken, self.known.people)
        return replace(line, values={"id": found.id, NAME: found.name, **taken}, says=f"{says} (known already)")

    def _ask(self, question: Question, asked: list[str]) -> None:
        asked.append(question.says)
        before = self.questions.get(question.key)
        self.questions[question.key] = replace(question, rows=(*before.rows, *question.rows)) if before else question


def _main_currency(cells: Sequence[str], point: Point | None) -> str:
    found = Counter(amount.currency for cell in cells if (amount := _amount(cell, point)) and amount.currency)
    return found.most_common(1)[0][0] if found else ""


def _amount(cell: str, point: Point | None) -> Amount | None:
    try:
        return read_amount(cell, point or Point.THOUSANDS)
    except BadInput:
        return None


def _answered_amount(answer: str) -> int | None:
    return int(answer) if answer.isdecimal() else None


def _short(text: str, most: int) -> str:
    return "" if blank(text) else cut(storable(text), most)


def _as_said(name: str, values: Mapping[str, Any], people: Sequence[Someone]) -> str:
    owner = next((each.name for each in people if each.id == values.get(OWNER)), "")
    value = say_amount(values[VALUE]) if values.get(VALUE) is not None else ""
    return ": ".join(filter(None, (cut(name), " · ".join(filter(None, (values.get(TIER), value, owner, values.get(REGION)))))))
