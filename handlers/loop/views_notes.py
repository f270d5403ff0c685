"""Notes to send on to customers: words that copy cleanly, in the customers' own words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.phrases import say_count, say_list
from domain.releases import Stage
from handlers.loop.views import NOTE, ONCE, REACHES

SHOWN = 5
LONGEST_WORDS = 280
READ_IT = "Each note names the release as we call it. Read it before you send it."


@dataclass(frozen=True, slots=True)
class Note:
    """What one customer asked for, in their words, and what may be said of it now."""

    customer: str
    asked: Sequence[str]
    says: str

    @property
    def text(self) -> str:
        quoted = "\n".join(f"“{kit.cut(' '.join(words.split()), LONGEST_WORDS)}”" for words in self.asked[:3])
        return f"Hello {self.customer},\n\nyou asked us:\n{quoted}\n\nIt is there: {self.says}\n\nTell us if something is still missing."


def drafts(release: str, notes: Sequence[Note], origin: Mapping[str, Any]) -> View:
    blocks: list[Block] = [kit.section(f"*{kit.name(release)}* is out. Copy a note, change what you like, and send it.")]
    for note in notes[:SHOWN]:
        blocks += [kit.section(f"*{kit.name(note.customer)}*"), kit.copyable(note.text)]
    if len(notes) > SHOWN:
        blocks.append(kit.context(f"{say_count(len(notes) - SHOWN, 'more customer')} asked too."))
    blocks.append(kit.context(READ_IT))
    return kit.modal("Draft a note", blocks, callback_id=NOTE, metadata=origin)


def to_account_owner(release: str, release_id: int, stage: str, day: str, notes: Sequence[Note]) -> Message:
    said = f"{kit.name(release)}, {REACHES[Stage(stage)]} since {day}."
    names = [kit.name(note.customer) for note in notes[:SHOWN]]
    names += [say_count(len(notes) - SHOWN, "other")] if len(notes) > SHOWN else []
    line = f"{say_list(names)} asked for it. You look after {'them' if len(notes) > 1 else 'this customer'}."
    words = notes[0].asked[0]
    whose = f"Draft a note to {kit.cut(notes[0].customer, 40)}" if len(notes) == 1 else "Draft a note"
    buttons = kit.actions(kit.button(whose, NOTE, str(release_id), about=release))
    blocks = [kit.section(f"*It is out:* {said}\n{line}"), kit.quote(words), buttons, kit.context(ONCE)]
    return Message(f"It is out: {said}\n{line}\n{kit.safe(kit.cut(words, 280))}\n{ONCE}", blocks)
