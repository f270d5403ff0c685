"""Told to stop, the bot finishes what is in hand. Killed, it loses nothing that was acked and repeats nothing that was sent."""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.database import Database
from playground import LocalSlack
from tests import world
from tests.bot.killed import Bot, nothing_waits, ready, scalars
from tests.bot.machine import company, until
from tests.postgres import free_port


class Office:
    """People who keep notes as fast as they can, and remember which of them the bot said it kept."""

    def __init__(self, slack: LocalSlack) -> None:
        self.slack = slack
        self.acked: set[str] = set()
        self.asked = 0
        self.is_closing = False

    async def work(self, number: int) -> None:
        person = self.slack.as_(f"U{number % 3 + 1}")
        while not self.is_closing:
            self.asked += 1
            name = f"n{self.asked}"
            reply = await person.command("C1", "/note", f"keep {name}")
            if reply.status == 200 and reply.text == f"{name} is kept.":
                self.acked.add(name)
            if reply.status != 200:
                await asyncio.sleep(0.02)


@asynccontextmanager
async def an_office(database_url: str, bots: int, socket: bool) -> AsyncIterator[tuple[Office, list[Bot]]]:
    """The bots, and people at work until the block ends; afterwards all that was promised must be there once."""
    slack = company()
    await slack.start()
    started = [Bot(slack, database_url, socket) for _ in range(bots)]
    office = Office(slack)
    try:
        for bot in started:
            await bot.start()
        if not socket:
            slack.deliver_to(f"http://127.0.0.1:{started[0].port}/slack/events")
        people = [asyncio.create_task(office.work(number)) for number in range(4)]
        yield office, started
        office.is_closing = True
        await asyncio.gather(*people)
        await slack.settled()
        await look_back(office, database_url)
    finally:
        office.is_closing = True
        for bot in started:
            if bot.process.is_alive():
                await bot.end(signal.SIGKILL)
        await slack.stop()


async def look_back(office: Office, database_url: str) -> None:
    """Every acked note is kept, each kept note once, and each of them was posted once."""
    database = Database(database_url)
    try:
        (promised,) = await scalars(database, "SELECT count(*) FROM outbox")
        await until(lambda: nothing_waits(database), 60 + promised / 20)  # one channel takes some fifty a second here
        kept = Counter(await scalars(database, "SELECT after FROM change WHERE field = 'note'"))
    finally:
        await database.close()
    assert office.acked
    assert office.acked <= set(kept)
    assert set(kept.values()) == {1}
    history = office.slack.state.channels["C1"].history
    posted = Counter(message.metadata["event_payload"]["key"] for message in history if message.metadata)
    assert set(posted.values()) == {1}
    assert {message.text for message in history} == {f"note {name}" for name in kept}


@pytest.mark.parametrize("socket", [False, True], ids=["http", "socket"])
async def test_told_to_stop_under_load_it_ends_well_and_loses_nothing(database_url: str, socket: bool) -> None:
    async with an_office(database_url, bots=1, socket=socket) as (office, (bot,)):
        await until(lambda: len(office.acked) > 20, 60)
        async with asyncio.timeout(25):  # ten seconds on a machine that is not busy
            assert await bot.end(signal.SIGTERM) == 0
        await bot.start()
        before = len(office.acked)
        await until(lambda: len(office.acked) > before + 5, 60)


async def run_through(database_url: str, kills: int, seed: int, bots: int, socket: bool) -> None:
    dice = random.Random(seed)

    def sometimes(args: dict[str, Any]) -> bool:
        return dice.random() < 0.05

    async with an_office(database_url, bots, socket) as (office, started):
        office.slack.faults.add("chat.postMessage", times=None, reset="after", when=sometimes)
        office.slack.faults.add("chat.postMessage", times=None, delay=0.02)
        for _ in range(kills):
            before = len(office.acked)
            await until(lambda before=before: len(office.acked) > before, 60)  # type: ignore[misc]
            await asyncio.sleep(dice.uniform(0.0, 0.3))
            victim = dice.choice(started)
            await victim.end(signal.SIGKILL)
            await victim.start()
        office.slack.faults.clear()


async def test_five_kills_lose_and_double_nothing(database_url: str) -> None:
    await run_through(database_url, kills=5, seed=1, bots=1, socket=False)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_kills_among_two_replicas_lose_and_double_nothing(database_url: str) -> None:
    await run_through(database_url, kills=5, seed=2, bots=2, socket=True)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [3, 4])
async def test_a_hundred_kills_lose_and_double_nothing(database_url: str, seed: int) -> None:
    await run_through(database_url, kills=100, seed=seed, bots=1, socket=False)


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_hundred_kills_among_two_replicas(database_url: str) -> None:
    await run_through(database_url, kills=100, seed=5, bots=2, socket=True)


async def test_the_command_line_serves_and_stops_well(database_url: str) -> None:
    slack = world.company()
    slack.instant = True
    await slack.start()
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "TENDON_"))} | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "PORT": str(port),
    }
    arguments = (sys.executable, "-W", "error", "-m", "bot", "serve")
    process = await asyncio.create_subprocess_exec(
        *arguments, env=environment, cwd=Path(__file__).resolve().parents[2], stderr=asyncio.subprocess.PIPE
    )
    try:
        await until(lambda: ready(port), 60)
        slack.deliver_to(f"http://127.0.0.1:{port}/slack/events")
        person, saved = slack.as_("U_PM"), []

        async def add(number: int) -> None:
            reply = await person.command("C_PAY", "/team", f"new Team {number}")
            if reply.status == 200 and "is saved" in reply.text:
                saved.append(f"Team {number}")

        assert (await person.command("C_PAY", "/team", "new Team first")).status == 200
        asked = asyncio.gather(*(add(number) for number in range(40)))
        await until(lambda: len(saved) > 3, 30)
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), 25)
        await asked
    finally:
        if process.returncode is None:
            process.kill()
        await slack.stop()
    database = Database(database_url)
    kept = await scalars(database, "SELECT name FROM team")
    await database.close()
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said, said.decode()
    assert set(saved) <= set(kept)
