"""The weekly digest as a channel reads it, and the form that subscribes to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.digests import NEEDS_SOMEONE, Line, Period, Section, opening, quiet_sentence, week_title
from domain.phrases import WEEKDAYS, say_time, say_zone

SUBSCRIBE = "digests:subscribe"
SAVE = "digests:save"
PREVIEW = "digests:preview"
CHANGE = "digests:change"
RIGHT = "setup:done"  # set-up counts its steps
LIST = "digests:list"
PAUSE = "digests:pause"
RESUME = "digests:resume"
SETUP, RIGHT = "setup", "setup:done"  # what the button of its step carries, and what finishes the step
STOP = "digests:stop"

PAGE = 12
TICK = "outsiders"
OUTSIDERS = "People from outside the company, or guests, read this channel. Dates and reasons here are internal."


@dataclass(frozen=True, slots=True)
class Edition:
    """A digest, ready to be drawn. `rest` are the lines that go into the thread."""

    who: str
    period: Period
    sections: Sequence[Section]
    rest: Sequence[Section]
    on_track: int
    rhythm: str


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription as it is listed."""

    id: int
    channel: str
    who: str
    weekday: int
    at: time
    zone: str
    state: str
    next_due_at: datetime | None

    @property
    def rhythm(self) -> str:
        return f"every {WEEKDAYS[self.weekday]} at {self.at:%H:%M} {say_zone(self.zone)}"


def digest(edition: Edition, rest_is: str = "more in the thread.") -> Message:
    """What is in it is in the fallback text too. Sections with nothing are left out; a quiet week is one line."""
    told = edition.period.until - timedelta(days=1)  # a Monday's digest tells of the week before
    title = week_title(edition.who, told, edition.period.zone)
    footer = f"{edition.period.words} · {edition.period.as_of} · {edition.rhythm}"
    if not edition.sections:
        words = quiet_sentence(edition.who, edition.on_track)
        return Message(kit.safe(f"{title}\n{words}"), [kit.header(title), kit.section(kit.safe(words)), kit.context(footer)])
    first = opening(edition.sections)
    blocks: list[Block] = [kit.header(title)]
    if first:
        blocks.append(kit.section(f"*{first}*"))
    for section in edition.sections:
        blocks += _section(section)
    left = sum(len(section.lines) for section in edition.rest)
    more = [f"{left} {rest_is}"] if left else []
    blocks += [kit.section(line) for line in more]
    blocks += [kit.actions(kit.button("Change this digest", CHANGE)), kit.context(footer)]
    lines = [kit.safe(title), *([first] if first else []), *(_plain(section) for section in edition.sections), *more]
    return Message("\n".join(lines)[:3800], blocks)


def first(preview: Message, channel: str) -> Message:
    """A preview as the step of set-up: it is right, or is sent each week from now on."""
    asked = (
        f"Nobody gets this yet. <#{channel}> can have it each week."
        if channel
        else "Nobody gets this yet: `/digest subscribe` in a channel."
    )
    buttons = [kit.button("Looks right", RIGHT, "digest", about="the first digest", style="primary")]
    if channel:
        buttons.append(kit.button("Send it each week", SUBSCRIBE, about="the digest"))
    return Message(f"{preview.text}\n{asked}", [*preview.blocks, kit.divider(), kit.section(asked), kit.actions(*buttons)])


def rest(edition: Edition) -> Message:
    """What did not fit, for the thread."""
    blocks = [block for section in edition.rest for block in _section(section)]
    return Message("\n".join(_plain(section) for section in edition.rest)[:3800], blocks[:45])


def _section(section: Section) -> list[Block]:
    if section.rank != NEEDS_SOMEONE:
        lines = "\n".join(_line(line) for line in section.lines)
        return [kit.section(f"*{kit.safe(section.title)}*\n{lines}")]
    return [kit.section(_line(line), accessory=_button(line)) if line.action else kit.section(_line(line)) for line in section.lines]


def _button(line: Line) -> Block | None:
    return kit.button(line.action.label, line.action.action_id, line.action.value, about=kit.cut(line.text, 50)) if line.action else None


def _line(line: Line) -> str:
    who = f" {kit.person(line.mention)}" if line.mention else ""
    return f"• {kit.safe(kit.cut(line.text, 260))}{who}"


def _plain(section: Section) -> str:
    return "\n".join([f"{kit.safe(section.title)}:", *(f"• {kit.safe(line.text)}" for line in section.lines)])


