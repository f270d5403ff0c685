"""Somebody left: what they were responsible for goes to their team's lead, who is told once and may hand all of it on."""

from bot.slices import Job
from handlers.leavers import handing, reassigning, views

JOBS = (Job("leavers", handing.hand_over, every=60),)
ACTIONS = {views.REASSIGN: reassigning.open_form}
VIEWS = {views.SAVE: reassigning.save}
