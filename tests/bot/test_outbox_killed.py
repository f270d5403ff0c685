"""Replicas that are killed at any moment: what was promised arrives in order, nothing twice, nothing lost."""

import asyncio
import multiprocessing
import os
import random
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import pytest

from bot.answers import Message
from bot.database import Database
from tests.bot.outbox_replica import carry
from tests.bot.outbox_world import CHANNELS, World, a_world

# The fork server reads its path from here only; without it every replica would import everything anew.
os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[2]))
REPLICAS = multiprocessing.get_context("forkserver")
REPLICAS.set_forkserver_preload(["tests.bot.outbox_replica"])


class Replica:
    def __init__(self, world: World) -> None:
        self.arguments = (world.database.url.render_as_string(hide_password=False), world.slack.api_url, world.slack.bot_token)
        self.process: ForkServerProcess

    async def start(self) -> None:
        ready = REPLICAS.Event()
        self.process = REPLICAS.Process(target=carry, args=(*self.arguments, ready), daemon=True)
        await asyncio.to_thread(self.process.start)
        assert await asyncio.to_thread(ready.wait, 30)

    async def kill(self) -> None:
        self.process.kill()
        await asyncio.to_thread(self.process.join)
        self.process.close()


async def promise(world: World, batches: int, each: int) -> dict[str, list[str]]:
    """Messages into all channels, some to be rewritten; returns what each channel shall read in the end."""
    wanted: dict[str, list[str]] = {channel: [] for channel in CHANNELS}
    numbers = iter(range(batches * each))
    for _ in range(batches):
        async with world.transaction() as session:
            for _ in range(each):
                number = next(numbers)
                channel = CHANNELS[number % len(CHANNELS)]
                await world.outbox.post(session, f"n{number}", channel, Message(f"message {number}"))
                if number % 7 == 0:
                    await world.outbox.rewrite(session, f"n{number}", Message(f"changed {number}"), channel=channel)
                wanted[channel].append(f"changed {number}" if number % 7 == 0 else f"message {number}")
        await asyncio.sleep(0.05)
    return wanted


async def kill_at_random(replicas: list[Replica], kills: int, dice: random.Random) -> None:
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.0, 0.4))
        victim = dice.choice(replicas)
        await victim.kill()
        await victim.start()


async def run_through(database: Database, kills: int, messages: int, seed: int) -> None:
    dice = random.Random(seed)

    def sometimes(args: dict[str, Any]) -> bool:
        return dice.random() < 0.03

    async with a_world(database, lambda: datetime.now(UTC)) as world:
        world.slack.faults.add("chat.postMessage", times=None, reset="after", when=sometimes)
        world.slack.faults.add("chat.postMessage", times=None, reset="before", when=sometimes)
        replicas = [Replica(world), Replica(world)]
        for replica in replicas:
            await replica.start()
        try:
            pace = asyncio.create_task(promise(world, batches=max(kills, 4), each=messages // max(kills, 4)))
            await kill_at_random(replicas, kills, dice)
            wanted = await pace
            for _ in range(600):
                if await world.outbox.lanes.is_idle():
                    break
                await asyncio.sleep(0.2)
        finally:
            for replica in replicas:
                await replica.kill()
        assert {channel: world.posts(channel) for channel in CHANNELS} == wanted
        assert {row["state"] for row in await world.rows()} == {"done"}


async def test_ten_kills_lose_and_double_nothing(database: Database) -> None:
    await run_through(database, kills=10, messages=200, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_hundred_kills_lose_and_double_nothing(database: Database, seed: int) -> None:
    await run_through(database, kills=100, messages=800, seed=seed)
