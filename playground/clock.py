"""The workspace's clock: product time, which can be moved, beside the real time that limits, triggers and signatures go by."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class Clock:
    """Runs at the pace of real time from wherever it was last put."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start
        self.moved: Callable[[], None] = lambda: None
        self.reset()

    def reset(self) -> None:
        self.frozen_limits = False
        self._base = self._start or datetime.now(UTC)
        self._at = time.monotonic()

    def now(self) -> datetime:
        return self._base + timedelta(seconds=time.monotonic() - self._at)

    def move_to(self, moment: datetime) -> None:
        if moment.tzinfo is None:
            raise ValueError("The clock needs a time with a zone, such as datetime(2026, 11, 23, 9, tzinfo=UTC).")
        self._base, self._at = moment.astimezone(UTC), time.monotonic()
        self.moved()

    def advance(self, by: timedelta) -> None:
        self.move_to(self.now() + by)

    def limits(self) -> float:
        """Seconds that pacing, triggers and response URLs count by: real ones, or the product's if `frozen_limits` is set."""
        return self.now().timestamp() if self.frozen_limits else time.monotonic()
