"""NPS: answers come in from a sheet, a score is said with its margin of error, and a comment becomes feedback."""

from bot.effects import Effect
from bot.files import has_arrived
from bot.slices import Command, MenuItem, Verb
from handlers.nps import charting, comments, importing, reading, views

COMMANDS = (
    Command(
        "/nps",
        says="How likely customers are to recommend us: the score with its margin of error, and what they wrote.",
        verbs=(
            Verb(
                "report",
                reading.show_report,
                usage="[PERIOD] [by region|tier|area]",
                says="The score of a period against the one before. Alone, of the last 90 days.",
                example="/nps report last quarter by region",
                synonyms=("score", "show"),
            ),
            Verb(
                "comments",
                comments.show_comments,
                usage="[PERIOD]",
                says="What people wrote, the newest first; each becomes feedback with a button.",
                synonyms=("words", "verbatims"),
            ),
            Verb(
                "chart",
                charting.ask_for_chart,
                usage="[PERIOD]",
                says="The trend as a picture, by private message.",
                synonyms=("trend",),
            ),
            Verb(
                "import",
                importing.ANSWERS.open_form,
                says="Bring answers in from a survey: files, or pasted cells. The same answer counts once.",
                synonyms=("upload", "paste"),
            ),
        ),
        bare=reading.show_report,
        otherwise=reading.show_report,
    ),
)
ACTIONS = {
    views.REPORT: reading.press_report,
    views.CHART: charting.ask_for_chart,
    views.COMMENTS: comments.turn_page,
    views.LOG: comments.log_comment,
    **importing.ANSWERS.actions,
}
VIEWS = importing.ANSWERS.views
EFFECTS = {views.DRAW: Effect(charting.deliver, has_arrived), **importing.ANSWERS.effects}
MENU = (MenuItem("NPS", views.REPORT, 24, "The score with its margin of error, and what people wrote."),)
