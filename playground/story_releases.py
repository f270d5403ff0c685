"""The company's releases and what its teams ask of each other: how they were planned, moved, shipped, taken back and promised."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from domain.phrases import say_day
from domain.spans import quarter_of
from playground import story_work
from playground.days import Days, said
from playground.telling import Teller

if TYPE_CHECKING:
    from playground.story import Chapter

FRIDAY = timedelta(days=3)  # before a Monday


async def forgotten(teller: Teller, days: Days) -> None:
    """In the summer, without an owner; nobody has looked at it since."""
    await teller.types("U0PETRA", "C0PLAT", "/release new")
    await teller.fills("U0PETRA", {"Name": "Usage API", "Date": days.ahead(-87).isoformat(), "Owner": None})


async def plans(teller: Teller, days: Days) -> None:
    """What is open now, and what shipped or was dropped since."""
    for person, channel, name, day in (
        ("U0PAUL", "C0PAY", "Billing revamp", days.ahead(104)),
        ("U0MONA", "C0MOB", "Receipts in app", days.ahead(24)),
        ("U0IRIS", "C0WEEKLY", "SSO for enterprise", days.ahead(10)),
        ("U0TOM", "C0WEEKLY", "Audit log export", days.later(days.ahead(3), 2)),
        ("U0PETRA", "C0PLAT", "Webhooks v2", days.ahead(17)),
        ("U0PETRA", "C0PLAT", "Rate limit page", days.ahead(20)),
        ("U0PIA", "C0PAY", "Invoices by region", days.ahead(66)),
        ("U0PIA", "C0PAY", "Bulk refunds", days.ahead(38)),
        ("U0MONA", "C0MOB", "Offline mode", days.ahead(80)),
        ("U0IRIS", "C0WEEKLY", "Passkeys", days.ahead(52)),
        ("U0PAUL", "C0PAY", "Receipts by e-mail", (days.last_monday() - FRIDAY).date()),
        ("U0MONA", "C0MOB", "Dark mode", days.back(7).date()),
        ("U0TOM", "C0WEEKLY", "Login alerts by SMS", days.ahead(45)),
    ):
        await teller.types(person, channel, f"/release new {name} {said(day)}{_team(person)}")
    await teller.types("U0PETRA", "C0PLAT", "/release new")
    await teller.fills("U0PETRA", {"Name": "Regional hosting"})
    for person in ("U0PIA", "U0MONA", "U0SAM", "U0OLGA", "U0PETRA"):
        await teller.types(person, "C0WEEKLY", "/release follow Billing revamp")


async def words(teller: Teller, days: Days) -> None:
    """What customers may be told of some of them."""
    quarter = say_day(quarter_of(days.ahead(120)))
    await teller.types("U0PAUL", "C0PAY", f'/release say Billing revamp "One bill for all regions, in one currency." for {quarter}')
    await teller.types("U0PIA", "C0PAY", '/release say Invoices by region "We are building it with two customers. No date yet."')
    await teller.types("U0MONA", "C0MOB", '/release say Receipts in app "Receipts come to the app with one of the next versions."')


async def still_true(teller: Teller, days: Days) -> None:
    """After Billing revamp moved, its owner is asked; nobody has answered for the receipts."""
    question = next(each for each in reversed(teller.slack.as_("U0PAUL").dms()) if "is this still true?" in each.text)
    await teller.slack.as_("U0PAUL").press(question, "saying:true")


def _team(person: str) -> str:
    """Identity and Trust have no channel of their own, so their leads say the team."""
    return {"U0IRIS": " for Identity", "U0TOM": " for Trust"}.get(person, "")


def chapters(days: Days) -> list[tuple[datetime, "Chapter"]]:
    return [
        (days.back(68), forgotten),
        (days.back(18), plans),
        (days.back(17), words),
        (days.back(12), asks),
        (days.back(11, "15:00"), answers),
        (days.back(9, "11:00"), shipped_early),
        (days.last_monday("14:00") - FRIDAY, last_week),
        (days.back(6, "17:00"), work_arrives),
        (days.back(5, "15:00"), taken_back),
        (days.back(4, "16:00"), to_mobile),
        (days.back(2, "14:30"), vendor_late),
        (days.back(1, "16:00"), confirmed),
        (days.back(1, "16:30"), still_true),
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


async def work_arrives(teller: Teller, days: Days) -> None:
    """The tracker's export is imported, as an administrator would."""
    await teller.imports(story_work.releases(), story_work.items(days), story_work.history(days))


async def shipped_early(teller: Teller, days: Days) -> None:
    await teller.types("U0PETRA", "C0PLAT", "/release ship Rate limit page")
    await teller.says("U0PETRA", "C0PLAT", "The rate limit page is live, two weeks early.")


async def last_week(teller: Teller, days: Days) -> None:
    later = said(days.later(days.ahead(24), 2))
    store = "The store review takes two days longer"
    await teller.types("U0MONA", "C0MOB", f"/release move Receipts in app to {later} because {store}")
    await teller.types("U0TOM", "C0WEEKLY", f"/release move Audit log export to {said(days.ahead(3))} because Tests were done sooner")
    await teller.types("U0PAUL", "C0PAY", "/release ship Receipts by e-mail")
    await teller.types("U0TOM", "C0WEEKLY", "/release cancel Login alerts by SMS because Customers want them in the app")


async def taken_back(teller: Teller, days: Days) -> None:
    await teller.types("U0PETRA", "C0PLAT", "/release rollback Rate limit page because It counted retries twice")
    await teller.types("U0MONA", "C0MOB", f"/release ship Dark mode on {said(days.back(5).date())}")


async def to_mobile(teller: Teller, days: Days) -> None:
    """The one that nobody has answered: it waits for the mobile lead."""
    by = said(days.ahead(12))
    await teller.types("U0PETRA", "C0PLAT", f"/dependency ask Mobile for a signature check in the app by {by} for Webhooks v2")


async def vendor_late(teller: Teller, days: Days) -> None:
    day = said(days.later(days.ahead(104), 5))
    await teller.types("U0PAUL", "C0PAY", f"/release move Billing revamp to {day} because The vendor’s API is late")
    await teller.types("U0PAUL", "C0PAY", "/release health Billing revamp red because The vendor’s API is late")
    await teller.types(
        "U0IRIS", "C0WEEKLY", "/release health SSO for enterprise amber because One of three test customers has not tried it"
    )


async def confirmed(teller: Teller, days: Days) -> None:
    for person, channel, name in (
        ("U0TOM", "C0WEEKLY", "Audit log export"),
        ("U0PIA", "C0PAY", "Bulk refunds"),
        ("U0PIA", "C0PAY", "Invoices by region"),
        ("U0MONA", "C0MOB", "Offline mode"),
    ):
        await teller.types(person, channel, f"/release health {name} green")
