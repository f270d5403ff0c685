"""What slows us and what the market does are logged by the same gesture, and stay out of every count of customers."""

import json
from datetime import timedelta

from sqlalchemy import select, text

from bot import access
from domain.digests import Scope
from handlers.feedback import reading
from models import Audit, Base, Feedback, Supporter
from models.reports import wanted_by_customers
from tests.handlers.feedback_steps import blocks_of, drafts, kept, opened, shown
from tests.world import World


async def inside(world: World, person: str, channel: str, words: str, *, anonymous: bool = False, **fields: object) -> str:
    said = await opened(world, person, channel, words)
    actor = world.as_(person)
    await actor.press(actor.view, "feedback:kind:other")
    await actor.submit({**({"Your name": ["anonymous"]} if anonymous else {}), **fields})
    return str(said.ts)


async def test_what_slows_us_is_logged_by_the_same_gesture(world: World) -> None:
    ts = await inside(world, "U_PM", "C_PAY", "reviews take a week", **{"Product area": "Export"})
    await world.settle()
    (row,) = await kept(world)
    assert (row.kind, row.customer_id, row.reporter, row.area) == ("internal", None, "U_PM", "Export")
    assert world.as_("U_PM").thread("C_PAY", ts)[1].text == "Logged as F-1."


async def test_a_market_signal_keeps_where_it_was_read(world: World) -> None:
    await opened(world, "U_PM", "C_PAY", "Rival ships exports")
    pia = world.as_("U_PM")
    await pia.press(pia.view, "feedback:kind:other")
    await pia.press(pia.view, "feedback:kind", "The market does it")
    assert blocks_of(pia.view) == ["words", "kind", "source", "area", "type"]
    await pia.submit({"Where was it read or heard?": "their changelog"})
    await world.settle()
    (row,) = await kept(world)
    assert (row.kind, row.source, row.words) == ("signal", "their changelog", "Rival ships exports")
    shown_card = await pia.command("C_PAY", "/customer-feedback", "show F-1")
    assert "Read at: their changelog" in shown_card.text


async def test_a_customer_after_all_keeps_what_was_typed(world: World) -> None:
    await opened(world, "U_PM", "C_PAY", "slow")
    pia = world.as_("U_PM")
    await pia.press(pia.view, "feedback:kind:other")
    await pia.press(pia.view, "feedback:kind", "A customer said it")
    assert blocks_of(pia.view) == ["words", "customer", "area", "type"]


async def test_without_a_name_nothing_leads_back_to_the_person(world: World) -> None:
    said = await opened(world, "U_PM", "C_PAY", "planning is chaos")
    pia = world.as_("U_PM")
    await pia.press(pia.view, "feedback:kind:other")
    assert "you will not hear what becomes of it" in shown(pia.view)
    async with world.reading() as session:
        before = max([*await session.scalars(select(Audit.id)), 0])
    await pia.submit({"Your name": ["anonymous"]})
    assert "kept without your name" in shown(pia.view)
    await pia.close()
    await world.settle()
    (row,) = await kept(world)
    assert (row.kind, row.reporter, row.author, row.message_ts, row.permalink) == ("internal", "", None, None, None)
    assert (row.channel, row.words) == ("C_PAY", "planning is chaos")
    assert len(pia.thread("C_PAY", said.ts)) == 1
    assert await drafts(world) == []
    async with world.reading() as session:
        assert list(await session.scalars(select(Supporter))) == []
        assert [each.actor for each in await session.scalars(select(Audit).where(Audit.id > before))] == [None]
    await pia.command("C_PAY", "/customer-feedback", "show F-1")
    assert "Logged by" in str((await pia.command("C_PAY", "/customer-feedback", "show F-1")).blocks)
    assert "no name" in str((await pia.command("C_PAY", "/customer-feedback", "show F-1")).blocks)
    named = await rows_that_name(world, "U_PM", number="F-1")
    assert named == []


async def rows_that_name(world: World, person: str, number: str) -> list[str]:
    """Tables with a row in which both the person and the piece stand."""
    found = []
    async with world.app.database.reader.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in await connection.execute(text(f"SELECT * FROM {table.name}")):
                told = json.dumps([str(value) for value in row])
                if person in told and (number in told or "planning is chaos" in told):
                    found.append(table.name)
    return found


