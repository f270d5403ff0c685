"""Writing a plan that was read from files: teams, releases and their dates. The work in them is in `models.planned_work`.

Everything is matched by its key in the plan, so that a rename survives. What somebody changed in Slack since the plan last set it stays;
the plan's row is then kept as voided history, so that it is reported once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from domain.nearest import fold
from domain.phrases import say_day
from domain.plans import Plan, PlannedRelease
from domain.releases import Field, Stage, State
from domain.spans import read_written, written
from models.history import settle_all
from models.ledger import KEPT, SOURCE, Ledger, Progress, Written
from models.numbers import next_number
from models.planned_work import write_waits, write_work
from models.release import Change, Item, Release, ReleaseName
from models.team import Team

LONG_AGO = datetime.min.replace(tzinfo=UTC)


async def known_team_names(session: AsyncSession) -> list[str]:
    """What a plan may call the teams that exist: as it called them before, and as they are called now."""
    teams = list(await session.scalars(select(Team).order_by(Team.id)))
    return list(dict.fromkeys([team.source_key for team in teams if team.source_key] + [team.name for team in teams]))


async def write_plan(
    session: AsyncSession,
    plan: Plan,
    now: datetime,
    progress: Progress = lambda what, done, of: None,
    *,
    by: str | None = None,
    seen: ColumnElement[bool] | None = None,
) -> Written:
    """Write what is new in a plan, as the import of `by`. The transaction is the caller's. A release that `seen` does not let through is
    not there: its name may be used, and neither it nor its work is touched.
    """
    ledger, seen = Ledger(session, now, progress, by), true() if seen is None else seen
    plan = await _without_hidden_work(ledger, plan, seen)
    teams = await _teams(ledger, plan)
    releases = await _releases(ledger, plan, teams, seen)
    for one in plan.releases:
        if one.name in releases:
            await _dates(ledger, one, releases[one.name])
    ids = {name: release.id for name, release in releases.items()}
    items = await write_work(ledger, plan, ids, teams)
    await write_waits(ledger, plan.items, items, ids, teams)
    await ledger.write_changes()
    touched = {release.id: release for release in releases.values() if release.id in ledger.touched}
    await settle_all(session, list(touched.values()))
    ledger.progress("releases", len(touched), len(touched))
    return ledger.written


async def _without_hidden_work(ledger: Ledger, plan: Plan, seen: ColumnElement[bool]) -> Plan:
    inside = (Release.workspace_id == Item.workspace_id) & (Release.id == Item.release_id)
    query = select(Item.source_key).join(Release, inside).where(Item.source == SOURCE, ~seen)
    ledger.hidden = {key for key in await ledger.session.scalars(query) if key}
    if not ledger.hidden:
        return plan
    items = tuple(item for item in plan.items if item.key not in ledger.hidden)
    return replace(plan, items=items, moves=tuple(move for move in plan.moves if move.item not in ledger.hidden))


async def _teams(ledger: Ledger, plan: Plan) -> dict[str, int]:
    """Ids by every name that the plan may use; those that it names for the first time are made."""
    ids: dict[str, int] = {}
    rows = list(await ledger.session.scalars(select(Team).order_by(Team.id)))
    for key, row in [(row.source_key, row) for row in rows] + [(row.name, row) for row in rows]:
        if key:
            ids.setdefault(key, row.id)
    by_fold = {row.folded: row.id for row in rows}
    for name in plan.teams:
        if name not in ids and fold(name)[:200] in by_fold:
            ids[name] = by_fold[fold(name)[:200]]
        if name not in ids:
            made = Team(name=name, folded=fold(name)[:200], source=SOURCE, source_key=name, created_at=ledger.now)
            made.import_id = await ledger.import_id()
            ledger.session.add(made)
            await ledger.session.flush()
            ids[name] = by_fold[made.folded] = made.id
            ledger.written.counts["teams"] += 1
    return ids


async def _releases(ledger: Ledger, plan: Plan, teams: dict[str, int], seen: ColumnElement[bool]) -> dict[str, Release]:
    """Releases by their name in the plan. One that only work names is made while some of that work is open."""
    known = {row.source_key or "": row for row in await ledger.session.scalars(select(Release).where(Release.source == SOURCE, seen))}
    hidden = select(Release.source_key).where(Release.source == SOURCE, ~seen)
    taken = {key for key in await ledger.session.scalars(hidden) if key}  # a key counts once; the name may be used all the same
    pieces = Counter(item.release for item in plan.items if item.release)
    alive = {item.release for item in plan.items if item.state == "open"}
    wanted = [one for one in plan.releases if one.dates or one.stands_alone or one.name in alive or one.name in known]
    names = {one.name for one in wanted}
    ledger.written.unplaced = {one.name: pieces[one.name] for one in plan.releases if one.name not in names and pieces[one.name]}
    await _adopt(ledger, [one.name for one in wanted if one.name not in known], known, seen, taken)
    new = [one for one in wanted if one.name not in known]
    known |= await _make(ledger, new, teams, taken)
    return {name: known[name] for name in names}


async def _adopt(
    ledger: Ledger, names: Iterable[str], known: dict[str, Release], seen: ColumnElement[bool], taken: Collection[str]
) -> None:
    """A release that people made under a name of the plan is that release."""
    wanted = {fold(name)[:200]: name for name in names}
    query = select(Release, ReleaseName.folded).join(
        ReleaseName, (ReleaseName.workspace_id == Release.workspace_id) & (ReleaseName.release_id == Release.id)
    )
    for release, folded in (await ledger.session.execute(query.where(ReleaseName.is_current, Release.source != SOURCE, seen))).all():
        if folded in wanted and wanted[folded] in taken:
            known[wanted[folded]] = release
        elif folded in wanted:
            release.source, release.source_key, release.import_id = SOURCE, wanted[folded], await ledger.import_id()
            known[wanted[folded]] = release
            ledger.written.counts["releases known by their name"] += 1


async def _make(ledger: Ledger, new: Sequence[PlannedRelease], teams: dict[str, int], taken: Collection[str]) -> dict[str, Release]:
    """All in one flush: a flush for each took most of an import's time."""
    if not new:
        return {}
    import_id, number = await ledger.import_id(), await next_number(ledger.session, "R", len(new))
    made = {}
    for n, one in enumerate(new, number):
        source, key = ("slack", None) if one.name in taken else (SOURCE, one.name)
        row = Release(number=n, name=one.name, source=source, source_key=key, created_at=ledger.now, changed_at=ledger.now)
        row.import_id = import_id
        made[one.name] = row
    ledger.session.add_all(made.values())
    await ledger.session.flush()
    for one in new:
        _born(ledger, one, made[one.name].id, teams)
    ledger.written.counts["releases"] += len(new)
    ledger.made.update(row.id for row in made.values())
    return made


