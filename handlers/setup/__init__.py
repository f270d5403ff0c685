"""Set-up: nine steps that make Tendon useful, in Home and by `/tendon setup`; each has a default that works and can be skipped."""

from bot.slices import Contribution, Verb
from domain.facts import Installed
from domain.setup import Step
from handlers.setup import listeners, operations, steps, teaming, views, worktime

VERBS = {
    "/tendon": (
        Verb(
            "setup", listeners.show_steps, says="What is set up, and what is left.", synonyms=("set-up", "settings", "configure", "install")
        ),
    )
}
ACTIONS = {
    views.SKIP: listeners.skip_step,
    views.DONE: listeners.finish_step,
    views.SHOW: listeners.show_steps,
    views.OPEN[Step.OPERATIONS]: operations.open_operations,
    views.OPEN[Step.TIME]: worktime.open_time,
    views.OPEN[Step.TEAMS]: teaming.open_teams,
    views.OPEN[Step.SEVERITY]: listeners.open_severity,
    views.OPEN[Step.POLICY]: listeners.open_policy,
    views.OPEN[Step.NOTE]: listeners.open_note,
}
VIEWS = {
    views.SAVE[Step.OPERATIONS]: operations.save_operations,
    views.SAVE[Step.TIME]: worktime.save_time,
    views.SAVE[Step.TEAMS]: teaming.save_teams,
    views.SAVE[Step.SEVERITY]: listeners.save_severity,
    views.SAVE[Step.POLICY]: listeners.save_policy,
    views.SAVE[Step.NOTE]: listeners.save_note,
}
ON = {Installed: steps.greet_installer}
HOME = (Contribution(-10, steps.at_home),)
GREET = (Contribution(10, steps.at_menu),)
