"""Who asked for a release, on its card and while its day is picked: customers and what they pay, of what the reader may read."""

import pytest
from sqlalchemy import select, update

from models import Customer, Feedback, UserGroup, UserGroupMember
from tests.handlers.feedback_said import say
from tests.handlers.feedback_steps import shown
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing
from tests.world import World

ASKED = "*Asked for by*"


async def asked_for(world: World) -> None:
    """Two customers in the open, one of them twice, one in private; and what no customer said."""
    await billing(world)
    await say(
        world,
        {"words": "a", "customer": "Acme"},
        {"words": "b", "customer": "Acme", "same_as_id": 1},
        {"words": "c", "customer": "Globex"},
        {"words": "d", "customer": "Initech", "channel": "C_PRIV"},
        {"words": "e", "customer": "Umbrella", "kind": "internal"},
        {"words": "f", "customer": "Umbrella", "kind": "signal"},
        {"words": "g", "customer": "Umbrella", "removed_at": world.clock.now()},
    )
    async with world.transaction() as session:
        await session.execute(update(Feedback).where(Feedback.same_as_id.is_(None)).values(release_id=1))
        for customer in await session.scalars(select(Customer)):
            customer.value = {"Acme": 120_000, "Initech": 50_000, "Umbrella": 9_000_000}.get(customer.name)


async def on_card(world: World, person: str) -> list[str]:
    reply = await world.as_(person).command("C_NOBOT" if person == "U_GUEST" else "C_WEEKLY", "/release", "status Billing revamp")
    assert (ASKED.strip("*") in reply.text) is any(line.startswith(ASKED) for line in said(reply.blocks))
    return [line for line in said(reply.blocks) if "120" in line or line.startswith(ASKED)]


async def in_preview(world: World, person: str) -> str:
    actor = world.as_(person)
    await actor.command("C_WEEKLY", "/release", "move Billing revamp")
    await actor.press(actor.view, "releases:preview", "2027-08-20")
    await world.settle()
    return shown(actor.view)


async def faces_customers(world: World, person: str) -> None:
    async with world.transaction() as session:
        session.add(UserGroup(slack_id="S_SALES", name="Sales", handle="sales", faces_customers=True))
        session.add(UserGroupMember(user_group="S_SALES", person=person))


async def test_both_figures_are_shown_beside_each_other_as_far_as_one_may_read(world: World) -> None:
    await asked_for(world)
    assert await on_card(world, "U_MOB") == [f"{ASKED}  2 customers · 120,000 a year, 1 of them with no value known"]
    assert await on_card(world, "U_LEAD") == [f"{ASKED}  3 customers · 170,000 a year, 1 of them with no value known"]
    assert "2 customers wait for it, by what was logged · 120,000 a year, 1 of them with no value known" in await in_preview(world, "U_MOB")
    assert "3 customers wait for it, by what was logged · 170,000 a year, 1 of them" in await in_preview(world, "U_LEAD")


async def test_who_faces_customers_and_guests_see_no_more_than_before(world: World) -> None:
    await asked_for(world)
    await faces_customers(world, "U_SALES")
    assert await on_card(world, "U_SALES") == []
    assert await on_card(world, "U_GUEST") == []
    preview = await in_preview(world, "U_SALES")
    assert "2 customers wait for it, by what was logged" in preview
    assert "120,000" not in preview


async def test_what_customers_pay_goes_to_no_channel(world: World) -> None:
    await asked_for(world)
    pia = world.as_("U_PM")
    await pia.say("C_WEEKLY", f"<@{world.slack.bot_user}> status Billing revamp")
    await world.settle()
    answers = [message for message in pia.sees("C_WEEKLY") if "Billing revamp" in message.text and "R-1" in message.text]
    threads = [each for message in pia.sees("C_WEEKLY") for each in pia.thread("C_WEEKLY", message.ts)]
    told = str([(each.text, each.blocks) for each in [*answers, *threads]])
    assert "R-1" in told
    assert "120,000" not in told and "Asked for by" not in told


@pytest.mark.parametrize("value", [None, 0])
async def test_nobody_asked_and_no_value_known_read_so(world: World, value: int | None) -> None:
    await billing(world)
    assert await on_card(world, "U_PM") == []
    await say(world, {"words": "a", "customer": "Acme", "release_id": 1})
    async with world.transaction() as session:
        (await session.scalars(select(Customer))).one().value = value
    worth = "1 customer, no value known" if value is None else "1 customer · 0 a year"
    assert await on_card(world, "U_PM") == [f"{ASKED}  {worth}"]
