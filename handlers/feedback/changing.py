"""What is bettered, deleted and brought back later, by those who answer for it."""

from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say, View
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed, NotFound
from domain.feedback import read_kind
from domain.words import number_of
from handlers.feedback import keeping, merging, reading, rights, views, views_form, views_replies
from handlers.feedback.fields import said_in
from models import Feedback, same
from models.finding import find_numbered
from models.triage import note_look

KEPT = timedelta(hours=24)


@reads
async def open_details(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    return Open(await details(session, request, deps, await reading.by_id(session, request)))


@reads
async def edit_typed(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`edit F-12`."""
    found = await find_numbered(session, Feedback, request.text, reading.seen(request.actor, request.channel))
    return Open(await details(session, request, deps, found))


async def details(session: AsyncSession, request: Request, deps: Deps, feedback: Feedback) -> View:
    await rights.check(session, request.actor, feedback)
    shown = await reading.whole_card(session, deps, feedback, request.actor)
    first = await session.get_one(Feedback, feedback.same_as_id or feedback.id)  # what brings it counts for all that say the same
    release = (shown.release, str(first.release_id)) if shown.release else None
    item = (shown.item, str(first.item_id)) if shown.item else None
    return views_form.edit(shown, release, item, request.origin)


async def save_details(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await same.one_at_a_time(session)
    feedback = await reading.by_id(session, request, lock=True)
    await rights.check(session, request.actor, feedback)
    first = await merging.first_of(session, request, feedback)
    if read_kind(request.state.get("kind") or feedback.kind) != feedback.kind and await same.part(
        session, feedback, by=request.person, at=deps.now()
    ):
        first = feedback  # what is of two kinds does not count together
    waited_for, about = (first.release_id, first.item_id), feedback.area
    said = await said_in(session, request, rest_of=feedback.words, before=first)
    if "source" not in request.state:
        said.pop("source")
    for name, value in said.items():
        setattr(first if name in ("release_id", "item_id") else feedback, name, value)
    if (first.release_id, first.item_id) != waited_for:
        note_look(first, deps.now())
    if feedback.area != about:
        feedback.team_id = await keeping.team_of_area(session, feedback.area) or feedback.team_id
    await session.flush()
    if first.release_id != waited_for[0]:
        await keeping.tell_linked(session, request, deps, first)
    await keeping.redraw_reply(session, deps, feedback.id)
    shown = await reading.whole_card(session, deps, feedback, request.actor)
    return Say(views.card(shown, request.actor.zone, f"{shown.name} is saved."))


async def delete(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """It is in no list and no count any more, and everything of it is kept."""
    await same.one_at_a_time(session)
    feedback = await reading.by_id(session, request, lock=True)
    await rights.check(session, request.actor, feedback)
    feedback.removed_at, feedback.removed_by = deps.now(), request.person
    await keeping.hand_on(session, deps, feedback)
    await session.flush()
    await keeping.redraw_reply(session, deps, feedback.id)
    return Say(views_replies.deleted(await reading.card(session, deps, feedback.id)), replace=True)


async def bring_back(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Pressed, or typed with the number."""
    await same.one_at_a_time(session)
    found = (await session.scalars(_gone(request).with_for_update())).one_or_none()
    if found is None or found.removed_at is None:
        raise NotFound("There is no deleted feedback of that number that you may read. Nothing was changed.")
    if not (request.actor.is_product_operations or await rights.brought(session, request.actor, found)):
        raise NotAllowed(f"Whoever logged F-{found.number}, and product operations, can bring it back. Nothing was changed.")
    if deps.now() >= found.removed_at + KEPT:
        raise BadInput({"feedback": f"F-{found.number} was deleted more than 24 hours ago. Log it anew. Nothing was changed."})
    found.removed_at = found.removed_by = None
    await same.come_back(session, found)
    await keeping.redraw_reply(session, deps, found.id)
    shown = await reading.whole_card(session, deps, found, request.actor)
    return Say(views.card(shown, request.actor.zone, f"{shown.name} is back."), replace=bool(request.value))


def _gone(request: Request) -> Select[Feedback]:
    named = Feedback.number == (number_of(request.text, "F") or 0) if request.text else Feedback.id == int(request.value or 0)
    return select(Feedback).where(named, Feedback.removed_by.is_not(None), access.kept_feedback(request.actor, request.channel))
