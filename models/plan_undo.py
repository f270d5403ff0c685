"""Taking an import back: what it made is gone again, and what somebody touched since stays as they have it.

Rows of history are voided, never deleted. A release gives its key in the plan back, so that the same plan can be brought in anew.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.releases import Field
from models.dependency import Dependency
from models.digest import Digest
from models.escalation import Escalation
from models.feedback import Feedback
from models.history import settle_all
from models.planned_work import NOTED
from models.release import Change, Follow, Item, Release, ReleaseName, ReleaseReader
from models.saying import Awaited, Saying
from models.team import Team, TeamMember
from models.together import follow_work

UNDONE = "the import was taken back"
_QUIETLY = {"synchronize_session": False}


@dataclass(slots=True)
class TakenBack:
    """How much is gone again, and the names of the releases that stay."""

    releases: int = 0
    stay: list[str] = field(default_factory=list)
    pieces: int = 0
    teams: int = 0


async def take_back(session: AsyncSession, import_id: int, *, by: str | None, now: datetime) -> TakenBack:
    """Undo one import as far as nobody touched it since. The transaction is the caller's."""
    told = TakenBack()
    changed = select(Change.release_id).where(Change.import_id == import_id, Change.voided_at.is_(None))
    query = select(Release).where(or_(Release.id.in_(changed), Release.import_id == import_id)).order_by(Release.id).with_for_update()
    releases = list(await session.scalars(query))
    touched = set(await session.scalars(select(Release.id).where(_is_touched(import_id))))
    told.stay = [release.name for release in releases if release.id in touched]
    free = [release for release in releases if release.id not in touched]
    made = set(await session.scalars(_made(import_id)))
    told.pieces = await _work(session, import_id, touched, by, now)
    await _void(session, import_id, Change.release_id.in_([release.id for release in free]), by, now)
    gone = [release for release in free if release.id in made]
    await session.execute(
        delete(ReleaseName).where(ReleaseName.release_id.in_([release.id for release in gone])), execution_options=_QUIETLY
    )
    for release in gone:
        release.source_key = None
    await session.flush()
    await settle_all(session, free)
    told.releases = len(gone)
    told.teams = await _teams(session, import_id)
    return told


def _made(import_id: int) -> Any:
    """Releases that the import made, rather than told more of."""
    return select(Change.release_id).where(
        Change.import_id == import_id, Change.item_id.is_(None), Change.field == Field.NAME.value, Change.before.is_(None)
    )


def _is_touched(import_id: int) -> ColumnElement[bool]:
    """Somebody changed, followed or linked the release after the import."""

    def linked(kind: Any, *more: ColumnElement[bool]) -> ColumnElement[bool]:
        return exists().where(kind.workspace_id == Release.workspace_id, kind.release_id == Release.id, *more)

    def others(kind: Any) -> ColumnElement[bool]:
        return or_(kind.import_id.is_(None), kind.import_id > import_id)

    is_new = Release.id.in_(_made(import_id))
    kinds = (Follow, ReleaseReader, Feedback, Escalation, Saying, Awaited)
    new = or_(*map(linked, kinds), linked(Dependency, others(Dependency)))
    last = select(Change.id).where(Change.import_id == import_id).order_by(Change.id.desc()).limit(1).scalar_subquery()
    return or_(linked(Change, others(Change), Change.voided_at.is_(None), Change.id > last), is_new & new)


async def _void(session: AsyncSession, import_id: int, these: ColumnElement[bool], by: str | None, now: datetime) -> None:
    mine = (Change.import_id == import_id, Change.voided_at.is_(None))
    values = {"voided_at": now, "voided_by": by, "void_reason": UNDONE}
    await session.execute(update(Change).where(*mine, these).values(values), execution_options=_QUIETLY)


async def _work(session: AsyncSession, import_id: int, touched: Collection[int], by: str | None, now: datetime) -> int:
    """Pieces that it made stand nowhere any more; pieces that it changed are as they were. What stands in a touched release stays."""
    is_changed_since = exists().where(
        Change.workspace_id == Item.workspace_id,
        Change.item_id == Item.id,
        or_(Change.import_id.is_(None), Change.import_id > import_id),
        Change.voided_at.is_(None),
    )
    free = or_(Item.release_id.is_(None), Item.release_id.not_in(touched)) & ~is_changed_since
    mine = list(await session.scalars(select(Item).where(Item.import_id == import_id, free).order_by(Item.id).with_for_update()))
    theirs = select(Change.item_id).where(Change.import_id == import_id, Change.voided_at.is_(None), Change.item_id.is_not(None))
    told = list(await session.scalars(select(Item).where(Item.id.in_(theirs), Item.import_id != import_id, free).with_for_update()))
    await _as_before(session, import_id, told)
    ids = [item.id for item in mine]
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        noted = delete(Dependency).where(Dependency.item_id.in_(some), Dependency.state == NOTED, Dependency.import_id == import_id)
        await session.execute(noted, execution_options=_QUIETLY)
    for item in mine:
        item.release_id = item.team_id = item.source_key = None
        item.state = "dropped"
    both = [*ids, *(item.id for item in told)]
    for start in range(0, len(both), 500):
        await _void(session, import_id, Change.item_id.in_(both[start : start + 500]), by, now)
    await session.flush()
    await follow_work(session)
    return len(mine)


async def _as_before(session: AsyncSession, import_id: int, items: list[Item]) -> None:
    """Give pieces back what they were before the import changed them."""
    if not items:
        return
    keys = {row.source_key or row.name: row.id for row in await session.execute(select(Release.source_key, Release.name, Release.id))}
    rows = select(Change).where(Change.import_id == import_id, Change.voided_at.is_(None), Change.item_id.is_not(None))
    first: dict[tuple[int | None, str], Change] = {}
    for change in await session.scalars(rows.order_by(Change.id)):
        first.setdefault((change.item_id, change.field), change)
    for item in items:
        for what in (Field.NAME, Field.TEAM, Field.STATE, Field.WORK):
            if was := first.get((item.id, what.value)):
                _put_back(item, what, was.before, keys)


def _put_back(item: Item, what: Field, before: str | None, releases: Mapping[str, int]) -> None:
    match what:
        case Field.NAME:
            item.title = before or item.title
        case Field.TEAM:
            item.team_id = int(before) if before else None
        case Field.STATE:
            item.state = before or item.state
        case _:
            item.release_id = releases.get(before or "")


async def _teams(session: AsyncSession, import_id: int) -> int:
    """Teams that it made and that nobody has used for anything since."""
    is_used = or_(
        *(
            exists().where(kind.workspace_id == Team.workspace_id, kind.team_id == Team.id)
            for kind in (Release, Item, Escalation, TeamMember, Digest)
        ),
        *(
            exists().where(Dependency.workspace_id == Team.workspace_id, column == Team.id)
            for column in (Dependency.asked_team_id, Dependency.asking_team_id)
        ),
        *(
            column.is_not(None)
            for column in (Team.lead, Team.deputy, Team.channel, Team.zone, Team.holidays, Team.weekdays, Team.starts_at, Team.ends_at)
        ),
    )
    unused = list(await session.scalars(select(Team).where(Team.import_id == import_id, ~is_used)))
    for team in unused:
        await session.delete(team)
    await session.flush()
    return len(unused)
