"""What those who face customers read of releases: the words that may leave the house, and nothing about how it stands. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import cut, say_count, say_day, say_short_day, say_time
from domain.sayings import NOTHING, in_full
from handlers.releases import ids
from handlers.releases.asked import PAGE
from handlers.releases.views_status import MOST_TEXT, MOST_WORDS, Page, rest

TO_CHECK = "To be checked: its plan changed since."


@dataclass(frozen=True, slots=True)
class Outside:
    """One release for readers outside. `facts` is its row, `saying` that of its words; `inside` is how it stands, if that may be seen."""

    facts: Any
    saying: Any | None
    now: datetime
    zone: str
    inside: str = ""
    may_press: bool = True


def card(shown: Outside) -> Message:
    facts = shown.facts
    name = kit.name(facts.name)
    words, lead = _words(facts, shown.saying)
    blocks: list[Block] = [kit.section(f"*{name}*\n{lead}")]
    if words:
        blocks.append(kit.copyable(words))
    if shown.inside:
        blocks.append(kit.section(f"*Inside the house*  {kit.safe(shown.inside)}"))
    blocks += _buttons(shown)
    blocks.append(kit.context(_footer(shown)))
    text = [f"{name}: {lead.replace('*', '')}" + (f" “{kit.safe(words)}”" if words else "")]
    return Message("\n".join([*text, *([kit.safe(shown.inside)] if shown.inside else [])]), blocks)


def _words(facts: Any, saying: Any | None) -> tuple[str, str]:
    """What may be said word for word, and the line that leads to it."""
    if facts.is_cancelled:
        return "", "Nothing may be promised: it was cancelled."
    if facts.shipped_on:
        return f"{facts.name} is available to everyone since {say_day(facts.shipped_on)}.", "It is out. You may say:"
    if saying is None:
        return "", NOTHING
    return in_full(saying), f"*{TO_CHECK}* Ask the owner before you say:" if saying.doubted_at else "You may say:"


def _buttons(shown: Outside) -> list[Block]:
    if not shown.may_press:
        return []
    facts = shown.facts
    value, about = str(facts.id), cut(facts.name)
    buttons = [kit.button("Ask the owner", ids.ASK, value, about=about)]
    if facts.is_open:
        waits = [("Tell me when it ships", ids.TELL), ("A customer is waiting", ids.WAITS)]
        buttons = [*(kit.button(label, action, value, about=about) for label, action in waits), *buttons]
    return [kit.actions(*buttons)]


def _footer(shown: Outside) -> str:
    saying = shown.saying
    last = "dates inside the house are not for customers"
    if saying is None or not shown.facts.is_open:
        return f"R-{shown.facts.number} · {last}"
    day = saying.checked_at.date()
    return (
        f"R-{shown.facts.number} · Checked on {say_short_day(day)} {day.year} · words by {kit.name(saying.said_by or 'somebody')} · {last}"
    )


def listing(page: Page, sayings: Mapping[int, Any]) -> Message:
    """The open releases with their words, those that have some first, each part by name."""
    rows = sorted(page.rows, key=lambda row: (row.facts.id not in sayings, row.facts.name.casefold()))
    return _drawn(page, rows, sayings, PAGE)


def _drawn(page: Page, rows: Sequence[Any], sayings: Mapping[int, Any], size: int) -> Message:
    """A page of so many rows; fewer where long words make it more than Slack takes."""
    at = page.at
    shown = rows[at : at + size]
    first = _first(page, rows, sayings)
    drawn = [_row(row.facts, sayings.get(row.facts.id)) for row in shown]
    if size > 4 and sum(len(block["text"]["text"]) + len(block["accessory"]["accessibility_label"]) for block in drawn) > MOST_WORDS:
        return _drawn(page, rows, sayings, size - 2)
    blocks: list[Block] = [kit.section(f"*{kit.safe(first)}*"), *drawn]
    blocks += rest(page, at, len(shown))
    left = len(rows) - at - len(shown)
    if left > 0 and not page.shared_by:
        blocks.append(kit.actions(kit.button(f"Next {min(left, PAGE)}", ids.NEXT, page.asked.value(at=at + len(shown)), about="releases")))
    by = f" · {kit.name(page.shared_by)}" if page.shared_by else ""
    blocks.append(kit.context(f"What customers may be told, as of {say_time(page.now, page.zone)}{by}"))
    return Message(_text(first, shown, sayings, len(rows)), blocks)


def _first(page: Page, rows: Sequence[Any], sayings: Mapping[int, Any]) -> str:
    whose = f"{page.whose}: " if page.whose else ""
    if not rows:
        return f"{whose}no open release."
    said = [sayings[row.facts.id] for row in rows if row.facts.id in sayings]
    doubted = sum(saying.doubted_at is not None for saying in said)
    check = f", {doubted:,} of them to be checked" if doubted else ""
    return f"{whose}{say_count(len(rows), 'open release')}: {len(said):,} with words for customers{check}."


def _row(facts: Any, saying: Any | None) -> Block:
    name = cut(facts.name)
    about = cut(in_full(saying), 160) if saying else NOTHING
    check = f"\n{TO_CHECK}" if saying and saying.doubted_at else ""
    quoted = f"“{kit.safe(about)}”" if saying else about
    opens = kit.button("Open", f"{ids.OPEN}:{facts.id}", str(facts.id), about=name)
    return kit.section(f"*{kit.safe(name)}*\n{quoted}{check}", accessory=opens)


def _text(first: str, shown: Sequence[Any], sayings: Mapping[int, Any], total: int) -> str:
    lines, room = [kit.safe(first)], MOST_TEXT - len(first)
    for row in shown:
        saying = sayings.get(row.facts.id)
        words = f"“{cut(in_full(saying), 160)}”{' ' + TO_CHECK if saying.doubted_at else ''}" if saying else NOTHING
        line = kit.safe(f"{cut(row.facts.name)}: {words}")
        if len(line) + 1 > room:
            break
        lines.append(line)
        room -= len(line) + 1
    left = total - len(lines) + 1
    return "\n".join([*lines, *([f"{left:,} more."] if left > 0 else [])])


def inside_line(saying: Any | None) -> str:
    """What customers may be told, on the full card."""
    if saying is None:
        return ""
    when = f"Checked {say_short_day(saying.checked_at.date())} {saying.checked_at.year}"
    after = f", before the last move: *{TO_CHECK.partition(':')[0].lower()}*" if saying.doubted_at else ""
    return f"*What customers may be told*\n“{kit.safe(in_full(saying))}”  {when}{after}."
