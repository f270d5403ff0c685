"""The asked team's answers: accept, offer another date, decline, deliver; and the asking team's yes to an offer."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Message, Nothing, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.calendar import add_working_days
from domain.dependencies import Verb, answer, is_for_asked_team
from domain.errors import BadInput, NotAllowed
from domain.facts import DependencyAnswered
from domain.phrases import say_day
from handlers.dependencies import loading, views
from models import Dependency
from models.finding import find_numbered, this_workspace
from models.team import hours_of

SNOOZE_DAYS = 3


async def accept(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The day stands in the button, so nobody accepts a day that they did not see."""
    row, seen_on = await _pressed(session, request)
    if row.needed_on != seen_on:
        raise NotAllowed(f"The day is {say_day(row.needed_on)} by now. Look at the card again; nothing was changed.")
    await _answer(session, request, deps, row, Verb.ACCEPT)
    row.committed_on = row.needed_on
    return await _show(session, request, deps, row)


async def agree(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    row, offered_on = await _pressed(session, request)
    if row.offered_on != offered_on:
        raise NotAllowed(f"The offer is {say_day(row.offered_on)} by now. Look at the newest message; nothing was changed.")
    await _answer(session, request, deps, row, Verb.AGREE)
    row.committed_on = row.offered_on
    return await _show(session, request, deps, row)


@reads
async def open_offer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    ask = await loading.one(session, deps, _id(request))
    return Open(views.offer_form(ask, request.origin))


async def save_offer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    row = await loading.locked(session, int(request.metadata["ask"]))
    offered = date.fromisoformat(request.state["date"])
    if offered < deps.today(request.actor.zone):
        raise BadInput({"date": "That day is over. Pick one that is still to come."})
    if offered == row.needed_on:
        raise BadInput({"date": "That is the day they asked for. Accept it on the card, or pick another."})
    await _answer(session, request, deps, row, Verb.OFFER)
    row.offered_on, row.committed_on, row.answer_reason = offered, None, request.state.get("why") or ""
    return await _show(session, request, deps, row)


@reads
async def open_decline(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    ask = await loading.one(session, deps, _id(request))
    return Open(views.decline_form(ask, request.origin))


async def save_decline(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    row = await loading.locked(session, int(request.metadata["ask"]))
    await _answer(session, request, deps, row, Verb.DECLINE)
    row.answer_reason = request.state["why"]
    return await _show(session, request, deps, row)


async def press_delivered(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    row, _ = await _pressed(session, request)
    return await _deliver(session, request, deps, row)


async def deliver(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`/dependency deliver D-7`"""
    if not request.text:
        raise BadInput({"id": "Which one? Say its number: `/dependency deliver D-7`. `/dependency list` shows them."})
    found = await find_numbered(session, Dependency, request.text)
    return await _deliver(session, request, deps, await loading.locked(session, found.id))


async def _deliver(session: AsyncSession, request: Request, deps: Deps, row: Dependency) -> Answer:
    await _answer(session, request, deps, row, Verb.DELIVER)
    row.delivered_on = deps.today(request.actor.zone)
    return await _show(session, request, deps, row)


async def snooze(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """No reminders for three working days. Either team may."""
    access.may_change(request.actor)
    row, _ = await _pressed(session, request)
    try:
        team = await loading.must_be_asked_team(session, row, request.actor)
    except NotAllowed:
        await loading.must_be_asking_side(session, row, request.actor)
        team = None
    cal = hours_of(await this_workspace(session), team).calendar
    row.snoozed_until = add_working_days(deps.today(request.actor.zone), SNOOZE_DAYS, cal)
    await loading.remind_next(session, row, deps.now())
    return Say(Message(f"D-{row.number} is quiet until {say_day(row.snoozed_until)}."))


async def _answer(session: AsyncSession, request: Request, deps: Deps, row: Dependency, verb: Verb) -> None:
    """Who may, and whether it fits; then the new state. Two presses of one button make one change."""
    access.may_change(request.actor)
    if is_for_asked_team(verb):
        await loading.must_be_asked_team(session, row, request.actor)
        row.answered_by, row.answered_at = request.person, deps.now()
    else:
        await loading.must_be_asking_side(session, row, request.actor)
    row.state = answer(row.state, verb).value


async def _show(session: AsyncSession, request: Request, deps: Deps, row: Dependency) -> Answer:
    """The card is rewritten, and the asking team reads the answer in its thread."""
    await loading.remind_next(session, row, deps.now())
    await session.flush()
    ask = await loading.one(session, deps, row.id)
    await deps.outbox.rewrite(session, f"dependency:{row.id}:card", views.card(ask), channel=row.card_channel or "")
    said = f"dependency:{row.id}:{row.state}:{request.key}"[:200]
    own_place = row.asked_channel or row.asked_by
    if own_place and own_place != row.card_channel:
        await deps.outbox.post(session, said, own_place, views.told(ask), thread_of=f"dependency:{row.id}:ask")
    elif row.card_channel:
        await deps.outbox.post(session, said, row.card_channel, views.told(ask), thread_of=f"dependency:{row.id}:card")
    await deps.tell(session, DependencyAnswered(key=said, actor=request.person, dependency_id=row.id, state=row.state))
    return Say(views.told(ask)) if request.kind == "command" else Nothing()


async def _pressed(session: AsyncSession, request: Request) -> tuple[Dependency, date]:
    id, _, day = (request.value or "").partition(" ")
    return await loading.locked(session, int(id)), date.fromisoformat(day)


def _id(request: Request) -> int:
    return int((request.value or "0").split()[0])
