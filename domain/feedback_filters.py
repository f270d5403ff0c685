"""Which feedback somebody wants to see, as they type it: "problems from Acme since March unlinked"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.errors import BadInput
from domain.feedback import Kind, State, Type
from domain.nearest import fold
from domain.periods import Period, read_period
from domain.phrases import cut, say_list
from domain.words import plain, tidy

LONGEST = 500
_TYPES = {
    "problem": Type.PROBLEM, "bug": Type.PROBLEM, "issue": Type.PROBLEM, "complaint": Type.PROBLEM, "request": Type.REQUEST,
    "idea": Type.REQUEST, "wish": Type.REQUEST, "wishes": Type.REQUEST, "feature request": Type.REQUEST, "praise": Type.PRAISE,
    "question": Type.QUESTION, "churn risk": Type.CHURN_RISK, "churn": Type.CHURN_RISK, "churn-risk": Type.CHURN_RISK,
}  # fmt: skip
_STATES = {
    "new": State.NEW, "taken": State.TAKEN, "linked": State.LINKED, "shipped": State.SHIPPED, "done": State.SHIPPED,
    "solved": State.SHIPPED, "declined": State.DECLINED, "not planned": State.DECLINED, "rejected": State.DECLINED,
}  # fmt: skip
_KINDS = {
    "internal": Kind.INTERNAL, "slows us": Kind.INTERNAL, "signal": Kind.SIGNAL, "market signal": Kind.SIGNAL, "market": Kind.SIGNAL,
    "customers": Kind.CUSTOMER,
}  # fmt: skip
_FLAGS = {
    "mine": "mine", "my": "mine", "by me": "mine", "from me": "mine", "unlinked": "unlinked", "not linked": "unlinked", "same": "same",
    "same-as": "same", "same as": "same", "merged": "same", "duplicates": "same", "duplicate": "same",
}  # fmt: skip
_CUSTOMER = frozenset({"from", "for", "of", "customer", "client", "account"})
_AREA = frozenset({"about", "area", "in", "on", "regarding"})
_SINCE = frozenset({"since", "after"})
_TIMES = frozenset({"last", "this", "today", "yesterday", "past"})
_FILLERS = frozenset({"all", "feedback", "and", "with", "are", "is", "that", "which", "the", "pieces", "what", "everything", "said", "was"})


@dataclass(frozen=True, slots=True)
class Filters:
    """What was understood. `customer`, `area` and `loose` are words that only the records can settle."""

    types: tuple[Type, ...] = ()
    states: tuple[State, ...] = ()
    kinds: tuple[Kind, ...] = ()
    customer: str = ""
    area: str = ""
    period: Period | None = None
    mine: bool = False
    unlinked: bool = False
    same: bool = False
    loose: str = ""

    @property
    def said(self) -> str:
        """The same in words: "problems from Acme since Sun 1 Mar 2026, unlinked"; nothing where all was asked for."""
        plural = {Type.PRAISE: "praise"}
        kinds = {Kind.INTERNAL: "internal", Kind.SIGNAL: "signals", Kind.CUSTOMER: "from customers"}
        what = say_list([plural.get(one, f"{one.value}s") for one in self.types])
        parts = [what, f"from {self.customer}" if self.customer else "", f"about {self.area}" if self.area else ""]
        parts += [_when(self.period)] if self.period else []
        opening = " ".join(filter(None, parts))
        ends = [*(kinds[one] for one in self.kinds), *(one.value for one in self.states)]
        ends += ["unlinked"] * self.unlinked + ["same as another"] * self.same + ["logged by you"] * self.mine
        return ", ".join(filter(None, [opening, *ends]))


def _when(period: Period) -> str:
    return period.words if period.words.startswith("since ") else f"in {period.words}" if period.unit not in ("", "day") else period.words


@dataclass(slots=True)
class _Reading:
    words: Sequence[str]
    today: date
    found: dict[str, list[object]] = field(default_factory=dict)
    loose: list[str] = field(default_factory=list)

    def add(self, name: str, value: object) -> None:
        values = self.found.setdefault(name, [])
        if value not in values:
            values.append(value)

    def flag(self, at: int) -> tuple[str, object, int] | None:
        """What one or two words from here on say by themselves, and how many they are."""
        for many in (2, 1):
            word = fold(" ".join(self.words[at : at + many]))
            for name, known in (("types", _TYPES), ("states", _STATES), ("kinds", _KINDS), ("flags", _FLAGS)):
                value = known.get(word) or known.get(word.removesuffix("s") if word not in _FLAGS else word)
                if value is not None and len(self.words) >= at + many:
                    return name, value, many
        return None

    def clause(self, at: int) -> int:
        """Where the words end that belong to the one before: its first word is taken as it is, others end at what says something else."""
        end = at + 1
        while end < len(self.words) and self.flag(end) is None and fold(self.words[end]) not in _CUSTOMER | _AREA | _SINCE | _TIMES:
            end += 1
        return end

    def text(self, at: int, end: int) -> str:
        words = list(self.words[at:end])
        while words and fold(words[-1]) in ("and", "that", "which", "are", "is"):
            words.pop()
        return " ".join(words).strip("\"',;")


def read_filters(text: str, today: date) -> Filters:
    """What was typed. Raises BadInput with what was understood, where a time cannot be read or too much was typed."""
    if len(text) > LONGEST:
        raise BadInput({"text": f"That is too long for a list: {len(text):,} characters. `/customer-feedback search` finds words."})
    reading = _Reading(re.findall(r'"[^"]*"|\S+', tidy(plain(text))), today)
    at = 0
    while at < len(reading.words):
        at = _read_on(reading, at)
    found = reading.found
    flags = found.get("flags", [])
    single = {name: str(found[name][0]) for name in ("customer", "area") if name in found}
    period = found.get("period", [None])[0]
    return Filters(
        types=tuple(found.get("types", ())), states=tuple(found.get("states", ())), kinds=tuple(found.get("kinds", ())),  # type: ignore[arg-type]
        period=period if isinstance(period, Period) else None, mine="mine" in flags, unlinked="unlinked" in flags, same="same" in flags,
        loose=" ".join(reading.loose), **single,
    )  # fmt: skip


def _read_on(reading: _Reading, at: int) -> int:
    """Reads what begins here; returns where the next begins."""
    if flag := reading.flag(at):
        reading.add(flag[0], flag[1])
        return at + flag[2]
    word = fold(reading.words[at])
    if word in _TIMES:
        end = reading.clause(at)
        _add_period(reading, reading.text(at, end))
        return end
    if word in _CUSTOMER | _AREA | _SINCE and at + 1 < len(reading.words):
        end = reading.clause(at + 1)
        said = reading.text(at + 1, end)
        if word in _SINCE:
            _add_period(reading, f"since {said}")
        elif word not in ("from", "in") or not _add_period(reading, said if word == "in" else f"{word} {said}", must=False):
            reading.add("customer" if word in _CUSTOMER else "area", said)
        return end
    if word not in _FILLERS:
        reading.loose.append(reading.words[at].strip("\"',;"))
    return at + 1


def _add_period(reading: _Reading, text: str, *, must: bool = True) -> bool:
    try:
        reading.add("period", read_period(text, reading.today, "text"))
    except BadInput:
        if must:
            raise
        return False
    return True


def not_read(filters: Filters, what: str = "") -> str:
    """The sentence for words that say nothing here, with what was understood."""
    understood = f"Understood: {filters.said}." if filters.said else "Nothing else was asked for."
    known = "Filters are a type, from CUSTOMER, about AREA, since DATE, a state (new, taken, linked, shipped, declined), unlinked and mine."
    return f'I could not read "{cut(what or filters.loose)}". {understood} {known}'
