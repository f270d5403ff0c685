"""What people do with feedback: log it, take it back, add details, link it to a release."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Nothing, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed
from domain.facts import FeedbackLogged
from domain.feedback import Type, read_type
from domain.sources import Source
from domain.words import number_of, plain
from handlers.feedback import listing, merging, reading, views
from handlers.feedback.views import Draft
from models import Feedback, Follow, Release, Supporter
from models.finding import customer_named, readable, team_of_channel, this_workspace
from models.numbers import next_number


@reads
async def open_log(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """From a message's menu: the form, filled with the message."""
    access.may_change(request.actor)
    message = request.body.get("message") or {}
    source = Source.of_message(request.channel, message)
    return await _open_form(session, request, deps, await readable(session, message.get("text") or ""), source)


@reads
async def open_new(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Typed, or pressed: what was typed is in the form."""
    access.may_change(request.actor)
    words = plain(request.text) if request.kind == "command" else ""
    return await _open_form(session, request, deps, words, Source.typed_in(request.channel))


@reads
async def show_or_log(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A number alone shows what it stands for; other words are something to log."""
    shown = number_of(request.text, "F") is not None
    return await (listing.show_feedback if shown else open_new)(session, request, deps)


async def _open_form(session: AsyncSession, request: Request, deps: Deps, words: str, source: Source) -> Answer:
    known = await _logged_before(session, source)
    team = await team_of_channel(session, source.channel)
    draft = Draft(
        words=words,
        area=team.name[: views.LONGEST_AREA] if team else "",
        source=source,
        place=await access.place_of(session, source.channel),
        known=await reading.card(session, deps, known.id, request.actor) if known and known.removed_at is None else None,
    )
    return Open(views.form(draft, request.origin))


async def log_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A submitted form. A message that was logged already gets one more supporter."""
    access.may_change(request.actor)
    source = Source.of_kept(request.metadata)
    said = _said(request)
    feedback = await _logged_before(session, source, lock=True)
    is_new = feedback is None
    if feedback is None:
        number = await next_number(session, "F")
        # Numbers are given one transaction at a time: somebody who logged the same message meanwhile is committed by now.
        feedback = await _logged_before(session, source, lock=True)
        is_new = feedback is None
    if feedback is None:
        feedback = Feedback(number=number, reporter=request.person, logged_at=deps.now(), **said, **await _place(session, source))
        feedback.customer_id = await customer_of(session, request)
        feedback.release_id = await _release(session, request, None)
        session.add(feedback)
    elif feedback.removed_at is not None:
        for name, value in said.items():
            setattr(feedback, name, value)
        feedback.customer_id = await customer_of(session, request)
        feedback.release_id = await _release(session, request, None)
        feedback.removed_at, feedback.reporter, feedback.logged_at = None, request.person, deps.now()
    elif feedback.release_id is None:
        feedback.release_id = await _release(session, request, None)
    await session.flush()
    await _follow(session, request, deps)
    await support(session, request, deps, feedback, source)
    return await _answer(session, deps, feedback, source, is_new)


def _said(request: Request) -> dict[str, Any]:
    """What a form says about a piece of feedback, but for its customer and release."""
    words = (request.state.get("words") or "").strip()
    if not words:
        raise BadInput({"words": "Say what the customer said, in their words if you can."})
    kind = read_type(request.state.get("type") or Type.REQUEST)
    return {"words": words, "type": kind.value, "area": (request.state.get("area") or "")[: views.LONGEST_AREA]}


async def customer_of(session: AsyncSession, request: Request) -> int | None:
    """The customer whom a form names, made when it is new; None where several are meant, or nobody is known."""
    name = " ".join((request.state.get("customer") or "").split())
    return None if name in ("", views.NOT_KNOWN) else (await customer_named(session, name)).id


async def _place(session: AsyncSession, source: Source) -> dict[str, Any]:
    return {
        "channel": source.channel,
        "message_ts": source.ts,
        "thread_ts": source.thread_ts,
        "author": source.author,
        "permalink": source.permalink((await this_workspace(session)).domain),
    }


async def _logged_before(session: AsyncSession, source: Source, *, lock: bool = False) -> Feedback | None:
    if not source.ts:
        return None
    query = select(Feedback).where(Feedback.channel == source.channel, Feedback.message_ts == source.ts)
    return (await session.scalars(query.with_for_update() if lock else query)).one_or_none()


async def support(session: AsyncSession, request: Request, deps: Deps, feedback: Feedback, source: Source) -> None:
    """Write down who brought it. When it can no longer be taken back, that is told."""
    if await session.scalar(_support_of(feedback, request.person)) is not None:
        return
    support = Supporter(
        feedback_id=feedback.id, person=request.person, channel=source.channel, thread_ts=source.thread, added_at=deps.now()
    )
    session.add(support)
    await session.flush()
    fact = FeedbackLogged(key=f"feedback:{feedback.id}:by:{support.id}", actor=request.person, feedback_id=feedback.id)
    await deps.tell(session, fact, not_before=support.added_at + reading.UNDO_WINDOW)


def _support_of(feedback: Feedback, person: str) -> Any:
    return select(Supporter).where(Supporter.feedback_id == feedback.id, Supporter.person == person)


async def _answer(session: AsyncSession, deps: Deps, feedback: Feedback, source: Source, is_new: bool) -> Answer:
    """In the thread where that may be, else privately."""
    shown = await reading.card(session, deps, feedback.id)
    place = await access.place_of(session, source.channel)
    if not (source.ts and place.may_answer):
        return Say(views.logged_privately(shown, place, has_message=bool(source.ts)))
    answer = views.logged(shown)
    await deps.outbox.post(session, _reply(feedback.id), place.channel or "", answer, thread=source.thread)
    if not is_new:
        await deps.outbox.rewrite(session, _reply(feedback.id), answer, channel=place.channel or "")
    return Nothing()


def _reply(feedback_id: int) -> str:
    return f"feedback:{feedback_id}:reply"


async def redraw_reply(session: AsyncSession, deps: Deps, feedback_id: int) -> None:
    """The answer in the thread, if there is one, as things stand now."""
    shown = await reading.card(session, deps, feedback_id)
    if shown.channel:
        await deps.outbox.rewrite(session, _reply(feedback_id), views.logged(shown), channel=shown.channel)


async def close_undo(session: AsyncSession, fact: FeedbackLogged, deps: Deps) -> None:
    """The time to take it back is over: its button goes."""
    await redraw_reply(session, deps, fact.feedback_id)


async def undo_log(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Whoever logged it takes that back. The last one takes the whole piece back."""
    access.may_change(request.actor)
    feedback = await reading.by_id(session, request, lock=True)
    mine = (await session.scalars(_support_of(feedback, request.person))).one_or_none()
    if mine is None:
        raise NotAllowed(f"Only those who logged it can take F-{feedback.number} back. Nothing was changed.")
    if deps.now() >= mine.added_at + reading.UNDO_WINDOW:
        raise NotAllowed(
            f"F-{feedback.number} was logged more than five minutes ago. `/customer-feedback show F-{feedback.number}` edits it."
        )
    await session.delete(mine)
    await session.flush()
    others = select(Supporter.person).where(Supporter.feedback_id == feedback.id).order_by(Supporter.added_at, Supporter.id)
    heir = (await session.scalars(others.limit(1))).one_or_none()
    if heir is None:
        feedback.removed_at = deps.now()
        await merging.let_go(session, feedback)
    elif feedback.reporter == request.person:
        feedback.reporter = heir
    await session.flush()
    await redraw_reply(session, deps, feedback.id)
    is_private = bool((request.body.get("container") or {}).get("is_ephemeral"))
    return Say(views.taken_back(await reading.card(session, deps, feedback.id)), replace=True) if is_private else Nothing()


async def save_details(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    first = await merging.first_of(session, request, await reading.by_id(session, request))  # before its own lock, as merging does
    feedback = await reading.by_id(session, request, lock=True)
    for name, value in _said(request).items():
        setattr(feedback, name, value)
    feedback.customer_id = await customer_of(session, request)
    first.release_id = await _release(session, request, first.release_id)
    await session.flush()
    await redraw_reply(session, deps, feedback.id)
    return Say(await listing.shown(session, request, deps, feedback.id, f"F-{feedback.number} is saved."))


async def _release(session: AsyncSession, request: Request, before: int | None) -> int | None:
    """The chosen release. One that the person may not see stays as it is."""
    visible = access.seen_releases(request.actor)
    chosen = request.state.get("release")
    if not chosen:
        hidden = before is not None and await session.scalar(select(Release.id).where(Release.id == before, visible)) is None
        return before if hidden else None
    found = await session.scalar(select(Release.id).where(Release.id == int(chosen), visible))
    if found is None:
        raise BadInput({"release": "That release is gone. Pick another one; the rest of the form is kept."})
    return found


async def _follow(session: AsyncSession, request: Request, deps: Deps) -> None:
    """Who ticked that follows the release that they chose."""
    chosen = await _release(session, request, None)
    if not chosen or "follow" not in (request.state.get("follow") or []):
        return
    mine = select(Follow.id).where(Follow.release_id == chosen, Follow.person == request.person)
    if await session.scalar(mine) is None:
        session.add(Follow(release_id=chosen, person=request.person, followed_at=deps.now()))
