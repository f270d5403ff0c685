"""What a list or a report is of, as its buttons carry it. Pure."""

import json
from dataclasses import dataclass, replace
from typing import Any

from domain.periods import Period


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list or a report is of, as its buttons carry it: `what` it is, which days, whose, from which row on."""

    what: str
    period: Period
    team: int | None = None
    team_name: str = ""
    at: int = 0

    def value(self, **changed: Any) -> str:
        one = replace(self, **changed)
        days = {"from": one.period.first.isoformat(), "to": one.period.last.isoformat(), "said": one.period.words, "unit": one.period.unit}
        kept = {"what": one.what, **days, "team": one.team, "at": one.at}
        return json.dumps({key: value for key, value in kept.items() if value}, separators=(",", ":"), ensure_ascii=False)
