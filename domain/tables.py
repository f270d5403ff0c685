"""Reading a file of comma-separated rows as it comes from people: a sentence for a file that cannot be read, a reason for each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from domain.errors import BadInput
from domain.phrases import cut, say_list


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts (the heading is row 1), and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Remark:
    """A row that was skipped, or taken with something to know."""

    file: str
    row: int
    words: str


def read_rows(source: Path | bytes, file: str, columns: Sequence[str], skipped: list[Remark]) -> Iterator[Row]:
    """Streams the rows of a CSV file. Raises BadInput{file} for what is no such file; rows of a wrong length go to `skipped`."""
    try:
        with _opened(source) as raw:
            yield from _rows(raw, file, columns, skipped)
    except UnicodeDecodeError:
        raise BadInput({file: f"{file} is not UTF-8 text. Save it as CSV in UTF-8 and import it again. Nothing was changed."}) from None
    except csv.Error as error:
        raise BadInput({file: f"{file} cannot be read as comma-separated rows ({error}). Nothing was changed."}) from None
    except FileNotFoundError:
        raise BadInput({file: f"There is no file {source!s}. Check its path. Nothing was changed."}) from None
    except OSError as error:
        raise BadInput({file: f"{source!s} cannot be opened: {error.strerror or 'unknown reason'}. Nothing was changed."}) from None


def _opened(source: Path | bytes) -> BinaryIO:
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def _rows(raw: BinaryIO, file: str, columns: Sequence[str], skipped: list[Remark]) -> Iterator[Row]:
    lines = _lines(raw, file)
    first = next(lines, "")
    if not first.strip():
        raise BadInput({file: f"{file} is empty. It needs a heading row: {', '.join(columns)}. Nothing was changed."})
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(_chain(first, lines), delimiter=delimiter, strict=True)
    names = [name.strip().casefold().replace(" ", "_") for name in next(reader)]
    if missing := [column for column in columns if column not in names]:
        noun = "column" if len(missing) == 1 else "columns"
        raise BadInput({file: f"{file} lacks the {noun} {say_list(missing)}. It has {cut(', '.join(names), 120)}. Nothing was changed."})
    places = [(column, names.index(column)) for column in columns]
    number = 1
    for cells in reader:
        number += 1
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            skipped.append(
                Remark(file, number, f"has {len(cells)} cells where {len(names)} were expected; a text with a comma needs quotes")
            )
            continue
        yield Row(number, {column: cells[place].strip() for column, place in places})


def _lines(raw: BinaryIO, file: str) -> Iterator[str]:
    start = raw.read(4)
    raw.seek(0)
    if start.startswith(b"PK"):
        raise BadInput({file: f"{file} is a spreadsheet, not CSV. Save it as CSV in UTF-8 and import it again. Nothing was changed."})
    encoding = "utf-16" if start.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    with io.TextIOWrapper(raw, encoding=encoding, newline="") as text:
        for number, line in enumerate(text, 1):
            if "\0" in line:
                raise BadInput(
                    {file: f"{file} has a NUL byte in line {number}, so it is damaged or no text. Save it again. Nothing was changed."}
                )
            yield line


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
