"""Releases: what is coming, when, how it moved and how it stands."""

from bot.slices import Command
from handlers.releases import importing, reading, sharing

COMMANDS = (
    Command(
        "/release",
        says="What is coming, when, how it moved and how it stands.",
        verbs=reading.READ_VERBS,
        bare=reading.show_status,
        otherwise=reading.find_status,
    ),
)
ACTIONS = {**reading.READ_ACTIONS, **sharing.SHARE_ACTIONS}
VIEWS = {**sharing.SHARE_VIEWS}
MENU = reading.READ_MENU
CLI = (importing.commands,)
