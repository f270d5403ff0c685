"""One open release as a list shows it: what was read, and how it stands by the rules."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.calendar import WorkCalendar
from domain.spans import due
from domain.standing import Standing, order_key, standing, unconfirmed_days
from domain.working import calendar_of

PAGE = 12  # rows of a list that are shown at once
_THEIR_OWN: Mapping[int | None, Any] = {}


class Row(NamedTuple):
    """`facts` is the row of the statement: names, dates and counts under the names that `models.standing` gives them."""

    facts: Any
    standing: Standing
    unconfirmed: int | None

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
        rows.append(Row(facts, where, unconfirmed_days(facts.vouched_at, now)))
    rows.sort(key=lambda row: order_key(row.standing, row.facts.name))
    return rows


def _local(days: Any, now: datetime) -> tuple[date, WorkCalendar]:
    return now.astimezone(ZoneInfo(days.zone or "UTC")).date(), calendar_of(days)


def stands(facts: Any, now: datetime, today: date) -> Standing:
    """Where one open release stands."""
    return standing(facts, now=now, today=today, cal=calendar_of(facts), unaccepted=facts.unaccepted)
