"""`make run PLAN=folder`: a real plan in the local workspace, with its teams in their channels and its digest of last Monday."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from domain.errors import BadInput
from domain.plans import HISTORY, ITEMS, RELEASES, Plan, read_plan
from playground.days import Days, said
from playground.telling import Teller
from playground.tour import Guide
from playground.workspace import LocalSlack

if TYPE_CHECKING:
    from bot.app import App

YOU, LEAD, ASKER, SALES, OPERATIONS = "U0PIA", "U0MONA", "U0PETRA", "U0SAM", "U0OLGA"
MOST_CHANNELS = 8


@dataclass(frozen=True, slots=True)
class Folder:
    """The files of a plan, and what in it the workspace shows: the teams with most to do, and the release that is next."""

    path: Path
    plan: Plan
    teams: tuple[str, ...]
    release: str
    piece: str

    @property
    def files(self) -> tuple[Path, Path, Path | None]:
        history = self.path / HISTORY
        return self.path / RELEASES, self.path / ITEMS, history if history.is_file() else None


def read(path: Path) -> Folder:
    """Raises BadInput when a file is missing or cannot be read, or when nothing in the plan is open."""
    for name in (RELEASES, ITEMS):
        if not (path / name).is_file():
            raise BadInput({"plan": f"PLAN names {path}, and there is no {name} in it. A plan is a folder with {RELEASES} and {ITEMS}."})
    history = path / HISTORY
    plan = read_plan(path / RELEASES, path / ITEMS, history if history.is_file() else None)
    release = _next_release(plan)
    left = [item for item in plan.items if item.release == release and item.state == "open" and item.team]
    busy = Counter(item.team for item in left) or Counter(item.team for item in plan.items if item.team)
    teams = tuple(str(team) for team, _ in busy.most_common(MOST_CHANNELS))
    piece = next((item.title for item in left if item.team == teams[0]), "the next version") if teams else ""
    if len(teams) < 2:
        raise BadInput({"plan": f"The plan in {path} needs work of at least two teams, to show what they wait for."})
    return Folder(path, plan, teams, release, piece)


def _next_release(plan: Plan) -> str:
    """The open one with the latest day; else one that has open work."""
    dated = [one for one in plan.releases if one.dates and not one.shipped_on]
    if dated:
        return max(dated, key=lambda one: one.dates[-1].target_on).name
    waiting = Counter(item.release for item in plan.items if item.release and item.state == "open")
    if not waiting:
        raise BadInput({"plan": "Everything in this plan has shipped or was dropped, so there is nothing to show. Choose another folder."})
    return str(waiting.most_common(1)[0][0])


def company(folder: Folder) -> LocalSlack:
    first, second = folder.teams[:2]
    admin: dict[str, Any] = {"admin": True}
    slack = LocalSlack(seed=11, name="Plan")
    for id, name, zone, title, more in (
        (YOU, "Pia Marsh", "Europe/Berlin", "product manager", {}),
        (LEAD, "Mona Lake", "Europe/London", f"lead of {first}", {}),
        (ASKER, "Petra Oak", "America/New_York", f"lead of {second}", {}),
        (SALES, "Sam Hill", "America/New_York", "account manager", {}),
        (OPERATIONS, "Olga Prodan", "Europe/Berlin", "head of product operations", admin),
    ):
        slack.member(id, name, zone=zone, title=title, **more)
    everybody = [YOU, LEAD, ASKER, SALES, OPERATIONS]
    slack.channel("C0WEEKLY", "product-weekly", members=everybody, topic="What ships, what moved, and why")
    for number, team in enumerate(folder.teams):
        slack.channel(_channel(number), _slug(team), members=everybody if number == 0 else [YOU, OPERATIONS, ASKER])
    return slack


def _channel(number: int) -> str:
    return f"C0TEAM{number}"


def _slug(team: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", team.lower()).strip("-")[:80] or "team"


def guide(folder: Folder, days: Days, why: Sequence[str]) -> Guide:
    """`why` is the report of the import."""
    report = folder.plan.report
    taken, skipped = sum(report.taken.values()), len(report.skipped)
    return Guide(
        you=YOU,
        home="product-weekly",
        channel=_slug(folder.teams[0]),
        message="Globex",
        customer="Globex",
        release=folder.release,
        move_to=days.ahead(28),
        other=LEAD,
        other_title=f"lead of {folder.teams[0]}",
        note=f"Your plan is here: {taken:,} rows taken, {skipped:,} skipped.",
        why=why,
    )


async def tell(slack: LocalSlack, app: "App", folder: Folder) -> str:
    """Import it as of two weeks ago, say whose channels those are, and let last Monday's digest come."""
    days, teller = Days(slack.clock.now()), Teller(slack, app)
    async with teller.quickly():
        await teller.jump(days.last_monday() - timedelta(days=3))
        report = await teller.imports(*folder.files)
        await _set_up(teller, folder, days)
        await teller.jump(days.last_monday())
        await teller.says(OPERATIONS, "C0WEEKLY", "There it is: the week, from the plan. Please look at your part.")
    teller.reload()
    await slack.as_(SALES).say(_channel(0), f"Globex asks when they can have “{folder.piece}”. What may I say?")
    return "\n".join(report)


async def _set_up(teller: Teller, folder: Folder, days: Days) -> None:
    for number, team in enumerate(folder.teams):
        await teller.types(OPERATIONS, _channel(number), f'/team channel "{team}"')
    for person, team in ((LEAD, folder.teams[0]), (ASKER, folder.teams[1])):
        await teller.types(OPERATIONS, "C0WEEKLY", f'/team edit "{team}" lead <@{person}>')
    await teller.types(OPERATIONS, "C0WEEKLY", "/digest subscribe every Monday at 09:00 in Berlin")
    for person in (LEAD, ASKER, SALES, OPERATIONS):
        await teller.types(person, "C0WEEKLY", f"/release follow {folder.release}")
    what = f'for a review of the upgrade notes by {said(days.ahead(14))} for "{folder.release}"'
    await teller.types(ASKER, _channel(1), f'/dependency ask "{folder.teams[0]}" {what}')
