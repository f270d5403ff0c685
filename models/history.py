"""Writing the history of a release, and holding the release to it.

`change` is the truth. What stands beside it in `release` and `release_name` is derived here, after every row that is added or voided.
"""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain import releases
from domain.errors import BadInput
from domain.nearest import fold
from domain.releases import Field, Precision, Record, derive
from models.numbers import next_number
from models.release import Change, Release, ReleaseName


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
) -> Release:
    """A new release with the first rows of its history. Raises BadInput{"name"} when the name is taken.

    Whoever makes one waits here for whoever is making another, as both count on the same row: so the check of the name holds.
    """
    number = await next_number(session, "R")
    await _refuse_a_taken_name(session, name)
    release = Release(
        number=number,
        name=name,
        restricted=restricted,
        source=source,
        created_at=now,
        changed_at=now,
        confirmed_at=now if owner and owner == actor else None,
    )
    session.add(release)
    await session.flush()
    day = target_on.isoformat() if target_on else None
    first = {Field.NAME: name, Field.DATE: day, Field.TEAM: str(team_id) if team_id else None, Field.OWNER: owner}
    for field, value in first.items():
        if value:
            await record(session, release, field, None, value, now=now, actor=actor, source=source, is_last=False)
    await settle(session, release)
    return release


async def _refuse_a_taken_name(session: AsyncSession, name: str) -> None:
    same = (ReleaseName.workspace_id == Release.workspace_id) & (ReleaseName.release_id == Release.id)
    query = select(Release).join(ReleaseName, same).where(ReleaseName.folded == fold(name)[:200], ReleaseName.is_current).limit(1)
    taken = (await session.scalars(query)).one_or_none()
    if taken is None:
        return
    which = "" if taken.restricted else f" It is R-{taken.number}."
    raise BadInput({"name": f"There is a release of that name already.{which} Choose another name. Your other words are kept."})


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
    is_last: bool = True,
) -> Change:
    """Add one row to the history of a release that is locked, and settle it. The row has its id.

    Of several rows that belong together only the last need settle: say `is_last=False` for those before it.
    """
    is_date = field is Field.DATE
    change = Change(
        release_id=release.id,
        field=field.value,
        before=before,
        after=after,
        precision=Precision.DAY.value if is_date else None,
        is_committed=is_committed if is_date else None,
        effective_on=effective_on,
        reason=reason,
        reason_kind=kind,
        actor=actor,
        source=source,
        happened_at=happened_at or now,
        recorded_at=now,
    )
    session.add(change)
    await session.flush()
    if is_last:
        await settle(session, release)
    return change


def void(change: Change, *, by: str | None, now: datetime, reason: str) -> None:
    """Take a row back without losing it. Settle the release afterwards."""
    change.voided_at, change.voided_by, change.void_reason = now, by, reason


async def history_of(session: AsyncSession, release_id: int) -> list[Change]:
    """The rows about the release itself, voided ones too, in the order in which they happened; without its work's."""
    own = select(Change).where(Change.release_id == release_id, Change.item_id.is_(None)).order_by(Change.happened_at, Change.id)
    return list(await session.scalars(own))


def read(rows: list[Change]) -> Record:
    """What the rows of one release say."""
    return derive(as_told(row) for row in rows)


def as_told(row: Change) -> releases.Change:
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
        precision=row.precision or Precision.DAY,
        on=row.effective_on,
    )


async def settle(session: AsyncSession, release: Release) -> Record:
    """Make the derived columns and names agree with the unvoided rows. Lock the release first.

    One whose every row was voided was never made: it is closed and gives its names back.
    """
    await session.flush()
    told = read(await history_of(session, release.id))
    release.name = told.name or release.name
    release.target_on, release.baseline_on, release.shipped_on = told.target_on, told.baseline_on, told.shipped_on
    release.stage = told.stage.value if told.stage else None
    release.is_cancelled = told.is_cancelled or not told.name
    release.is_open = told.is_open and bool(told.name)
    release.health = told.health.value if told.health else None
    release.health_by, release.health_at, release.health_reason = told.health_by, told.health_at, told.health_reason or ""
    release.owner = told.owner
    release.team_id = int(told.team) if told.team else None
    last = select(func.max(Change.happened_at)).where(Change.release_id == release.id, Change.voided_at.is_(None))
    release.changed_at = await session.scalar(last) or release.created_at
    await _settle_names(session, release, told)
    await session.flush()
    return told


async def _settle_names(session: AsyncSession, release: Release, told: Record) -> None:
    """Every name it has or had answers; one of them is current."""
    wanted = {fold(name)[:200]: (name, False) for name in told.former_names if name}
    if told.name:
        wanted[fold(told.name)[:200]] = (told.name, True)
    rows = {row.folded: row for row in await session.scalars(select(ReleaseName).where(ReleaseName.release_id == release.id))}
    for folded, row in rows.items():
        if folded not in wanted:
            await session.delete(row)
    for folded, (name, is_current) in wanted.items():
        known = rows.get(folded)
        if known is None:
            session.add(ReleaseName(release_id=release.id, name=name, folded=folded, is_current=is_current))
        else:
            known.name, known.is_current = name, is_current
