"""The report: one score of a period, against the one before, by group, and its trend. Figures may be read by everybody in the company."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.nps import Stretch, trend
from domain.periods import Period
from handlers.nps import asked, views
from handlers.nps.asked import YEARS_OF_A_TREND, Asked
from handlers.nps.views import Group, Report
from models.nps_reading import by_day, tallies_between, tally_between


@reads
async def show_report(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/nps report last quarter by region`."""
    access.reads_inside(request.actor)
    wanted = asked.read_asked(request.text, deps.today(request.actor.zone))
    return Say(views.report(await report(session, wanted, request, deps)))


@reads
async def press_report(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*By region* and the like; and the button of the menu."""
    access.reads_inside(request.actor)
    wanted = asked.read_value(request.value, deps.today(request.actor.zone))
    is_private = bool((request.body.get("container") or {}).get("is_ephemeral"))
    return Say(views.report(await report(session, wanted, request, deps)), replace=is_private and bool(request.value))


async def report(session: AsyncSession, wanted: Asked, request: Request, deps: Deps) -> Report:
    period, before = wanted.period, wanted.period.before
    groups: list[Group] = []
    if wanted.by:
        now = await tallies_between(session, period.first, period.last, wanted.by)
        then = await tallies_between(session, before.first, before.last, wanted.by)
        found = [Group(name, tally, then[key][1] if key in then else None) for key, (name, tally) in now.items()]
        groups = sorted(found, key=lambda group: (-group.tally.n, group.name))
    return Report(
        wanted,
        total=await tally_between(session, period.first, period.last),
        before=await tally_between(session, before.first, before.last),
        groups=groups,
        trend=await trend_until(session, period, deps.today(request.actor.zone)),
        now=deps.now(),
        zone=request.actor.zone,
    )


async def trend_until(session: AsyncSession, period: Period, today: date) -> list[Stretch]:
    """As far as the period has come: a month that is ahead has no answers to speak of."""
    until = min(period.last, today)
    return trend(await by_day(session, until - YEARS_OF_A_TREND, until), until)
