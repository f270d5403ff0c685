"""Forms and answers about closing the loop: what is not solved, when reporters are told, and who hears nothing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.phrases import say_count
from domain.releases import Stage
from handlers.loop.views import RESUME, numbered

SAVE_UNSOLVED = "loop:save_unsolved"
WHEN = "loop:when"
SAVE_WHEN = "loop:save_when"
TELL_NOW = "loop:tell_now"
LONGEST = 1000

STAGES = (
    ("Everyone: it is available to everyone", Stage.EVERYONE.value),
    ("Limited: some customers have it", Stage.LIMITED.value),
    ("Beta: invited customers have it", Stage.BETA.value),
)
_FROM = {
    Stage.EVERYONE: "when it is available to everyone",
    Stage.LIMITED: "as soon as some customers have it",
    Stage.BETA: "as soon as invited customers have it (beta)",
    Stage.INTERNAL: "as soon as our own people have it",
}


@dataclass(frozen=True, slots=True)
class When:
    """When those who asked for a release are told. Counts are people."""

    release_id: int
    release: str
    stage: str
    is_held: bool
    asked: int
    told: int
    is_out: bool


def unsolved(release: str, release_id: int, mine: Sequence[tuple[int, str]], origin: Mapping[str, Any]) -> View:
    """`mine` are numbers and words of what the person brought for it."""
    blocks: list[Block] = [kit.section(f"*{kit.name(release)}* is out, and it is not what you asked for?")]
    if len(mine) == 1:
        blocks.append(kit.quote(mine[0][1]))
    else:
        entries = [(kit.cut(f"F-{number}  {words}", 70), str(number)) for number, words in mine]
        blocks.append(kit.ask_ticks("pieces", "What is not solved?", entries, optional=False))
    hint = "Kept with the words. Whoever answers for the release reads it."
    blocks.append(kit.ask_words("missing", "What is still missing?", lines=True, optional=True, most=LONGEST, hint=hint))
    metadata = {**origin, "release": release_id}
    return kit.modal("Not solved", blocks, callback_id=SAVE_UNSOLVED, submit="Reopen", metadata=metadata)


def reopened(release: str, numbers: Sequence[int], told: str) -> Message:
    is_are = "is" if len(numbers) == 1 else "are"
    heard = f" {kit.safe(told)} was told." if told else ""
    text = f"{numbered(numbers)} {is_are} open again: {kit.name(release)} did not solve {'it' if len(numbers) == 1 else 'them'}.{heard}"
    return Message(text, [kit.section(text)])


def not_solved(release: str, who: str, shown: Sequence[tuple[int, str, str]], missing: str, as_what: str) -> Message:
    """To whoever answers for the release. `shown` are numbers, customers and words that they may read."""
    said = f"*Not solved:* {kit.safe(who)} says that {kit.name(release)} is not what was asked for."
    blocks: list[Block] = [kit.section(said)]
    text = [said.replace("*", "")]
    for number, customer, words in shown:
        whose = f" for {kit.name(customer)}" if customer else ""
        blocks += [kit.section(f"*F-{number}*{whose}"), kit.quote(words)]
        text.append(f"F-{number}{whose}: {kit.safe(kit.cut(words, 280))}")
    if missing:
        blocks += [kit.section("*Still missing*"), kit.quote(missing)]
        text.append(f"Still missing: {kit.safe(kit.cut(missing, 280))}")
    blocks.append(kit.context(as_what))
    return Message("\n".join([*text, as_what]), blocks)


def stopped() -> Message:
    text = "You will not hear any more when something you asked for is out."
    return Message(text, [kit.section(text), kit.actions(kit.button("Tell me again", RESUME, about="when something I asked for is out"))])


def resumed() -> Message:
    return Message("You will hear again when something you asked for is out.")


def when(shown: When, origin: Mapping[str, Any]) -> View:
    blocks: list[Block] = [kit.section(f"*{kit.name(shown.release)}*\n{_counts(shown)}")]
    entries = [*STAGES, *([("Internal: our own people have it", Stage.INTERNAL.value)] if shown.stage == Stage.INTERNAL else [])]
    blocks.append(kit.ask_one("stage", "Tell reporters at", entries, shown.stage))
    wait = [("Wait for the announcement: I say when", "hold")]
    blocks.append(kit.ask_ticks("hold", "Hold", wait, ["hold"] if shown.is_held else []))
    metadata = {**origin, "release": shown.release_id}
    return kit.modal("Tell reporters", blocks, callback_id=SAVE_WHEN, submit="Save", metadata=metadata)


def when_set(shown: When) -> Message:
    held = ", once you say so" if shown.is_held else ""
    at = "now" if shown.is_out and not shown.is_held else _FROM[Stage(shown.stage)]
    said = f"{{}}: those who asked for it are told {at}{held}."
    buttons = [kit.button("Tell them now", TELL_NOW, str(shown.release_id), about=shown.release)] if shown.is_held else []
    buttons.append(kit.button("Change", WHEN, str(shown.release_id), about=f"when those who asked for {shown.release} are told"))
    name = kit.name(shown.release)
    blocks = [kit.section(said.format(f"*{name}*")), kit.context(_counts(shown)), kit.actions(*buttons)]
    return Message(f"{said.format(name)} {_counts(shown)}", blocks)


def held(release: str, release_id: int, waiting: int, as_what: str) -> Message:
    """To whoever answers for it: it is out, and nobody was told."""
    who = f"{say_count(waiting, 'person', 'people')} who asked for it {'waits' if waiting == 1 else 'wait'} to hear so"
    said = f"{{}} is out. {who}, as telling them waits for the announcement."
    name = kit.name(release)
    buttons = kit.actions(kit.button("Tell them now", TELL_NOW, str(release_id), about=release, style="primary"))
    return Message(said.format(name), [kit.section(said.format(f"*{name}*")), buttons, kit.context(as_what)])


def _counts(shown: When) -> str:
    if not shown.asked:
        return "Nobody asked for it yet."
    told = f", {shown.told} {'was' if shown.told == 1 else 'were'} told" if shown.told else ", nobody was told yet"
    return f"{say_count(shown.asked, 'person', 'people')} asked for it{told}."
