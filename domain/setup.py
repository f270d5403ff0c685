"""Setting Tendon up: nine steps, each with a default that works, each can be skipped. And who may change a release. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.errors import BadInput
from domain.nearest import fold
from domain.people import Someone, find_person
from domain.phrases import cut

LONGEST_TEAM = 80
MOST_TEAMS = 100


class Step(StrEnum):
    """What is to be set up, in order."""

    OPERATIONS = "operations"
    HOME = "home"
    TIME = "time"
    TEAMS = "teams"
    RELEASES = "releases"
    SEVERITY = "severity"
    POLICY = "policy"
    DIGEST = "digest"
    NOTE = "note"


class Policy(StrEnum):
    """Who may change a release."""

    OPEN = "open"
    OWNERS = "owners"
    OPERATIONS = "operations"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: the steps that are done, skipped, and left."""

    done: frozenset[Step]
    skipped: frozenset[Step]

    @property
    def left(self) -> list[Step]:
        return [step for step in Step if step not in self.done and step not in self.skipped]

    @property
    def words(self) -> str:
        return f"Set-up, {len(self.done)} of {len(Step)}"


def progress(kept: Mapping[str, Collection[str]], seen: Collection[Step]) -> Progress:
    """`kept` are the steps by "done" and "skipped"; `seen` are those that the data itself shows as done."""
    done = frozenset(Step(step) for step in kept.get("done", ())) | frozenset(seen)
    return Progress(done, frozenset(Step(step) for step in kept.get("skipped", ())) - done)


def may_change(policy: str, person: str, answerable: Collection[str | None], *, is_operations: bool) -> bool:
    """Whether somebody may change a release; `answerable` are its owner, lead and deputy. What nobody answers for, anybody may take up."""
    if is_operations or policy == Policy.OPEN:
        return True
    named = {one for one in answerable if one}
    return policy == Policy.OWNERS and (person in named or not named)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A team that a channel or a user group seems to be of. `is_sure`: it is a channel, and its name says team, not project."""

    name: str
    channel: str = ""
    where: str = ""
    is_sure: bool = False

    @property
    def label(self) -> str:
        return f"{cut(self.name, 40)} · {cut(self.where, 30)}"

    @property
    def value(self) -> str:
        return f"{self.channel}:{self.name}"[:150]

    @classmethod
    def of_value(cls, value: str) -> Proposal:
        channel, _, name = value.partition(":")
        return cls(name[:LONGEST_TEAM], channel)

    def as_team(self) -> PastedTeam:
        return PastedTeam(self.name, channel=self.channel or None)


_TEAM = "team|squad|crew|tribe|pod"
_NAMED = re.compile(rf"(?:(?P<sure>{_TEAM})|proj|project|feat|feature)[-_](?P<name>.+)|(?P<before>.+)[-_](?P<last>{_TEAM})", re.IGNORECASE)


def proposed(channels: Iterable[tuple[str, str]], handles: Iterable[str], taken: Collection[str]) -> list[Proposal]:
    """Teams by the names of channels `(name, id)`, such as team-payments or proj-atlas, and of user groups; the sure ones first.

    `taken` are folded names and channels of the teams there are. #team-payments-alerts is of the team of #team-payments.
    """
    found: dict[str, Proposal] = {}
    rooms = sorted(channels)
    names = {name for name, _ in rooms}
    for name, channel in rooms:
        if channel not in taken and not any(name.startswith(f"{other}-") for other in _shorter(name) & names):
            _propose(found, name, channel, f"#{name}")
    for handle in sorted(handles):
        _propose(found, handle, "", f"@{handle}")
    new = (one for key, one in found.items() if key not in taken)
    return sorted(new, key=lambda one: (not one.is_sure, fold(one.name)))


def _shorter(name: str) -> set[str]:
    """Names that a name goes on from: "team-payments" of "team-payments-alerts", but not "team"."""
    parts = name.split("-")
    return {"-".join(parts[:n]) for n in range(2, len(parts))}


def _propose(found: dict[str, Proposal], said: str, channel: str, where: str) -> None:
    match = _NAMED.fullmatch(said)
    if match is None:
        return
    name = " ".join(re.split(r"[-_ ]+", match["name"] or match["before"])).strip()[:LONGEST_TEAM]
    known = found.get(fold(name))
    if fold(name) and (known is None or not known.channel):
        is_sure = bool(channel and (match["sure"] or match["last"]))  # a group may be of anybody
        found[fold(name)] = Proposal(name[:1].upper() + name[1:], channel, where, is_sure)


@dataclass(frozen=True, slots=True)
class PastedTeam:
    """One pasted line: a team, its lead and its channel by their ids, where they are known, and what is to be said of the line."""

    name: str
    lead: str | None = None
    channel: str | None = None
    note: str = ""


def read_teams(text: str, people: Sequence[Someone], channels: Mapping[str, str]) -> list[PastedTeam]:
    """Lines of *team, lead, channel*, also with tabs or semicolons; `channels` are ids by name. Raises BadInput{"teams"}."""
    rows = [[cell.strip() for cell in _cells(line)] for line in text.splitlines() if line.strip(" \t,;")]
    if rows and fold(rows[0][0]) in ("team", "teams", "name"):
        rows = rows[1:]
    if not rows:
        raise BadInput({"teams": "Paste a line for each team: team, lead, channel. Nothing was saved."})
    if len(rows) > MOST_TEAMS:
        raise BadInput({"teams": f"That are {len(rows):,} lines; at most {MOST_TEAMS} at a time. Nothing was saved."})
    long = next((row[0] for row in rows if len(row[0]) > LONGEST_TEAM or not row[0]), None)
    if long is not None:
        raise BadInput({"teams": f'"{cut(long, 40)}" is no name of at most {LONGEST_TEAM} characters. Nothing was saved.'})
    return [_team(row, people, channels) for row in rows]


def _cells(line: str) -> list[str]:
    sign = next((sign for sign in ("\t", ";", ",") if sign in line), ",")
    return line.split(sign)


def _team(row: list[str], people: Sequence[Someone], channels: Mapping[str, str]) -> PastedTeam:
    name, lead_said, channel_said = (*row, "", "")[:3]
    lead = find_person(lead_said, people) if lead_said else None
    able = lead if lead and not lead.cannot else None
    channel = channels.get(channel_said.removeprefix("#").casefold())
    notes = []
    if lead_said and able is None:
        why = f"{lead.name} {lead.cannot}" if lead else f'nobody is called "{cut(lead_said, 40)}"'
        notes.append(f"{why}, so it has no lead yet")
    if channel_said and channel is None:
        notes.append(f'there is no channel "{cut(channel_said, 40)}"')
    return PastedTeam(" ".join(name.split()), able.id if able else None, channel, "; ".join(notes))
