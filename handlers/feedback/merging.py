"""Two pieces that say the same: the one counts with the other from then on, or no longer. Both can be put back for five minutes."""

import re
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.behind import row_id
from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput, NotAllowed, NotFound
from domain.words import number_of, tidy
from handlers.feedback import keeping, listing, reading, views_list
from models import Feedback, Merging
from models.finding import find_numbered, lock_workspace
from models.triage import note_look

_INTO = re.compile(r"\s+(?:into|in|with|to|and|as|->|=>|→|-&gt;)\s+|\s*,\s*|\s+", re.IGNORECASE)
HOW = "Say which two: `/customer-feedback merge F-12 into F-3`. Nothing was changed."


async def merge_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`merge F-12 into F-3`: F-12 counts with F-3. Pieces that counted with F-12 come along."""
    access.may_change(request.actor)
    piece, target = await _two(session, request)
    head = await first_of(session, request, target)
    _check(piece, target, head)
    before = piece.same_as_id
    moved = await _members(session, piece.id)
    lends = before is None and head.release_id is None and head.item_id is None and bool(piece.release_id or piece.item_id)
    ids = [each.id for each in moved]
    done = Merging(feedback_id=piece.id, head_id=head.id, before_id=before, moved=ids, lent=lends, by=request.person, at=deps.now())
    session.add(done)
    for each in (piece, *moved):
        each.same_as_id = head.id
    if lends:
        head.release_id, head.item_id = piece.release_id, piece.item_id
        note_look(head, deps.now())
    await session.flush()
    await keeping.tell_linked(session, request, deps, head)
    return Say(await listing.shown(session, request, deps, head.id, _merged(piece, head, len(moved), lends), done.id))


def _merged(piece: Feedback, head: Feedback, moved: int, lends: bool) -> str:
    along = f", with {moved} that said the same" if moved else ""
    said = f"F-{piece.number} counts with F-{head.number} now{along}. Its words, customer and thread stay its own."
    if lends:
        return f"{said} F-{head.number} waits for what F-{piece.number} was linked to."
    parted = piece.release_id is not None and piece.release_id != head.release_id
    return f"{said} What F-{piece.number} was linked to does not count meanwhile." if parted else said


async def separate_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`separate F-12`: it counts alone again, and is linked to what it was linked to before."""
    access.may_change(request.actor)
    if not request.text:
        raise BadInput({"text": "Say which one: `/customer-feedback separate F-12`. Nothing was changed."})
    await lock_workspace(session)
    piece = await _numbered(session, request, request.text)
    if piece.same_as_id is None:
        raise NotAllowed(f"F-{piece.number} counts with no other piece. Nothing was changed.")
    head = await _locked(session, piece.same_as_id)
    done = Merging(
        feedback_id=piece.id, head_id=head.id, before_id=head.id, is_separation=True, moved=[], by=request.person, at=deps.now()
    )  # fmt: skip
    session.add(done)
    piece.same_as_id = None
    await session.flush()
    await keeping.tell_linked(session, request, deps, piece)
    return Say(await listing.shown(session, request, deps, piece.id, f"F-{piece.number} counts alone again.", done.id))


