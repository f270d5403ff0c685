"""What customers may be told: the words that may leave the house, who reads them, and asking whoever answers for them."""

from bot.slices import MenuItem, Verb
from bot.told import Subscriber
from domain.facts import ReleaseCancelled, ReleaseCorrected, ReleaseMoved, ReleaseReached, ReleaseRolledBack
from handlers.saying import asking, audience, saying, views, waiting

VERBS = {
    "/release": (
        Verb(
            "say",
            saying.say_words,
            usage='NAME "WORDS" [for DATE]',
            says="Set what customers may be told. Groups that face customers read this first.",
            example='/release say Billing revamp "Planned for the first half of 2027."',
            synonyms=("tell", "promise-customers", "words"),
        ),
    ),
    "/tendon": (
        Verb(
            "audience",
            audience.open_audience,
            says="Which user groups and channels face customers. They read what customers may be told.",
            synonyms=("groups", "customer-facing"),
        ),
    ),
}
ACTIONS = {
    views.OPEN: saying.open_form,
    views.PICK_DAY: saying.pick_day,
    views.TRUE: saying.still_true,
    views.ASK: asking.ask_owner,
    views.TELL: waiting.wait_for_it,
    views.UNTELL: waiting.wait_no_more,
    views.AUDIENCE: audience.open_audience,
}
VIEWS = {views.FORM: saying.save_form, views.SET: audience.save_audience}
ON = {
    ReleaseMoved: Subscriber("saying.doubt_after_a_move", asking.doubt_after_a_move, where=asking.HAS_WORDS),
    ReleaseReached: waiting.tell_it_is_out,
    ReleaseRolledBack: waiting.correct,
    ReleaseCancelled: waiting.tell_it_will_not_come,
    ReleaseCorrected: (asking.trust_after_an_undo, waiting.correct_undone),
}
MENU = (MenuItem("Who faces customers", views.AUDIENCE, 90, "Groups and channels that read what customers may be told."),)
