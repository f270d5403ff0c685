"""What the writing half of the slice says: answers to changes, questions back, notices to followers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_day, say_list, say_time, working_days
from domain.releases import Hit, Waiting
from handlers.releases import ids

MOST_LINES = 5
MOST_CARRIED = 2000  # characters in a button's value


@dataclass(frozen=True, slots=True)
class Shown:
    """A release as an answer names it."""

    id: int
    number: int
    name: str

    @property
    def called(self) -> str:
        """Its name, cut, for plain text."""
        return kit.cut(self.name)


@dataclass(frozen=True, slots=True)
class Promise:
    """What another team promised for the release, and for when."""

    team: str
    what: str
    on: date


@dataclass(frozen=True, slots=True)
class Affected:
    """Who is hit by a change: teams left short, or waiting for what is off, or without a day; promises that come too late; who is told."""

    hits: Sequence[Hit] = ()
    waiting: Sequence[Waiting] = ()
    undated: Sequence[str] = ()
    promises: Sequence[Promise] = ()
    people: int = 0
    owner: str = ""  # who is told at once, as somebody else changed it


@dataclass(frozen=True, slots=True)
class Undo:
    """Until when a change can be taken back, said in the zone of the person who made it."""

    change: int
    until: datetime
    zone: str


def changed(
    release: Shown, says: str, *details: str, reason: str = "", affected: Affected | None = None, undo: Undo | None = None
) -> Message:
    """The answer to a change. `says` follows the name: "moves to Fri 12 Mar 2027 (+5 working days)."; nothing in it is a person's word."""
    hurt = affected_lines(affected) if affected else []
    blocks: list[Block] = [kit.section("\n".join([f"*{kit.name(release.name)}* {says}", *map(kit.safe, details)]))]
    if reason:
        blocks.append(kit.quote(reason))
    if hurt:
        blocks.append(kit.section(bullets(hurt)))
    buttons = [kit.button("Undo", ids.UNDO, str(undo.change), about=release.name)] if undo else []
    if undo and affected and affected.people:
        buttons.append(kit.button("Tell them now", ids.TELL_NOW, str(undo.change), about=f"those who follow {release.name}"))
    blocks.append(kit.actions(*buttons, kit.button("Open", ids.OPEN, str(release.id), about=release.name)))
    until = f" · Undo until {say_time(undo.until, undo.zone)}; notices wait until then" if undo else ""
    blocks.append(kit.context(f"R-{release.number}{until}"))
    why = [f"Why: {kit.cut(reason, 280)}"] if reason else []
    said = [f"{release.called} {says.replace('*', '')}", *details, *why, *hurt, f"R-{release.number}{until}"]
    return Message(kit.safe("\n".join(said)), blocks)


def affected_lines(affected: Affected) -> list[str]:
    """Who is hit, the worst first, at most a few lines; then how many people will hear of it. Plain text."""
    lines = [
        f"{kit.cut(one.team)} waits for {kit.cut(one.what)} by {say_day(one.need_on)}: {working_days(hit.short)} short"
        for hit in affected.hits
        if (one := hit.waiting)
    ]
    lines += [
        f"{kit.cut(one.team)} waits for {kit.cut(one.what)} by {say_day(one.need_on)}: please talk to them" for one in affected.waiting
    ]
    lines += [
        f"{kit.cut(promise.team)} promised {kit.cut(promise.what)} for {say_day(promise.on)}, after the new day: please confirm again"
        for promise in affected.promises
    ]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"{len(lines) - MOST_LINES} more are affected"]
    if affected.undated:
        shown = [kit.cut(team) for team in affected.undated[:3]]
        more = [f"{len(affected.undated) - 3} more"] if len(affected.undated) > 3 else []
        lines.append(f"Without a day, it is waited for by {say_list([*shown, *more])}")
    return [*lines, *told_lines(affected)]


def told_lines(affected: Affected) -> list[str]:
    """Who hears of it, and when."""
    owner = [f"{kit.cut(affected.owner, 40)}, who owns it, is told at once"] if affected.owner else []
    if affected.people:
        return [*owner, f"{say_count(affected.people, 'person', 'people')} will be told in 5 minutes, or when they chose"]
    return owner or ["Nobody else follows it, so nobody is told"]


def bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"• {kit.safe(line)}" for line in lines)


def which_day(sentence: str, days: Sequence[date], carried: Mapping[str, Any]) -> Message:
    """Two days fit what was typed: a button each, and nothing is written until one is pressed."""
    choices = [(say_day(day), {**carried, "on": day.isoformat()}) for day in days]
    return ask(sentence, choices)


def ship_or_move(release: Shown, on: date, today: date, reason: str) -> Message:
    """Somebody said that a release ships on a day ahead."""
    sentence = f"{say_day(on)} is ahead. Move the date of {release.called} to that day, or mark it shipped today? Nothing was changed yet."
    move = {"do": "move", "release": release.id, "on": on.isoformat(), "reason": reason}
    ship = {"do": "ship", "release": release.id, "on": today.isoformat()}
    return ask(sentence, [(f"Move to {say_day(on)}", move), ("Shipped today", ship)])


