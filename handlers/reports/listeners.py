"""One short function for each way to ask: what changed, the roadmap, the report."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.dates import Unclear
from domain.errors import NotFound
from domain.periods import Period, stretch
from domain.phrases import say_day
from handlers.reports import asking, outside, reading, views
from handlers.reports.asked import Asked

SINCE, ROADMAP, REPORT = "since", "roadmap", "report"


@reads
async def show_changes(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release since DATE [of TEAM]`."""
    today = deps.today(request.actor.zone)
    try:
        asked = await asking.read_asked(session, SINCE, request.text, today, asking.since)
    except Unclear as unclear:
        choices = [(say_day(day), Asked(SINCE, Period(day, today, "")).value()) for day in unclear.choices]
        return Say(views.which_day(unclear.sentence, choices))
    return Say(views.listing(await reading.changes(session, request.actor, asked, deps)))


@reads
async def show_roadmap(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release roadmap [of TEAM]`."""
    asked = await of_team(session, request, deps, ROADMAP)
    return Say(views.listing(await reading.roadmap(session, request.actor, asked, deps)))


async def of_team(session: AsyncSession, request: Request, deps: Deps, what: str) -> Asked:
    """What is of today and of the team that the line names, or of all. Raises NotFound."""
    team = await asking.find_team_alone(session, request.text or request.value or "")
    today = deps.today(request.actor.zone)
    return Asked(what, stretch(today, today), team.id if team else None, team.name if team else "")


@reads
async def show_report(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release report [PERIOD] [of TEAM]`."""
    outside.refuse(request.actor)
    zone = request.actor.zone
    asked = await asking.read_asked(session, REPORT, request.text, deps.today(zone))
    return Say(views.report(await reading.report(session, asked, deps, zone, deps.now())))


@reads
async def turn_page(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The next twelve, or the list from the day that was meant."""
    asked = await asking.read_value(session, request.value)
    find = {SINCE: reading.changes, ROADMAP: reading.roadmap}.get(asked.what)
    if find is None:
        raise NotFound("That button is too old to be read. Type the command once more.")
    is_private = bool((request.body.get("container") or {}).get("is_ephemeral"))
    return Say(views.listing(await find(session, request.actor, asked, deps)), replace=is_private)
