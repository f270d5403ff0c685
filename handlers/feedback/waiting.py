"""*A customer is waiting*, beside what may be said of a release: only the customer is asked for, and it is feedback like any other."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.behind import release_behind
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput
from domain.feedback import Type
from domain.sources import Source
from handlers.feedback import fields, keeping, reading, views_form, views_replies
from models import Feedback, Supporter
from models.numbers import next_number
from models.triage import note_look


@reads
async def ask_who_waits(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    release = await release_behind(session, request.value, request.actor)
    return Open(views_form.waits(release.name, release.id, await access.place_of(session, request.channel), request.origin))


async def log_who_waits(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """One piece for each customer and person, however often they say so."""
    access.may_change(request.actor)
    release = await release_behind(session, request.metadata.get("release"), request.actor)
    customer = await fields.customer_of(session, request)
    if customer is None:
        raise BadInput({"customer": "Pick the customer who waits, or add one. Several of them are logged one by one."})
    number = await next_number(session, "F")  # one at a time: what was logged meanwhile is seen by now
    source = Source.typed_in(request.metadata.get("channel"))
    feedback = await _logged_before(session, request.person, release.id, customer)
    if feedback is None:
        words = f"Waits for {release.name}."
        feedback = Feedback(
            number=number, words=words, type=Type.REQUEST.value, area="", customer_id=customer, release_id=release.id,
            reporter=request.person, channel=source.channel, logged_at=deps.now(),
        )  # fmt: skip
        note_look(feedback, feedback.logged_at)
        session.add(feedback)
        await session.flush()
        await keeping.support(session, deps, feedback, source, request.person)
    shown = await reading.card(session, deps, feedback.id, request.actor)
    return Say(views_replies.logged(shown, here=""))


async def _logged_before(session: AsyncSession, person: str, release: int, customer: int) -> Feedback | None:
    mine = (
        select(Feedback)
        .join(Supporter, (Supporter.workspace_id == Feedback.workspace_id) & (Supporter.feedback_id == Feedback.id))
        .where(Supporter.person == person, Feedback.removed_at.is_(None))
        .where(Feedback.release_id == release, Feedback.customer_id == customer)
    )
    return (await session.scalars(mine.order_by(Feedback.id).limit(1))).one_or_none()