def _born(ledger: Ledger, one: PlannedRelease, key: int, teams: dict[str, int]) -> None:
    """The first rows of a release's history."""
    at = _midnight(one.dates[0].announced_on) if one.dates else ledger.now
    team = str(teams[one.team]) if one.team else None
    state = State.CANCELLED.value if one.is_cancelled else None
    first = {Field.NAME: one.name, Field.TEAM: team, Field.OWNER: one.owner, Field.HEALTH: one.health, Field.STATE: state}
    for what, value in first.items():
        if value:
            ledger.change(key, what, None, value, at)


async def _dates(ledger: Ledger, one: PlannedRelease, release: Release) -> None:
    """The dates that history does not have yet, each at its own time, then the day it shipped."""
    seen, theirs = await _dates_so_far(ledger, release)
    before: str | None = None
    for each in one.dates:
        after, at = str(written(each.target_on)), _midnight(each.announced_on)
        if after != before and (after, at) not in seen:
            _add(ledger, release, Field.DATE, before, after, at, is_theirs=Field.DATE in theirs)
        before = after
    shipped = one.shipped_on
    if shipped and (Stage.EVERYONE.value, shipped) not in seen and release.shipped_on != shipped:
        at = _midnight(max([shipped, *(each.announced_on for each in one.dates)]))
        _add(ledger, release, Field.STAGE, None, Stage.EVERYONE.value, at, on=shipped, is_theirs=Field.STAGE in theirs)


async def _dates_so_far(ledger: Ledger, release: Release) -> tuple[set[tuple[str | None, date | datetime]], set[str]]:
    """What the plan said before, and the fields that people changed since it last said something."""
    if release.id in ledger.made:
        return set(), set()
    rows = list(await ledger.session.scalars(select(Change).where(Change.release_id == release.id, Change.item_id.is_(None))))
    planned = [row for row in rows if row.source == SOURCE]
    last = {row.field: LONG_AGO for row in rows} | {
        row.field: max(other.recorded_at for other in planned if other.field == row.field) for row in planned
    }
    theirs = {row.field for row in rows if row.source != SOURCE and row.voided_at is None and row.recorded_at > last[row.field]}
    return {(row.after, row.effective_on or row.happened_at) for row in planned}, theirs


def _add(
    ledger: Ledger,
    release: Release,
    what: Field,
    before: str | None,
    after: str,
    at: datetime,
    *,
    on: date | None = None,
    is_theirs: bool,
) -> None:
    ledger.change(release.id, what, before, after, at, on=on, void=KEPT if is_theirs else "")
    if is_theirs:
        plan = f"shipped on {say_day(on)}" if on else f"for {say_day(read_written(after))}"
        ledger.written.kept.append(
            f"{release.name}: its {'date' if what is Field.DATE else 'stage'} was changed in Slack. The plan has it {plan}."
        )
    ledger.written.counts["dates"] += 1


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), UTC)
