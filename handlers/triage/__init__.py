"""Triage: what customers said goes through a team's queue, and somebody looks at it on time."""

from bot.slices import Contribution, Job, Verb
from domain.digests import CUSTOMERS
from handlers.triage import asking, digesting, ids, instead, listeners, moving, report

VERBS = {
    "/customer-feedback": (
        Verb(
            "triage",
            listeners.triage,
            usage="[of TEAM] | teams | report [of TEAM]",
            says="What nobody has looked at yet, a team's oldest first; and how often that is done on time.",
            example="/customer-feedback triage of Payments",
            synonyms=("queue", "inbox"),
        ),
    ),
}
ACTIONS = {
    ids.OPEN: listeners.turn,
    ids.TURN: listeners.turn,
    ids.TEAMS: listeners.show_teams,
    ids.REPORT: report.press,
    ids.TAKE: listeners.take,
    ids.GIVE_BACK: listeners.give_back,
    ids.ASK: asking.open_question,
    ids.POST_HERE: asking.post_here,
    ids.MOVE: moving.open_move,
}
VIEWS = {ids.SEND_QUESTION: asking.send, ids.SAVE_MOVE: moving.save_move}
OPTIONS = {ids.TEAM: moving.offer_teams}
DIGEST = (Contribution(CUSTOMERS + 1, digesting.digest),)
JOBS = (Job("ask-privately-instead", instead.ask_privately, every=60),)
