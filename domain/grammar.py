"""Whole lines as people type them after `/release`: "NAME to DATE because REASON" and the like.

A reader returns what it understood and leaves the rest None, so that a form can open with it. It raises only where a part is there
and cannot be read; the error then carries everything else as `partial`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain.errors import BadInput
from domain.releases import Health, read_health
from domain.tails import BEFORE_DATES, Line, cut_because, cut_sure, name_of, reason_of, unreadable, weak_cuts
from domain.words import Mention, plain, read_user, split_quoted, tidy

_TO = frozenset({"to", "->", "=>", "-&gt;", "=&gt;", "→", "until", "till"})
_PLANNED = frozenset({"planned", "tentative", "tentatively", "provisional", "provisionally"})
_JOINS = frozenset({"is", "to", "as", "at", "-", ":", "=", "health", "->"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a line about one release says. `instead` is a further reading, where a word may be part of the name or not."""

    name: str | None = None
    day: date | None = None
    reason: str | None = None
    team: str | None = None
    is_planned: bool = False  # said to be no more than planned
    instead: Said | None = None

    def readings(self) -> tuple[Said, ...]:
        """All readings, the longest name first: take the first whose name is known, so that no other release is touched."""
        all_of_them, one = [], self
        while one is not None:
            all_of_them.append(replace(one, instead=None))
            one = one.instead  # type: ignore[assignment]
        return tuple(sorted(all_of_them, key=lambda said: -len(said.name or "")))


@dataclass(frozen=True, slots=True)
class Judged:
    """`health NAME amber because REASON`."""

    name: str | None = None
    health: Health | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Owned:
    """`owner NAME @user`."""

    name: str | None = None
    user: Mention | None = None


def read_because(text: str) -> tuple[str, str | None]:
    """Splits a reason off: "X because Y" -> ("X", "Y"); also due to, since, as, reason:, a dash or a colon."""
    head, reason = cut_because(tidy(text))
    return plain(head), reason


def read_named(text: str) -> Said:
    """A name and perhaps a reason: `rollback NAME because REASON`, `cancel NAME - REASON`, `follow NAME`."""
    name, rest = split_quoted(text)
    if name is not None:
        return Said(plain(name), reason=reason_of(rest))
    head, reason = cut_sure(rest)
    return Said(name_of(head), reason=reason) if reason else _chain(Said(name_of(h), reason=r) for h, r in [*weak_cuts(rest), (rest, None)])


def read_move(text: str, today: date) -> Said:
    """`move NAME to DATE because REASON`; what follows the day is the reason, whatever word opens it."""
    name, rest = split_quoted(text)
    if name is not None:
        return _after_name(Said(plain(name)), Line(rest), today)
    head, reason = cut_sure(rest)
    line = Line(head)
    for place in line.after(_TO):
        if found := line.day_from(place, today):
            said = Said(name_of(line.before(place)), reason=reason or reason_of(line.piece(found.end)))
            return replace(said, day=found.settled(said))
    return _with_a_day(rest, today) or _move_without_day(rest, today)


def _move_without_day(text: str, today: date) -> Said:
    head, reason = cut_because(text)
    line = Line(head)
    place = next(line.last_after(_TO), None)
    if place is not None and place > 1:
        partial = Said(name_of(line.piece(0, place - 1)), reason=reason, instead=Said(name_of(head), reason=reason))
        return replace(partial, day=unreadable(line.piece(place), today, partial))
    sure, why = cut_sure(text)
    cuts = [(sure, why)] if why else [*weak_cuts(text), (text, None)]
    return _chain(reading for h, r in cuts for reading in (*_with_loose_day(h, r, today), Said(name_of(_without_to(h)), reason=r)))


def read_new(text: str, today: date) -> Said:
    """`new NAME DATE [for TEAM]`: the day is the last that reads as one; in doubt ("Black Friday") the word stays in the name. Empty quotes
    are no name: none is made of what follows."""
    name, rest = split_quoted(text)
    if name is None and tidy(text)[:2] in ('""', "''"):
        name = ""
    if name is not None:
        after, is_planned = _cut_planned(rest, today, 0)
        return replace(_new_after_name(plain(name), after, today), is_planned=is_planned)
    head, reason = cut_sure(rest)
    head, is_planned = _cut_planned(head, today, 1)
    line = Line(head)
    if found := line.last_day(today):
        said = Said(name_of(line.before(found.start)), None, reason, _team(line.piece(found.end)), is_planned)
        return replace(said, day=found.settled(said))
    whole = Said(name_of(head), reason=reason)
    place = next(line.last_after({"for"}), None)
    if place is not None and place > 1:
        return replace(whole, instead=Said(name_of(line.piece(0, place - 1)), None, reason, _team(line.piece(place))))
    loose = _with_loose_day(head, reason, today)
    return replace(whole, instead=loose[0]) if loose else whole


def _cut_planned(text: str, today: date, start: int) -> tuple[str, bool]:
    """A line without the word that says that its day is only planned, which stands right before the day or after it."""
    line = Line(text)
    for n in range(len(line) - 1, max(start, len(line) - 12) - 1, -1):
        if line.word(n).strip("(),;") not in _PLANNED:
            continue
        without = f"{line.piece(0, n)} {line.piece(n + 1)}".strip()
        shorter = Line(without)
        found = shorter.last_day(today, start) if len(shorter) > start else None
        before = next((m for m in range(n, min(n + 3, len(shorter))) if shorter.word(m) not in BEFORE_DATES), n)
        if found and (found.end == n or found.start == before):
            return without, True
    return text, False


