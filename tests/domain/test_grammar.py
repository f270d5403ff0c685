"""Lines as people really type them, on phones and in a hurry, and what was understood."""

import re
import time as clock
from collections.abc import Callable
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import asks, calendar, dates, escalations, feedback, grammar, releases, words, zones
from domain.asks import read_ask, read_subscription, read_team
from domain.dates import Unclear
from domain.errors import BadInput
from domain.grammar import read_because, read_judged, read_move, read_named, read_new, read_owner, read_ship
from domain.words import Mention

TODAY = date(2026, 11, 21)
MARCH, FRIDAY = date(2027, 3, 12), date(2026, 11, 27)

MOVES = [
    ("Billing revamp to 12 March because vendor late", "Billing revamp", MARCH, "vendor late"),
    ("“Billing revamp” to 12 March because vendor late", "Billing revamp", MARCH, "vendor late"),
    ("„Billing revamp“ to 12 March since vendor late", "Billing revamp", MARCH, "vendor late"),
    ('"Billing revamp" 12 March, due to vendor', "Billing revamp", MARCH, "vendor"),
    ("'Billing revamp' to 12 March", "Billing revamp", MARCH, None),
    ("Billing revamp to 12 March", "Billing revamp", MARCH, None),
    ("Billing\u00a0revamp to 12\u00a0March – vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March — vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March - vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March: vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March : vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March, vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March reason: vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March Because vendor late.", "Billing revamp", MARCH, "vendor late."),
    ("Billing revamp to 12 March becuase vendor late", "Billing revamp", MARCH, "vendor late"),
    ("Billing revamp to 12 March because of vendor", "Billing revamp", MARCH, "vendor"),
    ("Billing revamp to 12.3.2027 b/c vendor", "Billing revamp", MARCH, "vendor"),
    ("Billing revamp to 2027-03-12 as agreed with legal", "Billing revamp", MARCH, "agreed with legal"),
    ("Billing revamp to Mar 12th, 2027 - R&amp;D busy", "Billing revamp", MARCH, "R&D busy"),
    ("Billing revamp -&gt; 12 March because x", "Billing revamp", MARCH, "x"),
    ("Billing revamp → 12 March because x", "Billing revamp", MARCH, "x"),
    ("Billing revamp 12 March because x", "Billing revamp", MARCH, "x"),
    ("Billing revamp on 12 March because x", "Billing revamp", MARCH, "x"),
    ("R-12 to Friday - vendor late", "R-12", FRIDAY, "vendor late"),
    ("r12 to friday vendor late", "r12", FRIDAY, "vendor late"),
    ("12 to next Friday: late", "12", FRIDAY, "late"),
    ("1.37 to 12 March because freeze", "1.37", MARCH, "freeze"),
    ("1.37 to 12 March, because: freeze", "1.37", MARCH, "freeze"),
    ("1.37 to 12.3. because freeze", "1.37", MARCH, "freeze"),
    ("SSO - phase 2 to 12 March: API late", "SSO - phase 2", MARCH, "API late"),
    ("Search as a service to 12 March because API", "Search as a service", MARCH, "API"),
    ("Move to cloud to 12 March because API", "Move to cloud", MARCH, "API"),
    ("Billing to 12 March because Usage moved to 1 March", "Billing", MARCH, "Usage moved to 1 March"),
    ("Billing because Usage moved to 1 March", "Billing", None, "Usage moved to 1 March"),
    ("Billing revamp because vendor late", "Billing revamp", None, "vendor late"),
    ("Billing revamp – vendor late", "Billing revamp", None, "vendor late"),
    ("Billing revamp to", "Billing revamp", None, None),
    ("Billing revamp", "Billing revamp", None, None),
    ("Billing revamp.", "Billing revamp", None, None),
    ('"Billing revamp" because vendor late', "Billing revamp", None, "vendor late"),
    ("Billing revamp to EOD because done", "Billing revamp", TODAY, "done"),
    ("Billing revamp to tomorrow because done", "Billing revamp", date(2026, 11, 22), "done"),
    ("Billing revamp to in 2 weeks because done", "Billing revamp", date(2026, 12, 5), "done"),
    ("to 12 March because x", None, MARCH, "x"),
    ("", None, None, None),
]


