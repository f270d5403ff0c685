"""Days as they stand in the cells of a sheet: many styles, one answer for the order of day and month, and never a guess between two."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from domain.coarse import read_span
from domain.dates import YEARS, Unclear, read_day
from domain.errors import BadInput
from domain.month_names import MONTH_NAMES
from domain.phrases import MONTHS, cut

_TIME = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d{2}:?\d{2})?$")
_TWO = re.compile(r"(?:[A-Za-z]{2,9}\.?,?\s+)?(\d{1,2})\s?([/-])\s?(\d{1,2})(?:\s?\2\s?(\d{4}|\d{2}))?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_FLOATING = re.compile(
    r"\b(in|ago|from|ahead|next|last|this|coming|today|tonight|now|tomorrow|yesterday|days?|weeks?|months?|eod|cob)\b", re.IGNORECASE
)
_DAY_ZERO = date(1899, 12, 30)  # as spreadsheets count
_SERIALS = range(36526, 73051)  # 2000 to 2099
_LIKELY = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}.*|.*\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{2,4}|\d{1,2}/\d{1,2}"
    r"|.*\b\d{1,2}(st|nd|rd|th)?[ .-]*(de )?[^\W\d_]{3,10}\.?([ ,-]*(de )?'?\d{2,4})?"
    r"|[^\W\d_]{3,10}\.? \d{1,2}(st|nd|rd|th)?(,? *'?\d{2,4})?"
)
_LETTERS = re.compile(r"[^\W\d_]+")


_COARSE = re.compile(
    r"(?:(?:early|mid|middle of|late|end of|start of|beginning of|ende|mitte|anfang|fin)[ -])?"
    r"(?:q[1-4]|[1-4]q|[^\W\d_]{3,10}\.?)[ ,/'-]*\d{4}|\d{4}[ /-]?q[1-4]|end of [^\W\d_]{3,10}",
    re.IGNORECASE,
)


class Order(StrEnum):
    """What stands first in 3/4."""

    DAY = "day"
    MONTH = "month"


def looks_like_a_day(cell: str) -> bool:
    """Whether a cell was meant as a date, real or not; cheap, for guessing what a column holds."""
    text = _TIME.sub("", cell.strip())
    if len(text) > 40 or not (_LIKELY.fullmatch(text) or _COARSE.fullmatch(text)):
        return False
    if re.search(r"\bq[1-4]|\b[1-4]q", text, re.IGNORECASE):
        return True
    return not any(c.isalpha() for c in text) or any(word in MONTH_NAMES for word in _LETTERS.findall(text.casefold()))


def order_of(cells: Iterable[str]) -> tuple[Order | None, str]:
    """The order that the cells prove, if they prove one; and a cell that can be read both ways, "" if there is none."""
    proofs: set[Order] = set()
    unclear = ""
    for cell in cells:
        match = _TWO.fullmatch(_TIME.sub("", cell.strip()))
        if not match:
            continue
        first, second = int(match[1]), int(match[3])
        if first > 12 >= second:
            proofs.add(Order.DAY)
        elif second > 12 >= first:
            proofs.add(Order.MONTH)
        elif first != second:
            unclear = unclear or cell
    return (proofs.pop() if len(proofs) == 1 else None), unclear


def readings(cell: str) -> dict[Order, str]:
    """A cell that can be read both ways, as each order has it: "3 April" and "4 March"."""
    match = _TWO.fullmatch(_TIME.sub("", cell.strip()))
    if not match:
        return {}
    first, second, year = int(match[1]), int(match[3]), f" {match[4]}" if match[4] else ""
    return {Order.DAY: f"{first} {MONTHS[second - 1]}{year}", Order.MONTH: f"{second} {MONTHS[first - 1]}{year}"}


def read_cell(cell: str, today: date, order: Order | None) -> date:
    """The day in a cell. Raises BadInput, or Unclear where the order of day and month is not known."""
    text = _TIME.sub("", cell.strip())
    if _SERIAL.fullmatch(text) and int(float(text)) in _SERIALS:
        return _DAY_ZERO + timedelta(days=int(float(text)))
    if not re.search(r"\d", text) or _FLOATING.search(text):
        raise BadInput({"date": f'"{cut(cell)}" is not one day.'})
    if order and (match := _TWO.fullmatch(text)):
        text = _as_dotted(match, order)
    try:
        return read_day(text, today)
    except Unclear:
        raise
    except BadInput as wrong:
        raise BadInput({"date": _short(wrong.sentence)}) from None


def read_coarse(cell: str, said_on: date) -> date | None:
    """A week, month or quarter in a cell, without a year the next one after it was said; None for anything else."""
    if _FLOATING.search(cell) or len(cell) > 40:
        return None
    found = read_span(cell, said_on)
    return found if found and found.year in YEARS else None


def _as_dotted(match: re.Match[str], order: Order) -> str:
    """With dots the day stands first, as everybody reads it; 13/4 and 4/13 are clear in any order."""
    day, month = (match[1], match[3]) if order is Order.DAY else (match[3], match[1])
    if int(month) > 12 >= int(day):
        day, month = month, day
    return f"{day}.{month}.{match[4] or ''}".rstrip(".") + ("" if match[4] else ".")


def _short(sentence: str) -> str:
    """What is wrong, without what a form would say next."""
    for end in (" Pick a day", " Pick the day", " Check the date", " Your other words", ", or write it"):
        sentence = sentence.partition(end)[0]
    return sentence