async def undo_merge(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Whoever merged or separated puts everything back within five minutes, unless it was changed again since."""
    access.may_change(request.actor)
    await lock_workspace(session)
    wanted = select(Merging).where(Merging.id == row_id(request.value))
    done = (await session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True})).one_or_none()
    if done is None:
        raise NotFound("That change is gone. Nothing was changed.")
    piece, head = await _locked(session, done.feedback_id), await _locked(session, done.head_id)
    before = await _locked(session, done.before_id) if done.before_id else None
    goes_back = before is None or (before.removed_at is None and before.same_as_id is None)
    _check_undo(done, piece, head, request.person, deps, goes_back=goes_back)
    moved = [await _locked(session, each) for each in done.moved]
    piece.same_as_id = done.before_id
    for each in moved:
        if each.same_as_id == head.id and each.removed_at is None:
            each.same_as_id = piece.id
    if done.lent and (head.release_id, head.item_id) == (piece.release_id, piece.item_id):
        head.release_id = head.item_id = None
        note_look(head, deps.now())
    done.undone_at = deps.now()
    await session.flush()
    for each in (piece, head):
        await keeping.tell_linked(session, request, deps, each)
    if done.is_separation:
        return Say(views_list.undone(f"F-{piece.number} counts with F-{head.number} again."), replace=True)
    return Say(views_list.undone(f"F-{piece.number} is no longer merged into F-{head.number}. All is as it was."), replace=True)


def _check_undo(done: Merging, piece: Feedback, head: Feedback, person: str, deps: Deps, *, goes_back: bool) -> None:
    """Raises NotAllowed with why it cannot be put back."""
    if done.undone_at:
        raise NotAllowed("That was put back already.")
    if done.by != person:
        raise NotAllowed("Only the person who did that can put it back. `/customer-feedback separate` parts two pieces.")
    if deps.now() >= done.at + reading.UNDO_WINDOW:
        how = "`/customer-feedback merge`" if done.is_separation else f"`/customer-feedback separate F-{piece.number}`"
        raise NotAllowed(f"That was more than five minutes ago. {how} does it again.")
    if piece.same_as_id != (None if done.is_separation else head.id) or piece.removed_at or not goes_back:
        raise NotAllowed(f"F-{piece.number} was changed again since, so that stays.")


async def _two(session: AsyncSession, request: Request) -> tuple[Feedback, Feedback]:
    """The two pieces that were typed, read when nobody else merges."""
    parts = [part for part in _INTO.split(tidy(request.text)) if part]
    if len(parts) != 2 or any(number_of(part, "F") is None for part in parts):
        raise BadInput({"text": HOW})
    await lock_workspace(session)
    return await _numbered(session, request, parts[0]), await _numbered(session, request, parts[1])


def _check(piece: Feedback, target: Feedback, head: Feedback) -> None:
    """Raises NotAllowed where merging would say nothing, or go round in a circle."""
    name, other = f"F-{piece.number}", f"F-{target.number}"
    if piece.id == target.id:
        raise NotAllowed(f"{name} cannot be merged into itself. Nothing was changed.")
    if target.same_as_id == piece.id:
        raise NotAllowed(f"{other} counts with {name} already. To turn it round, `/customer-feedback separate {other}` first.")
    if piece.same_as_id is not None and piece.same_as_id == head.id:
        raise NotAllowed(f"{name} counts with F-{head.number} already. Nothing was changed.")
    if piece.id == head.id:
        raise NotAllowed(f"{other} counts with {name} already. Nothing was changed.")
    if piece.kind != target.kind:
        raise NotAllowed(f"{name} is {piece.kind} and {other} is {target.kind}: these are counted apart. Nothing was changed.")


async def first_of(session: AsyncSession, request: Request, piece: Feedback) -> Feedback:
    """The first of those that say the same, locked. Raises NotAllowed where the person may not read it."""
    visible = reading.seen(request.actor, request.channel or request.metadata.get("channel"))
    found = (await session.scalars(_row(piece.same_as_id or piece.id).where(visible))).one_or_none()
    if found is None:
        refused = f"F-{piece.number} counts with another piece, which you may not read. Ask product operations. Nothing was changed."
        raise NotAllowed(refused)
    return found if found.same_as_id is None else await first_of(session, request, found)


async def _numbered(session: AsyncSession, request: Request, text: str) -> Feedback:
    try:
        found = await find_numbered(session, Feedback, text, reading.seen(request.actor, request.channel))
    except NotFound as none:
        raise NotFound(f"{none.sentence} Nothing was changed.") from None
    return await _locked(session, found.id)


async def _members(session: AsyncSession, head: int) -> Sequence[Feedback]:
    together = (
        select(Feedback)
        .where(Feedback.same_as_id == head, Feedback.removed_at.is_(None))
        .order_by(Feedback.id)
        .with_for_update(of=Feedback)
    )
    return list(await session.scalars(together, execution_options={"populate_existing": True}))


async def _locked(session: AsyncSession, key: int) -> Feedback:
    return (await session.scalars(_row(key))).one()


def _row(key: int) -> Select[Feedback]:
    return select(Feedback).where(Feedback.id == key).with_for_update(of=Feedback).execution_options(populate_existing=True)
