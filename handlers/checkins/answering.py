"""Answers to the question: *Still right* for one release or for all that are shown. Each confirms a date as it was shown, or says why not.

*At risk*, *Move* and *Shipped* are the releases' own buttons.
"""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Nothing, Say
from bot.deps import Deps
from bot.requests import Request
from domain.checkins import Outcome, may_confirm
from domain.errors import NotAllowed, NotFound
from domain.phrases import say_day
from domain.releases import Field
from domain.spans import written
from domain.standing import ends_on
from handlers.checkins import reading, views
from models import CheckIn, CheckInRelease, Release
from models.finding import calendar_of
from models.history import record
from models.standing import person_names


async def confirm(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Pressed twice it confirms once."""
    row, wanted = await _pressed(session, request)
    shown = {
        kept.release_id: kept.said
        for kept in await session.scalars(
            select(CheckInRelease).where(CheckInRelease.checkin_id == row.id, CheckInRelease.release_id.in_(wanted))
        )
    }
    refused = []
    for release in await _locked(session, request, shown):
        sentence = await _confirm(session, request, deps, row, release, shown[release.id])
        refused += [sentence] if sentence else []
    await reading.draw(session, deps, row)
    return Say(views.not_confirmed(refused)) if refused else Nothing()


async def _confirm(session: AsyncSession, request: Request, deps: Deps, row: CheckIn, release: Release, shown: str) -> str:
    """Confirm the date that was shown; else the sentence that says why that was not done."""
    match reading.became(row, shown, release):
        case Outcome.CONFIRMED:
            return ""
        case Outcome.SHIPPED:
            return f"{release.name} shipped on {say_day(release.shipped_on)}, so there was nothing to confirm."
        case Outcome.CANCELLED:
            return f"{release.name} was cancelled, so there was nothing to confirm."
        case Outcome.HANDED_OVER:
            return f"{release.name} has another owner now, so it was not confirmed."
        case Outcome.MOVED:
            now_for = f"for {reading.said(release)}" if release.target_on else "without a day"
            return f"{release.name} is {now_for} by now. You were shown {shown}, so it was not confirmed."
    if not may_confirm(ends_on(release, await calendar_of(session, release)), deps.today(request.actor.zone)):
        return f"{release.name} was for {shown}, which is past, so it was not confirmed. Say *Shipped* or *Move*."
    await record(session, release, Field.CONFIRMED, None, written(release.due), now=deps.now(), actor=request.person, confirms=True)
    return ""


async def turn_page(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    row, (first, *_) = await _pressed(session, request)
    row.first = first
    await reading.draw(session, deps, row, anew=True)
    return Nothing()


async def _pressed(session: AsyncSession, request: Request) -> tuple[CheckIn, list[int]]:
    """The question that a button stands in, locked, and the numbers that it carries."""
    access.may_change(request.actor)
    numbers = [int(word) for word in (request.value or "").split() if word.isdecimal() and len(word) < 18]
    query = select(CheckIn).where(CheckIn.id == (numbers[0] if numbers else 0), CheckIn.asked_at.is_not(None)).with_for_update()
    row = (await session.scalars(query)).one_or_none()
    if row is None or len(numbers) < 2:
        raise NotFound("That question is gone. Nothing was changed. `/release status mine` shows your releases.")
    if row.person != request.person:
        name = (await person_names(session, row.person)).get(row.person, "somebody else")
        raise NotAllowed(f"That was asked of {name}, so only they can answer it there. Nothing was changed.")
    return row, numbers[1:]


async def _locked(session: AsyncSession, request: Request, wanted: Mapping[int, str]) -> list[Release]:
    """In one order, so that two who answer at once never wait for each other."""
    query = select(Release).where(Release.id.in_(wanted), access.seen_releases(request.actor)).order_by(Release.id)
    return list(await session.scalars(query.with_for_update(of=Release).execution_options(populate_existing=True)))
