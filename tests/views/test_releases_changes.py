"""Answers, notices and forms about changes of a release: within Slack's limits, complete in words, and safe whatever people typed."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.answers import Message
from domain.releases import Hit, Waiting
from handlers.releases import views, views_forms
from handlers.releases.views import Affected, Promise, Shown, Undo
from handlers.releases.views_forms import Draft
from playground.limits import check_message
from playground.limits_views import check_view

DAY = date(2027, 3, 12)
NAMES = ["Billing revamp", "<!channel> & <@U_PM>", "x" * 200, "発売 🚀" * 30, '*bold* _it_ `code` "quoted"']
UNDO = Undo(12, datetime(2026, 11, 21, 8, 5, tzinfo=UTC), "Europe/Berlin")


def affected(name: str) -> Affected:
    waiting = Waiting(name, name, date(2027, 3, 9))
    return Affected(
        hits=[Hit(waiting, 3)] * 40, waiting=[waiting] * 40, undated=[name] * 40, promises=[Promise(name, name, DAY)] * 40, people=9
    )


def messages(name: str) -> dict[str, Message]:
    release = Shown(1, 12, name)
    return {
        "changed": views.changed(release, "moves to *Fri 12 Mar 2027*.", name, reason=name * 5, affected=affected(name), undo=UNDO),
        "which day": views.which_day("Which one?", [DAY, date(2027, 4, 3)], {"do": "new", "name": name, "reason": name * 50}),
        "ship or move": views.ship_or_move(release, DAY, date(2026, 11, 21), name * 5),
        "taken back": views.taken_back(release, "is open again"),
        "following": views.following(release, is_new=True),
        "not following": views.not_following(release, was=True),
        "notice": views.notice(release, "is cancelled.", f"{name} cancelled it.", reason=name * 5, opening="Correction: "),
        "owner's": views.owners_notice(release, "is cancelled.", f"{name} cancelled it.", reason=name * 5, undo=UNDO),
        "undone": views.undone_by_owner(release, "is open again", name),
        "told now": views.told_now(release, 3),
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_message_is_one_that_slack_takes(name: str) -> None:
    for what, message in messages(name).items():
        check_message(message.text, list(message.blocks), None)
        assert len(json.dumps(list(message.blocks), ensure_ascii=False, separators=(",", ":"))) < 9000, what
        assert len(message.text) < 3500, what


def test_no_word_of_a_person_is_live() -> None:
    for what, message in messages(NAMES[1]).items():
        live = [message.text, *(text["text"] for text in found(list(message.blocks), "mrkdwn"))]
        assert not [text for text in live if "<!" in text or "<@" in text], what


def test_the_first_line_says_the_release_and_what_is_true_of_it() -> None:
    assert messages("Billing revamp")["changed"].text.splitlines()[0] == "Billing revamp moves to Fri 12 Mar 2027."
    assert messages("Billing revamp")["notice"].text.splitlines()[0] == "Correction: Billing revamp is cancelled."


def test_who_is_affected_is_cut_and_counted() -> None:
    lines = views.affected_lines(affected("Mobile"))
    assert lines[0] == "Mobile waits for Mobile by Tue 9 Mar 2027: 3 working days short"
    assert lines[-3:] == [
        "115 more are affected",
        "Without a day, it is waited for by Mobile, Mobile, Mobile and 37 more",
        "9 people will be told in 5 minutes, or when they chose",
    ]


def test_what_a_button_cannot_carry_is_left_for_the_form() -> None:
    message = views.ship_or_move(Shown(1, 12, "Billing"), DAY, DAY, '"' * 1500)
    (actions,) = [block for block in message.blocks if block["type"] == "actions"]
    assert json.loads(actions["elements"][0]["value"])["reason"] == ""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize(
    "form",
    [
        views_forms.move,
        views_forms.ship,
        views_forms.roll_back,
        views_forms.cancel,
        views_forms.judge,
        views_forms.own,
        views_forms.follow,
        views_forms.unfollow,
        views_forms.new,
    ],
)
def test_every_form_is_one_that_slack_takes(form: Any, known: bool, name: str) -> None:
    full = Draft(
        release=Shown(1, 12, name) if known else None,
        name=name,
        on=DAY,
        reason=name * 20,
        kind="vendor",
        health="amber",
        owner="U_PM",
        team="1",
        teams=[(name, "1"), ("Mobile", "2")],
        note=name,
        preview=[name] * 7,
    )
    for draft in (full, Draft(release=full.release)):
        view = form(draft, {"channel": "C_PAY", "response_url": "https://example.com/x"})
        check_view(view, "modal")
        live = [text["text"] for text in found(view["blocks"], "mrkdwn")]
        assert not [text for text in live if "<!" in text or "<@" in text]


def test_picking_a_day_changes_no_field_of_the_form() -> None:
    release = Shown(1, 12, "Billing revamp")
    before = views_forms.move(Draft(release), {})
    after = views_forms.move(Draft(release, on=DAY, preview=["Slip 0 → +5 working days"]), {})
    assert [block.get("block_id") for block in before["blocks"]] == [block.get("block_id") for block in after["blocks"]]


def found(part: Any, kind: str) -> list[dict[str, Any]]:
    """Every text object of a kind, however deep."""
    if isinstance(part, list):
        return [text for each in part for text in found(each, kind)]
    if not isinstance(part, dict):
        return []
    here = [part] if part.get("type") == kind else []
    return here + [text for value in part.values() for text in found(value, kind)]
