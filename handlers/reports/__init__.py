"""What leaders ask of releases: what changed, the roadmap, the report, as answers, files and calendars."""

from aiohttp import web

from bot.slices import MenuItem, Verb
from handlers.reports import calendars, decks, ids, listeners, making, sending

VERBS = {
    "/release": (
        Verb(
            "since",
            listeners.show_changes,
            usage="DATE [of TEAM]",
            says="What changed since then: shipped, cancelled, moved, new. Alone, in the last seven days.",
            example="/release since Monday",
            synonyms=("changes", "changed"),
            phrases=("what changed", "whats changed", "what's changed", "what has changed", "what's new", "whats new", "what is new"),
        ),
        Verb(
            "roadmap",
            listeners.show_roadmap,
            usage="[of TEAM]",
            says="Now, next and later, by quarter, as sure as each date is.",
            example="/release roadmap of Payments",
            synonyms=("timeline",),
        ),
        Verb(
            "report",
            listeners.show_report,
            usage="[PERIOD] [of TEAM]",
            says="What a period came to, against the one before: shipped, slip, moves and work, by team. Also as a CSV file.",
            example="/release report last quarter",
            synonyms=("review",),
        ),
        Verb(
            "deck",
            decks.make_deck,
            usage="[PERIOD] [of TEAM]",
            says="Seven slides as a file: verdict, what changed, dates, slips, dependencies, customers, next.",
            example="/release deck last quarter of Payments",
            synonyms=("slides", "presentation", "pptx"),
        ),
        Verb(
            "calendar",
            calendars.make_calendar,
            usage="[of TEAM]",
            says="A private address that keeps release days in your calendar up to date; a file where Tendon has no public address.",
            example="/release calendar of Payments",
            synonyms=("ical", "ics", "feed"),
        ),
    )
}
MENU = (
    MenuItem("Roadmap", ids.ROADMAP, 12, "Now, next and later, by quarter. Also for your calendar."),
    MenuItem("Report", ids.REPORT, 14, "What this quarter came to. Also as slides and as a CSV file."),
)
ACTIONS = {
    ids.ROADMAP: listeners.show_roadmap,
    ids.REPORT: listeners.show_report,
    ids.CALENDAR: calendars.make_calendar,
    ids.NEXT: listeners.turn_page,
    ids.CSV: sending.ask_for_csv,
    ids.DECK: decks.press_deck,
    ids.RENEW: calendars.renew,
    ids.STOP: calendars.stop,
}
EFFECTS = {ids.FILE: making.SEND}
ROUTES = (web.get("/calendar/{address}.ics", calendars.serve),)
