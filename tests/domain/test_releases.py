from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import calendar_for
from domain.errors import BadInput, NotAllowed
from domain.releases import (
    Change,
    Field,
    Health,
    Move,
    Record,
    Stage,
    Waiting,
    derive,
    hits,
    may_undo,
    read_health,
    redate,
    slip,
    undo_until,
)
from domain.standing import Group, Stalled, headline, order_key, say_confirmed, stalled_cause, standing, suggested_health, unconfirmed_days

START = datetime(2026, 1, 12, 9, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
TODAY = date(2026, 11, 21)


def dated(day: str | None, n: int, **more: object) -> Change:
    """A change of date n days after the start."""
    return replace(Change("date", None, day, START + timedelta(days=n), "U1", f"reason {n}"), **more)


def staged(stage: str | None, n: int, **more: object) -> Change:
    return replace(Change("stage", None, stage, START + timedelta(days=n), "U1", f"reason {n}"), **more)


def test_baseline_is_the_first_committed_day_that_was_not_voided() -> None:
    history = [
        dated("2026-03-01", 0, voided_at=START),
        dated("2026-Q1", 1),
        dated("2026-03-02", 2, is_committed=False),
        dated("2026-03-05", 3),
        dated("2026-03-12", 4),
    ]
    record = derive(history)
    assert (record.baseline_on, record.target_on) == (date(2026, 3, 5), date(2026, 3, 12))
    assert record.baseline_at == START + timedelta(days=3)
    assert slip(record.baseline_on, record.ends_on) == 5


def test_a_quarter_keeps_the_baseline_and_counts_by_its_last_working_day() -> None:
    record = derive([dated("2026-03-05", 0), dated("2026-Q2", 1)])
    assert (record.baseline_on, record.target_on, record.precision) == (date(2026, 3, 5), date(2026, 6, 30), "quarter")
    assert not record.is_committed
    assert slip(record.baseline_on, record.ends_on) == 83
    assert [move.after for move in record.moves] == [date(2026, 6, 30)]


def test_the_last_day_of_a_month_is_not_that_month() -> None:
    record = derive([dated("2026-03", 0, is_committed=False), dated("2026-03-31", 1)])
    assert (record.baseline_on, len(record.moves)) == (date(2026, 3, 31), 1)


def test_a_move_is_a_day_that_follows_another() -> None:
    record = derive([dated("2026-03-05", 0), dated("2026-03-12", 2), dated("2026-03-10", 1, voided_at=NOW), dated("2026-03-12", 3)])
    assert record.moves == (Move(date(2026, 3, 5), date(2026, 3, 12), START + timedelta(days=2), "U1", "reason 2", None),)


def test_undo_takes_everything_derived_back() -> None:
    history = [dated("2026-03-05", 0), dated("2026-03-12", 1)]
    undone = [history[0], replace(history[1], voided_at=NOW)]
    assert derive(undone) == derive(history[:1])


def test_the_day_can_be_taken_away() -> None:
    record = derive([dated("2026-03-05", 0), dated(None, 1)])
    assert record.target_on is None and record.baseline_on == date(2026, 3, 5) and not record.is_committed


def test_a_release_ships_when_it_reaches_everyone() -> None:
    record = derive([dated("2026-03-05", 0), staged("beta", 1), staged("everyone", 60, on=date(2026, 3, 9))])
    assert record.shipped_on == date(2026, 3, 9) and record.stage is Stage.EVERYONE and not record.is_open
    assert slip(record.baseline_on, record.ends_on) == 2


def test_a_rollback_keeps_the_ship_and_opens_the_release_again() -> None:
    record = derive([dated("2026-03-05", 0), staged("everyone", 52), staged("beta", 53)])
    assert record.is_open and record.stage is Stage.BETA and record.shipped_on is None
    assert record.rolled_back and record.rolled_back.rollback_reason == "reason 53" and record.rolled_back.on == date(2026, 3, 5)
    again = derive([dated("2026-03-05", 0), staged("everyone", 52), staged("beta", 53), staged("everyone", 60)])
    assert again.rolled_back is None and len(again.ships) == 2 and not again.is_open


def test_names_owner_health_and_cancel() -> None:
    at = START + timedelta(days=1)
    record = derive(
        [
            Change(Field.NAME, None, "Billing", START),
            Change(Field.NAME, "Billing", "Billing revamp", at),
            Change(Field.OWNER, None, "U2", START),
            Change(Field.HEALTH, None, "amber", at, "U2", "vendor"),
            Change(Field.STATE, "open", "cancelled", at),
            Change(Field.WORK, None, "x", at + timedelta(days=1)),
        ]
    )
    assert (record.name, record.former_names, record.owner) == ("Billing revamp", ("Billing",), "U2")
    assert (record.health, record.health_by, record.health_reason) == (Health.AMBER, "U2", "vendor")
    assert record.is_cancelled and not record.is_open
    assert (record.created_at, record.changed_at) == (START, at + timedelta(days=1))


def test_an_empty_history_is_an_empty_record() -> None:
    assert derive([]) == Record()


@pytest.mark.parametrize(
    ("text", "health"),
    [("Amber: at risk", "amber"), ("at risk", "amber"), ("at-risk", "amber"), ("RED", "red"), ("on track.", "green"), ("yellow", "amber")],
)
def test_health_by_colour_or_meaning(text: str, health: str) -> None:
    assert read_health(text) == health


def test_unknown_health_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="at risk"):
        read_health("purple")


