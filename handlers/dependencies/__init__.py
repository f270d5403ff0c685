"""What one team needs of another: asked, answered, promised, reminded of, delivered."""

from bot.slices import Command, Contribution, Job, MenuItem, Verb
from domain.digests import NEEDS_SOMEONE
from domain.facts import WorkingTimeChanged
from handlers.dependencies import answering, asking, jobs, mine, views

COMMANDS = (
    Command(
        "/dependency",
        says="Ask another team for something by a day, and be reminded.",
        verbs=(
            Verb(
                "ask",
                asking.ask_team,
                usage="TEAM for WHAT by DATE [for RELEASE]",
                says="Ask a team. Its lead answers with a button.",
                example="/dependency ask Payments for the refund API by 16 November for Receipts",
                synonyms=("new", "need", "request"),
            ),
            Verb("list", asking.list_asks, usage="[TEAM]", says="What is open between teams.", synonyms=("all", "ls", "status")),
            Verb("show", asking.show_ask, usage="D-7", says="One ask.", synonyms=("view", "open")),
            Verb(
                "deliver",
                answering.deliver,
                usage="D-7",
                says="Say that it is delivered.",
                synonyms=("delivered", "done", "close"),
            ),
        ),
        bare=asking.list_asks,
        otherwise=asking.show_ask,
    ),
)
ACTIONS = {
    views.ASK: asking.open_ask,
    views.OPEN: asking.open_card,
    views.LIST: asking.list_asks,
    views.CANCEL: asking.cancel_ask,
    views.ACCEPT: answering.accept,
    views.PICK_DAY: asking.pick_day,
    views.AGREE: answering.agree,
    views.OFFER: answering.open_offer,
    views.DECLINE: answering.open_decline,
    views.DELIVER: answering.press_delivered,
    views.SNOOZE: answering.snooze,
}
VIEWS = {
    views.SAVE_ASK: asking.save_ask,
    views.SAVE_OFFER: answering.save_offer,
    views.SAVE_DECLINE: answering.save_decline,
}
ON = {WorkingTimeChanged: jobs.remind_anew}
JOBS = (Job("dependency-reminders", jobs.remind, every=60),)
MENU = (MenuItem("Ask a team", views.ASK, 40, "Ask another team for something by a day."),)
DIGEST = (Contribution(NEEDS_SOMEONE, jobs.digest_sections),)
HOME = (Contribution(20, mine.asks_for_me),)
