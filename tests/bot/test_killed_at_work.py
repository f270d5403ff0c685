"""Tendon with all its slices, killed while a company works with it: everything promised arrives, nothing twice, nothing is lost."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.database import Database
from tests.bot.killed import PROCESSES, Bot, all_arrived_once, nothing_waits
from tests.bot.machine import until
from tests.bot.rehearsal import PATIENCE, Company, found, say_who_faces_customers
from tests.bot.rehearsed import a_week
from tests.bot.served import carry_tendon
from tests.world import company


@asynccontextmanager
async def at_work(database_url: str, weeks: int) -> AsyncIterator[tuple[Company, Bot]]:
    slack, database, ahead = company(), Database(database_url), PROCESSES.Value("d", 0.0)
    slack.instant = True
    slack.sender.deadline = slack.triggers.life = 30.0
    slack.sender.retry_divisor = 20.0  # an event comes again after 3 and 15 seconds: no kill lasts as long
    await slack.start()
    bot = Bot(slack, database_url, carry=carry_tendon, more=(ahead,))
    try:
        office = await found(slack, database, ahead, weeks)
        await bot.start()
        slack.deliver_to(bot.address)
        await say_who_faces_customers(office)
        yield office, bot
    finally:
        if bot.process.is_alive():
            await bot.end(signal.SIGKILL)
        await slack.stop()
        await database.close()


def bad_weather(office: Company, dice: random.Random) -> None:
    """Some replies are lost although what was asked was done."""
    for method, share in (("chat.postMessage", 0.03), ("files.completeUploadExternal", 0.2)):

        def sometimes(args: dict[str, Any], share: float = share) -> bool:
            return dice.random() < share

        office.slack.faults.add(method, times=None, reset="after", when=sometimes)
    office.slack.faults.add("chat.postMessage", times=None, delay=0.02)


async def kill_now_and_then(bot: Bot, dice: random.Random, kills: int) -> None:
    for _ in range(kills):
        await asyncio.sleep(dice.uniform(0.0, 1.2))
        await bot.end(signal.SIGKILL)
        await bot.start()


async def run_through(database_url: str, kills: int, seed: int, weeks: int) -> None:
    dice = random.Random(seed)
    async with at_work(database_url, weeks) as (office, bot):
        bad_weather(office, dice)
        work = []
        for number in range(weeks):
            killing = asyncio.create_task(kill_now_and_then(bot, dice, kills // weeks))
            try:
                work += await a_week(office, number)
                await killing
            finally:
                killing.cancel()
        office.slack.faults.clear()
        office.advance(days=1)
        await until(lambda: nothing_waits(office.database), PATIENCE)
        for each in work:
            await each.holds()
        await all_arrived_once(office.slack, office.database)


async def test_five_kills_in_a_week_of_work(database_url: str) -> None:
    await run_through(database_url, kills=5, seed=6, weeks=1)


@pytest.mark.soak
async def test_fifty_kills_in_five_weeks_of_work(database_url: str) -> None:
    await run_through(database_url, kills=50, seed=7, weeks=5)
