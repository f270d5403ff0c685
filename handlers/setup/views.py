"""How set-up looks: what is left with a button each, and the forms of the steps that have no home elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.escalations import Goals, Severity, write_goal
from domain.phrases import say_count
from domain.setup import PastedTeam, Policy, Progress, Step

SHOW = "setup:show"
SKIP = "setup:skip"
OPEN = {
    Step.OPERATIONS: "setup:operations",
    Step.HOME: "tendon:choose_home",
    Step.TIME: "setup:time",
    Step.TEAMS: "setup:teams",
    Step.RELEASES: "plans:open",
    Step.SEVERITY: "setup:severity",
    Step.POLICY: "setup:policy",
    Step.DIGEST: "digests:preview",
    Step.NOTE: "setup:note",
}
SAVE = {step: f"setup:save_{step}" for step in (Step.OPERATIONS, Step.TIME, Step.TEAMS, Step.SEVERITY, Step.POLICY, Step.NOTE)}
SAYS = {
    Step.OPERATIONS: ("Product operations", "Who looks after Tendon: they may see and put right everything."),
    Step.HOME: ("Home channel", "Where things go that have no other place."),
    Step.TIME: ("Working time", "Zone, hours and holidays. Teams start with them."),
    Step.TEAMS: ("Teams", "Who leads what, and where: paste the list."),
    Step.RELEASES: ("Releases", "Bring in what you have: a spreadsheet, or pasted cells."),
    Step.SEVERITY: ("Severities", "Critical, High, Normal and Low, with the times to answer."),
    Step.POLICY: ("Who may change what", "Anyone, owners and leads, or product operations."),
    Step.DIGEST: ("First digest", "See what the channel would get on Monday."),
    Step.NOTE: ("A note to all owners", "What Tendon will ask of them, once."),
}
POLICIES = (
    ("Anyone: the owner is told and may undo", Policy.OPEN.value),
    ("Owners and team leads", Policy.OWNERS.value),
    ("Product operations", Policy.OPERATIONS.value),
)
LONGEST_NOTE = 2000


def left(shown: Progress, most: int = len(Step)) -> list[Block]:
    """A heading, and the next steps that are left."""
    blocks: list[Block] = [kit.section(f"*{shown.words}*")]
    for step in shown.left[:most]:
        label, says = SAYS[step]
        blocks.append(kit.section(f"*{label}*  {says}"))
        blocks.append(
            kit.actions(
                kit.button("Set up", f"{OPEN[step]}", about=label),
                kit.button("Skip", f"{SKIP}:{step}", step.value, about=label),
            )
        )
    return blocks


def all_steps(shown: Progress) -> Message:
    lines = [f"{_mark(step, shown)} {SAYS[step][0]}: {SAYS[step][1]}" for step in Step]
    marks = "\n".join(f"{_mark(step, shown)} *{SAYS[step][0]}*  {SAYS[step][1]}" for step in Step if step not in shown.left)
    blocks = left(shown) + ([kit.section(marks)] if marks else [])
    if not shown.left:
        blocks.append(kit.context("Nothing is left. Each can be changed: a team by `/team edit`, the rest here."))
        blocks.append(kit.actions(*(kit.button(SAYS[step][0], OPEN[step]) for step in (Step.OPERATIONS, Step.TIME, Step.POLICY))))
    return Message("\n".join([f"{shown.words}.", *lines]), blocks)


def _mark(step: Step, shown: Progress) -> str:
    return "Done:" if step in shown.done else "Skipped:" if step in shown.skipped else "To do:"


def hello(prefix: str) -> Message:
    """What the first administrator who opens Home is told, once."""
    said = (
        "Hello, I am Tendon. I keep release dates, promises between teams, escalations and what customers say, here where you talk. "
        f"Nine short steps set me up, and each can be skipped: `/{prefix}tendon setup`. They also stand in my Home."
    )
    return Message(said, [kit.section(said), kit.actions(kit.button("Start", SHOW, about="the set-up", style="primary"))])


def operations(people: Sequence[str], origin: Mapping[str, str]) -> View:
    picked = kit.ask_people("people", "Product operations", people, hint="They see everything, route escalations and set Tendon up.")
    return kit.modal("Product operations", [picked], callback_id=SAVE[Step.OPERATIONS], submit="Save", metadata=origin)


def time(zone: str, hours: str, holidays: str, origin: Mapping[str, str]) -> View:
    blocks = [
        kit.ask_words("zone", "Time zone", zone, hint="A city, such as Berlin."),
        kit.ask_words("hours", "Working hours", hours, hint="Such as 09:00-17:00, Monday to Friday."),
        kit.ask_words("holidays", "Public holidays of", holidays, optional=True, hint="A country, such as DE or Germany."),
        kit.context("New teams start with these. Teams that have them from here change along."),
    ]
    return kit.modal("Working time", blocks, callback_id=SAVE[Step.TIME], submit="Save", metadata=origin)


def teams(proposed: str, origin: Mapping[str, str]) -> View:
    blocks = [
        kit.section("A line for each team: *team, lead, channel*. Lead and channel may be left out."),
        kit.ask_words("teams", "Teams", proposed, lines=True, most=3000, hint="Payments, Paul Lind, #team-payments"),
        kit.context("The lines that stand here were guessed from your channels. Teams of the same name are kept and completed."),
    ]
    return kit.modal("Teams", blocks, callback_id=SAVE[Step.TEAMS], submit="Save", metadata=origin)


def saved_teams(made: Sequence[PastedTeam], completed: Sequence[PastedTeam]) -> Message:
    lines = [
        f"{say_count(len(made), 'team')} added, {say_count(len(completed), 'team')} completed.",
        *(f"{kit.cut(team.name, 40)}: {team.note}." for team in [*made, *completed] if team.note),
    ]
    said = kit.safe("\n".join(lines[:20]))
    return Message(said, [kit.section(said), kit.actions(kit.button("Teams", "teams:list"))])


def severity(goals: Goals, origin: Mapping[str, str]) -> View:
    blocks: list[Block] = [kit.section("By when an escalation is to be acknowledged and solved. Critical counts around the clock.")]
    for each in Severity:
        acknowledge, resolve = (write_goal(goal) for goal in goals[each])
        blocks.append(kit.ask_words(f"{each}:acknowledge", f"{each.words}: acknowledge in", acknowledge, most=20))
        blocks.append(kit.ask_words(f"{each}:resolve", f"{each.words}: solve in", resolve, most=20))
    blocks.append(kit.context("Write 30 min, 4 h or 2 days: each team's working time. What is open keeps its times."))
    return kit.modal("Severities", blocks, callback_id=SAVE[Step.SEVERITY], submit="Save", metadata=origin)


def policy(chosen: str, origin: Mapping[str, str]) -> View:
    blocks = [
        kit.ask_one("policy", "Releases may be changed by", POLICIES, chosen),
        kit.context("Whatever you choose: everybody sees who changed what, when and why."),
    ]
    return kit.modal("Who may change what", blocks, callback_id=SAVE[Step.POLICY], submit="Save", metadata=origin)


def note(owners: int, words: str, origin: Mapping[str, Any]) -> View:
    blocks = [
        kit.ask_words("words", "Your note", words, lines=True, most=LONGEST_NOTE),
        kit.context(f"It goes to {say_count(owners, 'person', 'people')}, each once, as a direct message from Tendon in your name."),
    ]
    return kit.modal("A note to all owners", blocks, callback_id=SAVE[Step.NOTE], submit="Send", metadata=origin)


def to_owner(words: str, sender: str) -> Message:
    said = kit.safe(words)
    return Message(f"{said}\n{kit.safe(sender)}", [kit.section(said), kit.context(f"From {kit.safe(sender)}, product operations")])