BILLING = derive([Change("name", None, "Billing", START), dated("2027-03-05", 0)])


def test_a_move_keeps_the_baseline_and_says_the_slip() -> None:
    redating = redate(BILLING, date(2027, 3, 12), "vendor", today=TODAY)
    assert (redating.before, redating.slip_before, redating.slip_after, redating.is_move) == (date(2027, 3, 5), 0, 5, True)
    assert not redate(Record(name="Billing"), date(2027, 3, 12), None, today=TODAY).is_move


@pytest.mark.parametrize(
    ("record", "day", "reason", "sentence"),
    [
        (BILLING, date(2027, 3, 5), "x", "already on Fri 5 Mar 2027"),
        (BILLING, date(2026, 11, 20), "x", "is past"),
        (BILLING, date(2027, 3, 12), " ", "needs a reason"),
        (replace(BILLING, shipped_on=TODAY), date(2027, 3, 12), "x", "shipped on"),
        (replace(BILLING, is_cancelled=True), date(2027, 3, 12), "x", "was cancelled"),
    ],
)
def test_a_move_that_may_not_be(record: Record, day: date, reason: str, sentence: str) -> None:
    with pytest.raises((BadInput, NotAllowed), match=sentence):
        redate(record, day, reason, today=TODAY)


def test_who_is_hit_is_who_needs_it_before() -> None:
    waiting = [
        Waiting("Mobile", "receipts", date(2027, 3, 9)),
        Waiting("Legal", "terms", date(2027, 3, 12)),
        Waiting("Web", "x", date(2027, 3, 1)),
    ]
    assert [(hit.waiting.team, hit.short) for hit in hits(date(2027, 3, 12), waiting)] == [("Web", 9), ("Mobile", 3)]


def test_undo_is_for_five_minutes_and_for_its_writer() -> None:
    change = Change("date", None, "2027-01-01", NOW, "U1")
    assert may_undo(change, "U1", NOW + timedelta(minutes=5))
    assert not may_undo(change, "U1", NOW + timedelta(minutes=5, seconds=1))
    assert not may_undo(change, "U2", NOW)
    assert not may_undo(replace(change, voided_at=NOW), "U1", NOW)
    assert undo_until(NOW) == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("target", "quiet_days", "cause"),
    [
        (date(2026, 8, 26), 0, "62 working days past its date"),
        (date(2026, 11, 20), 0, "past its date"),
        (date(2026, 12, 21), 14, "no update for 14 days"),
        (date(2026, 12, 21), 13, None),
        (date(2026, 12, 22), 29, None),
        (date(2026, 12, 22), 30, "no update for 30 days"),
        (TODAY, 0, None),
        (None, 900, None),
    ],
)
def test_stalled_always_has_its_cause(target: date | None, quiet_days: int, cause: str | None) -> None:
    stalled = stalled_cause(target, NOW - timedelta(days=quiet_days), NOW, TODAY)
    assert (stalled.cause if stalled else None) == cause


