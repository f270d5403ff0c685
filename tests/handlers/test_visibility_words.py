"""Who reads what people said: it keeps the visibility of the channel it came from, on every surface. One row a surface."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import access
from domain.digests import Scope
from handlers.feedback import reading
from handlers.feedback.alike import candidates
from models import Feedback, FeedbackShare
from tests.handlers.feedback_said import say
from tests.handlers.feedback_steps import log, product_operations
from tests.world import World

SECRET = "zebra"  # stands in everything that was said in the private channel


async def tell_secrets(world: World) -> None:
    """Pia logs something that a customer said in a private channel."""
    await world.settle()  # who is where is known
    await world.team("Mobile", lead="U_MOB", channel="C_MOB")
    pia = world.as_("U_PM")
    said = await pia.say("C_PRIV", f"{SECRET} words")
    await pia.shortcut("feedback:log", channel="C_PRIV", ts=said.ts)
    await pia.submit({"Customer": f"{SECRET} customer", "Product area": f"{SECRET} area"})
    await pia.shortcut("escalations:raise", channel="C_PRIV", ts=said.ts)
    await pia.submit({"Severity": "High", "Customer": f"{SECRET} client", "Team": "Mobile"})
    await world.settle()


async def feedback_list(world: World, person: str, channel: str) -> str:
    reply = await world.as_(person).command(channel, "/customer-feedback", "list")
    return reply.text + str(reply.blocks)


async def feedback_shown(world: World, person: str, channel: str) -> str:
    return (await world.as_(person).command(channel, "/customer-feedback", "show F-1")).text


async def feedback_found(world: World, person: str, channel: str) -> str:
    reply = await world.as_(person).command(channel, "/customer-feedback", "search words")
    return reply.text + str(reply.blocks)


async def words_spelled_alike(world: World, person: str, channel: str) -> str:
    reply = await world.as_(person).command(channel, "/customer-feedback", f"search {SECRET[:-1]}x")
    return (reply.text + str(reply.blocks)).replace(f"{SECRET[:-1]}x", "")


async def feedback_by_customer(world: World, person: str, channel: str) -> str:
    """The nearest customers of a list that names one."""
    reply = await world.as_(person).command(channel, "/customer-feedback", f"list from {SECRET} customr")
    return (reply.text + str(reply.blocks)).replace(f"{SECRET} customr", "")


async def feedback_by_area(world: World, person: str, channel: str) -> str:
    reply = await world.as_(person).command(channel, "/customer-feedback", 'list about "zebra area"')
    return reply.text.replace('"zebra area"', "") + str(reply.blocks).replace('"zebra area"', "")


async def feedback_file(world: World, person: str, channel: str) -> str:
    await world.as_(person).command(channel, "/customer-feedback", "export")
    await world.settle()
    message = world.as_(person).dms()[-1]
    (file,) = [world.slack.state.files[id] for id in message.files]
    return f"{message.text}\n{file.content.decode()}"


async def near_duplicates(world: World, person: str, channel: str) -> str:
    async with world.reading() as session:
        viewer = await access.actor_of(session, person)
        return str(await candidates(session, world.app.deps, f"{SECRET} words", viewer))


async def what_says_the_same(world: World, person: str, channel: str) -> str:
    """A public piece with which the secret one counts."""
    sam = world.as_("U_SALES")
    if not any("in public" in message.text for message in sam.sees("C_WEEKLY")):
        said = await sam.say("C_WEEKLY", "in public")
        await sam.shortcut("feedback:log", channel="C_WEEKLY", ts=said.ts)
        await sam.submit({"Customer": "Several / not known"})
        await world.as_("U_PM").command("C_PRIV", "/customer-feedback", "merge F-1 into F-2")
        await world.settle()
    reply = await world.as_(person).command(channel, "/customer-feedback", "show F-2")
    assert "in public" in reply.text
    return reply.text + str(reply.blocks)


async def customers_offered(world: World, person: str, channel: str) -> str:
    return await _offered(world, person, channel, "feedback:customer")


async def areas_offered(world: World, person: str, channel: str) -> str:
    return await _offered(world, person, channel, "feedback:area")


async def escalations_list(world: World, person: str, channel: str) -> str:
    reply = await world.as_(person).command(channel, "/escalate", "list")
    return reply.text + str(reply.blocks)


async def escalation_shown(world: World, person: str, channel: str) -> str:
    return (await world.as_(person).command(channel, "/escalate", "show E-1")).text


async def escalation_customers_offered(world: World, person: str, channel: str) -> str:
    actor = world.as_(person)
    await actor.command(channel, "/escalate", "new")
    found = [option["text"]["text"] for option in await actor.options("escalations:customer", SECRET[:3])]
    await actor.close()
    return "\n".join(found)


async def feedback_nearby(world: World, person: str, channel: str) -> str:
    """What the form shows to look the same as one's own words."""
    actor = world.as_(person)
    await actor.command(channel, "/customer-feedback", f"new {SECRET} words")
    await world.settle()
    found = str([block for block in actor.view["blocks"] if block["type"] == "section"]) if actor.view else ""
    await actor.close()
    return found


