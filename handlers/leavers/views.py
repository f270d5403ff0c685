"""What an heir is told, and the form that hands all of it on."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import blockkit as kit
from bot.answers import Message, View
from domain.phrases import say_count

REASSIGN = "leavers:reassign"
SAVE = "leavers:save"
MOST = 12


def told(leaver: str, leaver_id: str, records: Sequence[str], why: str) -> Message:
    """`records` are lines such as "R-1 Billing revamp"; `why` says as whom the reader has them now."""
    are = "is" if len(records) == 1 else "are"
    first = f"{kit.name(leaver)} has left. {say_count(len(records), 'thing')} of theirs {are} yours now, {kit.safe(why)}."
    lines = [kit.safe(kit.cut(line, 120)) for line in records[:MOST]]
    lines += [f"and {len(records) - MOST} more"] if len(records) > MOST else []
    listed = "\n".join(f"• {line}" for line in lines)
    again = kit.button("Reassign all", REASSIGN, leaver_id, about=f"what was {leaver}'s", style="primary")
    return Message("\n".join([first, *lines]), [kit.section(first), kit.section(listed), kit.actions(again)])


def form(leaver: str, leaver_id: str, count: int, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.section(f"{say_count(count, 'thing')} of {kit.name(leaver)} that {'is' if count == 1 else 'are'} with you now."),
        kit.ask_person("person", "Who takes them?", hint="One by one is possible as well: open a release and choose its owner."),
    ]
    return kit.modal("Reassign all", blocks, callback_id=SAVE, submit="Reassign", metadata={**origin, "leaver": leaver_id})


def reassigned(count: int, to: str) -> Message:
    words = f"{say_count(count, 'thing')} {'is' if count == 1 else 'are'} with {kit.safe(to)} now."
    return Message(words, [kit.section(words)])


def given(count: int, by: str, leaver: str) -> Message:
    words = (
        f"{kit.safe(by)} gave you {say_count(count, 'thing')} that {'was' if count == 1 else 'were'} with {kit.safe(leaver)}, who has left."
    )
    return Message(words, [kit.section(words)])
