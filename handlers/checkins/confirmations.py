"""What product operations do with the weekly question: see who answered, and say when it is asked."""

from datetime import datetime, time

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Message, Open, Say
from bot.deps import Deps
from bot.requests import Actor, Request
from bot.slices import reads
from domain.asks import Subscription, read_subscription
from domain.checkins import Outcome
from domain.errors import BadInput, NotAllowed
from domain.phrases import WEEKDAYS
from domain.words import read_time
from domain.working import say_weekdays
from handlers.checkins import reading, views
from handlers.checkins.asking import WEEK, share_confirmed
from models import CheckIn, CheckInRelease, Person
from models.finding import lock_workspace


async def show_confirmations(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/release confirmations`; with a day and a time it says when everybody is asked."""
    _may_see(request.actor)
    if not request.text:
        return Say(views.confirmations(await _shown(session, request, deps, 0)))
    try:
        said = read_subscription(request.text)
        return await _set(session, said)
    except BadInput as unread:
        rhythm = await reading.rhythm_of(session)
        partial = unread.partial if isinstance(unread.partial, Subscription) else Subscription()
        weekday = rhythm.weekday if partial.weekday is None else partial.weekday
        return Open(views.rhythm_form(weekday, partial.at or rhythm.at, request.origin, unread.sentence))


@reads
async def show_more(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _may_see(request.actor)
    first = int(request.value) if request.value and request.value.isdecimal() else 0
    return Say(views.confirmations(await _shown(session, request, deps, first)), replace=True)


@reads
async def open_rhythm(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _may_see(request.actor)
    rhythm = await reading.rhythm_of(session)
    return Open(views.rhythm_form(rhythm.weekday, rhythm.at, request.origin))


async def save_rhythm(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    _may_see(request.actor)
    try:
        at = read_time(request.state.get("time") or "")
    except BadInput as wrong:
        raise BadInput({"time": wrong.sentence}) from None
    return await _set(session, Subscription(weekday=int(request.state["weekday"]), at=at))


async def _set(session: AsyncSession, said: Subscription) -> Answer:
    """What is planned is planned anew at the next tick; nobody is asked twice in a week."""
    rhythm = await reading.rhythm_of(session)
    weekday = rhythm.weekday if said.weekday is None else said.weekday
    at: time = said.at or rhythm.at
    workspace = await lock_workspace(session)
    if str(weekday) not in workspace.weekdays:
        those = f"{WEEKDAYS[weekday]} is no working day here; those are {say_weekdays(workspace.weekdays)}"
        raise BadInput({"weekday": f"{those}. Pick one of them. Nothing was changed."}, said)
    workspace.asks_weekday, workspace.asks_at = weekday, at
    await session.execute(delete(CheckIn).where(CheckIn.asked_at.is_(None)), execution_options={"synchronize_session": False})
    return Say(Message(f"{views.rhythm_words(weekday, at)} Nobody is asked twice in a week."))


def _may_see(actor: Actor) -> None:
    access.may_change(actor)
    if not (actor.is_product_operations or actor.is_admin):
        raise NotAllowed("Who answered is shown to product operations. `/release status unconfirmed` shows what is not confirmed.")


async def _shown(session: AsyncSession, request: Request, deps: Deps, first: int) -> views.Confirmations:
    rhythm = await reading.rhythm_of(session)
    confirmed, total = await share_confirmed(session, deps.now())
    people = await _answering(session, deps.now())
    words = views.rhythm_words(rhythm.weekday, rhythm.at)
    return views.Confirmations(people, confirmed, total, words, request.actor.zone, first)


async def _answering(session: AsyncSession, now: datetime) -> list[views.Answering]:
    """Everybody who was asked in the last 7 days, by their newest question; who has not answered for longest comes first."""
    of_question = and_(CheckInRelease.workspace_id == CheckIn.workspace_id, CheckInRelease.checkin_id == CheckIn.id)
    waits: ColumnElement[bool] = CheckInRelease.outcome == Outcome.WAITS.value
    query = (
        select(CheckIn, Person.name, func.count(CheckInRelease.id).label("total"), func.count().filter(waits).label("waiting"))
        .join(CheckInRelease, of_question)
        .outerjoin(Person, and_(Person.workspace_id == CheckIn.workspace_id, Person.slack_id == CheckIn.person))
        .where(CheckIn.asked_at > now - WEEK)
        .group_by(CheckIn.id, Person.name)
        .order_by(CheckIn.asked_at)
    )
    newest = {row.CheckIn.person: row for row in await session.execute(query)}
    last = select(CheckIn.person, func.max(CheckIn.answered_at).label("at")).where(CheckIn.person.in_(newest)).group_by(CheckIn.person)
    answered = {row.person: row.at for row in await session.execute(last)}
    people = [
        views.Answering(
            person, row.name or person, row.CheckIn.asked_at, row.total, row.waiting, row.CheckIn.reminded_at, answered.get(person)
        )
        for person, row in newest.items()
    ]
    return sorted(people, key=lambda one: (one.last_at is not None, one.last_at or one.asked_at, one.name))
