"""What customers said in the made-up company, who brought it, what was urgent, and how people talk beside the bot."""

from datetime import datetime
from typing import TYPE_CHECKING

from playground.state import Message
from playground.telling import Days, Teller

if TYPE_CHECKING:
    from playground.story import Chapter

LOG = "feedback:log"
# Logged by the account manager from calls: customer, what they said, of which kind.
FROM_CALLS = (
    ("Globex", "They export every invoice by hand at the end of the month.", "Problem"),
    ("Globex", "Invoices by region would save their controllers two days.", "Request"),
    ("Nordic Rail", "Can refunds be done for many tickets at once?", "Request"),
    ("Nordic Rail", "The new receipts by e-mail are just what travellers asked for.", "Praise"),
    ("Harbor Bank", "Auditors ask who changed a limit, and when.", "Request"),
    ("Harbor Bank", "Is there a sandbox for single sign-on?", "Question"),
    ("Bluebird Foods", "Drivers lose the app in tunnels and have to start again.", "Problem"),
    ("Bluebird Foods", "They would sign for two more depots with offline mode.", "Request"),
    ("Lumen Clinics", "Data has to stay in the country by next year.", "Request"),
    ("Lumen Clinics", "Passkeys would end most of their password calls.", "Request"),
    ("Acme", "Webhooks arrive twice now and then.", "Problem"),
    ("Acme", "What does the usage API count as one call?", "Question"),
    ("Nordic Rail", "Invoices by region, for each of their four countries.", "Request"),
)


def chapters(days: Days) -> list[tuple[datetime, "Chapter"]]:
    return [
        (days.back(14, "11:00"), from_calls),
        (days.back(8, "16:00"), in_channels),
        (days.back(3, "11:30"), in_acme),
        (days.back(1, "10:00"), urgent),
    ]


async def from_calls(teller: Teller, days: Days) -> None:
    if not teller.knows("/customer-feedback"):
        return
    for customer, words, kind in FROM_CALLS:
        await teller.types("U0SAM", teller.slack.bot_user, f"/customer-feedback {words}")
        await teller.fills("U0SAM", {"Customer": customer, "Type": kind})


async def in_channels(teller: Teller, days: Days) -> None:
    bank = await teller.says("U0SAM", "C0PAY", "Harbor Bank asked on today's call for invoices by region, like Acme did.")
    await log(teller, "U0PIA", bank, "Harbor Bank", "Request")
    await log(teller, "U0PAUL", bank, "Harbor Bank", "Request")
    store = await teller.says("U0MONA", "C0MOB", "From the store: “I cannot show my receipt without signal.” Four of those this week.")
    await log(teller, "U0MONA", store, "-", "Problem")
    queue = await teller.says("U0PETRA", "C0PLAT", "Globex polls us every ten seconds because they do not trust the webhooks.")
    await log(teller, "U0PETRA", queue, "Globex", "Problem")
    price = await teller.says("U0SAM", "C0PRICE", "Lumen Clinics would leave over the price per seat. Not for the big channels yet.")
    await log(teller, "U0PAUL", price, "Lumen Clinics", "Churn risk")
    await teller.says("U0PIA", "C0PRICE", "Thanks Sam. I bring two options on Thursday.")


async def in_acme(teller: Teller, days: Days) -> None:
    regions = await teller.says("U0OTTO", "C0ACME", "Our finance team needs invoices by region. The export gives one file for all.")
    await log(teller, "U0SAM", regions, "Acme", "Request")
    await teller.says("U0SAM", "C0ACME", "Thank you Otto, I pass it on today.")
    slow = await teller.says("U0OTTO", "C0ACME", "And refunds take three days to show up. Can that be faster?")
    await log(teller, "U0SAM", slow, "Acme", "Problem")
    await teller.says("U0PIA", "C0ACME", "It can. I come back to you with a date.")


async def log(teller: Teller, person: str, message: Message, customer: str, kind: str) -> None:
    if teller.knows("/customer-feedback"):
        await teller.picks(person, LOG, message, {"Customer": customer, "Type": kind})


async def urgent(teller: Teller, days: Days) -> None:
    await teller.says("U0OTTO", "C0ACME", "Since this morning the export fails for all our finance users.")


async def about_the_digest(teller: Teller, days: Days) -> None:
    digests = teller.cards("C0WEEKLY", "week")
    if not digests:
        return
    thread = digests[-1].ts
    await teller.slack.as_("U0SAM").react("C0WEEKLY", thread, "eyes")
    await teller.says("U0OLGA", "C0WEEKLY", "<@U0PETRA> who takes the usage API? It has waited since the summer.", thread)
    await teller.says("U0PETRA", "C0WEEKLY", "I ask in the team and say it here by Wednesday.", thread)


async def this_morning(teller: Teller, days: Days) -> None:
    """A few things that nobody has read yet."""
    await teller.slack.as_("U0SAM").say("C0PAY", "Globex again: their controllers want invoices by region. When may I tell them it comes?")
    await teller.slack.as_("U0MONA").say("C0MOB", "Store review answered: two more days, as planned.")