def add_what(words: str) -> Message:
    """Somebody said `add` and no more than a few words: a release, or a piece of work?"""
    sentence = f'Add "{kit.cut(words)}": is it a release, or a piece of work?' if words else "Add a release, or a piece of work?"
    usual = "A line such as `add WORK to NAME because REASON` adds work at once; `new NAME DATE` a release."
    buttons = [kit.button("A release", ids.NEW, words[:200]), kit.button("A piece of work", ids.PUT_IN)]
    said = f"{sentence} {usual}"
    return Message(kit.safe(said), [kit.section(kit.safe(said)), kit.actions(*buttons)])


def ask(sentence: str, choices: Sequence[tuple[str, Mapping[str, Any]]]) -> Message:
    buttons = [kit.button(label, f"{ids.PICK_DAY}:{n}", _carried(value)) for n, (label, value) in enumerate(choices)]
    labels = say_list([label for label, _ in choices], "or")
    return Message(kit.safe(f"{sentence} {labels}."), [kit.section(kit.safe(sentence)), kit.actions(*buttons)])


def _carried(value: Mapping[str, Any]) -> str:
    """What a button carries. A reason too long for it is asked for again, rather than cut."""
    packed = json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))
    return packed if len(packed) <= MOST_CARRIED else _carried({**value, "reason": ""})


NOT_MADE = "was not added"


def taken_back(release: Shown, now_reads: str, *, was_told: bool = False, other: int | None = None) -> Message:
    """`now_reads` follows the name, such as "is on Fri 5 Mar 2027 again". `other` is the number of one that is called the same."""
    told = "Those who were told of it are told so." if was_told else "Nobody was told."
    said = f"Taken back. {release.called} {now_reads}. {told}"
    said += f" R-{other} is called so too: say R-{release.number} or R-{other}, or rename one of them." if other else ""
    opens = [] if now_reads == NOT_MADE else [kit.actions(_open(release))]
    return Message(kit.safe(said), [kit.section(kit.safe(said)), *opens])


def following(release: Shown, is_new: bool, *, is_inside: bool = True) -> Message:
    """`is_inside` says that its reader sees how releases stand."""
    start = "You follow" if is_new else "You follow already:"
    news = "it moves, changes health, ships" if is_inside else "what may be said needs a check, when it ships"
    said = f"{start} {release.called}. You hear when {news}, is taken back or cancelled."
    return Message(kit.safe(said), [kit.section(kit.safe(said)), kit.actions(_button(release, "Unfollow", ids.UNFOLLOW), _open(release))])


def not_following(release: Shown, was: bool) -> Message:
    said = f"You follow {release.called} no longer." if was else f"You do not follow {release.called}. Nothing was changed."
    return Message(kit.safe(said), [kit.section(kit.safe(said)), kit.actions(_button(release, "Follow", ids.FOLLOW), _open(release))])


def notice(release: Shown, says: str, who: str, *, reason: str = "", opening: str = "") -> Message:
    """What a follower is told of one change. `who` is a sentence such as "Pia Marsh moved it from Fri 5 Mar 2027."."""
    return _news(
        release, says, who, reason, opening, "You follow this release", [_open(release), _button(release, "Unfollow", ids.UNFOLLOW)]
    )


def owners_notice(release: Shown, says: str, who: str, *, reason: str = "", opening: str = "", was: bool = False, undo: Undo) -> Message:
    """What an owner is told of what somebody else changed. `was`: until this change."""
    back = kit.button("Undo", ids.UNDO, str(undo.change), about=release.name)
    why_you = f"You {'owned' if was else 'own'} this release · Undo until {say_time(undo.until, undo.zone)}, unless it changes again"
    return _news(release, says, who, reason, opening, why_you, [back, _open(release)])


def _news(release: Shown, says: str, who: str, reason: str, opening: str, why_you: str, buttons: Sequence[Block]) -> Message:
    blocks: list[Block] = [kit.section(f"{opening}*{kit.name(release.name)}* {kit.safe(says)}\n{kit.safe(who)}")]
    if reason:
        blocks.append(kit.quote(reason))
    blocks += [kit.actions(*buttons), kit.context(f"R-{release.number} · {why_you}")]
    why = [f"Why: {kit.cut(reason, 280)}"] if reason else []
    said = [f"{opening}{release.called} {says}", who, *why, f"R-{release.number} · {why_you}"]
    return Message(kit.safe("\n".join(said)), blocks)


def undone_by_owner(release: Shown, now_reads: str, owner: str) -> Message:
    """What whoever made a change is told when the owner took it back."""
    said = f"{owner}, who owns {release.called}, took back your change: it {now_reads}."
    return Message(kit.safe(said), [kit.section(kit.safe(said)), kit.actions(_open(release))])


def told_now(release: Shown, people: int) -> Message:
    who = say_count(people, "person is", "people are")
    said = f"{who} told about {release.called} now, or when they chose. The change can no longer be undone."
    return Message(kit.safe(said), [kit.section(kit.safe(said)), kit.actions(_open(release))])


def _open(release: Shown) -> Block:
    return _button(release, "Open", ids.OPEN)


def _button(release: Shown, label: str, action_id: str) -> Block:
    return kit.button(label, action_id, str(release.id), about=release.name)
