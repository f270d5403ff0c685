"""Journeys: one customer is made of two, whatever else happens at that moment, and of one two again."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import func, select

from models import Audit, Customer, CustomerMerge, Escalation, Feedback, NpsAnswer
from playground.forms import NotThere
from tests.handlers.customer_steps import ask, customer, feedback, make_operations, shown
from tests.world import World


async def two(world: World) -> tuple[int, int]:
    await make_operations(world)
    gone = await customer(world, "Acme GmbH", tier="team", region="EMEA")
    return gone, await customer(world, "Acme", tier="enterprise", value=120_000)


async def merge(world: World, text: str = "merge acme gmbh into Acme") -> None:
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/customer", text)
    await olga.submit()
    await world.settle()


async def of(world: World, kind: type, customer_id: int) -> int:
    async with world.reading() as session:
        return await session.scalar(select(func.count()).select_from(kind).where(kind.customer_id == customer_id)) or 0


async def test_what_moves_is_seen_before_it_does(world: World) -> None:
    gone, stays = await two(world)
    await feedback(world, 1, gone)
    await feedback(world, 2, gone)
    await feedback(world, 3, gone, channel="C_PRIV")
    await world.as_("U_PM").command("C_PAY", "/escalate", "new")
    await world.as_("U_PM").submit({"Summary": "Export is down", "Severity": "High", "Customer": "Acme GmbH"})
    async with world.transaction() as session:
        values = {"answered_on": date(2026, 11, 1), "draft": 1, "brought_at": world.clock.now()}
        session.add(NpsAnswer(key="1", score=3, customer_id=gone, **values))
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/customer", "merge ACME GmbH into acme")
    words = shown(olga)
    assert (
        "*Acme GmbH* becomes *Acme*.\n2 pieces of feedback, 1 escalation and 1 NPS answer move. What you may not read moves too." in words
    )
    assert "*Acme* has no region yet and takes it over." in words
    assert await of(world, Feedback, stays) == 0
    await olga.submit()
    await world.settle()
    assert [await of(world, kind, stays) for kind in (Feedback, Escalation, NpsAnswer)] == [3, 1, 1]
    assert "Acme GmbH is Acme now. 2 pieces of feedback" in olga.sees("C_WEEKLY")[-1].text
    for name in ("Acme", "acme GmbH"):
        card = await ask(world, "U_PM", name)
        assert "*Acme*  enterprise · 120,000 a year · EMEA" in card
        assert "Also called Acme GmbH" in card
        assert "3 pieces of feedback" in card
    assert "1 customer · 120,000 a year" in await ask(world, "U_PM", "list")


async def test_both_names_log_for_the_one_that_stays(world: World) -> None:
    gone, stays = await two(world)
    await merge(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/customer-feedback", "new slow")
    offered = [option["text"]["text"] for option in await pia.options("feedback:customer", "acme g")]
    assert offered[0] == "Acme, enterprise"
    await pia.submit({"Customer": "Add “Acme GmbH”"} if "Add “Acme GmbH”" in offered else {"Customer": "Acme, enterprise"})
    await world.settle()
    assert (await of(world, Feedback, gone), await of(world, Feedback, stays)) == (0, 1)


async def test_undo_gives_back_exactly_what_moved(world: World) -> None:
    gone, stays = await two(world)
    other = await customer(world, "Globex")
    moved = [await feedback(world, number, gone) for number in (1, 2, 3)]
    await merge(world)
    await feedback(world, 4, stays)
    async with world.transaction() as session:
        (await session.get(Feedback, moved[2])).customer_id = other
    olga = world.as_("U_OPS")
    await olga.press(olga.sees("C_WEEKLY")[-1], "customers:separate")
    await world.settle()
    assert [await of(world, Feedback, key) for key in (gone, stays, other)] == [2, 1, 1]
    async with world.reading() as session:
        rows = {row.name: row for row in await session.scalars(select(Customer))}
        assert (rows["Acme GmbH"].merged_into_id, rows["Acme"].region, rows["Acme GmbH"].region) == (None, "", "EMEA")
        assert [row.subject for row in await session.scalars(select(Audit).where(Audit.subject == "customer_merge"))] == [
            "customer_merge"
        ] * 2
    assert "are two customers again" in olga.sees("C_WEEKLY")[-1].text


async def test_a_chain_of_merges_is_flat_and_taken_back_in_order(world: World) -> None:
    gone, stays = await two(world)
    top = await customer(world, "Acme Holding")
    await feedback(world, 1, gone)
    await merge(world)
    first = world.as_("U_OPS").sees("C_WEEKLY")[-1]
    await merge(world, "merge Acme into Acme Holding")
    for name in ("Acme GmbH", "Acme", "Acme Holding"):
        assert "*Acme Holding*" in await ask(world, "U_PM", name)
    async with world.reading() as session:
        assert set(await session.scalars(select(Customer.merged_into_id).where(Customer.id != top))) == {top}
    olga = world.as_("U_OPS")
    last = next(each for each in reversed(olga.sees("C_WEEKLY")) if each.text.startswith("Acme is Acme Holding"))
    await olga.press(first, "customers:separate")
    await world.settle()
    assert "Take that back first" in olga.sees("C_WEEKLY")[-1].text
    await olga.press(last, "customers:separate")
    await olga.press(first, "customers:separate")
    await world.settle()
    async with world.reading() as session:
        assert set(await session.scalars(select(Customer.merged_into_id))) == {None}
    assert (await of(world, Feedback, gone), await of(world, Feedback, stays)) == (1, 0)


async def test_who_may_merge_and_what_cannot_be(world: World) -> None:
    await two(world)
    assert "Only product operations, team leads and workspace admins can merge customers." in await ask(world, "U_PM", "merge A into B")
    for text, says in (
        ("merge Acme into acme", "Both names find Acme"),
        ("merge Acme into Glbex", 'There is no customer "Glbex"'),
        ("merge Zzz into Acme", 'There is no customer "Zzz"'),
    ):
        assert says in await ask(world, "U_OPS", text)
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/customer", "merge")
    reply = await olga.submit({"This customer": "Acme, enterprise", "Is the same as, and becomes": "Acme, enterprise"})
    assert "one customer already" in str(reply.errors)
    await olga.submit({"This customer": "Acme GmbH, team"})
    assert "*Acme GmbH* becomes *Acme*" in shown(olga)


async def test_names_may_have_into_in_them(world: World) -> None:
    await make_operations(world)
    await customer(world, "Leap into Space")
    await customer(world, "Space")
    await world.as_("U_OPS").command("C_WEEKLY", "/customer", "merge Leap into Space into Space")
    assert "*Leap into Space* becomes *Space*" in shown(world.as_("U_OPS"))


async def test_after_a_day_a_merge_stays(world: World) -> None:
    await two(world)
    await merge(world)
    olga = world.as_("U_OPS")
    message = olga.sees("C_WEEKLY")[-1]
    await world.advance(hours=24, minutes=1)
    await olga.press(message, "customers:separate")
    await world.settle()
    assert "more than 24 hours ago" in olga.sees("C_WEEKLY")[-1].text


async def test_nothing_logged_meanwhile_stays_with_the_name_that_is_gone(world: World) -> None:
    """Six people log for the merged one while it is merged: whoever comes first, all of it is with the one that stays."""
    gone, stays = await two(world)
    people = ["U_PM", "U_LEAD", "U_MOB", "U_PLAT", "U_SALES"]
    for person in people:
        await world.as_(person).command("C_WEEKLY", "/customer-feedback", f"new from {person}")
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/customer", "merge Acme GmbH into Acme")
    replies = await asyncio.gather(
        *(world.as_(person).submit({"Customer": "Acme GmbH, team"}) for person in people[:3]),
        olga.submit(),
        *(world.as_(person).submit({"Customer": "Acme GmbH, team"}) for person in people[3:]),
        return_exceptions=True,
    )
    await world.settle()
    # A menu that was filled after the merge offers the one that stays instead.
    late = [person for person, reply in zip([*people[:3], "U_OPS", *people[3:]], replies, strict=True) if isinstance(reply, NotThere)]
    assert not [reply for reply in replies if isinstance(reply, Exception) and not isinstance(reply, NotThere)]
    assert (await of(world, Feedback, gone), await of(world, Feedback, stays)) == (0, len(people) - len(late))
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(CustomerMerge)) == 1


@pytest.mark.parametrize("first", ["log", "merge"])
async def test_whoever_waits_for_a_merge_finds_the_one_that_stays(world: World, first: str) -> None:
    """The two transactions overlap in both orders: the second waits, and sees what the first did."""
    if world.app.database.is_sqlite:
        pytest.skip("one writer at a time there")
    from models.finding import customer_named
    from models.merging import hold, merge

    gone, stays = await two(world)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def log_for_it(waits: bool) -> None:
        async with world.transaction() as session:
            if waits:
                await begun.wait()
            found = await customer_named(session, "Acme GmbH")
            session.add(Feedback(number=9, customer_id=found.id, words="x", type="request", reporter="U_PM", logged_at=world.clock.now()))
            await session.flush()
            if not waits:
                begun.set()
                await go_on.wait()

    async def make_one(waits: bool) -> None:
        async with world.transaction() as session:
            if waits:
                await begun.wait()
            held = await hold(session, gone, stays)
            await merge(session, held[gone], held[stays], by="U_OPS", now=world.clock.now())
            if not waits:
                begun.set()
                await go_on.wait()

    both = asyncio.gather(log_for_it(first != "log"), make_one(first != "merge"))
    await begun.wait()
    await asyncio.sleep(0.2)
    go_on.set()
    await both
    assert (await of(world, Feedback, gone), await of(world, Feedback, stays)) == (0, 1)
