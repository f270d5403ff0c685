"""How much Tendon tells somebody that they did not ask for: `/tendon notices`, and the same in Home."""

from bot.slices import Contribution, Verb
from handlers.notices import listeners, views

VERBS = {
    "/tendon": (
        Verb(
            "notices",
            listeners.set_notices,
            usage="[quiet|normal|everything]",
            says="How much you hear that you did not ask for; alone it shows what you chose.",
            example="/tendon notices quiet",
            synonyms=("notice", "notifications", "noise"),
        ),
    )
}
ACTIONS = {views.CHOOSE: listeners.press_choice}
HOME = (Contribution(80, listeners.at_home),)
