"""How the weekly question is drawn, with none, one, eight and fifty-one releases, and with the longest names."""

import json
from datetime import date

import pytest

from bot.answers import Message
from domain.checkins import Outcome
from handlers.checkins import views
from handlers.checkins.views import Answering, Asked, Confirmations, Question
from playground.limits import check_message
from playground.limits_views import check_view
from tests.conftest import EPOCH

TODAY = date(2026, 12, 3)
LONG = "<!channel> & <@U1> " + "w" * 400


def asked(n: int, result: Outcome = Outcome.WAITS, name: str = "", on: date | None = date(2026, 12, 7)) -> Asked:
    detail = "+62 working days · Amber: at risk · not confirmed for 218 days"
    return Asked(10**6 + n, name or f"Release {n}", "Mon 7 Dec 2026", on, result, detail, "still right, Mon 7 Dec 2026")


def a_question(*rows: Asked, first: int = 0) -> Question:
    return Question(10**6, rows, first, TODAY, EPOCH, "Europe/Berlin", 3)


def labels(message: Message) -> list[str]:
    return [element["text"]["text"] for block in message.blocks if block["type"] == "actions" for element in block["elements"]]


def fits(message: Message, most: int = 9000) -> None:
    check_message(message.text, list(message.blocks), [])
    shown = [block["text"]["text"] for block in message.blocks if block["type"] == "section"]
    assert "<!channel>" not in "\n".join([message.text, *shown])
    assert len(json.dumps(list(message.blocks), separators=(",", ":"))) <= most
    assert len(message.blocks) <= 26


@pytest.mark.parametrize("waiting", [0, 1, 8, 9, 51])
@pytest.mark.parametrize("answered", [0, 1, 51])
def test_it_fits(waiting: int, answered: int) -> None:
    if not waiting and not answered:
        waiting = 1_000  # nobody is asked about nothing
    rows = [*(asked(n) for n in range(waiting)), *(asked(10_000 + n, Outcome.CONFIRMED) for n in range(answered))]
    fits(views.question(a_question(*rows)))


def test_it_fits_with_the_longest_names() -> None:
    rows = [*(asked(n, name=LONG) for n in range(9)), *(asked(100 + n, Outcome.CONFIRMED, name=LONG) for n in range(40))]
    fits(views.question(a_question(*rows)), most=12_000)


def test_the_first_line_says_how_many_and_the_text_says_all_of_them() -> None:
    message = views.question(a_question(asked(1), asked(2)))
    assert message.text == "Are these 2 dates still right?\nRelease 1, Mon 7 Dec 2026\nRelease 2, Mon 7 Dec 2026"
    assert views.question(a_question(asked(1))).text.startswith("Is this date still right?\n")


def test_what_stands_beside_each() -> None:
    far, near, past = asked(1, on=date(2027, 3, 5)), asked(2), asked(3, on=date(2026, 12, 2))
    assert labels(views.question(a_question(far))) == ["Still right", "At risk", "Move"]
    assert labels(views.question(a_question(near))) == ["Still right", "Shipped", "At risk", "Move"]
    assert labels(views.question(a_question(past))) == ["Shipped", "At risk", "Move"]


def test_all_still_right_is_for_those_shown_whose_day_is_not_past() -> None:
    rows = [asked(1), asked(2, on=date(2026, 12, 2)), *(asked(n) for n in range(3, 12))]
    buttons = [element for block in views.question(a_question(*rows)).blocks for element in block.get("elements", ())]
    everything = next(button for button in buttons if button.get("action_id") == "checkins:confirm:all")
    assert everything["value"].split() == [str(10**6), *(str(10**6 + n) for n in (1, 3, 4, 5, 6, 7, 8))]


def test_fifty_one_are_turned_over_eight_at_a_time() -> None:
    rows = [asked(n) for n in range(51)]
    last = [labels(views.question(a_question(*rows, first=first)))[-1] for first in (0, 8, 40, 48)]
    assert last == ["Next 8", "Next 8", "Next 3", "First 8"]
    assert "49 to 51 of 51" in json.dumps(views.question(a_question(*rows, first=48)).wire())


def test_an_answered_question_shrinks() -> None:
    message = views.question(a_question(asked(1, Outcome.CONFIRMED), asked(2, Outcome.MOVED)))
    assert message.text.startswith("All 2 answered. Thank you.\n• Release 1: still right, Mon 7 Dec 2026")
    assert len(message.blocks) == 3
    assert labels(message) == []


def test_the_reminder_names_some_and_counts_the_rest() -> None:
    message = views.reminder([asked(n) for n in range(9)])
    assert message.text.startswith("9 dates still need your word: Release 0, Release 1, Release 2, Release 3 and 5 more.")
    fits(views.reminder([asked(n, name=LONG) for n in range(9)]))


def test_the_list_of_answers_fits() -> None:
    people = [Answering(f"U{n}", LONG, EPOCH, 51, n % 2, EPOCH, None) for n in range(2000)]
    fits(views.confirmations(Confirmations(people, 3, 4, views.rhythm_words(3, EPOCH.time()), "UTC")))
    empty = views.confirmations(Confirmations([], 0, 0, views.rhythm_words(3, EPOCH.time()), "UTC"))
    assert empty.text.startswith("Nobody was asked in the last 7 days.\nThere are no open releases.")
    check_view(views.rhythm_form(3, EPOCH.time(), {}, LONG), "modal")
