"""What a stretch of time came to: shipped by baseline, slip, moves by kind of reason, work moved in and out; by team, never by person.

Slip is `releases.slip`, in working days from the baseline to the day it shipped. Its median is the middle value, of an even number the mean
of the middle two (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.1, Measures of Location): one that is years late moves it little.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from domain.phrases import say_count

NO_TEAM = "No team"
NO_KIND = "without a kind"
KINDS = ("scope", "dependency", "quality", "people", "vendor", "decision", "other", NO_KIND)


@dataclass(frozen=True, slots=True)
class Shipped:
    """One release that shipped: its team's name, and its slip in working days, None without a baseline."""

    name: str
    team: str | None
    slip: int | None


@dataclass(frozen=True, slots=True)
class Moved:
    """Moves of dates of a team's releases, for one kind of reason."""

    team: str | None
    kind: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one team, or of all."""

    shipped: int = 0
    early: int = 0
    on_the_day: int = 0
    late: int = 0
    no_baseline: int = 0
    median_slip: float | None = None
    moves: Mapping[str, int] = field(default_factory=dict)
    work_in: int = 0
    work_out: int = 0

    @property
    def moved(self) -> int:
        return sum(self.moves.values())

    @property
    def by_baseline(self) -> int:
        """Early or on the day."""
        return self.early + self.on_the_day

    @property
    def is_empty(self) -> bool:
        return not (self.shipped or self.moved or self.work_in or self.work_out)


def figures(shipped: Sequence[Shipped], moved: Iterable[Moved], work_in: int = 0, work_out: int = 0) -> Figures:
    slips = [each.slip for each in shipped if each.slip is not None]
    return Figures(
        shipped=len(shipped),
        early=sum(slip < 0 for slip in slips),
        on_the_day=slips.count(0),
        late=sum(slip > 0 for slip in slips),
        no_baseline=len(shipped) - len(slips),
        median_slip=median(slips) if slips else None,
        moves=_by_kind(moved),
        work_in=work_in,
        work_out=work_out,
    )


def _by_kind(moved: Iterable[Moved]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for each in moved:
        counts[each.kind if each.kind in KINDS else NO_KIND] += each.count
    return counts


def by_team(shipped: Sequence[Shipped], moved: Sequence[Moved], work: Mapping[str | None, tuple[int, int]]) -> dict[str, Figures]:
    """Teams with anything to tell, the busiest first."""
    shipped_by: dict[str | None, list[Shipped]] = {}
    moved_by: dict[str | None, list[Moved]] = {}
    for ship in shipped:
        shipped_by.setdefault(ship.team, []).append(ship)
    for move in moved:
        moved_by.setdefault(move.team, []).append(move)
    found = {
        team or NO_TEAM: figures(shipped_by.get(team, ()), moved_by.get(team, ()), *work.get(team, (0, 0)))
        for team in {*shipped_by, *moved_by, *work}
    }
    busy = ((name, each) for name, each in found.items() if not each.is_empty)
    return dict(sorted(busy, key=lambda entry: (-entry[1].shipped, -entry[1].moved, -entry[1].work_in, entry[0].casefold())))


def say_slip(slip: float | None) -> str:
    """Says "+3 working days", "2.5 working days early", "0 working days"; "no slip to count"."""
    if slip is None:
        return "no slip to count"
    if slip == 0:
        return "0 working days"
    days = f"{abs(slip):g} working {'day' if abs(slip) == 1 else 'days'}"
    return f"+{days}" if slip > 0 else f"{days} early"


def say_shipped(one: Figures) -> str:
    """Says "12 shipped, 8 by their baseline, median slip +3 working days"; "nothing shipped"."""
    if not one.shipped:
        return "nothing shipped"
    if one.no_baseline == one.shipped:
        return f"{one.shipped:,} shipped, without a baseline"
    whose = "its" if one.shipped == 1 else "their"
    return f"{one.shipped:,} shipped, {one.by_baseline:,} by {whose} baseline, median slip {say_slip(one.median_slip)}"


def say_moves(moves: Mapping[str, int]) -> str:
    """Says "5 moves: 3 vendor, 1 scope, 1 without a kind"; "2 moves" where none has a kind; "no moves"."""
    total = sum(moves.values())
    if total == moves.get(NO_KIND, 0):
        return say_count(total, "move") if total else "no moves"
    kinds = ", ".join(f"{moves[kind]:,} {kind}" for kind in sorted(KINDS, key=lambda kind: -moves.get(kind, 0)) if moves.get(kind))
    return f"{say_count(total, 'move')}: {kinds}"


HEADINGS = (
    *(
        "period",
        "from",
        "to",
        "team",
        "shipped",
        "early",
        "on the day",
        "late",
        "without a baseline",
        "median slip in working days",
        "moves",
    ),
    *(f"moves: {kind}" for kind in KINDS),
    *("work moved in", "work moved out"),
)


def cells(period: Any, team: str, one: Figures) -> list[Any]:
    """One row of the file, under `HEADINGS`."""
    return [
        *(period.words, period.first, period.last, team, one.shipped, one.early, one.on_the_day, one.late, one.no_baseline),
        *("" if one.median_slip is None else one.median_slip, one.moved),
        *(one.moves.get(kind, 0) for kind in KINDS),
        *(one.work_in, one.work_out),
    ]