async def feedback_restored(world: World, person: str, channel: str) -> str:
    """Deleted, it is brought back by nobody who could not read it."""
    async with world.transaction() as session:
        row = (await session.scalars(select(Feedback))).one()
        row.removed_at, row.removed_by = world.clock.now(), "U_PM"
    await product_operations(world, person)
    reply = await world.as_(person).command(channel, "/customer-feedback", "restore F-1")
    return reply.text + str(reply.blocks)


async def home(world: World, person: str, channel: str) -> str:
    await world.as_(person).open_home()
    await world.settle()
    return str(world.as_(person).home)


async def _offered(world: World, person: str, channel: str, action: str) -> str:
    actor = world.as_(person)
    await actor.command(channel, "/customer-feedback", "new")
    found = [option["text"]["text"] for option in await actor.options(action, SECRET[:3])]
    await actor.close()
    return "\n".join(found)


async def customer_card(world: World, person: str, channel: str) -> str:
    reply = await world.as_(person).command(channel, "/customer", f"{SECRET} customer")
    return (reply.text + str(reply.blocks)).replace(f'no customer "{SECRET} customer"', "")


async def customers_list(world: World, person: str, channel: str) -> str:
    reply = await world.as_(person).command(channel, "/customer", "list")
    return reply.text + str(reply.blocks)


async def customers_to_merge(world: World, person: str, channel: str) -> str:
    """What a menu of the merge form offers; whoever may not merge gets the sentence."""
    actor = world.as_(person)
    await actor.command(channel, "/customer", "merge")
    if actor.view is None:
        return actor.sees(channel)[-1].text
    found = [option["text"]["text"] for option in await actor.options("customers:which", SECRET[:3], block_id="gone")]
    await actor.close()
    return "\n".join(found)


async def triage_queue(world: World, person: str, channel: str) -> str:
    """What waits for a look: the queue of nobody, those in which something waits, and how often that is on time."""
    said = ""
    for typed in ("of no team", "teams", "report"):
        reply = await world.as_(person).command(channel, "/customer-feedback", f"triage {typed}")
        said += reply.text + str(reply.blocks)
    counted = SECRET if "1 piece waits" in said else ""
    return said + counted


async def trends(world: World, person: str, channel: str) -> str:
    """Groups by every name that there is."""
    said = ""
    for by in ("area", "customer"):
        reply = await world.as_(person).command(channel, "/customer-feedback", f"trends by {by}")
        said += reply.text + str(reply.blocks)
    return said


Surface = Callable[[World, str, str], Awaitable[str]]
SURFACES: tuple[Surface, ...] = (
    customer_card,
    customers_list,
    feedback_list,
    feedback_shown,
    feedback_found,
    words_spelled_alike,
    feedback_by_customer,
    feedback_by_area,
    feedback_file,
    near_duplicates,
    what_says_the_same,
    customers_offered,
    areas_offered,
    feedback_nearby,
    feedback_restored,
    triage_queue,
    trends,
    escalations_list,
    escalation_shown,
    escalation_customers_offered,
)


@pytest.mark.parametrize("surface", SURFACES, ids=lambda each: each.__name__)
async def test_members_read_what_was_said_in_their_private_channel_and_nobody_else_does(world: World, surface: Surface) -> None:
    await tell_secrets(world)
    assert SECRET in await surface(world, "U_LEAD", "C_PAY")
    assert SECRET in await surface(world, "U_PM", "C_WEEKLY")
    for person, channel in (("U_SALES", "C_WEEKLY"), ("U_OPS", "C_OPS")):
        assert SECRET not in await surface(world, person, channel)


async def test_a_merge_offers_no_customer_that_was_only_named_where_one_does_not_read(world: World) -> None:
    await tell_secrets(world)
    await world.team("Payments", lead="U_LEAD")
    assert SECRET in await customers_to_merge(world, "U_LEAD", "C_PAY")
    assert SECRET not in await customers_to_merge(world, "U_OPS", "C_OPS")


