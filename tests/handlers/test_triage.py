"""The queue of a team: what nobody has looked at, taken by one person, moved, and back again."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from models import TeamMember
from tests.handlers.feedback_said import ask, pieces, say
from tests.handlers.feedback_steps import labels, product_operations
from tests.world import World


async def queue(world: World, typed: str = "", person: str = "U_LEAD", channel: str = "C_PAY") -> Any:
    """What somebody sees when they ask for it."""
    reply = await world.as_(person).command(channel, "/customer-feedback", f"triage {typed}".strip())
    assert reply.status == 200
    return world.as_(person).sees(channel)[-1]


async def press(world: World, message: Any, action: str, person: str = "U_LEAD", channel: str = "C_PAY") -> Any:
    """What somebody sees last when they have pressed that."""
    await world.as_(person).press(message, action)
    await world.settle()
    return world.as_(person).sees(channel)[-1]


async def sent(world: World, fields: dict[str, Any], person: str = "U_LEAD", channel: str = "C_PAY") -> str:
    await world.as_(person).submit(fields)
    await world.settle()
    return str(world.as_(person).sees(channel)[-1].text)


@pytest.fixture
async def payments(world: World) -> int:
    return await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")


def shown(reply: Any) -> list[int]:
    """The pieces that can be taken, in their order."""
    buttons = [element for block in reply.blocks for element in block.get("elements", []) if element.get("type") == "button"]
    return [int(b["accessibility_label"].rpartition("F-")[2]) for b in buttons if b["action_id"].startswith("triage:take")]


async def test_a_queue_has_what_nobody_looked_at_oldest_first(world: World, payments: int) -> None:
    now, mobile = world.clock.now(), await world.team("Mobile", lead="U_MOB")
    release = await world.release("Billing revamp", "2026-12-01", team=payments)
    mine = {"team_id": payments}
    await say(
        world,
        {"words": "newer", "logged_at": now - timedelta(hours=1), **mine},
        {"words": "older", "logged_at": now - timedelta(days=4), "customer": "Acme", **mine},
        {"words": "taken", "taken_by": "U_PM", "triaged_at": now, **mine},
        {"words": "linked", "release_id": release, **mine},
        {"words": "declined", "declined_at": now, "triaged_at": now, **mine},
        {"words": "says the same", "same_as_id": 1, **mine},
        {"words": "gone", "removed_at": now, **mine},
        {"words": "slows us", "kind": "internal", **mine},
        {"words": "not theirs", "team_id": mobile},
        {"words": "came back", "reopened_at": now, "unsolved_release_id": release, **mine},
    )
    reply = await queue(world)
    assert shown(reply) == [10, 2, 1]
    assert reply.text.startswith("Payments: 3 pieces wait for a look, the oldest for 3 working days.")
    assert "*Not solved* by Billing revamp" in str(reply.blocks)
    assert "Taken by Pia Marsh" in str(reply.blocks)
    assert {"Take", "Link", "Ask back", "Decline", "Move", "Other teams", "On time?"} <= set(labels(reply))


async def test_a_queue_is_the_channels_else_mine_else_chosen(world: World, payments: int) -> None:
    mobile = await world.team("Mobile", lead="U_MOB")
    await say(world, {"words": "of payments", "team_id": payments}, {"words": "of mobile", "team_id": mobile}, "of nobody")
    assert (await queue(world, person="U_MOB")).text.startswith("Payments: 1 piece waits")
    assert (await queue(world, person="U_MOB", channel="C_WEEKLY")).text.startswith("Mobile: 1 piece waits")
    chosen = await queue(world, person="U_SALES", channel="C_WEEKLY")
    assert chosen.text.startswith("Whose queue?")
    assert all(f"{name}: 1 piece waits for a look, since today." in chosen.text for name in ("Payments", "Mobile", "No team"))
    opened = await press(world, chosen, "triage:open:0", "U_SALES", "C_WEEKLY")
    assert opened.text.startswith("No team: 1 piece waits")
    await product_operations(world)
    assert (await queue(world, person="U_OPS", channel="C_OPS")).text.startswith("No team: 1 piece waits")
    assert (await queue(world, "of mobile", channel="C_WEEKLY")).text.startswith("Mobile:")
    assert (await queue(world, "of no team")).text.startswith("No team:")
    assert 'There is no team "Moblie"' in (await queue(world, "of Moblie")).text


async def test_members_of_one_team_get_its_queue_and_those_of_two_are_asked(world: World, payments: int) -> None:
    mobile = await world.team("Mobile", lead="U_MOB")
    async with world.transaction() as session:
        session.add(TeamMember(team_id=payments, person="U_SALES"))
    assert (await queue(world, person="U_SALES", channel="C_WEEKLY")).text == "Payments: nothing waits for a look."
    async with world.transaction() as session:
        session.add(TeamMember(team_id=mobile, person="U_SALES"))
    assert "Nothing waits for a look" in (await queue(world, person="U_SALES", channel="C_WEEKLY")).text


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
async def test_queues_of_any_length_are_paged_with_totals(world: World, payments: int, count: int) -> None:
    await say(world, *({"words": f"n {n}", "team_id": payments} for n in range(count)))
    reply = await queue(world)
    said = {0: "nothing waits", 1: "1 piece waits for a look", 51: "51 pieces wait for a look", 1000: "1,000 pieces wait for a look"}
    assert said[count] in reply.text
    assert shown(reply) == list(range(1, min(count, 3) + 1))
    assert ("Next 3" in labels(reply)) is (count > 3)
    if count > 3:
        assert "(showing 1 to 3)" in reply.text
        assert shown(await press(world, reply, "triage:turn")) == [4, 5, 6]


async def test_who_takes_a_piece_is_shown_and_may_give_it_back(world: World, payments: int) -> None:
    await say(world, {"words": "first", "team_id": payments}, {"words": "second", "team_id": payments})
    mine = await press(world, await queue(world), "triage:take:1")
    assert mine.text.startswith("F-1 is yours.\nPayments: 1 piece waits")
    assert "Taken by you" in str(mine.blocks)
    row = (await pieces(world))[1]
    assert row.taken_by == "U_LEAD"
    assert row.triaged_at
    assert "Taken by Paul Lind" in str((await queue(world, person="U_PM")).blocks)
    assert "*Taken by*\\n<@U_LEAD>" in await ask(world, "show F-1")
    assert shown(await queue(world, person="U_PM")) == [2]
    assert shown(await press(world, mine, "triage:give_back:1")) == [1, 2]
    row = (await pieces(world))[1]
    assert (row.taken_by, row.triaged_at) == (None, None)


async def test_of_two_who_take_at_the_same_moment_one_has_it_and_the_other_is_told(world: World, payments: int) -> None:
    await say(world, *({"words": f"n {n}", "team_id": payments} for n in range(3)))
    cards = {person: await queue(world, person=person) for person in ("U_LEAD", "U_PM", "U_OPS")}
    await asyncio.gather(*(world.as_(person).press(card, "triage:take:1") for person, card in cards.items()))
    await world.settle()
    row = (await pieces(world))[1]
    answers = {person: world.as_(person).sees("C_PAY")[-1].text for person in cards}
    winner = answers.pop(row.taken_by or "")
    assert winner.startswith("F-1 is yours.")
    names = {"U_LEAD": "Paul Lind", "U_PM": "Pia Marsh", "U_OPS": "Olga Prod"}
    assert all(said.startswith(f"F-1 is taken by {names[row.taken_by or '']} already. Nothing was changed.") for said in answers.values())


async def test_what_was_seen_to_meanwhile_is_not_taken(world: World, payments: int) -> None:
    await say(world, {"words": "first", "team_id": payments})
    card = await queue(world)
    await ask(world, "decline F-1 because no")
    assert (await press(world, card, "triage:take:1")).text.startswith("F-1 is declined.")
    assert (await pieces(world))[1].taken_by is None


async def test_link_and_decline_on_the_card_end_the_waiting(world: World, payments: int) -> None:
    lead = world.as_("U_LEAD")
    await world.release("Billing revamp", "2026-12-01", team=payments)
    await say(world, *({"words": f"n {n}", "team_id": payments} for n in range(3)))
    card = await queue(world)
    await lead.press(card, "feedback:link:1")
    assert "Pick the release that brings it" in str((await lead.submit()).errors)
    assert (await sent(world, {"Release": "Billing revamp"})).startswith("F-1 is linked to Billing revamp.")
    await lead.press(card, "loop:decline:2")
    await lead.submit({"Why not?": "Paper invoices go away."})
    await world.settle()
    declined = lead.sees("C_PAY")[-1]
    found = await pieces(world)
    assert found[1].triaged_at and found[2].triaged_at
    assert shown(await queue(world)) == [3]
    await press(world, declined, "loop:reopen")
    assert shown(await queue(world)) == [2, 3]


async def test_details_that_link_end_the_waiting_and_an_area_moves_it(world: World, payments: int) -> None:
    pm, mobile = world.as_("U_PM"), await world.team("Mobile", lead="U_MOB")
    await world.release("Billing revamp", "2026-12-01", team=payments)
    await say(world, {"words": "first", "team_id": payments}, {"words": "second", "team_id": payments})
    await ask(world, "link F-1")
    await pm.submit({"Release": "Billing revamp"})
    assert (await pieces(world))[1].triaged_at
    await ask(world, "link F-2")
    await pm.submit({"Product area": "Mobile"})
    assert (await pieces(world))[2].team_id == mobile
    await ask(world, "link F-1")
    await pm.submit({"Release": None})
    assert shown(await queue(world)) == [1]


async def test_a_piece_goes_to_another_teams_queue(world: World, payments: int) -> None:
    lead, mobile = world.as_("U_LEAD"), await world.team("Mobile", lead="U_MOB")
    await say(world, {"words": "about the app", "team_id": payments, "channel": "C_PRIV"})
    await lead.press(await queue(world), "triage:move:1")
    assert "only its members see it" in str(lead.view)
    assert [option["text"]["text"] for option in await lead.options("triage:team", "mob")] == ["Mobile", "No team"]
    assert await sent(world, {"Whose is it?": "Mobile"}) == "F-1 is in the queue of Mobile now."
    assert (await pieces(world))[1].team_id == mobile
    await lead.press(await queue(world, "of Mobile"), "triage:move:1")
    assert "F-1 is in the queue of Mobile already." in str((await lead.submit({"Whose is it?": "Mobile"})).errors)
    await lead.close()
    await lead.press(await queue(world, "of Mobile"), "triage:move:1")
    await lead.submit({"Whose is it?": "No team"})
    assert (await pieces(world))[1].team_id is None


async def test_guests_and_people_of_other_companies_have_no_queue(world: World, payments: int) -> None:
    await say(world, {"words": "first", "team_id": payments, "channel": "C_NOBOT"})
    assert "only people of this company" in (await queue(world, person="U_GUEST", channel="C_NOBOT")).text


async def test_a_digest_says_what_waits_for_a_look(world: World, payments: int) -> None:
    await say(world, {"words": "first", "team_id": payments}, {"words": "secret", "team_id": payments, "channel": "C_PRIV"})
    await world.as_("U_LEAD").command("C_PAY", "/digest", "subscribe every Monday at 9:00")
    await world.settle()
    await world.advance(days=3)
    preview = await world.as_("U_LEAD").command("C_PAY", "/digest", "preview")
    assert "1 piece waits for a look, for" in preview.text + str(preview.blocks)
