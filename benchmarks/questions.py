"""How long it takes to ask two thousand owners of five quiet releases each the weekly question: every message written down, on SQLite."""

import tempfile
import time as stopwatch
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks import alone
from bot.database import Database
from bot.deps import Deps
from handlers.checkins import asking
from models import CheckIn, Person, Release
from models.machine import Outbox as Waiting

OWNERS, EACH = 2000, 5
THURSDAY = datetime(2026, 12, 3, 10, 0, 5, tzinfo=UTC)


async def seconds(owners: int = OWNERS) -> float:
    """From the tick at which they are due until the last message is in the outbox. Raises RuntimeError when one is missing."""
    url = f"sqlite+aiosqlite:///{Path(tempfile.mkdtemp(prefix='tendon-bench-')) / 'tendon.db'}"
    now = [THURSDAY - timedelta(days=3)]
    async with alone.bot(url, lambda: now[0], now[0] - timedelta(days=30)) as (database, deps):
        await _fill(database, deps, owners)
        await _tick(database, deps)  # plans
        now[0] = THURSDAY
        started = stopwatch.perf_counter()
        await _tick(database, deps)
        await asking.ask_all({"workspace_id": 1}, deps)
        took = stopwatch.perf_counter() - started
        async with database.reading(1, clock=deps.clock) as session:
            asked = await session.scalar(select(func.count()).select_from(CheckIn).where(CheckIn.asked_at.is_not(None)))
            posts = await session.scalar(select(func.count()).select_from(Waiting).where(Waiting.kind == "post"))
        if (asked, posts) != (owners, owners):
            raise RuntimeError(f"{asked} were asked, and {posts} messages wait")
        return took


async def _tick(database: Database, deps: Deps) -> None:
    async with database.transaction(1, clock=deps.clock, by="bench") as session:
        await asking.look_who_is_due(session, deps)


async def _fill(database: Database, deps: Deps, owners: int) -> None:
    long_ago, mine, day = deps.now() - timedelta(days=30), {"workspace_id": 1}, date(2027, 3, 5)
    rows = [
        {
            **mine, "number": n + 1, "name": f"Release {n}", "owner": f"U{n // EACH}", "target_on": day, "baseline_on": day,
            "created_at": long_ago, "changed_at": long_ago,
        }
        for n in range(owners * EACH)
    ]  # fmt: skip
    people = [{**mine, "slack_id": f"U{n}", "name": f"Owner {n}", "zone": "UTC"} for n in range(owners)]
    async with database.plainly() as connection:
        await connection.execute(insert(Person), people)
        await connection.execute(insert(Release), rows)
