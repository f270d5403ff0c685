"""A process that is killed in the middle of an installation leaves nothing that keeps it from being begun again."""

import asyncio
import multiprocessing
import signal

import httpx
import pytest

from bot.database import Database
from tests.bot.killed import Bot, nothing_waits, rows
from tests.bot.machine import until
from tests.bot.served import carry_tendon
from tests.handlers.installing import Form, not_installed, settings_for
from tests.world import company


@pytest.mark.parametrize("between", ["oauth.v2.access", "team.info"])
async def test_killed_between_the_token_and_its_row_it_is_installed_at_the_second_try(
    database: Database, database_url: str, between: str
) -> None:
    slack = not_installed(company())
    slack.instant = True
    await slack.start()
    bot = Bot(slack, database_url, carry=carry_tendon, more=(multiprocessing.get_context("forkserver").Value("d", 0.0),))
    given = settings_for(slack, database_url, bot.port)
    plain = {name: getattr(given, name) for name in given.model_fields_set}
    bot.settings = {name: getattr(value, "get_secret_value", lambda value=value: value)() for name, value in plain.items()}

    async def back(browser: httpx.AsyncClient) -> str:
        page = (await browser.get(f"{given.public_url}/slack/install")).headers["Location"]
        sent = Form((await browser.get(page)).text).hidden | {"person": f"{slack.team_id} U_PM", "decision": "allow"}
        return str((await browser.post(page.partition("?")[0], data=sent)).headers["Location"])

    try:
        async with httpx.AsyncClient(timeout=60) as browser:
            await bot.start()
            slack.deliver_to(bot.address)
            slack.faults.add(between, times=1, delay=30)
            under_way = asyncio.create_task(browser.get(await back(browser)))
            await until(lambda: not slack.faults.waiting)
            await bot.end(signal.SIGKILL)
            with pytest.raises(httpx.HTTPError):
                await under_way
            assert await rows(database, "SELECT 1 FROM installation") == []
            await bot.start()
            assert "Tendon is in" in (await browser.get(await back(browser))).text
        await until(lambda: nothing_waits(database), 60)
        assert [message.text.split(".")[0] for message in slack.as_("U_PM").dms()] == ["Hello, I am Tendon"]
        assert [row.token for row in await rows(database, "SELECT token FROM installation")] == [slack.bot_token]
        assert await bot.end(signal.SIGTERM) == 0
    finally:
        if bot.process.is_alive():
            await bot.end(signal.SIGKILL)
        await slack.stop()
