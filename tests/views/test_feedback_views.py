"""How feedback is drawn, with the longest and the emptiest words."""

import json
from dataclasses import replace

import pytest

from bot.answers import Message
from domain.sources import Answering, Place, Source
from handlers.feedback import views, views_form, views_list, views_replies
from handlers.feedback.views import FeedbackCard
from handlers.feedback.views_form import Draft
from handlers.feedback.views_list import Page
from playground.limits import check_message
from playground.limits_views import check_view
from tests.conftest import EPOCH

LONG = "<!channel> & <@U1> " + "w" * 40_000
CARDS = {
    "empty": FeedbackCard(id=1, number=1, words=" ", type="request"),
    "long": FeedbackCard(
        id=10**9,
        number=10**6,
        words=LONG[:3000],
        type="churn risk",
        customer=LONG[:200],
        area=LONG[:75],
        release=LONG[:200],
        reporter="U1",
        supporters=40,
        channel="C1",
        permalink="https://acme.slack.com/archives/C1/p1",
        logged_at=EPOCH,
        may_undo=True,
    ),
}
PLACES = [Place("C1", answering, is_public) for answering in Answering for is_public in (True, False)]


def fits(message: Message) -> None:
    check_message(message.text, list(message.blocks), [])
    assert message.text.strip()
    assert "<!channel>" not in message.text
    assert len(json.dumps(list(message.blocks), separators=(",", ":"))) <= 9000
    assert len(message.blocks) <= 26


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_every_message_fits(card: FeedbackCard) -> None:
    for message in (views_replies.logged(card), views_replies.gone(card), views.card(card, "Europe/Berlin", LONG[:500])):
        fits(message)
    many = replace(card, members=8, customers=6)
    fits(views_list.card(many, "Europe/Berlin", "", [card] * 5, undo=1))
    for by, at in (("list", 0), ("search", 990)):
        page = Page(by, LONG[:300], [many] * 10, 1000, "Europe/Berlin", at, is_more=True, said=LONG[:400])
        fits(views_list.listing(page, LONG[:200], ["invoice", "invoices"]))
    for place in PLACES:
        fits(views_replies.logged_privately(card, place, has_message=True))


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_form_fits_and_says_who_will_see_the_answer(card: FeedbackCard, place: Place) -> None:
    for words, known, source in (("", None, Source("C1")), (LONG, None, Source("C1", "1.2", "1.1", "U1")), ("", card, Source("C1", "1.2"))):
        view = views_form.form(Draft(words, card.area, source, place, known), {"channel": "C1", "response_url": "https://example.com"})
        check_view(view, "modal")
        said = view["blocks"][-1]["elements"][0]["text"]
        assert ("Only you will see the answer" in said) is (source.ts is None or not place.may_answer)
    check_view(views_form.edit(card, ("Billing", "1"), ("Export", "2"), {}), "modal")


@pytest.mark.parametrize("type", ["problem", "request", "praise", "question", "churn risk"])
def test_an_answer_in_a_thread_never_says_what_kind_it_is(type: str) -> None:
    message = views_replies.logged(FeedbackCard(id=1, number=214, words="w", type=type, customer="Acme", area="Export", supporters=2))
    assert message.text == "Logged as F-214 for Acme, by two people."
    assert type not in json.dumps(message.wire()).casefold().replace("feedback:", "")
