"""Asking back, and moving a piece to another team's queue: the forms, what reaches the reporter, and the answers. Pure."""

from collections.abc import Mapping
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from handlers.triage import ids
from handlers.triage.views import NOBODYS, value

LONGEST = 1000
THREAD, PRIVATELY = "thread", "privately"


def ask_back(number: int, words: str, goes: str, metadata: Mapping[str, Any]) -> View:
    """`goes` says who will read the question."""
    blocks = [
        kit.section(f"*F-{number}*"),
        kit.quote(words),
        kit.ask_words("question", "What do you need to know?", lines=True, most=LONGEST),
        kit.context(kit.safe(goes)),
    ]
    return kit.modal(f"Ask back about F-{number}", blocks, callback_id=ids.SEND_QUESTION, submit="Ask", metadata=metadata)


def question(number: int, reporter: str, asker: str, words: str, *, is_private: bool, link: str = "") -> Message:
    """To whoever brought it. Only they are mentioned."""
    where = f"Write to {kit.safe(asker)}, or add it with *Edit*: `/customer-feedback show F-{number}`"
    last = where if is_private else "Answer here, in this thread."
    source = f" ({kit.link(link, 'the message')})" if link and is_private else ""
    said = f"{kit.person(reporter)} {kit.safe(asker)} asks about F-{number}{source}:"
    blocks = [kit.section(said), kit.quote(words, LONGEST), kit.context(last)]
    return Message(f"{said} {kit.safe(kit.cut(words, 280))}\n{last}", blocks)


def asked(number: int, told: str, words: str, back: str, post: str = "") -> Message:
    """`told` says where it went; `post` is the value of *Post here*, where people from outside read."""
    said = f"Asked back about F-{number}. {told}"
    buttons: list[Block] = []
    if post:
        sure = ("People from outside the company, or guests, read it there.", "Post here", "Cancel")
        buttons.append(kit.button("Post here", ids.POST_HERE, post, about="in the thread, too", confirm=sure))
    buttons.append(kit.button("Back to the queue", ids.OPEN, back))
    return Message(kit.safe(said), [kit.section(kit.safe(said)), kit.quote(words), kit.actions(*buttons)])


def move(number: int, words: str, team: str, warning: str, metadata: Mapping[str, Any]) -> View:
    blocks = [
        kit.section(f"*F-{number}* is in the queue of {kit.name(team or 'no team')}."),
        kit.quote(words),
        kit.ask_typeahead("team", "Whose is it?", ids.TEAM, hint="“No team” leaves it to product operations."),
        *([kit.context(kit.safe(warning))] if warning else []),
    ]
    return kit.modal(f"Move F-{number}", blocks, callback_id=ids.SAVE_MOVE, submit="Move", metadata=metadata)


def moved(number: int, team: str, before: int) -> Message:
    said = f"F-{number} is in the queue of {kit.name(team)} now." if team else f"F-{number} is no team's now: product operations sort it."
    back = kit.button("Back to the queue", ids.OPEN, value(before), about=team or NOBODYS)
    return Message(said, [kit.section(said), kit.actions(back)])