@pytest.mark.parametrize(("line", "name", "day", "reason"), MOVES)
def test_moves(line: str, name: str | None, day: date | None, reason: str | None) -> None:
    said = read_move(line, TODAY)
    assert (said.name, said.day, said.reason) == (name, day, reason)


@pytest.mark.parametrize(
    ("line", "name", "reason"),
    [
        ("Billing revamp to after the freeze because vendor", "Billing revamp", "vendor"),
        ("Billing revamp to some day - vendor", "Billing revamp", "vendor"),
        ("Billing revamp to H1 2027", "Billing revamp", None),
        ("“Billing revamp” to next sprint because vendor", "Billing revamp", "vendor"),
        ("Billing revamp to 31 February because vendor", "Billing revamp", "vendor"),
        ("Billing revamp to 3/4 because vendor", "Billing revamp", "vendor"),
        ("Billing revamp to Tuesday 23 Nov 2026 because vendor", "Billing revamp", "vendor"),
        ("Billing revamp to 12 Nov because vendor", "Billing revamp", "vendor"),
    ],
)
def test_what_was_understood_survives_an_unreadable_day(line: str, name: str, reason: str | None) -> None:
    with pytest.raises(BadInput) as wrong:
        read_move(line, TODAY)
    assert isinstance(wrong.value.partial, grammar.Said)
    assert (wrong.value.partial.name, wrong.value.partial.reason) == (name, reason)
    assert "date" in wrong.value.fields


