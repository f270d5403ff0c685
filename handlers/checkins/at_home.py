"""Home counts the dates that wait for their owner, and opens them as the weekly question does. What is answered here is not asked."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Block, Open, Update, View
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slack import SlackRefused
from bot.slices import reads
from domain import working
from domain.checkins import QUIET_DAYS, Outcome, is_quiet, may_confirm
from domain.facts import HomeUsed
from domain.phrases import say_day
from domain.releases import Field
from domain.spans import due, written
from domain.standing import ends_on
from handlers.checkins import reading, views_home
from handlers.checkins.views import Asked
from models import Release, Team
from models.finding import calendar_of
from models.history import record

log = logging.getLogger(__name__)


async def dates_to_confirm(session: AsyncSession, viewer: Actor, deps: Deps) -> Sequence[Block]:
    changed = await session.scalars(select(Release.changed_at).where(*_quiet(viewer, deps)))
    return views_home.at_home(sum(is_quiet(at, deps.now(), viewer.zone) for at in changed))


def _quiet(viewer: Actor, deps: Deps) -> tuple[ColumnElement[bool], ...]:
    """Theirs that have changed nothing for about 7 days; to the day it is a matter of the wall."""
    since = deps.now() - timedelta(days=QUIET_DAYS - 1)
    return Release.is_open.is_(True), Release.owner == viewer.slack_id, Release.changed_at <= since


@reads
async def open_list(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return Open(await _list(session, request.actor, deps, 0))


@reads
async def turn_list(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    return Update(await _list(session, request.actor, deps, int(request.value or 0)))


async def _list(session: AsyncSession, viewer: Actor, deps: Deps, first: int, refused: Sequence[str] = ()) -> View:
    now = deps.now()
    query = (
        select(*reading.COLUMNS)
        .outerjoin(Team, reading.WITH_TEAM)
        .where(*_quiet(viewer, deps))
        .order_by(Release.target_on.is_(None), Release.target_on, Release.id)
    )
    found = [row for row in await session.execute(query) if is_quiet(row.changed_at, now, viewer.zone)]
    return views_home.listed(
        [(_asked(row, viewer, deps), written(due(row)) or "") for row in found], deps.today(viewer.zone), first, refused
    )


def _asked(release: Any, viewer: Actor, deps: Deps) -> Asked:
    detail = reading.detail_of(release, deps.now(), viewer.zone)
    ends = ends_on(release, working.calendar_of(release))
    return Asked(release.id, release.name, reading.said(release), ends, Outcome.WAITS, detail)


async def still_right(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Confirms each date as it was shown. Pressed twice it confirms once."""
    access.may_change(request.actor)
    start, shown = _pressed(request.value)
    theirs = and_(Release.id.in_(shown), access.seen_releases(request.actor))
    query = select(Release).where(theirs).order_by(Release.id).with_for_update(of=Release)
    refused = []
    for release in await session.scalars(query.execution_options(populate_existing=True)):
        if wrong := await _why_not(session, release, shown[release.id], request.actor, deps):
            refused.append(wrong)
        elif is_quiet(release.changed_at, deps.now(), request.actor.zone):
            now = written(release.due)
            await record(session, release, Field.CONFIRMED, None, now, now=deps.now(), actor=request.person, confirms=True)
    return Update(await _list(session, request.actor, deps, start, refused))


async def draw_again(session: AsyncSession, fact: HomeUsed, deps: Deps) -> None:
    """A form that was opened from the list was sent: the list comes to light under it."""
    name, _, first = fact.form.partition(" ")
    if name == views_home.OPEN and fact.below and fact.actor:
        about = {"person": fact.actor, "view": fact.below, "first": int(first or 0)}
        await deps.outbox.effect(session, views_home.LISTED, f"{views_home.LISTED}:{fact.key}"[:200], about, lane=fact.actor)


async def show_again(payload: Mapping[str, Any], deps: Deps) -> None:
    """May be repeated; a list that was closed meanwhile needs nothing."""
    async with deps.database.reading(payload["workspace_id"], clock=deps.clock) as session:
        view = await _list(session, await access.actor_of(session, payload["person"]), deps, payload["first"])
    try:
        await deps.slack.call("views.update", view_id=payload["view"], view=view)
    except SlackRefused as refused:
        log.info("a list was not drawn anew: %s", refused)


async def _why_not(session: AsyncSession, release: Release, shown: str, viewer: Actor, deps: Deps) -> str:
    """Why a date cannot be confirmed as it was shown."""
    if release.owner != viewer.slack_id:
        return f"{release.name} has another owner now, so it was not confirmed."
    if not release.is_open:
        return f"{release.name} is not open any more, so there was nothing to confirm."
    if (written(release.due) or "") != shown:
        now_for = f"for {say_day(release.due)}" if release.due else "without a day"
        return f"{release.name} is {now_for} by now, so it was not confirmed."
    if not may_confirm(ends_on(release, await calendar_of(session, release)), deps.today(viewer.zone)):
        return f"{release.name} was for {say_day(release.due)}, which is past, so it was not confirmed. Say *Shipped* or *Move*."
    return ""


def _pressed(value: str | None) -> tuple[int, Mapping[int, str]]:
    """The page that a button stood on, and the dates that it shows by release."""
    start, *pairs = (value or "0").split()
    shown = [pair.partition("=") for pair in pairs]
    return int(start) if start.isdecimal() else 0, {int(key): on for key, _, on in shown if key.isdecimal() and len(key) < 18}