def saved(row: Subscribed, here: bool) -> Message:
    """The answer to a subscription repeats it in full."""
    first = f" The first one: {say_time(row.next_due_at, row.zone)}." if row.next_due_at else ""
    invite = "" if here else " I am not in the channel yet: say `/invite @Tendon` there, or it cannot arrive."
    shown = f"{row.rhythm[0].upper()}{row.rhythm[1:]}, {kit.channel(row.channel)} gets the digest of {kit.name(row.who)}.{first}{invite}"
    return Message(shown, [kit.section(shown), kit.actions(kit.button("Preview", PREVIEW), kit.button("Change", CHANGE))])


def listing(rows: Sequence[Subscribed], total: int) -> Message:
    if not total:
        words = "No digests yet. Say `/digest subscribe every Monday at 09:00` in the channel that is to have one."
        return Message(words, [kit.section(words), kit.actions(kit.button("Subscribe", SUBSCRIBE))])
    first = f"{total} digest{'' if total == 1 else 's'}" + (f", showing {len(rows)}" if len(rows) < total else "")
    lines = [f"{kit.channel(row.channel)}: {kit.name(row.who)}, {row.rhythm}{'' if row.state == 'active' else ', paused'}" for row in rows]
    shown = [
        kit.section(
            f"{kit.channel(row.channel)}  *{kit.name(row.who)}*\n{row.rhythm}{'' if row.state == 'active' else ', paused'}",
            accessory=_pause(row.channel, row.who) if row.state == "active" else _resume(row.channel, row.who),
        )
        for row in rows
    ]
    return Message("\n".join([first, *lines]), [kit.section(f"*{first}*"), *shown])


def standing(channel: str, words: str, state: str) -> Message:
    """The answer to pause, resume and stop, with what can be done next."""
    said = f"The weekly digest of {kit.channel(channel)} {words}"
    stop = kit.button("Stop", f"{STOP}:{channel}", channel, about="this digest", confirm=("Send this digest no more?", "Stop", "Keep it"))
    buttons = {"active": [_pause(channel), stop], "paused": [_resume(channel), stop]}.get(state, [])
    return Message(said, [kit.section(said), *([kit.actions(*buttons)] if buttons else [])])


def paused_for_outsiders(channel: str) -> Message:
    """To whoever subscribed, when others have come to read."""
    place = kit.channel(channel)
    words = (
        f"People from outside the company, or guests, read {place} now, so its digest is paused and nothing was posted there. "
        "If they may read it, resume it and tick the box."
    )
    stop = kit.button("Stop it", f"{STOP}:{channel}", channel, about="this digest")
    return Message(words, [kit.section(words), kit.actions(_resume(channel), stop)])


def _pause(channel: str, who: str = "this channel") -> Block:
    return kit.button("Pause", f"{PAUSE}:{channel}", channel, about=f"the digest of {who}")


def _resume(channel: str, who: str = "this channel") -> Block:
    return kit.button("Resume", f"{RESUME}:{channel}", channel, about=f"the digest of {who}")


def form(
    origin: Mapping[str, Any],
    channel: str,
    teams: Sequence[tuple[str, int]],
    chosen: Mapping[str, str],
    note: str = "",
    *,
    has_outsiders: bool = False,
) -> View:
    """`chosen` holds what is known: weekday, time, zone, team. `note` says what was typed and not understood."""
    entries = [("All teams", "all"), *((name, str(id)) for name, id in teams)]
    days = [(name, str(day)) for day, name in enumerate(WEEKDAYS)]
    blocks = [
        kit.section(f"For {kit.channel(channel)}"),
        *([kit.section(f"Note: {kit.safe(note)}", block_id="note")] if note else []),
        kit.ask_one("weekday", "Day", days, chosen.get("weekday", "0")),
        kit.ask_words("time", "Time", chosen.get("time", "09:00"), most=20),
        kit.ask_words("zone", "Time zone", chosen.get("zone", ""), hint="A city does: Berlin, New York.", most=60),
        kit.ask_one("team", "Whose releases?", entries, chosen.get("team", "all")),
    ]
    if has_outsiders:
        blocks += [kit.section(OUTSIDERS), kit.ask_ticks(TICK, "Send it there?", [("Yes, they may read all of it", "yes")])]
    return kit.modal("Weekly digest", blocks, callback_id=SAVE, submit="Save", metadata={**origin, "digest": channel})
