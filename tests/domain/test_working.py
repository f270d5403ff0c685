"""Working time as people write it: days off a line each, countries, weekdays; and that a coarse date ends with the last of them."""

from datetime import date, time
from types import SimpleNamespace

import pytest

from domain.calendar import WorkCalendar, is_working_day
from domain.errors import BadInput
from domain.spans import month_of, quarter_of, week_of
from domain.standing import ends_on
from domain.working import (
    Working,
    calendar_of,
    keep,
    read_countries,
    read_days_off,
    read_kept,
    read_weekdays,
    say_weekdays,
    write_days_off,
)

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("line", "days", "name"),
    [
        ("24 Dec 2026 Christmas Eve", ["2026-12-24"], "Christmas Eve"),
        ("2026-12-24, Heiligabend", ["2026-12-24"], "Heiligabend"),
        ("24.12.2026: Office closed", ["2026-12-24"], "Office closed"),
        ("Fri 25 Dec 2026 - Office move", ["2026-12-25"], "Office move"),
        ("24 Dec", ["2026-12-24"], "Day off"),
        ("1 May 2027\tLabour Day", ["2027-05-01"], "Labour Day"),
        ("30 Dec 2026 to 1 Jan 2027 Winter break", ["2026-12-30", "2026-12-31", "2027-01-01"], "Winter break"),
        ("24 Dec – 25 Dec break", ["2026-12-24", "2026-12-25"], "break"),
        ("24 Dec 2026 <!channel> & <b>", ["2026-12-24"], "<!channel> & <b>"),
        ("24 Dec 2026 " + "x" * 300, ["2026-12-24"], "x" * 59 + "…"),
    ],
)
def test_a_line_is_a_date_and_a_name(line: str, days: list[str], name: str) -> None:
    found = read_days_off(line, TODAY)
    assert [day.on.isoformat() for day in found] == days
    assert {day.name for day in found} == {name}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Xmas", 'Line 1, "Xmas": I could not read a date in it. Write 24 Dec 2026 Christmas Eve. Nothing was saved.'),
        ("24 Dec 2026 Eve\n\nparty", 'Line 3, "party": I could not read a date in it.'),
        ("31 Feb 2027 Carnival", 'Line 1, "31 Feb 2027 Carnival": There is no 31 February. Nothing was saved.'),
        ("3/4 Spring", '"3/4" can be Sat 3 Apr 2027 or Thu 4 Mar 2027. Write its month as a word. Nothing was saved.'),
        ("26 Dec 2026 to 24 Dec 2026", "Thu 24 Dec 2026 is before Sat 26 Dec 2026."),
        ("1 Jan 2027 to 1 Aug 2027", "That is more than two months."),
        ("a\nb\nc", "2 more lines could not be read. Nothing was saved."),
        ("x" * 40_000, "I could not read a date in it."),
        ("24 Dec 2026\n" * 20_000, "That are 20,000 lines; at most 200 days off."),
        (
            "\n".join(f"{n} Jan {year} to {n + 20} Feb {year}" for year in range(2027, 2034) for n in (1, 2)),
            "That are 371 days off; at most",
        ),
    ],
)
def test_a_bad_line_is_named(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as wrong:
        read_days_off(text, TODAY)
    assert sentence in wrong.value.fields["days_off"]
    assert len(wrong.value.fields["days_off"]) < 300


@pytest.mark.parametrize("text", ["", "  \n ,;\n", "\u00a0"])
def test_nothing_is_no_day_off(text: str) -> None:
    assert read_days_off(text, TODAY) == []


def test_what_is_kept_is_shown_and_read_again() -> None:
    found = read_days_off("28 Dec 2026 to 29 Dec 2026 Winter break\n24 Dec 2026 Eve", TODAY)
    kept = keep(found)
    assert kept == "2026-12-24 Eve\n2026-12-28 Winter break\n2026-12-29 Winter break"
    assert read_days_off(write_days_off(kept), TODAY) == read_kept(kept)


@pytest.mark.parametrize(
    ("text", "kept"), [("Germany, us", "DE,US"), ("DE and US-CA", "DE,US-CA"), ("uk; UK", "GB"), ("none", ""), ("", ""), ("de-by", "DE-BY")]
)
def test_countries(text: str, kept: str) -> None:
    assert read_countries(text) == kept


@pytest.mark.parametrize("text", ["DE, Atlantis", ",".join(["DE"] * 21), "x" * 40_000, "<!channel>"])
def test_countries_that_there_are_not(text: str) -> None:
    with pytest.raises(BadInput) as wrong:
        read_countries(text)
    assert len(wrong.value.fields["holidays"]) < 300


@pytest.mark.parametrize(
    ("ticked", "words"),
    [
        ("01234", "Monday to Friday"), ("60123", "Sunday to Thursday"), ("0123456", "every day"), ("024", "Monday, Wednesday and Friday"),
        ("56", "Saturday and Sunday"), ("6", "Sunday"), ("9x3", "Thursday"),
    ],
)  # fmt: skip
def test_weekdays(ticked: str, words: str) -> None:
    assert say_weekdays(read_weekdays(ticked)) == words


def test_no_weekday_is_refused() -> None:
    with pytest.raises(BadInput, match="Tick at least one day"):
        read_weekdays([])


def test_working_time_counts_and_says_itself() -> None:
    there = Working("Asia/Jerusalem", time(8), time(16), "IL,US", "01236", "2026-12-24 Eve")
    assert there.words == "08:00 to 16:00, Sunday to Thursday, holidays of IL and US, 1 company day off, Jerusalem"
    assert calendar_of(there) == WorkCalendar(("IL", "US"), frozenset({date(2026, 12, 24)}), (0, 1, 2, 3, 6))


def release(on: date, precision: str) -> SimpleNamespace:
    return SimpleNamespace(target_on=on, precision=precision)


@pytest.mark.parametrize(
    ("on", "precision", "plain", "there"),
    [
        (month_of(date(2026, 12, 1)), "month", "2026-12-31", "2026-12-23"),
        (quarter_of(date(2026, 12, 1)), "quarter", "2026-12-31", "2026-12-23"),
        (month_of(date(2027, 4, 1)), "month", "2027-04-30", "2027-04-29"),
        (week_of(date(2026, 11, 25)), "week", "2026-11-27", "2026-11-26"),
        (date(2026, 11, 27), "day", "2026-11-27", "2026-11-27"),  # said as a day, it is that day
    ],
)
def test_a_coarse_date_ends_with_its_last_working_day(on: date, precision: str, plain: str, there: str) -> None:
    off = read_days_off("24 Dec 2026 to 31 Dec 2026 Winter break", TODAY)
    cal = calendar_of(Working(weekdays="01236", days_off=keep(off)))
    assert ends_on(release(on, precision)) == date.fromisoformat(plain)
    assert ends_on(release(on, precision), cal) == date.fromisoformat(there)
    assert precision == "day" or is_working_day(date.fromisoformat(there), cal)
