"""How it reads when those who brought a customer's words hear what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.phrases import say_count, say_list

ONCE = "Sent once to each person who asked"
NAMED = 2  # people named one by one


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

    @property
    def line(self) -> str:
        who = say_list([kit.person(person) for person in self.people]) if self.people else "You"
        if not self.numbers:
            return "You were told that it is out."
        return f"{who} logged this on {self.on} ({_numbers(self.numbers)})."


def it_is_out(release: str, day: str, asked: Asked) -> Message:
    others = f" {say_count(asked.others, 'other')} asked too." if asked.others else ""
    return _message("*It is out:*", f"{kit.name(release)}, available to everyone since {day}.", f"{asked.line}{others}", asked.words, ONCE)


def correction(release: str, reason: str, asked: Asked) -> Message:
    said = f"{kit.name(release)} was taken back. You will hear again when it is out."
    return _message("*Correction:*", said, asked.line, "", f"Why: {kit.cut(kit.safe(reason), 280)}")


def moved(release: str, numbers: Sequence[int], says: str, told: str) -> Message:
    """`says` follows the name, such as "moves to Fri 12 Mar 2027 (+5 working days)."."""
    waits = "waits" if len(numbers) == 1 else "wait"
    said = f"{{}}, which {_numbers(numbers)} {waits} for, {says}"
    return Message(
        f"{said.format(kit.name(release))}\n{told}", [kit.section(said.format(f"*{kit.name(release)}*")), kit.context(kit.safe(told))]
    )


def corrected(release: str, reads: str) -> Message:
    """`reads` follows the name, such as "is on Fri 5 Mar 2027 again"."""
    said = f"*Correction:* {kit.name(release)} {reads}."
    return Message(said.replace("*", "", 2), [kit.section(said)])


def told_line(owner: str, others: Sequence[str]) -> str:
    """Who was told, by name; of many the first ones."""
    named = [*([f"{owner} (owner)"] if owner else []), *others[:NAMED]]
    left = len(others) - len(others[:NAMED])
    named += [say_count(left, "other")] if left else []
    return f"Told: {say_list(named)}." if named else "Nobody else follows it, so nobody else was told."


def _message(opening: str, said: str, line: str, words: str, last: str) -> Message:
    blocks: list[Block] = [kit.section(f"{opening} {said}\n{line}")]
    blocks += [kit.quote(words)] if words else []
    blocks.append(kit.context(last))
    text = [f"{opening.strip('*')} {said}", line, *([kit.safe(kit.cut(words, 280))] if words else []), last]
    return Message("\n".join(text), blocks)


def _numbers(numbers: Sequence[int]) -> str:
    return say_list([f"F-{number}" for number in numbers])
