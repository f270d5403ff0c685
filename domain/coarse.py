"""Weeks, months and quarters as people say them: "end of March", "mid Q2", "week 12", "next month"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from domain.dates import LONGEST, YEARS, Coarse, Unclear, add_months, month_number, normal, read_day
from domain.errors import BadInput
from domain.phrases import cut
from domain.spans import month_of, quarter_of, week_of

_ABOUT = re.compile(
    r"^(?:(?:in|by|around|about|roughly|sometime|some time|early|mid|middle|late|later"
    r"|the|end|start|beginning|(?:first|second) half|of"
    r"|ende|anfang|mitte|im|fin|début|debut|mi|courant|fines?|finales|mediados|principios|fim|início|inicio|meados"
    r"|fine|metà|eind|midden|begin|de|di|del"
    r"|(?:a|à|à la|no|em|na)(?=\s+(?:fin|fine|fines|finales|mediados|principios|fim|início|inicio|meados|metà)\b))[\s-]+)+"
)
_HALF = re.compile(r"\bh[12]\b|\bhalf (?:of )?(?:a |the )?(?:year|\d{4})")
_YEAR = r"(?:[\s/'-]*(\d{4}|\d{2}))?"
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "last": 4}
_RELATIVE = {"": 0, "this": 0, "current": 0, "next": 1, "coming": 1}


def read_when(text: str, today: date, field: str = "date") -> date:
    """The day that was typed, or the week, month or quarter. Raises BadInput, Unclear or Coarse, as `read_day` does."""
    try:
        return read_day(text, today, field)
    except Unclear:
        raise
    except BadInput as wrong:
        found = read_span(text, today)
        if found is None:
            raise (_refused(text, field) if isinstance(wrong, Coarse) or _HALF.search(text.casefold()) else wrong) from None
        if found.year not in YEARS:
            raise BadInput({field: f"The year {found.year} looks wrong. Check the date, or pick a day."}) from None
        return found


def read_span(text: str, today: date) -> date | None:
    """A week, month or quarter; without a year the next one that has not ended. None for anything else."""
    words = normal(text[:LONGEST])
    words = _ABOUT.sub("", f"{words} ").strip() or words
    return next((found for reader in _READERS if (found := reader(words, today))), None)


def _refused(text: str, field: str) -> Coarse:
    if _HALF.search(text.casefold()):
        return Coarse({field: f'"{cut(text)}" is half a year. Say a quarter, such as Q2 2027. Your other words are kept.'})
    cure = "Say a week, month or quarter, such as Q2 2027. Your other words are kept."
    return Coarse({field: f'I do not know when "{cut(text)}" ends. {cure}'})


def _quarter(words: str, today: date) -> date | None:
    found = re.fullmatch(rf"q([1-4]){_YEAR}|([1-4])q{_YEAR}|quarter ([1-4]){_YEAR}", words)
    turned = re.fullmatch(r"(\d{4})[\s/-]*q([1-4])", words)
    named = re.fullmatch(rf"(\w+) quarter(?: of)?{_YEAR}", words)
    if found:
        number, year = next((n, y) for n, y in ((found[1], found[2]), (found[3], found[4]), (found[5], found[6])) if n)
        return _next_of(year, lambda y: quarter_of(date(y, int(number) * 3, 1)), today)
    if turned:
        return quarter_of(date(int(turned[1]), int(turned[2]) * 3, 1))
    if named and named[1] in _ORDINALS and named[1] != "last":
        return _next_of(named[2], lambda y: quarter_of(date(y, _ORDINALS[named[1]] * 3, 1)), today)
    if words == "eoq":
        return quarter_of(today)
    return _relative(words, "quarter", lambda n: quarter_of(add_months(today.replace(day=1), 3 * n)))


def _month(words: str, today: date) -> date | None:
    found = re.fullmatch(rf"([^\W\d_]+){_YEAR}", words)
    number = month_number(found[1]) if found else None
    if found and number:
        return _next_of(found[2], lambda year: month_of(date(year, number, 1)), today)
    written = re.fullmatch(r"(\d{4})[-/](\d{1,2})", words)
    if written and 1 <= int(written[2]) <= 12:
        return month_of(date(int(written[1]), int(written[2]), 1))
    if words == "eom":
        return month_of(today)
    return _relative(words, "month", lambda n: month_of(add_months(today.replace(day=1), n)))


def _week(words: str, today: date) -> date | None:
    found = re.fullmatch(rf"(?:cw|kw|wk|w|week)[\s-]?(\d{{1,2}}){_YEAR}", words)
    if found and 1 <= int(found[1]) <= 53:
        try:
            return _next_of(found[2], lambda year: week_of(date.fromisocalendar(year, int(found[1]), 1)), today)
        except ValueError:
            return None
    opening = re.match(r"(?:week (?:of|commencing|beginning|starting)|w/c|wc)\s+(?:the\s+)?(?=.)", words)
    if opening:
        try:
            return week_of(read_day(words[opening.end() :], today))
        except BadInput:
            return None
    if words == "eow":
        return week_of(today)
    return _relative(words, "week", lambda n: week_of(today + timedelta(days=7 * n)))


def _year(words: str, today: date) -> date | None:
    """The end of a year is its last quarter."""
    if words in {"eoy", "year", "this year", "christmas"}:
        return quarter_of(date(today.year, 12, 1))
    if words == "next year":
        return quarter_of(date(today.year + 1, 12, 1))
    return None


def _relative(words: str, unit: str, make: Callable[[int], date]) -> date | None:
    which, _, last = words.rpartition(" ")
    return make(_RELATIVE[which]) if last == unit and which in _RELATIVE else None


def _next_of(year: str | None, make: Callable[[int], date], today: date) -> date:
    """That of the year, or the next one that has not ended."""
    if year:
        return make(int(year) + (2000 if len(year) == 2 else 0))
    soon = make(today.year)
    return soon if soon >= today else make(today.year + 1)


_READERS = (_quarter, _month, _week, _year)
