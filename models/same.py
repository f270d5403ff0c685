"""What says the same: each keeps its own words and points to the first of them, which points to none.

Everything that changes this, by whichever way it was asked for, happens here. Whoever does so holds `one_at_a_time` before any piece: so
two of them never wait for each other, and none decides by what another is changing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.feedback import Feedback, Merging
from models.finding import lock_workspace
from models.triage import note_look

STANDS = ("release_id", "item_id", "taken_by", "triaged_at", "declined_at", "declined_by", "decline_reason")  # for all, on the first


async def one_at_a_time(session: AsyncSession) -> None:
    await lock_workspace(session)


async def held(session: AsyncSession, *ids: int) -> dict[int, Feedback]:
    """Pieces as they are now, also those that were taken back; locked."""
    query = select(Feedback).where(Feedback.id.in_(ids)).order_by(Feedback.id)
    return {row.id: row for row in await session.scalars(_anew(query))}


async def join(session: AsyncSession, piece: Feedback, first: Feedback, *, by: str, at: datetime) -> Merging:
    """From now on it counts with the first of others, and so does whatever counted with it.

    The first waits for what it was linked to, where that one has no link and no answer of its own.
    """
    before, moved = piece.same_as_id, await _others(session, piece)
    lends = before is None and _is_linked(piece) and not _is_linked(first) and first.declined_at is None
    for each in (piece, *moved):
        each.same_as_id = first.id
    if lends:
        first.release_id, first.item_id = piece.release_id, piece.item_id
        note_look(first, at)
    done = Merging(feedback_id=piece.id, head_id=first.id, before_id=before, moved=[each.id for each in moved], lent=lends, by=by, at=at)
    return await _written(session, done)


async def part(session: AsyncSession, piece: Feedback, *, by: str, at: datetime) -> Merging | None:
    """It goes its own way; where it was the first, the others stay together without it. None where it says the same as no other."""
    if piece.same_as_id is not None:
        done = Merging(
            feedback_id=piece.id, head_id=piece.same_as_id, before_id=piece.same_as_id, is_separation=True, moved=[], by=by, at=at
        )
        piece.same_as_id = None
        return await _written(session, done)
    others = await _others(session, piece)
    heir = next((each for each in others if each.removed_at is None), None)
    if heir is None:
        return None
    had = {name: _kept(getattr(heir, name)) for name in STANDS}
    _follow(heir, piece, others)
    moved = [each.id for each in others]
    return await _written(
        session, Merging(feedback_id=piece.id, head_id=heir.id, before_id=None, is_separation=True, moved=moved, had=had, by=by, at=at)
    )


async def hand_on(session: AsyncSession, piece: Feedback) -> Feedback | None:
    """The first of them goes: the oldest of the others is first from now on, and it would come back as one of them."""
    others = await _others(session, piece)
    heir = next((each for each in others if each.removed_at is None), None)
    if heir is not None:
        _follow(heir, piece, (*others, piece))
        await session.flush()
    return heir


async def come_back(session: AsyncSession, piece: Feedback) -> None:
    """What was taken back is there again: with the others, unless the first of these is gone."""
    if piece.same_as_id is not None and (await held(session, piece.same_as_id))[piece.same_as_id].removed_at is not None:
        piece.same_as_id = None
    await session.flush()


async def put_back(session: AsyncSession, done: Merging, *, at: datetime) -> bool:
    """As it was before. False, and nothing changed, where one of them was changed again since."""
    pieces = await held(session, done.feedback_id, done.head_id, *done.moved, *filter(None, [done.before_id]))
    piece, first = pieces[done.feedback_id], pieces[done.head_id]
    before = pieces[done.before_id] if done.before_id else None
    is_as_left = piece.same_as_id == (None if done.is_separation else first.id) and piece.removed_at is None
    if not is_as_left or (before and (before.removed_at or before.same_as_id is not None)) or (done.had and first.same_as_id is not None):
        return False
    for each in (pieces[key] for key in done.moved):
        if each.same_as_id == first.id or each is first:
            each.same_as_id = piece.id
    for name, value in (done.had or {}).items():
        if getattr(first, name) == getattr(piece, name):
            setattr(first, name, _read(name, value))
    piece.same_as_id = done.before_id
    if done.lent and (first.release_id, first.item_id) == (piece.release_id, piece.item_id):
        first.release_id = first.item_id = None
        note_look(first, at)
    done.undone_at = at
    await session.flush()
    return True


def _follow(heir: Feedback, gone: Feedback, others: Iterable[Feedback]) -> None:
    """The heir is first, and what stood for all of them on the one that goes stands on it."""
    for name in STANDS:
        if name not in ("release_id", "item_id") or _is_linked(gone):
            setattr(heir, name, getattr(gone, name))
    for each in others:
        each.same_as_id = None if each is heir else heir.id


def _is_linked(piece: Feedback) -> bool:
    return bool(piece.release_id or piece.item_id)


async def _others(session: AsyncSession, first: Feedback) -> Sequence[Feedback]:
    """What points to it, the oldest first; also what was taken back, so that it points to the right one when it returns."""
    query = select(Feedback).where(Feedback.same_as_id == first.id).order_by(Feedback.logged_at, Feedback.id)
    return list(await session.scalars(_anew(query)))


def _anew(query: Any) -> Any:
    return query.with_for_update(of=Feedback).execution_options(populate_existing=True)


async def _written(session: AsyncSession, done: Merging) -> Merging:
    session.add(done)
    await session.flush()
    return done


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value
