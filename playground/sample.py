"""A made-up company of five teams: its people and channels, and where the tour leads. `story` tells what happened there so far."""

from datetime import datetime
from typing import Any

from playground.days import Days
from playground.tour import Guide
from playground.workspace import LocalSlack

YOU = "U0PIA"
FIRST = "C0WEEKLY"

PEOPLE: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
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
CUSTOMER_TEAM = "S0CUSTOMERS"
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
    slack.user_group(CUSTOMER_TEAM, "customer-team", "Sales, support and success", ["U0SAM"])
    return slack


def guide(days: Days) -> Guide:
    """Billing revamp is late already, and the mobile lead waits for it."""
    return Guide(
        you=YOU,
        home="product-weekly",
        channel="team-payments",
        message="Globex",
        customer="Globex",
        release="Billing revamp",
        move_to=days.later(days.ahead(104), 10),
        other="U0MONA",
        other_title="mobile lead",
    )
