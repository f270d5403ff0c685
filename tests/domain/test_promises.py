"""Dependencies, escalations, feedback and digests: the rules of what people promised, need and said."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import dependencies, escalations
from domain.calendar import PLAIN, WorkHours, calendar_for, instant, local_date
from domain.dependencies import State, Verb, answer, may_answer, next_reminder, reminder_days, say_due
from domain.digests import CUSTOMERS, NEEDS_SOMEONE, Line, Section, arrange, left_out, net_move, opening, period, quiet_sentence, week_title
from domain.errors import BadInput, NotAllowed
from domain.escalations import Clock, Notice, Severity, next_notice, targets
from domain.feedback import fold_customer, likeness, looks_like, read_type, same_words
from domain.releases import Move

BERLIN = WorkHours("Europe/Berlin", time(9), time(17))
MONDAY = datetime(2026, 11, 16, 10, tzinfo=UTC)  # 11:00 in Berlin


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("noted", "ask", "asked"),
        ("asked", "accept", "accepted"),
        ("asked", "offer", "offered"),
        ("offered", "agree", "accepted"),
        ("asked", "decline", "declined"),
        ("accepted", "move", "reconfirm"),
        ("asked", "move", "asked"),
        ("reconfirm", "accept", "accepted"),
        ("accepted", "deliver", "delivered"),
        ("asked", "deliver", "delivered"),
        ("declined", "ask", "asked"),
        ("asked", "cancel", "cancelled"),
    ],
)
def test_promises_go_from_state_to_state(state: str, verb: str, after: str) -> None:
    assert answer(state, verb) == after


def test_each_step_either_leads_on_or_says_why_not() -> None:
    for state in State:
        for verb in Verb:
            allowed, _ = dependencies._FROM[verb]
            if state in allowed:
                assert isinstance(answer(state, verb), State)
            else:
                with pytest.raises(NotAllowed, match=r"\.$"):
                    answer(state, verb)


def test_who_may_answer() -> None:
    assert may_answer("U1", lead="U1") and may_answer("U2", lead="U1", deputies=["U2"]) and may_answer("U3", lead=None, members=["U3"])
    assert not may_answer("U9", lead="U1", in_channel=["U9"])
    assert may_answer("U9", lead=None, in_channel=["U9"]) and not may_answer("U8", lead=None, in_channel=["U9"])


def test_the_days_of_reminding() -> None:
    days = [day.isoformat() for day in islice(reminder_days(date(2026, 11, 16)), 6)]
    assert days == ["2026-11-09", "2026-11-13", "2026-11-16", "2026-11-18", "2026-11-20", "2026-11-24"]
    assert list(islice(reminder_days(date(2026, 11, 15)), 3))[2] == date(2026, 11, 16)


@given(st.dates(date(2026, 1, 1), date(2027, 1, 1)), st.integers(-40, 120), st.sampled_from([PLAIN, calendar_for("US")]))
def test_the_next_reminder_is_the_first_of_the_days_that_is_ahead(due_on: date, days: int, cal: object) -> None:
    after = datetime(2026, 6, 1, 7, tzinfo=UTC) + timedelta(days=days)
    walked = (instant(day, time(9), "America/New_York") for day in reminder_days(due_on, cal))
    assert next_reminder(after, due_on, "America/New_York", cal) == next(at for at in walked if at > after)


def test_a_reminder_keeps_to_nine_o_clock_and_can_be_snoozed() -> None:
    at = next_reminder(datetime(2027, 3, 20, tzinfo=UTC), date(2027, 3, 29), "Europe/Berlin")
    assert at == datetime(2027, 3, 22, 8, tzinfo=UTC)
    assert next_reminder(at, date(2027, 3, 29), "Europe/Berlin", snoozed_until=date(2027, 3, 28)) == datetime(2027, 3, 29, 7, tzinfo=UTC)


def test_how_due_is_said() -> None:
    days = [date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 18)]
    assert [say_due(day, date(2026, 11, 20)) for day in days] == ["today", "Mon 23 Nov 2026", "late by 2 working days"]


@pytest.mark.parametrize(
    ("severity", "acknowledge_by", "resolve_by"),
    [
        ("critical", "2026-11-16T10:30", "2026-11-16T14:00"),
        ("high", "2026-11-16T11:00", "2026-11-17T10:00"),
        ("normal", "2026-11-16T14:00", "2026-11-23T10:00"),
        ("low", "2026-11-17T10:00", "2026-12-14T10:00"),
    ],
)
def test_targets_in_working_time(severity: str, acknowledge_by: str, resolve_by: str) -> None:
    found = targets(Severity(severity), MONDAY, BERLIN)
    assert [at.isoformat()[:16] for at in (found.acknowledge_by, found.resolve_by)] == [acknowledge_by, resolve_by]


def test_critical_runs_around_the_clock_and_high_waits_for_monday() -> None:
    saturday = datetime(2026, 11, 21, 22, tzinfo=UTC)
    assert targets(Severity.CRITICAL, saturday, BERLIN).acknowledge_by == saturday + timedelta(minutes=30)
    assert targets(Severity.HIGH, saturday, BERLIN).acknowledge_by == datetime(2026, 11, 23, 9, tzinfo=UTC)


def clock(**more: datetime) -> Clock:
    found = targets(Severity.HIGH, MONDAY, BERLIN)
    return Clock(Severity.HIGH, MONDAY, found.acknowledge_by, found.resolve_by, **more)


def walk(one: Clock, now: datetime = MONDAY) -> list[tuple[str, str, tuple[str, ...]]]:
    """All notices in turn, each sent on time."""
    sent: list[Notice] = []
    said = []
    while due := next_notice(one, sent, now, BERLIN, owner="U_OWN", lead="U_LEAD"):
        now = max(now, due.at)
        sent.append(due.notice)
        said.append((due.notice.value, due.at.isoformat()[:16], due.to))
    return said


def test_one_warning_and_one_notice_for_each_target() -> None:
    assert walk(clock()) == [
        ("acknowledge soon", "2026-11-16T10:45", ("U_OWN",)),
        ("acknowledge missed", "2026-11-16T11:00", ("U_OWN", "U_LEAD")),
        ("resolve soon", "2026-11-16T16:00", ("U_OWN",)),
        ("resolve missed", "2026-11-17T10:00", ("U_OWN", "U_LEAD")),
    ]


def test_what_was_done_is_not_asked_for() -> None:
    assert [notice for notice, _, _ in walk(clock(acknowledged_at=MONDAY))] == ["resolve soon", "resolve missed"]
    assert walk(clock(resolved_at=MONDAY)) == []


def test_a_late_start_says_the_worse_thing_only() -> None:
    late = MONDAY + timedelta(days=3)
    assert [notice for notice, _, _ in walk(clock(), late)] == ["acknowledge missed", "resolve missed"]
    assert clock().misses(late) == "resolve" and clock().misses(MONDAY) is None


def test_the_lead_alone_is_told_when_nobody_owns_it() -> None:
    due = next_notice(clock(), [], MONDAY, BERLIN, owner=None, lead="U_LEAD")
    assert due and due.to == ("U_LEAD",)


def test_steps_of_an_escalation() -> None:
    assert escalations.acknowledge("raised") == "acknowledged"
    with pytest.raises(NotAllowed, match="already"):
        escalations.acknowledge("acknowledged")
    with pytest.raises(BadInput) as wrong:
        escalations.resolve("acknowledged", " ", "")
    assert list(wrong.value.fields) == ["cause", "action"]
    assert escalations.resolve("raised", "a", "b") == "resolved"


def test_why_these_times() -> None:
    assert (
        escalations.say_targets(Severity.HIGH, BERLIN)
        == "Target for High: acknowledge in 1 working hour, solve in 1 working day, Berlin 09:00 to 17:00"
    )
    assert (
        escalations.say_targets(Severity.CRITICAL, BERLIN)
        == "Target for Critical: acknowledge in 30 minutes, solve in 4 hours, around the clock"
    )


@pytest.mark.parametrize(("a", "b"), [("ACME, Inc.", "acme gmbh"), ("Acme", "ACME Ltd"), ("S.A.P. SE", "SAP")])
def test_one_customer_under_two_names(a: str, b: str) -> None:
    assert fold_customer(a) == fold_customer(b)


def test_a_customer_is_never_folded_to_nothing() -> None:
    assert fold_customer("Company") == "company" and fold_customer("AG") == "ag"


def test_what_looks_like_the_same_thing() -> None:
    known = [(1, "Invoices by region, please"), (2, "Refunds are slow"), (3, "Export of invoices for each region")]
    assert looks_like("We need invoices by region", known)[0] == 1
    assert looks_like("Dark mode", known) == []
    assert same_words("We want SSO", "we want  SSO.") and not same_words("We want SSO", "We want SCIM")
    assert likeness("", "x") == 0 and read_type("Bug") == "problem"


def section(rank: int, n: int) -> Section:
    return Section(rank, f"Title {rank}", tuple(Line(f"{rank}.{i}") for i in range(n)))


def test_sections_stand_in_order_and_are_cut_at_fifteen_rows() -> None:
    arranged = arrange([section(CUSTOMERS, 9), section(20, 0), section(NEEDS_SOMEONE, 8)])
    assert [(part.rank, len(part.lines), part.left_out) for part in arranged] == [(10, 8, 0), (60, 7, 2)]
    assert left_out(arranged) == 2 and opening(arranged) == "8 things need someone today."
    assert opening(arrange([section(NEEDS_SOMEONE, 1)])) == "1 thing needs someone today."
    assert opening([]) is None


def test_two_slices_share_a_section() -> None:
    arranged = arrange([section(NEEDS_SOMEONE, 2), section(NEEDS_SOMEONE, 1)])
    assert [len(part.lines) for part in arranged] == [3]


def test_the_period_is_said_in_whole_local_days() -> None:
    now = datetime(2026, 11, 23, 8, tzinfo=UTC)
    covered = period(None, now, "Europe/Berlin")
    assert (covered.words, covered.title, covered.as_of) == ("16 to 22 Nov", "Moved since Mon 16 Nov", "as of Mon 23 Nov, 09:00 Berlin")
    assert period(datetime(2026, 10, 26, 8, tzinfo=UTC), now, "Europe/Berlin").words == "26 Oct to 22 Nov"
    assert period(now - timedelta(hours=1), now, "Europe/Berlin").words == "23 Nov"
    assert week_title("Payments", now, "Europe/Berlin") == "Payments, week 48"
    assert local_date(now, "Europe/Berlin") + timedelta(days=14) == covered.next_until


def test_a_quiet_week_is_one_line() -> None:
    assert quiet_sentence("Payments", 4) == "Quiet week for Payments: nothing shipped, moved or due in 14 days. 4 releases on track."


def test_moves_of_a_week_are_one_line() -> None:
    days = [date(2027, 3, 5), date(2027, 3, 8), date(2027, 3, 12)]
    moves = [
        Move(a, b, MONDAY + timedelta(hours=n), "U1", f"r{n}", None) for n, (a, b) in enumerate([(days[0], days[1]), (days[1], days[2])])
    ]
    one = net_move(moves, MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    assert one and (one.before, one.after, one.reason) == (days[0], days[2], "r1")
    back = Move(days[2], days[0], MONDAY + timedelta(hours=3), "U1", "back", None)
    assert net_move([*moves, back], MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)) is None


@pytest.mark.parametrize("text", ["30 min", "4 h", "1 day", "20 days", "90 min", "1 h"])
def test_goals_are_kept_as_they_are_written(text: str) -> None:
    assert escalations.write_goal(escalations.read_goal(text)) == text


@pytest.mark.parametrize("text", ["", "soon", "0 min", "-1 h", "9999 days", "201 h", "1 week", "1.5 h"])
def test_what_is_no_goal_is_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="Write 30 min, 4 h or 2 days"):
        escalations.read_goal(text)
