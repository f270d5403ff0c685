"""The list of `/release status`: one message of at most twelve releases, grouped from late to no day yet.

Pure: rows in, a message out. The same drawing serves one person, in private, and a channel, when somebody shares it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.listed import Row
from domain.phrases import cut, say_ago, say_count, say_day, say_days, say_late, say_short_day, say_time, year_of
from domain.spans import is_same
from domain.standing import Group, headline, say_confirmed
from handlers.releases import ids
from handlers.releases.asked import PAGE, Asked
from handlers.releases.filters import say_filters

MOST_TEXT = 3500
MOST_WORDS = 5200  # characters of the rows of a page; with what surrounds them, 9,000 of JSON
_GROUP, _UNCONFIRMED = attrgetter("standing.group"), attrgetter("unconfirmed")
_HEADINGS = {group: group.capitalize() for group in Group} | {Group.NO_DAY: "No day yet"}


@dataclass(frozen=True, slots=True)
class Page:
    """All that a list shows. `rows` are those asked for, `elsewhere` counts open ones that were not, `whose` names a team or person.
    Rows that are not on the page shown may have no more than what they are judged by."""

    asked: Asked
    rows: Sequence[Row]
    elsewhere: int
    now: datetime
    zone: str
    whose: str = ""
    viewer: str = ""
    shared_by: str = ""
    prefix: str = ""

    @property
    def at(self) -> int:
        """The first row shown. Where a list became shorter than where it was turned to, it begins anew."""
        return self.asked.at if self.asked.at < len(self.rows) else 0


def status_list(page: Page) -> Message:
    if not page.rows:
        return _nothing(page)
    return _drawn(page, page.at, PAGE)


def _drawn(page: Page, at: int, size: int) -> Message:
    """A page of so many rows; fewer where long names make it more than Slack takes."""
    shown = page.rows[at : at + size]
    totals = {group: len([*rows]) for group, rows in groupby(page.rows, _GROUP)}  # a list comes group by group
    first, second = _verdict(page, totals)
    blocks = [kit.section("\n".join(filter(None, (f"*{kit.safe(first)}*", second))))]
    group = None
    drawn = [_row(row, page) for row in shown]
    for row, block in zip(shown, drawn, strict=True):
        if row.standing.group is not group:
            group = row.standing.group
            blocks += [kit.divider(), kit.context(f"*{_HEADINGS[group]} ({totals[group]})*")]
        blocks.append(block)
    blocks += rest(page, at, len(shown))
    blocks += _buttons(page, at, len(shown))
    blocks.append(kit.context(_footer(page)))
    if size > 4 and sum(len(block["text"]["text"]) + len(block["accessory"]["accessibility_label"]) for block in drawn) > MOST_WORDS:
        return _drawn(page, at, size - 2)
    return Message(_text(page, first, second, shown), blocks)


def _verdict(page: Page, totals: Mapping[Group, int]) -> tuple[str, str]:
    before, after = say_filters(page.asked.word)
    first = headline(totals, f"{before}open release", after)
    unconfirmed = len(page.rows) - [*map(_UNCONFIRMED, page.rows)].count(None)
    verb = "has" if unconfirmed == 1 else "have"
    second = f"{unconfirmed:,} {verb} not been confirmed for over a week." if unconfirmed else ""
    return _on_day(page, f"{page.whose}: {first}" if page.whose else first), second


def _on_day(page: Page, said: str) -> str:
    """Says of an earlier day which one it was."""
    return f"As of {say_day(page.asked.day)}: {said}" if page.asked.day else said


def _row(row: Row, page: Page) -> Block:
    facts = row.facts
    name, about = cut(facts.name), "\n".join([meaning(row), *details(row, page.now)])
    opens = kit.button("Open", f"{ids.OPEN}:{facts.id}", str(facts.id), about=name)
    return kit.section(f"*{kit.safe(name)}*\n{kit.safe(about)}", accessory=opens)


def meaning(row: Row) -> str:
    """How it stands and why, in one line."""
    facts, stands = row.facts, row.standing
    if stands.stalled and stands.stalled.is_past:
        return f"{stands.words}. {stands.health.words}"
    parts = [stands.words]
    if not stands.is_set:
        because = "" if stands.health == "green" else f": {stands.suggestion.reason}"
        parts[0] += f", by the rule{because}"
    else:
        judge = "the owner" if facts.health_by and facts.health_by == facts.owner else facts.judge_name or "somebody"
        rule = "" if stands.rule_agrees else f"the rule says {stands.suggestion.health.capitalize()}"
        if facts.health_reason:
            parts.append("; ".join(filter(None, (cut(facts.health_reason), rule))))
        elif rule:
            parts.append(f"Set by {judge}; {rule}")
    if stands.stalled and stands.stalled.cause not in parts[0]:
        parts.append(stands.stalled.words)
    return ". ".join(parts)


def details(row: Row, now: datetime) -> list[str]:
    """Day, baseline and slip; work, whose, and how old: in one line when the day is as first planned, else in two."""
    facts = row.facts
    on = row.due
    day = [f"{say_day(on)}{planned(facts)}" if on else "No day yet"]
    has_moved = facts.baseline_on is not None and on is not None and not is_same(facts.baseline_on, on)
    if on and has_moved:
        day.append(f"was {_short(facts.baseline_on, on)}")
    if facts.target_on and facts.baseline_on:
        day.append(say_days(row.standing.slip) if row.standing.slip or not has_moved else "the same working day")
    rest = [_whose(row)] if facts.done is None else [work(facts.done, facts.to_do), _whose(row), freshness(facts, now)]
    return [" · ".join(day), " · ".join(rest)] if has_moved else [" · ".join(day + rest)]


def planned(facts: Any) -> str:
    """Says after a date that nobody committed to it."""
    return "" if facts.is_committed or not facts.target_on else ", planned"


def work(done: int, to_do: int) -> str:
    """What was dropped does not count."""
    return f"{done:,} of {done + to_do:,} done" if done or to_do else "no work linked"


def freshness(facts: Any, now: datetime) -> str:
    """How old what stands here is: who answers for it confirmed it, and when anything about it last changed."""
    said = say_confirmed(facts.confirmed_at, now, facts.created_at)
    if facts.confirmed_at and (now - facts.confirmed_at).days == (now - facts.changed_at).days:
        return said
    return f"updated {say_ago(facts.changed_at, now)}, {said}"


def _whose(row: Row) -> str:
    facts = row.facts
    owner = (facts.owner_name or "an owner I do not know") if facts.owner else "no owner"
    return f"{cut(facts.team, 40)}, {cut(owner, 40)}" if facts.team else owner


def _short(day: date, beside: date) -> str:
    return say_short_day(day) if year_of(day) == year_of(beside) else f"{say_short_day(day)} {year_of(day)}"


def rest(page: Page, at: int, count: int) -> list[Block]:
    """What is not on this page: the other rows, and the other teams."""
    left = []
    if len(page.rows) > count:
        left.append(f"Showing {count} of {len(page.rows):,}." if at == 0 else f"Showing {at + 1} to {at + count} of {len(page.rows):,}.")
    if page.elsewhere and not page.asked.word:
        left.append(f"{page.elsewhere:,} more in other teams.")
    if not left:
        return []
    all_teams = kit.button("All teams", f"{ids.FILTER}:all", page.asked.value(everywhere=True, team=None), about="open releases")
    offered = page.elsewhere and not page.asked.word and not page.shared_by
    return [kit.section(" ".join(left), accessory=all_teams if offered else None)]


def _buttons(page: Page, at: int, count: int) -> list[Block]:
    """None under a list that stands in a channel: there only *Open* answers, and privately."""
    if page.shared_by:
        return []
    asked, left = page.asked, len(page.rows) - at - count
    buttons = []
    if left > 0:
        buttons.append(kit.button(f"Next {min(left, PAGE)}", ids.NEXT, asked.value(at=at + count), about="releases"))
    buttons.append(kit.button("Share to channel", ids.SHARE, asked.value(at=at), about="this list"))
    for word, label in (("mine", "Only mine"), ("late", "Late only")):
        if not asked.has(word) and not (word == "mine" and asked.person):
            buttons.append(kit.button(label, f"{ids.FILTER}:{word}", asked.narrowed(word), about="releases"))
    if asked.on:
        buttons.append(kit.button("Today", f"{ids.FILTER}:today", asked.value(on=""), about="the same list"))
    if not asked.is_all:
        buttons.append(kit.button("Show all", f"{ids.FILTER}:every", replace(asked, person=None).value(word=""), about="releases"))
    return [kit.actions(*buttons)]


def _footer(page: Page) -> str:
    as_of = f"As of {say_time(page.now, page.zone)}"
    if page.shared_by:
        return f"{as_of} · {kit.name(page.shared_by)} · *Open* answers only you"
    if page.asked.on:
        return f"{as_of}, from history · of what you can see now · *Open* shows today's card"
    return f"{as_of} · of what you can see · details: `/{page.prefix}release status NAME`"


def _text(page: Page, first: str, second: str, shown: Sequence[Row]) -> str:
    """The whole list for those who see no blocks, with the count of what did not fit."""
    lines = [" ".join(filter(None, (first, second)))]
    room, fitted = MOST_TEXT - len(lines[0]) - 40, 0
    for row in shown:
        line = kit.safe(plain_line(row))
        if len(line) + 1 > room:
            break
        lines.append(line)
        room -= len(line) + 1
        fitted += 1
    left = len(page.rows) - fitted
    return "\n".join([kit.safe(lines[0]), *lines[1:], *([f"{left:,} more."] if left else [])])


def plain_line(row: Row) -> str:
    """One release in one line of text: "Billing revamp: Red, off track, 12 Mar 2027, 5 working days late"."""
    facts, stands, on = row.facts, row.standing, row.due
    verdict = stands.words.replace(":", ",")
    if not on:
        return f"{cut(facts.name)}: {verdict}, no day yet"
    when = f"{say_short_day(on)} {year_of(on)}{planned(facts)}"
    return f"{cut(facts.name)}: {verdict}, {when}" + (f", {say_late(stands.slip)}" if facts.baseline_on else "")


def _nothing(page: Page) -> Message:
    """What was looked for, and what to try instead."""
    asked = page.asked
    before, after = say_filters(asked.word)
    if asked.is_mine:
        first = f"You own no {before}open release{after}{page.whose.removeprefix('Yours')}."
    elif asked.person:
        first = f"{page.whose or 'This person'} owns no {before}open release{after}."
    else:
        first = f"No {before}open releases{after}{f' in {page.whose}' if page.whose else ''}."
    first = _on_day(page, first)
    buttons = []
    if page.elsewhere:
        where = "in other teams" if page.whose and not asked.person and asked.is_all else "are open in all"
        first += f" {page.elsewhere:,} {where}." if where == "in other teams" else f" {_in_all(page.elsewhere)}"
        buttons.append(kit.button("All teams", f"{ids.FILTER}:all", Asked(everywhere=True, on=asked.on).value(), about="open releases"))
    if asked.on:
        buttons.append(kit.button("Today", f"{ids.FILTER}:today", asked.value(on=""), about="the same list"))
    if page.shared_by:
        return Message(kit.safe(first), [kit.section(f"*{kit.safe(first)}*"), kit.context(_footer(page))])
    if asked.on:
        return Message(kit.safe(first), [kit.section(f"*{kit.safe(first)}*"), kit.actions(*buttons), kit.context(_footer(page))])
    buttons += [kit.button("New release", ids.NEW), kit.button("Import a list", ids.IMPORT)]
    hint = "" if page.elsewhere else " Add one with *New release*, or bring a plan in with *Import a list*."
    blocks = [kit.section(f"*{kit.safe(first)}*{hint}"), kit.actions(*buttons), kit.context(_footer(page))]
    return Message(kit.safe(first) + hint.replace("*", ""), blocks)


def _in_all(count: int) -> str:
    return f"{say_count(count, 'release')} {'is' if count == 1 else 'are'} open in all."
