"""`python -m benchmarks.large`: how fast a large ledger answers, beside the real plan, on SQLite, one command after the other.

10,000 releases, 300 of them open, 100,000 pieces of work and 1,000,000 rows of history.
"""

import asyncio
import os
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text, update

from benchmarks import files, load
from benchmarks.__main__ import free_port, prepared, server
from benchmarks.floors import SECRET
from bot.database import Database
from domain.nearest import fold
from models import Change, Item, Person, Release, ReleaseName, Team, Workspace

RELEASES, OPEN, WORK, HISTORY = 10_000, 300, 100_000, 1_000_000
TEAMS, OWNERS = 25, 200
BATCH = 20_000
START = datetime(2020, 1, 6, 9, tzinfo=UTC)
ASKED = (
    ("status", "open release"),
    ("status Release 7", "R-8"),
    ("since 1 week ago", ""),
    ("since 1 January 2021", ""),
    ("as of 1 June 2026", ""),
    ("as of 1 January 2021", ""),
    ("as of 1 January 2021 of Team 3", ""),
    ("roadmap", ""),
    ("report 2025", ""),
)
MENTION = {"type": "app_mention", "channel": "C1", "thread_ts": "1.000100"}
EVENTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("@Tendon status", MENTION | {"text": "<@UBOT> status"}),
    ("@Tendon when Release 7", MENTION | {"text": "<@UBOT> when Release 7"}),
    ("Home", {"type": "app_home_opened", "channel": "D1", "tab": "home"}),
)


async def fill(url: str) -> None:
    """Every table through its own statement, in batches; numbers are drawn from a seed."""
    database, draw = Database(url), random.Random(7)
    async with database.plainly() as connection:
        await connection.execute(text("DELETE FROM workspace"))
        about = {"team_slack_id": "T1", "name": "Bench", "domain": "bench", "bot_slack_id": "UBOT", "zone": "UTC", "installed_at": START}
        await connection.execute(insert(Workspace), {"id": 1, "synced_at": datetime.now(UTC), **about})
        rows: tuple[tuple[Any, Iterator[dict[str, Any]]], ...] = (
            (Person, ({"slack_id": f"U{n}", "name": f"Person {n}"} for n in range(OWNERS))),
            (Team, ({"name": f"Team {n}", "folded": f"team {n}", "created_at": START} for n in range(TEAMS))),
            (Release, releases(draw)),
            (ReleaseName, ({"release_id": n + 1, "name": f"Release {n}", "folded": fold(f"Release {n}")} for n in range(RELEASES))),
            (Item, work(draw)),
            (Change, history(draw)),
        )
        for table, made in rows:
            while batch := list(islice(made, BATCH)):
                await connection.execute(insert(table), [{"workspace_id": 1, **row} for row in batch])
        last = select(func.max(Change.happened_at)).where(Change.workspace_id == 1, Change.release_id == Release.id)
        closed = update(Release).where(Release.workspace_id == 1, Release.is_open.is_(False))
        await connection.execute(closed.values(changed_at=last.scalar_subquery()))  # as its history says
    await database.close()


def releases(draw: random.Random) -> Iterator[dict[str, Any]]:
    now = datetime.now(UTC)
    for n in range(RELEASES):
        is_open = n < OPEN
        day = now.date() + timedelta(days=draw.randrange(-20, 300)) if is_open else date(2020, 1, 1) + timedelta(days=draw.randrange(2300))
        yield {
            "number": n + 1, "name": f"Release {n}", "target_on": day, "is_committed": True, "is_open": is_open,
            "baseline_on": day - timedelta(days=draw.randrange(30)), "shipped_on": None if is_open else day,
            "stage": None if is_open else "everyone", "team_id": draw.randrange(TEAMS) + 1, "owner": f"U{draw.randrange(OWNERS)}",
            "created_at": START, "changed_at": now - timedelta(days=draw.randrange(20)) if is_open else START + (day - START.date()),
        }  # fmt: skip


