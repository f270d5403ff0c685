"""How it looks to let others read what was said in a private channel: who shall, who will be able to, and what they get."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import blockkit as kit
from bot.answers import Message, View
from domain.phrases import say_list
from handlers.feedback import views


def with_whom(number: int, people: Sequence[str], channels: Sequence[str], metadata: Mapping[str, Any]) -> View:
    blocks = [
        kit.section(f"Who shall read *F-{number}* beside those in its channel? Whoever you take out can read it no longer."),
        kit.ask_people("people", "People", people, optional=True),
        kit.ask_channels("channels", "Channels", channels, hint="Everybody in them can read it, also who joins later."),
    ]
    return kit.modal(f"Share F-{number}", blocks, callback_id=views.SHARE_WITH, submit="Go on", metadata=metadata)


def confirm(number: int, lines: Sequence[str], metadata: Mapping[str, Any]) -> View:
    blocks = [
        kit.section("\n".join(lines)),
        kit.context("Its words, customer and type are shown to them. You can take it back in the same form."),
    ]
    return kit.modal(f"Share F-{number}", blocks, callback_id=views.SAVE_SHARES, submit="Share", metadata=metadata)


def saved(number: int, readers: Sequence[str]) -> Message:
    """`readers` as they are written in mrkdwn."""
    if not readers:
        return Message(f"F-{number} is shared with nobody. Those in its channel read it.")
    return Message(f"F-{number} can be read by {say_list(list(readers))}, beside those in its channel.")


def shared(feedback_id: int, number: int, by: str) -> Message:
    said = f"{kit.safe(by)} shared F-{number} with you."
    opened = kit.button("Open", views.OPEN, str(feedback_id), about=f"F-{number}")
    return Message(said, [kit.section(said, accessory=opened)])


def settings(emoji: str, guests_may: bool, days: int, origin: Mapping[str, Any]) -> View:
    hint = "Whoever puts it on a message logs it. Empty: no emoji does."
    blocks = [
        kit.ask_words("emoji", "Emoji that logs a message", f":{emoji}:" if emoji else "", optional=True, hint=hint, most=100),
        kit.ask_ticks(
            "guests", "Who may report", [("Guests and people from connected workspaces, too", "guests")], ["guests"] if guests_may else []
        ),
        kit.ask_words("triage_days", "Teams look at it within", str(days), hint="Working days of each team, from 1 to 20.", most=20),
    ]
    return kit.modal("Customer feedback", blocks, callback_id=views.SAVE_SETTINGS, submit="Save", metadata=origin)
