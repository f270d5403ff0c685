"""The work behind the made-up company's releases, as a tracker would export it: two small tables in the form of a plan."""

import csv
import io
from collections.abc import Iterable

from playground.days import Days

# A release, and of each team that works in it: how many pieces, how many of them done.
WORK: tuple[tuple[str, tuple[tuple[str, int, int], ...]], ...] = (
    ("Billing revamp", (("Payments", 14, 10), ("Platform", 6, 4))),
    ("SSO for enterprise", (("Identity", 9, 8),)),
    ("Receipts in app", (("Mobile", 8, 5), ("Payments", 3, 3))),
    ("Webhooks v2", (("Platform", 10, 6),)),
    ("Audit log export", (("Trust", 12, 11),)),
    ("Rate limit page", (("Platform", 5, 4),)),
    ("Invoices by region", (("Payments", 12, 2),)),
    ("Bulk refunds", (("Payments", 7, 3), ("Platform", 2, 0))),
    ("Offline mode", (("Mobile", 15, 1),)),
    ("Passkeys", (("Identity", 6, 2), ("Mobile", 2, 0))),
)
# Pieces that went from one release to another: what, whose, from where, to where, working days ago.
MOVED = (
    ("Currency rounding in refunds", "Payments", "Bulk refunds", "Billing revamp", 12),
    ("Proration for mid-month changes", "Payments", "Bulk refunds", "Billing revamp", 12),
    ("Invoice layout per country", "Payments", "Billing revamp", "Invoices by region", 8),
)


def releases() -> bytes:
    """No dates: the bot knows them better."""
    return _table(("release", "announced_on", "target_date", "shipped_on"), ())


def items(days: Days) -> bytes:
    since = days.back(9).date().isoformat()
    rows = []
    for release, teams in WORK:
        here = [title for title, _, _, to, _ in MOVED if to == release]
        for team, total, done in teams:
            for number in range(1, total + 1):
                title = here.pop() if here and number > done else f"{release}, part {number}"
                state = "done" if number <= done else "open"
                rows.append((_key(release, team, number, title), title, team, "", release, state, since))
    return _table(("item", "title", "team", "depends_on_teams", "release", "state", "last_updated"), rows)


def history(days: Days) -> bytes:
    rows = [(days.back(ago).isoformat(), _key("", "", 0, title), before, after) for title, _, before, after, ago in MOVED]
    return _table(("changed_at", "item", "old_release", "new_release"), rows)


def _key(release: str, team: str, number: int, title: str) -> str:
    """Pieces that moved are found by their title, the others by where they are."""
    known = [index for index, moved in enumerate(MOVED) if moved[0] == title]
    return f"MOVED-{known[0]}" if known else f"{release}/{team}/{number}"


def _table(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(rows)
    return out.getvalue().encode()
