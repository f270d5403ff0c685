"""Saying what brings a piece of feedback: a release, or a piece of work. It counts for all that says the same."""

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Open, Say
from bot.deps import Deps
from bot.requests import Request
from bot.slices import reads
from domain.errors import BadInput, NotAllowed
from domain.phrases import cut, say_list
from domain.words import number_of, plain
from handlers.feedback import changing, keeping, listing, merging, reading, views_form
from handlers.feedback.fields import chosen_in
from models import Feedback, Item, Release, same
from models.finding import find_numbered, find_release, look_for_release
from models.triage import note_look

_MOST = 5
HOW = "Say which feedback and which release: `/customer-feedback link F-12 to Billing revamp`. Nothing was changed."


async def link_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`link F-12 to Billing revamp`, also to a piece of work by title or key. Without either the form asks for the release."""
    access.may_change(request.actor)
    number, _, rest = request.text.partition(" ")
    name = rest.strip()
    if number_of(number, "F") is None:
        raise BadInput({"text": HOW})
    await same.one_at_a_time(session)
    piece = await find_numbered(session, Feedback, number, reading.seen(request.actor, request.channel))
    if name.casefold().startswith("to "):
        name = name[3:].strip()
    if not name or name.casefold() == "to":
        return Open(await changing.details(session, request, deps, piece))
    head = await merging.first_of(session, request, piece)
    return await _link(session, request, deps, piece, head, *await _what(session, request, plain(name)))


@reads
async def open_link(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The button *Link*: which release, or which piece of work."""
    access.may_change(request.actor)
    piece = await reading.by_id(session, request)
    return Open(views_form.link(piece.id, piece.number, piece.words, request.origin))


async def save_link(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    access.may_change(request.actor)
    piece = await reading.by_id(session, request)
    head = await merging.first_of(session, request, piece)
    release, item = await chosen_in(session, request)
    if release is None and item is None:
        raise BadInput({"release": "Pick the release that brings it, or a piece of work. Nothing was changed."})
    return await _link(session, request, deps, piece, head, release, item)


async def _link(
    session: AsyncSession, request: Request, deps: Deps, piece: Feedback, head: Feedback, release: Release | None, item: Item | None
) -> Answer:
    head.release_id, head.item_id = (release.id if release else None), (item.id if item else None)
    head.declined_at, head.declined_by, head.decline_reason = None, None, ""
    note_look(head, deps.now())
    await session.flush()
    await keeping.tell_linked(session, request, deps, head)
    await keeping.redraw_reply(session, deps, piece.id)
    return Say(await listing.shown(session, request, deps, piece.id, _said(piece, head, release, item)))


def _said(piece: Feedback, head: Feedback, release: Release | None, item: Item | None) -> str:
    where = f'the work "{cut(item.title)}"' + (f" in {release.name}" if release else ", which is in no release") if item else ""
    what = where or (release.name if release else "")
    together = f", and so is F-{head.number}, which says the same" if head is not piece else ""
    return f"F-{piece.number} is linked to {what}{together}."


async def _what(session: AsyncSession, request: Request, name: str) -> tuple[Release | None, Item | None]:
    """The release of this name; else the piece of work, with the release that it is in. Raises NotFound with the nearest names."""
    visible = access.seen_releases(request.actor)
    release = await look_for_release(session, name, visible)
    if release is not None:
        return release, None
    items = await _work(session, request, name)
    if not items:
        return await find_release(session, name, visible), None
    if len(items) > 1:
        keys = say_list([each.source_key or str(each.title) for each in items])
        raise NotAllowed(f"Several pieces of work are called so: {keys}. Say one by its key. Nothing was changed.")
    inside = select(Release).where(Release.id == items[0].release_id)
    return (await session.scalars(inside)).one_or_none(), items[0]


async def _work(session: AsyncSession, request: Request, name: str) -> list[Item]:
    """Pieces of work with that title or key, as far as their release is seen."""
    inside = exists().where(Release.workspace_id == Item.workspace_id, Release.id == Item.release_id, access.seen_releases(request.actor))
    called = or_(func.lower(Item.title) == name.lower(), func.lower(Item.source_key) == name.lower())
    query = select(Item).where(called, or_(Item.release_id.is_(None), inside), Item.state != "dropped").order_by(Item.id)
    return list(await session.scalars(query.limit(_MOST)))
