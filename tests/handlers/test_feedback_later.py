"""What is changed, deleted, brought back and shared later, and by whom."""

import pytest
from sqlalchemy import select

from models import FeedbackShare, Workspace
from tests.handlers.feedback_steps import drafts, kept, labels, log, opened, product_operations, shown
from tests.world import World


async def card(world: World, person: str, number: int = 1, channel: str = "C_WEEKLY") -> object:
    return await world.as_(person).command(channel, "/customer-feedback", f"show F-{number}")


async def test_the_reporter_the_owner_the_lead_and_product_operations_may_edit(world: World) -> None:
    await product_operations(world)
    team = await world.team("Payments", lead="U_LEAD")
    await world.release("Billing revamp", "2027-03-05", team=team, owner="U_MOB")
    said = await log(world, "U_PM", "C_WEEKLY", "slow", **{"Product area": "Export"})
    await world.as_("U_PM").command("C_WEEKLY", "/customer-feedback", "link F-1 to Billing revamp")
    await world.settle()
    reply = world.as_("U_PM").thread("C_WEEKLY", said.ts)[1]
    for person in ("U_PM", "U_MOB", "U_LEAD", "U_OPS"):
        await world.as_(person).press(reply, "feedback:details")
        assert world.as_(person).view is not None, person
        await world.as_(person).close()
    sam = world.as_("U_SALES")
    await sam.press(reply, "feedback:details")
    await world.settle()
    assert sam.view is None
    assert "F-1 can be changed by whoever logged it, by the owner of its release or area" in (sam.sees("C_WEEKLY") + sam.dms())[-1].text
    assert labels(await card(world, "U_SALES")) == []
    assert labels(await card(world, "U_LEAD")) == ["Edit", "Delete"]


