"""Writing the history of a release, and holding the release to it.

`change` is the truth. What stands beside it in `release` and `release_name` is derived here, after every row that is added or voided.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain import releases
from domain.errors import BadInput
from domain.nearest import fold
from domain.releases import Field, Record, derive
from domain.spans import Precision, precision_of, read_written, span, written
from models.base import prebuilt, run, workspace_of
from models.numbers import next_number
from models.release import Change, Release, ReleaseName
from models.rows import adopt, amend

CHUNK = 500  # ids in one statement
EVERYBODYS: ColumnElement[bool] = Release.restricted.is_(False)
_WORKSPACE: BindParameter[Any] = bindparam("workspace_id")
_RELEASE: BindParameter[Any] = bindparam("release_id")
_WRITTEN = (
    *("workspace_id", "release_id", "field", "before", "after", "precision", "is_committed", "effective_on"),
    *("reason", "reason_kind", "actor", "source", "happened_at", "recorded_at"),
)
_ADD_CHANGE = prebuilt(insert(Change).values({name: bindparam(name) for name in _WRITTEN} | {"void_reason": ""}).returning(Change.id))
_UNSAID = dict.fromkeys((column.key for column in Change.__table__.columns), None) | {"void_reason": ""}
_ADD_NAME = prebuilt(
    insert(ReleaseName).values({name: bindparam(name) for name in ("workspace_id", "release_id", "name", "folded", "is_current")})
)
_NAMING = (Field.NAME, Field.ALIAS, Field.DUPLICATE)
_TOLD = ("field", "before", "after", "happened_at", "actor", "reason", "reason_kind", "source", "voided_at", "is_committed")
_HISTORY = prebuilt(
    select(*(getattr(Change, name) for name in (*_TOLD, "effective_on")))
    .where(Change.workspace_id == _WORKSPACE, Change.release_id == _RELEASE, Change.item_id.is_(None), Change.voided_at.is_(None))
    .order_by(Change.happened_at, Change.id)
)
_LAST_CHANGED = prebuilt(
    select(func.max(Change.happened_at)).where(Change.workspace_id == _WORKSPACE, Change.release_id == _RELEASE, Change.voided_at.is_(None))
)
_NAMES = prebuilt(
    select(ReleaseName.folded, ReleaseName.name, ReleaseName.is_current).where(
        ReleaseName.workspace_id == _WORKSPACE, ReleaseName.release_id == _RELEASE
    )
)


async def create_release(
    session: AsyncSession,
    name: str,
    target_on: date | None,
    *,
    now: datetime,
    team_id: int | None = None,
    owner: str | None = None,
    actor: str | None = None,
    source: str = "slack",
    restricted: bool = False,
    is_planned: bool = False,
    seen: ColumnElement[bool] = EVERYBODYS,
) -> Release:
    """A new release with the first rows of its history. Raises BadInput{"name"} when the name is taken. `target_on` may be a `Span`.
    Whoever makes one waits here for whoever is making another, as both count on the same row: so the check of the name holds."""
    number = await next_number(session, "R")
    await refuse_a_taken_name(session, name, seen)
    is_committed = target_on is not None and not is_planned and precision_of(target_on) is Precision.DAY
    release = Release(
        number=number,
        name=name,
        target_on=target_on and span(target_on, Precision.DAY),
        precision=precision_of(target_on) if target_on else Precision.DAY,
        is_committed=is_committed,
        baseline_on=target_on if is_committed else None,
        owner=owner,
        team_id=team_id,
        restricted=restricted,
        source=source,
        created_at=now,
        changed_at=now,
        confirmed_at=now if owner and owner == actor else None,
    )
    session.add(release)
    await session.flush()
    first = {Field.NAME: name, Field.DATE: written(target_on), Field.TEAM: str(team_id) if team_id else None, Field.OWNER: owner}
    for field, value in first.items():
        if value:
            await record(
                session, release, field, None, value, now=now, actor=actor, source=source, is_committed=is_committed, is_last=False
            )
    await run(session, _ADD_NAME, release_id=release.id, name=name, folded=fold(name)[:200], is_current=True)
    return release


async def refuse_a_taken_name(session: AsyncSession, name: str, seen: ColumnElement[bool] = EVERYBODYS, own: int = 0) -> None:
    """Raises BadInput{"name"} where another release than `own` is called so now. One that `seen` does not let through takes no name
    away: to refuse it would tell that it is there.
    """
    if (number := await number_of_the_other(session, name, seen, own)) is not None:
        raise BadInput(
            {"name": f"There is a release of that name already. It is R-{number}. Choose another name. Your other words are kept."}
        )


async def number_of_the_other(session: AsyncSession, name: str, seen: ColumnElement[bool] = EVERYBODYS, own: int = 0) -> int | None:
    """The number of another release that is called so now, among those that `seen` lets through."""
    number: int | None = (await run(session, _named_so(seen), folded=fold(name)[:200], own=own)).scalar_one_or_none()
    return number


@lru_cache(maxsize=1024)
def _named_so(seen: ColumnElement[bool]) -> Select[int]:
    return prebuilt(
        select(func.min(Release.number))
        .join(ReleaseName, (ReleaseName.workspace_id == Release.workspace_id) & (ReleaseName.release_id == Release.id))
        .where(
            Release.workspace_id == _WORKSPACE,
            ReleaseName.folded == bindparam("folded"),
            ReleaseName.is_current.is_(True),
            Release.id != bindparam("own"),
            seen,
        )
    )


async def hold_names(session: AsyncSession) -> None:
    """Whoever gives a name waits for whoever is giving another: so the check of it holds."""
    await next_number(session, "R", 0)


async def record(
    session: AsyncSession,
    release: Release,
    field: Field,
    before: str | None,
    after: str | None,
    *,
    now: datetime,
    reason: str = "",
    kind: str = "",
    actor: str | None = None,
    source: str = "slack",
    happened_at: datetime | None = None,
    effective_on: date | None = None,
    is_committed: bool = True,
    confirms: bool = False,
    is_last: bool = True,
) -> Change:
    """Add one row to the history of a release that is locked, and settle it. The row has its id. `confirms` says that somebody
    who answers for the release wrote it.

    Of several rows that belong together only the last need settle: say `is_last=False` for those before it.
    """
    is_date, at = field is Field.DATE, happened_at or now
    values = {
        "release_id": release.id, "field": field.value, "before": before, "after": after, "effective_on": effective_on,
        "precision": _precision(after) if is_date else None, "is_committed": is_committed if is_date else None,
        "reason": reason, "reason_kind": kind, "actor": actor, "source": source, "happened_at": at, "recorded_at": now,
    }  # fmt: skip
    key = (await run(session, _ADD_CHANGE, **values)).scalar_one()
    change = adopt(session, Change, {**_UNSAID, **values, "id": key, "workspace_id": release.workspace_id})
    if is_last:
        confirmed_at = now if confirms else release.confirmed_at
        newest = max(release.changed_at, at)
        await _settle(session, release, changed_at=newest, confirmed_at=confirmed_at, has_new_name=field in _NAMING)
    return change


def _precision(day: str | None) -> str:
    told = read_written(day)
    return precision_of(told).value if told else Precision.DAY.value


def void(change: Change, *, by: str | None, now: datetime, reason: str) -> None:
    """Take a row back without losing it. Settle the release afterwards."""
    change.voided_at, change.voided_by, change.void_reason = now, by, reason


async def still_stands(session: AsyncSession, change_id: int) -> tuple[Change | None, Release | None]:
    """A change that nobody took back, and its release; whoever takes it back waits until what is told of it is written down."""
    change = (await session.scalars(select(Change).where(Change.id == change_id).with_for_update())).one_or_none()
    if change is None or change.voided_at:
        return None, None
    return change, (await session.scalars(select(Release).where(Release.id == change.release_id))).one_or_none()


async def history_of(session: AsyncSession, release_id: int) -> list[Change]:
    """The rows about the release itself, voided ones too, in the order in which they happened; without its work's."""
    own = select(Change).where(Change.release_id == release_id, Change.item_id.is_(None)).order_by(Change.happened_at, Change.id)
    return list(await session.scalars(own))


