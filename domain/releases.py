"""What a release is, derived from its history: dates, baseline, slip, ship and health are read from unvoided changes.

Nothing here is stored twice. A row that is undone is voided, and everything derived follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import SimpleNamespace
from typing import Any

from domain.calendar import PLAIN, WorkCalendar, working_days_between
from domain.errors import BadInput, NotAllowed
from domain.nearest import fold
from domain.phrases import say_day, say_on
from domain.spans import Precision, is_same, precision_of, read_written

UNDO_WINDOW = timedelta(minutes=5)
OWNERS_WINDOW = timedelta(hours=24)  # an owner may take back what somebody else changed


class Field(StrEnum):
    """What a change changes."""

    NAME = "name"
    DATE = "date"
    STAGE = "stage"
    HEALTH = "health"
    OWNER = "owner"
    TEAM = "team"
    STATE = "state"
    WORK = "work"
    ALIAS = "alias"  # a further name that answers
    DUPLICATE = "duplicate"  # closed, as it is the same as another, by the other's id
    READERS = "readers"  # who sees a restricted one, by Slack id; None is everybody
    CONFIRMED = "confirmed"  # somebody who answers for it said that its date is still right


class Stage(StrEnum):
    """How far a release has reached. Shipped means everyone."""

    INTERNAL = "internal"
    BETA = "beta"
    LIMITED = "limited"
    EVERYONE = "everyone"


class State(StrEnum):
    """Whether a release is still meant to happen."""

    OPEN = "open"
    CANCELLED = "cancelled"


class Health(StrEnum):
    """Red, amber or green: always shown as a word with its meaning."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"

    @property
    def meaning(self) -> str:
        """What the colour says: "off track", "at risk", "on track"."""
        return _MEANINGS[self]

    @property
    def words(self) -> str:
        """The one way to show it, such as "Amber: at risk"."""
        return _SAID[self]


_MEANINGS = {Health.RED: "off track", Health.AMBER: "at risk", Health.GREEN: "on track"}
_SAID = {health: f"{health.value.capitalize()}: {meaning}" for health, meaning in _MEANINGS.items()}


def read_health(text: str, field: str = "health") -> Health:
    """Accepts "amber", "yellow", "at risk", "Amber: at risk"."""
    words = fold(text).replace("-", " ")
    for health in Health:
        if words in {health.value, health.meaning, health.words.casefold(), health.value[0]}:
            return health
    if words in {"yellow", "orange"}:
        return Health.AMBER
    raise BadInput(
        {field: f'I could not read "{text.strip()[:60]}" as health. It is red (off track), amber (at risk) or green (on track).'}
    )


@dataclass(frozen=True, slots=True)
class Change:
    """One row of a release's history. `before` and `after` are text as stored: a date as `spans.written` says it, nothing is None.

    `on` is the plain day on which a stage was reached, where it is not the day of `at`.
    """

    field: str
    before: str | None
    after: str | None
    at: datetime
    actor: str | None = None
    reason: str | None = None
    kind: str | None = None
    source: str = "slack"
    voided_at: datetime | None = None
    is_committed: bool = True
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One counted change of date. `after` is None when the date was taken away."""

    before: date
    after: date | None
    at: datetime
    actor: str | None
    reason: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class Ship:
    """One time that a release reached everyone, and when and why it was taken back, if it was."""

    on: date
    at: datetime
    actor: str | None
    rolled_back_at: datetime | None = None
    rollback_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """A release as its history tells it."""

    name: str = ""
    former_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    duplicate_of: str | None = None
    target_on: date | None = None  # a week, month or quarter is a `Span`
    precision: str = Precision.DAY
    is_committed: bool = False
    baseline_on: date | None = None
    baseline_at: datetime | None = None
    shipped_on: date | None = None
    stage: Stage | None = None
    is_cancelled: bool = False
    health: Health | None = None
    health_by: str | None = None
    health_at: datetime | None = None
    health_reason: str | None = None
    owner: str | None = None
    team: str | None = None
    moves: tuple[Move, ...] = ()
    ships: tuple[Ship, ...] = ()
    created_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Neither shipped nor cancelled."""
        return self.shipped_on is None and not self.is_cancelled

    @property
    def ends_on(self) -> date | None:
        """The day that counts for slip: shipped, or else the current date."""
        return self.shipped_on or self.target_on

    @property
    def rolled_back(self) -> Ship | None:
        """The last ship, when it was taken back and nothing has shipped since."""
        return self.ships[-1] if self.ships and self.ships[-1].rolled_back_at else None


def derive(changes: Iterable[Change]) -> Record:
    """Reads a history, in any order; voided rows do not count. Rows of the same moment keep the order given."""
    counted = sorted((c for c in changes if c.voided_at is None), key=lambda c: c.at)
    if not counted:
        return Record()
    known = SimpleNamespace(**_UNSAID)
    known.created_at, known.changed_at = counted[0].at, counted[-1].at
    for change in counted:
        step = _STEPS.get(change.field)
        if step:
            step(known, change)
    return Record(**vars(known))


_UNSAID: dict[str, Any] = {part.name: part.default for part in fields(Record)}


def _renamed(known: Any, change: Change) -> None:
    if known.name and known.name != change.after:
        known.former_names = (*known.former_names, known.name)
    known.name = change.after or known.name


