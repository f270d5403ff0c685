"""Feedback: what customers say, kept where it was said, with everybody who brought it."""

from bot.slices import Command, Contribution, MenuItem, Verb
from domain.digests import CUSTOMERS
from domain.facts import FeedbackChanged, FeedbackLogged
from handlers.feedback import listeners, reading, views, waiting

COMMANDS = (
    Command(
        "/customer-feedback",
        says="What customers say. Words of your own open the form with them.",
        verbs=(
            Verb(
                "new",
                listeners.open_new,
                usage="[WORDS]",
                says="Log what a customer said.",
                example="/customer-feedback new Acme wants invoices by region",
                synonyms=("log", "add"),
            ),
            Verb("list", reading.list_feedback, says="The latest that you may see.", synonyms=("latest", "all", "ls")),
            Verb("show", reading.show_feedback, usage="F-12", says="One piece of feedback.", synonyms=("view", "open", "info")),
            Verb(
                "link",
                listeners.link_feedback,
                usage="F-12 to RELEASE",
                says="Say which release brings it.",
                example="/customer-feedback link F-12 to Billing revamp",
                synonyms=("attach", "connect"),
            ),
        ),
        bare=reading.list_feedback,
        otherwise=listeners.show_or_log,
    ),
)
SHORTCUTS = {views.LOG: listeners.open_log}
ACTIONS = {
    views.NEW: listeners.open_new,
    views.LIST: reading.list_feedback,
    views.OPEN: reading.open_feedback,
    views.DETAILS: reading.open_details,
    views.UNDO: listeners.undo_log,
    views.WAITS: waiting.ask_who_waits,
}
VIEWS = {views.SAVE: listeners.log_feedback, views.EDIT: listeners.save_details, views.SAVE_WAITS: waiting.log_who_waits}
OPTIONS = {views.CUSTOMER: reading.offer_customers, views.AREA: reading.offer_areas, views.RELEASE: reading.offer_releases}
ON = {FeedbackLogged: listeners.close_undo, FeedbackChanged: listeners.draw_again}
DIGEST = (Contribution(CUSTOMERS, reading.digest),)
MENU = (MenuItem("Customer feedback", views.LIST, 20, "What customers say, and what becomes of it."),)
