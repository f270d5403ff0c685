"""The history of a release in words: one line a change, for the card, *More* and `history`. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain.calendar import WorkCalendar
from domain.phrases import cut, say_day, say_days, say_list, say_short_day, year_of
from domain.releases import Health, slip
from domain.spans import Span, is_same, read_written


def who(row: Any, owner: str | None = None) -> str:
    """Who made a change: "owner", a name, or where it came from."""
    if row.actor and row.actor == owner:
        return "owner"
    if row.actor:
        return row.actor_name or "somebody who is not known here"
    return "from the plan" if row.source not in ("slack", "") else "Tendon"


def what(
    row: Any, teams: Mapping[str, str] | None = None, people: Mapping[str, str] | None = None, others: Mapping[str, str] | None = None
) -> str:
    """What changed, without who and why. `others` are the releases that the reader may see, by id as text."""
    before, after = row.before, row.after
    match row.field:
        case "date":
            return _dated(row)
        case "stage":
            return _staged(row)
        case "state":
            return "cancelled" if after == "cancelled" else "taken up again"
        case "health":
            return f"set to {Health(after).words}" if after else "health taken back"
        case "owner":
            return f"owner: {(people or {}).get(after or '', 'somebody new') if after else 'nobody'}"
        case "team":
            return f"team: {(teams or {}).get(after or '', 'another one') if after else 'none'}"
        case "confirmed":
            return f"still right: {say_day(read_written(after))}"
        case "name":
            return f"renamed from {cut(before)}" if before else "made"
        case "alias":
            return f"also called {cut(after)}" if after else f"no longer called {cut(before)}"
        case "duplicate":
            return f"closed as a duplicate of {(others or {}).get(after or '', 'another release')}"
        case "readers":
            return f"restricted to {_names(after, people or {})}" if after is not None else "shown to everybody"
    return f"{row.field}: {cut(after or 'nothing')}"


def _names(written: str, people: Mapping[str, str]) -> str:
    return say_list([people.get(each, "somebody new") for each in written.split()]) or "its owner"


def _dated(row: Any) -> str:
    old, new = read_written(row.before), read_written(row.after)
    if new is None:
        return "date taken away"
    planned = ", planned" if row.is_committed is False else ""
    if old is None:
        return f"planned for {say_day(new)}{planned if not isinstance(new, Span) else ''}"
    if is_same(old, new):
        return f"committed to {say_day(new)}"
    year = "" if year_of(old) == year_of(new) else f" {year_of(old)}"
    return f"{say_short_day(old)}{year} → {say_short_day(new)} {year_of(new)}{planned}"


def _staged(row: Any) -> str:
    if row.after == "everyone":
        return f"shipped on {say_day(row.effective_on or row.happened_at.date())}"
    if row.before == "everyone":
        return "taken back"
    return f"reached {row.after}" if row.after else "no stage"


def day_of(row: Any, zone: str) -> date:
    """The day on the reader's wall; a plan gives plain days, which are the same for all."""
    at: datetime = row.happened_at
    return at.astimezone(ZoneInfo(zone)).date() if row.source == "slack" else at.date()


def line(row: Any, zone: str, owner: str | None = None, **names: Mapping[str, str]) -> str:
    """Such as "19 Nov 2026  5 Mar → 12 Mar 2027, vendor: "API late" (owner)"."""
    day = day_of(row, zone)
    why = f"{row.reason_kind}: " if row.reason_kind else ""
    said = f', {why}"{cut(row.reason, 120)}"' if row.reason else f", {row.reason_kind}" if row.reason_kind else ""
    return f"{say_short_day(day)} {day.year}  {what(row, **names)}{said} ({who(row, owner)})"


def date_lines(told: Sequence[Any], calendar: WorkCalendar, zone: str) -> list[str]:
    """Every date, shipping, taking back and cancelling, with how far each move went. What was voided says so and counts for nothing."""
    lines = []
    baseline: date | None = None
    for row in told:
        if row.field not in ("date", "stage", "state"):
            continue
        said = line(row, zone)
        day = read_written(row.after) if row.field == "date" and not row.voided_at else None
        if day:
            is_first = baseline is None and row.is_committed is not False
            moved = slip(baseline, day, calendar)
            said += " · baseline" if is_first else f" · {say_days(moved)} from the baseline" if baseline else ""
            baseline = day if is_first else baseline
        if row.voided_at:
            said += f" · does not count: {_void(row)}"
        lines.append(said)
    return lines


def _void(row: Any) -> str:
    reason = row.void_reason or "taken back"
    gone = row.voided_at - row.happened_at
    soon = timedelta(0) <= gone < timedelta(hours=1)
    return cut(reason, 80) + (f", {max(int(gone.total_seconds() // 60), 1)} min later" if soon else "")
