"""How an import of records looks: the form that asks for files or cells, what was understood, and what came in. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.intake import Lot
from domain.phrases import cut, say_count, say_list
from domain.records import Line, Question, Sorted
from domain.sheets import letter

CELLS = "cells"
REST = "rest"
NO_COLUMN = "-"
QUESTIONS = 10  # a form; what is left is asked in the next
MOST_LINES = 6
SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """What all forms of one kind share: the title, what is said first, the labels of columns, and action ids by verb."""

    title: str
    intro: str
    labels: Mapping[str, str]
    ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its columns as they are offered, and what each is taken for. `is_read` where enough of them is known."""

    name: str
    offered: Sequence[str]
    columns: Mapping[str, int]
    is_read: bool


def form(frame: Frame, origin: Mapping[str, Any], draft: int | None = None, parts: Sequence[str] = (), note: str = "") -> View:
    """Files, or cells. The box has a new name each time it was emptied, or Slack would keep what was typed."""
    blocks: list[Block] = [kit.section(f"*{kit.safe(note)}*")] if note else []
    blocks.append(kit.section(f"{frame.intro} You see what was understood before anything is added."))
    files = {"type": "file_input", "action_id": "files", "filetypes": ["csv", "xlsx", "tsv", "txt"], "max_files": 10}
    blocks.append(kit.ask("files", "Files", files, optional=True, hint="CSV or XLSX, up to ten, 10 MB each."))
    label = "Next cells" if parts else "Or cells, copied from a spreadsheet"
    hint = "With their heading row, up to 3,000 characters at a time."
    blocks.append(kit.ask_words(f"{CELLS}:{len(parts)}", label, lines=True, optional=True, hint=hint))
    if parts:
        rows = sum(1 for part in parts for line in part.splitlines() if line.strip())
        blocks.append(kit.context(f"{say_count(rows, 'row')} pasted so far."))
    blocks.append(kit.actions(kit.button("Add more rows", frame.ids["more"], about="keep what is in the box and empty it")))
    blocks.append(kit.context("Nobody is told. What you give is kept for 24 hours."))
    metadata = {**origin, **({"draft": draft} if draft else {})}
    return kit.modal(frame.title, blocks, callback_id=frame.ids["read"], submit="Read", metadata=metadata)


def reading(frame: Frame, draft: int, names: Sequence[str]) -> View:
    shown = [cut(name, 40) for name in names[:3]]
    said = say_list([*shown, f"{len(names) - 3} more"] if len(names) > 3 else shown)
    blocks = [
        kit.section(f"Reading {kit.safe(said)}. What was understood is shown here in a moment."),
        kit.actions(kit.button("Show what was read", frame.ids["show"], str(draft))),
        kit.context("If you close this, Tendon writes to you when it is read."),
    ]
    return kit.modal(frame.title, blocks, callback_id=frame.ids["read"], metadata={"draft": draft})


def preview(frame: Frame, draft: int, found: Sorted, sheets: Sequence[Sheet]) -> View:
    """The counts, the columns, what is asked, and some rows as they would come in."""
    blocks = [kit.section(f"*{found.says}.*\nNothing is added yet.")]
    asked, ready = found.of(Lot.ASK), found.of(Lot.READY)
    if asked:
        button = kit.button("Answer", frame.ids["answer"], str(draft), about="what the sheet leaves open", style="primary")
        blocks.append(kit.section(_lines("Need an answer", asked), accessory=button))
    for number, sheet in enumerate(sheets[:10]):
        change = kit.button("Change", frame.ids["columns"], f"{draft}:{number}", about=f"the columns of {sheet.name}")
        blocks.append(kit.section(_columns(frame, sheet), accessory=change))
    if ready:
        sample = (f"• {line.says or line.name}" for line in ready[:SAMPLE])
        blocks.append(kit.section("\n".join(["*Would come in, for example*", *(kit.safe(cut(line, 300)) for line in sample)])))
    blocks += [
        kit.section(_lines(title, lines))
        for title, lot in (("Known already", Lot.KNOWN), ("Left out", Lot.LEFT))
        if (lines := found.of(lot))
    ]
    if found.notes:
        blocks.append(kit.section("\n".join(kit.safe(f"• {cut(note, 200)}") for note in found.notes[:12])))
    blocks.append(kit.actions(kit.button("Give something else", frame.ids["show"], f"{draft}:again")))
    blocks.append(kit.context("Nobody is told of an import. It can be taken back for 24 hours."))
    submit = f"Import {len(ready):,}" if ready else None
    metadata = {"draft": draft, "ready": len(ready)}
    return kit.modal(frame.title, blocks, callback_id=frame.ids["bring"], submit=submit, metadata=metadata)


def _columns(frame: Frame, sheet: Sheet) -> str:
    known = [f"{frame.labels[column]} is {sheet.offered[place]}" for column, place in sheet.columns.items() if place < len(sheet.offered)]
    said = " · ".join(known) if sheet.is_read else "It is not known which column says what, so nothing of it is read."
    return f"*{kit.name(sheet.name)}*\n{kit.safe(said)}"


