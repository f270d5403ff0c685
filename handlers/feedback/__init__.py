"""Feedback: what customers say, kept where it was said, with everybody who brought it."""

from bot.effects import Effect
from bot.slices import Command, Contribution, Job, MenuItem, Verb
from domain.digests import CUSTOMERS
from domain.facts import FeedbackChanged, FeedbackLogged
from handlers.feedback import (
    changing,
    exporting,
    keeping,
    linking,
    listeners,
    listing,
    looking,
    marking,
    merging,
    offering,
    opening,
    reading,
    searching,
    settings,
    sharing,
    views,
    views_list,
    waiting,
)

COMMANDS = (
    Command(
        "/customer-feedback",
        says="What customers say. Words of your own open the form with them.",
        verbs=(
            Verb(
                "new",
                opening.open_new,
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
            Verb("edit", changing.edit_typed, usage="F-12", says="Better what is kept of it.", synonyms=("change", "update")),
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
            Verb(
                "restore",
                changing.bring_back,
                usage="F-12",
                says="Bring back what was deleted, for 24 hours.",
                synonyms=("undelete", "bring-back"),
            ),
            Verb(
                "settings",
                settings.open_settings,
                says="The emoji that logs a message, and who may report. For product operations.",
                synonyms=("setup", "configure"),
            ),
        ),
        bare=listing.list_feedback,
        otherwise=opening.show_or_log,
    ),
)
SHORTCUTS = {views.LOG: opening.open_log, views.COMPOSE: opening.open_new}
EVENTS = {"reaction_added": marking.mark, "reaction_removed": marking.unmark}
ACTIONS = {
    views.NEW: opening.open_new,
    views.LIST: listing.list_feedback,
    views.OPEN: listing.open_feedback,
    views.DETAILS: changing.open_details,
    views.UNDO: listeners.undo_log,
    views.APART: merging.set_apart,
    views.POST_HERE: listeners.post_here,
    views.DELETE: changing.delete,
    views.RESTORE: changing.bring_back,
    views.SHARE: sharing.ask_with_whom,
    views.SETTINGS: settings.open_settings,
    views.WAITS: waiting.ask_who_waits,
    views_list.NEXT: listing.turn_page,
    views_list.CLOSE: listing.turn_page,
    views_list.FILE: exporting.export_feedback,
    views_list.UNMERGE: merging.undo_merge,
    views.MORE: opening.show_more,
    views.KIND: opening.choose_kind,
    views.FIRST: opening.choose_first,
    views.SAME: opening.mark_same,
    views.NOT_SAME: opening.unmark_same,
    views.CUSTOMER: opening.look_again,
    views.LINK: linking.open_link,
}
VIEWS = {
    views.SAVE: listeners.log_feedback,
    views.EDIT: changing.save_details,
    views.SHARE_WITH: sharing.confirm,
    views.SAVE_SHARES: sharing.save,
    views.SAVE_SETTINGS: settings.save,
    views.SAVE_WAITS: waiting.log_who_waits,
    views.SAVE_LINK: linking.save_link,
}
OPTIONS = {
    views.CUSTOMER: offering.offer_customers,
    views.AREA: offering.offer_areas,
    views.RELEASE: offering.offer_releases,
    views.ITEM: offering.offer_items,
}
EFFECTS = {views_list.EXPORT: exporting.SEND, views.LOOK: Effect(looking.look), views.MARKED: Effect(marking.fetch)}
JOBS = (Job("feedback-drafts", keeping.forget_drafts, every=3600.0),)
ON = {FeedbackLogged: listeners.close_undo, FeedbackChanged: listeners.draw_again}
DIGEST = (Contribution(CUSTOMERS, reading.digest),)
MENU = (MenuItem("Customer feedback", views.LIST, 20, "What customers say, and what becomes of it."),)
