"""`python -m benchmarks.feedback`: how fast customer feedback answers at 10,000, 100,000 and 1,000,000 pieces, on SQLite and PostgreSQL.

Every figure is what a person waits for: signed requests over HTTP, one after the other, to a running bot. What looks the same as words in a
form is looked for once the form is open, so that is timed by itself. The load of the machine stands beside the figures.
"""

import asyncio
import itertools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from benchmarks import logged, voices
from benchmarks.__main__ import free_port, server
from benchmarks.floors import SECRET
from benchmarks.load import once
from benchmarks.voices import READER, Voices
from bot import access
from bot.database import Database
from bot.schema import migrate
from handlers.feedback.alike import candidates
from tests import postgres

SIZES = (10_000, 100_000, 1_000_000)
TIMES = 40  # requests of each kind
SEED = 7
FEEDBACK = "/customer-feedback"


def asked(size: int) -> dict[str, list[str]]:
    """What is typed. A word's place in the vocabulary says how often it is said: the n-th about 1/n as often as the first."""
    words = Voices(SEED).words
    return {
        "search, a rare word": [f"search {words[20_000 + n * 37]}" for n in range(TIMES)],
        "search, a common word": [f"search {words[n]}" for n in range(TIMES)],
        "search, how a common word begins": [f"search {words[n][:2]}" for n in range(TIMES)],
        "search, two words": [f"search {words[n]} {words[n * 3 + 9]}" for n in range(TIMES)],
        "search, nothing says it": [f"search zzq{n}x" for n in range(TIMES)],
        "trends of a year": ["trends 2024"] * 8,
        "list": ["list"] * TIMES,
        "show": [f"show F-{size - n * 97}" for n in range(TIMES)],
        "the form opens": [f"new {words[n * 50]} {words[n * 20 + 7]} is slow" for n in range(TIMES)],
    }


async def timed(one: Callable[[], Awaitable[object]]) -> float:
    started = time.perf_counter()
    await one()
    return (time.perf_counter() - started) * 1000


def slowest(taken: list[float]) -> float:
    """The 95th percentile, in milliseconds; of few the longest."""
    return statistics.quantiles(taken, n=20)[18] if len(taken) >= 20 else max(taken)


async def answers(url: str, size: int) -> dict[str, float]:
    slack_port, bot_port = free_port(), free_port()
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "DATABASE_URL": url,
        "PORT": str(bot_port),
    }
    figures: dict[str, float] = {}
    with (
        server("benchmarks.instant", str(slack_port), port=slack_port, path="/api/auth.test"),
        server("bot", "serve", port=bot_port, path="/readyz", **settings),
    ):
        await asyncio.sleep(1)
        for name, texts in asked(size).items():
            await once(bot_port, SECRET, FEEDBACK, texts[0], expect="")
            figures[name] = slowest([await timed(lambda text=text: once(bot_port, SECRET, FEEDBACK, text, expect="")) for text in texts])  # type: ignore[misc]
    figures["what looks the same, beside the open form"] = slowest(await looks_the_same(url))
    return figures


async def looks_the_same(url: str) -> list[float]:
    database, said, deps = Database(url), Voices(SEED), _Deps()
    taken = []
    for _ in range(TIMES):
        words = said.some(6, 36)
        async with database.reading(1, clock=deps.now) as session:
            viewer = await access.actor_of(session, READER)
            taken.append(await timed(lambda: candidates(session, deps, words, viewer)))  # type: ignore[arg-type]  # noqa: B023
    await database.close()
    return taken


class _Deps:
    """As much of the bot as drawing a card asks for."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Both, empty and migrated, with a company in them; gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="tendon-feedback-") as folder, postgres.server() as running:
        with psycopg.connect(f"{running.replace('+psycopg', '')}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        urls = {"SQLite": f"sqlite+aiosqlite:///{Path(folder) / 'tendon.db'}", "PostgreSQL": f"{running}/bench"}
        for url in urls.values():
            asyncio.run(_founded(url))
        yield urls


async def _founded(url: str) -> None:
    await migrate(url)
    database = Database(url)
    await voices.found_company(database)
    await database.close()


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def main(sizes: tuple[int, ...] = SIZES) -> None:
    started, said = time.perf_counter(), Voices(SEED)
    table: dict[str, dict[tuple[str, int], float]] = {}
    with databases() as urls:
        for before, size in itertools.pairwise((0, *sizes)):
            voices.say(list(urls.values()), said, before + 1, size)
            print(f"{size:,} pieces after {time.perf_counter() - started:.0f} s, {load()}", flush=True)
            for kind, url in urls.items():
                for name, figure in asyncio.run(answers(url, size)).items():
                    table.setdefault(name, {})[kind, size] = figure
                print(f"  {kind} measured after {time.perf_counter() - started:.0f} s, {load()}", flush=True)
    for name, row in table.items():
        for kind in ("SQLite", "PostgreSQL"):
            figures: Any = (f"{row[kind, size]:8.1f} ms" for size in sizes)
            print(f"{name:44} {kind:11}" + "".join(figures))
    for name, value in asyncio.run(logged.measure()).items():
        print(f"{name:44} {value}")
    print(f"p95 of {TIMES} each; {time.perf_counter() - started:.0f} s in all, {load()}")


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
