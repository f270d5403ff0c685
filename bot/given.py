"""What somebody gives an import: files as Slack keeps them, fetched and read, and pasted cells. Used by every slice that imports."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import SlackLink, SlackRefused
from domain.errors import BadInput
from domain.phrases import say_list
from domain.sheets import Table, decode, joined, read_text

MOST_BYTES = 10_000_000
CELLS = "cells"
MOST_PASTED = 400_000  # characters
LONGEST = 15.0  # seconds to fetch and read everything: less than an effect may take, or it would be tried for ever
PASTED = "Pasted cells"
CLOSED = ("not_found", "view_not_found", "expired_trigger_id")  # the form that waited is no longer there
_TYPES = (".csv", ".tsv", ".txt", ".xlsx")


def wrong_files(files: Sequence[Mapping[str, Any]]) -> str:
    """What is wrong with the files as Slack describes them, before any is fetched."""
    strange = [str(file.get("name")) for file in files if not str(file.get("name", "")).lower().endswith(_TYPES)]
    if strange:
        return f"{say_list(strange)[:200]}: only CSV and XLSX can be read. Save it as one of them."
    large = [str(file.get("name")) for file in files if int(file.get("size") or 0) > MOST_BYTES]
    return f"{say_list(large)[:200]}: larger than 10 MB. Split it, or save the sheet alone as CSV." if large else ""


async def read_all(slack: SlackLink, files: Sequence[Mapping[str, Any]], pasted: Sequence[str]) -> tuple[list[Table], str]:
    """The tables in everything that was given; or none, and why."""
    try:
        async with asyncio.timeout(LONGEST):
            return await _read(slack, files, pasted), ""
    except BadInput as wrong:
        return [], wrong.sentence
    except TimeoutError:
        return [], "This takes too long to read. Give fewer files at once, or save the sheets as CSV."


async def read_each(slack: SlackLink, files: Sequence[Mapping[str, Any]]) -> tuple[list[Table], list[str]]:
    """The tables in every file that can be read, and a sentence for each that cannot."""
    tables: list[Table] = []
    refused: list[str] = []
    try:
        async with asyncio.timeout(LONGEST):
            for file in files:
                try:
                    tables += await _read(slack, [file], ())
                except BadInput as wrong:
                    refused.append(wrong.sentence)
    except TimeoutError:
        refused.append("This takes too long to read. Give fewer files at once, or save the sheets as CSV.")
    return tables, refused


async def _read(slack: SlackLink, files: Sequence[Mapping[str, Any]], pasted: Sequence[str]) -> list[Table]:
    tables = [joined(pasted, PASTED)] if pasted else []
    for file in files:
        raw = await _download(slack, file["id"], file["name"])
        tables += await asyncio.to_thread(read_file, raw, file["name"])
    return [table for table in tables if table.rows]


async def _download(slack: SlackLink, key: str, name: str) -> bytes:
    try:
        about = (await slack.call("files.info", file=key))["file"]
        return await slack.download(about.get("url_private_download") or about["url_private"], MOST_BYTES)
    except SlackRefused as refused:
        raise BadInput({name: _why(refused, name)}) from refused


def _why(refused: SlackRefused, name: str) -> str:
    match refused.code:
        case "missing_scope":
            return "Tendon may not read files here yet. Whoever runs it installs it again from the manifest; paste cells until then."
        case "file_too_large":
            return f"{name} is larger than 10 MB."
        case _:
            return f"{name} could not be fetched from Slack: it was deleted, or Tendon may not see it."


def read_file(raw: bytes, name: str) -> list[Table]:
    """The tables in a file. Raises BadInput."""
    if raw.startswith(b"PK"):
        from bot.workbooks import read_workbook  # loaded when the first workbook comes: it is large

        return read_workbook(raw, name)
    return [read_text(decode(raw, name), name)]


def box_of(state: Mapping[str, Any]) -> str:
    """The field for cells has a new name each time it is emptied, or Slack would keep what was typed."""
    return next((name for name in state if name.startswith(CELLS)), CELLS)


def typed(state: Mapping[str, Any]) -> str:
    return str(state.get(box_of(state)) or "")


def with_cells(pasted: Sequence[str], cells: str) -> list[str]:
    """What was pasted, with more of it. Raises BadInput."""
    if sum(map(len, pasted)) + len(cells) > MOST_PASTED:
        raise BadInput({"cells": "That is more than can be pasted. Give a file, or import these first. What was pasted is kept."})
    return [*pasted, cells]
