"""How long it takes until everybody who asked for a release is written a message when it ships, on SQLite: five thousand of them, one
in two in a thread of their own, the others privately."""

import tempfile
import time as stopwatch
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from benchmarks import alone
from bot.database import Database
from bot.deps import Deps
from domain.releases import Field, Stage
from handlers.loop import telling
from models import Channel, ChannelMember, Customer, Feedback, Person, Supporter
from models.history import create_release, record
from models.machine import Outbox as Waiting

REPORTERS = 5000
NOW = datetime(2026, 12, 3, 10, tzinfo=UTC)


async def seconds(reporters: int = REPORTERS, url: str = "") -> tuple[float, float]:
    """Until the last message is in the outbox, and the longest single transaction. Raises RuntimeError when a message is missing."""
    url = url or f"sqlite+aiosqlite:///{Path(tempfile.mkdtemp(prefix='tendon-bench-')) / 'tendon.db'}"
    now = [NOW]
    async with alone.bot(url, lambda: now[0], NOW - timedelta(days=30)) as (database, deps):
        release = await _fill(database, deps, reporters)
        now[0] += timedelta(minutes=6)
        posts, longest, started = -1, 0.0, stopwatch.perf_counter()
        while posts != (posts := await _posts(database, deps)):
            begun = stopwatch.perf_counter()
            async with database.transaction(1, clock=deps.clock, by="bench") as session:
                await telling.settle(session, deps, release)
            longest = max(longest, stopwatch.perf_counter() - begun)
        if posts != reporters:
            raise RuntimeError(f"{posts} messages wait")
        return stopwatch.perf_counter() - started, longest


async def _posts(database: Database, deps: Deps) -> int:
    async with database.reading(1, clock=deps.clock) as session:
        return await session.scalar(select(func.count()).select_from(Waiting).where(Waiting.kind == "post")) or 0


async def _fill(database: Database, deps: Deps, reporters: int) -> int:
    mine, who = {"workspace_id": 1}, [f"U{n}" for n in range(reporters)]
    async with database.transaction(1, clock=deps.clock, by="bench") as session:
        release = await create_release(session, "Invoices by region", NOW.date(), now=NOW)
        await record(session, release, Field.STAGE, None, Stage.EVERYONE.value, now=NOW, effective_on=NOW.date())
        release_id = release.id
    pieces = [
        {
            **mine, "id": n + 1, "number": n + 1, "words": f"Customer {n % 900} asks for invoices by region", "type": "request",
            "customer_id": n % 900 + 1, "release_id": release_id, "reporter": f"U{n}", "channel": "C1", "logged_at": NOW,
        }
        for n in range(reporters)
    ]  # fmt: skip
    brought = [
        {**mine, "feedback_id": n + 1, "person": f"U{n}", "channel": "C1", "thread_ts": f"1.{n:06}" if n % 2 else None, "added_at": NOW}
        for n in range(reporters)
    ]
    customers = [{**mine, "id": n + 1, "name": f"Customer {n}", "folded": f"customer {n}"} for n in range(900)]
    people = [{**mine, "slack_id": each, "name": each, "zone": "UTC"} for each in who]
    async with database.plainly() as connection:
        await connection.execute(insert(Channel), {**mine, "slack_id": "C1", "name": "sales", "is_private": False, "has_bot": True})
        await connection.execute(insert(ChannelMember), [{**mine, "channel_slack_id": "C1", "person_slack_id": each} for each in who])
        for table, rows in ((Person, people), (Customer, customers), (Feedback, pieces), (Supporter, brought)):
            await connection.execute(insert(table), rows)
    return release_id
