"""What customers said in the made-up company, who brought it, what was urgent, and how people talk beside the bot."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from playground.days import Days
from playground.state import Message
from playground.telling import Teller

if TYPE_CHECKING:
    from playground.story import Chapter

LOG, ESCALATE = "feedback:log", "escalations:raise"
# Logged by the account manager from calls: customer, what they said, of which kind, about which area.
FROM_CALLS = (
    ("Globex", "They export every invoice by hand at the end of the month.", "Problem", "Payments"),
    ("Globex", "Invoices by region would save their controllers two days.", "Request", "Payments"),
    ("Nordic Rail", "Can refunds be done for many tickets at once?", "Request", "Payments"),
    ("Nordic Rail", "The new receipts by e-mail are just what travellers asked for.", "Praise", "Payments"),
    ("Harbor Bank", "Auditors ask who changed a limit, and when.", "Request", "Trust"),
    ("Harbor Bank", "Is there a sandbox for single sign-on?", "Question", "Identity"),
    ("Bluebird Foods", "Drivers lose the app in tunnels and have to start again.", "Problem", "Mobile"),
    ("Bluebird Foods", "They would sign for two more depots with offline mode.", "Request", "Mobile"),
    ("Lumen Clinics", "Data has to stay in the country by next year.", "Request", "Platform"),
    ("Lumen Clinics", "Passkeys would end most of their password calls.", "Request", "Identity"),
    ("Acme", "Webhooks arrive twice now and then.", "Problem", "Platform"),
    ("Acme", "What does the usage API count as one call?", "Question", "Platform"),
    ("Bluebird Foods", "Dark mode is easier on the eyes at night.", "Praise", "Mobile"),
    ("Nordic Rail", "Invoices by region, for each of their four countries.", "Request", "Payments"),
)


def chapters(days: Days) -> list[tuple[datetime, "Chapter"]]:
    return [
        (days.back(14, "11:00"), from_calls),
        (days.last_monday("16:00") - timedelta(days=4), in_channels),
        (days.back(3, "11:30"), in_acme),
        (days.back(3, "16:30"), webhooks_twice),
        (days.back(1, "10:00"), export_fails),
        (days.back(1, "10:16"), in_hand),
    ]


async def from_calls(teller: Teller, days: Days) -> None:
    for customer, words, kind, area in FROM_CALLS:
        await teller.types("U0SAM", teller.slack.bot_user, f"/customer-feedback {words}")
        await teller.fills("U0SAM", {"Customer": customer, "Type": kind, "Product area": area})


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
    await teller.picks(person, LOG, message, {"Customer": customer, "Type": kind})


async def webhooks_twice(teller: Teller, days: Days) -> None:
    """An escalation that nobody takes: by now it is past its target."""
    await teller.types("U0SAM", teller.slack.bot_user, "/escalate Globex gets every webhook twice since the update")
    await teller.fills("U0SAM", {"Severity": "Normal", "Team": "Platform", "Customer": "Globex", "Release": "Webhooks v2"})


async def export_fails(teller: Teller, days: Days) -> None:
    """And one that is in hand after minutes."""
    said = await teller.says("U0OTTO", "C0ACME", "Since this morning the invoice export fails for all our finance users.")
    await teller.picks("U0SAM", ESCALATE, said, {"Severity": "High", "Team": "Payments", "Customer": "Acme"})


async def in_hand(teller: Teller, days: Days) -> None:
    card = teller.cards("C0PAY", "invoice export fails")[0]
    await teller.slack.as_("U0PAUL").press(card, "escalations:acknowledge")
    await teller.slack.as_("U0PAUL").press(card, "escalations:update")
    update = {"Update": "A timeout after last night's update.", "What to tell the customer": "We know the cause. It works again today."}
    await teller.fills("U0PAUL", update)
    await teller.says("U0SAM", "C0ACME", "We know the cause. It works again today.")
    await teller.says("U0PAUL", "C0PAY", "Billing events: the last two are in review. Platform has them on Monday.")


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
    asks = "Globex again: their controllers count the days to the new billing. When may I tell them it comes?"
    await teller.slack.as_("U0SAM").say("C0PAY", asks)
    await teller.slack.as_("U0MONA").say("C0MOB", "Store review answered: two more days, as planned.")
