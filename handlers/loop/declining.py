"""*Decline*: something will not be done, and everybody who brought it hears why, in the words of whoever decided."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.behind import row_id
from bot.deps import Deps
from bot.hearers import still_here
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed, NotFound
from domain.facts import FeedbackChanged, FeedbackDeclined
from domain.lifecycle import read_reason
from domain.tails import cut_because
from domain.words import number_of, plain
from handlers.loop import pieces as brought_for
from handlers.loop import views, views_declining
from handlers.loop.pieces import PRIVATELY, Everybody, people_of
from models import Feedback, Release, same
from models.finding import find_numbered, name_of
from models.triage import note_look

UNDO_WINDOW = timedelta(minutes=5)
DECLINED = "declined:"  # the keys of what is said of it begin so
WHY = "Say why: whoever asked for it hears that, in your words."


async def decline(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`decline F-12 because REASON`. Without a reason the form asks for it."""
    access.may_change(request.actor)
    number, _, rest = request.text.strip().partition(" ")
    if number_of(number, "F") is None:
        raise BadInput({"text": "Say which feedback and why: `/customer-feedback decline F-12 because REASON`. Nothing was changed."})
    await same.one_at_a_time(session)
    feedback = await find_numbered(session, Feedback, number, access.seen_feedback(request.actor, request.channel), lock=True)
    feedback = await _check(session, request, feedback)
    reason = _reason(plain(rest))
    if not reason:
        return Open(views_declining.form(feedback.id, feedback.number, feedback.words, request.origin))
    return await _decline(session, request, deps, feedback, reason)


