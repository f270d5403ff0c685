"""*Ask back*: a question to whoever brought it, once: in the thread where that may be, else privately. It is kept beside the words."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Message, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed
from domain.lifecycle import storable
from domain.phrases import cut
from domain.sources import Answering, Place
from handlers.triage import reading, views, views_forms
from handlers.triage.carrying import carried, is_private
from models import Feedback, Person
from models.finding import name_of

ASKED = "triage:asked:"  # the keys of questions begin so
EMPTY = "Say what you need to know. Nothing was sent."


@reads
async def open_question(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    team, at, key = carried(request)
    feedback = await reading.piece_of(session, request, key)
    reporter = await _reporter(session, request, feedback)
    place = await access.place_of(session, feedback.channel if _thread(feedback) else None)
    metadata = {**request.origin, "piece": feedback.id, "team": team, "at": at, "asked": mark_of(feedback)}
    return Open(views_forms.ask_back(feedback.number, feedback.words, _goes(reporter.name, place), metadata))


def _goes(reporter: str, place: Place) -> str:
    match place.answering:
        case Answering.IN_PLACE:
            return f"{reporter} is asked in the thread. Everyone who reads there can see it, and the answer."
        case Answering.OUTSIDERS:
            return f"{reporter} is asked privately, as people from outside the company read there. *Post here* is up to you then."
    return f"{reporter} is asked privately."


async def send(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """However often it is pressed, one question goes out: who asks on top of a newer one is told of that."""
    access.may_change(request.actor)
    feedback = await reading.piece_of(session, request, request.metadata.get("piece"), lock=True)
    reporter = await _reporter(session, request, feedback)
    words = storable(request.state.get("question") or "").strip()
    if not words:
        raise BadInput({"question": EMPTY})
    if len(words) > views_forms.LONGEST:
        raise BadInput({"question": f"A question has at most {views_forms.LONGEST:,} characters; this one has {len(words):,}."})
    if mark_of(feedback) != request.metadata.get("asked", ""):
        who = "You" if feedback.asked_by == request.person else await name_of(session, feedback.asked_by)
        said = f"{who} asked meanwhile: “{cut(feedback.question, 140)}” Nothing more was sent. Close this, and ask again if need be."
        raise BadInput({"question": said})
    feedback.question, feedback.asked_at, feedback.asked_by = words, deps.now(), request.person
    await session.flush()
    return Say(await _sent(session, request, deps, feedback, reporter))


async def _sent(session: AsyncSession, request: Request, deps: Deps, feedback: Feedback, reporter: Person) -> Message:
    place = await access.place_of(session, feedback.channel if _thread(feedback) else None)
    key = f"{ASKED}{feedback.id}:{mark_of(feedback)}"
    asked = question(feedback, request.actor.name, is_private=not place.may_answer)
    if place.may_answer:
        await deps.outbox.post(session, key, place.channel or "", asked, thread=_thread(feedback))
        told = f"{reporter.name} is asked in the thread."
    else:
        await deps.outbox.post(session, key, reporter.slack_id, asked)
        told = f"{reporter.name} is asked privately."
    back = views.value(int(request.metadata.get("team") or 0), int(request.metadata.get("at") or 0))
    post = f"{feedback.id}:{mark_of(feedback)}" if place.answering is Answering.OUTSIDERS else ""
    return views_forms.asked(feedback.number, told, feedback.question, back, post)


async def post_here(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Where people from outside read: the question goes to the thread, too, as whoever asks it said yes to that. Once."""
    access.may_change(request.actor)
    key, _, mark = (request.value or "").partition(":")
    feedback = await reading.piece_of(session, request, key, lock=True)
    if feedback.asked_by != request.person or mark_of(feedback) != mark:
        raise NotAllowed(f"Only whoever asked last about F-{feedback.number} can post that. Nothing was posted.")
    asked = question(feedback, request.actor.name, is_private=False)
    sent = f"{ASKED}{feedback.id}:{mark}:posted"
    await deps.outbox.post(session, sent, feedback.channel or "", asked, thread=_thread(feedback), to_outsiders=True)
    return Say(Message(f"Posted in the thread of F-{feedback.number}."), replace=is_private(request))


def question(feedback: Feedback, asker: str, *, is_private: bool) -> Message:
    link = feedback.permalink or ""
    return views_forms.question(feedback.number, feedback.reporter, asker, feedback.question, is_private=is_private, link=link)


def _thread(feedback: Feedback) -> str | None:
    return feedback.thread_ts or feedback.message_ts


def mark_of(feedback: Feedback) -> str:
    """Which question was the last."""
    return f"{feedback.asked_at.timestamp():.6f}" if feedback.asked_at else ""


async def _reporter(session: AsyncSession, request: Request, feedback: Feedback) -> Any:
    """Whoever logged it, if they can be asked. Raises NotAllowed."""
    name = f"F-{feedback.number}"
    if not feedback.reporter:
        raise NotAllowed(f"{name} was logged without a name, so nobody can be asked. Nothing was sent.")
    if feedback.reporter == request.person:
        raise NotAllowed(f"You logged {name} yourself. `/customer-feedback show {name}` edits it. Nothing was sent.")
    found = (await session.scalars(select(Person).where(Person.slack_id == feedback.reporter))).one_or_none()
    if found is None or found.is_deleted:
        raise NotAllowed(f"Whoever logged {name} is not here any more. Nothing was sent.")
    return found
