"""A made-up company of five teams, and the three things that a visitor can watch in it. `story` tells what happened there so far."""

from datetime import datetime
from typing import Any

from playground.workspace import LocalSlack

YOU = "U0PIA"
FIRST = "C0WEEKLY"

PEOPLE: tuple[tuple[str, str, str, str, dict[str, bool]], ...] = (
    ("U0PIA", "Pia Marsh", "Europe/Berlin", "payments product manager", {}),
    ("U0PAUL", "Paul Lind", "Europe/Berlin", "payments lead", {}),
    ("U0MONA", "Mona Lake", "Europe/London", "mobile lead", {}),
    ("U0PETRA", "Petra Oak", "America/New_York", "platform lead", {}),
    ("U0IRIS", "Iris Vann", "Europe/Berlin", "identity lead", {}),
    ("U0TOM", "Tom Reyes", "Europe/London", "trust lead", {}),
    ("U0SAM", "Sam Hill", "America/New_York", "account manager", {}),
    ("U0OLGA", "Olga Prodan", "Europe/Berlin", "head of product operations", {"admin": True}),
    ("U0OTTO", "Otto Brandt", "Europe/Berlin", "customer at Acme", {"outside": True}),
)
INSIDE = [id for id, *_, more in PEOPLE if not more.get("outside")]
CHANNELS: tuple[tuple[str, str, list[str], dict[str, Any]], ...] = (
    ("C0WEEKLY", "product-weekly", INSIDE, {"topic": "What ships, what moved, and why"}),
    ("C0PAY", "team-payments", ["U0PIA", "U0PAUL", "U0OLGA", "U0SAM"], {}),
    ("C0MOB", "team-mobile", ["U0MONA", "U0PIA", "U0OLGA"], {}),
    ("C0PLAT", "team-platform", ["U0PETRA", "U0PIA", "U0OLGA"], {}),
    ("C0PRICE", "pricing-talks", ["U0PIA", "U0PAUL", "U0SAM"], {"private": True}),
    ("C0ACME", "acme-success", ["U0SAM", "U0PIA", "U0OTTO"], {"shared": True}),
)


def company(now: datetime | None = None) -> LocalSlack:
    """The people and the channels, on a clock that starts at `now` (real time when None)."""
    slack = LocalSlack(seed=11, now=now, name="Kestrel")
    for id, name, zone, title, more in PEOPLE:
        slack.member(id, name, zone=zone, title=title, **more)
    for id, name, members, more in CHANNELS:
        slack.channel(id, name, members=members, **more)
    return slack


def tour() -> dict[str, Any]:
    """Three things that run by themselves in front of the reader, and what comes after them."""
    return {
        "title": "Three things to try",
        "note": "Each one does it in front of you.",
        "tries": [
            {
                "id": "status",
                "title": "Ask what ships",
                "says": "Late, at risk, on track: all teams in one answer.",
                "steps": [
                    {"do": "person", "id": YOU},
                    {"do": "open", "channel": "product-weekly"},
                    {"do": "type", "text": "/release status"},
                    {"do": "enter"},
                    {"do": "wait", "text": "open releases"},
                ],
            },
            {
                "id": "feedback",
                "title": "Log what a customer said",
                "says": "From the menu on a message, to a counted record.",
                "steps": [
                    {"do": "person", "id": YOU},
                    {"do": "open", "channel": "team-payments"},
                    {"do": "menu", "message": "invoices by region", "item": "Log customer feedback"},
                    {"do": "wait", "text": "Feedback"},
                    {"do": "fill", "label": "Customer", "value": "Globex"},
                    {"do": "submit"},
                    {"do": "wait", "text": "Logged as"},
                ],
            },
            {
                "id": "slip",
                "title": "See who a slip hurts",
                "says": "Before you press Move, not after.",
                "steps": [
                    {"do": "person", "id": YOU},
                    {"do": "open", "channel": "product-weekly"},
                    {"do": "type", "text": "/release move Receipts in app"},
                    {"do": "enter"},
                    {"do": "wait", "text": "New date"},
                    {"do": "fill", "label": "New date", "value": "{slip_to}"},
                    {"do": "wait", "text": "working day"},
                    {"do": "fill", "label": "Why?", "value": "The refund API comes later"},
                    {"do": "submit"},
                    {"do": "wait", "text": "moves to"},
                ],
            },
        ],
        "after": [
            {
                "id": "other-side",
                "title": "Become the mobile lead",
                "says": "Now be the other side: somebody waits for you.",
                "steps": [{"do": "person", "id": "U0MONA"}, {"do": "home"}, {"do": "wait", "millis": 900}],
            },
            {
                "id": "monday",
                "title": "Jump to Monday 09:00",
                "says": "The clock moves, and the weekly digest lands.",
                "steps": [
                    {"do": "person", "id": YOU},
                    {"do": "open", "channel": "product-weekly"},
                    {"do": "clock", "to": "monday 09:00"},
                    {"do": "wait", "text": "week"},
                ],
            },
        ],
        "closing": "Use your own plan: make run PLAN=folder. Put it in your Slack: ten steps in the README.",
    }
