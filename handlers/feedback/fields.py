"""What a form says about a piece of feedback, field by field, as columns of its row."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.behind import row_id
from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput
from domain.feedback import Kind, Type, read_importance, read_kind, read_type
from domain.phrases import cut
from handlers.feedback import reading, views
from models import Feedback, Follow, Item, Release
from models.finding import customer_id_named


async def said_in(session: AsyncSession, request: Request, *, rest_of: str = "", before: Feedback | None = None) -> dict[str, Any]:
    """The columns. A form shows the beginning of a long text: what follows in `rest_of` is kept. Raises BadInput."""
    state = request.state
    kind = read_kind(state.get("kind") or request.metadata.get("kind"))
    release, item = await _waited_for(session, request, before)
    return {
        "words": _words(state, rest_of),
        "kind": kind.value,
        "type": read_type(state.get("type") or Type.REQUEST).value,
        "area": (state.get("area") or "")[: views.LONGEST_AREA],
        "importance": read_importance(state.get("importance")) or "",
        "requested_by": " ".join((state.get("requested_by") or "").split()),
        "source": " ".join((state.get("source") or "").split()),
        "customer_id": await customer_of(session, request) if kind is Kind.CUSTOMER else None,
        "item_id": item.id if item else None,
        "release_id": release,
    }


def _words(state: Any, rest_of: str) -> str:
    words: str = (state.get("first_words") or state.get("words") or "").strip()
    if not words:
        raise BadInput({"words": "Say what the customer said, in their words if you can."})
    begins, rest = rest_of[: views.LONGEST_WORDS], rest_of[views.LONGEST_WORDS :]
    return rest_of if rest and words == begins.strip() else words + rest


async def customer_of(session: AsyncSession, request: Request) -> int | None:
    """The customer whom a form names, made when it is new; None where several are meant, or nobody is known."""
    name = " ".join((request.state.get("customer") or "").split())
    return None if name in ("", views.NOT_KNOWN) else await customer_id_named(session, name)


async def _release(session: AsyncSession, request: Request, before: Feedback | None) -> int | None:
    """The chosen release. One that the person may not see stays as it is."""
    was, chosen = before.release_id if before else None, request.state.get("release")
    if not (was or chosen):
        return None
    visible = access.seen_releases(request.actor)
    if not chosen:
        hidden = was is not None and await session.scalar(select(Release.id).where(Release.id == was, visible)) is None
        return was if hidden else None
    found = await session.scalar(select(Release.id).where(Release.id == row_id(chosen), visible))
    if found is None:
        raise BadInput({"release": "That release is gone. Pick another one; the rest of the form is kept."})
    return found


async def _item(session: AsyncSession, request: Request, before: Feedback | None) -> Item | None:
    """The chosen piece of work; the same rules as for a release."""
    was, chosen = before.item_id if before else None, request.state.get("item")
    if not (was or chosen):
        return None
    visible = reading.seen_items(request.actor)
    if not chosen:
        kept = await session.get(Item, was) if was else None
        return kept if kept and await session.scalar(select(Item.id).where(Item.id == was, visible)) is None else None
    found = (await session.scalars(select(Item).where(Item.id == row_id(chosen), visible))).one_or_none()
    if found is None:
        raise BadInput({"item": "That piece of work is gone. Pick another one; the rest of the form is kept."})
    return found


async def _waited_for(session: AsyncSession, request: Request, before: Feedback | None) -> tuple[int | None, Item | None]:
    """The release and the piece of work. Work is in the release that has it, so of two that do not fit what was there before goes."""
    item, release = await _item(session, request, before), await _release(session, request, before)
    if item is None or release == item.release_id:
        return release, item
    if not release or (before and release == before.release_id):
        return item.release_id, item
    if before and item.id == before.item_id:
        return release, None
    where = await session.get(Release, item.release_id) if item.release_id else None
    is_in = f"is in {cut(where.name)}" if where else "is in no release"
    raise BadInput({"item": f"{cut(item.title)} {is_in}. Pick the release or the work; the rest of the form is kept."})


async def chosen_in(session: AsyncSession, request: Request) -> tuple[Release | None, Item | None]:
    """The release and the piece of work that a form names; work brings the release that it is in."""
    key, item = await _waited_for(session, request, None)
    return (await session.get(Release, key) if key else None), item


async def follow(session: AsyncSession, request: Request, deps: Deps) -> None:
    """Who ticked that follows the release that they chose."""
    if "follow" not in (request.state.get("follow") or []) or not (chosen := await _release(session, request, None)):
        return
    mine = select(Follow.id).where(Follow.release_id == chosen, Follow.person == request.person)
    if await session.scalar(mine) is None:
        session.add(Follow(release_id=chosen, person=request.person, followed_at=deps.now()))