async def test_a_card_leaves_out_and_does_not_count_what_was_said_in_private(world: World) -> None:
    await tell_secrets(world)
    pia = world.as_("U_PM")
    said = await pia.say("C_WEEKLY", "in public")
    await pia.shortcut("feedback:log", channel="C_WEEKLY", ts=said.ts)
    await pia.submit({"Customer": f"{SECRET} customer"})
    await world.settle()
    for person, count in (("U_LEAD", "2 pieces of feedback"), ("U_SALES", "1 piece of feedback")):
        reply = await world.as_(person).command("C_WEEKLY", "/customer", f"{SECRET} customer")
        assert count in reply.text
        assert (f"{SECRET} words" in reply.text + str(reply.blocks)) is (person == "U_LEAD")


@pytest.mark.parametrize("surface", [feedback_list, feedback_shown, customers_offered, areas_offered, feedback_nearby])
@pytest.mark.parametrize("reader", ["U_SALES", "C_ACME", "C_OPS"])
async def test_what_was_shared_on_purpose_is_read_by_those_and_nobody_else(world: World, surface: Surface, reader: str) -> None:
    await tell_secrets(world)
    async with world.transaction() as session:
        session.add(FeedbackShare(feedback_id=1, reader=reader, shared_by="U_PM", shared_at=world.clock.now()))
    shared = {"U_SALES": ("U_SALES",), "C_ACME": ("U_SALES",), "C_OPS": ("U_OPS",)}[reader]
    for person in ("U_SALES", "U_OPS", "U_PLAT"):
        assert (SECRET in await surface(world, person, "C_WEEKLY")) is (person in shared), person


async def test_a_thread_names_the_first_only_where_that_was_shared_with_its_own_channel(world: World) -> None:
    """What was said in the private channel is shared with another channel, from which there is feedback too."""
    await world.settle()
    await say(world, {"words": SECRET, "channel": "C_PRIV"}, {"words": "the same", "channel": "C_PAY"}, {"words": "x", "channel": "C_OPS"})
    async with world.transaction() as session:
        (await session.get_one(Feedback, 2)).same_as_id = 1
        session.add(FeedbackShare(feedback_id=1, reader="C_OPS", shared_by="U_PM", shared_at=world.clock.now()))
    async with world.reading() as session:
        assert (await reading.card(session, world.app.deps, 2)).same_as is None
    async with world.transaction() as session:
        session.add(FeedbackShare(feedback_id=1, reader="C_PAY", shared_by="U_PM", shared_at=world.clock.now()))
    async with world.reading() as session:
        assert (await reading.card(session, world.app.deps, 2)).same_as == 1


async def test_a_digest_tells_a_channel_what_was_shared_with_it(world: World) -> None:
    await tell_secrets(world)
    now = world.clock.now()
    scope = Scope("C_OPS", None, now - timedelta(days=7), now + timedelta(seconds=1), now.date(), "Europe/Berlin")
    async with world.reading() as session:
        assert SECRET not in str(await reading.digest(session, scope, world.app.deps))
    async with world.transaction() as session:
        session.add(FeedbackShare(feedback_id=1, reader="C_OPS", shared_by="U_PM", shared_at=now))
    async with world.reading() as session:
        assert SECRET in str(await reading.digest(session, scope, world.app.deps))


async def test_a_card_is_read_where_its_raiser_put_it_and_by_whom_it_is_with(world: World) -> None:
    await tell_secrets(world)
    assert any(SECRET in message.text for message in world.as_("U_MOB").sees("C_MOB"))
    for surface in (escalations_list, escalation_shown, home):
        assert SECRET in await surface(world, "U_MOB", "C_WEEKLY")
        assert SECRET not in await surface(world, "U_PLAT", "C_WEEKLY")


async def test_the_form_says_that_private_words_are_shown_where_the_card_goes(world: World) -> None:
    pia = world.as_("U_PM")
    for channel, warned in (("C_PRIV", True), ("C_WEEKLY", False)):
        said = await pia.say(channel, "words")
        await pia.shortcut("escalations:raise", channel=channel, ts=said.ts)
        assert ("though what is said here is private" in str(pia.view)) is warned
        await pia.close()


async def test_a_count_leaves_out_what_its_reader_may_not_see(world: World) -> None:
    await tell_secrets(world)
    assert "No feedback yet" in await feedback_list(world, "U_SALES", "C_WEEKLY")
    assert "No open escalations" in await escalations_list(world, "U_SALES", "C_WEEKLY")
    assert "1 piece of feedback" in await feedback_list(world, "U_LEAD", "C_PAY")


