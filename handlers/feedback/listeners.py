"""What people do with feedback: log it, take it back, and what is redrawn when it changes."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Message, Nothing, Say, Update
from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput, NotAllowed
from domain.facts import FeedbackChanged, FeedbackLinked, FeedbackLogged
from domain.feedback import Kind
from domain.sources import Source
from handlers.feedback import keeping, merging, opening, reading, rights, views_form, views_replies
from handlers.feedback.fields import follow, said_in
from models import Feedback, Supporter, same


async def log_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A submitted form. A message that was logged already gets one more supporter."""
    await access.may_report(session, request.actor)
    same_as = request.metadata.get("same")
    if same_as:
        await same.one_at_a_time(session)
    row = await opening.sent_draft(session, request)
    source = Source.of_kept(request.metadata)
    said = await said_in(session, request, rest_of=(row.first_words if row.shown.get("first") else row.words) if row else "")
    if said["kind"] == Kind.INTERNAL and "anonymous" in (request.state.get("anonymous") or []):
        return await _log_without_name(session, deps, source, said)
    feedback, is_new = await keeping.keep(session, deps, source, said, request.person)
    await follow(session, request, deps)
    if same_as and is_new:
        await merging.log_as_same(session, request, deps, feedback, int(same_as))
    private = await keeping.answer(session, deps, feedback, source, is_new)
    return Say(private) if private else Nothing()


async def _log_without_name(session: AsyncSession, deps: Deps, source: Source, said: dict[str, Any]) -> Answer:
    """Nothing that leads back is written: no reporter, no message, no draft, no name in the audit, and no answer that is kept."""
    session.info["actor"] = None
    await keeping.keep(session, deps, Source.typed_in(source.channel), said, "")
    return Update(views_form.without_name(), is_secret=True)


async def close_undo(session: AsyncSession, fact: FeedbackLogged, deps: Deps) -> None:
    """The time to take it back is over: its button goes. What it waits for may be out already."""
    await keeping.redraw_reply(session, deps, fact.feedback_id)
    waits = select(Feedback.id).where(
        Feedback.id == fact.feedback_id, or_(Feedback.release_id.is_not(None), Feedback.same_as_id.is_not(None))
    )
    if await session.scalar(waits):
        await deps.tell(session, FeedbackLinked(key=f"logged:{fact.key}", actor=fact.actor, feedback_id=fact.feedback_id))


async def draw_again(session: AsyncSession, fact: FeedbackChanged, deps: Deps) -> None:
    await keeping.redraw_reply(session, deps, fact.feedback_id)


async def undo_log(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Whoever logged it takes that back. The last one takes the whole piece back."""
    await access.may_report(session, request.actor)
    await same.one_at_a_time(session)
    feedback = await reading.by_id(session, request, lock=True)
    mine: Supporter | None = (await session.scalars(keeping.support_of(feedback, request.person))).one_or_none()
    if mine is None:
        raise NotAllowed(f"Only those who logged it can take F-{feedback.number} back. Nothing was changed.")
    if not keeping.may_still_undo(deps, mine):
        raise NotAllowed(
            f"F-{feedback.number} was logged more than five minutes ago. `/customer-feedback show F-{feedback.number}` edits it."
        )
    await keeping.take_back(session, deps, feedback, mine)
    return await _redrawn(session, request, deps, feedback)


def _is_private(request: Request) -> bool:
    return bool((request.body.get("container") or {}).get("is_ephemeral"))


async def _redrawn(session: AsyncSession, request: Request, deps: Deps, feedback: Feedback) -> Answer:
    """The private answer that was pressed, anew; what stands in a thread is redrawn by itself."""
    if not _is_private(request):
        return Nothing()
    place = await access.place_of(session, request.channel if feedback.thread_ts or feedback.message_ts else None)
    return Say(await keeping.privately(session, deps, feedback.id, place), replace=True)


async def post_here(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Where people from outside read: the number and one sentence, as somebody said yes to it. Once."""
    feedback = await reading.by_id(session, request, lock=True)
    if not await rights.brought(session, request.actor, feedback):
        raise NotAllowed("Only whoever logged it can post that. Nothing was posted.")
    thread = feedback.thread_ts or feedback.message_ts
    if not (feedback.channel and thread):
        raise BadInput({"feedback": "It came from no message, so there is no thread to post in."})
    reply = views_replies.for_outsiders(await reading.card(session, deps, feedback.id))
    await deps.outbox.post(session, f"feedback:{feedback.id}:posted", feedback.channel, reply, thread=thread, to_outsiders=True)
    return Say(Message(f"Posted in the thread: {reply.text}"), replace=_is_private(request))
