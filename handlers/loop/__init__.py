"""Closing the loop: whoever brought a customer's words hears, once, what became of them."""

from bot.slices import Job, Verb
from bot.told import Subscriber
from domain.facts import (
    FeedbackDeclined,
    FeedbackLinked,
    ReleaseCorrected,
    ReleaseMoved,
    ReleaseReached,
    ReleaseRolledBack,
    ReportersDue,
    WorkMoved,
)
from handlers.loop import (
    declining,
    delivery,
    following,
    holding,
    instead,
    moves,
    notes,
    pieces,
    quiet,
    telling,
    unsolved,
    views,
    views_declining,
    views_delivery,
    views_forms,
)

VERBS = {
    "/customer-feedback": (
        Verb(
            "decline",
            declining.decline,
            usage="F-12 because REASON",
            says="Say that it will not be done. Whoever brought it hears why.",
            example="/customer-feedback decline F-12 because we leave paper invoices",
            synonyms=("reject", "refuse"),
        ),
        Verb(
            "who-was-told",
            delivery.who_was_told,
            usage="RELEASE",
            says="Who heard that it is out, and who could not be told.",
            example="/customer-feedback who-was-told Billing revamp",
            synonyms=("told", "delivery"),
        ),
        Verb(
            "tell",
            holding.set_by_words,
            usage="RELEASE [at beta] [hold|now]",
            says="When those who asked for a release are told.",
            example="/customer-feedback tell Billing revamp at beta",
        ),
        Verb("stop", quiet.stop, says="Hear no more when something you asked for is out."),
        Verb("resume", quiet.resume, says="Hear it again.", synonyms=("start",)),
    ),
}
ACTIONS = {
    views.NOTE: notes.draft,
    views.UNSOLVED: unsolved.ask_what_is_missing,
    views.STOP: quiet.stop,
    views.RESUME: quiet.resume,
    views_forms.WHEN: holding.open_when,
    views_forms.TELL_NOW: holding.tell_now,
    views_delivery.MORE: delivery.more,
    views_declining.DECLINE: declining.open_decline,
    views_declining.REOPEN: declining.undo,
}
VIEWS = {
    views_forms.SAVE_UNSOLVED: unsolved.reopen,
    views_forms.SAVE_WHEN: holding.save_when,
    views_declining.SAVE: declining.save_decline,
}
ON = {
    ReleaseReached: telling.tell_it_is_out,
    ReleaseRolledBack: telling.correct,
    ReportersDue: telling.tell_those_due,
    FeedbackLinked: telling.tell_of_linked,
    ReleaseMoved: Subscriber("loop.tell_of_a_move", moves.tell_of_a_move, where=pieces.IS_LINKED),
    ReleaseCorrected: moves.correct_undone,
    FeedbackDeclined: declining.tell_declined,
    WorkMoved: following.follow,
}
JOBS = (Job("tell-privately-instead", instead.tell_privately, every=60),)
