"""The share that was looked at on time: by team and week, with its n, in the team's own working days."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.handlers.feedback_said import ask, say
from tests.handlers.feedback_steps import product_operations
from tests.handlers.test_triage import press, queue
from tests.world import World

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)  # a Monday


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


async def test_a_report_counts_by_team_and_week_what_was_looked_at_in_time(world: World) -> None:
    berlin = await world.team("Payments", channel="C_PAY", zone="Europe/Berlin")
    tel_aviv = await world.team("Mobile", zone="Asia/Jerusalem", weekdays="01236")
    await world.move_to(NOW)

    def piece(team: int, came: datetime, looked: datetime | None, **more: Any) -> dict[str, Any]:
        return {"words": "w", "team_id": team, "logged_at": came, "triaged_at": looked, "taken_by": "U_PM" if looked else None} | more

    await say(
        world,
        piece(berlin, at(12), at(16, 15)),  # Thursday, until Monday evening: on time
        piece(berlin, at(12), at(16, 17)),  # an hour later: late
        piece(berlin, at(14), at(17, 15)),  # Saturday, until Tuesday evening: on time
        piece(berlin, at(17), None),  # waits since Tuesday: late
        piece(berlin, at(20), None),  # since Friday: still has time
        piece(berlin, at(18), at(18)),  # linked as it was logged: needed no look
        piece(berlin, at(18), None, same_as_id=1),
        piece(berlin, at(18), None, kind="internal"),
        piece(berlin, at(18), None, removed_at=at(19)),
        piece(berlin, at(2), at(20), reopened_at=at(18)),  # came back on Wednesday, looked at on Friday: on time
        piece(tel_aviv, at(12), at(16, 15)),  # there it was due on Monday, as Sunday is a day of work: on time
        piece(tel_aviv, at(15), at(17, 16)),  # Sunday, until Tuesday 17:00 there: late
    )
    said = (await queue(world, "report")).text
    assert "Looked at within 2 working days: 57 % (4 of 7) in 4 weeks." in said
    assert "Payments: 60 % (3 of 5). week 46: 67 % (2 of 3) · week 47: 50 % (1 of 2). " in said
    assert "2 pieces wait for a look, the oldest for 4 working days." in said
    assert "Mobile: 50 % (1 of 2). week 46: 50 % (1 of 2). Nothing waits." in said
    assert "Pia" not in said
    of_one = (await queue(world, "report of payments")).text
    assert "Mobile" not in of_one
    assert (await press(world, await queue(world), "triage:report")).text == said


async def test_the_target_is_set_by_product_operations(world: World) -> None:
    payments = await world.team("Payments", channel="C_PAY", zone="Europe/Berlin")
    await product_operations(world)
    await world.move_to(NOW)
    came, looked = NOW - timedelta(days=10), NOW - timedelta(days=5)
    await say(world, {"words": "w", "team_id": payments, "logged_at": came, "triaged_at": looked, "taken_by": "U_PM"})
    assert "0 % (0 of 1)" in (await queue(world, "report")).text
    olga = world.as_("U_OPS")
    await olga.command("C_OPS", "/customer-feedback", "settings")
    assert "Write a number of working days" in str((await olga.submit({"Teams look at it within": "soon"})).errors)
    await olga.submit({"Teams look at it within": "5"})
    assert "Looked at within 5 working days: 100 % (1 of 1)" in (await queue(world, "report")).text


async def test_a_report_of_nothing_and_of_many_teams(world: World) -> None:
    assert "No feedback came in for 4 weeks" in await ask(world, "triage report")
    for n in range(51):
        team = await world.team(f"Team {n:02} & <b>")
        await say(world, {"words": "w", "team_id": team})
    reply = await queue(world, "report")
    assert "showing 1 to 8 of 51 teams" in reply.text
    assert "Team 08 &amp; &lt;b&gt;" in (await press(world, reply, "triage:report")).text
