"""Saying that two pieces say the same, or that they do not: by command, by a button, or while logging; to be put back for five minutes.

What that changes is `models.same`; who may say so, and what is answered, is here.
"""

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.answers import Answer, Say
from bot.behind import row_id
from bot.deps import Deps
from bot.requests import Request
from domain.errors import BadInput, NotAllowed, NotFound
from domain.words import number_of, tidy
from handlers.feedback import keeping, listing, reading, rights, views_list
from models import Feedback, Merging, same
from models.finding import find_numbered

_INTO = re.compile(r"\s+(?:into|in|with|to|and|as|->|=>|→|-&gt;)\s+|\s*,\s*|\s+", re.IGNORECASE)
_REDRAWN = 20  # answers in threads that name the first; of more the rest is drawn when they change themselves
HOW = "Say which two: `/customer-feedback merge F-12 into F-3`. Nothing was changed."


async def merge_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`merge F-12 into F-3`: F-12 counts with F-3. Pieces that counted with F-12 come along."""
    access.may_change(request.actor)
    parts = [part for part in _INTO.split(tidy(request.text)) if part]
    if len(parts) != 2 or any(number_of(part, "F") is None for part in parts):
        raise BadInput({"text": HOW})
    await same.one_at_a_time(session)
    piece, target = await _numbered(session, request, parts[0]), await _numbered(session, request, parts[1])
    head = await first_of(session, request, target)
    _check(piece, target, head)
    done = await same.join(session, piece, head, by=request.person, at=deps.now())
    along = await _tell(session, request, deps, done, [head])
    return Say(await listing.shown(session, request, deps, head.id, _merged(piece, head, along, done.lent), done.id))


def _merged(piece: Feedback, head: Feedback, moved: int, lends: bool) -> str:
    along = f", with {moved} that said the same" if moved else ""
    said = f"F-{piece.number} counts with F-{head.number} now{along}. Its words, customer and thread stay its own."
    if lends:
        return f"{said} F-{head.number} waits for what F-{piece.number} was linked to."
    parted = piece.release_id is not None and piece.release_id != head.release_id
    return f"{said} What F-{piece.number} was linked to does not count meanwhile." if parted else said


async def log_as_same(session: AsyncSession, request: Request, deps: Deps, piece: Feedback, same_as: int) -> None:
    """*Same thing*, ticked in the form. Where the other was taken back meanwhile, or is no news to this person, it stands alone."""
    other = (await session.scalars(select(Feedback).where(Feedback.id == same_as, reading.seen(request.actor, _inside(request))))).first()
    if other is None or other.kind != piece.kind:
        return
    try:
        first = await first_of(session, request, other)
    except NotAllowed:
        return
    if first.id not in (piece.id, piece.same_as_id):
        done = await same.join(session, piece, first, by=request.person, at=deps.now())
        await _tell(session, request, deps, done, [first])


async def separate_feedback(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """`separate F-12`: it counts alone again, and is linked to what it was linked to before. Others stay together without it."""
    if not request.text:
        access.may_change(request.actor)
        raise BadInput({"text": "Say which one: `/customer-feedback separate F-12`. Nothing was changed."})
    await same.one_at_a_time(session)
    piece = await _numbered(session, request, request.text)
    done, said = await _separate(session, request, deps, piece)
    return Say(await listing.shown(session, request, deps, piece.id, said, done.id))


async def set_apart(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """*Separate*, pressed: the same, answered where it was pressed."""
    await same.one_at_a_time(session)
    piece = await reading.by_id(session, request, lock=True)
    done, said = await _separate(session, request, deps, piece)
    is_private = bool((request.body.get("container") or {}).get("is_ephemeral"))
    return Say(views_list.separated(said, f"F-{piece.number}", done.id), replace=is_private)


async def _separate(session: AsyncSession, request: Request, deps: Deps, piece: Feedback) -> tuple[Merging, str]:
    await rights.may_part(session, request.actor, piece)
    was_first = piece.same_as_id is None
    done = await same.part(session, piece, by=request.person, at=deps.now())
    if done is None:
        raise NotAllowed(f"F-{piece.number} counts with no other piece. Nothing was changed.")
    first = (await same.held(session, done.head_id))[done.head_id]
    left = await _tell(session, request, deps, done, [piece, *([first] if was_first else [])])
    said = f"F-{piece.number} counts alone again."
    if was_first and left > 1:
        is_read = await session.scalar(select(Feedback.id).where(Feedback.id == first.id, reading.seen(request.actor, _inside(request))))
        whose = f" with F-{first.number}" if is_read else ""
        said += f" The {left} others stay together{whose}, and wait for what they waited for."
    return done, said


async def undo_merge(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Whoever merged or separated puts everything back within five minutes, unless it was changed again since."""
    access.may_change(request.actor)
    await same.one_at_a_time(session)
    wanted = select(Merging).where(Merging.id == row_id(request.value))
    done = (await session.scalars(wanted.with_for_update(), execution_options={"populate_existing": True})).one_or_none()
    if done is None:
        raise NotFound("That change is gone. Nothing was changed.")
    pieces = await same.held(session, done.feedback_id, done.head_id)
    piece, head = pieces[done.feedback_id], pieces[done.head_id]
    _check_undo(done, piece, request.person, deps)
    if not await same.put_back(session, done, at=deps.now()):
        raise NotAllowed(f"F-{piece.number} was changed again since, so that stays.")
    await _tell(session, request, deps, done, [piece, head])
    if done.is_separation:
        said = (
            f"F-{head.number} counts with F-{piece.number}" if done.before_id is None else f"F-{piece.number} counts with F-{head.number}"
        )
        return Say(views_list.undone(f"{said} again."), replace=True)
    return Say(views_list.undone(f"F-{piece.number} is no longer merged into F-{head.number}. All is as it was."), replace=True)


