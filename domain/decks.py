"""Seven plain slides from the ledger: verdict, what changed, dates, slips, dependencies, customers, next. What they say, not their look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.happenings import Happening, headline
from domain.listed import Row
from domain.phrases import cut, say_count, say_day, say_days, say_list
from domain.reports import Figures, say_moves, say_shipped
from domain.roadmaps import say_sure
from domain.standing import Group
from domain.standing import headline as standings

MOST = 8  # rows of a slide, of two lines each at the most
AHEAD = timedelta(days=30)
NAMED = 3  # customers named beside a release


@dataclass(frozen=True, slots=True)
class Slide:
    """`rows` are cells under `headings`; without headings, lines. `empty` is said where there are none."""

    topic: str
    title: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    left: int = 0
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """What one team needs of another and has not got."""

    asking: str
    asked: str
    what: str
    needed_on: date | None
    is_promised: bool
    release: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """An open release that customers asked for."""

    release: str
    due: date | None
    is_committed: bool
    customers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """All that a deck is made from, read at one moment."""

    title: str
    before: str
    today: date
    rows: Sequence[Row]
    news: Sequence[Happening]
    total: Figures
    total_before: Figures
    asks: Sequence[Ask]
    wanted: Sequence[Wanted]


def deck(told: Told) -> tuple[Slide, ...]:
    return (_verdict(told), _changed(told), _dates(told), _slips(told), _asks(told), _customers(told), _next(told))


def verdict(told: Told) -> str:
    """The first sentence of all: "12 open releases: 2 late, 3 at risk, 7 on track."."""
    return standings(Counter(row.standing.group for row in told.rows))


def _slide(topic: str, title: str, headings: tuple[str, ...], rows: Sequence[tuple[str, ...]], empty: str) -> Slide:
    return Slide(topic, title, headings, tuple(rows[:MOST]), max(len(rows) - MOST, 0), empty)


def _many(n: int, noun: str, one: str, many: str) -> str:
    """Says "1 release is", "4 releases are"; without a noun "1 has"."""
    return f"{say_count(n, noun) if noun else f'{n:,}'} {one if n == 1 else many}"


def _verdict(told: Told) -> Slide:
    worst = [row for row in told.rows if row.standing.group in (Group.LATE, Group.OFF_TRACK)]
    lines = [
        f"{told.title}: {say_shipped(told.total)}; {say_moves(told.total.moves)}.",
        f"The period before, {told.before}: {say_shipped(told.total_before)}; {say_moves(told.total_before.moves)}.",
        *(f"{cut(row.facts.name)} · {row.standing.words} · {say_day(row.due)}" for row in worst[:5]),
    ]
    if len(worst) > 5:
        lines.append(f"{len(worst) - 5:,} more are late or off track.")
    return Slide("Verdict", verdict(told), (), tuple((line,) for line in lines))


def _changed(told: Told) -> Slide:
    rows = [(each.kind.value.capitalize(), cut(each.name, 45), cut(each.words, 90)) for each in told.news]
    return _slide(
        "What changed", f"{told.title}: {headline(told.news)}.", ("What", "Release", "How"), rows, "Nothing changed in this period."
    )


def _dates(told: Told) -> Slide:
    dated = sorted(
        (row for row in told.rows if row.target_on and row.target_on >= told.today), key=lambda row: (row.target_on, row.facts.name)
    )
    rows = [
        (say_sure(row.due, row.facts.is_committed), cut(row.facts.name, 45), row.standing.words, cut(row.facts.team or "", 30))
        for row in dated
    ]
    none = sum(row.target_on is None for row in told.rows)
    ahead = _many(len(dated), "release", "has a date ahead", "have dates ahead") if dated else "No release has a date ahead"
    title = f"{ahead}, {_many(none, '', 'has', 'have')} no day yet." if none else f"{ahead}."
    return _slide("Dates", title, ("When", "Release", "How it stands", "Team"), rows, "No release has a date ahead.")


def _slips(told: Told) -> Slide:
    late = sorted((row for row in told.rows if row.standing.late_by > 0), key=lambda row: (-row.standing.late_by, row.facts.name))
    rows = [
        (
            say_day(row.due),
            cut(row.facts.name, 45),
            say_days(row.standing.slip),
            cut(row.standing.stalled.cause if row.standing.stalled else "", 60),
        )
        for row in late
    ]
    are = ("is behind its baseline", "are behind their baseline")
    behind = _many(len(late), "open release", *are) if late else f"No open release {are[0]}"
    title = f"{behind}. In this period {say_moves(told.total.moves)}."
    return _slide("Slips", title, ("Date now", "Release", "Slip", "Stalled"), rows, "No open release is behind its baseline.")


def _asks(told: Told) -> Slide:
    past = [ask for ask in told.asks if ask.needed_on and ask.needed_on < told.today]
    silent = sum(not ask.is_promised for ask in told.asks)
    ordered = sorted(told.asks, key=lambda ask: (ask.needed_on or date.max, ask.is_promised, ask.what))
    rows = [
        (
            say_day(ask.needed_on),
            f"{cut(ask.asking, 30)} asks {cut(ask.asked, 30)}",
            cut(ask.what, 45),
            "promised" if ask.is_promised else "not promised",
        )
        for ask in ordered
    ]
    count = len(told.asks)
    found = [f"{n:,} {what}" for n, what in ((len(past), "past the day"), (silent, "not promised")) if n] or ["all promised"]
    title = f"{_many(count, 'ask', 'is', 'are')} open between teams: {', '.join(found)}." if count else "No ask is open between teams."
    return _slide("Dependencies", title, ("Needed by", "Who", "What", "Answer"), rows, "No team waits for another.")


def _customers(told: Told) -> Slide:
    ordered = sorted(told.wanted, key=lambda each: (-len(each.customers), each.release))
    rows = [(say_sure(each.due, each.is_committed), cut(each.release, 45), _named(each.customers)) for each in ordered]
    people = len({name for each in told.wanted for name in each.customers})
    title = (
        f"{_many(people, 'customer', 'waits', 'wait')} for {say_count(len(rows), 'open release')}."
        if rows
        else "No customer is known to wait."
    )
    return _slide("Customers", title, ("When", "Release", "Who asked"), rows, "No feedback that everybody may read names an open release.")


def _named(customers: Sequence[str]) -> str:
    shown = [cut(name, 30) for name in customers[:NAMED]]
    left = len(customers) - len(shown)
    return say_list([*shown, *([f"{left:,} more"] if left else [])])


def _next(told: Told) -> Slide:
    soon = sorted(
        (row for row in told.rows if row.target_on and told.today <= row.target_on <= told.today + AHEAD),
        key=lambda row: (row.target_on, row.facts.name),
    )
    stuck = [row for row in told.rows if row.standing.stalled and row not in soon]
    rows = [(say_day(row.due), cut(row.facts.name, 45), _needs(row)) for row in (*soon, *stuck)]
    due = _many(len(soon), "release", "is", "are") if soon else "Nothing is"
    title = f"{due} due in 30 days" + (f"; {_many(len(stuck), 'other' if soon else 'release', 'is', 'are')} stalled." if stuck else ".")
    return _slide("Next", title, ("Date", "Release", "What it needs"), rows, "Nothing is due in 30 days, and nothing is stalled.")


def _needs(row: Row) -> str:
    """What somebody must do about it, in few words."""
    needs = []
    if row.standing.stalled and row.standing.stalled.is_past:
        needs.append("a new date, or to be marked shipped")
    elif row.standing.stalled:
        needs.append("an update")
    if not row.owner:
        needs.append("an owner")
    if row.facts.unaccepted:
        needs.append(f"an answer to {say_count(row.facts.unaccepted, 'ask')}")
    return f"Needs {say_list(needs)}" if needs else row.standing.words
