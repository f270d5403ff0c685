from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.dates import Coarse, Unclear, read_day
from domain.errors import BadInput
from domain.nearest import fold, nearest
from domain.phrases import cut, say_ago, say_day, say_days, say_late, say_list, say_slip_change, say_time
from domain.words import Mention, number_of, plain, read_channel, read_time, read_user, read_weekday, split_quoted, tidy
from domain.zones import read_zone

TODAY = date(2026, 11, 21)  # a Saturday

READ = {
    "2027-03-12": "2027-03-12",
    "2027/03/12": "2027-03-12",
    "20270312": "2027-03-12",
    "12 March": "2027-03-12",
    "12 march.": "2027-03-12",
    "12th of March": "2027-03-12",
    "the 12th of March, 2027": "2027-03-12",
    "March 12": "2027-03-12",
    "March 12 2027": "2027-03-12",
    "Mar 12th, 2027": "2027-03-12",
    "12 Mar": "2027-03-12",
    "12mar": "2027-03-12",
    "12-Mar-27": "2027-03-12",
    "12 March ’27": "2027-03-12",
    "12 Febuary": "2027-02-12",
    "12. March": "2027-03-12",
    "12. März 2027": "2027-03-12",
    "am 3. Februar": "2027-02-03",
    "12 mrt": "2027-03-12",
    "12 maart 2027": "2027-03-12",
    "le 5 août": "2027-08-05",
    "1er mars 2027": "2027-03-01",
    "12 fevrier": "2027-02-12",
    "5 de marzo de 2027": "2027-03-05",
    "5 de março de 2027": "2027-03-05",
    "el 5 de mayo": "2027-05-05",
    "5 maggio 2027": "2027-05-05",
    "12 DÉCEMBRE": "2026-12-12",
    "5. maj 2027": "2027-05-05",
    "on 12\u00a0March": "2027-03-12",
    "12.3.2027": "2027-03-12",
    "12.03.27": "2027-03-12",
    "12.3.": "2027-03-12",
    "13/4": "2027-04-13",
    "4/13": "2027-04-13",
    "4/4": "2027-04-04",
    "13/04/2027": "2027-04-13",
    "Friday": "2026-11-27",
    "fri": "2026-11-27",
    "this Friday": "2026-11-27",
    "next Friday": "2026-11-27",
    "next Monday": "2026-11-23",
    "last Friday": "2026-11-20",
    "Thurs.": "2026-11-26",
    "Mon 23 Nov": "2026-11-23",
    "Friday, 12 March": "2027-03-12",
    "tomorrow": "2026-11-22",
    "tommorow": "2026-11-22",
    "day after tomorrow": "2026-11-23",
    "yesterday": "2026-11-20",
    "EOD": "2026-11-21",
    "today!": "2026-11-21",
    "in 2 weeks": "2026-12-05",
    "in two weeks": "2026-12-05",
    "in a week": "2026-11-28",
    "in 3 working days": "2026-11-25",
    "2 months from now": "2027-01-21",
    "the 12th": "2026-12-12",
    "１２ March": "2027-03-12",
    "Freitag": "2026-11-27",
    "am Sonnabend, 12. Dezember": "2026-12-12",
    "vendredi": "2026-11-27",
    "le vendredi 12 mars": "2027-03-12",
    "mardi 1er décembre": "2026-12-01",
    "el miércoles": "2026-11-25",
    "martes 1 de diciembre": "2026-12-01",
    "venerdì 12 marzo 2027": "2027-03-12",
    "op vrijdag": "2026-11-27",
    "sexta-feira": "2026-11-27",
    "terça-feira, 1 de dezembro": "2026-12-01",
    "lørdag 12. december": "2026-12-12",
    "nächsten Freitag": "2026-11-27",
    "am nächsten Freitag": "2026-11-27",
    "naechsten Freitag": "2026-11-27",
    "kommenden Freitag": "2026-11-27",
    "vendredi prochain": "2026-11-27",
    "le vendredi prochain": "2026-11-27",
    "próximo viernes": "2026-11-27",
    "el próximo viernes": "2026-11-27",
    "el viernes que viene": "2026-11-27",
    "viernes próximo": "2026-11-27",
    "venerdì prossimo": "2026-11-27",
    "il prossimo venerdì": "2026-11-27",
    "volgende vrijdag": "2026-11-27",
    "aanstaande vrijdag": "2026-11-27",
    "próxima sexta-feira": "2026-11-27",
    "sexta-feira que vem": "2026-11-27",
    "næste fredag": "2026-11-27",
    "nästa fredag": "2026-11-27",
    "neste fredag": "2026-11-27",
    "letzten Freitag": "2026-11-20",
    "vendredi dernier": "2026-11-20",
    "el viernes pasado": "2026-11-20",
    "Friday next week": "2026-11-27",
    "this coming Friday": "2026-11-27",
}


