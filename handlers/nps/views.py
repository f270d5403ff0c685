"""How NPS looks: the report in words, and what people wrote. Pure. Every score stands with its n and its margin of error."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.nps import FEWEST, Stretch, Tally, against, band
from domain.phrases import say_count, say_day, say_time
from handlers.nps.asked import Asked

REPORT = "nps:report"
CHART = "nps:chart"
COMMENTS = "nps:comments"
LOG = "nps:log"
DRAW = "nps:draw"

MOST_GROUPS = 12
COMMENTS_A_PAGE = 6
NOT_KNOWN = {"region": "region not known", "tier": "tier not known", "area": "area not known"}
BAND_IS = {"promoter": "praise", "passive": "request", "detractor": "problem"}


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    tally: Tally
    before: Tally | None = None


@dataclass(frozen=True, slots=True)
class Report:
    asked: Asked
    total: Tally
    before: Tally
    groups: Sequence[Group]
    trend: Sequence[Stretch]
    now: datetime
    zone: str

    @property
    def says(self) -> str:
        """The answer in one line, such as "NPS 32 ± 9 (n 412) in Q3 2026"."""
        return f"NPS: {self.total.says}, {self.asked.period.words}"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody wrote. `customer` only for those who may know; `feedback` is the number of what it became."""

    id: int
    score: int
    on: date
    words: str
    customer: str = ""
    feedback: int | None = None
    may_log: bool = False


def report(shown: Report) -> Message:
    lines = [*_compared(shown)]
    parts = [(f"By {shown.asked.by}", _groups(shown)), (_trend_title(shown.trend), trend_lines(shown.trend))]
    blocks: list[Block] = [kit.section("\n".join([f"*{kit.safe(shown.says)}*", *map(kit.safe, lines)]))]
    for title, listed in parts:
        if listed:
            blocks.append(kit.section("\n".join([f"*{title}*", *(f"• {kit.safe(line)}" for line in listed)])))
    if any(each.tally.n for each in (*shown.trend, Stretch("", shown.total))):
        blocks.append(_buttons(shown))
    blocks.append(kit.context(_footer(shown)))
    text = [f"{shown.says}.", *lines, *(f"{title}: {'; '.join(listed)}" for title, listed in parts if listed)]
    return Message(kit.safe("\n".join(text))[:3900], blocks)


def _compared(shown: Report) -> list[str]:
    if not shown.total.n:
        return ["Nobody answered then. `/nps import` brings answers in; `/nps report last quarter` is another period."]
    compared = against(shown.total, shown.before)
    return [f"{shown.total.shares.capitalize()}.", *([f"{compared[0].upper()}{compared[1:]}."] if compared else [])]


def _groups(shown: Report) -> list[str]:
    lines = []
    for group in shown.groups[:MOST_GROUPS]:
        compared = against(group.tally, group.before) if group.before and group.before.is_enough and group.tally.is_enough else ""
        lines.append(f"{kit.cut(group.name) or NOT_KNOWN[shown.asked.by]}: {group.tally.says}" + (f", {compared}" if compared else ""))
    left = shown.groups[MOST_GROUPS:]
    if left:
        pooled = Tally()
        for group in left:
            pooled += group.tally
        lines.append(f"{say_count(len(left), 'more group')}, taken together: {pooled.says}")
    return lines


def _trend_title(trend: Sequence[Stretch]) -> str:
    return "By quarter" if trend and trend[0].label.startswith("Q") else "By month"


def trend_lines(trend: Sequence[Stretch]) -> list[str]:
    """Every stretch from the first that has an answer on."""
    first = next((place for place, each in enumerate(trend) if each.tally.n), len(trend))
    return [f"{each.label}: {each.tally.says if each.tally.n else 'no answers'}" for each in trend[first:]]


def _buttons(shown: Report) -> Block:
    wanted, groups = shown.asked, list(NOT_KNOWN)
    by = groups[(groups.index(wanted.by) + 1) % len(groups)] if wanted.by else groups[0]
    another = kit.button(f"By {by}", f"{REPORT}:{by}", Asked(wanted.period, by).value())
    chart = kit.button("As a picture", CHART, wanted.value(), about="by private message")
    return kit.actions(another, chart, kit.button("What people wrote", f"{COMMENTS}:first", wanted.value()))


def _footer(shown: Report) -> str:
    rules = f"± is the 95 % margin of error · no score under {FEWEST} answers · passives count"
    return f"{rules} · as of {kit.safe(say_time(shown.now, shown.zone))}"


def on_its_way() -> Message:
    return Message("The picture comes by private message in a moment, with its figures in words.")


def comments(asked: Asked, shown: Sequence[Comment], total: int) -> Message:
    """Six a page, the newest first."""
    if not total:
        words = f"Nobody wrote anything, {kit.safe(asked.period.words)}. `/nps comments 2026` is another period."
        return Message(words, [kit.section(words)])
    last = asked.at + len(shown)
    few = f", showing {asked.at + 1:,} to {last:,}" if len(shown) < total else ""
    first = f"{say_count(total, 'comment')}, {asked.period.words}{few}"
    blocks: list[Block] = [kit.section(f"*{kit.safe(first)}*")]
    for each in shown:
        blocks += _comment(each)
    pages = [("Back", asked.at - COMMENTS_A_PAGE)] * bool(asked.at) + [("Next", last)] * (last < total)
    if pages:
        turns = [kit.button(label, f"{COMMENTS}:{label.casefold()}", asked.value(at=max(at, 0))) for label, at in pages]
        blocks.append(kit.actions(*turns))
    blocks.append(kit.context("Who wrote it is shown to product operations and the account owner, until it is feedback"))
    text = "\n".join([f"{first}.", *(f"{_said_by(each)}: {kit.cut(each.words, 200)}" for each in shown)])
    return Message(kit.safe(text)[:3900], blocks)


def _said_by(each: Comment) -> str:
    return " · ".join(filter(None, (f"{each.score}, {band(each.score)}", kit.cut(each.customer), say_day(each.on))))


def _comment(each: Comment) -> list[Block]:
    lead = f"*{kit.safe(_said_by(each))}*" + (f"\nLogged as F-{each.feedback}" if each.feedback else "")
    whose = ", with the customer's name" if each.customer else ""
    confirm = (f"Everybody in the company can then read it{whose}. It becomes a {BAND_IS[band(each.score)]}.", "Log it", "Not now")
    log = kit.button("Log as feedback", f"{LOG}:{each.id}", str(each.id), about=kit.cut(each.words, 40), confirm=confirm)
    return [kit.section(lead, accessory=log if each.may_log and not each.feedback else None), kit.quote(each.words)]


def logged(number: int, customer: str, *, is_new: bool) -> Message:
    whose = f" for {kit.name(customer)}" if customer else ""
    words = f"Logged as F-{number}{whose}." if is_new else f"It is F-{number}{whose} already."
    return Message(f"{words} `/customer-feedback show F-{number}` shows it.")
