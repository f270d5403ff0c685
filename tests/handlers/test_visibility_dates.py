"""Those who face customers read no inner date, slip or health, whatever they type, press or follow; unless the release allows it."""

from typing import Any

import pytest

from models import Dependency
from tests.handlers.release_rows import buttons
from tests.handlers.release_steps import hears_everything
from tests.handlers.saying_steps import WORDS, asks, everything, facing, pressed
from tests.world import World

INSIDE = (
    "5 Mar",
    "9 Mar",
    "19 Mar",
    "2027-03-05",
    "working day",
    "Baseline Fri",
    "slip",
    "Red",
    "off track",
    "Mobile waits",
    "vendor broke",
)
ANSWERS = (
    "follow Billing revamp",
    "unfollow Billing revamp",
    "move Billing revamp to 12 March because customers ask",
    "move Billing revamp to April 2027 because customers ask",
    "commit Billing revamp to 12 March because customers ask",
    "ship Billing revamp",
    "ship Billing revamp on 24 December",
    "stage Billing revamp beta",
    "cancel Billing revamp because dropped",
    "health Billing revamp amber because customers ask",
    "owner Billing revamp <@U_MOB>",
    "rename Billing revamp to Billing 2",
    "alias Billing revamp as BR",
    "duplicate Billing revamp of Usage API",
    "restrict Billing revamp to <@U_MOB>",
    "add refunds to Billing revamp because customers ask",
    "new Revamp of billing 24 December 2026",
)
FORMS = (
    "move Billing revamp",
    "move Billing revamp to 12 March",
    "move Billing revamp by 2 weeks because customers ask",
    "push Billing revamp by 2 weeks",
    "commit Billing revamp",
    "health Billing revamp",
    "cancel Billing revamp",
    "stage Billing revamp",
)


async def told(world: World) -> int:
    """Off track and promised to Mobile, for 5 March; Sam faces customers."""
    release = await kept_inside(world)
    await facing(world)
    await asks(world, "U_PM", f'say Billing revamp "{WORDS}"')
    return release


async def kept_inside(world: World) -> int:
    payments = await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    mobile = await world.team("Mobile", lead="U_MOB")
    release = await world.release("Billing revamp", "2027-03-05", team=payments, owner="U_PM")
    await world.release("Usage API", "2027-03-05", owner="U_PLAT")
    now = world.clock.now()
    async with world.transaction() as session:
        asked = {"asking_team_id": mobile, "asked_team_id": payments, "release_id": release, "needed_on": now.date().replace(2027, 3, 9)}
        session.add(Dependency(number=1, what="refunds", state="asked", asked_at=now, **asked))
    await asks(world, "U_PM", "health Billing revamp red because vendor broke it")
    return release


def filled(view: Any) -> str:
    """A form without what it offers to choose from."""
    if isinstance(view, dict):
        return " ".join(filled(value) for key, value in view.items() if key != "options")
    return " ".join(map(filled, view)) if isinstance(view, list) else str(view)


def inner(read: str) -> list[str]:
    return [word for word in INSIDE if word in read]


@pytest.mark.parametrize("typed", ANSWERS)
async def test_the_answer_to_a_write_repeats_what_was_typed_and_nothing_of_the_inside(world: World, typed: str) -> None:
    await told(world)
    read = await asks(world, "U_SALES", typed)
    assert world.as_("U_SALES").view is None
    assert inner(read) == []
    assert read.strip()


async def test_it_repeats_the_day_that_was_typed(world: World) -> None:
    await told(world)
    read = await asks(world, "U_SALES", "move Billing revamp to 12 March because customers ask")
    assert read.startswith("Billing revamp moves to Fri 12 Mar 2027.")
    assert "Pia Marsh, who owns it, is told at once" in read
    read = await asks(world, "U_LEAD", "move Billing revamp to 19 March because vendor late")
    assert "+10 working days" in read
    assert "Mobile waits for refunds" in read


@pytest.mark.parametrize("typed", FORMS)
async def test_a_form_is_filled_with_what_was_typed_alone(world: World, typed: str) -> None:
    await told(world)
    sam = world.as_("U_SALES")
    await sam.command("C_WEEKLY", "/release", typed)
    assert sam.view is not None
    assert inner(filled(sam.view)) == []


@pytest.mark.parametrize("label", ["Move date", "Set health", "More", "Open"])
async def test_a_card_from_before_they_faced_customers_opens_nothing_of_the_inside(world: World, label: str) -> None:
    await kept_inside(world)
    card = await world.as_("U_SALES").command("C_WEEKLY", "/release", "Billing revamp")
    listed = await world.as_("U_SALES").command("C_WEEKLY", "/release", "status")
    await facing(world)
    sam = world.as_("U_SALES")
    await pressed(world, "U_SALES", listed.message if label == "Open" else card.message, label)
    shown = filled(sam.view) if sam.view else everything(sam.sees("C_WEEKLY")[-1].text, sam.sees("C_WEEKLY")[-1].blocks)
    assert inner(shown) == []


