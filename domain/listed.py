"""One open release as a list shows it: what was read, and how it stands by the rules."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from domain.spans import due
from domain.standing import Standing, order_key, standing, unconfirmed_days
from domain.working import calendar_of

PAGE = 12  # rows of a list that are shown at once


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


def judged(found: Iterable[Any], now: datetime) -> list[Row]:
    """Every release with its standing, in the order of the list. A release lives by its team's days."""
    days: dict[str, date] = {}
    rows = []
    for facts in found:
        zone = facts.zone or "UTC"
        today = days.get(zone) or days.setdefault(zone, now.astimezone(ZoneInfo(zone)).date())
        rows.append(Row(facts, stands(facts, now, today), unconfirmed_days(facts.vouched_at, now)))
    rows.sort(key=lambda row: order_key(row.standing, row.facts.name))
    return rows


def stands(facts: Any, now: datetime, today: date) -> Standing:
    """Where one open release stands."""
    return standing(facts, now=now, today=today, cal=calendar_of(facts), unaccepted=facts.unaccepted)
