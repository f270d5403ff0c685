"""The front door: a menu of everything, Home, the channel for what has no other place, and what could not be sent."""

from bot.slices import Command, Verb
from domain.facts import HomeUsed
from handlers.tendon import listeners, views

COMMANDS = (
    Command(
        "/tendon",
        says="Everything that Tendon does, a button each.",
        verbs=(
            Verb("menu", listeners.show_menu, says="Everything, a button each.", synonyms=("start", "open", "hi", "hello")),
            Verb(
                "home",
                listeners.set_home_channel,
                usage="#channel",
                says="Set the channel for what has no other place; alone it asks which.",
                example="/tendon home #product-ops",
            ),
            Verb(
                "health", listeners.show_health, says="The queue, and what could not be sent, with the cure.", synonyms=("status", "queue")
            ),
            Verb("help", listeners.show_help, says="Every command there is.", synonyms=("commands", "?")),
        ),
        bare=listeners.show_menu,
    ),
)
ACTIONS = {views.CHOOSE_HOME: listeners.set_home_channel, views.RETRY: listeners.try_again, views.HEALTH: listeners.show_health}
VIEWS = {views.HOME: listeners.save_home_channel}
EVENTS = {"app_home_opened": listeners.draw_home}
ON = {HomeUsed: listeners.draw_home_again}
