"""A list that is asked for again is judged as if for the first time, whenever that is, and whatever changed meanwhile."""

from collections import namedtuple
from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.listed import Judgement, judged
from domain.working import USUAL_WEEKDAYS

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
Facts = namedtuple(
    "Facts", "id name target_on precision baseline_on health team_id vouched_at changed_at unaccepted zone holidays weekdays days_off"
)
Days = namedtuple("Days", "team_id zone holidays weekdays days_off")

days = st.sampled_from([-3, -1, 0, 1, 5, 20, 29, 30, 31, 40]).map(lambda n: date(2026, 11, 20) + timedelta(days=n))
# Whole days back are where a rule turns, so they come up often.
vouched, changed = (
    st.builds(lambda n, past: NOW - timedelta(days=n) - past, st.sampled_from([0, 6, 7, 13, 14, 29, 30]), st.sampled_from(pasts))
    for pasts in (
        [timedelta(), timedelta(microseconds=1), timedelta(microseconds=-1), timedelta(hours=1)],
        [timedelta(), timedelta(hours=-1), timedelta(hours=-5)],
    )
)
facts = st.builds(
    lambda *values: Facts(*values, None, "", USUAL_WEEKDAYS, ""),
    st.integers(1, 9), st.sampled_from(["a", "b"]), st.none() | days, st.sampled_from(["day", "week", "month", "quarter"]),
    st.none() | days, st.sampled_from([None, "red", "green"]), st.sampled_from([None, 1, 2]),
    vouched, st.none() | changed, st.integers(0, 2),
)  # fmt: skip
teams = {
    None: Days(None, "UTC", "", USUAL_WEEKDAYS, ""),
    1: Days(1, "Pacific/Auckland", "", USUAL_WEEKDAYS, ""),
    2: Days(2, "America/New_York", "", USUAL_WEEKDAYS, "2026-11-19"),
}
steps = st.sampled_from(
    [timedelta(days=1), timedelta(days=-1), timedelta(hours=1), timedelta(hours=6), timedelta(microseconds=1), timedelta()]
)


lists_of_releases = st.lists(facts, max_size=3, unique_by=lambda one: one.id)


@settings(max_examples=600)
@given(st.lists(lists_of_releases, min_size=1, max_size=3), st.lists(st.tuples(st.sampled_from([0, 0, 1, 2]), steps), max_size=9))
def test_what_was_judged_before_is_kept_only_while_it_would_be_judged_the_same(
    lists: list[list[Facts]], asked: list[tuple[int, timedelta]]
) -> None:
    kept, now = Judgement(), NOW
    for which, step in asked:
        found = lists[which % len(lists)]
        now += step
        assert kept.of(found, teams, now=now) == judged(found, teams, now=now)


def test_the_same_list_within_the_hour_is_not_judged_again() -> None:
    one = Facts(
        1,
        "a",
        date(2026, 12, 1),
        "day",
        date(2026, 12, 1),
        None,
        1,
        NOW - timedelta(hours=30),
        NOW - timedelta(hours=30),
        0,
        None,
        "",
        "",
        "",
    )
    kept = Judgement()
    first = kept.of([one], teams, now=NOW)
    assert kept.of([one._replace()], teams, now=NOW + timedelta(minutes=59)) is first
    assert kept.of([one._replace(health="red")], teams, now=NOW + timedelta(minutes=59)) is not first
    both = [one._replace(health="red"), one._replace(id=2)]
    assert kept.of(both, teams, now=NOW)[0] is kept.of([*both, one._replace(id=3, health="green")], teams, now=NOW)[0]
    assert kept.of([one], teams | {1: teams[1]._replace(zone="Asia/Tokyo")}, now=NOW) is not first
