"""What people write behind the bot's name, and what they want by it."""

import pytest

from domain.mentions import Wish, read_mention

ASKED = [
    ("<@B> status Billing revamp", Wish.STATUS, "Billing revamp"),
    ("<@B> Status of Billing revamp?", Wish.STATUS, "Billing revamp"),
    ("<@B>: status", Wish.STATUS, ""),
    ("<@B>, how is Billing revamp doing?", Wish.STATUS, "Billing revamp"),
    ("hey <@B> where are we with Billing revamp", Wish.STATUS, "Billing revamp"),
    ("<@B> is Billing revamp on track?", Wish.STATUS, "Billing revamp"),
    ("<@B> are we on track with “Billing revamp”?", Wish.STATUS, "Billing revamp"),
    ("<@B> when Billing revamp", Wish.WHEN, "Billing revamp"),
    ("<@B> When is Billing revamp?", Wish.WHEN, "Billing revamp"),
    ("<@B> when's Billing revamp out", Wish.WHEN, "Billing revamp"),
    ("<@B> when’s Billing revamp due…", Wish.WHEN, "Billing revamp"),
    ("<@B> when does Billing revamp ship?", Wish.WHEN, "Billing revamp"),
    ("<@B> when will Billing revamp be available", Wish.WHEN, "Billing revamp"),
    ("<@B> when do we get Billing revamp", Wish.WHEN, "Billing revamp"),
    ("<@B> what's the date of Billing revamp", Wish.WHEN, "Billing revamp"),
    ("<@B> eta for R-12?", Wish.WHEN, "R-12"),
    ("<@B> hi, can you tell me when Billing revamp ships", Wish.WHEN, "Billing revamp"),
    ("<@B> what changed", Wish.CHANGED, ""),
    ("<@B> what changed?", Wish.CHANGED, ""),
    ("<@B> What’s new?", Wish.CHANGED, ""),
    ("<@B> what changed since Monday", Wish.CHANGED, "since Monday"),
    ("<@B> what changed in Billing revamp", Wish.CHANGED, "Billing revamp"),
    ("<@B> help", Wish.HELP, ""),
    ("<@B>", Wish.HELP, ""),
    ("<@B> ?", Wish.HELP, ""),
    ("<@B> late", Wish.UNKNOWN, "late"),
    ("<@B> mine!", Wish.UNKNOWN, "mine"),
    ("<@B> Billing revamp", Wish.UNKNOWN, "Billing revamp"),
    ("Billing revamp? <@B>", Wish.UNKNOWN, "Billing revamp"),
    ("when does Billing revamp ship <@B>", Wish.WHEN, "Billing revamp"),
    ("<@B>\u00a0when\u00a0Billing revamp", Wish.WHEN, "Billing revamp"),
    ("<@B> status Payments late", Wish.STATUS, "Payments late"),
    ("<@B> is Payments late", Wish.STATUS, "Payments"),
    ("<@B> status <@U1>", Wish.STATUS, "<@U1>"),
]


@pytest.mark.parametrize(("text", "wish", "about"), ASKED)
def test_wishes(text: str, wish: Wish, about: str) -> None:
    said = read_mention(text, "B")
    assert (said.wish, said.about) == (wish, about)