def work(draw: random.Random) -> Iterator[dict[str, Any]]:
    for n in range(WORK):
        state = draw.choice(("open", "done", "done"))
        yield {
            "title": f"Work {n}", "release_id": draw.randrange(RELEASES) + 1, "team_id": draw.randrange(TEAMS) + 1, "state": state,
            "source": "plan", "source_key": f"W-{n}",
        }  # fmt: skip


def history(draw: random.Random) -> Iterator[dict[str, Any]]:
    """Two fifths about releases: their names, dates and health; the rest is work that moved."""
    per_release = HISTORY * 2 // 5 // RELEASES
    for n in range(RELEASES):
        mine = {"release_id": n + 1, "reason": "", "actor": f"U{draw.randrange(OWNERS)}", "void_reason": ""}
        shared: dict[str, Any] = {"item_id": None, "precision": None, "is_committed": None, "is_in": None, "before": None} | mine
        born = START + timedelta(days=draw.randrange(2000), minutes=n)
        yield shared | {"field": "name", "after": f"Release {n}", "happened_at": born, "recorded_at": born}
        before = None
        for k in range(per_release - 2):
            at = born + timedelta(days=k * 5)
            after = (at.date() + timedelta(days=draw.randrange(20, 200))).isoformat()
            dated = {"field": "date", "before": before, "after": after, "precision": "day", "is_committed": True}
            yield shared | dated | {"reason": "vendor late", "happened_at": at, "recorded_at": at}
            before = after
        last = born + timedelta(days=per_release * 5)
        field, after = ("health", "green") if n < OPEN else ("stage", "everyone")
        yield shared | {"field": field, "after": after, "happened_at": last, "recorded_at": last}
    for n in range(HISTORY - per_release * RELEASES):
        at = START + timedelta(minutes=n * 5)
        places = {"before": f"Release {draw.randrange(RELEASES)}", "after": f"Release {draw.randrange(RELEASES)}"}
        moved = {
            "release_id": draw.randrange(RELEASES) + 1,
            "item_id": n % WORK + 1,
            "field": "work",
            "precision": None,
            "is_in": n % 2 == 0,
        }
        yield moved | places | {"is_committed": None, "reason": "", "actor": None, "void_reason": "", "happened_at": at, "recorded_at": at}


async def latencies(ask: Callable[[], Awaitable[None]], times: int) -> str:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - started) * 1000)
    cuts = statistics.quantiles(taken, n=20)
    return f"p50 {statistics.median(taken):.1f} ms, p95 {cuts[18]:.1f} ms"


async def answers(port: int, *, is_large: bool) -> AsyncIterator[tuple[str, str]]:
    """What was asked, and how long it took. Of an event, until its answer is written down to be sent."""

    def known(words: str) -> str:
        return words if is_large else words.replace("Release 7", "1.37")

    for words, expect in ASKED:
        ask = partial(load.once, port, SECRET, "/release", known(words), expect=expect if is_large else "")
        yield f"/release {known(words)}", await latencies(ask, 200 if words.startswith("status") else 40)
    for name, event in EVENTS:
        heard = {key: known(value) for key, value in event.items()}
        yield known(name), await latencies(partial(load.happen, port, SECRET, heard), 200)


async def measure(name: str, *, is_large: bool) -> None:
    folder, slack_port, bot_port = Path(tempfile.mkdtemp(prefix="tendon-large-")), free_port(), free_port()
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'tendon.db'}",
        "PORT": str(bot_port),
    }
    prepared(folder, {**os.environ, **settings}, with_plan=not is_large)
    if is_large:
        await fill(settings["DATABASE_URL"])
    with (
        server("benchmarks.instant", str(slack_port), port=slack_port, path="/api/auth.test"),
        server("bot", "serve", port=bot_port, path="/readyz", **settings),
    ):
        await asyncio.sleep(3)
        async for asked, took in answers(bot_port, is_large=is_large):
            print(f"{name:12} {asked:26} {took}")
    print(f"{name:12} {'deck 2025':26} {await files.deck(settings['DATABASE_URL'], '2025')}")
    (folder / "tendon.db").unlink()


async def main() -> None:
    await measure("real plan", is_large=False)
    await measure("large ledger", is_large=True)


if __name__ == "__main__":
    asyncio.run(main())
