"""What lists and reports say: read for one reader, or for everybody, and put together by the rules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.deps import Deps
from bot.requests import Actor
from bot.seeing import open_releases
from domain import happenings, reports, roadmaps
from domain.happenings import Happening
from domain.listed import Row, judged
from domain.periods import Period, whole
from domain.phrases import say_count, say_day
from domain.releases import slip
from domain.spans import quarter_of
from domain.working import calendar_of
from handlers.reports import ids, outside
from handlers.reports.asked import Asked
from handlers.reports.asking import instants
from handlers.reports.views import Entry, Listing, Report
from models import reports as stored
from models.base import workspace_of

Seen = ColumnElement[bool]
AT_ONCE = 100  # days; of a longer stretch there may be so much to read that others would wait for it


async def what_changed(session: AsyncSession, seen: Seen, since: datetime, until: datetime, team: int | None) -> list[Happening]:
    """One a release, the most important kind first, in each by name. Of one that ended nothing else counts, so nothing else is read."""
    found = _news(await stored.endings_between(session, since, until, seen, team=team))
    left = [key for key in await stored.changed_between(session, since, until, seen, team=team) if key not in found]
    found |= _news(await stored.changes_between(session, since, until, left))
    order = list(happenings.Kind)
    return sorted(found.values(), key=lambda each: (order.index(each.kind), each.name.casefold()))


def _news(rows: Sequence[Any]) -> dict[int, Happening]:
    found = {}
    for release, group in groupby(rows, key=lambda row: row.release_id):
        of_one = list(group)
        if news := happenings.happening(of_one, calendar_of(of_one[-1])):
            found[release] = news
    return found


async def changes(session: AsyncSession, viewer: Actor, asked: Asked, deps: Deps) -> Listing:
    """`/release since DATE`."""
    now = deps.now()
    found = await _since(session, viewer, asked, deps, now)
    if viewer.faces_customers:
        found = outside.shipped_only(found)
    whose = f"{asked.team_name}, since" if asked.team_name else "Since"
    title = f"{whose} {say_day(asked.period.first)}: {happenings.headline(found)}."
    entries = [Entry(each.kind.value.capitalize(), each.release_id, each.name, each.words) for each in found]
    return Listing(title, entries, asked, now, viewer.zone)


async def _since(session: AsyncSession, viewer: Actor, asked: Asked, deps: Deps, now: datetime) -> list[Happening]:
    since, _ = instants(asked.period, viewer.zone, now)

    async def read(of: AsyncSession) -> list[Happening]:
        return await what_changed(of, access.seen_releases(viewer), since, now, asked.team)

    if asked.period.days <= AT_ONCE:
        return await read(session)
    return await deps.database.apart(workspace_of(session), read, clock=deps.clock, actor=viewer.slack_id)


async def open_rows(session: AsyncSession, viewer: Actor, team: int | None, now: datetime) -> list[Row]:
    """Open releases with their standing; of a team, those that it owns or has work in."""
    facts = await open_releases(session, viewer, team_id=team)
    return judged([row for row in facts if team is None or row.is_theirs], now=now)


async def roadmap(session: AsyncSession, viewer: Actor, asked: Asked, deps: Deps) -> Listing:
    """`/release roadmap`."""
    now, today = deps.now(), deps.today(viewer.zone)
    if viewer.faces_customers:
        theirs = [row for row in await open_releases(session, viewer, team_id=asked.team) if asked.team is None or row.is_theirs]
        title, rows = await outside.entries(session, theirs, today)
        return Listing(f"{asked.team_name}: {title}" if asked.team_name else title, rows, asked, now, viewer.zone)
    standings = {row.facts.id: row for row in await open_rows(session, viewer, asked.team, now)}
    found = roadmaps.buckets([row.facts for row in standings.values()], today)
    entries = [
        Entry(bucket.heading, facts.id, facts.name, _place(standings[facts.id])) for bucket in found for facts in _facts(bucket.rows)
    ]
    whose = f"{asked.team_name}: " if asked.team_name else ""
    title = f"{whose}{say_count(len(entries), 'open release')}: {roadmaps.headline(found)}." if entries else f"{whose}Nothing is open."
    buttons = [
        kit.button("In my calendar", ids.CALENDAR, asked.team_name, about=asked.team_name or "all releases"),
        kit.button("As slides", ids.DECK, replace(asked, period=whole(quarter_of(today))).value(), about="roadmap"),
    ]
    return Listing(title, entries, asked, now, viewer.zone, buttons=buttons)


def _facts(rows: Sequence[Any]) -> Sequence[Any]:
    return rows


def _place(row: Row) -> str:
    """When, how sure, whose, and what is wrong, if anything is."""
    said = [roadmaps.say_sure(row.due, row.facts.is_committed) if row.due else roadmaps.UNPLANNED]
    if row.facts.team:
        said.append(row.facts.team)
    wrong = row.standing.words if row.standing.health != "green" or (row.standing.stalled and row.standing.stalled.is_past) else ""
    return " · ".join(said) + (f"\n{wrong}" if wrong else "")


async def report(session: AsyncSession, asked: Asked, deps: Deps, zone: str, now: datetime) -> Report:
    """`/release report PERIOD`: of what everybody may see, so that text and file say the same to all."""
    period = asked.period
    shipped, moved, work = await _came_to(session, period, asked.team, zone, now)
    theirs = await _came_to(session, period.before, asked.team, zone, now)
    return Report(
        asked=asked,
        now=now,
        zone=zone,
        total=reports.figures(shipped, moved, *_sum(work)),
        before=reports.figures(theirs[0], theirs[1], *_sum(theirs[2])),
        teams=reports.by_team(shipped, moved, work),
        teams_before=reports.by_team(*theirs),
        is_running=instants(period, zone, now)[1] == now,
    )


Work = dict[str | None, tuple[int, int]]


async def _came_to(
    session: AsyncSession, period: Period, team: int | None, zone: str, now: datetime
) -> tuple[list[reports.Shipped], list[reports.Moved], Work]:
    seen, (since, until) = access.open_releases(), instants(period, zone, now)
    shipped = [
        reports.Shipped(row.name, row.team, slip(row.baseline_on, row.shipped_on, calendar_of(row)))
        for row in await stored.shipped_between(session, period.first, period.last, seen, team=team)
    ]
    moved = [
        reports.Moved(row.team, row.reason_kind, row.moves) for row in await stored.moves_between(session, since, until, seen, team=team)
    ]
    return shipped, moved, await stored.work_moved(session, since, until, seen, team=team)


def _sum(work: Work) -> tuple[int, int]:
    return sum(each[0] for each in work.values()), sum(each[1] for each in work.values())
