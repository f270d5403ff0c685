"""A release that is closed as a duplicate: everything linked to it goes to the one that stays, and comes back when that is undone.

What went over is kept row by row, so that what was linked elsewhere since stays where it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.releases import Field
from models.adding import add_missing
from models.base import Owned, workspace_of
from models.dependency import Dependency
from models.escalation import Escalation
from models.feedback import Feedback
from models.history import settle
from models.release import Change, Follow, Item, Joined, Release
from models.saying import Awaited, Saying
from models.standing import SETTLED

CHUNK = 500  # ids in one statement
LINKED: dict[str, type[Any]] = {"feedback": Feedback, "dependency": Dependency, "escalation": Escalation, "item": Item}
HEARING: dict[str, type[Any]] = {"follow": Follow, "awaited": Awaited}
_QUIETLY = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class WentOver:
    """How many of each. Feedback is left to those who may read it: its ids."""

    work: int = 0
    asks: int = 0
    escalations: int = 0
    people: int = 0
    feedback: Sequence[int] = ()


async def bring_over(session: AsyncSession, release: Release, other: Release, change: Change) -> WentOver:
    """Both are locked, and the change that closes the one is written."""
    went: dict[str, list[int]] = {}
    for kind in ("feedback", "dependency", "escalation"):
        rows = list(await session.scalars(select(LINKED[kind]).where(LINKED[kind].release_id == release.id).order_by(LINKED[kind].id)))
        for row in rows:
            row.release_id = other.id
        went[kind] = [row.id for row in rows]
    await session.flush()
    went["item"] = await _work(session, release, other, change)
    went["follow"] = await _hearers(session, Follow, release, other, "person", "followed_at")
    went["awaited"] = await _hearers(session, Awaited, release, other, "person", "what", "since")
    kept = [{"change_id": change.id, "kind": kind, "row_id": row} for kind, rows in went.items() for row in rows]
    await add_missing(session, Joined, kept)
    waits = Dependency.state.not_in((*SETTLED, "noted"))
    asked = select(func.count()).select_from(Dependency).where(_went(change, "dependency", Dependency), waits)
    asks = await session.scalar(asked)
    return WentOver(len(went["item"]), asks or 0, len(went["escalation"]), len(went["follow"]), went["feedback"])


def _went(change: Change, kind: str, table: type[Any]) -> Any:
    return table.id.in_(select(Joined.row_id).where(Joined.change_id == change.id, Joined.kind == kind))


async def is_linked(session: AsyncSession, release: Release) -> bool:
    """Whether anything hangs on a release: work, asks, escalations, what customers said or may be told."""
    said = select(Saying.id).where(Saying.release_id == release.id, Saying.words != "")
    queries = [*(select(kind.id).where(kind.release_id == release.id) for kind in LINKED.values()), said]
    return any([await session.scalar(query.limit(1)) is not None for query in queries])


async def _work(session: AsyncSession, release: Release, other: Release, change: Change) -> list[int]:
    """What was dropped stays. Each piece has its move in the history of both."""
    ids = list(await session.scalars(select(Item.id).where(Item.release_id == release.id, Item.state != "dropped").order_by(Item.id)))
    about = {"workspace_id": workspace_of(session), "field": Field.WORK.value, "before": release.name, "after": other.name}
    about |= {"reason": "a duplicate", "reason_kind": "", "void_reason": "", "source": "slack", "actor": change.actor}
    about |= {"happened_at": change.recorded_at, "recorded_at": change.recorded_at}
    sides = ((other.id, True), (release.id, False))
    rows = [{**about, "item_id": item, "release_id": side, "is_in": is_in} for item in ids for side, is_in in sides]
    connection = await session.connection()
    for start in range(0, len(rows), CHUNK):
        await connection.execute(insert(Change.__table__), rows[start : start + CHUNK])
    moved = update(Item).where(Item.release_id == release.id, Item.state != "dropped").values(release_id=other.id)
    await session.execute(moved, execution_options=_QUIETLY)
    return ids


async def _hearers(session: AsyncSession, kind: type[Any], release: Release, other: Release, *columns: str) -> list[int]:
    """Who hears of the one hears of the other as well, unless they do already. The rows that were added."""
    known = {row.person for row in await session.scalars(select(kind).where(kind.release_id == other.id))}
    found = await session.scalars(select(kind).where(kind.release_id == release.id, kind.person.not_in(known)).order_by(kind.id))
    added: list[Owned] = [kind(release_id=other.id, **{name: getattr(row, name) for name in columns}) for row in found]
    session.add_all(added)
    await session.flush()
    return [row.id for row in added]


async def bring_back(session: AsyncSession, change: Change, release: Release, other: Release, by: str, now: datetime) -> None:
    """What is still where it went. The releases are locked; settle both afterwards."""
    for kind in ("feedback", "dependency", "escalation"):
        table = LINKED[kind]
        for row in await session.scalars(select(table).where(table.release_id == other.id, _went(change, kind, table))):
            row.release_id = release.id
    await session.flush()
    moved = update(Item).where(Item.release_id == other.id, _went(change, "item", Item)).values(release_id=release.id)
    await session.execute(moved, execution_options=_QUIETLY)
    for kind, table in HEARING.items():
        await session.execute(delete(table).where(_went(change, kind, table)), execution_options=_QUIETLY)
    told = (Change.field == Field.WORK.value, Change.recorded_at == change.recorded_at, Change.release_id.in_([release.id, other.id]))
    here = select(Item.id).where(Item.release_id == release.id, _went(change, "item", Item))
    gone = update(Change).where(*told, Change.item_id.in_(here)).values(voided_at=now, voided_by=by, void_reason="undone")
    await session.execute(gone, execution_options=_QUIETLY)
    await settle(session, other)
