"""Home counts the dates that wait for their owner's word, and its button opens the list of the weekly question."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.handlers.release_rows import buttons, many_releases, said
from tests.handlers.release_steps import changes, of
from tests.world import World

TUESDAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 12, 3, 9, 0, 30, tzinfo=UTC)


@pytest.fixture
async def planned(world: World) -> World:
    await world.settle()
    for name, day in (("Usage API", "2026-11-30"), ("Audit log", "2026-12-08"), ("Billing revamp", "2027-03-05")):
        await world.release(name, day, owner="U_PM")
    await world.tick()
    await world.move_to(TUESDAY)
    return world


async def home(world: World, person: str = "U_PM") -> str:
    await world.as_(person).open_home()
    await world.settle()
    return "\n".join(said(world.as_(person).home["blocks"]))


async def opened(world: World) -> Any:
    await home(world)
    pia = world.as_("U_PM")
    await pia.press(pia.home, buttons(pia.home["blocks"])["Confirm"])
    await world.settle()
    return pia


async def pressed(world: World, label: str) -> None:
    pia = world.as_("U_PM")
    await pia.press(pia.view, buttons(pia.view["blocks"])[label])
    await world.settle()


async def test_home_counts_the_dates_that_wait_and_only_for_their_owner(planned: World) -> None:
    shown = await home(planned)
    assert "*1 thing needs you.*" in shown
    assert "*Confirm 3 release dates*" in shown
    assert "Confirm" not in await home(planned, "U_LEAD")


async def test_what_changed_in_seven_days_is_not_counted(planned: World) -> None:
    await planned.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    assert "*Confirm 2 release dates*" in await home(planned)
    await planned.as_("U_PM").command("C_WEEKLY", "/release", "ship Usage API on 30 November")
    assert "*Confirm 1 release date*" in await home(planned)


async def test_its_button_opens_the_list_with_the_same_answers(planned: World) -> None:
    pia = await opened(planned)
    words = "\n".join(said(pia.view["blocks"]))
    assert "3 dates need your word" in words
    assert "*Audit log*\nTue 8 Dec 2026" in words
    assert set(buttons(pia.view["blocks"])) == {"Still right", "At risk", "Move", "Shipped", "All still right"}
    assert str(pia.view["blocks"]).count("'Still right'") == 2  # not for the date that is past


async def test_it_goes_away_when_it_is_answered_and_is_not_asked_again_on_thursday(planned: World) -> None:
    pia = await opened(planned)
    await pressed(planned, "All still right")
    assert "1 date needs your word" in str(pia.view)
    assert "*Confirm 1 release date*" in "\n".join(said(pia.home["blocks"]))  # redrawn without being opened
    await pressed(planned, "Move")
    await pia.submit({"New date": "2026-12-18", "Why?": "vendor late"})
    await planned.settle()
    assert "*All answered. Thank you.*" in "\n".join(said(pia.view["blocks"]))  # the list under the form
    assert "Confirm" not in await home(planned)
    await planned.move_to(THURSDAY)
    assert not any("asked each Thursday" in str(message.blocks) for message in pia.dms())


async def test_pressed_twice_it_confirms_once(planned: World) -> None:
    pia = await opened(planned)
    view, action = pia.view, buttons(pia.view["blocks"])["All still right"]
    await asyncio.gather(*(pia.press(view, action) for _ in range(2)))
    await planned.settle()
    rows = [row for number in (2, 3) for row in await changes(planned, number) if row.field == "confirmed"]
    assert len(rows) == 2
    assert (await of(planned, 3)).confirmed_at >= TUESDAY


async def test_a_date_that_changed_since_it_was_shown_is_not_confirmed(planned: World) -> None:
    pia = await opened(planned)
    view, action = pia.view, buttons(pia.view["blocks"])["All still right"]
    await planned.as_("U_LEAD").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    await pia.press(view, action)
    await planned.settle()
    assert "Billing revamp is for Fri 12 Mar 2027 by now, so it was not confirmed." in str(pia.view)
    assert [row.field for row in await changes(planned, 3)].count("confirmed") == 0
    assert [row.field for row in await changes(planned, 2)].count("confirmed") == 1


async def test_many_are_shown_eight_a_page(planned: World) -> None:
    await many_releases(planned, 20, owner="U_PM", changed_at=datetime(2026, 11, 1, tzinfo=UTC))
    pia = await opened(planned)
    assert "*23 dates need your word*" in "\n".join(said(pia.view["blocks"]))
    await pressed(planned, "Next 8")
    assert "9 to 16 of 23" in str(pia.view)
    await pressed(planned, "All still right")
    assert "15 dates need your word" in str(pia.view)


async def test_the_list_under_a_form_is_drawn_anew_on_its_page_when_the_form_is_sent(planned: World) -> None:
    await many_releases(planned, 20, owner="U_PM", changed_at=datetime(2026, 11, 1, tzinfo=UTC))
    pia = await opened(planned)
    await pressed(planned, "Next 8")
    await pressed(planned, "At risk")
    await pia.submit({"Why?": "vendor late"})
    await planned.settle()
    assert "*22 dates need your word*" in "\n".join(said(pia.view["blocks"]))
    assert "9 to 16 of 22" in str(pia.view)
