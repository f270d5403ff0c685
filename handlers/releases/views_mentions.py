"""What is answered in a thread where the bot was named. Everybody there reads it, so nothing in it is for one person."""

from collections.abc import Sequence

from bot import blockkit as kit
from bot.answers import Message
from domain.phrases import cut, say_count, say_day, say_time
from domain.standing import say_confirmed
from handlers.releases import ids
from handlers.releases.views_card import Card, verdict
from handlers.releases.views_status import planned

MOST = 12
LINES = (
    ("status NAME", "how it stands; a team, `late`, `at risk` or `this week` too"),
    ("when NAME", "its day, and how sure that is"),
    ("late · mine", "what is late; what is yours"),
    ("what changed", "in 7 days; with a name, that release's dates"),
)


def help_in_thread(prefix: str) -> Message:
    text = "\n".join(["In threads, name me and ask:", *(f"@Tendon {typed}: {says.replace('`', '')}" for typed, says in LINES)])
    shown = "\n".join(f"`@Tendon {typed}`  {says}" for typed, says in LINES)
    last = f"Everybody here reads the answer. `/{prefix}release` in a channel answers only you, and changes things."
    return Message(f"{text}\n{last.replace('`', '')}", [kit.section(f"*In threads, name me and ask*\n{shown}"), kit.context(last)])


def when(card: Card) -> Message:
    """One honest sentence: the day, how sure, how it stands, and how old that is."""
    facts, name = card.facts, cut(card.facts.name)
    about = f"R-{facts.number} · {say_confirmed(facts.confirmed_at, card.now, facts.created_at)} · as of {say_time(card.now, card.zone)}"
    if card.record.shipped_on or facts.is_cancelled or card.record.is_cancelled:
        said, about = f"{name}: {verdict(card)}.", f"R-{facts.number} · as of {say_time(card.now, card.zone)}"
    elif card.row.due is None:
        said = f"{name} has no day yet. {card.row.standing.words}."
    else:
        said = f"{name}: {say_day(card.row.due)}{planned(facts)}. {verdict(card).partition(f' {say_day(card.row.due)}')[0]}"
    opens = kit.button("Open", f"{ids.OPEN}:{facts.id}", str(facts.id), about=name)
    first, _, rest = said.partition(": ") if ": " in said else (said, "", "")
    shown = f"*{kit.safe(first)}:* {kit.safe(rest)}" if rest else f"*{kit.safe(said)}*"
    return Message(kit.safe(f"{said}\n{about}"), [kit.section(shown, accessory=opens), kit.context(about)])


def changed(lines: Sequence[str], total: int, since: str, about: str, as_of: str) -> Message:
    first = f"{say_count(total, 'change')} since {since}{about}." if total else f"Nothing changed since {since}{about}."
    rest = [f"… and {total - len(lines):,} more"] if total > len(lines) else []
    text = "\n".join([first, *lines, *rest])[:3500]
    shown = ["\n".join(f"• {kit.safe(line)}" for line in lines[n : n + 6]) for n in range(0, len(lines), 6)]
    blocks = [kit.section(f"*{kit.safe(first)}*"), *(kit.section(each[:3000]) for each in shown)]
    return Message(kit.safe(text), [*blocks, kit.context(" · ".join([*rest, f"As of {as_of}"]))])


def not_understood(words: str, offers: Sequence[str]) -> Message:
    said = f'I do not know "{cut(words, 60)}".' if words else "I did not find what you asked for."
    said += f" Did you mean {' or '.join(cut(offer, 40) for offer in offers)}?" if offers else " Name me with `help` for what I can answer."
    return Message(kit.safe(said))


def not_here(verb: str, usage: str, prefix: str) -> Message:
    """A command of `/release` that somebody said in a thread."""
    said = f"In threads I only answer what you ask. For that, type `/{prefix}release {kit.safe(f'{verb} {usage}'.strip())}` in a channel."
    return Message(f"{said} Nothing was changed.", [kit.section(f"{said} Nothing was changed.")])
