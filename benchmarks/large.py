"""`python -m benchmarks.large`: how fast a large ledger answers, beside the real plan, on SQLite, the two in turns.

10,000 releases, 300 of them open, 100,000 pieces of work and 1,000,000 rows of history.
"""

import asyncio
import os
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
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
CHANGES = {
    "something else": "UPDATE workspace SET synced_at = '2026-11-22 10:00:' || printf('%02d.000000', abs(random()) % 60)",
    "a release": "UPDATE release SET target_on = date(target_on, CASE random() % 2 WHEN 0 THEN '+1 day' ELSE '-1 day' END)"
    " WHERE id = (SELECT min(id) FROM release WHERE is_open AND target_on IS NOT NULL)",
}
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


@dataclass(frozen=True, slots=True)
class Ledger:
    """A bot that serves, and its database. `known` puts what is asked in words that it knows."""

    port: int
    path: Path
    is_large: bool

    def known(self, words: str) -> str:
        return words if self.is_large else words.replace("Release 7", "1.37")

    @property
    def url(self) -> str:
        return f"sqlite+aiosqlite:///{self.path}"


Ask = Callable[[Ledger], Awaitable[None]]


@asynccontextmanager
async def served(*, is_large: bool) -> AsyncIterator[Ledger]:
    folder, slack_port = Path(tempfile.mkdtemp(prefix="tendon-large-")), free_port()
    ledger = Ledger(free_port(), folder / "tendon.db", is_large)
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "DATABASE_URL": ledger.url,
        "PORT": str(ledger.port),
    }
    prepared(folder, {**os.environ, **settings}, with_plan=not is_large)
    if is_large:
        await fill(ledger.url)
    with (
        server("benchmarks.instant", str(slack_port), port=slack_port, path="/api/auth.test"),
        server("bot", "serve", port=ledger.port, path="/readyz", **settings),
    ):
        await asyncio.sleep(3)
        yield ledger
    shutil.rmtree(folder)


def commands() -> Iterator[tuple[str, int, Ask]]:
    """What is asked, how often, and how. Of an event the time is until its answer is written down to be sent."""

    async def say(words: str, expect: str, ledger: Ledger) -> None:
        await load.once(ledger.port, SECRET, "/release", ledger.known(words), expect=expect if ledger.is_large else "")

    async def happen(event: Mapping[str, str], ledger: Ledger) -> None:
        await load.happen(ledger.port, SECRET, {key: ledger.known(value) for key, value in event.items()})

    for words, expect in ASKED:
        yield f"/release {words}", 200 if words.startswith("status") else 40, partial(say, words, expect)
    for name, event in EVENTS:
        yield name, 200, partial(happen, event)


def nothing(ledger: Ledger) -> None:
    """Before most of what is asked nothing changes."""


def commits(change: str) -> Callable[[Ledger], None]:
    """Somebody commits just before."""

    def commit(ledger: Ledger) -> None:
        with closing(sqlite3.connect(ledger.path, timeout=5, isolation_level=None)) as writer:
            writer.execute(change)

    return commit


async def compare(name: str, times: int, ask: Ask, ledgers: Sequence[Ledger], before: Callable[[Ledger], None] = nothing) -> None:
    """In turns, as the machine is not equally fast all the time."""
    taken: dict[Ledger, list[float]] = {ledger: [] for ledger in ledgers}
    for _ in range(times):
        for ledger in ledgers:
            before(ledger)
            started = time.perf_counter()
            await ask(ledger)
            taken[ledger].append((time.perf_counter() - started) * 1000)
    said = [f"p50 {statistics.median(each):6.1f} ms, p95 {statistics.quantiles(each, n=20)[18]:6.1f} ms" for each in taken.values()]
    print(f"{name:40} {'   '.join(said)}")


async def main() -> None:
    async with served(is_large=True) as large, served(is_large=False) as plan:
        ledgers = (large, plan)
        print(f"{'':40} {'large ledger':29} real plan")
        for name, times, ask in commands():
            await compare(name, times, ask, ledgers)
        _, times, status = next(commands())
        for what, change in CHANGES.items():
            await compare(f"/release status, {what} changed", times, status, ledgers, commits(change))
        for ledger in ledgers:
            print(f"deck 2025, {'large ledger' if ledger.is_large else 'real plan'}: {await files.deck(ledger.url, '2025')}")


if __name__ == "__main__":
    asyncio.run(main())