@pytest.mark.parametrize("action", ["triage:take", "triage:ask", "triage:move", "feedback:link", "loop:decline"])
async def test_a_forged_button_about_what_one_may_not_read_does_and_shows_nothing(world: World, action: str) -> None:
    await tell_secrets(world)
    sam = world.as_("U_SALES")
    await log(world, "U_PLAT", "C_WEEKLY", "in public")
    await sam.command("C_WEEKLY", "/customer-feedback", "triage of no team")
    forged = sam.sees("C_WEEKLY")[-1]
    every = [each for block in forged.blocks for each in [*block.get("elements", []), block.get("accessory") or {}]]
    (element,) = [each for each in every if each.get("action_id") == f"{action}:2"]
    element["value"] = f"{element['value'][:-1]}1"
    reply = await sam.press(forged, f"{action}:2")
    await world.settle()
    assert SECRET not in str(reply) + str(sam.view)
    assert "you may not read it" in sam.sees("C_WEEKLY")[-1].text
    async with world.reading() as session:
        row = (await session.scalars(select(Feedback).where(Feedback.number == 1))).one()
    assert (row.taken_by, row.asked_at, row.declined_at) == (None, None, None)


async def test_counts_of_what_says_the_same_leave_out_what_their_reader_may_not_see(world: World) -> None:
    await tell_secrets(world)
    assert "1 customer, 2 times" in await what_says_the_same(world, "U_LEAD", "C_PAY")
    assert "times" not in await what_says_the_same(world, "U_SALES", "C_WEEKLY")
    refused = (await world.as_("U_SALES").command("C_WEEKLY", "/customer-feedback", "merge F-2 into F-1")).text
    assert refused.startswith('There is no feedback "F-1"')


async def test_a_piece_that_counts_with_a_hidden_one_does_not_name_it(world: World) -> None:
    await tell_secrets(world)
    said = await world.as_("U_SALES").say("C_WEEKLY", "in public")
    await world.as_("U_SALES").shortcut("feedback:log", channel="C_WEEKLY", ts=said.ts)
    await world.as_("U_SALES").submit({"Customer": "Several / not known"})
    await world.as_("U_PM").command("C_PRIV", "/customer-feedback", "merge F-2 into F-1")
    shown = (await world.as_("U_SALES").command("C_WEEKLY", "/customer-feedback", "show F-2")).text
    assert "Counts with another piece that says the same." in shown
    assert "F-1" not in shown
    linked = (await world.as_("U_SALES").command("C_WEEKLY", "/customer-feedback", "link F-2 to Billing")).text
    assert "F-2 counts with another piece, which you may not read." in linked


async def test_a_hidden_number_is_refused_like_one_that_is_not_there(world: World) -> None:
    await tell_secrets(world)
    hidden = await feedback_shown(world, "U_SALES", "C_WEEKLY")
    missing = (await world.as_("U_SALES").command("C_WEEKLY", "/customer-feedback", "show F-2")).text
    assert hidden.replace('"F-1"', '"F-2"') == missing
    assert "There is no escalation" in await escalation_shown(world, "U_SALES", "C_WEEKLY")
    linked = await world.as_("U_SALES").command("C_WEEKLY", "/customer-feedback", "link F-1 to Billing")
    assert linked.text == hidden


async def test_guests_read_only_what_was_said_in_their_channels(world: World) -> None:
    sam = world.as_("U_SALES")
    for channel in ("C_WEEKLY", "C_NOBOT"):
        said = await sam.say(channel, f"said in {channel}")
        await sam.shortcut("feedback:log", channel=channel, ts=said.ts)
        await sam.submit({"Customer": "Several / not known"})
    await world.settle()
    read = await feedback_list(world, "U_GUEST", "C_NOBOT")
    assert "said in C_NOBOT" in read
    assert "said in C_WEEKLY" not in read


@pytest.mark.parametrize(("channel", "shown"), [("C_PRIV", True), ("C_WEEKLY", False), ("C_ACME", False)])
async def test_a_digest_tells_a_channel_only_what_everybody_in_it_may_read(world: World, channel: str, shown: bool) -> None:
    await tell_secrets(world)
    said = await world.as_("U_PM").say("C_WEEKLY", "in public")
    await world.as_("U_PM").shortcut("feedback:log", channel="C_WEEKLY", ts=said.ts)
    await world.as_("U_PM").submit({"Customer": "Acme", "Product area": "Export"})
    await world.settle()
    now = world.clock.now()
    scope = Scope(channel, None, now - timedelta(days=7), now + timedelta(seconds=1), now.date(), "Europe/Berlin")
    async with world.reading() as session:
        words = str(await reading.digest(session, scope, world.app.deps))
    assert (SECRET in words) is shown
    assert ("Export 1" in words) is (channel != "C_ACME")
