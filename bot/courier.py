"""Carries parcels: takes them from the lanes, many at once, and hands back what became of them. One courier a process.

A look at the lanes that fails is logged and repeated: what is finished stays in hand until it is written down.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.lanes import Lanes
from bot.parcels import Outcome, Parcel, real_now

log = logging.getLogger(__name__)

POLL = 1.0  # seconds; other processes put things into the lanes too
AFTER_A_STUMBLE = 1.0


class Courier:
    """A `breath` after it is woken, it looks: until then a few more come together, and a turn costs about the same for one as for many."""

    def __init__(self, lanes: Lanes, deliver: Callable[[Parcel], Awaitable[Outcome]], in_flight: int, breath: float) -> None:
        self.lanes = lanes
        self.deliver = deliver
        self.in_flight = in_flight
        self.breath = breath
        self._tasks: set[asyncio.Task[None]] = set()
        self._finished: list[Outcome] = []
        self._awake = asyncio.Event()
        self._stopping = False
        self._running = asyncio.Lock()

    def wake(self) -> None:
        self._awake.set()

    async def run(self) -> None:
        """Until `stop`."""
        self._stopping = False
        async with self._running:
            while not self._stopping:
                await self._sleep(await self._step())

    async def stop(self, patience: float) -> None:
        """Take nothing more, finish what is in hand. What is not finished in time is found in doubt by the next process."""
        self._stopping = True
        self.wake()
        async with self._running:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=patience)
            for task in self._tasks:
                task.cancel()
            if self._tasks:
                await asyncio.wait(self._tasks)
            if self._finished:
                await self._turn(room=0)

    async def drain(self, patience: float) -> None:
        """Until nothing can be delivered now. Looks at the lanes itself where `run` does not."""
        async with asyncio.timeout(patience):
            while not await self._is_idle():
                if self._running.locked():
                    self.wake()
                    await asyncio.sleep(self.breath)
                    continue
                async with self._running:
                    pause = await self._step()
                    if not await self._is_idle():
                        await self._sleep(pause)

    async def _is_idle(self) -> bool:
        return not self._tasks and not self._finished and await self.lanes.is_idle()

    async def _step(self) -> float:
        """One look at the lanes, whatever happens. Returns how long to sleep unless woken."""
        try:
            return await self._turn(self.in_flight - len(self._tasks))
        except Exception:
            log.exception("The outbox stumbled; it goes on in a moment")
            await asyncio.sleep(AFTER_A_STUMBLE)
            return 0.0

    async def _turn(self, room: int) -> float:
        """One look at the lanes. Returns for how many seconds there is nothing to do unless something happens."""
        self._awake.clear()
        finished = self._finished[:]
        turn = await self.lanes.turn(finished, room)
        del self._finished[: len(finished)]
        self._finished += turn.at_once
        for parcel in turn.parcels:
            task = asyncio.create_task(self._carry(parcel), name=f"outbox {parcel.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if turn.at_once:
            return 0.0
        if turn.next_at is None:
            return POLL
        return min(max((turn.next_at - real_now()).total_seconds(), 0.001), POLL)

    async def _carry(self, parcel: Parcel) -> None:
        self._finished.append(await self.deliver(parcel))
        self.wake()

    async def _sleep(self, seconds: float) -> None:
        if seconds <= 0:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()
        if not self._stopping:
            await asyncio.sleep(self.breath)
