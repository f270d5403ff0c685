"""What became of a release in a stretch of time, in one line: shipped, cancelled, taken back, moved, new, or judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from domain.calendar import PLAIN, WorkCalendar
from domain.phrases import cut, say_count, say_day, say_days, say_list, say_short_day, year_of
from domain.releases import Field, Health, Stage, State, slip
from domain.spans import is_same, read_written


class Kind(StrEnum):
    """What counts most comes first; the values are what headings say."""

    SHIPPED = "shipped"
    BACK = "taken back"
    CANCELLED = "cancelled"
    MOVED = "moved"
    NEW = "new"
    HEALTH = "health changed"


@dataclass(frozen=True, slots=True)
class Happening:
    """One release in the stretch: the most important that became of it, and the words for it."""

    kind: Kind
    release_id: int
    name: str
    words: str


def is_of_its_import(row: Any) -> bool:
    """A sheet that does not say when a date was changed has it changed on the day of its import, which is no news of that day."""
    return row.import_id is not None and row.happened_at.date() == row.recorded_at.date()


def is_move(row: Any) -> bool:
    """One counted change of a date: it had one before, and it is another. A date is written down in one way only."""
    return row.field == Field.DATE and bool(row.before) and row.before != row.after and not is_of_its_import(row)


def happening(rows: Sequence[Any], cal: WorkCalendar = PLAIN) -> Happening | None:
    """Of the unvoided rows of one release in the stretch, in their order; each carries what the release is now. None for no news.

    Of the moves of its date, and of the verdicts on it, the first and the last are enough: each says the how many-th it is, as `nth`."""
    last = rows[-1]
    found = _ended(rows, cal) or _moved(rows, cal) or _made(rows) or _judged(rows)
    return Happening(found[0], last.release_id, last.name, found[1]) if found else None


def _of(rows: Iterable[Any], field: Field) -> list[Any]:
    return [row for row in rows if row.field == field]


def _ended(rows: Sequence[Any], cal: WorkCalendar) -> tuple[Kind, str] | None:
    """Shipped, taken back or cancelled, by what was said of it last."""
    staged, meant = _of(rows, Field.STAGE), _of(rows, Field.STATE)
    if meant and meant[-1].after == State.CANCELLED:
        return Kind.CANCELLED, f"Cancelled. {cut(meant[-1].reason, 200)}".strip()
    if not staged:
        return None
    last = staged[-1]
    if last.after == Stage.EVERYONE:
        on = last.effective_on or last.happened_at.date()
        return Kind.SHIPPED, f"Shipped on {say_day(on)}, {say_days(slip(last.baseline_on, on, cal))}"
    if any(row.after == Stage.EVERYONE for row in staged) or last.before == Stage.EVERYONE:
        return Kind.BACK, f"Taken back. {cut(last.reason, 200)}".strip()
    return None


def _moved(rows: Sequence[Any], cal: WorkCalendar) -> tuple[Kind, str] | None:
    """All moves as one, from the first day to the last, with the last reason. There and back again is no news."""
    moves = [row for row in rows if is_move(row)]
    if not moves:
        return None
    before, after, last = read_written(moves[0].before), read_written(moves[-1].after), moves[-1]
    if before is None or is_same(before, after):
        return None
    kind = f"{last.reason_kind.capitalize()}: " if last.reason_kind else ""
    times = f", in {last.nth} moves" if last.nth > 1 else ""
    late = f" ({say_days(slip(last.baseline_on, after, cal))}{times})" if last.baseline_on else f" ({last.nth} moves)" if times else ""
    reason = f". {kind}{cut(last.reason, 200)}" if last.reason or kind else ""
    return Kind.MOVED, f"{_first(before, after)} → {say_day(after)}{late}{reason}"


def _first(before: date, after: date | None) -> str:
    return say_short_day(before) if after and year_of(before) == year_of(after) else say_day(before)


def _made(rows: Sequence[Any]) -> tuple[Kind, str] | None:
    if not any(row.before is None for row in _of(rows, Field.NAME)):
        return None
    day = next((read_written(row.after) for row in reversed(_of(rows, Field.DATE))), None)
    return Kind.NEW, f"New, {'for ' if day else ''}{say_day(day)}"


def _judged(rows: Sequence[Any]) -> tuple[Kind, str] | None:
    judged = _of(rows, Field.HEALTH)
    if not judged or judged[0].before == judged[-1].after or not judged[-1].after:
        return None
    was = f"{judged[0].before.capitalize()} → " if judged[0].before else ""
    reason = f". {cut(judged[-1].reason, 200)}" if judged[-1].reason else ""
    return Kind.HEALTH, f"{was}{Health(judged[-1].after).words}{reason}"


def headline(happenings: Sequence[Happening]) -> str:
    """Says "2 shipped, 3 moved and 1 new"; "nothing changed" for none."""
    counts = [(kind, sum(each.kind is kind for each in happenings)) for kind in Kind]
    said = [f"{count:,} {_said(kind, count)}" for kind, count in counts if count]
    return say_list(said) if said else "nothing changed"


def _said(kind: Kind, count: int) -> str:
    return say_count(count, "change of health", "changes of health").split(" ", 1)[1] if kind is Kind.HEALTH else kind.value
