"""Escalations: a summary, somebody who has it, two targets, and nobody forgotten on the way."""

from bot.slices import Command, Contribution, Job, MenuItem, Verb
from domain.digests import NEEDS_SOMEONE
from handlers.escalations import jobs, listeners, reading, views

COMMANDS = (
    Command(
        "/escalate",
        says="Bring something urgent to the person who must act. Words of your own open the form with them.",
        verbs=(
            Verb(
                "new",
                listeners.open_new,
                usage="[SUMMARY]",
                says="Escalate.",
                example="/escalate the login is down for Acme",
                synonyms=("raise",),
            ),
            Verb("list", listeners.list_or_raise, says="The open ones that you may see.", synonyms=("ls", "open")),
            Verb("show", listeners.show_or_raise, usage="E-3", says="One, with what was said on the way.", synonyms=("view", "info")),
        ),
        bare=listeners.open_new,
        otherwise=listeners.show_or_raise,
    ),
)
SHORTCUTS = {views.RAISE: listeners.open_raise}
ACTIONS = {
    views.NEW: listeners.open_new,
    views.LIST: reading.list_open,
    views.OPEN: reading.open_escalation,
    views.ACKNOWLEDGE: listeners.acknowledge,
    views.UPDATE: listeners.open_update,
    views.RESOLVE: listeners.open_resolve,
}
VIEWS = {views.SAVE: listeners.raise_escalation, views.SAVE_UPDATE: listeners.add_update, views.SAVE_RESOLVE: listeners.resolve}
OPTIONS = {views.TEAM: reading.offer_teams, views.CUSTOMER: reading.offer_customers, views.RELEASE: reading.offer_releases}
JOBS = (Job("escalation-notices", jobs.send_notices, every=30),)
MENU = (MenuItem("Escalations", views.LIST, 30, "What is urgent, who has it, and by when."),)
DIGEST = (Contribution(NEEDS_SOMEONE, reading.digest),)
HOME = (Contribution(10, reading.home),)
