"""Filters as people type them."""

from datetime import date

import pytest

from domain.errors import BadInput
from domain.feedback_filters import LONGEST, not_read, read_filters

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", ""),
        ("all feedback", ""),
        ("problems from Acme since March unlinked", "problems from Acme since Sun 1 Mar 2026, unlinked"),
        ("unlinked bugs since March for Acme", "problems from Acme since Sun 1 Mar 2026, unlinked"),
        ("bugs and requests about Billing", "problems and requests about Billing"),
        ("from New Relic declined", "from New Relic, declined"),
        ('churn risks from "Acme, Inc." this quarter', "churn risks from Acme, Inc. in Q4 2026"),
        ("problems from Acme GmbH & Co since yesterday", "problems from Acme GmbH & Co since Fri 20 Nov 2026"),
        ("problems from Acme GmbH &amp; Co", "problems from Acme GmbH & Co"),
        ("mine last week", "in week 46 of 2026, logged by you"),
        ("by me, new", "new, logged by you"),
        ("in March", "in March 2026"),
        ("in Billing", "about Billing"),
        ("from 1 March to 12 April", "1 Mar to 12 Apr 2026"),
        ("Questions, since Monday.", "questions since Mon 16 Nov 2026"),
        ("shipped for Acme", "from Acme, shipped"),
        ("not planned", "declined"),
        ("not linked", "unlinked"),
        ("same as", "same as another"),
        ("internal problems", "problems, internal"),
        ("signals", "signals"),
        ("“churn risk” from Acme", "churn risks from Acme"),
    ],
)
def test_what_was_typed_is_understood(typed: str, said: str) -> None:
    filters = read_filters(typed, TODAY)
    assert (filters.said, filters.loose) == (said, "")


def test_words_that_say_nothing_are_named_beside_what_was_understood() -> None:
    filters = read_filters("problems frobnicated since March", TODAY)
    assert filters.loose == "frobnicated"
    assert not_read(filters).startswith('I could not read "frobnicated". Understood: problems since Sun 1 Mar 2026.')


@pytest.mark.parametrize("typed", ["since tomorrow", "since blah", "since 31 Feb", "x" * (LONGEST + 1)])
def test_a_time_that_cannot_be_read_and_a_paste_are_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_filters(typed, TODAY)
