"""The company's releases and what its teams ask of each other: how they were planned, moved, shipped, taken back and promised."""

from datetime import datetime
from typing import TYPE_CHECKING

from playground.telling import Days, Teller, said

if TYPE_CHECKING:
    from playground.story import Chapter


async def first_plans(teller: Teller, days: Days) -> None:
    """In the summer. The usage API is forgotten from then on."""
    if not teller.knows("/release"):
        return
    await teller.types("U0PETRA", "C0PLAT", "/release new")
    await teller.fills("U0PETRA", {"Name": "Usage API", "Date": days.ahead(-87).isoformat(), "Owner": None})
    for person, channel, name, ahead in (
        ("U0PAUL", "C0PAY", "Billing revamp", 104),
        ("U0MONA", "C0MOB", "Receipts in app", 24),
        ("U0IRIS", "C0WEEKLY", "SSO for enterprise", 10),
        ("U0TOM", "C0WEEKLY", "Audit log export", 3),
    ):
        day = days.later(days.ahead(ahead), 2) if name == "Audit log export" else days.ahead(ahead)
        await teller.types(person, channel, f"/release new {name} {said(day)}{_team(person)}")


async def second_plans(teller: Teller, days: Days) -> None:
    """The rest of what is open now, and what shipped or was dropped since."""
    if not teller.knows("/release"):
        return
    for person, channel, name, ahead in (
        ("U0PETRA", "C0PLAT", "Webhooks v2", 17),
        ("U0PETRA", "C0PLAT", "Rate limit page", 20),
        ("U0PIA", "C0PAY", "Invoices by region", 66),
        ("U0PIA", "C0PAY", "Bulk refunds", 38),
        ("U0MONA", "C0MOB", "Offline mode", 80),
        ("U0IRIS", "C0WEEKLY", "Passkeys", 52),
        ("U0PAUL", "C0PAY", "Receipts by e-mail", -6),
        ("U0MONA", "C0MOB", "Dark mode", -2),
        ("U0TOM", "C0WEEKLY", "Login alerts by SMS", 45),
    ):
        await teller.types(person, channel, f"/release new {name} {said(days.ahead(ahead))}{_team(person)}")
    await teller.types("U0PETRA", "C0PLAT", "/release new")
    await teller.fills("U0PETRA", {"Name": "Regional hosting"})
    for person in ("U0PIA", "U0MONA", "U0SAM", "U0OLGA", "U0PETRA"):
        await teller.types(person, "C0WEEKLY", "/release follow Billing revamp")


def _team(person: str) -> str:
    """Identity and Trust have no channel of their own, so their leads say the team."""
    return {"U0IRIS": " for Identity", "U0TOM": " for Trust"}.get(person, "")


def chapters(days: Days) -> list[tuple[datetime, "Chapter"]]:
    return [
        (days.back(12), asks),
        (days.back(11, "15:00"), answers),
        (days.back(9, "11:00"), shipped_early),
        (days.back(7, "14:00"), last_week),
        (days.back(5, "15:00"), taken_back),
        (days.back(4, "16:00"), to_mobile),
        (days.back(2, "14:30"), vendor_late),
        (days.back(1, "15:00"), confirmed),
    ]


async def asks(teller: Teller, days: Days) -> None:
    billing, events = days.later(days.ahead(104), 2), days.back(3).date()
    for person, channel, ask in (
        ("U0MONA", "C0MOB", f"Payments for the receipts API by {said(billing)} for Billing revamp"),
        ("U0PIA", "C0PAY", f"Platform for the refund API by {said(days.ahead(12))} for Bulk refunds"),
        ("U0PETRA", "C0PLAT", f"Payments for billing events by {said(events)} for Webhooks v2"),
    ):
        await teller.types(person, channel, f"/dependency ask {ask}")


async def answers(teller: Teller, days: Days) -> None:
    """Accepted, another date offered, and accepted but late by now."""
    paul, petra = teller.slack.as_("U0PAUL"), teller.slack.as_("U0PETRA")
    for what in ("receipts API", "billing events"):
        await paul.press(teller.cards("C0PAY", what)[0], "dependencies:accept")
    await petra.press(teller.cards("C0PLAT", "refund API")[0], "dependencies:offer")
    offer = {"Which day can you promise?": days.ahead(19).isoformat(), "Why?": "We move the queue first. A week later is safe."}
    await teller.fills("U0PETRA", offer)


async def shipped_early(teller: Teller, days: Days) -> None:
    if teller.knows("/release"):
        await teller.types("U0PETRA", "C0PLAT", "/release ship Rate limit page")
    await teller.says("U0PETRA", "C0PLAT", "The rate limit page is live, two weeks early.")


async def last_week(teller: Teller, days: Days) -> None:
    if not teller.knows("/release"):
        return
    later = said(days.later(days.ahead(24), 2))
    await teller.types("U0MONA", "C0MOB", f"/release move Receipts in app to {later} because store review takes longer before the holidays")
    await teller.types("U0TOM", "C0WEEKLY", f"/release move Audit log export to {said(days.ahead(3))} because tests were done sooner")
    await teller.types("U0PAUL", "C0PAY", f"/release ship Receipts by e-mail on {said(days.back(7).date())}")
    await teller.types("U0TOM", "C0WEEKLY", "/release cancel Login alerts by SMS because customers want them in the app")


async def taken_back(teller: Teller, days: Days) -> None:
    if teller.knows("/release"):
        await teller.types("U0PETRA", "C0PLAT", "/release rollback Rate limit page because it counted retries twice")
        await teller.types("U0MONA", "C0MOB", f"/release ship Dark mode on {said(days.back(5).date())}")


async def to_mobile(teller: Teller, days: Days) -> None:
    """The one that nobody has answered: it waits for the mobile lead."""
    by = said(days.ahead(12))
    await teller.types("U0PETRA", "C0PLAT", f"/dependency ask Mobile for a signature check in the app by {by} for Webhooks v2")


async def vendor_late(teller: Teller, days: Days) -> None:
    if not teller.knows("/release"):
        return
    day = said(days.later(days.ahead(104), 5))
    await teller.types("U0PAUL", "C0PAY", f"/release move Billing revamp to {day} because vendor API not delivered")
    await teller.types("U0PAUL", "C0PAY", "/release health Billing revamp red because vendor API not delivered")
    await teller.types(
        "U0IRIS", "C0WEEKLY", "/release health SSO for enterprise amber because one of three test customers has not tried it"
    )


async def confirmed(teller: Teller, days: Days) -> None:
    if not teller.knows("/release"):
        return
    for person, channel, name in (
        ("U0TOM", "C0WEEKLY", "Audit log export"),
        ("U0PIA", "C0PAY", "Bulk refunds"),
        ("U0PIA", "C0PAY", "Invoices by region"),
        ("U0MONA", "C0MOB", "Offline mode"),
    ):
        await teller.types(person, channel, f"/release health {name} green")
