"""Slack's rate limits: a message a second into a channel, and a tier of calls a minute for every method."""

import math
from collections import deque

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}
BURST = {1: 10}  # "a small amount of burst is tolerated": without it one reconnect a minute would be all a socket gets
SPECIAL = 600  # chat.postMessage, chat.getPermalink, auth.test: "several hundred a minute"
GAP = 0.95  # a message a second, less a twentieth for the jitter of the wire


class Rates:
    def __init__(self) -> None:
        self._windows: dict[str, deque[float]] = {}
        self._posted: dict[str, float] = {}

    def wait_for_method(self, method: str, tier: int, now: float) -> int:
        """Whole seconds to wait before this method may be called again; 0 takes a place in the minute."""
        limit = BURST.get(tier, TIERS.get(tier, SPECIAL))
        window = self._windows.setdefault(method, deque())
        while window and now - window[0] >= 60:
            window.popleft()
        if len(window) >= limit:
            return max(1, math.ceil(60 - (now - window[0])))
        window.append(now)
        return 0

    def wait_for_channel(self, channel: str, now: float) -> int:
        if now - self._posted.get(channel, -math.inf) < GAP:
            return 1
        self._posted[channel] = now
        return 0
