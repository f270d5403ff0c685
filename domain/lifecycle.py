"""Which steps of a release's life are possible from where it stands: ship, take back, cancel, judge. And how its words are read.

Each check raises the sentence that says why not; what it lets through may be written.
"""

from __future__ import annotations

from datetime import date

from domain.errors import BadInput, NotAllowed
from domain.phrases import say_day
from domain.releases import Health, Stage
from domain.words import number_of, one_line

LONGEST_NAME = 200
LONGEST_REASON = 1000


def read_name(text: str) -> str:
    """A release's name as it is kept: one line. Raises BadInput{"name"}."""
    name = one_line(storable(text))
    if not name:
        raise BadInput({"name": "A release needs a name. Your other words are kept."})
    if len(name) > LONGEST_NAME:
        raise BadInput({"name": f"A name has at most {LONGEST_NAME} characters; this one has {len(name):,}. Nothing was saved."})
    if number_of(name, "R") is not None and not name[0].isdecimal():
        raise BadInput({"name": f'"{name}" is how releases are numbered. Choose a name in words. Nothing was saved.'})
    return name


def read_reason(text: str | None, missing: str = "") -> str:
    """A reason as it is kept. `missing` is the sentence for none; without it a reason may be left out. Raises BadInput{"reason"}."""
    reason = storable(text or "").strip()
    if not reason and missing:
        raise BadInput({"reason": missing})
    if len(reason) > LONGEST_REASON:
        raise BadInput({"reason": f"A reason has at most {LONGEST_REASON:,} characters; this one has {len(reason):,}. Say it shorter."})
    return reason


def storable(text: str) -> str:
    """Without what no database keeps: zero bytes and halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


def check_ship(name: str, shipped_on: date | None, is_cancelled: bool, on: date, today: date) -> None:
    _refuse_cancelled(name, is_cancelled)
    if shipped_on:
        raise NotAllowed(f"{name} shipped on {say_day(shipped_on)} already. Nothing was changed.")
    if on > today:
        raise BadInput({"date": f"{say_day(on)} is ahead. Pick today or an earlier day, or move the date of {name} instead."})


def check_stage(name: str, shipped_on: date | None, is_cancelled: bool, stage: Stage, now: str | None, on: date, today: date) -> None:
    """A stage short of everyone: for one that is open, on a day that has come."""
    _refuse_cancelled(name, is_cancelled)
    if shipped_on:
        raise NotAllowed(f"{name} is available to everyone since {say_day(shipped_on)}. Was it taken back? Roll it back first.")
    if now == stage:
        raise BadInput({"stage": f"{name} has reached {stage} already. Nothing was changed."})
    if on > today:
        raise BadInput({"date": f"{say_day(on)} is ahead. Say it when it is there, or pick today or an earlier day. Nothing was changed."})


def check_open(name: str, shipped_on: date | None, is_cancelled: bool) -> None:
    """What is in a release, and whether it is another, changes only while it is open."""
    _refuse_cancelled(name, is_cancelled)
    if shipped_on:
        raise NotAllowed(f"{name} shipped on {say_day(shipped_on)}, so it stays as it is. Nothing was changed.")


def check_rollback(name: str, shipped_on: date | None) -> None:
    if not shipped_on:
        raise NotAllowed(f"{name} has not shipped, so there is nothing to take back. Nothing was changed.")


def check_cancel(name: str, shipped_on: date | None, is_cancelled: bool) -> None:
    if is_cancelled:
        raise NotAllowed(f"{name} is cancelled already. Nothing was changed.")
    if shipped_on:
        raise NotAllowed(f"{name} shipped on {say_day(shipped_on)}, so it cannot be cancelled. Was it taken back? Roll it back first.")


def check_health(name: str, shipped_on: date | None, is_cancelled: bool, health: Health, reason: str) -> None:
    """Red and amber need a reason: people will ask for it."""
    _refuse_cancelled(name, is_cancelled)
    if shipped_on:
        raise NotAllowed(f"{name} shipped on {say_day(shipped_on)}, so it has no health any more. Nothing was changed.")
    if health is not Health.GREEN and not reason:
        raise BadInput({"reason": f"{health.words} needs a reason: people will ask why. The health you chose is kept."})


def _refuse_cancelled(name: str, is_cancelled: bool) -> None:
    if is_cancelled:
        raise NotAllowed(f"{name} was cancelled. Nothing was changed.")