def _aliased(known: Any, change: Change) -> None:
    kept = tuple(name for name in known.aliases if name not in (change.before, change.after))
    known.aliases = (*kept, change.after) if change.after else kept
    if not change.after:
        known.former_names = tuple(name for name in known.former_names if name != change.before)


def _joined(known: Any, change: Change) -> None:
    known.duplicate_of, known.is_cancelled = change.after, change.after is not None


def _dated(known: Any, change: Change) -> None:
    day = read_written(change.after)
    if known.target_on and not is_same(day, known.target_on):
        known.moves = (*known.moves, Move(known.target_on, day, change.at, change.actor, change.reason, change.kind))
    known.precision = precision_of(day) if day else Precision.DAY
    known.target_on, known.is_committed = day, day is not None and change.is_committed and known.precision == Precision.DAY
    if known.baseline_on is None and known.is_committed:
        known.baseline_on, known.baseline_at = day, change.at


def _staged(known: Any, change: Change) -> None:
    stage = Stage(change.after) if change.after else None
    if stage is Stage.EVERYONE:
        if not known.shipped_on:
            known.stage, known.shipped_on = stage, change.on or change.at.date()
            known.ships = (*known.ships, Ship(known.shipped_on, change.at, change.actor))
        return
    if known.shipped_on:
        known.ships = (*known.ships[:-1], replace(known.ships[-1], rolled_back_at=change.at, rollback_reason=change.reason))
    known.stage, known.shipped_on = stage, None


def _judged(known: Any, change: Change) -> None:
    known.health = Health(change.after) if change.after else None
    known.health_by, known.health_at, known.health_reason = change.actor, change.at, change.reason


def _owned(known: Any, change: Change) -> None:
    known.owner = change.after


def _teamed(known: Any, change: Change) -> None:
    known.team = change.after


def _meant(known: Any, change: Change) -> None:
    known.is_cancelled = change.after == State.CANCELLED


_STEPS: dict[str, Callable[[Any, Change], None]] = {
    Field.NAME: _renamed,
    Field.DATE: _dated,
    Field.STAGE: _staged,
    Field.HEALTH: _judged,
    Field.OWNER: _owned,
    Field.TEAM: _teamed,
    Field.STATE: _meant,
    Field.ALIAS: _aliased,
    Field.DUPLICATE: _joined,
}


def slip(baseline_on: date | None, ends_on: date | None, cal: WorkCalendar = PLAIN) -> int | None:
    """Working days from the baseline to the current or shipped day: positive is late. None without both."""
    return working_days_between(baseline_on, ends_on, cal) if baseline_on and ends_on else None


@dataclass(frozen=True, slots=True)
class Redating:
    """A date change that may be written: what it was, what it becomes, the slip on either side, the baseline from then on."""

    before: date | None
    after: date
    is_committed: bool
    slip_before: int | None
    slip_after: int | None
    baseline_on: date | None

    @property
    def is_move(self) -> bool:
        """False for the first day that a release gets, and where a day that was planned is committed."""
        return self.before is not None and not is_same(self.before, self.after)


def redate(
    record: Record, new_on: date, reason: str | None, *, today: date, cal: WorkCalendar = PLAIN, commit: bool | None = None
) -> Redating:
    """Decides whether a release may move to that date. A move needs a reason; the baseline stays.

    A first day is committed unless `commit` is False, and so is every further day once one was; what is no single day is planned.
    """
    if record.shipped_on:
        raise NotAllowed(
            f"{record.name} shipped on {say_day(record.shipped_on)}, so its date stays. If it was taken back, roll it back first."
        )
    if record.is_cancelled:
        raise NotAllowed(f"{record.name} was cancelled, so it has no date to move.")
    is_day = precision_of(new_on) is Precision.DAY
    first = record.target_on is None or record.baseline_on is not None
    is_committed = is_day and (first if commit is None else commit)
    stays = is_same(new_on, record.target_on)
    if stays and (record.is_committed or not is_committed):
        raise BadInput({"date": f"{record.name} is already {say_on(new_on)}. Nothing was changed."})
    if new_on < today:
        raise BadInput({"date": f"{say_day(new_on)} is past. Pick a day ahead, or mark {record.name} shipped."})
    if record.target_on and not stays and not (reason or "").strip():
        raise BadInput({"reason": "A move needs a reason: people will ask why. The new day is kept."})
    baseline = record.baseline_on or (new_on if is_committed else None)
    return Redating(
        record.target_on, new_on, is_committed, slip(record.baseline_on, record.target_on, cal), slip(baseline, new_on, cal), baseline
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a release: a team, what for, and by when."""

    team: str
    what: str
    need_on: date
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One who waits and would be left short by that many working days."""

    waiting: Waiting
    short: int


def hits(ends_on: date, waiting: Iterable[Waiting], cal: WorkCalendar = PLAIN) -> tuple[Hit, ...]:
    """Who needs the release before that day, the worst first."""
    short = (Hit(one, working_days_between(one.need_on, ends_on, cal)) for one in waiting if one.need_on < ends_on)
    return tuple(sorted((hit for hit in short if hit.short > 0), key=lambda hit: -hit.short))


def undo_until(at: datetime) -> datetime:
    """Until when the person who made a change may take it back; notices wait as long."""
    return at + UNDO_WINDOW


def may_undo(change: Change, actor: str, now: datetime) -> bool:
    """Whether this person may still take that change back."""
    return change.voided_at is None and change.actor == actor and now <= undo_until(change.at)
