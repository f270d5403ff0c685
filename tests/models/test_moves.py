"""Moves of dates are counted by the database as the rule counts them one by one."""

from datetime import timedelta
from itertools import pairwise, product
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert

from bot import access
from bot.database import Database
from domain.happenings import Kind, happening, is_move
from models import Change, PlanImport, Release, Team, Workspace
from models.reports import changes_between, moves_between
from tests.conftest import EPOCH, Clock

DAYS = (None, "", "2027-03-05", "2027-03", "2027-Q1")
LATE = EPOCH.replace(hour=23, minute=59, second=59)
STRETCH = (EPOCH - timedelta(days=1), EPOCH + timedelta(days=2))


def rows() -> list[dict[str, Any]]:
    """Every pair of days, typed and imported, written down at once, on the day, and on the next."""
    written = (LATE, LATE + timedelta(milliseconds=400), LATE + timedelta(seconds=2))
    return [
        {"before": before, "after": after, "import_id": key, "recorded_at": at, "happened_at": LATE, "field": field, "reason_kind": kind}
        for before, after, key, at, (field, kind) in product(
            DAYS, DAYS[1:], (None, 1), written, (("date", ""), ("date", "vendor"), ("name", ""))
        )
    ]


async def test_the_database_counts_moves_as_the_rule_does(database: Database, clock: Clock) -> None:
    told = rows()
    await a_history(database, clock, told)
    async with database.reading(1, clock=clock) as session:
        found = await moves_between(session, *STRETCH, access.open_releases())
    counted = {row.reason_kind: row.moves for row in found}
    ruled = {kind: sum(is_move(SimpleNamespace(**row)) for row in told if row["reason_kind"] == kind) for kind in ("", "vendor")}
    assert counted == ruled
    assert {row.team for row in found} == {"Payments"}
    assert min(ruled.values()) > 0


async def test_of_very_many_moves_and_verdicts_the_first_and_the_last_are_read(database: Database, clock: Clock) -> None:
    shared = {"import_id": None, "reason_kind": ""}
    days = [f"2027-03-{n:02}" for n in range(1, 21)]
    told: list[dict[str, Any]] = [
        {**shared, "field": "date", "before": before, "after": after, "happened_at": EPOCH + timedelta(minutes=n)}
        for n, (before, after) in enumerate(pairwise([None, *days]))
    ]
    told += [
        {**shared, "field": "health", "before": before, "after": after, "happened_at": EPOCH + timedelta(minutes=100 + n)}
        for n, (before, after) in enumerate(pairwise(["green", "amber", "red"] * 5))
    ]
    await a_history(database, clock, [{**row, "recorded_at": row["happened_at"]} for row in told])
    async with database.reading(1, clock=clock) as session:
        found = await changes_between(session, *STRETCH, [1])
    assert [(row.field, row.after, row.nth) for row in found] == [
        ("date", days[0], 1), ("date", days[1], 1), ("date", days[-1], 19), ("health", "amber", 1), ("health", "red", 14),
    ]  # fmt: skip
    news = happening(found)
    assert news and news.kind is Kind.MOVED
    assert news.words == "1 Mar → Sat 20 Mar 2027 (19 moves)"


async def a_history(database: Database, clock: Clock, told: list[dict[str, Any]]) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=1, team_slack_id="T1", installed_at=EPOCH))
    async with database.transaction(1, clock=clock) as session:
        session.add_all([Team(id=1, name="Payments", folded="payments", created_at=EPOCH), PlanImport(id=1, source="", imported_at=EPOCH)])
        await session.flush()
        session.add(Release(id=1, number=1, name="Billing", team_id=1, created_at=EPOCH, changed_at=EPOCH))
        await session.flush()
        await (await session.connection()).execute(insert(Change), [{"workspace_id": 1, "release_id": 1, **row} for row in told])
