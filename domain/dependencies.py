"""Promises between teams: asked, answered, delivered; who may say what, and on which days people are reminded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from domain.calendar import (
    PLAIN,
    WorkCalendar,
    add_working_days,
    instant,
    is_working_day,
    local_date,
    next_working_day,
    working_days_between,
)
from domain.errors import NotAllowed
from domain.phrases import say_day, working_days

REMIND_AT = time(9)
DAYS_BEFORE = (5, 1)  # working days
EVERY_AFTER = 2  # working days


class State(StrEnum):
    """How a promise stands. The plan's own are *noted*: shown, never reminded of until somebody asks."""

    NOTED = "noted"
    ASKED = "asked"
    ACCEPTED = "accepted"
    OFFERED = "offered"
    DECLINED = "declined"
    RECONFIRM = "reconfirm"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """As shown: "another date offered", "needs re-confirming"."""
        return _WORDS.get(self.value, self.value)

    @property
    def is_open(self) -> bool:
        """Whether anything is still to come of it."""
        return self not in {State.DECLINED, State.DELIVERED, State.CANCELLED}

    @property
    def is_reminded(self) -> bool:
        """Whether its day is reminded of."""
        return self in {State.ASKED, State.ACCEPTED, State.OFFERED, State.RECONFIRM}

    @property
    def is_accepted(self) -> bool:
        """Whether the other team stands by a date."""
        return self in {State.ACCEPTED, State.DELIVERED}


_WORDS = {
    "noted": "noted in the plan, not asked",
    "asked": "asked, no answer yet",
    "offered": "another date offered",
    "reconfirm": "needs re-confirming",
}


class Verb(StrEnum):
    """What people do to a promise."""

    ASK = "ask"
    ACCEPT = "accept"
    OFFER = "offer"
    DECLINE = "decline"
    AGREE = "agree"
    DELIVER = "deliver"
    MOVE = "move"
    CANCEL = "cancel"


_BY_ASKED_TEAM = {Verb.ACCEPT, Verb.OFFER, Verb.DECLINE, Verb.DELIVER}
_FROM: dict[Verb, tuple[set[State], State]] = {
    Verb.ASK: ({State.NOTED, State.DECLINED, State.CANCELLED}, State.ASKED),
    Verb.ACCEPT: ({State.ASKED, State.OFFERED, State.DECLINED, State.RECONFIRM}, State.ACCEPTED),
    Verb.OFFER: ({State.ASKED, State.ACCEPTED, State.OFFERED, State.DECLINED, State.RECONFIRM}, State.OFFERED),
    Verb.DECLINE: ({State.ASKED, State.ACCEPTED, State.OFFERED, State.RECONFIRM}, State.DECLINED),
    Verb.AGREE: ({State.OFFERED}, State.ACCEPTED),
    Verb.DELIVER: ({State.ASKED, State.ACCEPTED, State.OFFERED, State.RECONFIRM}, State.DELIVERED),
    Verb.MOVE: ({State.ASKED, State.ACCEPTED, State.OFFERED, State.RECONFIRM}, State.RECONFIRM),
    Verb.CANCEL: ({State.NOTED, State.ASKED, State.ACCEPTED, State.OFFERED, State.DECLINED, State.RECONFIRM}, State.CANCELLED),
}
_ALREADY = {
    State.NOTED: "Nobody has asked for this yet. Ask first.",
    State.ASKED: "This was asked already and waits for an answer.",
    State.ACCEPTED: "This is accepted already.",
    State.OFFERED: "Another date was offered for this and waits for an answer.",
    State.DECLINED: "This was declined. Ask again if it is still needed.",
    State.RECONFIRM: "The date moved, so both teams confirm first.",
    State.DELIVERED: "This was delivered already.",
    State.CANCELLED: "This ask was cancelled.",
}


def answer(state: str, verb: str) -> State:
    """The state after a verb; raises NotAllowed with a sentence when it does not fit. A moved date reopens what was accepted."""
    allowed, after = _FROM[Verb(verb)]
    here = State(state)
    if here not in allowed:
        raise NotAllowed(_ALREADY[here])
    return State.ASKED if verb == Verb.MOVE and here in {State.ASKED, State.OFFERED} else after


def is_for_asked_team(verb: str) -> bool:
    """Whether the asked team says this; the rest is for the team that asked."""
    return Verb(verb) in _BY_ASKED_TEAM


def may_answer(
    person: str, *, lead: str | None, deputies: Collection[str] = (), members: Collection[str] = (), in_channel: Collection[str] = ()
) -> bool:
    """The other team's lead, deputies and members answer; with none of them listed, whoever is in its channel."""
    listed = {name for name in (lead, *deputies, *members) if name}
    return person in (listed or in_channel)


def reminder_days(due_on: date, cal: WorkCalendar = PLAIN) -> Iterator[date]:
    """The days of reminding, without end: 5 and 1 working days before, on the day, then every second working day.

    A due day on which nobody works is reminded of on the next working day.
    """
    day = due_on if is_working_day(due_on, cal) else next_working_day(due_on - timedelta(days=1), cal)
    yield from (add_working_days(day, -n, cal) for n in DAYS_BEFORE)
    while True:
        yield day
        day = add_working_days(day, EVERY_AFTER, cal)


def next_reminder(after: datetime, due_on: date, zone: str, cal: WorkCalendar = PLAIN, *, snoozed_until: date | None = None) -> datetime:
    """The first reminder strictly after `after`, at 09:00 in the team's zone, in UTC; none before the day it is snoozed to."""
    start = local_date(after, zone)
    late = working_days_between(due_on, max(start, snoozed_until or start), cal)
    if late > 4 * EVERY_AFTER:  # far past: skip the days that nobody needs counted
        due_on = add_working_days(
            due_on if is_working_day(due_on, cal) else next_working_day(due_on, cal), late // EVERY_AFTER * EVERY_AFTER - 4, cal
        )
    for day in reminder_days(due_on, cal):
        if (snoozed_until is None or day >= snoozed_until) and (at := instant(day, REMIND_AT, zone)) > after:
            return at
    raise AssertionError("the days of reminding have no end")


def say_due(due_on: date, today: date, cal: WorkCalendar = PLAIN) -> str:
    """Says "today", "late by 2 working days" or "Wed 18 Nov 2026"."""
    if due_on == today:
        return "today"
    if due_on > today:
        return say_day(due_on)
    late = working_days_between(due_on, today, cal)
    return f"late by {working_days(late)}" if late else f"due {say_day(due_on)}"
