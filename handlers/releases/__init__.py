"""Releases: what is coming, when, how it moved and how it stands."""

from bot.slices import Command
from handlers.releases import changes

COMMANDS = (
    Command(
        "/release",
        says="What is coming, when, how it moved and how it stands.",
        verbs=changes.WRITE_VERBS,
    ),
)
ACTIONS = {**changes.WRITE_ACTIONS}
VIEWS = {**changes.WRITE_VIEWS}
OPTIONS = changes.WRITE_OPTIONS
ON = changes.WRITE_ON
MENU = changes.WRITE_MENU