def _check_undo(done: Merging, piece: Feedback, person: str, deps: Deps) -> None:
    """Raises NotAllowed with why it cannot be put back."""
    if done.undone_at:
        raise NotAllowed("That was put back already.")
    if done.by != person:
        raise NotAllowed("Only the person who did that can put it back. `/customer-feedback separate` parts two pieces.")
    if deps.now() >= done.at + reading.UNDO_WINDOW:
        how = "`/customer-feedback merge`" if done.is_separation else f"`/customer-feedback separate F-{piece.number}`"
        raise NotAllowed(f"That was more than five minutes ago. {how} does it again.")


async def _tell(session: AsyncSession, request: Request, deps: Deps, done: Merging, firsts: Sequence[Feedback]) -> int:
    """Those who wait hear of it, and the answers in the threads are drawn anew. How many others came along, of those that are there."""
    for each in firsts:
        await keeping.tell_linked(session, request, deps, each)
    query = select(Feedback.id).where(Feedback.id.in_(done.moved), Feedback.removed_at.is_(None)).order_by(Feedback.id)
    moved = list(await session.scalars(query))
    for key in dict.fromkeys((done.feedback_id, done.head_id, *moved[:_REDRAWN])):
        await keeping.redraw_reply(session, deps, key)
    return len(moved)


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
    query = select(Feedback).where(Feedback.id == (piece.same_as_id or piece.id), reading.seen(request.actor, _inside(request)))
    locked = query.with_for_update(of=Feedback).execution_options(populate_existing=True)
    found = (await session.scalars(locked)).one_or_none()
    if found is None:
        refused = f"F-{piece.number} counts with another piece, which you may not read. Ask product operations. Nothing was changed."
        raise NotAllowed(refused)
    return found


async def _numbered(session: AsyncSession, request: Request, text: str) -> Feedback:
    try:
        found = await find_numbered(session, Feedback, text, reading.seen(request.actor, request.channel))
    except NotFound as none:
        raise NotFound(f"{none.sentence} Nothing was changed.") from None
    return (await same.held(session, found.id))[found.id]


def _inside(request: Request) -> str | None:
    return request.channel or request.metadata.get("channel")