@pytest.mark.parametrize(
    ("days", "words"), [(0, "confirmed today"), (2, "confirmed 2 days ago"), (7, "confirmed 7 days ago"), (18, "not confirmed for 18 days")]
)
def test_confirmed_reads_as_words(days: int, words: str) -> None:
    assert say_confirmed(NOW - timedelta(days=days), NOW) == words


def test_what_was_never_confirmed_counts_from_its_beginning() -> None:
    assert unconfirmed_days(None, NOW, NOW - timedelta(days=9)) == 9
    assert say_confirmed(None, NOW) == "not confirmed yet"


@pytest.mark.parametrize(
    ("slipped", "stalled", "unaccepted", "health"),
    [
        (0, Stalled(True, 3), 0, "red"),
        (5, None, 0, "red"),
        (4, None, 0, "amber"),
        (1, None, 0, "amber"),
        (0, Stalled(False, 30), 0, "amber"),
        (0, None, 1, "amber"),
        (0, None, 0, "green"),
        (-3, None, 0, "green"),
        (None, None, 0, "green"),
    ],
)
def test_the_written_rule(slipped: int | None, stalled: Stalled | None, unaccepted: int, health: str) -> None:
    suggestion = suggested_health(slipped, stalled, unaccepted)
    assert suggestion.health == health and suggestion.reason


def test_a_status_list_is_ordered_by_need_and_counted() -> None:
    def of(name: str, target: str | None, baseline: str | None, health: Health | None = None) -> Record:
        days = [date.fromisoformat(day) if day else None for day in (target, baseline)]
        return Record(name=name, target_on=days[0], baseline_on=days[1], health=health, changed_at=NOW)

    records = [
        of("none", None, None),
        of("green far", "2027-02-01", "2027-02-01"),
        of("green near", "2026-12-01", "2026-12-01"),
        of("amber", "2026-12-02", "2026-12-01"),
        of("red by hand", "2027-01-01", "2027-01-01", Health.RED),
        of("slipped", "2027-03-12", "2027-03-05"),
        of("past", "2026-08-26", "2026-08-26"),
    ]
    stands = {record.name: standing(record, now=NOW, today=TODAY) for record in records}
    order = sorted(stands, key=lambda name: order_key(stands[name], name))
    assert order == ["past", "slipped", "red by hand", "amber", "green near", "green far", "none"]
    assert (
        headline(Counter(where.group for where in stands.values()))
        == "7 open releases: 2 late, 1 off track, 1 at risk, 2 on track, 1 without a day."
    )
    assert headline({}) == "No open releases." and headline({Group.LATE: 1}) == "1 open release: 1 late."
    assert stands["past"].words == "Stalled: 62 working days past its date" and stands["past"].slip == 0
    assert not stands["red by hand"].rule_agrees


def test_work_that_changed_keeps_a_release_from_stalling() -> None:
    record = Record(target_on=date(2026, 12, 1), baseline_on=date(2026, 12, 1), changed_at=NOW - timedelta(days=60))
    assert standing(record, now=NOW, today=TODAY).stalled
    assert not standing(record, now=NOW, today=TODAY, changed_at=NOW - timedelta(days=1)).stalled


def test_slip_goes_by_the_holidays_of_the_team() -> None:
    assert slip(date(2026, 12, 23), date(2026, 12, 28), calendar_for("DE")) == 2
    assert slip(None, date(2026, 12, 28)) is None
