"""What this slice shows in Slack: long lists a page at a time, and the report. Pure: values in, messages out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import cut, say_time
from domain.reports import Figures, say_moves, say_shipped, say_slip
from handlers.reports import ids
from handlers.reports.asked import Asked

PAGE = 12
MOST_TEXT = 3500
MOST_WORDS = 5200  # characters of the rows of a page; with what surrounds them, 9,000 of JSON
TEAMS = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """One release in a list, under a heading."""

    heading: str
    release_id: int
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All of a list, of which a page is shown."""

    title: str
    entries: Sequence[Entry]
    asked: Asked
    now: datetime
    zone: str
    second: str = ""
    buttons: Sequence[Block] = field(default_factory=tuple)


def listing(page: Listing) -> Message:
    at = page.asked.at if page.asked.at < len(page.entries) else 0
    return _drawn(page, at, PAGE)


def _drawn(page: Listing, at: int, size: int) -> Message:
    """A page of so many rows; fewer where long names make it more than Slack takes."""
    shown = page.entries[at : at + size]
    if size > 4 and sum(len(entry.about) + 2 * len(cut(entry.name)) for entry in shown) > MOST_WORDS:
        return _drawn(page, at, size - 2)
    blocks = [kit.section("\n".join(filter(None, (f"*{kit.safe(page.title)}*", kit.safe(page.second)))))]
    heading = ""
    for entry in shown:
        if entry.heading != heading:
            heading = entry.heading
            count = sum(each.heading == heading for each in page.entries)
            blocks += [kit.divider(), kit.context(f"*{kit.safe(heading)} ({count:,})*")]
        blocks.append(_row(entry))
    left = len(page.entries) - at - len(shown)
    if len(page.entries) > len(shown):
        blocks.append(kit.section(f"Showing {at + 1} to {at + len(shown)} of {len(page.entries):,}."))
    more = kit.button(f"Next {min(left, PAGE)}", ids.NEXT, page.asked.value(at=at + len(shown)), about="releases")
    if buttons := [*([more] if left > 0 else []), *page.buttons]:
        blocks.append(kit.actions(*buttons))
    blocks.append(kit.context(f"As of {say_time(page.now, page.zone)} · of what you can see"))
    return Message(_text(page, shown), blocks)


def _row(entry: Entry) -> Block:
    name = cut(entry.name)
    opens = kit.button("Open", f"{ids.OPEN}:{entry.release_id}", str(entry.release_id), about=name)
    about = "" if entry.about.rstrip(".") == entry.heading else f"\n{kit.safe(entry.about)}"  # the heading says it already
    return kit.section(f"*{kit.safe(name)}*{about}", accessory=opens)


def _text(page: Listing, shown: Sequence[Entry]) -> str:
    """The page for those who see no blocks, with the count of what did not fit."""
    lines, room = [kit.safe(f"{page.title} {page.second}".strip())], MOST_TEXT
    for entry in shown:
        line = kit.safe(f"{cut(entry.name)}: {' '.join(entry.about.split())}")
        room -= len(line) + 1
        if room < 200:
            break
        lines.append(line)
    left = len(page.entries) - len(lines) + 1
    return "\n".join([*lines, *([f"{left:,} more."] if left else [])])


@dataclass(frozen=True, slots=True)
class Report:
    """A period beside the one before, in all and by team."""

    asked: Asked
    now: datetime
    zone: str
    total: Figures
    before: Figures
    teams: dict[str, Figures]
    teams_before: dict[str, Figures] = field(default_factory=dict)
    is_running: bool = False

    @property
    def title(self) -> str:
        words, whose = self.asked.period.words, f"{self.asked.team_name}, " if self.asked.team_name else ""
        return f"{whose}{words}{' so far' if self.is_running and not words.startswith('since') else ''}"


def report(one: Report) -> Message:
    if one.total.is_empty:
        said = f"{one.title}: nothing shipped, and neither dates nor work moved."
    else:
        said = f"{one.title}: {say_shipped(one.total)}."
    before = one.asked.period.before.words
    against = f"{before}: {say_shipped(one.before)}; {say_moves(one.before.moves)}; {_work(one.before)}."
    total = one.total
    lines = [
        f"*Shipped*  {_how(total)}",
        f"*Dates moved*  {say_moves(total.moves)}",
        f"*Work moved*  {_work(total)}",
    ]
    blocks = [kit.section(f"*{kit.safe(said)}*\nThe period before, {kit.safe(against)}")]
    if not total.is_empty:
        blocks += [kit.divider(), kit.section("\n".join(lines)), kit.divider(), kit.section(_teams(one))]
    value = one.asked.value()
    blocks.append(kit.actions(kit.button("As a CSV file", ids.CSV, value, about="report"), kit.button("As slides", ids.DECK, value)))
    footer = f"As of {say_time(one.now, one.zone)} · slip in working days from the baseline · restricted releases are left out"
    blocks.append(kit.context(footer))
    text = [said, f"The period before, {against}", *(line.replace("*", "") for line in lines)]
    return Message(kit.safe("\n".join(text)), blocks)


def _how(one: Figures) -> str:
    """Says "3: 1 early, 2 late"; "nothing"."""
    counts = ((one.early, "early"), (one.on_the_day, "on the day"), (one.late, "late"), (one.no_baseline, "without a baseline"))
    return f"{one.shipped:,}: {', '.join(f'{n:,} {how}' for n, how in counts if n)}" if one.shipped else "nothing"


def _work(one: Figures) -> str:
    return f"{one.work_in:,} pieces in, {one.work_out:,} out" if one.work_in or one.work_out else "no work moved"


def _teams(one: Report) -> str:
    lines = [f"*{kit.name(name)}*  {kit.safe(say_team(each))}" for name, each in list(one.teams.items())[:TEAMS]]
    left = len(one.teams) - TEAMS
    return "\n".join([*lines, *([f"{left:,} more teams are in the file."] if left > 0 else [])])


def say_team(one: Figures) -> str:
    """Says "3 shipped, median slip +2 working days, 4 moves, work 10 in, 3 out"."""
    said = [f"{one.shipped:,} shipped" if one.shipped else "nothing shipped"]
    if one.median_slip is not None:
        said.append(f"median slip {say_slip(one.median_slip)}")
    said.append(say_moves(one.moves).partition(":")[0])
    if one.work_in or one.work_out:
        said.append(f"work {one.work_in:,} in, {one.work_out:,} out")
    return ", ".join(said)


def on_its_way(what: str) -> Message:
    """A file comes by private message, as no answer can carry one."""
    return Message(f"{what} comes to you in a private message in a moment.")


def which_day(sentence: str, choices: Sequence[tuple[str, str]]) -> Message:
    """Two days fit: a button each."""
    buttons: list[Any] = [kit.button(label, f"{ids.NEXT}:{n}", value) for n, (label, value) in enumerate(choices)]
    return Message(kit.safe(sentence), [kit.section(kit.safe(sentence)), kit.actions(*buttons)])
