"""Writing a plan's work: pieces with their moves between releases, and what they wait for. A hundred thousand at a time."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

from sqlalchemy import select

from domain.plans import Plan, PlannedItem, PlannedMove
from domain.releases import Field
from models.dependency import Dependency
from models.ledger import SOURCE, Ledger
from models.release import Change, Item
from models.together import follow_work

Ids = Mapping[str, int]
NOTED, CANCELLED = "noted", "cancelled"
_HISTORY_NAMES = {"title": Field.NAME, "team_id": Field.TEAM, "state": Field.STATE, "release_id": Field.WORK}


async def write_work(ledger: Ledger, plan: Plan, releases: Ids, teams: Ids) -> dict[str, int]:
    """Insert new pieces, update changed ones, and write the moves that history does not have. Ids of the plan's pieces by key."""
    known = await _known(ledger)
    new = [item for item in plan.items if item.key not in known]
    if new:
        import_id = await ledger.import_id()
        rows = [{**_values(item, releases, teams), "source": SOURCE, "source_key": item.key, "import_id": import_id} for item in new]
        await ledger.insert(Item, rows, "work")
        ledger.written.counts["pieces of work"] += len(new)
    ids = {row.source_key: row.id for row in known.values()} | (await _ids(ledger) if new else {})
    told = await _moves_known(ledger) if known else set()
    last = _moves(ledger, plan.moves, ids, releases, told)
    for item in new:
        _place(ledger, item, ids[item.key], last.get(item.key), releases)
    await _update(ledger, [item for item in plan.items if item.key in known], known, last, releases, teams)
    await follow_work(ledger.session)
    ledger.written.missing = len(known.keys() - {item.key for item in plan.items} - ledger.hidden)
    return ids


def _values(item: PlannedItem, releases: Ids, teams: Ids) -> dict[str, Any]:
    return {
        "title": item.title,
        "team_id": teams[item.team] if item.team else None,
        "release_id": releases.get(item.release or ""),
        "state": item.state,
        "updated": item.updated,
    }


async def _known(ledger: Ledger) -> dict[str, Any]:
    columns = (Item.id, Item.source_key, Item.title, Item.team_id, Item.release_id, Item.state, Item.updated)
    return {row.source_key: row for row in await ledger.session.execute(select(*columns).where(Item.source == SOURCE))}


async def _ids(ledger: Ledger) -> dict[str, int]:
    found = await ledger.session.execute(select(Item.source_key, Item.id).where(Item.source == SOURCE))
    return {row.source_key: row.id for row in found}


async def _moves_known(ledger: Ledger) -> set[tuple[int, str | None, datetime]]:
    query = select(Change.item_id, Change.after, Change.happened_at).where(Change.source == SOURCE, Change.field == Field.WORK.value)
    return {(row.item_id, row.after, row.happened_at) for row in await ledger.session.execute(query)}


def _moves(ledger: Ledger, moves: Sequence[PlannedMove], ids: Ids, releases: Ids, told: set[Any]) -> dict[str, PlannedMove]:
    """The moves that are news; the last move of each piece by its key."""
    last = {}
    for move in moves:
        last[move.item] = move
        item_id = ids[move.item]
        if (item_id, move.after, move.at) not in told:
            _moved(ledger, item_id, move.before, move.after, move.at, releases)
            ledger.written.counts["moves of work"] += 1
    return last


def _moved(ledger: Ledger, item_id: int, before: str | None, after: str | None, at: datetime, releases: Ids) -> None:
    """A move is news to both releases, so each has a row of it; neither may be known."""
    named = [releases[name] for name in dict.fromkeys((before, after)) if name and name in releases]
    sides: list[int | None] = [*named] or [None]
    target = releases.get(after or "")
    for release_id in sides:
        ledger.change(release_id, Field.WORK, before, after, at, item_id=item_id, is_in=release_id is not None and release_id == target)


def _place(ledger: Ledger, item: PlannedItem, item_id: int, last: PlannedMove | None, releases: Ids) -> None:
    """A new piece stands where the plan has it now, also when its moves do not say so."""
    was = last.after if last else None
    if item.release == was:
        return
    updated = datetime.combine(item.updated_on, time(0), UTC) if item.updated_on else None
    at = max((at for at in (updated, last.at if last else None) if at), default=ledger.now)
    _moved(ledger, item_id, was, item.release, min(at, ledger.now), releases)
    ledger.written.counts["moves of work"] += 1


