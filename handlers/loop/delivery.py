"""`who-was-told RELEASE`: everybody who asked for it, and whether they heard; those who could not be told with the reason."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.hearers import may_hear
from bot.parcels import DEAD, SENDING, WAITING
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput
from domain.loop import Hearing, has_reached
from domain.words import plain
from handlers.loop import telling, views_delivery
from handlers.loop.pieces import Piece, brought
from handlers.loop.views_delivery import Line, State
from models import Feedback, Heard, Outbox, Person, Quiet, Release
from models.finding import find_release


@reads
async def who_was_told(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    if not request.text:
        raise BadInput({"text": "Say of which release: `/customer-feedback who-was-told Billing revamp`."})
    return await _listed(session, request, await find_release(session, plain(request.text), access.seen_releases(request.actor)), 0)


@reads
async def more(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    release, _, first = (request.value or "").partition(":")
    return await _listed(session, request, await release_behind(session, release, request.actor), int(first) if first.isdecimal() else 0)


async def _listed(session: AsyncSession, request: Request, release: Release, first: int) -> Answer:
    """Only those whose words the reader may read: the others are not counted either."""
    everything = await brought(session, release.id)
    ids = {one.feedback_id for one in everything}
    readable = select(Feedback.id).where(Feedback.id.in_(ids), access.seen_feedback(request.actor, request.channel))
    may_read = set(await session.scalars(readable))
    lines = await _lines(session, release, [one for one in everything if one.feedback_id in may_read])
    telling_of = await telling.told_at(session, release.id)
    is_out = has_reached(release.stage, telling_of.stage)
    shown = views_delivery.Delivery(release.id, release.name, lines, is_out, telling_of.is_held, first, request.actor.zone)
    return Say(views_delivery.listing(shown), replace=first > 0)


async def _lines(session: AsyncSession, release: Release, pieces: list[Piece]) -> list[Line]:
    asked: dict[str, list[Piece]] = {}
    for one in pieces:
        asked.setdefault(one.person, []).append(one)
    owners = {one.account_owner for one in pieces if one.account_owner} - asked.keys()
    people = [*asked, *sorted(owners)]
    heard = await _heard(session, release, people)
    rows = {row.slack_id: row for row in await session.scalars(select(Person).where(Person.slack_id.in_(people)))}
    may = await may_hear(session, release, people)
    quiet = set(await session.scalars(select(Quiet.person).where(Quiet.person.in_(people))))
    lines = []
    for who in people:
        if who not in asked and who not in heard:
            continue  # an account owner who was not written to
        state, reason, at = _state(who, heard, rows, may, quiet)
        numbers = sorted({one.number for one in asked.get(who, [])})
        lines.append(Line(rows[who].name if who in rows else "Somebody", numbers, state, reason, at, _thread(heard.get(who))))
    return sorted(lines, key=lambda line: list(State).index(line.state))


def _state(who: str, heard: Mapping[str, Any], rows: Mapping[str, Person], may: set[str], quiet: set[str]) -> tuple[State, str, Any]:
    row = heard.get(who)
    if row is not None and row.what != Hearing.QUIET:
        if row.state == DEAD:
            return State.FAILED, " ".join(filter(None, (row.reason, row.cure))), row.at
        if row.state in (WAITING, SENDING):
            return State.SENDING, "", row.at
        by = {Hearing.SHIPPED: State.TOLD, Hearing.NOTE: State.NOTED, Hearing.BACK: State.CORRECTED}
        return by[Hearing(row.what)], "", row.at
    if who in quiet or row is not None:
        return State.QUIET, "", None
    if who in rows and rows[who].is_deleted:
        return State.FAILED, "has left", None
    if who not in may:
        return State.FAILED, "may not see this release", None
    return State.OPEN, "", None


def _thread(row: Any) -> str:
    return row.channel or "" if row is not None else ""


async def _heard(session: AsyncSession, release: Release, people: list[str]) -> dict[str, Any]:
    """By person, the last of what they heard, and how far its message got."""
    query = (
        select(Heard.person, Heard.what, Heard.channel, Heard.at, Outbox.state, Outbox.reason, Outbox.cure)
        .outerjoin(Outbox, (Outbox.workspace_id == Heard.workspace_id) & (Outbox.key == Heard.effect))
        .where(Heard.release_id == release.id, Heard.person.in_(people))
        .order_by(Heard.id)
    )
    return {row.person: row for row in await session.execute(query)}
