"""*Not solved*: what shipped is not what somebody asked for. Their words are open again, alone, and the owner hears of it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answerable import who_answers
from bot.answers import Answer, Open, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed
from domain.facts import FeedbackChanged
from domain.lifecycle import storable
from handlers.loop import views_forms
from handlers.loop.pieces import Piece, brought
from models import Feedback, Release, same

SHOWN = 10


@reads
async def ask_what_is_missing(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    mine = await _mine(session, request, release)
    return Open(views_forms.unsolved(release.name, release.id, [(one.number, one.words) for one in mine[:SHOWN]], request.origin))


async def reopen(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    await same.one_at_a_time(session)
    release = await release_behind(session, request.metadata.get("release"), request.actor)
    mine = {str(one.number): one for one in await _mine(session, request, release)}
    chosen = [mine[number] for number in request.state.get("pieces") or list(mine)[:1] if number in mine]
    if not chosen:
        raise BadInput({"pieces": "Tick what is not solved. Your words are kept."})
    missing = storable(request.state.get("missing") or "").strip()
    for one in chosen:
        await _reopen(session, request, deps, release, one, missing)
    told = await _tell_owner(session, request, deps, release, chosen, missing)
    return Say(views_forms.reopened(release.name, [one.number for one in chosen], told))


async def _reopen(session: AsyncSession, request: Request, deps: Deps, release: Release, one: Piece, missing: str) -> None:
    locked = select(Feedback).where(Feedback.id == one.feedback_id).with_for_update()
    feedback = (await session.scalars(locked)).one()
    await same.part(session, feedback, by=request.person, at=deps.now())
    feedback.release_id = feedback.item_id = None
    feedback.unsolved_release_id, feedback.reopened_at = release.id, deps.now()
    feedback.triaged_at, feedback.taken_by = None, None
    if missing:
        feedback.words = f"{feedback.words}\n\nStill missing: {missing}"
    await session.flush()
    await deps.tell(session, FeedbackChanged(key=f"feedback:{feedback.id}:{request.key}", actor=request.person, feedback_id=feedback.id))


async def _mine(session: AsyncSession, request: Request, release: Release) -> list[Piece]:
    found = [one for one in await brought(session, release.id) if one.person == request.person]
    if not found:
        who = f"Only those who asked for {release.name} can say so, while their words wait for it."
        raise NotAllowed(f"{who} `/customer-feedback new` logs what you heard.")
    return found


async def _tell_owner(session: AsyncSession, request: Request, deps: Deps, release: Release, chosen: list[Piece], missing: str) -> str:
    """Whoever answers for the release, with the words that they may read. Their name."""
    found = await who_answers(session, release)
    if found is None or found[0] == request.person:
        return ""
    owner = await access.actor_of(session, found[0])
    readable: Any = select(Feedback.id).where(Feedback.id.in_([one.feedback_id for one in chosen]), access.seen_feedback(owner))
    seen = set(await session.scalars(readable))
    shown = [(one.number, one.customer, one.words) for one in chosen if one.feedback_id in seen]
    notice = views_forms.not_solved(release.name, request.actor.name, shown, missing if seen else "", found[1])
    await deps.outbox.post(session, f"unsolved:{request.key}", found[0], notice)
    return owner.name
