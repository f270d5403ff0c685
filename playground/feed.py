"""The change feed: small dicts that say what changed, so that a page can redraw just that."""

import asyncio
from typing import Any

QUEUE_SIZE = 5_000


class Feed:
    """A subscriber that falls too far behind gets one `{"kind": "reload"}` in place of what it missed."""

    def __init__(self) -> None:
        self.told = 0  # how often something changed: who knows this number knows all
        self._queues: set[asyncio.Queue[dict[str, Any]]] = set()

    def subscribe(self) -> asyncio.Queue[dict[str, Any]]:
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(QUEUE_SIZE)
        self._queues.add(queue)
        return queue

    def unsubscribe(self, queue: asyncio.Queue[dict[str, Any]]) -> None:
        self._queues.discard(queue)

    def tell(self, kind: str, **ids: Any) -> None:
        self.told += 1
        for queue in self._queues:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait({"kind": "reload"})
            else:
                queue.put_nowait({"kind": kind, **ids})
