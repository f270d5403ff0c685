"""Trends: how often customers said something, by week and by group, against the period before."""

from bot.effects import Effect
from bot.files import has_arrived
from bot.slices import Verb
from handlers.trends import charting, listeners, views

VERBS = {
    "/customer-feedback": (
        Verb(
            "trends",
            listeners.show_trends,
            usage="[PERIOD] [by area|type|customer|team|region]",
            says="How often customers said what, by week, against the period before. Alone, of the last 12 weeks by area.",
            example="/customer-feedback trends this quarter by region",
            synonyms=("trend", "counts", "stats"),
        ),
    ),
}
ACTIONS = {views.TRENDS: listeners.press_trends, views.CHART: charting.ask_for_chart, views.SHARE: listeners.share}
EFFECTS = {views.DRAW: Effect(charting.deliver, has_arrived)}
