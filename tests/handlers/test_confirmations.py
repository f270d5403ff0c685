"""Journeys of product operations: who answered the weekly question, and when it is asked."""

from datetime import UTC, datetime

import pytest

from bot.metrics import page
from models import Workspace
from tests.handlers.release_rows import buttons
from tests.handlers.test_checkins import FRIDAY_NOON, THURSDAY, answer, planned, questions
from tests.world import World

__all__ = ["planned"]


def words(world: World, reply: object) -> str:
    return str(getattr(reply, "text", ""))


async def test_it_shows_who_answered_and_who_did_not_since_when(planned: World) -> None:
    await planned.release("Refunds", "2027-03-05", owner="U_LEAD")
    await planned.tick()
    await planned.move_to(THURSDAY)
    await answer(planned, "Still right", "U_LEAD")
    await planned.move_to(FRIDAY_NOON)
    shown = await planned.as_("U_OPS").command("C_OPS", "/release", "confirmations")
    assert shown.ephemeral
    assert shown.text.splitlines() == [
        "1 of 2 owners answered.",
        "1 of 4 open releases (25 %) was confirmed in the last 7 days.",
        "Pia Marsh: 3 of 3 releases unanswered since Thu 3 Dec, 10:00 Berlin, reminded · never answered before",
        "Answered: Paul Lind.",
        "Each owner is asked on Thursday at 10:00 on their own clock about what changed nothing in 7 days.",
    ]


async def test_the_share_that_was_confirmed_is_a_metric(planned: World) -> None:
    await planned.move_to(THURSDAY)
    await answer(planned, "All still right")
    await planned.tick()
    assert f'tendon_releases_confirmed_share{{workspace="{planned.workspace_id}"}} 0.666' in page().decode()


@pytest.mark.parametrize(("person", "why"), [("U_PM", "shown to product operations"), ("U_GUEST", "Guests cannot change that")])
async def test_it_is_for_product_operations(planned: World, person: str, why: str) -> None:
    for text in ("confirmations", "confirmations on Monday at 9"):
        assert why in (await planned.as_(person).command("C_WEEKLY" if person == "U_PM" else "C_NOBOT", "/release", text)).text
    async with planned.reading() as session:
        assert (await session.get(Workspace, planned.workspace_id)).asks_weekday == 3


async def test_another_day_by_words(planned: World) -> None:
    ops = planned.as_("U_OPS")
    said = await ops.command("C_OPS", "/release", "confirmations on Tuesday at 3pm")
    assert said.text.startswith("Each owner is asked on Tuesday at 15:00 on their own clock")
    await planned.tick()
    await planned.move_to(datetime(2026, 12, 1, 13, 59, tzinfo=UTC))
    assert questions(planned) == []
    await planned.move_to(datetime(2026, 12, 1, 14, 1, tzinfo=UTC))
    assert [len(planned.as_("U_PM").dms()), "asked each Tuesday" in str(planned.as_("U_PM").dms()[0].blocks)] == [1, True]


async def test_a_day_changed_in_the_week_asks_nobody_twice(planned: World) -> None:
    await planned.move_to(THURSDAY)
    await planned.as_("U_OPS").command("C_OPS", "/release", "confirmations on Friday at 9")
    await planned.tick()
    for day in (4, 5, 7, 10):
        await planned.move_to(datetime(2026, 12, day, 9, 0, tzinfo=UTC))
    assert len([message for message in planned.as_("U_PM").dms() if message.text.startswith("Are these")]) == 1
    await planned.move_to(datetime(2026, 12, 11, 9, 0, tzinfo=UTC))
    assert len([message for message in planned.as_("U_PM").dms() if message.text.startswith("Are these")]) == 2


async def test_another_day_by_the_form(planned: World) -> None:
    ops = planned.as_("U_OPS")
    reply = await ops.command("C_OPS", "/release", "confirmations")
    await ops.press(reply.message, buttons(reply.blocks)["Change the day"])
    wrong = await ops.submit({"Day": "Wednesday", "Time": "after lunch"})
    assert "time" in wrong.errors
    await ops.submit({"Day": "Wednesday", "Time": "9"})
    await planned.settle()
    assert ops.sees("C_OPS")[-1].text.startswith("Each owner is asked on Wednesday at 09:00")


async def test_a_weekend_or_words_that_nobody_understands_open_the_form(planned: World) -> None:
    ops = planned.as_("U_OPS")
    for text, note in (
        ("on Sunday at 10", "Sunday is no working day here; those are Monday to Friday."),
        ("on someday", "I could not read"),
    ):
        await ops.command("C_OPS", "/release", f"confirmations {text}")
        assert note in str(ops.view["blocks"][0])
        await ops.close()
