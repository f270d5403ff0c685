"""What customers may be told: how a line is read, and how the words read with a date of their own."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.sayings import LONGEST, NO_DATE, NO_MORE, SOONER, STAYS, in_full, may_ask, read_told, read_words, still_true
from domain.spans import written

TODAY = date(2026, 11, 21)

LINES = [
    ('Billing revamp "Planned for 2027."', "Billing revamp", "Planned for 2027.", None),
    ("Billing revamp “Planned for 2027.”", "Billing revamp", "Planned for 2027.", None),
    ("Billing revamp «Geplant für 2027.»", "Billing revamp", "Geplant für 2027.", None),
    ('"Billing revamp" "It is — coming"', "Billing revamp", "It is — coming", None),
    ('"Billing revamp": soon', "Billing revamp", "soon", None),
    ("“Billing revamp” - soon", "Billing revamp", "soon", None),
    ('Billing revamp: "soon"', "Billing revamp", "soon", None),
    ('R-12 "soon"', "R-12", "soon", None),
    ('Billing revamp "soon" for Q2 2027', "Billing revamp", "soon", "2027-Q2"),
    ('Billing revamp "soon" in March 2027.', "Billing revamp", "soon", "2027-03"),
    ('Billing revamp "soon", by 12 March 2027', "Billing revamp", "soon", "2027-03-12"),
    ('Billing revamp "We call it "Two" here"', "Billing revamp", 'We call it "Two" here', None),
    ('Billing revamp "unclosed words', "Billing revamp", "unclosed words", None),
    ('2.4: Billing "soon"', "2.4: Billing", "soon", None),
    ('Billing revamp "see &lt;here&gt; &amp; there"', "Billing revamp", "see <here> & there", None),
    ("Billing revamp", "Billing revamp", "", None),
    ('Billing revamp ""', "Billing revamp", "", None),
    ("", None, "", None),
]


@pytest.mark.parametrize(("line", "name", "words", "on"), LINES)
def test_a_line_as_people_type_it(line: str, name: str | None, words: str, on: str | None) -> None:
    assert (name, words, on) in [(told.name, told.words, written(told.on)) for told in read_told(line, TODAY)]


def test_the_longest_name_comes_first() -> None:
    assert [told.name for told in read_told('Project "X" "soon"', TODAY)] == [
        'Project "X',
        "Project",
    ]  # a quote at an end counts for nothing
    assert [told.name for told in read_told("Project: next: soon", TODAY)] == ["Project: next: soon", "Project: next", "Project"]


def test_a_date_that_cannot_be_read_keeps_the_words() -> None:
    (told,) = read_told('Billing revamp "soon" by whenever', TODAY)
    assert (told.words, told.on) == ("soon", None)
    assert "whenever" in told.unread


@given(st.text(max_size=300))
def test_every_line_has_a_reading_and_every_name_stands_at_its_beginning(line: str) -> None:
    readings = read_told(line, TODAY)
    assert readings
    assert all(len(told.name or "") <= len(line) for told in readings)


@given(st.text(max_size=LONGEST))
def test_words_are_kept_as_they_are(words: str) -> None:
    kept = read_words(words)
    assert kept == words.replace("\x00", "").strip()


def test_too_many_words_say_how_many() -> None:
    assert read_words("x" * LONGEST)
    with pytest.raises(BadInput, match="has at most 500 characters; this has 501"):
        read_words("x" * (LONGEST + 1))


@pytest.mark.parametrize(
    ("words", "on", "precision", "full"),
    [
        ("Soon.", None, "quarter", "Soon."),
        ("One bill", date(2027, 6, 30), "quarter", "One bill. Planned for Q2 2027."),
        ("One bill!", date(2027, 3, 31), "month", "One bill! Planned for March 2027."),
        ("One bill.", date(2027, 3, 12), "week", "One bill. Planned for the week of 8 Mar 2027."),
        ("One bill.", date(2027, 3, 12), "day", "One bill. Planned for Fri 12 Mar 2027."),
    ],
)
def test_words_with_a_date_of_their_own(words: str, on: date | None, precision: str, full: str) -> None:
    assert in_full(SimpleNamespace(words=words, target_on=on, precision=precision)) == full


def test_an_owner_is_asked_once_a_week() -> None:
    asked_at = datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert may_ask(None, asked_at)
    assert not may_ask(asked_at, asked_at + timedelta(days=7, seconds=-1))
    assert may_ask(asked_at, asked_at + timedelta(days=7))


@pytest.mark.parametrize(
    ("words", "on", "says"),
    [
        ("Planned for the first half of 2027.", "2027-06-30", STAYS),
        ("Planned for the first half of 2027.", "2027-07-01", NO_MORE),
        ("Coming in H2 2027", "2027-06-30", SOONER),
        ("2027 H1, for all regions", "2027-03-12", STAYS),
        ("We plan it for Q2 2027 (Europe first).", "2027-06-30", STAYS),
        ("We plan it for Q2 2027 (Europe first).", "2027-07-02", NO_MORE),
        ("By March 2027 you can try it", "2027-01-12", STAYS),
        ("By March 2027 you can try it", "2027-04-01", NO_MORE),
        ("Available on 5 March 2027.", "2027-03-12", NO_MORE),
        ("It comes in May", "2027-05-20", STAYS),
        ("It may come", "2027-05-20", NO_DATE),
        ("One bill for all regions.", "2027-05-20", NO_DATE),
        ("Not before Q3 2027", "2027-05-20", NO_DATE),
        ("Some time in 2027", "2027-12-31", STAYS),
        ("Some time in 2027", "2028-01-03", NO_MORE),
        ("Beta in Q1 2027, everyone in Q3 2027", "2027-09-30", STAYS),
    ],
)
def test_a_day_is_held_against_what_customers_were_told(words: str, on: str, says: str) -> None:
    told = SimpleNamespace(words=words, target_on=None, precision="quarter", said_at=datetime(2026, 11, 20, tzinfo=UTC))
    assert still_true(told, date.fromisoformat(on), TODAY) == says


@pytest.mark.parametrize(
    ("precision", "on", "says"), [("quarter", "2027-03-31", STAYS), ("month", "2027-04-01", NO_MORE), ("day", "2027-03-11", SOONER)]
)
def test_a_date_beside_the_words_wins(precision: str, on: str, says: str) -> None:
    told = SimpleNamespace(words="Soon. Planned for 2030.", target_on=date(2027, 3, 12), precision=precision, said_at=None)
    assert still_true(told, date.fromisoformat(on), TODAY) == says


@given(st.text(max_size=200))
def test_any_words_are_held_against_a_day(words: str) -> None:
    told = SimpleNamespace(words=words, target_on=None, precision="quarter", said_at=None)
    assert still_true(told, TODAY, TODAY) in (STAYS, NO_MORE, SOONER, NO_DATE)