async def test_the_preview_of_a_picked_day_tells_no_more(world: World) -> None:
    await told(world)
    sam = world.as_("U_SALES")
    await sam.command("C_WEEKLY", "/release", "move Billing revamp")
    await sam.press(sam.view, "releases:preview", "2027-08-20")
    await world.settle()
    assert inner(filled(sam.view)) == []
    assert "Customers were told" in str(sam.view)


@pytest.mark.parametrize("change", ["move Billing revamp to 12 March because x", "health Billing revamp amber because x"])
async def test_taking_a_change_back_names_no_inner_date(world: World, change: str) -> None:
    await told(world)
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", change)
    await pressed(world, "U_SALES", reply.message, "Undo")
    read = world.as_("U_SALES").sees("C_WEEKLY")[-1]
    assert read.text.startswith("Taken back.")
    assert inner(everything(read.text, read.blocks)) == []


async def test_what_its_owner_takes_back_names_no_inner_date(world: World) -> None:
    await told(world)
    await asks(world, "U_SALES", "move Billing revamp to 12 March because customers ask")
    await world.settle()
    await pressed(world, "U_PM", world.as_("U_PM").dms()[-1], "Undo")
    read = world.as_("U_SALES").dms()[-1]
    assert "took back your change" in read.text
    assert inner(everything(read.text, read.blocks)) == []


async def test_a_follower_who_faces_customers_hears_what_concerns_them(world: World) -> None:
    await told(world)
    assert "when what may be said needs a check" in await asks(world, "U_SALES", "follow Billing revamp")
    await hears_everything(world, "U_SALES")
    heard = 0
    for typed, read in (
        ("move Billing revamp to 12 March because vendor broke again", "Billing revamp has another date."),
        ("health Billing revamp amber because vendor broke again", ""),
        ("cancel Billing revamp because vendor broke for good", "Billing revamp is cancelled."),
    ):
        answer = await asks(world, "U_PM", typed)
        assert ("Nobody else follows it" in answer) is (not read)
        await world.advance(minutes=6)
        news = world.as_("U_SALES").dms()[heard:]
        assert [message.text.split("\n")[0] for message in news] == ([read] if read else [])
        assert [inner(everything(message.text, message.blocks)) for message in news] == [[]] * len(news)
        heard += len(news)


async def test_what_is_held_is_worded_for_who_its_reader_is_when_it_goes(world: World) -> None:
    await kept_inside(world)
    await asks(world, "U_SALES", "follow Billing revamp")
    await world.as_("U_SALES").command("C_WEEKLY", "/tendon", "notices quiet")
    for typed in ("move Billing revamp to 12 March because vendor broke", "health Billing revamp amber because vendor broke again"):
        await asks(world, "U_PM", typed)
        await world.advance(minutes=6)
    assert world.as_("U_SALES").dms() == []
    await facing(world)
    await hears_everything(world, "U_SALES")
    await world.tick()
    (read,) = world.as_("U_SALES").dms()
    assert read.text.startswith("Billing revamp has another date. Open it to see what customers may be told")
    assert inner(everything(read.text, read.blocks)) == []


async def test_a_correction_tells_such_a_follower_no_inner_date(world: World) -> None:
    await told(world)
    await asks(world, "U_SALES", "follow Billing revamp")
    await asks(world, "U_LEAD", "move Billing revamp to 12 March because vendor broke")
    await world.advance(minutes=6)
    await pressed(world, "U_PM", next(each for each in world.as_("U_PM").dms() if "Undo" in buttons(each.blocks)), "Undo")
    await world.advance(minutes=1)
    read = world.as_("U_SALES").dms()[-1]
    assert read.text.startswith("Correction: Billing revamp has the date that it had before.")
    assert inner(everything(read.text, read.blocks)) == []


async def test_a_frank_release_answers_them_in_full(world: World) -> None:
    await told(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "say Billing revamp")
    await pia.submit({"words": WORDS, "frank": ["frank"]})
    assert "+5 working days" in await asks(world, "U_SALES", "move Billing revamp to 12 March because customers ask")
    await asks(world, "U_SALES", "follow Billing revamp")
    await hears_everything(world, "U_SALES")
    await asks(world, "U_PM", "move Billing revamp to 19 March because vendor broke")
    await world.advance(minutes=6)
    assert "moves to Fri 19 Mar 2027 (+10 working days)." in world.as_("U_SALES").dms()[-1].text