@pytest.mark.parametrize(("text", "day"), READ.items())
def test_days_as_people_say_them(text: str, day: str) -> None:
    assert read_day(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("3/4", ("2027-04-03", "2027-03-04")),
        ("3/4/2027", ("2027-04-03", "2027-03-04")),
        ("3–4", ("2027-04-03", "2027-03-04")),
        ("12 Nov", ("2027-11-12", "2026-11-12")),
        ("Saturday", ("2026-11-21", "2026-11-28")),
        ("29 Feb", ("2028-02-29", "2024-02-29")),
    ],
)
def test_two_readings_are_offered_and_not_guessed(text: str, choices: tuple[str, str]) -> None:
    with pytest.raises(Unclear) as unclear:
        read_day(text, TODAY, "day")
    assert tuple(day.isoformat() for day in unclear.value.choices) == choices
    assert all(say_day(day) in unclear.value.fields["day"] for day in unclear.value.choices)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("next Friday", ("2026-11-27", "2026-12-04")),
        ("nächsten Freitag", ("2026-11-27", "2026-12-04")),
        ("vendredi prochain", ("2026-11-27", "2026-12-04")),
        ("el próximo viernes", ("2026-11-27", "2026-12-04")),
        ("Friday", ("2026-11-27",)),
        ("kommenden Freitag", ("2026-11-27",)),
        ("el viernes que viene", ("2026-11-27",)),
        ("Friday next week", ("2026-12-04",)),
        ("Friday of next week", ("2026-12-04",)),
        ("next Tuesday", ("2026-12-01",)),
        ("next Monday", ("2026-11-30",)),
    ],
)
def test_next_friday_said_on_a_tuesday_is_asked_back(text: str, days: tuple[str, ...]) -> None:
    tuesday = date(2026, 11, 24)
    if len(days) == 1:
        assert read_day(text, tuesday) == date.fromisoformat(days[0])
        return
    with pytest.raises(Unclear, match="Which one") as unclear:
        read_day(text, tuesday)
    assert tuple(day.isoformat() for day in unclear.value.choices) == days


def test_a_weekday_settles_which_of_two_readings_is_meant() -> None:
    assert read_day("Saturday 3/4/2027", TODAY) == date(2027, 4, 3)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31 February", "There is no 31 February"),
        ("29 Feb 2027", "There is no 29 February in 2027"),
        ("31.4.2027", "There is no 31 April"),
        ("2026-02-30", "There is no 30 February"),
        ("2026-13-01", "no month 13"),
        ("12 March 3027", "year 3027 looks wrong"),
        ("Tue 23 Nov", "is not a Tuesday"),
        ("in 9999 months", "looks wrong"),
        ("", "No day was given"),
        ("after the freeze", 'I could not read "after the freeze" as a day'),
        ("9", "I could not read"),
    ],
)
def test_an_impossible_day_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_day(text, TODAY)


@pytest.mark.parametrize(
    "text", ["end of March", "mid Q2", "Q2 2027", "next sprint", "March 2027", "March", "next week", "early 2027", "EOM", "w47", "H1"]
)
def test_what_is_no_single_day_says_so(text: str) -> None:
    with pytest.raises(Coarse, match="is not one day"):
        read_day(text, TODAY)


def test_a_past_day_is_the_nearest_when_one_is_meant() -> None:
    assert read_day("12 Nov", TODAY, past=True) == date(2026, 11, 12)
    assert read_day("3 Dec", TODAY, past=True) == date(2026, 12, 3)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("9", 9),
        ("9am", 9),
        ("9 am", 9),
        ("09.00", 9),
        ("9:00", 9),
        ("at 9", 9),
        ("0900", 9),
        ("9h", 9),
        ("12am", 0),
        ("12pm", 12),
        ("5 p.m.", 17),
        ("noon", 12),
    ],
)
def test_times(text: str, at: int) -> None:
    assert read_time(text) == time(at)


@pytest.mark.parametrize("text", ["25", "9:60", "13pm", "", "nine", "99999"])
def test_no_time_is_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="09:00 or 9am"):
        read_time(text)


@pytest.mark.parametrize(("text", "number"), [("Monday", 0), ("mondays", 0), ("Tues", 1), ("WED", 2), ("thurs.", 3), ("Sunday", 6)])
def test_weekdays(text: str, number: int) -> None:
    assert read_weekday(text) == number


