"""Journeys: words that are linked to a piece of work wait for the release that has it, wherever it is moved."""

import pytest

from models import Item
from tests.handlers.loop_steps import asks, does, logged, thread, told
from tests.handlers.release_steps import billing, press
from tests.handlers.test_feedback_merging import pieces
from tests.world import World


async def planned(world: World) -> tuple[int, int]:
    """Billing revamp with the work on refunds, and Kite."""
    first, second = await billing(world), await world.release("Kite", "2027-05-05", owner="U_OPS")
    async with world.transaction() as session:
        session.add(Item(title="Refunds", release_id=first, source_key="BIL-7"))
    return first, second


async def moves_work(world: World, words: str, person: str = "U_PM") -> object:
    reply = await world.as_(person).command("C_WEEKLY", "/release", words)
    await world.settle()
    return reply


async def linked(world: World, person: str = "U_SALES", channel: str = "C_WEEKLY") -> str:
    ts = await logged(world, person, channel, Release=None)
    await asks(world, "U_PM", "link F-1 to Refunds")
    return ts


async def test_who_asked_hears_when_the_release_ships_that_has_the_work_by_then(world: World) -> None:
    _, kite = await planned(world)
    ts = await linked(world)
    await moves_work(world, "add Refunds to Kite because it is late")
    assert (await pieces(world))[1].release_id == kite
    await does(world, "ship Billing revamp")
    assert thread(world, "C_WEEKLY", ts) == []
    await does(world, "ship Kite", "U_OPS")
    assert [text.splitlines()[0] for text in thread(world, "C_WEEKLY", ts)] == [
        "It is out: Kite, available to everyone since Sat 21 Nov 2026."
    ]
    assert told(world, "U_SALES") == []


async def test_a_move_that_is_undone_leaves_all_as_it_was(world: World) -> None:
    billing_id, kite = await planned(world)
    ts = await linked(world)
    moved = await moves_work(world, "add Refunds to Kite because it is late")
    assert (await pieces(world))[1].release_id == kite
    await press(world.as_("U_PM"), moved, "Undo")
    await world.settle()
    assert (await pieces(world))[1].release_id == billing_id
    await does(world, "ship Kite", "U_OPS")
    assert thread(world, "C_WEEKLY", ts) == []
    await does(world, "ship Billing revamp")
    assert len(thread(world, "C_WEEKLY", ts)) == 1


async def test_work_in_no_release_promises_nothing_until_one_takes_it_in(world: World) -> None:
    await planned(world)
    ts = await linked(world)
    answer = lambda: world.as_("U_PM").thread("C_WEEKLY", ts)[1].text  # noqa: E731
    assert answer() == "Logged as F-1 for Acme. You will hear here when it ships."
    await moves_work(world, "take Refunds out of Billing revamp because it waits for a vendor")
    assert (await pieces(world))[1].release_id is None
    assert answer() == "Logged as F-1 for Acme."
    await does(world, "ship Billing revamp")
    assert thread(world, "C_WEEKLY", ts) == []
    await moves_work(world, "add Refunds to Kite because the vendor is ready", "U_OPS")
    assert answer() == "Logged as F-1 for Acme. You will hear here when it ships."
    await does(world, "ship Kite", "U_OPS")
    assert len(thread(world, "C_WEEKLY", ts)) == 1


async def test_who_was_told_is_told_of_the_next_and_corrected_only_where_it_is_taken_back(world: World) -> None:
    await planned(world)
    ts = await linked(world)
    await does(world, "ship Billing revamp")
    await moves_work(world, "add Refunds to Kite because it was not in there after all", "U_OPS")
    assert [text.split(",")[0] for text in thread(world, "C_WEEKLY", ts)] == ["It is out: Billing revamp"]
    await does(world, "ship Kite", "U_OPS")
    await does(world, "rollback Kite because refunds failed", "U_OPS")
    openings = [text.split(",")[0].split(" was")[0] for text in thread(world, "C_WEEKLY", ts)]
    assert openings == ["It is out: Billing revamp", "It is out: Kite", "Correction: Kite"]
    await does(world, "rollback Billing revamp because all failed")
    assert [text.splitlines()[:2] for text in told(world, "U_SALES", "Correction")] == [
        ["Correction: Billing revamp was taken back. You will hear again when it is out.", "You were told that it is out."]
    ]


async def test_what_says_the_same_follows_too_and_what_names_a_release_alone_stays(world: World) -> None:
    billing_id, kite = await planned(world)
    ts = await linked(world)
    other = await logged(world, "U_MOB", "C_MOB", Release=None)
    alone = await logged(world, "U_LEAD", "C_PAY")
    await asks(world, "U_PM", "merge F-2 into F-1")
    await moves_work(world, "add Refunds to Kite because it is late")
    assert (await pieces(world))[3].release_id == billing_id
    await does(world, "ship Kite", "U_OPS")
    assert len(thread(world, "C_WEEKLY", ts)) == len(thread(world, "C_MOB", other)) == 1
    assert thread(world, "C_PAY", alone) == []
    assert kite


async def test_not_solved_opens_what_was_linked_to_work_for_triage_again(world: World) -> None:
    await planned(world)
    ts = await linked(world)
    await does(world, "ship Billing revamp")
    sam = world.as_("U_SALES")
    await sam.press(sam.thread("C_WEEKLY", ts)[2], "loop:unsolved")
    await sam.submit({})
    await world.settle()
    row = (await pieces(world))[1]
    assert (row.release_id, row.item_id, row.triaged_at) == (None, None, None)
    await moves_work(world, "add Refunds to Kite because there is more to do", "U_OPS")
    assert (await pieces(world))[1].release_id is None
    assert "F-1" in str((await world.as_("U_OPS").command("C_OPS", "/customer-feedback", "triage no team")).blocks)


@pytest.mark.parametrize(("release", "answer"), [("Kite", "Refunds is in Billing revamp"), ("Billing revamp", "")])
async def test_a_form_that_names_work_and_another_release_is_asked_which(world: World, release: str, answer: str) -> None:
    await planned(world)
    said = await world.as_("U_PM").say("C_WEEKLY", "refunds, please")
    pia = world.as_("U_PM")
    await pia.shortcut("feedback:log", channel="C_WEEKLY", ts=said.ts)
    await pia.press(pia.view, "feedback:more")
    reply = await pia.submit({"Customer": "Acme", "Release": release, "Or a piece of work": "Refunds"})
    await world.settle()
    assert answer in str(reply.errors)
    assert len(await pieces(world)) == (0 if answer else 1)


async def test_another_release_in_the_details_stands_in_the_place_of_the_work(world: World) -> None:
    _, kite = await planned(world)
    ts = await linked(world)
    pia = world.as_("U_PM")
    await pia.press(pia.thread("C_WEEKLY", ts)[1], "feedback:details")
    await pia.submit({"Release": "Kite"})
    await world.settle()
    row = (await pieces(world))[1]
    assert (row.release_id, row.item_id) == (kite, None)
    await moves_work(world, "take Refunds out of Billing revamp because it waits")
    assert (await pieces(world))[1].release_id == kite


async def test_other_work_in_the_details_brings_its_release(world: World) -> None:
    _, kite = await planned(world)
    async with world.transaction() as session:
        session.add(Item(title="Exports", release_id=kite))
    ts = await linked(world)
    pia = world.as_("U_PM")
    await pia.press(pia.thread("C_WEEKLY", ts)[1], "feedback:details")
    await pia.submit({"Or a piece of work": "Exports"})
    await world.settle()
    assert (await pieces(world))[1].release_id == kite
