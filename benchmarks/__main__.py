"""`make bench`: every figure of the README, from one run on this machine."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import httpx

from benchmarks import load, messages, questions, reporters
from benchmarks.floors import SECRET

PLAN = Path(os.environ.get("PLAN", "../shared/data/kubernetes"))
ROUNDS, SECONDS = 9, 2.0  # many short ones: what slows the machine for a while slows a few of them
RELEASES = 1024  # that the writing command moves
_numbers = itertools.count()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]
    ready_after: float

    @property
    def memory(self) -> float:
        """Resident memory in MB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextlib.contextmanager
def server(*command: str, port: int, path: str = "/", **env: str) -> Iterator[Server]:
    """A process that answers at `path`; ended when the block ends."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *command], env={**os.environ, **env}, stderr=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"http://127.0.0.1:{port}{path}", timeout=2).status_code < 500:
                    break
            if process.poll() is not None or time.perf_counter() - started > 30:
                raise RuntimeError(f"{command} did not start")
            time.sleep(0.02)
        yield Server(port, process, time.perf_counter() - started)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)


def prepared(folder: Path, env: dict[str, str], *, with_plan: bool = True) -> None:
    """A database with the real plan in it, or an empty one."""
    tendon = [sys.executable, "-m", "bot"]
    subprocess.run([*tendon, "migrate"], env=env, check=True, stdout=subprocess.DEVNULL)
    with sqlite3.connect(folder / "tendon.db") as connection:
        connection.execute(
            "INSERT INTO workspace (team_slack_id, enterprise_slack_id, name, domain, bot_slack_id, zone, installed_at)"
            " VALUES ('T1', '', 'Bench', 'bench', 'UBOT', 'UTC', '2026-01-01 00:00:00.000000')"
        )
    if with_plan and PLAN.exists():
        files = ("--releases", "release-dates.csv"), ("--items", "items.csv"), ("--history", "item-history.csv")
        arguments = [part for option, name in files for part in (option, str(PLAN / name))]
        subprocess.run([*tendon, "import", "plan", *arguments], env=env, check=True, stdout=subprocess.DEVNULL)


def moving(n: int) -> str:
    """The n-th command moves the n-th release in turn to another day: so no history grows long, and all rows are written."""
    day = date(2027, 1, 4) + timedelta(days=n // RELEASES % 300 + n % 7)
    return f"move Bench {n % RELEASES} to {day.isoformat()} because the vendor is late"


async def one_round(floor_port: int, bot_port: int, floor: str, name: str) -> dict[str, load.Load]:
    """A floor and what is compared with it, one right after the other, so that what slows the machine for a while slows both."""
    text, expect = COMMANDS[name]
    return {
        floor: await load.run(floor_port, SECRET, "/x", str, seconds=SECONDS, expect="ok"),
        name: await load.run(bot_port, SECRET, "/release", lambda _: text(next(_numbers)), seconds=SECONDS, expect=expect),
    }


COMMANDS: dict[str, tuple[Callable[[int], str], str]] = {"status": (lambda _: "status", "open release"), "move": (moving, "Baseline")}


async def make_releases(bot_port: int) -> None:
    for n in range(0, RELEASES, 32):
        texts = (f"new Bench {n + each} 2027-03-05" for each in range(32))
        await asyncio.gather(*(load.once(bot_port, SECRET, "/release", text, expect="R-") for text in texts))


def middle(values: Iterable[float]) -> float:
    return statistics.median(values)


async def measure() -> dict[str, str]:
    figures: dict[str, str] = {}
    folder = Path(tempfile.mkdtemp(prefix="tendon-bench-"))
    slack_port, bot_port, ack_port, insert_port = (free_port() for _ in range(4))
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'tendon.db'}",
        "PORT": str(bot_port),
    }
    settings.pop("SLACK_APP_TOKEN", None)
    prepared(folder, {**os.environ, **settings})
    with (
        server("benchmarks.instant", str(slack_port), port=slack_port, path="/api/auth.test"),
        server("benchmarks.floors", "ack", str(ack_port), port=ack_port),
        server("benchmarks.floors", "insert", str(insert_port), port=insert_port),
        server("bot", "serve", port=bot_port, path="/readyz", **settings) as bot,
    ):
        figures["start to ready"] = f"{bot.ready_after:.2f} s"
        await asyncio.sleep(2)
        figures["idle memory"] = f"{bot.memory:.0f} MB"
        reads = [await one_round(ack_port, bot_port, "ack", "status") for _ in range(ROUNDS)]
        await make_releases(bot_port)  # after the reads, as those are of the real plan alone
        writes = [await one_round(insert_port, bot_port, "insert", "move") for _ in range(ROUNDS)]
        for rounds in (reads, writes):
            for name in rounds[0]:
                figures[name] = str(load.median(one[name] for one in rounds))
        figures["/release status, to a bare ack"] = f"{middle(one['status'].rate / one['ack'].rate for one in reads):.2f}"
        figures["/release move, to one insert"] = f"{middle(one['move'].rate / one['insert'].rate for one in writes):.2f}"
        figures["its p99, to one insert's"] = f"{middle(one['move'].p99 / one['insert'].p99 for one in writes):.2f}"
        figures["outbox"] = f"{await messages.rate(slack_port):.0f} messages/s"
    figures[f"{questions.OWNERS:,} weekly questions"] = f"{await questions.seconds():.1f} s"
    told, longest = await reporters.seconds()
    figures[f"{reporters.REPORTERS:,} reporters of a release told"] = f"{told:.1f} s, {longest:.1f} s at a time"
    return figures


def main() -> None:
    for name, value in asyncio.run(measure()).items():
        print(f"{name:36} {value}")


if __name__ == "__main__":
    main()
