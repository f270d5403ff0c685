"""The form: what it asks, what arrives after it opened, and that nothing typed is lost."""

import asyncio
from typing import Any

import pytest

from tests.handlers.feedback_steps import LOG, blocks_of, drafts, in_field, kept, labels, log, opened, shown
from tests.world import World

INVOICES = "Acme wants to export invoices by region"
LIKE = "please let us export the invoices by region, says Globex"


async def test_the_first_view_is_short_and_more_details_lose_nothing(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05")
    await opened(world, "U_PM", "C_PAY", "slow export")
    pia = world.as_("U_PM")
    assert blocks_of(pia.view) == ["words", "customer", "area", "type"]
    shown_first = pia.view
    assert labels(shown_first) == ["More details", "Not from a customer"]
    await pia.press(pia.view, "feedback:more", state={"words": {"words": {"type": "plain_text_input", "value": "typed by hand"}}})
    assert blocks_of(pia.view) == [
        "words", "customer", "area", "type", "importance", "requested_by", "release", "item", "follow",
    ]  # fmt: skip
    assert in_field(pia.view, "words") == "typed by hand"
    await pia.submit(
        {
            "Customer": "Acme",
            "How much it matters to the customer": "Blocking",
            "Asked for by": "their head of finance",
            "Release": "Billing revamp",
        }
    )
    await world.settle()
    (row,) = await kept(world)
    assert (row.words, row.importance, row.requested_by) == ("typed by hand", "blocking", "their head of finance")
    assert row.release_id is not None
    assert await drafts(world) == []


async def test_the_global_shortcut_and_the_command_open_the_same_form(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.global_shortcut("feedback:compose")
    assert blocks_of(pia.view) == ["words", "customer", "area", "type"]
    assert "Everyone in the company can read it." in shown(pia.view)
    await pia.submit({"Feedback": "slow", "Customer": "Acme"})
    await world.settle()
    assert pia.dms()[-1].text == "Logged as F-1 for Acme."
    (row,) = await kept(world)
    assert row.channel is None


async def test_what_looks_the_same_arrives_below_the_fields(world: World) -> None:
    await log(world, "U_LEAD", "C_PAY", INVOICES)
    pia = world.as_("U_PM")
    await opened(world, "U_PM", "C_PAY", LIKE)
    said = shown(pia.view)
    assert f"Looks like *F-1* “{INVOICES}” (1 customer)" in said
    kinds = [block["type"] for block in pia.view["blocks"]]
    assert kinds[:5] == ["context", "input", "input", "input", "input"]
    assert blocks_of(pia.view) == ["words", "customer", "area", "type"]
    await pia.submit({"Customer": "Globex"})
    await world.settle()
    assert [row.same_as_id for row in await kept(world)] == [None, None]


async def test_typed_words_stay_when_it_arrives(world: World) -> None:
    await log(world, "U_LEAD", "C_PAY", INVOICES)
    said = await world.as_("U_PM").say("C_PAY", LIKE)
    world.slack.faults.add("views.update", times=1, delay=0.3)
    pia = world.as_("U_PM")
    await pia.shortcut(LOG, channel="C_PAY", ts=said.ts)
    view = world.slack.state.stacks["U_PM"][-1]
    view.values["words"]["words"]["value"] = "my own words"
    await world.settle()
    assert "Looks like" in shown(pia.view)
    assert in_field(pia.view, "words") == "my own words"


async def test_the_same_thing_keeps_its_own_words_and_can_be_set_apart(world: World) -> None:
    first = await log(world, "U_LEAD", "C_PAY", INVOICES)
    said = await opened(world, "U_PM", "C_WEEKLY", LIKE)
    pia = world.as_("U_PM")
    await pia.press(pia.view, "feedback:same:1")
    assert "as the same thing as *F-1*" in shown(pia.view)
    await pia.press(pia.view, "feedback:not_same")
    assert "Looks like" in shown(pia.view)
    await pia.press(pia.view, "feedback:same:1")
    await pia.submit({"Customer": "Globex"})
    await world.settle()
    one, two = await kept(world)
    assert (two.same_as_id, two.words, two.channel) == (one.id, LIKE, "C_WEEKLY")
    reply = pia.thread("C_WEEKLY", said.ts)[1]
    assert reply.text == "Logged as F-2 for Globex. It says the same as F-1."
    assert labels(reply) == ["Add details", "Separate", "Undo"]
    await opened(world, "U_OPS", "C_PAY", LIKE)
    assert "(2 customers)" in shown(world.as_("U_OPS").view)
    await pia.press(reply, "feedback:apart")
    await world.settle()
    assert [row.same_as_id for row in await kept(world)] == [None, None]
    assert pia.thread("C_WEEKLY", said.ts)[1].text == "Logged as F-2 for Globex."
    assert len(pia.thread("C_PAY", first.ts)) == 2


async def test_when_the_first_is_taken_back_the_next_is_the_first(world: World) -> None:
    first = await log(world, "U_LEAD", "C_PAY", INVOICES)
    pia = world.as_("U_PM")
    for customer in ("Globex", "Initech"):
        await opened(world, "U_PM", "C_PAY", f"{LIKE} and {customer}")
        await pia.press(pia.view, "feedback:same:1")
        await pia.submit({"Customer": customer})
        await world.settle()
    lead = world.as_("U_LEAD")
    await lead.press(lead.thread("C_PAY", first.ts)[1], "feedback:undo")
    await world.settle()
    one, two, three = await kept(world)
    assert (one.same_as_id, two.same_as_id, three.same_as_id) == (two.id, None, two.id)


async def test_only_what_one_may_read_looks_the_same(world: World) -> None:
    await log(world, "U_LEAD", "C_PRIV", INVOICES)
    await opened(world, "U_SALES", "C_WEEKLY", LIKE)
    assert "Looks like" not in shown(world.as_("U_SALES").view)
    await opened(world, "U_PM", "C_WEEKLY", LIKE)
    pia = world.as_("U_PM")
    await pia.press(pia.view, "feedback:same:1")
    await pia.submit({"Customer": "Globex"})
    await world.settle()
    reply = pia.sees("C_WEEKLY")[-1]
    assert pia.thread("C_WEEKLY", reply.ts)[1].text == "Logged as F-2 for Globex. It says the same as another one."


async def test_chosen_customer_looks_again_by_what_was_typed(world: World) -> None:
    await log(world, "U_LEAD", "C_PAY", INVOICES)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/customer-feedback", "new")
    view = world.slack.state.stacks["U_PM"][-1]
    view.values["words"]["words"]["value"] = LIKE
    await pia.press(pia.view, "feedback:customer", "Several / not known")
    assert "Looks like *F-1*" in shown(pia.view)
    assert in_field(pia.view, "words") == LIKE


async def test_a_reply_offers_the_first_message_of_its_thread(world: World) -> None:
    root = await world.as_("U_LEAD").say("C_PAY", "Acme cannot export")
    said = await world.as_("U_OPS").say("C_PAY", "same here", thread=root.ts)
    pia = world.as_("U_PM")
    await pia.shortcut(LOG, channel="C_PAY", ts=said.ts)
    await world.settle()
    assert "The thread's first message: “Acme cannot export”" in shown(pia.view)
    await pia.press(pia.view, "feedback:first:yes")
    assert in_field(pia.view, "first_words") == "Acme cannot export"
    await pia.press(pia.view, "feedback:first:no")
    assert in_field(pia.view, "words") == "same here"
    await pia.press(pia.view, "feedback:first:yes")
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    (row,) = await kept(world)
    assert (row.words, row.message_ts, row.author) == ("Acme cannot export", root.ts, "U_LEAD")
    assert pia.thread("C_PAY", root.ts)[-1].text == "Logged as F-1 for Acme."


async def test_where_the_bot_cannot_read_the_thread_the_form_works_without(world: World) -> None:
    root = await world.as_("U_SALES").say("C_NOBOT", "Acme cannot export")
    said = await world.as_("U_SALES").say("C_NOBOT", "same here", thread=root.ts)
    pia = world.as_("U_PM")
    await pia.shortcut(LOG, channel="C_NOBOT", ts=said.ts)
    await world.settle()
    assert "first message" not in shown(pia.view)
    reply = await pia.submit({"Customer": "Acme"})
    assert not reply.errors


async def test_a_message_of_any_length_is_kept_whole(world: World) -> None:
    words = "word " * 8_000
    await opened(world, "U_PM", "C_PAY", words)
    pia = world.as_("U_PM")
    assert "The form shows the first 3,000 of 39,999 characters. All of them are kept." in shown(pia.view)
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    (row,) = await kept(world)
    assert row.words == words.strip()
    await pia.command("C_PAY", "/customer-feedback", "show F-1")
    await pia.press(pia.thread("C_PAY", row.message_ts or "")[1], "feedback:details")
    await pia.submit({"Product area": "Export"})
    await world.settle()
    assert (await kept(world))[0].words == words.strip()


@pytest.mark.parametrize(
    ("typed", "kept_as"),
    [
        ("<!channel> <!here> look", "@channel @here look"),
        ("<javascript:alert(1)|click me> <file:///etc/passwd|this>", None),
        (":fire: :fire:", ":fire: :fire:"),
        ("{} {0} {name}", "{} {0} {name}"),
    ],
)
async def test_odd_words_are_kept_and_summon_nobody(world: World, typed: str, kept_as: str | None) -> None:
    said = await log(world, "U_PM", "C_PAY", typed)
    (row,) = await kept(world)
    assert kept_as is None or row.words == kept_as
    card = await world.as_("U_PM").command("C_PAY", "/customer-feedback", "show F-1")
    for message in (card, *world.as_("U_PM").thread("C_PAY", said.ts)[1:]):
        live = message.text + str([block for block in message.blocks if block["type"] != "rich_text"])  # rich text is parsed by nobody
        assert "<!channel>" not in live
        assert "<javascript:" not in live
        assert "<file:" not in live


async def test_an_empty_customer_is_refused_by_the_form_and_a_name_of_signs_is_a_name(world: World) -> None:
    pia = world.as_("U_PM")
    await opened(world, "U_PM", "C_PAY", "slow export")
    reply = await pia.submit({})
    assert "customer" in reply.errors
    await pia.submit({"Customer": "{Acme} & <Söhne>"})
    await world.settle()
    assert "&amp; &lt;Söhne&gt;" in pia.thread("C_PAY", pia.sees("C_PAY")[-1].ts)[1].text


async def test_the_form_is_there_before_the_search_is(world: World) -> None:
    await log(world, "U_LEAD", "C_PAY", INVOICES)
    world.slack.faults.add("views.update", times=None, delay=2.0)
    said = await world.as_("U_PM").say("C_PAY", LIKE)
    pia = world.as_("U_PM")
    await pia.shortcut(LOG, channel="C_PAY", ts=said.ts)
    assert pia.view is not None
    assert "Looks like" not in shown(pia.view)
    reply: Any = await pia.submit({"Customer": "Acme"})
    assert not reply.errors
    world.slack.faults.clear()
    await world.settle()
    assert len(await kept(world)) == 2


async def test_a_press_is_not_lost_where_what_was_found_is_drawn_at_that_moment(world: World) -> None:
    await log(world, "U_LEAD", "C_PAY", INVOICES)
    said = await world.as_("U_PM").say("C_PAY", LIKE)
    world.slack.faults.add("views.update", times=1, delay=0.2)  # what the search draws is under way, and without the press
    pia = world.as_("U_PM")
    await pia.shortcut(LOG, channel="C_PAY", ts=said.ts)
    while not any(call.method == "views.update" for call in world.slack.calls) and world.slack.faults.waiting:
        await asyncio.sleep(0.01)
    await pia.press(pia.view, "feedback:more")
    await world.settle()
    assert "release" in blocks_of(pia.view)
    assert "Looks like" in shown(pia.view)


async def test_a_message_that_is_logged_already_is_compared_with_nothing(world: World) -> None:
    said = await log(world, "U_LEAD", "C_PAY", INVOICES)
    pia = world.as_("U_PM")
    await pia.shortcut(LOG, channel="C_PAY", ts=said.ts)
    await world.settle()
    assert "Logged already as *F-1*" in shown(pia.view)
    assert "Looks like" not in shown(pia.view)


async def test_what_slows_us_is_not_the_same_as_what_customers_say(world: World) -> None:
    await log(world, "U_LEAD", "C_PAY", INVOICES)
    pia = world.as_("U_PM")
    await opened(world, "U_PM", "C_PAY", LIKE)
    await pia.press(pia.view, "feedback:same:1")
    await pia.press(pia.view, "feedback:kind:other")
    assert "F-1" not in shown(pia.view)
    await pia.submit({})
    await world.settle()
    assert [(row.kind, row.same_as_id) for row in await kept(world)] == [("customer", None), ("internal", None)]