def _lines(title: str, lines: Sequence[Line]) -> str:
    shown = [f"• Row {line.row}{f', {cut(line.name)}' if line.name else ''}: {cut(line.why, 160)}" for line in lines[:MOST_LINES]]
    left = [f"and {len(lines) - MOST_LINES:,} more"] if len(lines) > MOST_LINES else []
    return "\n".join([f"*{title} ({len(lines):,})*", *(kit.safe(line) for line in (*shown, *left))])


def offered(rows: Sequence[Sequence[str]], heading: int | None) -> list[str]:
    """Each column as `C “Due date”`, or without headings what stands below: `C “5 Mar 2027”`."""
    first = 0 if heading is None else heading + 1
    heads = rows[heading] if heading is not None else ()
    below = rows[first] if first < len(rows) else ()
    labels = []
    for place in range(max(map(len, rows), default=0)):
        text = (heads[place] if place < len(heads) else "") or (below[place] if place < len(below) else "")
        labels.append(f"{letter(place)} “{cut(text, 40)}”" if text else letter(place))
    return labels


def columns(frame: Frame, draft: int, number: int, sheet: Sheet) -> View:
    """What each thing about a record is read from."""
    entries = [("No column", NO_COLUMN), *((label, str(place)) for place, label in enumerate(sheet.offered))]
    blocks: list[Block] = [kit.section(f"*{kit.name(sheet.name)}*\nWhich column says what?")]
    for column, label in frame.labels.items():
        place = sheet.columns.get(column)
        blocks.append(kit.ask_one(column, label, entries, NO_COLUMN if place is None else str(place)))
    blocks.append(kit.actions(kit.button("Back", frame.ids["show"], str(draft))))
    return kit.modal(
        "Columns", blocks, callback_id=frame.ids["save_columns"], submit="Use these", metadata={"draft": draft, "sheet": number}
    )


def block_of(question: Question) -> str:
    """The field of a question: named after it, so that no answer can land at another."""
    return f"question:{blake2s(question.key.encode(), digest_size=8).hexdigest()}"


def questions(frame: Frame, draft: int, asked: Sequence[Question]) -> View:
    blocks: list[Block] = []
    for question in asked[:QUESTIONS]:
        rows = f"Row {question.rows[0]}" if len(question.rows) == 1 else f"{len(question.rows):,} rows, the first {question.rows[0]}"
        block, label = block_of(question), cut(question.says, 140)
        if question.is_person:
            hint = f"{rows}. {f'{question.likely.name} is like it.' if question.likely else 'Who is it?'}"
            blocks.append(kit.ask_person(block, label, question.likely.id if question.likely else None, optional=True, hint=hint))
        elif question.is_number:
            blocks.append(kit.ask_words(block, label, optional=True, hint=f"{rows}. Write the whole number, such as 12000.", most=40))
        else:
            blocks.append(kit.ask_one(block, label, question.choices, optional=True, hint=f"{rows}."))
    if len(asked) > QUESTIONS:
        blocks.append(kit.context(f"{len(asked) - QUESTIONS:,} more are asked after these."))
    if any(question.is_person or question.is_number for question in asked[:QUESTIONS]):
        blocks.append(kit.ask_ticks(REST, "Numbers and people that I leave empty", [("come in without", "yes")]))
    blocks.append(kit.actions(kit.button("Back", frame.ids["show"], str(draft))))
    return kit.modal("What is meant", blocks, callback_id=frame.ids["save_answers"], submit="Use these", metadata={"draft": draft})


def under_way(frame: Frame, draft: int, ready: int) -> View:
    what = f"{say_count(ready, 'row')} are coming in." if ready > 1 else "It is coming in."
    words = f"*{what}* Tendon writes to you when that is done, with *Undo import*. You can close this."
    return kit.modal(frame.title, [kit.section(words)], callback_id=frame.ids["read"], metadata={"draft": draft})


def waits(frame: Frame, draft: int, trouble: str) -> Message:
    """The form was closed before everything was read."""
    words = kit.safe(trouble or "What you gave for the import is read. Nothing is added yet.")
    return Message(words, [kit.section(words), kit.actions(kit.button("Go on", frame.ids["show"], str(draft), about="with the import"))])


def done(frame: Frame, draft: int, says: str, left: int, until: datetime, zone: str) -> Message:
    """What came in, what was left, and the way back."""
    rest = f" {say_count(left, 'row was', 'rows were')} left out." if left else ""
    words = kit.safe(f"The import is done: {says}.{rest} Nobody was told.")
    confirm = ("What the import brought in is taken back, but for what somebody changed or used since.", "Undo import", "Keep it")
    undo = kit.button("Undo import", frame.ids["undo"], str(draft), confirm=confirm)
    return Message(words, [kit.section(words), kit.actions(undo), kit.context(f"Can be taken back until {kit.instant(until, zone)}")])