def _new_after_name(name: str, rest: str, today: date) -> Said:
    head, reason = cut_sure(rest)
    line = Line(head)
    said = Said(name, reason=reason)
    found = line.last_day(today, 0) if len(line) else None
    loose = line.day_from(0, today) if len(line) else None
    found = found or loose
    if found:
        team = line.piece(found.end) or line.before(found.start) if found.start else line.piece(found.end)
        said = replace(said, team=_team(team))
        return replace(said, day=found.settled(said))
    if line and line.word(0) in {"for", "team"}:
        return replace(said, team=_team(head))
    return replace(said, day=unreadable(head, today, said)) if line else said


def read_ship(text: str, today: date) -> Said:
    """`ship NAME [on DATE]`; a day without a year is the nearest to today, as most are marked after the fact."""
    name, rest = split_quoted(text)
    if name is not None:
        return _after_name(Said(plain(name)), Line(rest), today, past=True)
    if said := _with_a_day(rest, today, past=True):
        return said
    head, reason = cut_sure(rest)
    cuts = [(rest, None), *weak_cuts(rest)] if reason is None else [(head, reason)]
    return _chain(reading for h, r in cuts for reading in (*_with_loose_day(h, r, today, past=True), Said(name_of(h), reason=r)))


def read_judged(text: str) -> Judged:
    """`health NAME red|amber|green because REASON`; "at risk" and "off track" are understood, and the word may come first."""
    name, rest = split_quoted(text)
    head, reason = cut_sure(rest)
    line = Line(head)
    for start, end in _health_places(line):
        try:
            health = read_health(line.piece(start, end))
        except BadInput:
            continue
        before = start - 1 if start and line.word(start - 1) in _JOINS else start
        words = line.piece(0, before) if start else line.piece(end)
        after = line.piece(end) if start or name is not None else ""
        return Judged(plain(name) if name is not None else name_of(words), health, reason or reason_of(after))
    head, weak = (head, reason) if reason else cut_because(head)
    return Judged(plain(name) if name is not None else name_of(head), None, weak if name is None else reason or reason_of(rest))


def _health_places(line: Line) -> Iterable[tuple[int, int]]:
    """Where a word of health may stand: not in the middle of a name unless a reason's sign follows; the last place first."""
    length = min(len(line), 60)
    for start in range(length - 1, -1, -1):
        for end in range(min(start + 4, length), start, -1):
            ends_it = end == len(line) or line.word(end) in {"-", ":", "as", "since", "cause"} or line.word(end - 1)[-1] in ":;,-"
            if ends_it or start == 0:
                yield start, end


def read_owner(text: str) -> Owned:
    """`owner NAME @user`, also with `to` or `is` between them, or the person first."""
    name, rest = split_quoted(text)
    line = Line(rest)
    for n in dict.fromkeys((len(line) - 1, 0)):
        try:
            user = read_user(line.piece(n, n + 1)) if line else None
        except BadInput:
            continue
        words = line.piece(0, n) if n else line.piece(1)
        return Owned(plain(name) if name is not None else name_of(_without_joins(words)), user)
    return Owned(plain(name) if name is not None else name_of(rest))


def _after_name(said: Said, line: Line, today: date, *, past: bool = False) -> Said:
    """What follows a quoted name: a day and a reason, either alone, or something in place of the day that cannot be read."""
    start = next((n for n in range(min(len(line), 3)) if line.word(n) not in BEFORE_DATES), min(len(line), 3))
    if found := line.day_from(start, today, past=past):
        said = replace(said, reason=reason_of(line.piece(found.end)))
        return replace(said, day=found.settled(said))
    head, reason = cut_because(line.text)
    said = replace(said, reason=reason)
    if not reason and start and line.word(start - 1) in {"-", ":"}:
        return replace(said, reason=reason_of(line.piece(start)))
    days = " ".join(head.split()[start:])
    return replace(said, day=unreadable(days, today, said, past=past)) if name_of(days) else said


def _with_a_day(text: str, today: date, *, past: bool = False) -> Said | None:
    head, reason = cut_sure(text)
    line = Line(head)
    found = line.first_day(today, past=past)
    if not found:
        return None
    said = Said(name_of(line.before(found.start)), reason=reason or reason_of(line.piece(found.end)))
    return replace(said, day=found.settled(said))


def _with_loose_day(head: str, reason: str | None, today: date, *, past: bool = False) -> list[Said]:
    line = Line(head)
    found = line.loose_day(today, past=past)
    return [Said(name_of(line.before(found.start)), found.day, reason)] if found and found.day else []


def _chain(readings: Iterable[Said]) -> Said:
    chained: Said | None = None
    for said in reversed(list(readings)):
        chained = replace(said, instead=chained)
    return chained or Said()


def _team(text: str) -> str | None:
    words = text.strip(" ,;.?!")
    for opening in ("for ", "team ", "the "):
        words = words[len(opening) :].strip() if words.casefold().startswith(opening) else words
    words = words.removesuffix(" team") if words.casefold().endswith(" team") else words
    return words if words.startswith("<") else name_of(words)


def _without_to(text: str) -> str:
    line = Line(text)
    return line.piece(0, len(line) - 1) if len(line) > 1 and line.word(len(line) - 1) in _TO else text


def _without_joins(text: str) -> str:
    line = Line(text)
    start = 1 if len(line) > 1 and line.word(0) in {"of", "for"} else 0
    end = len(line) - 1 if len(line) > 1 and line.word(len(line) - 1) in _JOINS else len(line)
    return line.piece(start, end)
