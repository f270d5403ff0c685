"""Until when somebody looks, and shares that are never rounded up to all."""

from datetime import UTC, date, datetime

import pytest

from domain.calendar import WorkCalendar, WorkHours
from domain.errors import BadInput
from domain.triage import Share, begins_at, days_of, due_at, read_days, weeks_until

BERLIN = WorkHours("Europe/Berlin", calendar=WorkCalendar(("DE",)))


@pytest.mark.parametrize(
    ("came_on", "days", "due"),
    [
        (date(2026, 11, 16), 2, datetime(2026, 11, 18, 16, tzinfo=UTC)),
        (date(2026, 11, 19), 2, datetime(2026, 11, 23, 16, tzinfo=UTC)),
        (date(2026, 11, 21), 1, datetime(2026, 11, 23, 16, tzinfo=UTC)),
        (date(2026, 12, 23), 2, datetime(2026, 12, 28, 16, tzinfo=UTC)),  # over Christmas
        (date(2026, 3, 26), 2, datetime(2026, 3, 30, 15, tzinfo=UTC)),  # over the change to summer time
    ],
)
def test_somebody_looks_until_the_end_of_work_some_working_days_later(came_on: date, days: int, due: datetime) -> None:
    assert due_at(came_on, days, BERLIN) == due


@pytest.mark.parametrize(
    ("share", "says"),
    [
        (Share(), "nothing came in"),
        (Share(open=2), "none due yet"),
        (Share(4, 1), "80 % (4 of 5)"),
        (Share(1999, 1), "99 % (1,999 of 2,000)"),
        (Share(1, 1999), "1 % (1 of 2,000)"),
        (Share(0, 3), "0 % (0 of 3)"),
        (Share(3, 0), "100 % (3 of 3)"),
    ],
)
def test_a_share_is_said_with_its_n(share: Share, says: str) -> None:
    assert share.says == says


def test_weeks_are_iso_weeks_of_the_zone() -> None:
    sunday_night = datetime(2027, 1, 3, 23, 30, tzinfo=UTC)
    assert weeks_until(sunday_night, "UTC", 2) == [date(2026, 12, 21), date(2026, 12, 28)]
    assert weeks_until(sunday_night, "Europe/Berlin", 2) == [date(2026, 12, 28), date(2027, 1, 4)]
    assert len(list(days_of(weeks_until(sunday_night, "UTC")))) == 28
    assert begins_at(date(2026, 3, 30), "Europe/Berlin") == datetime(2026, 3, 29, 22, tzinfo=UTC)


@pytest.mark.parametrize(("typed", "days"), [("2", 2), ("3 working days", 3), ("1 day", 1), ("", 2), (None, 2), ("20", 20)])
def test_days_as_people_type_them(typed: str | None, days: int) -> None:
    assert read_days(typed) == days


@pytest.mark.parametrize("typed", ["0", "21", "-1", "two", "2.5", "9" * 40])
def test_other_days_are_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="from 1 to 20"):
        read_days(typed)
