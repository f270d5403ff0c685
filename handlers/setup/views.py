"""How set-up looks: what is left with a button each, and the forms of the steps that have no home elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.escalations import LONGEST_WORD, Scale, Severity, write_goal
from domain.phrases import say_count, say_list
from domain.setup import PastedTeam, Policy, Progress, Proposal, Step
from domain.working import TICKS, Working, write_countries, write_days_off

SHOW = "setup:show"
SKIP = "setup:skip"
STEP = "setup"  # what the button of a step carries, so that other slices know where they were asked from
DONE = "setup:done"
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
CHANGED = {*SAVE, Step.HOME} - {Step.NOTE}  # what is kept; the others are done anew
SAYS = {
    Step.OPERATIONS: ("Product operations", "Who looks after Tendon: people, or user groups."),
    Step.HOME: ("Home channel", "Where things go that have no other place."),
    Step.TIME: ("Working time", "Zone, days, hours, holidays and days off. Teams have them too."),
    Step.TEAMS: ("Teams", "Who leads what, and where: tick what was found, or paste."),
    Step.RELEASES: ("Releases", "Bring in what you have: a spreadsheet, or pasted cells."),
    Step.SEVERITY: ("Severities", "Your words for how bad it is, with the times to answer."),
    Step.POLICY: ("Who may change what", "Anyone, owners and leads, or product operations."),
    Step.DIGEST: ("First digest", "See what the channel would get on Monday."),
    Step.NOTE: ("A note to all owners", "What Tendon will ask of them, once."),
}
POLICIES = (
    ("Anyone; the owner may undo", Policy.OPEN.value),
    ("Owners and team leads", Policy.OWNERS.value),
    ("Product operations", Policy.OPERATIONS.value),
)
LONGEST_NOTE = 2000
MOST_TICKS, MOST_OFFERED = 10, 100  # what Slack's checkboxes and menus hold
SHOWN_NOTES = 18


def next_step(shown: Progress) -> list[Block]:
    """In Home: how far it is, and the next step that is left."""
    step = shown.left[0]
    more = len(shown.left) - 1
    return [
        kit.section(f"*{shown.words}*", accessory=kit.button("All steps", SHOW, about="set-up") if more else None),
        *_step(step, "Next: "),
    ]


def left(shown: Progress) -> list[Block]:
    """A heading, and the steps that are left."""
    return [kit.section(f"*{shown.words}*"), *(block for step in shown.left for block in _step(step))]


def _step(step: Step, opening: str = "") -> list[Block]:
    label, says = SAYS[step]
    return [
        kit.section(f"*{opening}{label}*\n{says}"),
        kit.actions(
            kit.button("Set up", OPEN[step], STEP, about=label),
            kit.button("Skip", f"{SKIP}:{step}", step.value, about=label),
        ),
    ]


def above_menu(shown: Progress) -> list[Block]:
    """One line for those who set up, while something is left."""
    label, _ = SAYS[shown.left[0]]
    return [
        kit.section(f"*{shown.words}*. Next: {label[0].lower()}{label[1:]}.", accessory=kit.button("Set-up", SHOW, about="what is left"))
    ]


def all_steps(shown: Progress) -> Message:
    """What is left, then what is done or skipped, each to be changed at any time."""
    lines = [f"{_mark(step, shown)} {SAYS[step][0]}: {SAYS[step][1]}" for step in Step]
    settled = [
        kit.section(
            f"{_mark(step, shown)} *{SAYS[step][0]}*",
            accessory=kit.button("Change" if step in CHANGED else "Open", OPEN[step], about=SAYS[step][0]),
        )
        for step in Step
        if step not in shown.left
    ]
    return Message("\n".join([f"{shown.words}.", *lines]), [*left(shown), *settled])


def _mark(step: Step, shown: Progress) -> str:
    return "Done:" if step in shown.done else "Skipped:" if step in shown.skipped else "To do:"


def hello(prefix: str) -> Message:
    """What the first administrator who opens Home is told, once."""
    said = (
        "Hello, I am Tendon. I keep release dates, promises between teams, escalations and what customers say, here where you talk. "
        f"Nine short steps set me up, and each can be skipped: `/{prefix}tendon setup`. They also stand in my Home."
    )
    return Message(said, [kit.section(said), kit.actions(kit.button("Start", SHOW, about="the set-up", style="primary"))])


def operations(people: Sequence[str], groups: Sequence[tuple[str, str]], chosen: Sequence[str], origin: Mapping[str, str]) -> View:
    """`groups` are `(label, id)`."""
    blocks = [
        kit.section("They see and may put right everything, route escalations, and set Tendon up. To hand over, choose somebody else."),
        kit.ask_people("people", "People", people, optional=True),
    ]
    if groups:
        hint = "Whoever joins or leaves a group in Slack gains or loses this."
        blocks.append(kit.ask_some("groups", "User groups", groups, chosen, hint=hint))
    blocks.append(kit.context("Whoever is new to it gets a message. Somebody is always in charge."))
    return kit.modal("Product operations", blocks, callback_id=SAVE[Step.OPERATIONS], submit="Save", metadata=origin)


def made_operations(by: str, prefix: str) -> Message:
    said = (
        f"{kit.name(by)} made you product operations for Tendon. You see and may put right everything, and escalations without a team "
        f"come to you. What is left to set up stands in my Home, and under `/{prefix}tendon setup`."
    )
    return Message(said, [kit.section(said), kit.actions(kit.button("Set-up", SHOW, about="what is left", style="primary"))])


def operations_now(names: Sequence[str], groups: Sequence[tuple[str, int]], told: int, *, is_in: bool) -> Message:
    """`groups` are `(handle, how many people)`."""
    said = [kit.safe(name) for name in names[:20]] + ([f"{len(names) - 20} more"] if len(names) > 20 else [])
    said += [f"{kit.safe(handle)} ({say_count(count, 'person', 'people')})" for handle, count in groups]
    lines = [
        f"Product operations: {say_list(said)}.",
        f"{say_count(told, 'person is', 'people are')} told." if told else "",
        "" if is_in else "You are not among them any more.",
    ]
    return Message(" ".join(filter(None, lines)))


def time(now: Working, zone: str, origin: Mapping[str, str]) -> View:
    blocks = [
        kit.ask_words("zone", "Time zone", zone, hint="A city, such as Berlin.", most=100),
        kit.ask_ticks("weekdays", "Working days", TICKS, list(now.weekdays), optional=False),
        kit.ask_words("hours", "Working hours", f"{now.starts_at:%H:%M}-{now.ends_at:%H:%M}", hint="Such as 09:00-17:00.", most=40),
        kit.ask_words(
            "holidays", "Public holidays of", write_countries(now.holidays), optional=True, hint="Countries, such as DE, US.", most=300
        ),
        kit.ask_words(
            "days_off", "Company days off", write_days_off(now.days_off), lines=True, optional=True,
            hint="One a line, with a name: 24 Dec 2026 Christmas Eve. Or 28 Dec 2026 to 31 Dec 2026 Winter break.",
        ),
        kit.context("Teams have all this too, also when it changes, but for what they set themselves."),
    ]  # fmt: skip
    return kit.modal("Working time", blocks, callback_id=SAVE[Step.TIME], submit="Save", metadata=origin)


def teams(found: Sequence[Proposal], origin: Mapping[str, str]) -> View:
    """A checklist of what was found, as ticks while these fit, and lines to paste."""
    entries = [(one.label, one.value) for one in found[:MOST_OFFERED]]
    sure = [one.value for one in found[:MOST_OFFERED] if one.is_sure]
    blocks: list[Block] = []
    if entries:
        asked = kit.ask_ticks if len(entries) <= MOST_TICKS else kit.ask_some
        blocks.append(asked("proposed", "Found by the names of channels and user groups", entries, sure))
    if len(found) > len(entries):
        blocks.append(kit.context(f"{len(found) - len(entries):,} more were found: save these, then open this step again."))
    hint = "A line for each team: team, lead, channel. Lead and channel may be left out. Such as: Payments, Paul Lind, #team-payments"
    blocks += [
        kit.ask_words("teams", "Or paste them" if entries else "Teams", lines=True, most=3000, optional=bool(entries), hint=hint),
        kit.context("Teams of the same name are kept and completed."),
    ]
    return kit.modal("Teams", blocks, callback_id=SAVE[Step.TEAMS], submit="Save", metadata=origin)


def saved_teams(made: Sequence[PastedTeam], completed: Sequence[PastedTeam], leaderless: int) -> Message:
    noted = [f"{kit.cut(team.name, 40)}: {team.note}." for team in [*made, *completed] if team.note]
    lines = [
        f"{say_count(len(made), 'team')} added, {say_count(len(completed), 'team')} completed.",
        f"{say_count(leaderless, 'team has', 'teams have')} no lead yet: open one below, and *Edit* names its lead." if leaderless else "",
        *noted[:SHOWN_NOTES],
        f"{len(noted) - SHOWN_NOTES} more lines had something that was not found." if len(noted) > SHOWN_NOTES else "",
    ]
    said = kit.safe("\n".join(filter(None, lines)))
    return Message(said, [kit.section(said), kit.actions(kit.button("Teams", "teams:list"))])


def severity(scale: Scale, origin: Mapping[str, str]) -> View:
    blocks: list[Block] = [kit.section("What you call them, and by when each is to be acknowledged and solved.")]
    for each in Severity:
        acknowledge, resolve = (write_goal(goal) for goal in scale.goals[each])
        blocks += [
            kit.divider(),
            kit.ask_words(f"{each}:words", f"{each.words}: your word", scale.words(each), optional=True, most=LONGEST_WORD),
            kit.ask_words(f"{each}:acknowledge", f"{each.words}: acknowledge in", acknowledge, most=20),
            kit.ask_words(f"{each}:resolve", f"{each.words}: solve in", resolve, most=20),
        ]
    blocks.append(
        kit.context("Write 30 min, 4 h or 2 days: each team's working time, for Critical around the clock. What is open keeps its times.")
    )
    return kit.modal("Severities", blocks, callback_id=SAVE[Step.SEVERITY], submit="Save", metadata=origin)


def policy(chosen: str, origin: Mapping[str, str]) -> View:
    blocks = [
        kit.ask_one("policy", "Releases may be changed by", POLICIES, chosen),
        kit.context("Everybody sees who changed what, when and why. When somebody else changes a release, its owner is told."),
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
