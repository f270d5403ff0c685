"""How it reads when those who brought somebody's words hear what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_list
from domain.releases import Stage

NOTE = "loop:note"
UNSOLVED = "loop:unsolved"
STOP = "loop:stop"
RESUME = "loop:resume"

ONCE = "Sent once to each person who asked"
TAKEN_BACK = "was taken back"
NAMED = 2  # people named one by one
REACHES = {
    Stage.INTERNAL: "with our own people",
    Stage.BETA: "with invited customers (beta)",
    Stage.LIMITED: "available to some customers",
    Stage.EVERYONE: "available to everyone",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message of this kind knows of those whom it reaches: their pieces, by number, and how many others asked.

    `people` are mentioned in a thread; nobody is in a private message, which quotes their `words` instead. `on` is a day in words.
    """

    numbers: Sequence[int]
    on: str
    people: Sequence[str] = ()
    others: int = 0
    words: str = ""
    customers: Sequence[str] = ()

    @property
    def line(self) -> str:
        who = say_list([kit.person(person) for person in self.people]) if self.people else "You"
        if not self.numbers:
            return "You were told that it is out."
        return f"{who} logged this on {self.on} ({numbered(self.numbers)})."


def it_is_out(release: str, release_id: int, stage: str, day: str, asked: Asked) -> Message:
    others = f" {say_count(asked.others, 'other')} asked too." if asked.others else ""
    said = f"{kit.name(release)}, {REACHES[Stage(stage)]} since {day}."
    whose = f"Draft a note to {kit.cut(asked.customers[0], 40)}" if len(asked.customers) == 1 else "Draft a note"
    buttons = [kit.button(whose, NOTE, str(release_id), about=release)] if asked.customers else []
    buttons.append(kit.button("Not solved", UNSOLVED, str(release_id), about=release))
    buttons.append(kit.button("Stop these", STOP, about="messages when something I asked for is out"))
    return _message("*It is out:*", said, f"{asked.line}{others}", asked.words, ONCE, buttons)


def correction(release: str, reason: str, asked: Asked, reads: str = TAKEN_BACK) -> Message:
    """`reads` follows the name: how it stands."""
    said = f"{kit.name(release)} {reads}. You will hear again when it is out."
    return _message("*Correction:*", said, asked.line, "", f"Why: {kit.cut(kit.safe(reason), 280)}" if reason else "")


def declined(reason: str, who: str, asked: Asked) -> Message:
    """`reason` in the words of whoever decided, who is named."""
    last = f"Decided by {kit.name(who)}. You can answer here." if asked.people else f"Decided by {kit.name(who)}"
    return _message("*Not planned:*", kit.safe(kit.cut(reason, 1000)), asked.line, asked.words, last)


def open_again(number: int, asked: Asked) -> Message:
    return _message("*Correction:*", f"F-{number} is open again: it may be done after all.", asked.line, "", "")


def moved(release: str, numbers: Sequence[int], says: str, told: str) -> Message:
    """`says` follows the name, such as "moves to Fri 12 Mar 2027 (+5 working days)."."""
    waits = "waits" if len(numbers) == 1 else "wait"
    said = f"{{}}, which {numbered(numbers)} {waits} for, {says}"
    return Message(
        f"{said.format(kit.name(release))}\n{told}", [kit.section(said.format(f"*{kit.name(release)}*")), kit.context(kit.safe(told))]
    )


def corrected(release: str, reads: str) -> Message:
    """`reads` follows the name, such as "is on Fri 5 Mar 2027 again"."""
    said = f"*Correction:* {kit.name(release)} {reads}."
    return Message(said.replace("*", "", 2), [kit.section(said)])


def told_line(owner: str, others: Sequence[str]) -> str:
    """Who hears of it, by name; of many the first ones. When, is what each chose."""
    named = [*([f"{owner} (owner)"] if owner else []), *others[:NAMED]]
    left = len(others) - len(others[:NAMED])
    named += [say_count(left, "other")] if left else []
    return f"Hear of it: {say_list(named)}." if named else "Nobody else follows it, so nobody else is told."


def numbered(numbers: Sequence[int]) -> str:
    return say_list([f"F-{number}" for number in numbers])


def _message(opening: str, said: str, line: str, words: str, last: str, buttons: Sequence[Block] = ()) -> Message:
    blocks: list[Block] = [kit.section(f"{opening} {said}\n{line}")]
    blocks += [kit.quote(words)] if words else []
    blocks += [kit.actions(*buttons)] if buttons else []
    blocks += [kit.context(last)] if last else []
    text = [f"{opening.strip('*')} {said}", line, *([kit.safe(kit.cut(words, 280))] if words else []), *([last] if last else [])]
    return Message("\n".join(text), blocks)
