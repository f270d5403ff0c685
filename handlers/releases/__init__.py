"""Releases: what is coming, when, how it moved and how it stands."""

from bot.effects import Effect
from bot.slices import Command, Contribution, Job
from domain.digests import NEEDS_SOMEONE
from handlers.releases import changes, digesting, gathered, ids, importing, mentions, reading, sharing

COMMANDS = (
    Command(
        "/release",
        says="What is coming, when, how it moved and how it stands.",
        verbs=(*reading.READ_VERBS, *changes.WRITE_VERBS),
        bare=reading.show_status,
        otherwise=reading.find_status,
    ),
)
ACTIONS = {**reading.READ_ACTIONS, **sharing.SHARE_ACTIONS, **changes.WRITE_ACTIONS}
VIEWS = {**sharing.SHARE_VIEWS, **changes.WRITE_VIEWS}
EVENTS = mentions.EVENTS
OPTIONS = changes.WRITE_OPTIONS
ON = changes.WRITE_ON
JOBS = (Job("held-notices", gathered.look_who_is_due, every=10),)
EFFECTS = {ids.HELD: Effect(gathered.tell_all, in_doubt="repeat")}
MENU = (*reading.READ_MENU, *changes.WRITE_MENU)
DIGEST = (Contribution(NEEDS_SOMEONE, digesting.digest_sections),)
CLI = (importing.commands,)
