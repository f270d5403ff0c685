"""The form that asks before anything is posted where others read: which channel, how many people, what. Pure."""

from collections.abc import Mapping
from typing import Any

from bot import blockkit as kit
from bot.answers import View
from domain.phrases import say_count
from handlers.releases import ids

TICK = "post_here"


def invite(channel: str) -> str:
    return f"I am not in {kit.channel(channel)}, so I cannot post there. To let me in: `/invite @Tendon`"


def share_form(channel: str, members: int | None, first_line: str, why_not: str, metadata: Mapping[str, Any]) -> View:
    """`why_not` says why posting here needs a tick; empty where all members are of this company."""
    people = say_count(members, "member") if members else "members I could not count"
    blocks = [
        kit.section(f"This goes to *{kit.safe(channel)}*, {people}."),
        kit.section(f"It begins: {kit.safe(first_line)}"),
        kit.context("Drawn anew for those who read there. Names are plain text, so nobody is notified."),
    ]
    if why_not:
        blocks.insert(0, kit.section(f"*Note:* {kit.safe(why_not)}"))
        blocks.append(kit.ask_ticks(TICK, "Are you sure?", [("Post here", "yes")], optional=False))
    return kit.modal("Share to channel", blocks, callback_id=ids.POST, submit="Post", metadata=metadata)
