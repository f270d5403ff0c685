"""APScheduler as an in-memory ticker over due rows.

A tick asks each job what is due in each workspace. What is due stands in rows under keys, so ticks may run twice, late, or in five
replicas at once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.deps import Deps
from bot.metrics import TICKS
from bot.slices import Job
from bot.workspaces import Workspaces

log = logging.getLogger(__name__)


async def some_at_a_time(
    payload: Mapping[str, Any], deps: Deps, some: Callable[[AsyncSession, Deps], Awaitable[int]], most: int, *, by: str
) -> None:
    """An effect over rows that are due: at most so many in each transaction, so that thousands keep nobody from writing. `some` says how
    many there were."""
    while True:
        async with deps.database.transaction(int(payload["workspace_id"]), clock=deps.clock, by=by) as session:
            if await some(session, deps) < most:
                return


class Ticker:
    def __init__(self, database: Database, deps: Deps, workspaces: Workspaces, jobs: Sequence[Job]) -> None:
        self.database = database
        self.deps = deps
        self.workspaces = workspaces
        self.jobs = jobs
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        for job in jobs:
            self._scheduler.add_job(
                self.tick, "interval", args=(job,), seconds=job.every, id=job.name, coalesce=True, misfire_grace_time=None, max_instances=1
            )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def tick(self, job: Job) -> None:
        """Run one job in every workspace. A failure is logged and tried again at the next tick."""
        for workspace in await self.workspaces.all():
            try:
                async with (
                    asyncio.timeout(job.patience),
                    self.database.transaction(workspace.id, clock=self.deps.clock, by=f"job {job.name}") as session,
                ):
                    await job.run(session, self.deps)
            except Exception:
                log.exception("the job %s failed and runs again at the next tick", job.name)
                TICKS.labels(job.name, "failed").inc()
            else:
                TICKS.labels(job.name, "done").inc()
        self.deps.outbox.wake()

    async def tick_all(self) -> None:
        """Every job at once: after a start, and when the clock was moved."""
        for job in self.jobs:
            await self.tick(job)
