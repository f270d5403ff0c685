"""Trends in words: the weeks, the groups with most pieces, each against the period before. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_time
from domain.trends import Asked, By, Counted, by_month, say_change

TRENDS = "trends:show"
CHART = "trends:chart"
SHARE = "trends:share"
DRAW = "trends:draw"
SHORT = 40  # characters of a group's name


@dataclass(frozen=True, slots=True)
class Trends:
    """`groups` are those with most pieces, of `all_groups`. `shared_by` names who lets a channel read it; values are left out there."""

    asked: Asked
    weeks: Sequence[tuple[date, int]]
    groups: Sequence[Counted]
    all_groups: int
    total: Counted
    now: datetime
    zone: str
    shared_by: str = ""

    @property
    def says(self) -> str:
        """The answer in one line."""
        return f"{say_count(self.total.pieces, 'piece')} of feedback, {self.asked.period.words}"


def trends(shown: Trends) -> Message:
    if not shown.total.pieces:
        words = f"Customers said nothing that you may read, {kit.safe(shown.asked.period.words)}. {before(shown)}"
        return Message(words, [kit.section(words), kit.actions(*_others(shown))])
    first = [f"*{kit.safe(shown.says)}*", before(shown), f"{weight(shown.total, shown)}."]
    parts = [("By week", [kit.safe(line) for line in by_month(shown.weeks)]), (f"By {shown.asked.by}", group_lines(shown))]
    blocks: list[Block] = [kit.section("\n".join(first))]
    blocks += [kit.section("\n".join([f"*{title}*", *(f"• {line}" for line in lines)])) for title, lines in parts]
    if not shown.shared_by:
        chart = kit.button("Chart", CHART, shown.asked.value(), about="as a picture, by private message")
        blocks.append(kit.actions(*_others(shown), chart, _share(shown)))
    blocks.append(kit.context(footer(shown)))
    text = "\n".join([f"{kit.safe(shown.says)}.", *first[1:], *(f"{title}: {'; '.join(lines)}" for title, lines in parts)])
    return Message(text[:3900], blocks)


def before(shown: Trends) -> str:
    """How that is against the period before, which it names."""
    change = say_change(shown.total.pieces, shown.total.before)
    return f"{change[0].upper()}{change[1:]} ({kit.safe(shown.asked.before.words)})."


def weight(counted: Counted, shown: Trends) -> str:
    """Who is behind it: customers, and beside them what they pay."""
    if not counted.weights.customers:
        return "no customer known"
    return say_count(counted.weights.customers, "customer") if shown.shared_by else counted.weights.says


def _beside(counted: Counted, shown: Trends) -> str:
    """The same beside a group: that nobody's value is known is said once, of all."""
    return weight(counted, shown) if counted.weights.is_valued else weight(counted, replace(shown, shared_by="all"))


def group_lines(shown: Trends) -> list[str]:
    lines = [
        f"{kit.safe(kit.cut(each.name, SHORT))}: {say_count(each.pieces, 'piece')} ({say_change(each.pieces, each.before)})"
        + (f" · {_beside(each, shown)}" if shown.asked.by is not By.CUSTOMER else "")
        for each in shown.groups
    ]
    left = shown.all_groups - len(shown.groups)
    rest = shown.total.pieces - sum(each.pieces for each in shown.groups)
    return [*lines, *([f"{left:,} more, taken together: {say_count(rest, 'piece')}"] if left > 0 else [])]


def _others(shown: Trends) -> list[Block]:
    """The next two ways to group it."""
    ways = list(By)
    at = ways.index(shown.asked.by)
    return [kit.button(f"By {by}", f"{TRENDS}:{by}", shown.asked.value(by)) for by in (ways[(at + 1) % 5], ways[(at + 2) % 5])]


def _share(shown: Trends) -> Block:
    sure = ("Drawn anew for those who read here: what they may not read is left out and not counted.", "Post here", "Cancel")
    return kit.button("Share here", SHARE, shown.asked.value(), about="these trends", confirm=sure)


def footer(shown: Trends) -> str:
    whose = f"shared by {kit.name(shown.shared_by)}" if shown.shared_by else "of what you may read"
    rules = "Customers' words only · a piece counts each time it was said, a customer once · weeks begin on Monday"
    return f"{rules} · {whose} · as of {kit.safe(say_time(shown.now, shown.zone))}"


def on_its_way() -> Message:
    return Message("The picture comes by private message in a moment, with its figures in words.")


def posted() -> Message:
    return Message("Posted here, as far as everybody here may read it.")
