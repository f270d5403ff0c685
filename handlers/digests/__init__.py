"""Weekly digests: once per channel and week, at wall-clock time, for exactly the eyes of that channel."""

from bot.slices import Command, Job, MenuItem, Verb
from handlers.digests import editions, listeners, views

COMMANDS = (
    Command(
        "/digest",
        says="The weekly digest of a channel.",
        verbs=(
            Verb(
                "subscribe",
                listeners.subscribe,
                usage="every DAY at TIME [in ZONE] [for TEAM]",
                says="Send this channel a digest every week. One that was missed is sent late, up to three days, once.",
                example="/digest subscribe every Monday at 09:00 in Berlin",
                synonyms=("start", "add", "new", "set", "every", "weekly"),
            ),
            Verb("list", listeners.list_digests, says="Which channels get one.", synonyms=("all", "ls")),
            Verb("preview", listeners.preview, says="The next one as it would be now; only you see it."),
            Verb("now", listeners.preview, says="The digest as of now; only you see it, and the weekly one still comes."),
            Verb("pause", listeners.pause, says="Send none until it is resumed.", synonyms=("hold",)),
            Verb("resume", listeners.resume, says="Go on after a pause.", synonyms=("continue", "unpause")),
            Verb("stop", listeners.stop, says="Send no more.", synonyms=("unsubscribe", "end", "remove")),
        ),
        bare=listeners.list_digests,
    ),
)
ACTIONS = {
    views.SUBSCRIBE: listeners.open_form,
    views.CHANGE: listeners.open_form,
    views.PREVIEW: listeners.preview,
    views.LIST: listeners.list_digests,
    views.PAUSE: listeners.pause,
    views.RESUME: listeners.resume,
    views.STOP: listeners.stop,
}
VIEWS = {views.SAVE: listeners.save}
JOBS = (Job("digests", editions.send_due, every=30),)
MENU = (MenuItem("Digests", views.LIST, 50, "Which channels get a weekly digest, and when."),)