async def test_everything_can_be_edited(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05")
    said = await log(world, "U_PM", "C_WEEKLY", "slow")
    pia = world.as_("U_PM")
    await pia.press(pia.thread("C_WEEKLY", said.ts)[1], "feedback:details")
    fields = {
        "Feedback": "slower", "Customer": "Globex", "Product area": "Export", "Type": "Problem",
        "How much it matters to the customer": "Important", "Asked for by": "their CFO", "Release": "Billing revamp",
    }  # fmt: skip
    await pia.submit(fields)
    await world.settle()
    text = (await card(world, "U_PM")).text
    for part in ("slower", "Globex", "Export", "Problem", "Important", "their CFO", "Billing revamp"):
        assert part in text
    assert pia.thread("C_WEEKLY", said.ts)[1].text == "Logged as F-1 for Globex. You will hear here when it ships."
    await pia.press(pia.thread("C_WEEKLY", said.ts)[1], "feedback:details")
    await pia.submit({"Who says so": "Slows us"})
    await world.settle()
    (row,) = await kept(world)
    assert (row.kind, row.customer_id) == ("internal", None)


async def test_a_deleted_piece_is_gone_and_can_be_brought_back_for_a_day(world: World) -> None:
    await product_operations(world)
    said = await log(world, "U_PM", "C_WEEKLY", "slow")
    pia, sam = world.as_("U_PM"), world.as_("U_SALES")
    await pia.command("C_WEEKLY", "/customer-feedback", "list")
    await pia.press(pia.sees("C_WEEKLY")[-1], "feedback:open:1")
    await world.settle()
    await pia.press(pia.sees("C_WEEKLY")[-1], "feedback:delete")
    await world.settle()
    assert "No feedback yet" in (await pia.command("C_WEEKLY", "/customer-feedback", "list")).text
    assert pia.thread("C_WEEKLY", said.ts)[1].text == "F-1 was deleted."
    assert "Whoever logged F-1, and product operations" in (await sam.command("C_WEEKLY", "/customer-feedback", "restore F-1")).text
    assert "F-1 is back." in (await world.as_("U_OPS").command("C_WEEKLY", "/customer-feedback", "restore F-1")).text
    await world.settle()
    assert pia.thread("C_WEEKLY", said.ts)[1].text.startswith("Logged as F-1 for Acme.")
    assert "There is no deleted feedback" in (await pia.command("C_WEEKLY", "/customer-feedback", "restore F-1")).text
    async with world.transaction() as session:
        row = await session.get_one(type((await kept(world))[0]), 1)
        row.removed_at, row.removed_by = world.clock.now(), "U_PM"
    await world.advance(hours=25)
    assert "more than 24 hours ago" in (await pia.command("C_WEEKLY", "/customer-feedback", "restore F-1")).text


async def share(world: World, *people: str, channels: tuple[str, ...] = ()) -> object:
    lead = world.as_("U_LEAD")
    await lead.command("C_PRIV", "/customer-feedback", "list")
    await lead.press(lead.sees("C_PRIV")[-1], "feedback:open:1")
    await world.settle()
    await lead.press(lead.sees("C_PRIV")[-1], "feedback:share")
    reply = await lead.submit({"People": list(people), "Channels": list(channels)})
    await world.settle()
    return reply


async def test_what_was_said_in_private_is_shared_on_purpose_and_taken_back(world: World) -> None:
    await log(world, "U_LEAD", "C_PRIV", "zebra price", Customer="Zebra Ltd")
    sam, mob = world.as_("U_SALES"), world.as_("U_MOB")
    assert "no feedback" in (await card(world, "U_SALES")).text
    await share(world, "U_SALES", channels=("C_MOB",))
    lead = world.as_("U_LEAD")
    assert "Will read it: <@U_SALES>" in shown(lead.view)
    assert "in <#C_MOB>" in shown(lead.view)
    assert "no feedback" in (await card(world, "U_SALES")).text
    await lead.submit({})
    await world.settle()
    assert "zebra price" in (await card(world, "U_SALES")).text
    assert "zebra price" in (await card(world, "U_MOB")).text
    assert "no feedback" in (await card(world, "U_PLAT")).text
    assert sam.dms()[-1].text == "Paul Lind shared F-1 with you."
    assert "1 piece of feedback" in (await mob.command("C_WEEKLY", "/customer-feedback", "list")).text
    await share(world)
    assert "No longer: <@U_SALES>" in shown(lead.view)
    await lead.submit({})
    await world.settle()
    assert "no feedback" in (await card(world, "U_SALES")).text
    async with world.reading() as session:
        assert list(await session.scalars(select(FeedbackShare))) == []


@pytest.mark.parametrize(
    ("people", "channels", "why"),
    [
        (("U_OUT",), (), "not of this company"),
        ((), ("C_ACME",), "People from outside the company read"),
        ((), ("C_NOBOT",), "I am not in that channel"),
        ((), (), "Choose somebody"),
    ],
)
async def test_it_is_shared_with_nobody_outside(world: World, people: tuple[str, ...], channels: tuple[str, ...], why: str) -> None:
    await log(world, "U_LEAD", "C_PRIV", "zebra price")
    reply = await share(world, *people, channels=channels)
    assert why in str(reply.errors)  # type: ignore[attr-defined]


async def test_public_words_need_no_sharing(world: World) -> None:
    await log(world, "U_PM", "C_WEEKLY", "slow")
    assert labels(await card(world, "U_PM")) == ["Edit", "Delete"]


async def test_the_number_is_posted_to_outsiders_once_and_only_when_somebody_presses(world: World) -> None:
    said = await world.as_("U_OUT").say("C_ACME", "we will leave")
    sam = world.as_("U_SALES")
    await sam.shortcut("feedback:log", channel="C_ACME", ts=said.ts)
    assert "*Post here* is up to you then." in shown(sam.view)
    await sam.submit({"Customer": "Acme", "Type": "Churn risk"})
    await world.settle()
    answer = sam.sees("C_ACME")[-1]
    assert labels(answer) == ["Add details", "Undo", "Post here"]
    await sam.press(answer, "feedback:post_here")
    await world.settle()
    assert sam.sees("C_ACME")[-1].text == "Posted in the thread: Logged as F-1. Thank you."
    await world.slack.deliver_again(world.slack.deliveries[-1])
    await world.settle()
    outsider = world.as_("U_OUT")
    posted = outsider.thread("C_ACME", said.ts)[1:]
    assert [message.text for message in posted] == ["Logged as F-1. Thank you."]
    assert "churn" not in str(posted[0].blocks).casefold()
    assert "Acme" not in posted[0].text
    await world.advance(minutes=6)
    assert len(outsider.thread("C_ACME", said.ts)) == 2


async def test_guests_report_where_that_was_allowed_and_are_offered_nothing(world: World) -> None:
    await log(world, "U_PM", "C_WEEKLY", "slow", Customer="Secret Customer", **{"Product area": "Secret area"})
    guest = world.as_("U_GUEST")
    said = await world.as_("U_SALES").say("C_NOBOT", "slow export")
    async with world.transaction() as session:
        (await session.get_one(Workspace, world.workspace_id)).guests_may_report = True
    await guest.shortcut("feedback:log", channel="C_NOBOT", ts=said.ts)
    assert labels(guest.view) == []
    assert [each["text"]["text"] for each in await guest.options("feedback:customer", "Sec")] == ["Add “Sec”", "Several / not known"]
    assert [each["text"]["text"] for each in await guest.options("feedback:area", "Sec")] == ["Add “Sec”"]
    await guest.submit({"Customer": "Acme"})
    await world.settle()
    assert [row.reporter for row in await kept(world)] == ["U_PM", "U_GUEST"]


async def test_a_form_that_is_a_day_old_still_logs(world: World) -> None:
    said = await opened(world, "U_PM", "C_PAY", "slow export")
    await world.advance(hours=25)
    await world.tick()
    assert await drafts(world) == []
    pia = world.as_("U_PM")
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    assert [row.words for row in await kept(world)] == ["slow export"]
    assert pia.thread("C_PAY", said.ts)[1].text == "Logged as F-1 for Acme."


async def test_it_is_edited_by_its_number_too(world: World) -> None:
    said = await world.as_("U_PM").say("C_PAY", "slow export")
    pia = world.as_("U_PM")
    await pia.shortcut("feedback:log", channel="C_PAY", ts=said.ts)
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    await pia.command("C_PAY", "/customer-feedback", "edit f-1")
    assert pia.view is not None
    await pia.submit({"Feedback": "Slow export of invoices"})
    assert "Slow export of invoices" in (await pia.command("C_PAY", "/customer-feedback", "show F-1")).text
    refused = await pia.command("C_PAY", "/customer-feedback", "edit F-9")
    assert refused.text.startswith('There is no feedback "F-9".')
