"""How the queue, its forms and the report are drawn, with the longest and the emptiest words."""

import json
from dataclasses import replace
from datetime import date

import pytest

from domain.triage import Share
from handlers.triage import views, views_forms, views_report
from handlers.triage.views import Piece, Queue, Waiting
from handlers.triage.views_report import Report, Row
from playground.limits import check_message
from playground.limits_views import check_view
from tests.conftest import EPOCH
from tests.views.test_feedback_views import LONG, fits

HARD_STOP = 12_000
ZONE = "Europe/Berlin"
WORST = Piece(
    id=10**9, number=10**6, words=LONG, whose="&" * 200, type="churn risk", area="<" * 75, came_at=EPOCH, is_back=True,
    unsolved=">" * 200, asked=views.said_back(EPOCH, ZONE, "&" * 200, LONG), taken_by="&" * 200,
)  # fmt: skip
EMPTY = Piece(id=1, number=1, words=" ", whose="", type="request", area="", came_at=EPOCH)


@pytest.mark.parametrize("piece", [WORST, EMPTY], ids=["worst", "empty"])
@pytest.mark.parametrize("total", [0, 1, 51, 1001])
def test_a_queue_fits(piece: Piece, total: int) -> None:
    pieces = [piece] * min(total, views.PAGE)
    at = views.PAGE if total > 1 else 0
    shown = Queue(7, "&" * 200, pieces, total, 400, [replace(piece, is_mine=True), piece, piece], 900, 2, ZONE, at, "&" * 200)
    message = views.queue(shown)
    check_message(message.text, list(message.blocks), [])
    assert len(json.dumps(list(message.blocks), separators=(",", ":"))) <= HARD_STOP  # names of nothing but signs that are written out
    plain = replace(piece, whose="Bluebird Foods", area="Payments", unsolved="Billing revamp", asked="", taken_by="Pia Marsh")
    fits(views.queue(replace(shown, team="Payments", pieces=[plain] * len(pieces), taken=[plain] * 3)))
    check_view(views_forms.ask_back(piece.number, piece.words, LONG[:200], {}), "modal")
    check_view(views_forms.move(piece.number, piece.words, LONG[:200], LONG[:200], {}), "modal")
    fits(views_forms.asked(piece.number, LONG[:100], LONG[:1000], views.value(1), "1:2"))
    fits(views_forms.moved(piece.number, LONG[:200], 3))
    for is_private in (True, False):
        fits(views_forms.question(1, "U1", LONG[:100], LONG[:1000], is_private=is_private, link="https://example.com/1"))


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
def test_a_choice_of_teams_and_a_report_fit(count: int) -> None:
    waiting = [Waiting(n, "&" * 200, 1001, 400) for n in range(count)]
    fits(views.choice(waiting))
    weeks = [Share(10**4, 10**4, 10**4)] * 4
    mondays = [date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21), date(2026, 12, 28)]
    rows = [Row(each.team_id, each.team, weeks, each) for each in waiting]
    for at in (0, 8):
        fits(views_report.report(Report(rows, mondays, 2, EPOCH, ZONE, at if count > 8 else 0)))
