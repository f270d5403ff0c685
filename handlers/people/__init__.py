"""What is known of people, channels and user groups, kept true by events and once a night. It decides who may see what."""

from bot.effects import Effect
from bot.slices import Job
from domain.facts import Installed
from handlers.people import jobs, listeners

_CHANNEL_CHANGES = (
    "channel_created",
    "channel_rename",
    "channel_archive",
    "channel_unarchive",
    "channel_deleted",
    "channel_shared",
    "channel_unshared",
    "group_rename",
    "group_archive",
    "group_unarchive",
    "group_deleted",
)
EVENTS = {
    "team_join": listeners.remember_newcomer,
    "user_change": listeners.remember_newcomer,
    "member_joined_channel": listeners.remember_joining,
    "member_left_channel": listeners.forget_member,
    "channel_left": listeners.remember_removal,
    "group_left": listeners.remember_removal,
    **dict.fromkeys(("subteam_created", "subteam_updated", "subteam_members_changed"), listeners.remember_group_change),
    **dict.fromkeys(_CHANNEL_CHANGES, listeners.remember_channel_change),
}
ON = {Installed: jobs.look_at_once}
JOBS = (Job("people", jobs.ask_for_a_look, every=600),)
EFFECTS = {jobs.LOOK: Effect(jobs.look_around, in_doubt="repeat"), jobs.GROUP: Effect(jobs.look_at_group, in_doubt="repeat")}
