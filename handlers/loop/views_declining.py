"""Declining: the form, and its answers. Pure."""

from collections.abc import Mapping
from typing import Any

from bot import blockkit as kit
from bot.answers import Message, View

DECLINE = "loop:decline"
SAVE = "loop:save_decline"
REOPEN = "loop:reopen"
LONGEST = 1000


def form(feedback_id: int, number: int, words: str, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.quote(words),
        kit.ask_words("reason", "Why not?", lines=True, most=LONGEST, hint="In plain words: whoever asked for it reads this."),
        kit.context("Everybody who brought it is told after five minutes."),
    ]
    return kit.modal(f"Decline F-{number}", blocks, callback_id=SAVE, submit="Decline", metadata={**origin, "feedback": feedback_id})


def declined(feedback_id: int, number: int, reason: str) -> Message:
    said = f"F-{number} is declined. Everybody who brought it hears why in five minutes."
    undo = kit.actions(kit.button("Undo", REOPEN, str(feedback_id), about=f"declining F-{number}"))
    return Message(f"{said} {kit.safe(kit.cut(reason, 280))}", [kit.section(said), kit.quote(reason), undo])


def open_again(number: int, was_told: bool) -> Message:
    heard = " Everybody who was told hears so." if was_told else " Nobody was told."
    return Message(f"F-{number} is open again.{heard}")
