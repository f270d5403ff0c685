"""How the choice looks, as an answer and in Home. Pure."""

from dataclasses import dataclass
from datetime import datetime

from bot import blockkit as kit
from bot.answers import Block, Message
from domain.notices import Level
from domain.phrases import say_count, say_time

CHOOSE = "notices:choose"
ALWAYS = "This is about what you follow. Questions to you, news of what is yours, and what you asked to hear always come at once."


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody chose, and what is held for them until when."""

    level: Level
    held: int
    until: datetime | None
    zone: str

    @property
    def waiting(self) -> str:
        if not self.until or not self.held:
            return ""
        if self.level is Level.EVERYTHING:
            return f"{say_count(self.held, 'held change is', 'held changes are')} on the way."
        return f"{say_count(self.held, 'change waits', 'changes wait')} until {say_time(self.until, self.zone)}."


def choice(now: Standing, *, is_new: bool) -> Message:
    first = f"What I tell you {'from now on' if is_new else 'now'}: {now.level.value.capitalize()}."
    lines = [f"{level.value.capitalize()}: {level.says}" for level in Level]
    blocks = [kit.section(f"*{first}*\n{now.waiting}".strip()), *(_offer(level, is_chosen=level is now.level) for level in Level)]
    text = "\n".join(filter(None, [first, now.waiting, *lines, ALWAYS]))
    return Message(text, [*blocks, kit.context(ALWAYS)])


def _offer(level: Level, *, is_chosen: bool) -> Block:
    name = level.value.capitalize()
    if is_chosen:
        return kit.section(f"*{name}*: your choice\n{level.says}")
    return kit.section(f"*{name}*\n{level.says}", accessory=_button(level, "Choose"))


def at_home(now: Standing) -> list[Block]:
    said = f"*What I tell you: {now.level.value.capitalize()}*\n{now.level.says}"
    others = [_button(level, level.value.capitalize()) for level in Level if level is not now.level]
    return [kit.section(f"{said}\n{now.waiting}".strip()), kit.actions(*others)]


def _button(level: Level, label: str) -> Block:
    return kit.button(label, f"{CHOOSE}:{level.value}", level.value, about="" if label != "Choose" else level.value)
