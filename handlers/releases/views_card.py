"""The card of one release, what *More* opens, and its history. Pure: values in, messages and views out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.calendar import WorkCalendar, working_days_between
from domain.customers import Weights
from domain.dependencies import State
from domain.listed import Row
from domain.nearest import fold
from domain.phrases import cut, say_count, say_day, say_days, say_late, say_list, say_short_day, say_time, working_days
from domain.releases import Record, slip
from domain.standing import say_confirmed
from domain.working import calendar_of
from handlers.releases import ids, told, views_seldom
from handlers.releases.views_outside import inside_line
from handlers.releases.views_status import planned, work

FEW = 5
HISTORY_PAGE = 12


@dataclass(frozen=True, slots=True)
class Card:
    """One release and what surrounds it. The sequences are rows of the statements in `models.standing`, under their names."""

    row: Row
    record: Record
    history: Sequence[Any]
    teams: Sequence[Any]
    moves: Sequence[Any]
    promises: Sequence[Any]
    noted: Sequence[Any]
    now: datetime
    zone: str
    is_followed: bool = False
    may_change: bool = True
    shared_by: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    team_names: Mapping[str, str] = field(default_factory=dict)
    saying: Any | None = None
    others: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()  # names of releases that the reader may not see
    wanted: Weights = field(default_factory=Weights)

    @property
    def facts(self) -> Any:
        return self.row.facts

    @property
    def calendar(self) -> WorkCalendar:
        return calendar_of(self.facts)

    @property
    def slip(self) -> int | None:
        return slip(self.record.baseline_on, self.record.ends_on, self.calendar)

    def line(self, row: Any) -> str:
        return told.line(row, self.zone, self.facts.owner, teams=self.team_names, people=self.names, others=self.others)

    def beside(self, word: str, name: str | None) -> str:
        """Where work came from or went to, where its reader may know."""
        return f" ({word} {cut(name, 30)})" if name and fold(name) not in self.hidden else ""


def card(shown: Card) -> Message:
    facts = shown.facts
    more = None if shown.shared_by else kit.button("More", ids.MORE, str(facts.id), about=cut(facts.name))
    blocks = [
        kit.section(f"*{kit.name(facts.name)}*  R-{facts.number}\n{kit.safe(verdict(shown))}", accessory=more),
        kit.fields(*_fields(shown)),
    ]
    parts = (_why(shown), _waits_for(shown, FEW), _waits_for_it(shown), _moved(shown, 3), _told(shown), _last(shown, 3))
    blocks += [kit.section(text) for text in parts if text]
    blocks += _buttons(shown)
    blocks.append(kit.context(_footer(shown)))
    return Message(_text(shown), blocks)


def verdict(shown: Card) -> str:
    """The one line that answers how it stands."""
    facts, record = shown.facts, shown.record
    if record.is_cancelled or facts.is_cancelled:
        last = next((row for row in reversed(shown.history) if row.field in ("state", "duplicate") and not row.voided_at), None)
        if last and last.field == "duplicate":
            return f"Closed on {say_day(last.happened_at.date())} as a duplicate of {shown.others.get(last.after, 'another release')}"
        return "Cancelled" + (f' on {say_day(last.happened_at.date())}: "{cut(last.reason, 120)}"' if last and last.reason else "")
    if record.shipped_on:
        return f"Shipped on {say_day(record.shipped_on)}, {say_late(shown.slip)}"
    if facts.target_on is None:
        return f"{shown.row.standing.words}. No day yet"
    taken = record.rolled_back
    back = (
        f' It shipped on {say_day(taken.on)} and was taken back: "{cut(taken.rollback_reason or "no reason said", 120)}".' if taken else ""
    )
    stands = shown.row.standing
    said = f"{stands.words}. {stands.health.words}" if stands.stalled and stands.stalled.is_past else stands.words
    quiet = f" {stands.stalled.words}." if stands.stalled and not stands.stalled.is_past else ""
    slip = say_days(shown.slip) if record.baseline_on else ""
    slips = f" {slip[0].upper()}{slip[1:]}." if slip else ""
    reached = f" Reached {record.stage}." if record.stage else ""
    return f"{said}.{slips} {say_day(shown.row.due)}{planned(facts)}.{reached}{quiet}{back}"


def _fields(shown: Card) -> list[str]:
    facts, record = shown.facts, shown.record
    baseline = "none yet"
    if record.baseline_on:
        since = record.baseline_at.date() if record.baseline_at else None
        baseline = say_day(record.baseline_on) + (f", committed {say_short_day(since)} {since.year}" if since else "")
    came, left = _came(shown), _left(shown)
    moved = [f"{len(found):,} moved {way}" for way, found in (("in", came), ("out", left)) if found]
    owner = kit.safe(cut(facts.owner_name or "not known here")) if facts.owner else "nobody"
    team = f" ({kit.safe(cut(facts.team, 40))})" if facts.team else ""
    fields = [
        f"*Baseline*  {baseline}",
        f"*Work done*  {work(facts.done, facts.to_do).removesuffix(' done')}" + (f" ({', '.join(moved)})" if moved else ""),
        f"*Owner*  {owner}{team}",
    ]
    fields += [f"*Confirmed*  {_confirmed(shown)}"] if facts.is_open else []
    return [*fields, f"*Asked for by*  {shown.wanted.says}"] if shown.wanted.customers and not shown.shared_by else fields


def _confirmed(shown: Card) -> str:
    return say_confirmed(shown.facts.confirmed_at, shown.now, shown.facts.created_at).removeprefix("confirmed ")


def _why(shown: Card) -> str:
    """Who set the health and why, and whether the written rule agrees."""
    facts, stands = shown.facts, shown.row.standing
    if not facts.is_open:
        return ""
    health = stands.health.value
    if not stands.is_set:
        return f"*Why {health}*  By the rule: {kit.safe(stands.suggestion.reason)}. Nobody has set it."
    who = "owner" if facts.health_by == facts.owner and facts.owner else facts.judge_name or "somebody"
    when = f", {say_short_day(facts.health_at.date())} {facts.health_at.year}" if facts.health_at else ""
    reason = f'"{cut(facts.health_reason, 280)}"' if facts.health_reason else "No reason said"
    rule = stands.suggestion
    agrees = f"The rule agrees: {rule.reason}." if stands.rule_agrees else f"The rule says {rule.health.words}, as it is {rule.reason}."
    return kit.safe(f"*Why {health}*  {reason} ({who}{when}). {agrees}")


def _waits_for(shown: Card, most: int) -> str:
    """What it waits for: what was asked of other teams, then what the plan notes and nobody asked."""
    if not shown.facts.is_open:
        return ""
    own = shown.facts.team_id
    lines = [_promise(each, shown) for each in shown.promises if own is None or each.asked_team_id != own]
    lines += [f"{cut(row.name, 40)}: {say_count(row.pieces, 'piece')} of work, noted, not asked yet" for row in shown.noted]
    if not lines:
        return ""
    left = f"\n… and {len(lines) - most:,} more" if len(lines) > most else ""
    return "*Waits for*\n" + "\n".join(f"• {kit.safe(line)}" for line in lines[:most]) + left


def _promise(each: Any, shown: Card) -> str:
    said = f"{cut(each.asked, 40)}: {cut(each.what)}"
    number = f" (D-{each.number})" if each.number else ""
    match each.state:
        case "asked" if each.asked_at:
            gone = working_days_between(each.asked_at.date(), shown.now.date())
            since = f", no answer for {working_days(gone)}" if gone > 0 else ", no answer yet"
            return f"{said}, asked {say_short_day(each.asked_at.date())}{since}{number}"
        case "accepted":
            return f"{said}, promised for {say_day(each.committed_on or each.needed_on)}{number}"
        case "offered":
            return f"{said}, {say_day(each.offered_on)} is offered instead of {say_day(each.needed_on)}{number}"
    return f"{said}, {State(each.state).words}{number}"


def _waits_for_it(shown: Card) -> str:
    own = shown.facts.team_id
    waiting = [each for each in shown.promises if shown.facts.is_open and own is not None and each.asked_team_id == own]
    if not waiting:
        return ""
    names = [f"{cut(each.asking or 'somebody', 40)}{f' (D-{each.number})' if each.number else ''}" for each in waiting]
    return f"*Waits for it*  {kit.safe(', '.join(names[:FEW]))}" + (f" and {len(names) - FEW:,} more" if len(names) > FEW else "")


def _came(shown: Card) -> list[Any]:
    return [move for move in _latest(shown.moves) if move.is_in]


def _left(shown: Card) -> list[Any]:
    return [move for move in _latest(shown.moves) if not move.is_in]


def _latest(moves: Sequence[Any]) -> list[Any]:
    """Each piece of work once, by its last move: what came and went again has only gone."""
    return list({move.item_id: move for move in reversed(moves)}.values())[::-1]


def _moved(shown: Card, most: int) -> str:
    """Which work moved in and out, by name."""
    came = [f"{cut(move.title)}{shown.beside('from', move.before)}{_because(move)}" for move in _came(shown)]
    left = [f"{cut(move.title)}{shown.beside('to', move.after)}{_because(move)}" for move in _left(shown)]
    parts = []
    for label, found in (("Moved in", came), ("Moved out", left)):
        if found:
            rest = f" and {len(found) - most:,} more" if len(found) > most else ""
            parts.append(f"*{label}*  {kit.safe(', '.join(found[:most]))}{rest}")
    return "\n".join(parts)


def _told(shown: Card) -> str:
    return inside_line(shown.saying) if shown.facts.is_open else ""


def _because(move: Any) -> str:
    return f': "{cut(move.reason, 80)}"' if move.reason else ""


def _last(shown: Card, most: int) -> str:
    rows = [row for row in reversed(shown.history) if not row.voided_at and row.field != "confirmed"][:most]  # *Confirmed* says that
    return "*Last changes*\n" + "\n".join(kit.safe(shown.line(row)) for row in rows) if rows else ""


def _progress(shown: Card, most: int) -> str:
    """The teams furthest behind first."""
    if not shown.teams or not (len(shown.teams) > 1 or shown.teams[0].name):
        return ""
    said = [f"{kit.safe(cut(row.name or 'no team', 40))} {row.done:,} of {row.total:,}" for row in shown.teams[:most]]
    left = f" and {say_count(len(shown.teams) - most, 'team')} more" if len(shown.teams) > most else ""
    return f"Teams: {', '.join(said)}{left}"


def _buttons(shown: Card) -> list[Block]:
    if shown.shared_by or not shown.may_change:
        return []
    facts = shown.facts
    value, about = str(facts.id), cut(facts.name)
    buttons = []
    if facts.is_open:
        buttons = [
            kit.button("Move date" if facts.target_on else "Set a date", ids.MOVE, value, about=about),
            kit.button("Set health", ids.HEALTH, value, about=about),
            kit.button("Mark shipped", ids.SHIP, value, about=about),
        ]
    if not facts.is_cancelled:
        label, action = ("Unfollow", ids.UNFOLLOW) if shown.is_followed else ("Follow", ids.FOLLOW)
        buttons.append(kit.button(label, action, value, about=about))
    return [kit.actions(*buttons)] if buttons else []


def _footer(shown: Card) -> str:
    parts = [f"As of {say_time(shown.now, shown.zone)}", _progress(shown, FEW)]
    if shown.shared_by:
        parts.append(kit.name(shown.shared_by))
    elif shown.facts.restricted:
        parts.append("restricted: only its readers see it")
    return " · ".join(filter(None, parts))


def _text(shown: Card) -> str:
    facts = shown.facts
    lines = [f"{cut(facts.name)} (R-{facts.number}): {verdict(shown)}"]
    lines += [entry.replace("*", "") for entry in _fields(shown)]
    lines += [
        text.replace("*", "")
        for text in (_why(shown), _waits_for(shown, FEW), _waits_for_it(shown), _moved(shown, 3), _told(shown))
        if text
    ]
    return "\n".join([kit.safe(lines[0]), *lines[1:]])[:3500]


def more(shown: Card, metadata: Mapping[str, Any]) -> View:
    """Everything that the card has no room for."""
    facts = shown.facts
    former = [name for name in shown.record.former_names if name != facts.name]
    blocks: list[Block] = [kit.section(f"*{kit.name(facts.name)}*  R-{facts.number}\n{kit.safe(verdict(shown))}")]
    if former:
        blocks.append(kit.section(f"*Was called*  {kit.safe(say_list(cut(name) for name in former))}"))
    if shown.record.aliases:
        blocks.append(kit.section(f"*Also called*  {kit.safe(say_list(cut(name) for name in shown.record.aliases))}"))
    if not shown.teams:
        blocks.append(kit.section("*Work*  No work linked"))
    blocks += _listed(
        "Work by team", [f"{kit.safe(cut(row.name or 'no team', 40))}: {row.done:,} of {row.total:,} done" for row in shown.teams], 60
    )
    blocks += [kit.section(text[:3000]) for text in (_waits_for(shown, 30), _waits_for_it(shown), _moved(shown, 20)) if text]
    blocks += _listed("Dates", [kit.safe(line) for line in told.date_lines(shown.history, shown.calendar, shown.zone)][-20:], 20)
    rows = [row for row in reversed(shown.history) if not row.voided_at]
    blocks += _listed("Last changes", [kit.safe(shown.line(row)) for row in rows[:20]], 20)
    blocks += [*_more_buttons(shown), *(views_seldom.buttons(facts) if shown.may_change else [])]
    return kit.modal(f"More: {cut(facts.name, 18)}", blocks, callback_id=ids.MORE, metadata=metadata)


def _more_buttons(shown: Card) -> list[Block]:
    """What is done seldom: it has no room on the card."""
    facts, about = shown.facts, cut(shown.facts.name)
    if not shown.may_change:
        return []
    buttons = []
    if facts.is_open:
        buttons.append(kit.button("What may be said", ids.SAY, str(facts.id), about=about))
        buttons.append(kit.button("Change owner", ids.OWNER, str(facts.id), about=about))
    if facts.shipped_on:
        buttons.append(kit.button("Roll back", ids.ROLLBACK, str(facts.id), about=about))
    elif facts.is_open:
        buttons.append(kit.button("Cancel release", ids.CANCEL, str(facts.id), about=about))
    if not facts.restricted:
        buttons.append(kit.button("Share to channel", ids.SHARE, f'{{"card":{facts.id}}}', about=about))
    return [kit.actions(*buttons)] if buttons else []


def _listed(title: str, lines: Sequence[str], most: int) -> list[Block]:
    """A titled list in as many blocks as it needs."""
    blocks, text = [], f"*{title}*"
    for line in lines[:most]:
        if len(text) + len(line) > 2800:
            blocks.append(kit.section(text))
            text = ""
        text = f"{text}\n{line}".strip()
    if len(lines) > most:
        text += f"\n… and {len(lines) - most:,} more"
    return [*blocks, kit.section(text)] if lines else []


def history(shown: Card, at: int = 0) -> Message:
    """Every date with who, when and why, the newest page first, and the total slip."""
    facts = shown.facts
    lines = told.date_lines(shown.history, shown.calendar, shown.zone)
    total = f"{say_days(shown.slip)} in all" if shown.slip else say_days(shown.slip)
    first = f"{cut(facts.name)}: {total}, {say_count(len(shown.record.moves), 'move')}."
    if not lines:
        first = f"{cut(facts.name)} never had a date."
    end = max(len(lines) - at, 0)
    page = lines[max(end - HISTORY_PAGE, 0) : end]
    blocks = [kit.section(f"*{kit.safe(first)}*"), *_listed("Every date", [kit.safe(line) for line in page], HISTORY_PAGE)]
    if len(lines) > len(page):
        blocks.append(kit.context(f"Showing {len(page)} of {len(lines):,}, the newest last."))
    buttons = [kit.button("Open", f"{ids.OPEN}:{facts.id}", str(facts.id), about=cut(facts.name))]
    if end > HISTORY_PAGE:
        earlier = f'{{"history":{facts.id},"at":{at + HISTORY_PAGE}}}'
        buttons.append(kit.button(f"Earlier {min(end - HISTORY_PAGE, HISTORY_PAGE)}", ids.NEXT, earlier, about="dates"))
    blocks += [kit.actions(*buttons), kit.context(f"As of {say_time(shown.now, shown.zone)}")]
    return Message("\n".join(kit.safe(line) for line in (first, *page))[:3500], blocks)