NEWS = [
    ("Billing revamp 12 March", "Billing revamp", MARCH, None),
    ("Billing revamp 12 March for Payments", "Billing revamp", MARCH, "Payments"),
    ("Billing revamp on 12 March for the Payments team.", "Billing revamp", MARCH, "Payments"),
    ("“Billing revamp” 12 March", "Billing revamp", MARCH, None),
    ("“Billing revamp” on 12 March for Payments", "Billing revamp", MARCH, "Payments"),
    ("“Billing revamp” for Payments 12 March", "Billing revamp", MARCH, "Payments"),
    ("“Billing revamp” for Payments", "Billing revamp", None, "Payments"),
    ("“Billing revamp” Friday", "Billing revamp", FRIDAY, None),
    ("“Billing revamp”", "Billing revamp", None, None),
    ("Billing revamp", "Billing revamp", None, None),
    ("Billing revamp by Friday", "Billing revamp", FRIDAY, None),
    ("Billing revamp next Friday", "Billing revamp", FRIDAY, None),
    ("Billing revamp, Fri 27 Nov", "Billing revamp", FRIDAY, None),
    ("SSO for enterprise 12 March", "SSO for enterprise", MARCH, None),
    ("SSO for enterprise 12 March for Identity", "SSO for enterprise", MARCH, "Identity"),
    ("SSO for enterprise", "SSO for enterprise", None, None),
    ("Mobile 2.4", "Mobile 2.4", None, None),
    ("Mobile 2.4 12.3.2027", "Mobile 2.4", MARCH, None),
    ("Black Friday", "Black Friday", None, None),
    ("Project Tomorrow", "Project Tomorrow", None, None),
    ("1.38 2027-03-12", "1.38", MARCH, None),
    ("1.38 on 12.3.2027 for <#C1|team-x>", "1.38", MARCH, "<#C1|team-x>"),
    ("Audit log in 2 weeks for Trust", "Audit log", date(2026, 12, 5), "Trust"),
    ("Tom &amp; Jerry 12 March", "Tom & Jerry", MARCH, None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("line", "name", "day", "team"), NEWS)
def test_new_releases(line: str, name: str | None, day: date | None, team: str | None) -> None:
    said = read_new(line, TODAY)
    assert (said.name, said.day, said.team) == (name, day, team)


def test_a_last_for_is_a_second_reading_of_a_name() -> None:
    assert [(said.name, said.team) for said in read_new("SSO for enterprise", TODAY).readings()] == [
        ("SSO for enterprise", None),
        ("SSO", "enterprise"),
    ]


SHIPS = [
    ("1.37", ["1.37"], None),
    ("1.37 on 12 Nov", ["1.37"], date(2026, 11, 12)),
    ("1.37 12 Nov", ["1.37"], date(2026, 11, 12)),
    ("1.37 yesterday", ["1.37 yesterday", "1.37"], date(2026, 11, 20)),
    ("Billing today", ["Billing today", "Billing"], TODAY),
    ("Billing on Friday", ["Billing"], FRIDAY),
    ("Black Friday", ["Black Friday", "Black"], FRIDAY),
    ("“Billing revamp” today", ["Billing revamp"], TODAY),
    ("Billing revamp", ["Billing revamp"], None),
    ("SSO - phase 2", ["SSO - phase 2", "SSO"], None),
    ("Billing 20/11", ["Billing"], date(2026, 11, 20)),
]


@pytest.mark.parametrize(("line", "names", "day"), SHIPS)
def test_ships_and_their_other_readings(line: str, names: list[str], day: date | None) -> None:
    said = read_ship(line, TODAY)
    assert [reading.name for reading in said.readings()] == names
    assert said.day == day


@pytest.mark.parametrize(
    ("line", "readings"),
    [
        ("Billing because bug", [("Billing", "bug")]),
        ("Billing due to bug", [("Billing", "bug")]),
        ("“SSO - phase 2” - bug", [("SSO - phase 2", "bug")]),
        ("SSO - phase 2", [("SSO - phase 2", None), ("SSO", "phase 2")]),
        ("SSO - phase 2 because bug", [("SSO - phase 2", "bug")]),
        ("Search as a service", [("Search as a service", None), ("Search", "a service")]),
        ("Billing: bug", [("Billing: bug", None), ("Billing", "bug")]),
        ("Billing", [("Billing", None)]),
    ],
)
def test_a_doubtful_word_gives_the_longer_name_the_first_chance(line: str, readings: list[tuple[str, str | None]]) -> None:
    assert [(said.name, said.reason) for said in read_named(line).readings()] == readings


@pytest.mark.parametrize(
    ("line", "name", "health", "reason"),
    [
        ("Billing red because vendor late", "Billing", "red", "vendor late"),
        ("Billing revamp at risk", "Billing revamp", "amber", None),
        ("Billing is amber: API late", "Billing", "amber", "API late"),
        ("amber Billing", "Billing", "amber", None),
        ("“Billing” off track - x", "Billing", "red", "x"),
        ("Green energy green because fine", "Green energy", "green", "fine"),
        ("Amber Road Red.", "Amber Road", "red", None),
        ("Billing yellow since x", "Billing", "amber", "x"),
        ("Billing on track", "Billing", "green", None),
        ("Billing because bad", "Billing", None, "bad"),
        ("Billing", "Billing", None, None),
    ],
)
def test_health(line: str, name: str, health: str | None, reason: str | None) -> None:
    said = read_judged(line)
    assert (said.name, said.health, said.reason) == (name, health, reason)


@pytest.mark.parametrize(
    ("line", "name", "user"),
    [
        ("Billing <@U1|pia>", "Billing", Mention("U1", "pia")),
        ("Billing to <@U1>", "Billing", Mention("U1")),
        ("<@U1> for Billing", "Billing", Mention("U1")),
        ("“Billing revamp” @pia", "Billing revamp", Mention(None, "pia")),
        ("Billing", "Billing", None),
    ],
)
def test_owners(line: str, name: str, user: Mention | None) -> None:
    said = read_owner(line)
    assert (said.name, said.user) == (name, user)


ASKS = [
    ("Payments for refund API by 12 March", "Payments", "refund API", MARCH, None),
    ("Payments for refund API by 12 March for Billing", "Payments", "refund API for Billing", MARCH, "Billing"),
    ("Payments for X for Acme by 12 March for Billing", "Payments", "X for Acme for Billing", MARCH, "Billing"),
    ("Payments for invoices for Billing by 12 March", "Payments", "invoices for Billing", MARCH, "Billing"),
    ("“Payments and Invoicing” for refund API by Friday.", "Payments and Invoicing", "refund API", FRIDAY, None),
    ("the Payments team for refund API by Friday", "Payments", "refund API", FRIDAY, None),
    ("<#C1|team-pay> for refund API by Friday", Mention("C1", "team-pay"), "refund API", FRIDAY, None),
    ("<@U1|pia> refund API by 12.3. because web only", Mention("U1", "pia"), "refund API", MARCH, None),
    ("#team-pay for refund API by Friday", Mention(None, "team-pay"), "refund API", FRIDAY, None),
    ("Payments for hosting by region by 12 March", "Payments", "hosting by region", MARCH, None),
    ("Payments for refund API before 12 March", "Payments", "refund API", MARCH, None),
    ("Payments for refund API needed on 12 March", "Payments", "refund API needed", MARCH, None),
    ("Payments for refund API", "Payments", "refund API", None, None),
    ("Payments", "Payments", None, None, None),
    ("Payments by Friday", "Payments", None, FRIDAY, None),
    ("for refund API by Friday", None, "refund API", FRIDAY, None),
    ("", None, None, None, None),
]


@pytest.mark.parametrize(("line", "team", "what", "day", "release"), ASKS)
def test_asks(line: str, team: str | Mention | None, what: str | None, day: date | None, release: str | None) -> None:
    ask = read_ask(line, TODAY)
    assert (ask.team, ask.what, ask.day, ask.maybe_release) == (team, what, day, release)


def test_an_ask_without_its_release_keeps_the_rest() -> None:
    assert read_ask("Payments for X for Acme by 12 March for Billing", TODAY).what_if_release == "X for Acme"


def test_an_unclear_day_of_an_ask_keeps_the_rest() -> None:
    with pytest.raises(Unclear) as unclear:
        read_ask("Payments for refund API by 3/4 because web", TODAY)
    assert unclear.value.partial == asks.Ask("Payments", "refund API", reason="web")


SUBSCRIPTIONS = [
    ("every Monday at 9am in Berlin", 0, time(9), "Europe/Berlin"),
    ("every Monday 9am", 0, time(9), None),
    ("every monday at 9 am.", 0, time(9), None),
    ("weekly on Monday at 09:00", 0, time(9), None),
    ("weekly on Mon 09.00 in New York", 0, time(9), "America/New_York"),
    ("Mondays 9", 0, time(9), None),
    ("every week on Friday at 17h30 in India", 4, time(17, 30), "Asia/Kolkata"),
    ("Monday", 0, None, None),
    ("at 9", None, time(9), None),
    ("Mon 9:00 Europe/Berlin", 0, time(9), "Europe/Berlin"),
    ("every Monday at noon", 0, time(12), None),
    ("", None, None, None),
]


@pytest.mark.parametrize(("line", "weekday", "at", "zone"), SUBSCRIPTIONS)
def test_subscriptions(line: str, weekday: int | None, at: time | None, zone: str | None) -> None:
    said = read_subscription(line)
    assert (said.weekday, said.at, said.zone) == (weekday, at, zone)


@pytest.mark.parametrize(
    ("line", "field", "kept"),
    [
        ("every day at 9", "weekday", asks.Subscription(at=time(9))),
        ("every Mnday at 9", "weekday", asks.Subscription(at=time(9))),
        ("every Monday at 25", "time", asks.Subscription(weekday=0)),
        ("every Monday at 9 in CET", "zone", asks.Subscription(0, time(9))),
    ],
)
def test_an_unreadable_subscription_keeps_the_rest(line: str, field: str, kept: asks.Subscription) -> None:
    with pytest.raises(BadInput) as wrong:
        read_subscription(line)
    assert list(wrong.value.fields) == [field] and wrong.value.partial == kept


def test_teams() -> None:
    line = "Payments and Invoicing lead <@U1|pia> in Berlin holidays Germany hours 9-5"
    assert read_team(line) == asks.TeamLine("Payments and Invoicing", Mention("U1", "pia"), "Europe/Berlin", "DE", time(9), time(17))
    assert read_team("Women in Tech lead <@U1>").name == "Women in Tech"
    assert read_team("Lead Gen").name == "Lead Gen"
    assert read_team("“Built in Berlin” in London").zone == "Europe/London"
    with pytest.raises(BadInput) as wrong:
        read_team("Payments lead <@U1> in CET holidays Narnia")
    assert list(wrong.value.fields) == ["zone", "holidays"]
    assert wrong.value.partial == asks.TeamLine("Payments", Mention("U1"))


def test_because_splits_at_the_surest_word() -> None:
    assert read_because("SSO - phase 2 because late") == ("SSO - phase 2", "late")
    assert read_because("SSO – late") == ("SSO", "late")
    assert read_because("SSO") == ("SSO", None)
    assert read_because("SSO because: late") == ("SSO", "late")


READERS = [
    lambda text: dates.read_day(text, TODAY),
    lambda text: dates.read_day(text, TODAY, past=True),
    lambda text: read_move(text, TODAY),
    lambda text: read_new(text, TODAY),
    lambda text: read_ship(text, TODAY),
    lambda text: read_ask(text, TODAY),
    lambda text: words.number_of(text, "R"),
    *(read_named, read_judged, read_owner, read_because, read_subscription, read_team, asks.read_hours),
    *(words.read_time, words.read_weekday, words.read_user, words.read_channel, words.split_quoted, words.plain),
    *(zones.read_zone, calendar.country_code, releases.read_health, feedback.read_type, escalations.read_severity),
]
WORDS = (
    "to by for on because since as - : , . 12 March 3/4 2.4 Friday next in weeks 2027 29 Feb 31 <@U1|x> <#C1|y> at 9am every Monday"
    " lead hours 9-17 holidays DE Berlin CET red amber at risk is -> &gt; of the 12th 0 99 2026-02-30 1/1/1 // ² ٣ month q2 end “x” ' \""
)
PIECES = st.sampled_from(re.split(" ", WORDS))


def refusal(read: Callable[[str], object], text: str) -> BadInput | None:
    """What a reader refuses, if it does; anything but a sentence fails the test."""
    try:
        read(text)
    except BadInput as error:
        return error
    return None


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=10).map(" ".join)))
@settings(max_examples=150, deadline=None)
def test_no_text_raises_anything_but_a_sentence(text: str) -> None:
    for read in READERS:
        error = refusal(read, text)
        assert error is None or (error.sentence and all(error.fields.values()))


@pytest.mark.parametrize(
    "piece", ["a", "to a ", '"', "- ", "12 March ", "for x by 3 ", "<@U1|", "in Berlin ", "because ", "as a ", "<", "9", "red - ", "\n"]
)
def test_very_long_lines_cost_little_and_are_not_quoted_back(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    for read in READERS:
        started = clock.process_time()
        error = refusal(read, text)
        assert clock.process_time() - started < 1
        assert error is None or len(error.sentence) < 1_000


@pytest.mark.parametrize("quotes", ['""', "“”", "''"])
def test_empty_quotes_are_no_name_and_the_rest_is_read(quotes: str) -> None:
    said = read_new(f"{quotes} 12 March for Payments", TODAY)
    assert (said.name, said.day, said.team) == ("", date(2027, 3, 12), "Payments")
