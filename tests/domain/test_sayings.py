"""What customers may be told: how a line is read, and how the words read with a date of their own."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadInput
from domain.sayings import LONGEST, in_full, may_ask, read_told, read_words
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
