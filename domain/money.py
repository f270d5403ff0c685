"""Amounts of money as people write them into sheets: many styles, whole units out, and never a guess between two readings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import BadInput
from domain.phrases import cut

MOST = 10**12
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR"}
_CODES = ("EUR", "USD", "GBP", "CHF", "JPY", "INR", "SEK", "NOK", "DKK", "PLN", "CAD", "AUD", "SGD", "BRL", "ZAR")
_TIMES = {"": 1, "k": 10**3, "thousand": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}
_A_YEAR = re.compile(r"\s*(?:/\s*|per\s+|a\s+|p\.?\s?)(?:year|yr|annum|y|a)\.?$", re.IGNORECASE)
_AMOUNT = re.compile(r"(\d[\d.,' ]*)\s*([a-z]*)\.?")
_UNCLEAR = re.compile(r"\d{1,3}\.\d{3}")
_GROUPED = re.compile(r"\d{1,3}(?:([., '])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}")


class Point(StrEnum):
    """What the dot in 1.200 stands for."""

    THOUSANDS = "thousands"
    DECIMALS = "decimals"


@dataclass(frozen=True, slots=True)
class Amount:
    """Whole units; `currency` is a code, or "" where none was written."""

    units: int
    currency: str = ""


def point_of(cells: Iterable[str]) -> tuple[Point | None, str]:
    """What the cells prove a dot to be, if they prove one thing; and a cell that can be read both ways, "" if there is none."""
    proofs: set[Point] = set()
    unclear = ""
    for cell in cells:
        digits = _digits(cell)
        if digits.count(".") > 1 or re.search(r"\.\d{3},\d", digits):
            proofs.add(Point.THOUSANDS)
        elif re.search(r"\d{4}\.\d|,\d{3}\.\d|\.(?:\d{1,2}|\d{4,})$", digits):
            proofs.add(Point.DECIMALS)
        elif _UNCLEAR.fullmatch(digits):
            unclear = unclear or cell
    return (proofs.pop() if len(proofs) == 1 else None), unclear


def _digits(cell: str) -> str:
    found = re.search(r"\d[\d.,' ]*", _plain(cell))
    return found[0].strip(" .,'").replace(" ", "").replace("'", "") if found else ""


def _plain(cell: str) -> str:
    return cell.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").strip()


def read_amount(cell: str, point: Point | None = None) -> Amount:
    """The amount in a cell. Raises BadInput{"value"} for what is none, and for one that can be read in two ways."""
    text, currency = _without_currency(_A_YEAR.sub("", _plain(cell)))
    match = _AMOUNT.fullmatch(text.casefold())
    if not match or match[2] not in _TIMES:
        raise BadInput({"value": f'"{cut(cell)}" is not an amount.'})
    digits, times = match[1].strip(" .,'"), _TIMES[match[2]]
    if times == 1 and point is None and _UNCLEAR.fullmatch(digits):
        raise BadInput({"value": f'"{cut(cell)}" can be read in two ways.'})
    try:
        units = round(_number(digits, point if times == 1 else Point.DECIMALS) * times)
    except ValueError:
        raise BadInput({"value": f'"{cut(cell)}" is not an amount.'}) from None
    if units > MOST:
        raise BadInput({"value": f'"{cut(cell)}" is more than {MOST:,}.'})
    return Amount(units, currency)


def _without_currency(text: str) -> tuple[str, str]:
    for sign, code in _SIGNS.items():
        if sign in text:
            return text.replace(sign, "", 1).strip(), code
    for code in _CODES:
        found = re.match(rf"{code}\b\s*|", text, re.IGNORECASE)
        if found and found[0]:
            return text[found.end() :].strip(), code
        if re.search(rf"(?<![a-z]){code}$", text, re.IGNORECASE):
            return text[: -len(code)].strip(), code
    return text, ""


def _number(digits: str, point: Point | None) -> float:
    """The last of two different signs is the decimal one; a comma before three digits parts thousands, as in most sheets."""
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and dot >= 0:
        decimal = "," if comma > dot else "."
    elif dot >= 0:
        decimal = "" if digits.count(".") > 1 or (point is Point.THOUSANDS and _UNCLEAR.fullmatch(digits)) else "."
    else:
        decimal = "" if comma < 0 or _GROUPED.fullmatch(digits) else ","
    whole, _, part = digits.rpartition(decimal) if decimal else (digits, "", "")
    if not (whole.isdecimal() or _GROUPED.fullmatch(whole)) or not (part.isdecimal() or not part):
        raise ValueError(digits)
    return float(f"{re.sub(r'[^0-9]', '', whole)}.{part or 0}")


def say_amount(units: int) -> str:
    """Says "120,000 a year"."""
    return f"{units:,} a year"
