"""Lines that ask for something to be set up: an ask to another team, a weekly digest, a team of one's own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time

from domain.errors import BadInput
from domain.phrases import cut
from domain.tails import BEFORE_DATES, Found, Line, cut_because, cut_sure, name_of, reason_of
from domain.words import Mention, is_mention, plain, read_channel, read_time, read_user, read_weekday, split_quoted, tidy, weekday_of
from domain.working import read_countries
from domain.zones import is_offset, read_zone

_BY = frozenset({"by", "before", "until", "till"})


@dataclass(frozen=True, slots=True)
class Ask:
    """`ask TEAM for WHAT by DATE [for RELEASE]`. A last `for` may name a release; then `what_if_release` is what is left of what."""

    team: str | Mention | None = None
    what: str | None = None
    day: date | None = None
    reason: str | None = None
    maybe_release: str | None = None
    what_if_release: str | None = None


def read_ask(text: str, today: date) -> Ask:
    """The first `for` opens what; the team may be a channel or a person. An unreadable day raises with the rest in `partial`."""
    name, rest = split_quoted(text)
    rest, reason = cut_sure(rest)
    line = Line(rest)
    first = line.piece(0, min(1, len(line))).rstrip(",:")
    start = 0
    if name is not None:
        ask = Ask(plain(name), reason=reason)
    elif is_mention(first):
        ask, start = Ask(read_channel(first) if first.startswith(("<#", "#")) else read_user(first), reason=reason), 1
    else:
        place = next(line.after({"for"}), None)
        if place is None:
            return _ask_without_what(line, reason, today)
        return _with_what(Ask(_team_name(line.piece(0, place - 1)), reason=reason), line, place, today)
    return _with_what(ask, line, start + (start < len(line) and line.word(start) == "for"), today)


def _ask_without_what(line: Line, reason: str | None, today: date) -> Ask:
    found = _need_by(line, 1, today)
    ask = Ask(_team_name(line.before(found.start) if found else line.text), reason=reason)
    return replace(ask, day=found.settled(ask)) if found else ask


def _with_what(ask: Ask, line: Line, start: int, today: date) -> Ask:
    found = _need_by(line, start, today)
    what = plain(line.piece(start, found.start if found else None))
    after = line.piece(found.end) if found else ""
    if re.match(r"for\s", after, re.IGNORECASE):
        release, reason = cut_because(after[4:])
        ask = replace(ask, what=name_of(f"{what} {plain(after[:4])} {plain(release)}"), reason=ask.reason or reason)
        ask = replace(ask, maybe_release=name_of(release), what_if_release=name_of(what))
    else:
        head, _, last = what.rpartition(" for ")
        ask = replace(ask, what=name_of(what), reason=ask.reason or reason_of(after))
        if head and last:
            ask = replace(ask, maybe_release=name_of(last), what_if_release=name_of(head))
    return replace(ask, day=found.settled(ask)) if found else ask


def _need_by(line: Line, start: int, today: date) -> Found | None:
    """The last `by DATE`, else the last day beyond doubt; a short `by` that cannot be read is found with its error."""
    places = list(line.last_after(_BY, start))
    for place in places:
        if found := line.day_from(place, today):
            return Found(place - 1, found.end, found.day, found.error)
    if (found := line.last_day(today, start)) and _ends_there(line, found):
        lead = found.start > start and line.word(found.start - 1) in BEFORE_DATES - {"for"}
        return Found(found.start - lead, found.end, found.day, found.error)
    if not places or line.word(places[0] - 1) != "by" or len(line) - places[0] > 6:
        return None
    end = next(line.after({"for"}, places[0]), len(line) + 1) - 1
    words = plain(line.piece(places[0], end))
    error = BadInput({"date": f'I could not read "{cut(words)}" as a day. Pick a day. Your other words are kept.'})
    return Found(places[0] - 1, end, None, error)


def _ends_there(line: Line, found: Found) -> bool:
    """A day without `by` counts at the end only, or before a release or a reason."""
    return found.end == len(line) or line.word(found.end) in {"for", "-", ":", "since", "as"} or line.word(found.end - 1)[-1] in ",:;"


def _team_name(text: str) -> str | None:
    return name_of(re.sub(r"^(?:the\s+)?(?:team\s+)?|\s+team$", "", text.strip(), flags=re.IGNORECASE) or text)


@dataclass(frozen=True, slots=True)
class Subscription:
    """`every DAY at TIME [in ZONE] [for TEAM]`. Without a zone the channel's team's counts."""

    weekday: int | None = None
    at: time | None = None
    zone: str | None = None
    team: str | None = None


_FILLERS = frozenset(
    {
        "every",
        "each",
        "weekly",
        "week",
        "on",
        "at",
        "@",
        "the",
        "a",
        "digest",
        "once",
        "and",
        "in",
        "send",
        "please",
        "time",
        "to",
        "-",
        "us",
    }
)
_TOO_OFTEN = frozenset({"daily", "day", "weekday", "month", "monthly", "hour", "hourly", "fortnight", "biweekly", "morning", "evening"})


def read_subscription(text: str) -> Subscription:
    """Reads "every Monday at 9am in Berlin", "weekly on Monday at 09:00", "Mondays 9". An error carries the rest as `partial`."""
    rest, _, team = tidy(text).partition(" for ")
    rest, zone_words = _zone_part(rest)
    team, more_zone = _zone_part(team)
    found = Subscription(team=_team_name(team) if team else None)
    left: list[str] = []
    try:
        if words := zone_words or more_zone:
            found = replace(found, zone=read_zone(words))
    except BadInput as error:
        error.partial = _day_and_time(found, rest, left)
        raise
    found = _day_and_time(found, rest, left)
    if left and (often := [word for word in left if word in _TOO_OFTEN]):
        raise BadInput({"weekday": f'Digests are weekly, so "{cut(often[0])}" needs a day and a time: every Monday at 09:00.'}, found)
    if left:
        field = "time" if found.at is None and any(c.isdigit() for c in left[0]) else "weekday"
        raise BadInput({field: f'I could not read "{cut(" ".join(left))}". Write it as: every Monday at 09:00 in Berlin.'}, found)
    return found


def _day_and_time(found: Subscription, text: str, left: list[str]) -> Subscription:
    words = re.sub(r"(\d)\s+(am|pm|a\.m\.|p\.m\.|o'clock|uhr)\b", r"\1\2", text.casefold().replace(",", " ")).split()
    for word in (plain(word).strip(".;:!?") for word in words[:40]):
        if word in _FILLERS or not word:
            continue
        if found.weekday is None and weekday_of(word) is not None:
            found = replace(found, weekday=read_weekday(word))
        elif found.at is None and (at := _time_or_none(word)) is not None:
            found = replace(found, at=at)
        elif found.zone is None and (zone := _zone_or_none(word)):
            found = replace(found, zone=zone)
        else:
            left.append(word)
    return found


def _zone_part(text: str) -> tuple[str, str]:
    head, found, zone = f" {text}".rpartition(" in ")
    return (head.strip(), zone.strip()) if found and not zone.casefold().startswith("the ") else (text, "")


def _time_or_none(word: str) -> time | None:
    try:
        return read_time(word)
    except BadInput:
        return None


def _zone_or_none(word: str) -> str | None:
    try:
        return read_zone(word) if "/" in word or word == "utc" else None
    except BadInput:
        return None


@dataclass(frozen=True, slots=True)
class TeamLine:
    """`NAME [lead @user] [in ZONE] [holidays COUNTRY] [hours 09:00-17:00]`."""

    name: str | None = None
    lead: Mention | None = None
    zone: str | None = None
    holidays: str | None = None
    start: time | None = None
    end: time | None = None


_CLAUSES = {"lead": "lead", "led": "lead", "leader": "lead", "owner": "lead", "in": "zone", "zone": "zone", "timezone": "zone"} | {
    "holidays": "holidays", "holiday": "holidays", "country": "holidays", "hours": "hours", "working": "hours", "from": "hours",
}  # fmt: skip


def read_team(text: str) -> TeamLine:
    """Reads a team. Every clause that can be read is kept in `partial` when another cannot."""
    name, rest = split_quoted(text)
    line = Line(rest)
    marks: list[int] = []
    for n in range(min(len(line), 100)):
        if line.word(n).rstrip(":") in _CLAUSES and _opens_clause(line, n, is_named=name is not None or bool(marks)):
            marks.append(n)
    head = line.piece(0, marks[0] if marks else None)
    team = TeamLine(plain(name) if name is not None else name_of(head))
    wrong: dict[str, str] = {}
    for mark, end in zip(marks, [*marks[1:], len(line)][: len(marks)], strict=True):
        try:
            team = _with_clause(team, _CLAUSES[line.word(mark).rstrip(":")], line.piece(mark + 1, end).strip(" ,;").removesuffix(" and"))
        except BadInput as error:
            wrong |= error.fields
    if wrong:
        raise BadInput(wrong, team)
    return team


def _opens_clause(line: Line, n: int, *, is_named: bool) -> bool:
    """Whether a word opens a clause or belongs to the name ("Built in Berlin Lead Gen"): what follows must look like its value."""
    if n == 0 and not is_named:
        return False
    kind, value = _CLAUSES[line.word(n).rstrip(":")], line.piece(n + 1, min(n + 2, len(line)))
    if kind == "lead":
        return value.startswith(("<@", "@"))
    if kind == "hours":
        return any(c.isdigit() for c in value)
    if line.word(n) != "in":
        return bool(value)
    values = [line.piece(n + 1, min(n + length, len(line))) for length in (2, 3, 4)]
    return is_offset(value) or any(_is_zone(value) for value in values) or is_named


def _is_zone(text: str) -> bool:
    try:
        return bool(read_zone(text.strip(" ,;")))
    except BadInput as error:
        return "has several" in error.sentence


def _with_clause(team: TeamLine, kind: str, value: str) -> TeamLine:
    if kind == "lead":
        return replace(team, lead=read_user(value, "lead"))
    if kind == "zone":
        return replace(team, zone=read_zone(value))
    if kind == "holidays":
        return replace(team, holidays=read_countries(re.sub(r"^(?:of|in)\s+", "", value)))
    start, end = read_hours(value)
    return replace(team, start=start, end=end)


def read_hours(text: str, field: str = "hours") -> tuple[time, time]:
    """Reads "09:00-17:00", "9 to 5pm", "9-17". An end of 00:00 or 24:00 is midnight."""
    words = re.sub(r"^hours\s+|^from\s+", "", tidy(text).casefold())
    parts = re.split(r"\s*(?:-|\bto\b|\buntil\b)\s*", words)
    if len(parts) != 2:
        raise BadInput({field: f'I could not read "{cut(text)}" as working hours. Write them as 09:00-17:00.'})
    start, end = read_time(parts[0], field), read_time(parts[1], field)
    if end <= start and 0 < end.hour < 12 and "am" not in parts[1]:
        end = end.replace(hour=end.hour + 12)  # "9-5"
    if end <= start and end != time(0):
        raise BadInput({field: f"Work would end ({end:%H:%M}) before it starts ({start:%H:%M}). Write the hours as 09:00-17:00."})
    return start, end
