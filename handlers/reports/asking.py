"""From typed words to a stretch of time and a team, and back from what a button carries."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.dates import Unclear
from domain.errors import BadInput, NotFound
from domain.nearest import nearest
from domain.periods import Ahead, Period, read_past_day, read_period, splits, stretch
from domain.phrases import cut
from handlers.reports.asked import Asked
from models import Team
from models.finding import look_for_team, team_names

WEEK = timedelta(days=7)
_OF = re.compile(r"^of\s+(?=\S)", re.IGNORECASE)


async def read_value(session: AsyncSession, value: str | None) -> Asked:
    """What a button carries. Raises NotFound for one that nobody can read."""
    try:
        kept = json.loads(value or "")
        first, last = date.fromisoformat(kept["from"]), date.fromisoformat(kept["to"])
        period = Period(first, last, str(kept.get("said", ""))[:100], str(kept.get("unit", "")))
        team, at, what = kept.get("team"), int(kept.get("at", 0)), str(kept["what"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotFound("That button is too old to be read. Type the command once more.") from None
    name = await session.scalar(select(Team.name).where(Team.id == team)) if isinstance(team, int) else None
    return Asked(what, period, team if name else None, name or "", max(at, 0))


def since(text: str, today: date) -> Period:
    """From a day on; nothing is the last seven days."""
    first = read_past_day(text, today, starts=True) if text else today - WEEK
    return replace(stretch(first, today), words="", unit="")


async def read_asked(session: AsyncSession, what: str, text: str, today: date, read: Callable[[str, date], Period] = read_period) -> Asked:
    """A period, a team, both or neither: "Q3 of Payments", "Payments". Raises BadInput, Unclear, or NotFound for a team nobody knows."""
    unread: BadInput | None = None
    unknown = ""
    for head, tail in splits(text):
        try:
            period = read(head, today)
        except (Unclear, Ahead):
            raise
        except BadInput as wrong:
            unread = unread or wrong
            continue
        team = await look_for_team(session, tail) if tail else None
        if team or not tail:
            return Asked(what, period, team.id if team else None, team.name if team else "")
        unknown = unknown or (tail if head else "")
    unknown = unknown or _OF.sub("", text) if _OF.match(text) else unknown
    if unknown:
        raise NotFound(await _no_team(session, unknown))
    close = nearest(text, await team_names(session), 2)
    offer = f" Did you mean the team {' or '.join(close)}?" if close else " It is no team either."
    assert unread
    raise BadInput({"period": f"{unread.sentence}{offer}"})


async def find_team_alone(session: AsyncSession, text: str) -> Team | None:
    """The team that the whole line names, if it says anything. Raises NotFound."""
    tail = next((tail for head, tail in splits(text) if not head), "")
    if not tail:
        return None
    if (team := await look_for_team(session, text) or await look_for_team(session, tail)) is None:
        raise NotFound(await _no_team(session, tail))
    return team


async def _no_team(session: AsyncSession, text: str) -> str:
    close = nearest(text, await team_names(session), 2)
    return f'There is no team "{cut(text)}".' + (f" Did you mean {' or '.join(close)}?" if close else " /team list shows them all.")


def instants(period: Period, zone: str, now: datetime) -> tuple[datetime, datetime]:
    """From the midnight before the first day to that after the last, in a zone; no later than now."""
    midnight = time(0, tzinfo=ZoneInfo(zone))
    first = datetime.combine(period.first, midnight).astimezone(UTC)
    return first, min(datetime.combine(period.last + timedelta(days=1), midnight).astimezone(UTC), now)
