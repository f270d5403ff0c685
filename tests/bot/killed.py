"""A real process that serves until it is stopped or killed, and what must be true of what it wrote and sent, however often it was."""

import asyncio
import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable
from multiprocessing.context import ForkServerProcess
from typing import Any

import aiohttp
from sqlalchemy import text

from bot.database import Database
from playground import LocalSlack
from tests.bot.machine import until
from tests.bot.served import carry
from tests.postgres import free_port

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.bot.served", "tests.bot.outbox_replica"])
TOLD_INSTEAD = {"whisper", "respond"}  # what one person saw for a moment is not sent again when nobody knows whether they did


class Bot:
    """A process that serves until it is stopped or killed; started again it is the same bot at the same address."""

    def __init__(
        self, slack: LocalSlack, database_url: str, socket: bool = False, carry: Callable[..., None] = carry, more: tuple[Any, ...] = ()
    ) -> None:
        self.port = free_port()
        self.carry, self.more = carry, more
        self.settings = {
            "slack_bot_token": slack.bot_token,
            "slack_signing_secret": "" if socket else slack.signing_secret,
            "slack_app_token": slack.app_token if socket else "",
            "slack_api_url": slack.api_url,
            "database_url": database_url,
            "port": self.port,
        }
        self.process: ForkServerProcess

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self) -> None:
        self.process = PROCESSES.Process(target=self.carry, args=(self.settings, *self.more), daemon=True)
        await asyncio.to_thread(self.process.start)
        await until(lambda: ready(self.port), 60)

    async def end(self, sign: signal.Signals) -> int | None:
        """How it ended."""
        if self.process.pid:
            os.kill(self.process.pid, sign)
        await asyncio.to_thread(self.process.join, 30)
        code = self.process.exitcode
        if code is None:
            self.process.kill()
        return code


async def ready(port: int) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/readyz") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


async def rows(database: Database, query: str, **values: Any) -> list[Any]:
    async with database.reader.connect() as connection:
        return list((await connection.execute(text(query), values)).all())


async def scalars(database: Database, query: str) -> list[Any]:
    return [row[0] for row in await rows(database, query)]


async def nothing_waits(database: Database) -> bool:
    return await scalars(database, "SELECT count(*) FROM outbox WHERE settled_at IS NULL") == [0]


async def all_arrived_once(slack: LocalSlack, database: Database) -> None:
    """Every effect was carried out, every message stands once where it belongs, every file was sent once, every history adds up."""
    effects = await rows(database, "SELECT kind, key, state, reason FROM outbox")
    gone = tuple(f"checkin:{member.id}:" for member in slack.state.members.values() if member.deleted)  # whom nobody can ask any more
    dead = [row for row in effects if row.state == "dead" and row.kind not in TOLD_INSTEAD]
    lost = [row for row in dead if not (str(row.key).startswith(gone) and row.reason == "channel_not_found")]
    assert lost == [], lost
    posted = Counter(key for room in slack.state.channels.values() for message in room.history if (key := key_of(message)))
    assert set(posted.values()) <= {1}, [key for key, times in posted.items() if times > 1]
    promised = {row.key for row in effects if row.kind == "post" and row.state == "done"}
    assert promised - set(posted) == set(), "it counts as sent, and stands nowhere"
    sent = Counter(file for room in slack.state.channels.values() for message in room.history if message.bot for file in message.files)
    files = [row.key for row in effects if row.kind == "reports:file"]
    assert (len(sent), set(sent.values()) <= {1}) == (len(files), True)
    assert set(await scalars(database, "SELECT file FROM upload")) <= set(sent)  # some are forgotten after a while
    await histories_add_up(database)


async def histories_add_up(database: Database) -> None:
    """Each date follows from the one before it, and the release stands where its history ends."""
    told = await rows(
        database,
        "SELECT release_id, before, after FROM change WHERE field = 'date' AND voided_at IS NULL ORDER BY release_id, happened_at, id",
    )
    stands: dict[int, str | None] = {}
    for row in told:
        assert row.before == stands.get(row.release_id), row
        stands[row.release_id] = row.after
    for release in await rows(database, "SELECT id, name, target_on FROM release WHERE is_open"):
        assert str(release.target_on or None) == str(stands.get(release.id)), release


def key_of(message: Any) -> str | None:
    key: str | None = ((message.metadata or {}).get("event_payload") or {}).get("key")
    return key
