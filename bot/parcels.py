"""What the outbox carries, and what became of it. Values only: the lanes hand them out, the courier brings them back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

WAITING, SENDING, DONE, DEAD, EXPIRED, GONE, PAST = "waiting", "sending", "done", "dead", "expired", "gone", "past"


def real_now() -> datetime:
    """The time that leases, pacing and retries run on. It cannot be moved, unlike the product's."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Place:
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Parcel:
    """A row in hand. `in_doubt`: it was tried before and may have arrived. `place`: where the message stands that it names."""

    id: int
    workspace_id: int
    lane_id: int
    kind: str
    key: str | None
    payload: Mapping[str, Any]
    tries: int
    tried_at: datetime
    in_doubt: bool
    token: str
    until: datetime
    place: Place | None = None

    @property
    def seconds_left(self) -> float:
        """How long its delivery may take, so that it is over well before somebody else may lease the lane."""
        return (self.until - real_now()).total_seconds() * 0.7


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a parcel. Without a state its row was settled elsewhere and only the lane is given back, after `rest` seconds."""

    parcel: Parcel
    state: str | None = DONE
    reason: str = ""
    cure: str = ""
    doubtful: bool = False
    place: Place | None = None
    rest: float = 0.0
    not_before: datetime | None = None
    pause: tuple[str, float] | None = None
    note: str = ""

    @property
    def is_settled(self) -> bool:
        return self.state not in (None, WAITING, SENDING)
