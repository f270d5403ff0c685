"""How many pieces of feedback are logged a second, each with a form that was opened and sent, beside a bare Bolt app with one insert."""

import asyncio
import json
import os
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from pathlib import Path

import aiohttp

from benchmarks import load
from benchmarks.__main__ import free_port, prepared, server
from benchmarks.floors import SECRET

ROUNDS, EACH, IN_FLIGHT = 5, 300, 32
PATIENCE = 300  # looks
FORM = "feedback:save"


def form(draft: int) -> tuple[bytes, dict[str, str]]:
    """The form of that draft, sent as Slack sends it."""
    words = {"type": "plain_text_input", "value": f"Invoices by region cannot be exported, said the {draft}th"}
    customer = {"type": "external_select", "selected_option": {"value": f"Customer {draft % 50}"}}
    values = {"words": {"words": words}, "customer": {"feedback:customer": customer}}
    kept = json.dumps({"channel": "C1", "draft": draft, "kind": "customer"})
    return load.signed_form(SECRET, {"callback_id": FORM, "private_metadata": kept, "state": {"values": values}, "blocks": []})


async def sent(port: int, requests: list[tuple[bytes, dict[str, str]]]) -> float:
    """How many of them are answered a second, so many in flight. Raises ValueError when one is refused."""
    left = iter(requests)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=IN_FLIGHT)) as session:

        async def worker() -> None:
            for body, headers in left:
                async with session.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as response:
                    said = await response.text()
                    if response.status != 200 or "errors" in said or "(ref " in said:
                        raise ValueError(said)

        started = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return len(requests) / (time.perf_counter() - started)


async def looked(file: Path) -> None:
    """Until what looks the same was looked for in every open form: that is work of opening them, not of logging."""
    with closing(sqlite3.connect(file)) as connection:
        for _ in range(PATIENCE):
            if not connection.execute("SELECT count(*) FROM outbox WHERE kind = 'feedback:look' AND settled_at IS NULL").fetchone()[0]:
                return
            await asyncio.sleep(0.2)
    raise TimeoutError("the forms that were opened are still looked at")


async def measure() -> dict[str, str]:
    with tempfile.TemporaryDirectory(prefix="tendon-logging-") as name:
        folder, slack_port, bot_port, insert_port = Path(name), free_port(), free_port(), free_port()
        settings = {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'tendon.db'}",
            "PORT": str(bot_port),
        }
        prepared(folder, {**os.environ, **settings}, with_plan=False)
        rounds: list[tuple[float, float, float]] = []
        with (
            server("benchmarks.instant", str(slack_port), port=slack_port, path="/api/auth.test"),
            server("benchmarks.floors", "insert", str(insert_port), port=insert_port),
            server("bot", "serve", port=bot_port, path="/readyz", **settings),
        ):
            await asyncio.sleep(2)
            for n in range(ROUNDS):
                drafts = range(n * EACH + 1, (n + 1) * EACH + 1)
                insert = await sent(insert_port, [load.signed(SECRET, "/x", str(each)) for each in drafts])
                opened = await sent(bot_port, [load.signed(SECRET, "/customer-feedback", f"new word {each}") for each in drafts])
                await looked(folder / "tendon.db")
                rounds.append((insert, opened, await sent(bot_port, [form(each) for each in drafts])))
    insert, opened, saved = (statistics.median(one[at] for one in rounds) for at in range(3))
    ratio = statistics.median(one[2] / one[0] for one in rounds)
    return {
        "bare Bolt with one insert": f"{insert:.0f} a second",
        "forms opened": f"{opened:.0f} a second",
        "forms sent, each one piece logged": f"{saved:.0f} a second, {ratio:.2f} of the insert's rate",
    }