def test_a_misspelt_weekday_is_offered() -> None:
    with pytest.raises(BadInput, match="Did you mean Wednesday"):
        read_weekday("Wensday")


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("London.", "Europe/London"),
        ("India", "Asia/Kolkata"),
        ("Germany", "Europe/Berlin"),
        ("San Francisco", "America/Los_Angeles"),
        ("UTC", "UTC"),
    ],
)
def test_zones_by_city_and_country(text: str, zone: str) -> None:
    assert read_zone(text) == zone


@pytest.mark.parametrize(
    ("text", "offer"),
    [("CET", "Berlin"), ("est", "New York"), ("IST", "Kolkata"), ("USA", "Chicago"), ("Berln", "Berlin"), ("Zzyzx", "city")],
)
def test_an_offset_is_asked_back_with_cities(text: str, offer: str) -> None:
    with pytest.raises(BadInput, match=offer):
        read_zone(text)


def test_every_city_that_is_offered_can_be_read() -> None:
    from domain.zones import _OFFSETS, _SEVERAL

    for cities in (*_OFFSETS.values(), *_SEVERAL.values()):
        for city in cities:
            assert read_zone(city)


@pytest.mark.parametrize(
    ("text", "number"), [("R-12", 12), ("r12", 12), ("12", 12), ("#12", 12), ("R–12.", 12), ("F-12", None), ("1.24", None), ("R-", None)]
)
def test_short_numbers(text: str, number: int | None) -> None:
    assert number_of(tidy(text), "R") == number


def test_people_and_channels_as_slack_writes_them() -> None:
    assert read_user("<@U12|pia>") == Mention("U12", "pia")
    assert read_user("<@U12>") == Mention("U12")
    assert read_user("@pia") == Mention(None, "pia")
    assert read_channel("<#C9|team-payments>") == Mention("C9", "team-payments")
    with pytest.raises(BadInput, match="as a person"):
        read_user("<#C9|x>")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("“Billing revamp” to 12", ("Billing revamp", "to 12")),
        ("„Billing revamp“ x", ("Billing revamp", "x")),
        ("«Billing revamp» x", ("Billing revamp", "x")),
        ("'Bob’s plan' x", ("Bob's plan", "x")),
        ('"Billing revamp', (None, "Billing revamp")),
        ('"" x', (None, "x")),
        ("Billing", (None, "Billing")),
    ],
)
def test_quotes_of_every_phone(text: str, parts: tuple[str | None, str]) -> None:
    assert split_quoted(text) == parts


def test_escaped_text_is_read_as_it_was_written() -> None:
    assert plain("R&amp;D of <@U1|pia> in <#C1|x> &lt;3 <https://a.b|a.b>") == "R&D of @pia in #x <3 a.b"
    assert plain("&amp;lt;") == "&lt;"


@pytest.mark.parametrize(
    ("a", "b"), [("Billing  Revamp.", "billing revamp"), ("“SSO”", "sso"), ("Ｂilling", "billing"), ("Straße", "STRASSE")]
)
def test_names_that_are_the_same(a: str, b: str) -> None:
    assert fold(a) == fold(b)


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("bil", "Billing revamp"),
        ("revamp", "Billing revamp"),
        ("Biling revmap", "Billing revamp"),
        ("usge api", "Usage API"),
        ("regionl", "Regional hosting"),
    ],
)
def test_the_nearest_name_is_offered_first(word: str, first: str) -> None:
    assert nearest(word, ["Usage API", "Regional hosting", "Billing revamp", "SSO"])[0] == first


def test_nothing_near_is_nothing() -> None:
    assert nearest("zzzz", ["Billing"]) == [] and nearest("", ["Billing"]) == []


def test_how_things_are_said() -> None:
    assert say_day(date(2027, 3, 12)) == "Fri 12 Mar 2027"
    assert [say_days(n) for n in (5, 1, 0, -1, -2, None)] == [
        "+5 working days",
        "+1 working day",
        "as first planned",
        "1 working day early",
        "2 working days early",
        "no slip to count",
    ]
    assert say_late(5) == "5 working days late" and say_late(-2) == "2 working days early"
    assert say_slip_change(0, 5) == "slip 0 → +5 working days"
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    ago = [say_ago(now - timedelta(minutes=m), now) for m in (0, 1, 40, 60, 200, 1439, 1440, 3000)]
    assert ago == ["just now", "1 minute ago", "40 minutes ago", "1 hour ago", "3 hours ago", "23 hours ago", "1 day ago", "2 days ago"]
    assert say_time(now, "Europe/Berlin") == "Sat 21 Nov, 09:00 Berlin"
    assert say_list(["a", "b", "c"]) == "a, b and c"
    assert cut("x" * 61) == "x" * 59 + "…" and cut("a\nb") == "a b"
