"""How an escalation is drawn, with the longest and the emptiest words."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers import Message
from domain.calendar import WorkHours
from domain.escalations import Clock, Notice, Severity, State
from domain.sources import Source
from handlers.escalations import views
from handlers.escalations.views import Draft, EscalationCard
from playground.limits import check_message
from playground.limits_views import check_view
from tests.conftest import EPOCH

LONG = "<!channel> & <@U1> " + "w" * 40_000
HOUR = timedelta(hours=1)
BARE = EscalationCard(
    id=1,
    number=31,
    summary="x",
    severity=Severity.HIGH,
    state=State.RAISED,
    clock=Clock(Severity.HIGH, EPOCH, EPOCH + HOUR, EPOCH + 8 * HOUR),
    hours=WorkHours("Europe/Berlin"),
    now=EPOCH,
)
LONGEST = replace(
    BARE,
    summary=LONG[:3000],
    team=LONG[:80],
    owner="U1",
    customer=LONG[:200],
    release=LONG[:200],
    raised_by=LONG[:80],
    permalink="https://acme.slack.com/archives/C1/p1",
    owner_name=LONG[:80],
    taken_by=LONG[:80],
    cause=LONG[:2000],
    action=LONG[:2000],
    customer_words=LONG[:280],
    note=LONG[:200].replace("<", ""),
)
TAKEN = replace(LONGEST, state=State.ACKNOWLEDGED, clock=replace(BARE.clock, acknowledged_at=EPOCH + HOUR))
DONE = replace(TAKEN, state=State.RESOLVED, clock=replace(TAKEN.clock, resolved_at=EPOCH + 3 * HOUR))


def fits(message: Message) -> None:
    check_message(message.text, list(message.blocks), [])
    assert message.text.strip()
    assert "<!channel>" not in message.text
    assert len(json.dumps(list(message.blocks), separators=(",", ":"))) <= 9000
    assert len(message.blocks) <= 26


@pytest.mark.parametrize("shown", [BARE, LONGEST, TAKEN, DONE], ids=["bare", "longest", "taken", "done"])
def test_every_message_fits(shown: EscalationCard) -> None:
    for message in (
        views.card(shown),
        views.raised(shown),
        views.taken(shown),
        views.resolved(shown),
        views.updated(shown, LONG[:80], LONG[:2000]),
    ):
        fits(message)
    fits(views.raised_privately(shown, "C1", ""))
    fits(views.details(shown, [(LONG[:80], LONG[:2000], EPOCH)] * 5, "Europe/Berlin"))
    fits(views.listing([shown] * 12, 1000))
    for notice in Notice:
        fits(views.notice(shown, notice, ["U1", "U2"]))
    check_view(views.update_form(shown, {}), "modal")
    check_view(views.resolve_form(shown, {}), "modal")


@pytest.mark.parametrize("words", ["", LONG])
def test_the_form_fits_and_says_where_the_card_goes(words: str) -> None:
    for source in (Source(), Source("C1", "1.2", "1.1", "U1")):
        view = views.form(Draft(words, ("Payments · #pay", "Payments"), source, True, "C2", BARE.hours, "E-1 is there."), {})
        check_view(view, "modal")
        assert "The card with your words goes to the team’s channel; without a team to <#C2>." in json.dumps(view, ensure_ascii=False)


@pytest.mark.parametrize("severity", list(Severity))
def test_what_the_raiser_reads_in_a_thread_never_says_how_bad_it_is(severity: Severity) -> None:
    shown = replace(BARE, severity=severity, team="Payments", clock=replace(BARE.clock, severity=severity))
    for message in (views.raised(shown), views.taken(replace(TAKEN, severity=severity, raised_by="Sam"))):
        assert severity.value not in message.text.casefold()


def test_a_closed_card_is_two_lines() -> None:
    done = replace(DONE, summary="Acme cannot export", cause="An expired key", action="Renewed.")
    assert views.card(done).text.count("\n") == 1
    assert len(views.card(done).blocks) == 1
