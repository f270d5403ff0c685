"""Calendars: a private address that calendar programs read, or a file where Tendon has no public address.

They show what everybody may see, and nothing restricted. Of the secret in an address only its hash is kept, and no log has it.
"""

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from icalendar import Calendar, Event
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot import blockkit as kit
from bot.answers import Answer, Open, Update, View
from bot.deps import DEPS, Deps
from bot.files import File
from bot.requests import Actor, Request
from bot.seeing import EVERYBODY
from domain.errors import NotAllowed
from domain.feeds import Day, open_day, shipped_day
from domain.phrases import say_time
from domain.releases import slip
from domain.working import calendar_of
from handlers.reports import asking, outside, reading, sending, views_calendar
from handlers.reports.asked import Asked
from handlers.reports.listeners import of_team
from models import CalendarFeed, Release
from models import reports as stored
from models.calendar import feed_of

BEHIND = timedelta(days=90)  # how long what shipped stays in a calendar


async def make_calendar(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release calendar [of TEAM]`: an address, shown once; a file where nobody could reach an address."""
    _refuse_strangers(request.actor)
    outside.refuse(request.actor)
    asked = await of_team(session, request, deps, "calendar")
    if not deps.settings.public_url:
        return await sending.enqueue(session, request, deps, "ics", asked.value(), "A calendar file")
    known = await _feed(session, request.person, asked.team)
    if known:
        return Open(views_calendar.known(asked.team_name, known.made_at, request.actor.zone, asked.value()))
    return Open(await _new(session, request, deps, asked), is_secret=True)


async def renew(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A new address; the old one shows nothing any more."""
    _refuse_strangers(request.actor)
    asked = await asking.read_value(session, request.value)
    await _stop(session, request.person, asked.team)
    return Update(await _new(session, request, deps, asked), is_secret=True)


async def stop(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    asked = await asking.read_value(session, request.value)
    await _stop(session, request.person, asked.team)
    return Update(views_calendar.stopped(asked.team_name))


async def _new(session: AsyncSession, request: Request, deps: Deps, asked: Asked) -> View:
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(person=request.person, team_id=asked.team, token_hash=_hash(token), made_at=deps.now())
    session.add(feed)
    await session.flush()
    address = f"{deps.settings.public_url.rstrip('/')}/calendar/{feed.workspace_id}-{token}.ics"
    return views_calendar.address(asked.team_name, address, asked.value())


async def _feed(session: AsyncSession, person: str, team: int | None) -> CalendarFeed | None:
    theirs = select(CalendarFeed).where(CalendarFeed.person == person, CalendarFeed.team_id.is_not_distinct_from(team))
    return (await session.scalars(theirs.order_by(CalendarFeed.id).limit(1))).one_or_none()


async def _stop(session: AsyncSession, person: str, team: int | None) -> None:
    theirs = delete(CalendarFeed).where(CalendarFeed.person == person, CalendarFeed.team_id.is_not_distinct_from(team))
    await session.execute(theirs, execution_options={"synchronize_session": False})


def _refuse_strangers(actor: Actor) -> None:
    if not actor.is_known or actor.is_guest or actor.is_outside:
        raise NotAllowed("A calendar's address can be used from anywhere, so it is for people of this company only.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


# What calendar programs read


async def serve(request: web.Request) -> web.Response:
    """The calendar behind an address. Every address that nobody has looks the same."""
    deps = request.app[DEPS]
    workspace, _, token = request.match_info["address"].partition("-")
    wanted = _hash(token)
    if not (workspace.isascii() and workspace.isdecimal() and len(workspace) < 15):
        return _nothing()
    async with deps.database.reading(int(workspace), clock=deps.clock) as session:
        feed = await feed_of(session, wanted)
        if feed is None or not hmac.compare_digest(feed.token_hash, wanted):
            return _nothing()
        days = await days_of(session, deps, feed.team_id, feed.zone or "UTC")
    content = await asyncio.to_thread(written, days, feed.team)
    tag = hashlib.sha256(content).hexdigest()[:32]
    headers = {"ETag": f'"{tag}"', "Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    changed_at = max([feed.made_at, *(day.at for day in days)])
    if any(each.value in (tag, "*") for each in request.if_none_match or ()):
        response = web.Response(status=304, headers=headers)
    else:
        response = web.Response(body=content, content_type="text/calendar", charset="utf-8", headers=headers)
    response.last_modified = changed_at
    return response


def _nothing() -> web.Response:
    return web.Response(status=404, text="There is no such calendar.\n")


async def days_of(session: AsyncSession, deps: Deps, team: int | None, zone: str) -> list[Day]:
    """Open releases that have a date, and what shipped in the last 90 days; what everybody may see."""
    rows = await reading.open_rows(session, EVERYBODY, team, deps.now())
    today = deps.today(zone)
    shipped = await stored.shipped_between(session, today - BEHIND, today, access.open_releases(), team=team)
    numbers = {
        row.id: (row.number, row.changed_at)
        for row in await _numbers(session, [*(row.facts.id for row in rows), *(row.id for row in shipped)])
    }
    found = []
    for row in rows:
        if row.due:
            facts = row.facts
            number, at = numbers[facts.id]
            found.append(open_day(number, facts.name, facts.team, row.due, facts.is_committed, row.standing.slip, at))
    for one in shipped:
        number, at = numbers[one.id]
        late = slip(one.baseline_on, one.shipped_on, calendar_of(one))
        found.append(shipped_day(number, one.name, one.team, one.shipped_on, late, at))
    return sorted(found, key=lambda day: (day.on, day.number))


async def _numbers(session: AsyncSession, ids: Sequence[int]) -> list[Any]:
    found: list[Any] = []
    for start in range(0, len(ids), 500):
        query = select(Release.id, Release.number, Release.changed_at).where(Release.id.in_(ids[start : start + 500]))
        found += (await session.execute(query)).all()
    return found


async def ics_of(session: AsyncSession, asked: Asked, deps: Deps, zone: str, now: datetime) -> File:
    """The same as a file, which shows what is known at that moment."""
    days = await days_of(session, deps, asked.team, zone)
    whose = asked.team_name or "all teams"
    words = f"Release days of {kit.safe(whose)}, as of {say_time(now, zone)}. Open it in your calendar; it will not update itself."
    return File("releases.ics", f"Releases of {whose}", written(days, asked.team_name), words)


def written(days: Sequence[Day], team: str | None) -> bytes:
    """As RFC 5545 has it: an all-day event a release, the same bytes for the same releases."""
    calendar = Calendar()
    calendar.add("prodid", "-//Tendon//Releases//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Releases of {team}" if team else "Releases")
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for day in days:
        event = Event()
        event.add("uid", f"release-{day.number}@tendon")
        event.add("dtstamp", day.at)
        event.add("last-modified", day.at)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.title)
        event.add("description", day.about)
        event.add("status", "CONFIRMED" if day.is_sure else "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    made: bytes = calendar.to_ical()
    return made