async def test_every_count_of_customers_leaves_out_what_they_did_not_say(world: World) -> None:
    release = await world.release("Billing revamp", "2027-03-05")
    pia = world.as_("U_PM")
    for words in ("Acme asks", "reviews take a week", "Rival ships it"):
        await opened(world, "U_PM", "C_WEEKLY", words)
        if words != "Acme asks":
            await pia.press(pia.view, "feedback:kind:other")
        if words == "Rival ships it":
            await pia.press(pia.view, "feedback:kind", "The market does it")
        await pia.press(pia.view, "feedback:more")
        await pia.submit({"Product area": "Export", "Release": "Billing revamp", **({"Customer": "Acme"} if words == "Acme asks" else {})})
        await world.settle()
    async with world.transaction() as session:  # whatever a row says of a customer, its kind decides
        for row in await session.scalars(select(Feedback)):
            row.customer_id = 1
    assert [row.release_id for row in await kept(world)] == [release] * 3
    now = world.clock.now()
    scope = Scope("C_WEEKLY", None, now - timedelta(days=7), now + timedelta(seconds=1), now.date(), "Europe/Berlin")
    async with world.reading() as session:
        digest = str(await reading.digest(session, scope, world.app.deps))
        wanted = await wanted_by_customers(session, access.open_releases(), access.shown_words(Feedback, ""))
    assert "Customers said (1 new)" in digest
    assert "Export 1" in digest
    assert len(wanted) == 1
    listed = await pia.command("C_PAY", "/customer-feedback", "list")
    assert "1 piece of feedback" in listed.text
    assert "reviews take a week" in (await pia.command("C_PAY", "/customer-feedback", "list internal")).text
    assert "Rival ships it" in (await pia.command("C_PAY", "/customer-feedback", "list signals")).text
    await world.as_("U_LEAD").command("C_PAY", "/release", "move Billing revamp")
    lead = world.as_("U_LEAD")
    await lead.press(lead.view, "releases:preview", "2027-03-19")
    assert "1 customer waits for it" in shown(lead.view)
    await opened(world, "U_OPS", "C_PAY", "Acme asks")
    assert "(1 customer)" in shown(world.as_("U_OPS").view)


async def test_others_who_asked_are_customers_voices(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05")
    pia, lead = world.as_("U_PM"), world.as_("U_LEAD")
    said = await opened(world, "U_PM", "C_PAY", "Acme asks")
    await pia.press(pia.view, "feedback:more")
    await pia.submit({"Customer": "Acme", "Release": "Billing revamp"})
    await opened(world, "U_LEAD", "C_WEEKLY", "the old code slows us")
    await lead.press(lead.view, "feedback:more")
    await lead.press(lead.view, "feedback:kind:other")
    await lead.submit({"Release": "Billing revamp"})
    await world.as_("U_OPS").command("C_WEEKLY", "/release", "ship Billing revamp")
    await world.advance(minutes=6)
    told = pia.thread("C_PAY", said.ts)[-1].text
    assert "It is out" in told
    assert "asked too" not in told


async def test_a_message_of_a_customer_that_slows_us_too_is_two_pieces(world: World) -> None:
    said = await opened(world, "U_PM", "C_PAY", "Acme waits for reviews, as do we")
    pia, lead, olga = world.as_("U_PM"), world.as_("U_LEAD"), world.as_("U_OPS")
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    for person in (lead, olga):
        await person.shortcut("feedback:log", channel="C_PAY", ts=said.ts)
        await world.settle()
        assert "Logged already as *F-1*" in shown(person.view)
        await person.press(person.view, "feedback:kind:other")
        assert "The message is *F-1* already, as what a customer said. What you log stands apart" in shown(person.view)
        await person.submit({})
        await world.settle()
    first, second = await kept(world)
    assert [(row.kind, row.number, row.reporter) for row in (first, second)] == [("customer", 1, "U_PM"), ("internal", 2, "U_LEAD")]
    async with world.reading() as session:
        brought = await session.execute(select(Supporter.feedback_id, Supporter.person).order_by(Supporter.id))
        assert list(map(tuple, brought)) == [(first.id, "U_PM"), (second.id, "U_LEAD"), (second.id, "U_OPS")]
    assert [each.text for each in pia.thread("C_PAY", said.ts)[1:]] == ["Logged as F-1 for Acme.", "Logged as F-2, by two people."]
    assert (second.customer_id, second.permalink, second.thread_ts) == (None, first.permalink, said.ts)
    await world.release("Billing revamp", "2027-03-05", owner="U_PLAT")
    await olga.command("C_PAY", "/customer-feedback", "link F-2 to Billing revamp")
    await world.as_("U_PLAT").command("C_WEEKLY", "/release", "ship Billing revamp")
    await world.advance(minutes=6)
    assert "<@U_LEAD> and <@U_OPS> logged this" in pia.thread("C_PAY", said.ts)[-1].text


async def test_an_emoji_on_what_slows_us_logs_the_customers_words_apart_and_takes_them_back(world: World) -> None:
    ts = await inside(world, "U_PM", "C_PAY", "reviews take a week, says Acme")
    await world.settle()
    lead = world.as_("U_LEAD")
    await lead.react("C_PAY", ts, "memo")
    await world.settle()
    assert [(row.kind, row.reporter, row.removed_at) for row in await kept(world)] == [
        ("internal", "U_PM", None),
        ("customer", "U_LEAD", None),
    ]
    await lead.unreact("C_PAY", ts, "memo")
    await world.settle()
    assert [row.removed_at is None for row in await kept(world)] == [True, False]
    await lead.react("C_PAY", ts, "memo")
    await world.settle()
    assert [row.removed_at is None for row in await kept(world)] == [True, True]
