"""Signed commands, so many in flight, for so many seconds; bounded, and only to this machine."""

import asyncio
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import aiohttp
from slack_sdk.signature import SignatureVerifier

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a run: requests a second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float
    failures: int

    def __str__(self) -> str:
        failed = f", {self.failures} FAILED" if self.failures else ""
        return f"{self.rate:.0f} req/s, p50 {self.p50:.1f} ms, p99 {self.p99:.1f} ms{failed}"


def median(loads: Iterable[Load]) -> Load:
    """Of each figure the median; failures of all together."""
    listed = list(loads)
    figures = [statistics.median(getattr(one, name) for one in listed) for name in ("rate", "p50", "p99")]
    return Load(*figures, failures=sum(one.failures for one in listed))


def signed(secret: str, command: str, text: str) -> tuple[bytes, dict[str, str]]:
    number = next(_numbers)
    body = urlencode(
        {
            "command": command,
            "text": text,
            "team_id": "T1",
            "team_domain": "bench",
            "user_id": "U1",
            "user_name": "pia",
            "channel_id": "C1",
            "channel_name": "bench",
            "trigger_id": f"{number}.{time.time_ns()}",
            "response_url": "http://127.0.0.1:1/none",
            "api_app_id": "A1",
        }
    )
    return _with_headers(secret, body, "application/x-www-form-urlencoded")


def signed_event(secret: str, event: Mapping[str, str]) -> tuple[bytes, dict[str, str]]:
    number = next(_numbers)
    sent = {"user": "U1", "ts": f"{number}.000200", "event_ts": f"{number}.000200", **event}
    return _with_headers(
        secret,
        json.dumps({"type": "event_callback", "team_id": "T1", "event_id": f"Ev{number}.{time.time_ns()}", "event": sent}),
        "application/json",
    )


def _with_headers(secret: str, body: str, kind: str) -> tuple[bytes, dict[str, str]]:
    stamp = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    return body.encode(), {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}


async def once(port: int, secret: str, command: str, text: str, *, expect: str) -> None:
    """One command. Raises ValueError where the answer is another than expected."""
    await _sent(port, *signed(secret, command, text), expect)


async def happen(port: int, secret: str, event: Mapping[str, str]) -> None:
    """One event, until what answers it is written down. Raises ValueError when it is not."""
    await _sent(port, *signed_event(secret, event), "")


async def _sent(port: int, body: bytes, headers: dict[str, str], expect: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as response,
    ):
        said = await response.text()
    if response.status != 200 or expect not in said:
        raise ValueError(said)


async def run(
    port: int, secret: str, command: str, text: Callable[[int], str], *, seconds: float = 5.0, in_flight: int = 32, expect: str = ""
) -> Load:
    """`text(n)` is the n-th command's text; an answer without `expect` counts as a failure."""
    url = f"http://127.0.0.1:{port}/slack/events"
    latencies: list[float] = []
    failures = 0
    counter = itertools.count()

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=in_flight)) as session:

        async def worker(until: float) -> None:
            nonlocal failures
            while time.perf_counter() < until:
                body, headers = signed(secret, command, text(next(counter)))
                started = time.perf_counter()
                async with session.post(url, data=body, headers=headers) as response:
                    said = await response.text()
                latencies.append((time.perf_counter() - started) * 1000)
                failures += response.status != 200 or expect not in said

        await asyncio.gather(*(worker(time.perf_counter() + 1.0) for _ in range(in_flight)))
        latencies.clear()
        failures = 0
        started = time.perf_counter()
        await asyncio.gather(*(worker(started + seconds) for _ in range(in_flight)))
        took = time.perf_counter() - started
    cuts = statistics.quantiles(latencies, n=100)
    return Load(len(latencies) / took, cuts[49], cuts[98], failures)