def read(rows: Iterable[Any]) -> Record:
    """What the rows of one release say."""
    return derive(as_told(row) for row in rows)


def as_told(row: Any) -> releases.Change:
    """A row as the rules read it."""
    return releases.Change(
        field=row.field,
        before=row.before,
        after=row.after,
        at=row.happened_at,
        actor=row.actor,
        reason=row.reason or None,
        kind=row.reason_kind or None,
        source=row.source,
        voided_at=row.voided_at,
        is_committed=row.is_committed is not False,
        on=row.effective_on,
    )


async def settle(session: AsyncSession, release: Release) -> None:
    """Make the derived columns and names agree with the unvoided rows. Lock the release first.

    One whose every row was voided was never made: it is closed and gives its names back.
    """
    if any(isinstance(row, Change) for row in session.dirty):
        await session.flush()
    changed_at = (await run(session, _LAST_CHANGED, release_id=release.id)).scalar_one() or release.created_at
    await _settle(session, release, changed_at=changed_at, confirmed_at=release.confirmed_at)


async def settle_all(session: AsyncSession, releases: Sequence[Release]) -> None:
    """The same for many, read some hundreds at a time: thousands that an import brings come in within one turn of the outbox."""
    await session.flush()
    for start in range(0, len(releases), CHUNK):
        some = releases[start : start + CHUNK]
        ids = [release.id for release in some]
        stands = (Change.release_id.in_(ids), Change.voided_at.is_(None))
        newest = await session.execute(select(Change.release_id, func.max(Change.happened_at)).where(*stands).group_by(Change.release_id))
        told = select(Change.release_id, *(getattr(Change, name) for name in (*_TOLD, "effective_on")))
        told = told.where(*stands, Change.item_id.is_(None)).order_by(Change.happened_at, Change.id)
        called = select(ReleaseName.release_id, ReleaseName.folded, ReleaseName.name, ReleaseName.is_current)
        histories, last = await _by_release(session, told), {row[0]: row[1] for row in newest}
        names = await _by_release(session, called.where(ReleaseName.release_id.in_(ids)))
        added: list[dict[str, Any]] = []
        for release in some:
            record, changed_at = read(histories[release.id]), last.get(release.id) or release.created_at
            await _amend(session, release, record, changed_at, release.confirmed_at)
            added += await _settle_names(session, release, record, names[release.id])
        if added:
            mine = {"workspace_id": workspace_of(session)}
            await (await session.connection()).execute(insert(ReleaseName.__table__), [mine | row for row in added])


