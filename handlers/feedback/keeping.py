"""Keeping what was said, whichever way it came: once for each message, with everybody who brought it, and the answer to them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import String, bindparam, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Message
from bot.deps import Deps
from bot.requests import Request
from domain.facts import FeedbackLinked, FeedbackLogged
from domain.nearest import fold
from domain.sources import UNKNOWN, Place, Source
from handlers.feedback import reading, views_replies
from models import Feedback, FeedbackDraft, Supporter, Team, same
from models.base import prebuilt
from models.feedback import put_feedback
from models.finding import team_of_channel, this_workspace
from models.numbers import next_number
from models.rows import find, put, written
from models.triage import note_look

DRAFTS_KEPT = timedelta(hours=24)


async def keep(session: AsyncSession, deps: Deps, source: Source, said: Mapping[str, Any], person: str) -> tuple[Feedback, bool]:
    """One piece for each message and kind: a second person only brings it too. The bool says whether it is new.

    `said` are columns of `Feedback`. Without a `person` it is nobody's: no source, and nobody to tell.
    """
    kind, is_apart = said["kind"], False
    feedback = await logged_before(session, source, kind, lock=True)
    if feedback is not None and feedback.removed_at is None:
        if said.get("release_id") and not (feedback.release_id or feedback.item_id):
            feedback.release_id, feedback.item_id = said["release_id"], said.get("item_id")
            note_look(feedback, deps.now())
    else:
        number = await next_number(session, "F")
        # Numbers are given one transaction at a time: somebody who logged the same message meanwhile is committed by now.
        if feedback is None and (known := await logged_before(session, source)) is not None:
            is_apart = known.kind != kind and known.removed_at is None
            feedback = await (logged_apart if is_apart else logged_before)(session, source, kind, lock=True)
    is_new = feedback is None
    if feedback is None:
        feedback = Feedback(number=number, reporter=person, logged_at=deps.now(), **said, **await _place(session, source, is_apart))
        feedback.team_id = await _queue_of(session, feedback)
        note_look(feedback, feedback.logged_at)
        await put_feedback(session, feedback)
    elif feedback.removed_at is not None:
        for name, value in said.items():
            setattr(feedback, name, value)
        feedback.removed_at, feedback.removed_by, feedback.same_as_id = None, None, None
        feedback.reporter, feedback.logged_at = person, deps.now()
    await written(session)
    if person:
        await support(session, deps, feedback, source, person)
    return feedback, is_new


async def _place(session: AsyncSession, source: Source, is_apart: bool) -> dict[str, Any]:
    """A message has one piece of its own; what is of another kind stands apart, in its thread."""
    return {
        "channel": source.channel,
        "message_ts": None if is_apart else source.ts,
        "thread_ts": source.thread if is_apart else source.thread_ts,
        "author": source.author,
        "permalink": source.permalink((await this_workspace(session)).domain) if source.ts else None,
    }


async def _queue_of(session: AsyncSession, feedback: Feedback) -> int | None:
    """The team that answers for it: that of its area, else that of the channel it was said in."""
    found = await team_of_area(session, feedback.area)
    team = None if found else await team_of_channel(session, feedback.channel)
    return found or (team.id if team else None)


async def team_of_area(session: AsyncSession, area: str) -> int | None:
    return await session.scalar(select(Team.id).where(Team.folded == fold(area)[:200])) if area else None


async def logged_before(session: AsyncSession, source: Source, kind: str = "", *, lock: bool = False) -> Feedback | None:
    """The piece of a message; of one `kind`, or taken back, where that is said."""
    if not source.ts:
        return None
    return await find(session, Feedback, _OF_MESSAGE[lock], channel=source.channel, ts=source.ts, of_kind=kind)


_KIND = bindparam("of_kind", type_=String())
_OF_MESSAGE = {
    lock: prebuilt(query.with_for_update() if lock else query)
    for query in (
        select(Feedback).where(
            Feedback.workspace_id == bindparam("workspace_id"),
            Feedback.channel == bindparam("channel"),
            Feedback.message_ts == bindparam("ts"),
            or_(_KIND == "", Feedback.kind == _KIND, Feedback.removed_at.is_not(None)),
        ),
    )
    for lock in (False, True)
}


async def logged_apart(session: AsyncSession, source: Source, kind: str, *, lock: bool = False) -> Feedback | None:
    """What was logged of a message whose own piece is of another kind."""
    link = Source(source.channel, source.ts).permalink((await this_workspace(session)).domain)
    if not link:
        return None
    query = select(Feedback).where(Feedback.channel == source.channel, Feedback.message_ts.is_(None), Feedback.kind == kind)
    query = query.where(Feedback.permalink.startswith(link, autoescape=True)).order_by(Feedback.id).limit(1)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def support(session: AsyncSession, deps: Deps, feedback: Feedback, source: Source, person: str) -> None:
    """Write down who brought it. When it can no longer be taken back, that is told."""
    now = deps.now()
    brought = {"feedback_id": feedback.id, "person": person, "channel": source.channel, "thread_ts": source.thread, "added_at": now}
    key = await put(session, Supporter, brought, unless=("feedback_id", "person"))
    if key is None:
        return
    fact = FeedbackLogged(key=f"feedback:{feedback.id}:by:{key}", actor=person, feedback_id=feedback.id)
    await deps.tell(session, fact, not_before=now + reading.UNDO_WINDOW)


async def tell_linked(session: AsyncSession, request: Request, deps: Deps, feedback: Feedback) -> None:
    """What it waits for is another thing now, and may be out already. Told when that can be taken back no more."""
    fact = FeedbackLinked(key=f"linked:{feedback.id}:{request.key}", actor=request.person, feedback_id=feedback.id)
    await deps.tell(session, fact, not_before=deps.now() + reading.UNDO_WINDOW)


def support_of(feedback: Feedback, person: str) -> Any:
    return select(Supporter).where(Supporter.feedback_id == feedback.id, Supporter.person == person)


async def answer(session: AsyncSession, deps: Deps, feedback: Feedback, source: Source, is_new: bool) -> Message | None:
    """In the thread where that may be; else the words for whoever logged it alone."""
    shown = await reading.card(session, deps, feedback.id)
    place = await access.place_of(session, source.channel)
    if not (source.ts and place.may_answer):
        return views_replies.logged_privately(shown, place, has_message=bool(source.ts))
    reply = views_replies.logged(shown)
    await deps.outbox.post(session, reply_key(feedback.id), place.channel or "", reply, thread=source.thread)
    if not is_new:
        await deps.outbox.rewrite(session, reply_key(feedback.id), reply, channel=place.channel or "")
    return None


def reply_key(feedback_id: int) -> str:
    return f"feedback:{feedback_id}:reply"


async def redraw_reply(session: AsyncSession, deps: Deps, feedback_id: int) -> None:
    """The answer in the thread, if there is one, as things stand now."""
    shown = await reading.card(session, deps, feedback_id)
    if shown.channel:
        await deps.outbox.rewrite(session, reply_key(feedback_id), views_replies.logged(shown), channel=shown.channel)


async def privately(session: AsyncSession, deps: Deps, feedback_id: int, place: Place = UNKNOWN) -> Message:
    """The answer that only one person has, as things stand now."""
    return views_replies.logged_privately(await reading.card(session, deps, feedback_id), place, has_message=bool(place.channel))


async def take_back(session: AsyncSession, deps: Deps, feedback: Feedback, mine: Supporter) -> None:
    """Somebody did not bring it after all. Without the last one the whole piece is gone. Held `one_at_a_time`."""
    person = mine.person
    await session.delete(mine)
    await session.flush()
    others = select(Supporter.person).where(Supporter.feedback_id == feedback.id).order_by(Supporter.added_at, Supporter.id)
    heir = (await session.scalars(others.limit(1))).one_or_none()
    if heir is None:
        feedback.removed_at = deps.now()
        await hand_on(session, deps, feedback)
    elif feedback.reporter == person:
        feedback.reporter = heir
    await session.flush()
    await redraw_reply(session, deps, feedback.id)


async def hand_on(session: AsyncSession, deps: Deps, feedback: Feedback) -> None:
    """It is there no more: what said the same counts with another from now on."""
    first = await same.hand_on(session, feedback)
    if first is not None:
        await redraw_reply(session, deps, first.id)


def may_still_undo(deps: Deps, mine: Supporter) -> bool:
    return deps.now() < mine.added_at + reading.UNDO_WINDOW


async def forget_drafts(session: AsyncSession, deps: Deps) -> None:
    """Forms that nobody sent."""
    old = delete(FeedbackDraft).where(FeedbackDraft.created_at < deps.now() - DRAFTS_KEPT)
    await session.execute(old, execution_options={"synchronize_session": False})


def of_first(source: Source, author: str | None) -> Source:
    """The first message of the thread that a reply is in."""
    return replace(source, ts=source.thread_ts, author=author)