@reads
async def open_decline(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    feedback = await _check(session, request, await _by_id(session, request, request.value))
    return Open(views_declining.form(feedback.id, feedback.number, feedback.words, request.origin))


async def save_decline(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    await same.one_at_a_time(session)
    feedback = await _check(session, request, await _by_id(session, request, request.metadata.get("feedback"), lock=True))
    return await _decline(session, request, deps, feedback, request.state.get("reason") or "")


async def _decline(session: AsyncSession, request: Request, deps: Deps, feedback: Feedback, words: str) -> Answer:
    reason = read_reason(words, WHY)
    now = deps.now()
    feedback.declined_at, feedback.declined_by, feedback.decline_reason = now, request.person, reason
    note_look(feedback, now)
    await session.flush()
    fact = FeedbackDeclined(key=f"declined:{feedback.id}:{request.key}", actor=request.person, feedback_id=feedback.id, at=now.isoformat())
    await deps.tell(session, fact, not_before=now + UNDO_WINDOW)
    await _changed(session, request, deps, feedback)
    return Say(views_declining.declined(feedback.id, feedback.number, reason))


async def undo(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Open again: quietly while nobody was told, else everybody who was told hears that too."""
    access.may_change(request.actor)
    await same.one_at_a_time(session)
    feedback = await _by_id(session, request, request.value, lock=True)
    if feedback.declined_at is None:
        raise NotAllowed(f"F-{feedback.number} is open already. Nothing was changed.")
    was_told = deps.now() >= feedback.declined_at + UNDO_WINDOW
    said_at = feedback.declined_at
    feedback.declined_at, feedback.declined_by, feedback.decline_reason = None, None, ""
    note_look(feedback, deps.now())
    await session.flush()
    if was_told:
        await _say(session, deps, feedback, said_at, reason=None, who="")
    await _changed(session, request, deps, feedback)
    return Say(views_declining.open_again(feedback.number, was_told), replace=True)


async def tell_declined(session: AsyncSession, fact: FeedbackDeclined, deps: Deps) -> None:
    """Everybody who brought it, where they brought it; nobody when it was taken back meanwhile."""
    locked = select(Feedback).where(Feedback.id == fact.feedback_id, Feedback.removed_at.is_(None)).with_for_update()
    feedback = (await session.scalars(locked)).one_or_none()
    if feedback is None or feedback.declined_at is None or feedback.declined_at.isoformat() != fact.at:
        return
    who = await name_of(session, feedback.declined_by)
    await _say(session, deps, feedback, feedback.declined_at, reason=feedback.decline_reason, who=who)


async def _say(session: AsyncSession, deps: Deps, feedback: Feedback, at: datetime, *, reason: str | None, who: str) -> None:
    """One message in each thread, and one for each person who hears privately. Without a reason it says that it is open again."""
    these = or_(Feedback.id == feedback.id, Feedback.same_as_id == feedback.id)
    everybody = await Everybody.of(session, these)
    here = await still_here(session, everybody.people) - {feedback.declined_by or ""}
    pieces = await everybody.brought_by(session, here)
    for where, group in await brought_for.spread(session, pieces):
        asked = everybody.asked(where, group)
        notice = views.declined(reason, who, asked) if reason is not None else views.open_again(feedback.number, asked)
        key = f"{_key(feedback, at, reason)}:{people_of(group)[0]}"
        await deps.outbox.post(session, key, where.channel or people_of(group)[0], notice, thread=where.thread or None)


def _key(feedback: Feedback, at: datetime, reason: str | None) -> str:
    return f"{DECLINED}{feedback.id}:{at.timestamp():.6f}:{'no' if reason else 'open'}"


async def say_privately(session: AsyncSession, deps: Deps, key: str, people: Sequence[str]) -> None:
    """What a thread did not take, to each of those whom it was for; nothing that was turned round since."""
    feedback = (await session.scalars(select(Feedback).where(Feedback.id == int(key.split(":")[1])))).one_or_none()
    if feedback is None or (feedback.declined_at is None) != (key.split(":")[3] == "open"):
        return
    everybody = await Everybody.of(session, or_(Feedback.id == feedback.id, Feedback.same_as_id == feedback.id))
    who = await name_of(session, feedback.declined_by)
    for person in people:
        mine = await everybody.brought_by(session, [person])
        if mine:
            asked = everybody.asked(PRIVATELY, mine)
            is_open = feedback.declined_at is None
            notice = views.open_again(feedback.number, asked) if is_open else views.declined(feedback.decline_reason, who, asked)
            await deps.outbox.post(session, f"{key}:alone:{person}", person, notice)


async def _check(session: AsyncSession, request: Request, feedback: Feedback) -> Feedback:
    """The first of those that say the same. Raises NotAllowed where declining makes no sense."""
    if feedback.same_as_id:
        feedback = (await session.scalars(select(Feedback).where(Feedback.id == feedback.same_as_id).with_for_update())).one()
    if feedback.declined_at:
        raise NotAllowed(f"F-{feedback.number} is declined already. Nothing was changed.")
    linked: Any = select(Release).where(Release.id == feedback.release_id)
    release = (await session.scalars(linked)).one_or_none() if feedback.release_id else None
    if release is not None:
        is_seen = await session.scalar(select(Release.id).where(Release.id == release.id, access.seen_releases(request.actor)))
        name = release.name if is_seen else "a release"
        raise NotAllowed(
            f"F-{feedback.number} waits for {name}, so it is planned. Take the release out by *Edit* first. Nothing was changed."
        )
    return feedback


def _reason(text: str) -> str:
    """What stands behind the number, with or without "because"."""
    return (cut_because(f"F {text}")[1] or text).strip(" :-–—")


async def _by_id(session: AsyncSession, request: Request, value: object, *, lock: bool = False) -> Feedback:
    wanted = row_id(value)
    inside = request.channel or request.metadata.get("channel")
    query = select(Feedback).where(Feedback.id == wanted, access.seen_feedback(request.actor, inside))
    found = (await session.scalars(query.with_for_update(of=Feedback) if lock else query)).one_or_none()
    if found is None:
        raise NotFound("That feedback was taken back, or you may not read it. `/customer-feedback list` shows what there is.")
    return found


async def _changed(session: AsyncSession, request: Request, deps: Deps, feedback: Feedback) -> None:
    await deps.tell(session, FeedbackChanged(key=f"feedback:{feedback.id}:{request.key}", actor=request.person, feedback_id=feedback.id))
