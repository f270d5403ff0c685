"""Closing the loop: from which stage on those who asked are told, and who is due to hear what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from domain.releases import Stage

_ORDER = list(Stage)


class Hearing(StrEnum):
    """What somebody was told last. An account owner gets a note for the customer; who opted out is counted, and told nothing."""

    SHIPPED = "shipped"
    BACK = "taken back"
    NOTE = "note"
    QUIET = "opted out"


def has_reached(stage: str | None, wanted: str) -> bool:
    """Whether a release at `stage` is out for those who are told from `wanted` on."""
    return stage is not None and _ORDER.index(Stage(stage)) >= _ORDER.index(Stage(wanted))


def due_to_hear(asked: Iterable[str], last: Mapping[str, str], done: Iterable[str] = ()) -> list[str]:
    """Of those who asked for what is out, who has not heard so; `done` were dealt with for this very shipping."""
    over = set(done)
    return [who for who in dict.fromkeys(asked) if last.get(who) != Hearing.SHIPPED and who not in over]


def due_for_correction(last: Mapping[str, str]) -> list[str]:
    """Of what is out no longer: everybody who still believes that it is."""
    return [who for who, what in last.items() if what in (Hearing.SHIPPED, Hearing.NOTE)]
