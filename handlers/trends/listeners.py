"""Showing trends to whoever asks, and letting a channel read what everybody in it may."""

import asyncio
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import NotAllowed
from domain.sources import Answering
from domain.trends import Asked, read_asked, read_value
from domain.words import plain, tidy
from handlers.trends import counting, views
from handlers.trends.views import Trends
from models.base import workspace_of

NOT_HERE = "I am not in this channel, so I cannot post here. To let me in: `/invite @Tendon`"
OUTSIDERS = "People from outside the company, or guests, read this channel, so trends are not posted here. Nothing was posted."


@reads
async def show_trends(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`trends this quarter by region`."""
    access.reads_inside(request.actor)
    wanted = read_asked(tidy(plain(request.text)), deps.today(request.actor.zone))
    seen = access.counted_feedback(request.actor, request.channel)
    return Say(views.trends(await counted(session, deps, wanted, request.actor.zone, seen)))


@reads
async def press_trends(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*By region* and the like."""
    access.reads_inside(request.actor)
    wanted = read_value(request.value, deps.today(request.actor.zone))
    seen = access.counted_feedback(request.actor, request.channel)
    return Say(views.trends(await counted(session, deps, wanted, request.actor.zone, seen)), replace=is_private(request))


async def share(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Drawn anew for those who read there, without what customers pay. One press posts one message."""
    access.may_change(request.actor)
    place = await access.place_of(session, request.channel)
    if place.answering is Answering.OUTSIDERS:
        raise NotAllowed(OUTSIDERS)
    if not place.may_answer or not place.channel:
        raise NotAllowed(NOT_HERE)
    wanted = read_value(request.value, deps.today(request.actor.zone))
    seen = access.counted_in(place.channel)
    made = await counted(session, deps, wanted, request.actor.zone, seen, request.actor.name or "a colleague")
    await deps.outbox.post(session, f"trends:{request.key}"[:200], place.channel, views.trends(made))
    return Say(views.posted(), replace=False)


async def counted(session: AsyncSession, deps: Deps, wanted: Asked, zone: str, seen: ColumnElement[bool], shared_by: str = "") -> Trends:
    """On SQLite each half is counted in a thread of its own: a year of very many takes seconds, in which others want their answers."""

    async def weekly(reader: AsyncSession) -> list[Any]:
        return await counting.by_week(reader, wanted.period, zone, seen)

    async def grouped(reader: AsyncSession) -> tuple[Any, ...]:
        return await counting.by_group(reader, wanted.period, wanted.before, wanted.by, zone, seen)

    if deps.database.is_sqlite:
        apart = partial(deps.database.apart, workspace_of(session), clock=deps.clock)
        weeks, groups = await asyncio.gather(apart(weekly), apart(grouped))
    else:
        weeks, groups = await weekly(session), await grouped(session)
    listed, all_groups, total = groups
    return Trends(wanted, weeks, listed, all_groups, total, deps.now(), zone, shared_by)


def is_private(request: Request) -> bool:
    container: Any = request.body.get("container") or {}
    return bool(container.get("is_ephemeral"))
