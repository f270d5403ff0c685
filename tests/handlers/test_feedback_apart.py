"""What slows us and what the market does are in no count of customers, whatever stands on their rows."""

from typing import Any

import pytest

from tests.handlers.customer_steps import ask as ask_of
from tests.handlers.feedback_said import ask, pieces, say
from tests.world import World


@pytest.fixture
async def mixed(world: World) -> World:
    """One piece of Acme in the queue of Payments, and the same of the other kinds."""
    team = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    release = await world.release("Billing revamp", "2027-03-05", team=team, owner="U_PM")
    usual: dict[str, Any] = {"customer": "Acme", "team_id": team, "area": "Export"}
    kinds = ("customer", "internal", "signal")
    await say(world, *({"words": f"{kind} words", "kind": kind, **usual} for kind in kinds))
    await say(world, *({"words": f"{kind} linked", "kind": kind, "release_id": release, **usual} for kind in kinds))
    return world


async def test_trends(mixed: World) -> None:
    for by in ("area", "type", "customer", "team", "region"):
        assert (await ask(mixed, f"trends by {by}")).startswith("2 pieces of feedback"), by


async def test_the_queue_and_its_share(mixed: World) -> None:
    assert "1 piece waits for a look" in await ask(mixed, "triage of Payments")
    await mixed.advance(days=7)
    report = await ask(mixed, "triage report of Payments")
    assert report.startswith("Looked at within 2 working days: 0 % (0 of 1) in 4 weeks.")


async def test_the_customers_card_and_list(mixed: World) -> None:
    card = await ask_of(mixed, "U_PM", "Acme")
    assert "2 pieces of feedback" in card
    assert "internal" not in card and "signal" not in card
    assert "2 pieces of feedback" in await ask_of(mixed, "U_PM", "list by feedback")


async def test_lists_and_search_say_whose_words_they_are(mixed: World) -> None:
    assert "2 pieces of feedback" in await ask(mixed, "list")
    assert "slows us" in await ask(mixed, "list internal")


async def test_the_release_card(mixed: World) -> None:
    reply = await mixed.as_("U_PM").command("C_WEEKLY", "/release", "status Billing revamp")
    assert "1 customer, no value known" in reply.text


async def test_who_says_so_is_changed_and_it_no_longer_counts_with_the_others(world: World) -> None:
    await say(
        world, {"words": "one", "customer": "Acme"}, {"words": "two", "customer": "Globex"}, {"words": "three", "customer": "Initech"}
    )
    await ask(world, "merge F-2 into F-1")
    await ask(world, "merge F-3 into F-1")
    pia = world.as_("U_PM")
    for number in (2, 1):
        await pia.command("C_PAY", "/customer-feedback", f"edit F-{number}")
        await pia.submit({"Who says so": "Slows us"})
        await world.settle()
    rows = await pieces(world)
    assert [(n, rows[n].kind, rows[n].same_as_id) for n in rows] == [(1, "internal", None), (2, "internal", None), (3, "customer", None)]
