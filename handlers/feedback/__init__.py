"""Feedback: what customers say, kept where it was said, with everybody who brought it."""

from bot.slices import Command, Contribution, MenuItem, Verb
from bot.told import Subscriber
from domain.digests import CUSTOMERS
from domain.facts import FeedbackLogged, ReleaseCorrected, ReleaseMoved, ReleaseReached, ReleaseRolledBack
from handlers.feedback import exporting, linking, listeners, listing, loop, merging, reading, searching, views, views_list, waiting

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
            Verb(
                "list",
                listing.list_feedback,
                usage="[TYPE] [from CUSTOMER] [about AREA] [since DATE] [new|taken|linked|shipped|declined] [unlinked] [mine]",
                says="The latest that you may see, all or some.",
                example="/customer-feedback list problems from Acme since March unlinked",
                synonyms=("latest", "all", "ls"),
            ),
            Verb(
                "search",
                searching.search_feedback,
                usage="WORDS",
                says="What says all of these words, the newest first; the beginning of a word will do.",
                example="/customer-feedback search invoic region",
                synonyms=("find", "grep"),
            ),
            Verb("show", listing.show_feedback, usage="F-12", says="One piece, and what says the same.", synonyms=("view", "open", "info")),
            Verb(
                "link",
                linking.link_feedback,
                usage="F-12 to RELEASE or WORK",
                says="Say which release brings it, or which piece of work.",
                example="/customer-feedback link F-12 to Billing revamp",
                synonyms=("attach", "connect"),
            ),
            Verb(
                "merge",
                merging.merge_feedback,
                usage="F-12 into F-3",
                says="Say that it says the same: it counts with the other from then on.",
                example="/customer-feedback merge F-12 into F-3",
                synonyms=("join", "combine"),
            ),
            Verb(
                "separate",
                merging.separate_feedback,
                usage="F-12",
                says="It counts alone again.",
                synonyms=("split", "unmerge"),
            ),
            Verb(
                "export",
                exporting.export_feedback,
                usage="[filters of list]",
                says="A list as a CSV file, by private message.",
                example="/customer-feedback export problems since March",
                synonyms=("csv", "download"),
            ),
        ),
        bare=listing.list_feedback,
        otherwise=listeners.show_or_log,
    ),
)
SHORTCUTS = {views.LOG: listeners.open_log}
ACTIONS = {
    views.NEW: listeners.open_new,
    views.LIST: listing.list_feedback,
    views.OPEN: listing.open_feedback,
    views.DETAILS: reading.open_details,
    views.UNDO: listeners.undo_log,
    views.WAITS: waiting.ask_who_waits,
    views_list.NEXT: listing.turn_page,
    views_list.CLOSE: listing.turn_page,
    views_list.FILE: exporting.export_feedback,
    views_list.UNMERGE: merging.undo_merge,
}
VIEWS = {views.SAVE: listeners.log_feedback, views.EDIT: listeners.save_details, views.SAVE_WAITS: waiting.log_who_waits}
OPTIONS = {views.CUSTOMER: reading.offer_customers, views.AREA: reading.offer_areas, views.RELEASE: reading.offer_releases}
EFFECTS = {views_list.EXPORT: exporting.SEND}
ON = {
    FeedbackLogged: listeners.close_undo,
    ReleaseReached: loop.tell_it_is_out,
    ReleaseRolledBack: loop.correct,
    ReleaseMoved: Subscriber("feedback.tell_of_a_move", loop.tell_of_a_move, where=loop.IS_LINKED),
    ReleaseCorrected: loop.correct_undone,
}
DIGEST = (Contribution(CUSTOMERS, reading.digest),)
MENU = (MenuItem("Customer feedback", views.LIST, 20, "What customers say, and what becomes of it."),)
