"""The report: each team's share of what was looked at on time, week by week, with its n, and what waits now. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_time, working_days
from domain.triage import Share, say_week
from handlers.triage import ids
from handlers.triage.views import NOBODYS, Waiting, said_to_wait, value

PAGE = 8


@dataclass(frozen=True, slots=True)
class Row:
    """One team: a share for each week, the running one last, and what waits now."""

    team_id: int
    team: str
    weeks: Sequence[Share]
    waiting: Waiting | None = None

    @property
    def total(self) -> Share:
        return Share(*(sum(getattr(week, name) for week in self.weeks) for name in ("on_time", "late", "open")))


@dataclass(frozen=True, slots=True)
class Report:
    rows: Sequence[Row]
    mondays: Sequence[date]
    days: int
    now: datetime
    zone: str
    at: int = 0
    team_id: int | None = None  # of one team alone


def report(shown: Report) -> Message:
    target = f"looked at within {working_days(shown.days)}"
    if not shown.rows:
        words = f"No feedback came in for {len(shown.mondays)} weeks, and none waits, by what you may read."
        return Message(words, [kit.section(words)])
    page = shown.rows[shown.at : shown.at + PAGE]
    last = shown.at + len(page)
    total = Row(0, "", [row.total for row in shown.rows]).total
    few = f", showing {shown.at + 1} to {last} of {say_count(len(shown.rows), 'team')}" if len(page) < len(shown.rows) else ""
    first = f"{{}}: {total.says} in {len(shown.mondays)} weeks{few}."
    title = f"{target[0].upper()}{target[1:]}"
    blocks: list[Block] = [kit.section(first.format(f"*{title}*"))]
    for row in page:
        opened = kit.button("Open", f"{ids.OPEN}:{row.team_id}", value(row.team_id), about=f"the queue of {row.team or NOBODYS}")
        blocks.append(
            kit.section("\n".join([f"*{kit.name(row.team or NOBODYS)}*: {row.total.says}", *_lines(row, shown)]), accessory=opened)
        )
    blocks += _pages(shown, last)
    blocks.append(kit.context(_footer(shown)))
    lines = [f"{kit.name(row.team or NOBODYS)}: {row.total.says}. {'. '.join(_lines(row, shown))}." for row in page]
    return Message("\n".join([first.format(title), *lines])[:3900], blocks)


def _lines(row: Row, shown: Report) -> list[str]:
    weeks = [f"{say_week(monday)}: {share.says}" for monday, share in zip(shown.mondays, row.weeks, strict=False) if share.n]
    waits = row.waiting
    return [*([" · ".join(weeks)] if weeks else []), said_to_wait(waits.count, waits.oldest) if waits else "Nothing waits"]


def _pages(shown: Report, last: int) -> list[Block]:
    buttons = []
    if last < len(shown.rows):
        buttons.append(kit.button(f"Next {min(PAGE, len(shown.rows) - last)}", ids.REPORT, value(0, last), about="teams"))
    if shown.at:
        buttons.append(kit.button("First page", f"{ids.REPORT}:first", value(0), about="of teams"))
    return [kit.actions(*buttons)] if buttons else []


def _footer(shown: Report) -> str:
    rules = "by the week it came in, in the team's working days · of what you may read · what still has time is not counted"
    return f"{rules} · as of {kit.safe(say_time(shown.now, shown.zone))}"
