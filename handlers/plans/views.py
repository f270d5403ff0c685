"""How an import looks: the form that asks for files or cells, what was understood of them, and the message that says what came in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2s
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.intake import Line, Question
from domain.phrases import cut, say_count, say_day, say_list, say_short_day
from domain.sheet_days import readings
from domain.sheets import Column

OPEN = "plans:open"
MORE = "plans:more"
READ = "plans:read"
SHOW = "plans:show"
ORDER = "plans:order"
COLUMNS = "plans:columns"
SAVE_COLUMNS = "plans:save_columns"
ANSWER = "plans:answer"
SAVE_ANSWERS = "plans:save_answers"
IMPORT = "plans:import"
UNDO = "plans:undo"
FETCH = "plans:fetch"
WRITE = "plans:write"
TAKE_BACK = "plans:take_back"

CELLS = "cells"
REST = "rest"
NO_COLUMN = "-"
QUESTIONS = 10  # a form; what is left is asked in the next
MOST_LINES = 6
MOST_NOTES = 12
TITLE = "Import releases"


@dataclass(frozen=True, slots=True)
class Pasted:
    """What the form has already: the draft, how many parts and rows were pasted, and what is wrong."""

    draft: int | None = None
    parts: int = 0
    rows: int = 0
    note: str = ""
    kept: Sequence[str] = ()  # sheets that were read already


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its columns as they are offered, and what each is taken for."""

    name: str
    labels: Sequence[str]
    columns: Mapping[Column, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """What was understood, as it is drawn."""

    draft: int
    says: str
    ready: int
    sheets: Sequence[Sheet] = ()
    unclear: str = ""
    questions: int = 0
    asked: Sequence[Line] = ()
    known: Sequence[Line] = ()
    left: Sequence[Line] = ()
    sample: Sequence[Line] = ()
    new_teams: Sequence[str] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Brought:
    """What an import wrote, by kind; `until` it can be taken back."""

    draft: int
    counts: Mapping[str, int]
    kept: Sequence[str]
    left: int
    until: datetime
    zone: str
    names: Sequence[str] = field(default_factory=tuple)


def form(has: Pasted, origin: Mapping[str, Any]) -> View:
    """Files, or cells. The box has a new name each time it was emptied, or Slack would keep what was typed."""
    blocks: list[Block] = [kit.section(f"*{kit.safe(has.note)}*")] if has.note else []
    blocks.append(kit.section("A list of releases, or the three files of a plan. You see what was understood before anything is added."))
    files = {"type": "file_input", "action_id": "files", "filetypes": ["csv", "xlsx", "tsv", "txt"], "max_files": 10}
    blocks.append(kit.ask("files", "Files", files, optional=True, hint="CSV or XLSX, up to ten, 10 MB each."))
    label = "Next cells" if has.parts else "Or cells, copied from a spreadsheet"
    blocks.append(
        kit.ask_words(
            f"{CELLS}:{has.parts}", label, lines=True, optional=True, hint="With their heading row, up to 3,000 characters at a time."
        )
    )
    kept = [kit.context(f"{say_count(has.rows, 'row')} pasted so far.")] if has.rows else []
    kept += [kit.context(f"Kept: {kit.safe(_few([cut(name, 60) for name in has.kept]))}.")] if has.kept else []
    more = kit.actions(kit.button("Add more rows", MORE, about="keep what is in the box and empty it"))
    blocks += [*kept, more, kit.context("Nobody is told. What you give is kept for 24 hours.")]
    return kit.modal(TITLE, blocks, callback_id=READ, submit="Read", metadata={**origin, **({"draft": has.draft} if has.draft else {})})


def reading(draft: int, names: Sequence[str]) -> View:
    shown = [cut(name, 40) for name in names[:3]]
    said = say_list([*shown, f"{len(names) - 3} more"] if len(names) > 3 else shown)
    blocks = [
        kit.section(f"Reading {kit.safe(said)}. What was understood is shown here in a moment."),
        kit.actions(kit.button("Show what was read", SHOW, str(draft))),
        kit.context("If you close this, Tendon writes to you when it is read."),
    ]
    return kit.modal(TITLE, blocks, callback_id=READ, metadata={"draft": draft})


def preview(has: Shown) -> View:
    """The counts, the columns, what is asked, and some rows as they would come in."""
    blocks = [kit.section(f"*{kit.safe(has.says)}*\nNothing is added yet.")]
    blocks += _order(has)
    if has.questions:
        button = kit.button("Answer", ANSWER, str(has.draft), about="what the sheet leaves open", style="primary")
        blocks.append(kit.section(_lines("Need an answer", has.asked), accessory=button))
    elif has.asked and not has.unclear:
        blocks.append(kit.section(_lines("Need an answer", has.asked)))
    for number, sheet in enumerate(has.sheets):
        blocks.append(
            kit.section(
                _columns(sheet), accessory=kit.button("Change", COLUMNS, f"{has.draft}:{number}", about=f"the columns of {sheet.name}")
            )
        )
    if has.sample:
        blocks.append(kit.section("\n".join(["*Would come in, for example*", *(kit.safe(_row(line)) for line in has.sample)])))
    if has.new_teams:
        blocks.append(kit.section(f"*New teams*  {kit.safe(_few(has.new_teams))}"))
    blocks += [kit.section(_lines(title, lines)) for title, lines in (("Known already", has.known), ("Left out", has.left)) if lines]
    if has.notes:
        blocks.append(kit.section("\n".join(kit.safe(f"• {cut(note, 200)}") for note in _cut(has.notes, MOST_NOTES))))
    blocks.append(kit.actions(kit.button("Give something else", SHOW, f"{has.draft}:again")))
    blocks.append(kit.context("Nobody is told of an import. It can be taken back for 24 hours."))
    submit = f"Import {has.ready:,}" if has.ready else None
    return kit.modal(TITLE, blocks, callback_id=IMPORT, submit=submit, metadata={"draft": has.draft, "ready": has.ready})


def _order(has: Shown) -> list[Block]:
    """Two buttons with the day that each reading gives; nothing that is unclear is guessed."""
    if not has.unclear:
        return []
    about = f"is what {has.unclear} means, and so for all"
    labels = readings(has.unclear).items()
    buttons = [kit.button(label, f"{ORDER}:{order.value}", f"{order.value}:{has.draft}", about=about) for order, label in labels]
    return [kit.section(f"*What is “{kit.safe(has.unclear)}”?* It counts for all dates written like it."), kit.actions(*buttons)]


def _columns(sheet: Sheet) -> str:
    known = [f"{column.label} is {sheet.labels[place]}" for column, place in sheet.columns.items() if place < len(sheet.labels)]
    return f"*{kit.name(sheet.name)}*\n{kit.safe(' · '.join(known) or 'No column is known yet.')}"


def _lines(title: str, lines: Sequence[Line]) -> str:
    shown = [f"• Row {line.row}{f', {cut(line.name)}' if line.name else ''}: {cut(line.why, 160)}" for line in lines[:MOST_LINES]]
    left = [f"and {len(lines) - MOST_LINES:,} more"] if len(lines) > MOST_LINES else []
    return "\n".join([f"*{title} ({len(lines):,})*", *(kit.safe(line) for line in (*shown, *left))])


def _row(line: Line) -> str:
    """Such as "Billing revamp: Fri 5 Mar 2027, was 1 Mar · Payments · Pia Marsh"."""
    day = f"shipped on {say_day(line.shipped)}" if line.shipped else say_day(line.target)
    was = f", was {say_short_day(line.previous)}" if line.previous else ""
    said = f", said on {say_short_day(line.announced)} {line.announced.year}" if line.announced else ""
    more = [
        line.team or "",
        line.owner.name if line.owner else "",
        line.health.words if line.health else "",
        "cancelled" if line.is_cancelled else "",
    ]
    return "• " + " · ".join([f"{cut(line.name)}: {day}{was}{said}", *(each for each in more if each)])


def _few(names: Sequence[str]) -> str:
    return say_list([*names[:10], f"{len(names) - 10:,} more"] if len(names) > 10 else names)


def _cut(lines: Sequence[str], most: int) -> list[str]:
    return [*lines[:most], f"and {len(lines) - most:,} more"] if len(lines) > most else list(lines)


def columns(draft: int, number: int, sheet: Sheet) -> View:
    """What each thing about a release is read from."""
    offered = [("No column", NO_COLUMN), *((label, str(place)) for place, label in enumerate(sheet.labels))]
    blocks: list[Block] = [kit.section(f"*{kit.name(sheet.name)}*\nWhich column says what?")]
    for column in (Column.NAME, Column.TARGET, Column.PREVIOUS, Column.ANNOUNCED, Column.SHIPPED, Column.TEAM, Column.OWNER, Column.STATUS):
        place = sheet.columns.get(column)
        hint = "When a row's date was said: one release may have several rows then." if column is Column.ANNOUNCED else ""
        blocks.append(kit.ask_one(column.value, column.label, offered, NO_COLUMN if place is None else str(place), hint=hint))
    blocks.append(kit.actions(kit.button("Back", SHOW, str(draft))))
    return kit.modal("Columns", blocks, callback_id=SAVE_COLUMNS, submit="Use these", metadata={"draft": draft, "sheet": number})


def block_of(question: Question) -> str:
    """The field of a question: named after it, so that no answer can land at another."""
    return f"question:{blake2s(question.key.encode(), digest_size=8).hexdigest()}"


def questions(draft: int, asked: Sequence[Question]) -> View:
    blocks: list[Block] = []
    for question in asked[:QUESTIONS]:
        rows = f"Row {question.rows[0]}" if len(question.rows) == 1 else f"{len(question.rows):,} rows, the first {question.rows[0]}"
        label = cut(f"{question.says}", 140)
        if question.about == "owner":
            hint = f"{rows}. {f'{question.likely.name} is like it.' if question.likely else 'Who owns it?'}"
            blocks.append(
                kit.ask_person(block_of(question), label, question.likely.id if question.likely else None, optional=True, hint=hint)
            )
        else:
            blocks.append(kit.ask_day(block_of(question), label, optional=True, hint=f"{rows}. Which day is it?"))
    if len(asked) > QUESTIONS:
        blocks.append(kit.context(f"{len(asked) - QUESTIONS:,} more are asked after these."))
    blocks.append(kit.ask_ticks(REST, "What I leave empty", [("comes in without a day or an owner", "yes")]))
    blocks.append(kit.actions(kit.button("Back", SHOW, str(draft))))
    return kit.modal("What is meant", blocks, callback_id=SAVE_ANSWERS, submit="Use these", metadata={"draft": draft})


def under_way(draft: int, ready: int) -> View:
    what = f"{say_count(ready, 'row')} are coming in." if ready > 1 else "It is coming in."
    words = f"*{what}* Tendon writes to you when that is done, with *Undo import*. You can close this."
    return kit.modal(TITLE, [kit.section(words)], callback_id=READ, metadata={"draft": draft})


def waits(draft: int, trouble: str) -> Message:
    """The form was closed before everything was read."""
    words = trouble or "What you gave for the import is read. Nothing is added yet."
    return Message(words, [kit.section(kit.safe(words)), kit.actions(kit.button("Go on", SHOW, str(draft), about="with the import"))])


_ONE = {
    "releases": "release", "teams": "team", "dates": "date", "pieces of work": "piece of work", "moves of work": "move of work",
    "noted waits": "noted wait", "changed pieces of work": "changed piece of work",
    "releases known by their name": "release known by its name",
}  # fmt: skip


def done(brought: Brought) -> Message:
    """What came in, what was left, and the way back."""
    counts = {kind: count for kind, count in brought.counts.items() if count}
    if not counts:
        words = "Nothing new came in: everything is in Tendon already."
        return Message(words, [kit.section(words)])
    listed = say_list(say_count(count, _ONE.get(kind, kind), kind) for kind, count in counts.items())
    first = f"The import is done: {listed}."
    left = f" {say_count(brought.left, 'row was', 'rows were')} left out." if brought.left else ""
    kept = [f"• {cut(line, 200)}" for line in _cut(brought.kept, MOST_LINES)]
    text = "\n".join([f"{first}{left} Nobody was told.", *kept])
    confirm = ("What the import brought in is taken back, but for what somebody changed since.", "Undo import", "Keep it")
    undo = kit.button("Undo import", UNDO, str(brought.draft), confirm=confirm)
    until = kit.context(f"Can be taken back until {kit.instant(brought.until, brought.zone)} · `/release status` shows what is coming")
    return Message(text, [kit.section(kit.safe(text)), kit.actions(undo), until])


def undone(releases: int, stay: Sequence[str], pieces: int, teams: int) -> Message:
    gone = (
        [say_count(releases, "release")]
        + [say_count(pieces, "piece of work", "pieces of work")] * bool(pieces)
        + [say_count(teams, "team")] * bool(teams)
    )
    words = f"The import was taken back: {say_list(gone)} {'is' if gone == ['1 release'] else 'are'} gone again."
    if stay:
        their = ("stays", "it") if len(stay) == 1 else ("stay", "them")
        names = _few([cut(name) for name in stay])
        words += f" {say_count(len(stay), 'release')} {their[0]}, as somebody touched {their[1]} since: {names}."
    return Message(words, [kit.section(kit.safe(words))])
