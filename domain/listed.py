"""One open release as a list shows it: what was read, and how it stands by the rules."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.calendar import WorkCalendar
from domain.spans import due
from domain.standing import Standing, order_key, standing, unconfirmed_days
from domain.working import calendar_of

PAGE = 12  # rows of a list that are shown at once
_ORDER = attrgetter("order")
_NEVER = datetime.max.replace(tzinfo=UTC)
_THEIR_OWN: Mapping[int | None, Any] = {}


class Row(NamedTuple):
    """`facts` is the row of the statement: names, dates and counts under the names that `models.standing` gives them."""

    facts: Any
    standing: Standing
    unconfirmed: int | None
    order: tuple[Any, ...] = ()  # what a list sorts it by

    @property
    def owner(self) -> str | None:
        return self.facts.owner  # type: ignore[no-any-return]

    @property
    def due(self) -> date | None:
        """Its date, as sure as it is."""
        return due(self.facts)

    @property
    def target_on(self) -> date | None:
        return self.facts.target_on  # type: ignore[no-any-return]


def judged(found: Iterable[Any], days: Mapping[int | None, Any] = _THEIR_OWN, *, now: datetime) -> list[Row]:
    """Every release with its standing, in the order of the list. A release lives by its team's days: they stand in its own row, or in
    that of `days` for its team."""
    local: dict[int | None, tuple[date, WorkCalendar]] = {}
    rows = []
    for facts in found:
        if facts.team_id not in local:
            local[facts.team_id] = _local(days.get(facts.team_id, facts), now)
        today, cal = local[facts.team_id]
        where = standing(facts, now=now, today=today, cal=cal, unaccepted=facts.unaccepted)
        rows.append(Row(facts, where, unconfirmed_days(facts.vouched_at, now), (*order_key(where, facts.name), facts.id)))
    return sorted(rows, key=_ORDER)


class Judgement:
    """The list that was judged last. A row is judged again when it changed, and all are when a day ended somewhere, as a rule may turn."""

    def __init__(self) -> None:
        self._found: Sequence[Any] = ()
        self._days: Mapping[int | None, Any] = {}
        self._rows: list[Row] = []
        self._since = self._until = _NEVER

    def of(self, found: Sequence[Any], days: Mapping[int | None, Any], *, now: datetime) -> list[Row]:
        """What `judged` says of these, each of which is another release."""
        if not (self._since <= now < self._until and self._days == days):
            self._since, self._until, kept = now, _NEVER, []
        elif self._found == found:
            return self._rows
        else:
            still = {facts.id: facts for facts in found}
            kept = [row for row in self._rows if (facts := still.get(row.facts.id)) is row.facts or facts == row.facts]
        known = {row.facts.id for row in kept}
        new = judged([facts for facts in found if facts.id not in known], days, now=now)
        self._found, self._days, self._rows = found, days, sorted(kept + new, key=_ORDER)
        if new:
            self._since, self._until = now, min(self._until, _until(new, days, now))
        return self._rows


def _until(rows: Iterable[Row], days: Mapping[int | None, Any], now: datetime) -> datetime:
    """The first instant at which a day ends: one of those since a release changed or was confirmed, or one where a team works."""
    whole = timedelta(days=1)
    ends = {zone: _midnight(zone, now) for zone in {(days.get(row.facts.team_id, row.facts).zone or "UTC") for row in rows}}
    since = {at for row in rows for at in (row.facts.changed_at, row.facts.vouched_at) if at}
    return min((*ends.values(), *(at + ((now - at) // whole + 1) * whole if (now - at) % whole else now for at in since)), default=_NEVER)


def _midnight(zone: str, now: datetime) -> datetime:
    local = ZoneInfo(zone)
    return datetime.combine(now.astimezone(local).date() + timedelta(days=1), time(), local).astimezone(UTC)


def _local(days: Any, now: datetime) -> tuple[date, WorkCalendar]:
    return now.astimezone(ZoneInfo(days.zone or "UTC")).date(), calendar_of(days)


def stands(facts: Any, now: datetime, today: date) -> Standing:
    """Where one open release stands."""
    return standing(facts, now=now, today=today, cal=calendar_of(facts), unaccepted=facts.unaccepted)
