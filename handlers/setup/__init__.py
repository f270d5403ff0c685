"""Set-up: nine steps that make Tendon useful, in Home and by `/tendon setup`; each has a default that works and can be skipped."""

from bot.slices import Contribution, Verb
from domain.setup import Step
from handlers.setup import listeners, steps, views

VERBS = {
    "/tendon": (
        Verb(
            "setup", listeners.show_steps, says="What is set up, and what is left.", synonyms=("set-up", "settings", "configure", "install")
        ),
    )
}
ACTIONS = {
    views.SKIP: listeners.skip_step,
    views.SHOW: listeners.show_steps,
    views.OPEN[Step.OPERATIONS]: listeners.open_operations,
    views.OPEN[Step.TIME]: listeners.open_time,
    views.OPEN[Step.TEAMS]: listeners.open_teams,
    views.OPEN[Step.SEVERITY]: listeners.open_severity,
    views.OPEN[Step.POLICY]: listeners.open_policy,
    views.OPEN[Step.NOTE]: listeners.open_note,
}
VIEWS = {
    views.SAVE[Step.OPERATIONS]: listeners.save_operations,
    views.SAVE[Step.TIME]: listeners.save_time,
    views.SAVE[Step.TEAMS]: listeners.save_teams,
    views.SAVE[Step.SEVERITY]: listeners.save_severity,
    views.SAVE[Step.POLICY]: listeners.save_policy,
    views.SAVE[Step.NOTE]: listeners.save_note,
}
HOME = (Contribution(60, steps.at_home),)
