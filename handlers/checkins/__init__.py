"""The weekly question: each owner is asked, once a week, whether the dates are still right that changed nothing for 7 days."""

from bot.effects import Effect
from bot.slices import Contribution, Job, Verb
from domain.digests import UNCONFIRMED
from domain.facts import HomeUsed
from handlers.checkins import answering, asking, at_home, confirmations, digesting, views, views_home

VERBS = {
    "/release": (
        Verb(
            "confirmations",
            confirmations.show_confirmations,
            usage="[on DAY at TIME]",
            says="Who answered the weekly question; with a day and a time, when it is asked. For product operations.",
            example="/release confirmations on Thursday at 10:00",
        ),
    )
}
ACTIONS = {
    views.CONFIRM: answering.confirm,
    views.NEXT: answering.turn_page,
    views.MORE: confirmations.show_more,
    views.CHANGE: confirmations.open_rhythm,
    views_home.OPEN: at_home.open_list,
    views_home.RIGHT: at_home.still_right,
    views_home.TURN: at_home.turn_list,
}
VIEWS = {views.SAVE: confirmations.save_rhythm}
JOBS = (Job("checkins", asking.look_who_is_due, every=30), Job("checkin-answers", asking.redraw_answered, every=10))
EFFECTS = {
    asking.ASK: Effect(asking.ask_all, in_doubt="repeat"),
    views_home.LISTED: Effect(at_home.show_again, in_doubt="repeat"),
}
ON = {HomeUsed: at_home.draw_again}
DIGEST = (Contribution(UNCONFIRMED, digesting.digest_sections),)
HOME = (Contribution(30, at_home.dates_to_confirm),)
