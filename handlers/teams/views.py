"""How a team looks: a line, a card, a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any

from bot import blockkit as kit
from bot.answers import Block, Message, View
from domain.phrases import say_zone
from domain.sources import Answering
from domain.working import TICKS, Working, say_weekdays, write_countries

NEW = "teams:new"
EDIT = "teams:edit"
OPEN = "teams:open"
LIST = "teams:list"
BIND = "teams:bind"
SAVE = "teams:save"
SAVE_CHANNEL = "teams:save_channel"
CHOOSE = "teams:choose"

PAGE = 12
NOTES = {
    Answering.OUTSIDERS: " People from outside the company, or guests, read here, so what is asked of the team goes to the home channel.",
    Answering.NOT_THERE: " I am not in it yet: say `/invite @Tendon` here.",
}


@dataclass(frozen=True, slots=True)
class TeamCard:
    """A team as it is drawn. People and channels are Slack ids. What it sets of its working time is None where it has the company's."""

    id: int | None = None
    name: str = ""
    lead: str | None = None
    deputy: str | None = None
    zone: str | None = None
    holidays: str | None = None
    weekdays: str | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    company: Working = field(default_factory=Working)
    channel: str | None = None
    members: Sequence[str] = ()
    open_releases: int = 0

    @property
    def hours(self) -> str:
        names = ("zone", "holidays", "weekdays", "starts_at", "ends_at")
        return replace(self.company, **{name: mine for name in names if (mine := getattr(self, name)) is not None}).words


def card(team: TeamCard, saved: str = "") -> Message:
    """`saved` is the first line after a change, such as "Payments is saved."."""
    lead = kit.person(team.lead, "nobody yet")
    place = kit.channel(team.channel) if team.channel else "no channel yet: say `/team channel` in it"
    count = f"{team.open_releases} open release{'' if team.open_releases == 1 else 's'}"
    first = saved or f"{team.name}: {count}"
    text = f"{kit.safe(first)}\nLead: {lead}. Channel: {place}. Works {kit.safe(team.hours)}."
    blocks = [
        kit.section(f"*{kit.name(team.name)}*" + (f"\n{kit.safe(saved)}" if saved else f"\n{count}")),
        kit.fields(
            f"*Lead*\n{lead}",
            f"*Deputy*\n{kit.person(team.deputy, 'nobody yet')}",
            f"*Channel*\n{place}",
            f"*Works*\n{kit.safe(team.hours)}",
        ),
    ]
    if team.members:
        blocks.append(kit.context(f"Members: {', '.join(kit.person(each) for each in team.members[:20])}"))
    blocks.append(
        kit.actions(
            kit.button("Edit", EDIT, str(team.id), about=team.name), kit.button("Use this channel", BIND, str(team.id), about=team.name)
        )
    )
    return Message(text, blocks)


def listing(teams: Sequence[TeamCard], total: int) -> Message:
    """At most twelve; the first line says how many there are."""
    new = kit.button("New team", NEW)
    if not total:
        return Message("No teams yet. Add the first one.", [kit.section("No teams yet. Add the first one."), kit.actions(new)])
    said = f"{total} team{'' if total == 1 else 's'}" + (f", showing {len(teams)}" if len(teams) < total else "")
    blocks: list[Block] = [kit.section(f"*{said}*")]
    for team in teams:
        place = kit.channel(team.channel) if team.channel else "no channel"
        line = f"*{kit.name(team.name)}*\nLead: {kit.person(team.lead, 'nobody yet')} · {place} · {team.open_releases} open"
        blocks.append(kit.section(line, accessory=kit.button("Open", f"{OPEN}:{team.id}", str(team.id), about=team.name)))
    blocks.append(kit.actions(new))
    if len(teams) < total:
        blocks.append(kit.context("`/team show NAME` finds the others."))
    text = "\n".join([f"{said}.", *(f"{kit.name(team.name)}: lead {kit.person(team.lead, 'nobody yet')}" for team in teams)])
    return Message(text, blocks)


def form(team: TeamCard, origin: Mapping[str, Any], note: str = "") -> View:
    """A new team, or with an id a change of that one. `note` says what was typed and not understood."""
    blocks = [
        *([kit.section(f"Note: {kit.safe(note)}", block_id="note")] if note else []),
        kit.ask_words("name", "Name", team.name, most=80),
        kit.ask_person("lead", "Lead", team.lead, optional=True, hint="Asked first when another team needs something."),
        kit.ask_person("deputy", "Deputy", team.deputy, optional=True),
        *_working_time(team),
        kit.ask_people(
            "members",
            "Members",
            team.members,
            optional=True,
            hint="They may answer what other teams ask. Nobody: whoever is in the channel.",
        ),
    ]
    return kit.modal(
        "Edit team" if team.id else "New team",
        blocks,
        callback_id=SAVE,
        submit="Save",
        metadata={**origin, **({"team": team.id} if team.id else {})},
    )


def _working_time(team: TeamCard) -> list[Block]:
    """What is left empty is the company's, whatever that will be."""
    company = team.company
    hours = f"{team.starts_at:%H:%M}-{team.ends_at:%H:%M}" if team.starts_at and team.ends_at else ""
    off = write_countries(company.holidays) or "none"
    own = "none" if team.holidays == "" else write_countries(team.holidays or "")
    return [
        kit.ask_words(
            "zone", "Time zone", team.zone or "", optional=True, hint=f"A city. Empty: the company’s, {say_zone(company.zone)}.", most=60
        ),
        kit.ask_ticks("weekdays", "Working days", TICKS, list(team.weekdays or "")),
        kit.context(f"None ticked: the company’s, {say_weekdays(company.weekdays)}."),
        kit.ask_words("hours", "Working hours", hours, optional=True, hint=f"Empty: the company’s, {company.clock}.", most=20),
        kit.ask_words("holidays", "Holidays of", own, optional=True, hint=f"Countries, or “none”. Empty: the company’s, {off}.", most=200),
    ]


def choose_channel(teams: Sequence[TeamCard], channel: str, origin: Mapping[str, Any]) -> View:
    """Which team is this channel's? Asked when `/team channel` names none."""
    asked = ("Team channel", "Which team is this channel’s?", "Use this channel")
    return _choose(teams, *asked, callback_id=SAVE_CHANNEL, metadata={**origin, "bind": channel})


def choose_to_edit(teams: Sequence[TeamCard], origin: Mapping[str, Any]) -> View:
    """Asked when `/team edit` names none."""
    return _choose(teams, "Edit a team", "Which team?", "Edit", callback_id=CHOOSE, metadata=origin)


def _choose(teams: Sequence[TeamCard], title: str, question: str, submit: str, *, callback_id: str, metadata: Mapping[str, Any]) -> View:
    if not teams:
        return kit.modal(title, [kit.section("There are no teams yet. `/team new` adds one.")], callback_id=callback_id)
    asked = kit.ask_one("team", question, [(team.name, str(team.id)) for team in teams])
    return kit.modal(title, [asked], callback_id=callback_id, submit=submit, metadata=metadata)
