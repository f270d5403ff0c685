"""What a report is asked of: a period and a group, as typed words and as the value of a button."""

import json
import re
from dataclasses import dataclass
from datetime import date, timedelta

from domain.errors import BadInput, NotFound
from domain.periods import Period, read_period
from domain.phrases import cut

USUAL = "last 90 days"
GROUPS = {"region": "region", "regions": "region", "tier": "tier", "tiers": "tier", "segment": "tier", "area": "area", "areas": "area"}
_BY = re.compile(r"(?:^|\s)(?:by|per)\s+(.*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    period: Period
    by: str = ""
    at: int = 0

    def value(self, **more: object) -> str:
        """What a button carries."""
        period = self.period
        kept = {"from": str(period.first), "to": str(period.last), "said": period.words, "unit": period.unit, "by": self.by, **more}
        return json.dumps(kept, separators=(",", ":"))


def read_asked(text: str, today: date) -> Asked:
    """ "Q3 by region", "by tier", "last quarter". Raises BadInput."""
    found = _BY.search(text)
    by = ""
    if found:
        word = found[1].strip().rstrip(".?!").removeprefix("product ").casefold()
        if word not in GROUPS:
            raise BadInput({"by": f'I cannot group by "{cut(found[1])}". Say by region, by tier or by area.'})
        by, text = GROUPS[word], text[: found.start()]
    text = re.sub(r"^(?:for|of|in|during)\s+", "", text.strip(), flags=re.IGNORECASE)
    return Asked(_until_today(read_period(text or USUAL, today), today, is_usual=not text), by)


def _until_today(period: Period, today: date, *, is_usual: bool) -> Period:
    """The last 90 days are said so."""
    return Period(period.first, period.last, f"the {USUAL}") if is_usual else period


def read_value(value: str | None, today: date) -> Asked:
    """What a button carries; one without anything means the usual. Raises NotFound for one that nobody can read."""
    if not value:
        return read_asked("", today)
    try:
        kept = json.loads(value)
        period = Period(date.fromisoformat(kept["from"]), date.fromisoformat(kept["to"]), str(kept["said"])[:100], str(kept["unit"]))
        by, at = str(kept.get("by", "")), int(kept.get("at", 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotFound("That button is too old to be read. Type the command once more.") from None
    return Asked(period, by if by in GROUPS.values() else "", max(at, 0))


YEARS_OF_A_TREND = timedelta(days=3 * 366)