async def _update(
    ledger: Ledger, items: Iterable[PlannedItem], known: Mapping[str, Any], last: Mapping[str, PlannedMove], releases: Ids, teams: Ids
) -> None:
    """Pieces that the plan has differently now. What people changed in Slack stays."""
    theirs = await _changed_by_people(ledger) if known else set()
    names = {id: name for name, id in releases.items()}
    new_rows: dict[int, dict[str, Any]] = {}
    for item in items:
        row, values = known[item.key], _values(item, releases, teams)
        differs = {column for column, value in values.items() if value != getattr(row, column)}
        for column in sorted(differs & set(_HISTORY_NAMES)):
            what = _HISTORY_NAMES[column]
            if (row.id, what.value) in theirs:
                values[column] = getattr(row, column)
                ledger.written.kept.append(f"{item.title}: its {_SAID[column]} was changed in Slack and stays.")
                differs.discard(column)
            elif column == "release_id":
                was = names.get(row.release_id)
                if not (item.key in last and last[item.key].after == item.release):
                    _moved(ledger, row.id, was, item.release, ledger.now, releases)
                    ledger.written.counts["moves of work"] += 1
            else:
                ledger.change(values["release_id"], what, _text(getattr(row, column)), _text(values[column]), ledger.now, item_id=row.id)
        if differs:
            new_rows[row.id] = values
    await ledger.change_rows(Item, new_rows)
    ledger.written.counts["changed pieces of work"] += len(new_rows)


_SAID = {"title": "title", "team_id": "team", "state": "state", "release_id": "release"}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


async def _changed_by_people(ledger: Ledger) -> set[tuple[int, str]]:
    """Fields of pieces that were changed in Slack after the plan last said something about them."""
    query = select(Change.item_id, Change.field, Change.source, Change.recorded_at).where(
        Change.item_id.is_not(None), Change.source != SOURCE, Change.voided_at.is_(None)
    )
    return {(row.item_id, row.field) for row in await ledger.session.execute(query)}


async def write_waits(ledger: Ledger, items: Sequence[PlannedItem], ids: Ids, releases: Ids, teams: Ids) -> None:
    """What work waits for, says the plan, is noted and asked of nobody. What it no longer says is cancelled, if nobody asked meanwhile."""
    columns = (Dependency.id, Dependency.item_id, Dependency.asked_team_id, Dependency.state, Dependency.release_id)
    query = select(*columns).where(Dependency.item_id.is_not(None))
    known = {(row.item_id, row.asked_team_id): row for row in await ledger.session.execute(query)}
    new: list[dict[str, Any]] = []
    changed: dict[int, dict[str, Any]] = {}
    wanted: set[tuple[int, int]] = set()
    for item in items:
        for team in item.depends_on:
            key, release_id = (ids[item.key], teams[team]), releases.get(item.release or "")
            wanted.add(key)
            row = known.get(key)
            if row is None:
                new.append(_noted(item, key, release_id, teams))
            elif row.state in (NOTED, CANCELLED) and (row.state, row.release_id) != (NOTED, release_id):
                changed[row.id] = {"state": NOTED, "release_id": release_id}
    in_plan = {ids[item.key] for item in items}
    for key, row in known.items():
        if row.state == NOTED and key not in wanted and key[0] in in_plan:
            changed[row.id] = {"state": CANCELLED, "release_id": row.release_id}
    if new:
        import_id = await ledger.import_id()
        await ledger.insert(Dependency, [{**row, "import_id": import_id} for row in new], "waits")
    await ledger.change_rows(Dependency, changed)
    ledger.written.counts["noted waits"] += len(new) + len(changed)


def _noted(item: PlannedItem, key: tuple[int, int], release_id: int | None, teams: Ids) -> dict[str, Any]:
    item_id, asked = key
    return {
        "state": NOTED,
        "asking_team_id": teams[item.team] if item.team else None,
        "asked_team_id": asked,
        "what": item.title,
        "why": "",
        "release_id": release_id,
        "item_id": item_id,
        "answer_reason": "",
        "source": SOURCE,
    }