async def _by_release(session: AsyncSession, query: Select[*tuple[Any, ...]]) -> Mapping[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in await session.execute(query):
        found[row.release_id].append(row)
    return found


async def _settle(
    session: AsyncSession, release: Release, *, changed_at: datetime, confirmed_at: datetime | None, has_new_name: bool = True
) -> None:
    told = read(await run(session, _HISTORY, release_id=release.id))
    await _amend(session, release, told, changed_at, confirmed_at)
    if has_new_name:
        for row in await _settle_names(session, release, told, await run(session, _NAMES, release_id=release.id)):
            await run(session, _ADD_NAME, **row)


async def _amend(session: AsyncSession, release: Release, told: Record, changed_at: datetime, confirmed_at: datetime | None) -> None:
    await amend(
        session,
        release,
        name=told.name or release.name,
        target_on=told.target_on and span(told.target_on, Precision.DAY),
        precision=str(told.precision),
        is_committed=told.is_committed,
        baseline_on=told.baseline_on,
        shipped_on=told.shipped_on,
        stage=told.stage.value if told.stage else None,
        is_cancelled=told.is_cancelled or not told.name,
        is_open=told.is_open and bool(told.name),
        health=told.health.value if told.health else None,
        health_by=told.health_by,
        health_at=told.health_at,
        health_reason=told.health_reason or "",
        owner=told.owner,
        team_id=int(told.team) if told.team else None,
        changed_at=changed_at,
        confirmed_at=confirmed_at,
    )


async def _settle_names(session: AsyncSession, release: Release, told: Record, rows_now: Iterable[Any]) -> list[dict[str, Any]]:
    """Every name it has or had answers; one of them is current. What is a duplicate gave its names to the other.

    Of one that had none yet, the rows that are to be added, as there are many of them at times.
    """
    wanted = {fold(name)[:200]: (name, False) for name in (*told.former_names, *told.aliases) if name}
    if told.name:
        wanted[fold(told.name)[:200]] = (told.name, True)
    if told.duplicate_of:
        wanted = {}
    known = {row.folded: (row.name, row.is_current) for row in rows_now}
    if known == wanted:
        return []
    if not known:
        named = wanted.items()
        return [{"release_id": release.id, "name": name, "folded": key, "is_current": is_current} for key, (name, is_current) in named]
    rows = {row.folded: row for row in await session.scalars(select(ReleaseName).where(ReleaseName.release_id == release.id))}
    for folded, row in rows.items():
        if folded not in wanted:
            await session.delete(row)
    for folded, (name, is_current) in wanted.items():
        if folded in rows:
            rows[folded].name, rows[folded].is_current = name, is_current
        else:
            session.add(ReleaseName(release_id=release.id, name=name, folded=folded, is_current=is_current))
    await session.flush()
    return []
