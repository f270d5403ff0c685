"""Lists of feedback by filters, as pages and as a file."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from tests.handlers.feedback_said import ask, numbers, say
from tests.world import World


async def many_kinds(world: World) -> None:
    billing = await world.release("Billing revamp", "2027-03-05")
    out = await world.release("Exports", "2026-11-01")
    async with world.transaction() as session:
        from models import Release

        done = await session.get_one(Release, out)
        done.shipped_on, done.is_open = done.target_on, False
    now = world.clock.now()
    await say(
        world,
        {"words": "one", "type": "problem", "customer": "Acme, Inc.", "logged_at": now - timedelta(days=300)},
        {"words": "two", "type": "problem", "customer": "Acme, Inc.", "area": "Billing", "logged_at": now - timedelta(days=100)},
        {"words": "three", "type": "problem", "customer": "Acme, Inc.", "release_id": billing, "logged_at": now - timedelta(days=50)},
        {"words": "four", "type": "churn risk", "customer": "Globex", "release_id": out, "logged_at": now - timedelta(days=40)},
        {"words": "five", "type": "praise", "reporter": "U_LEAD", "declined_at": now, "logged_at": now - timedelta(days=30)},
        {"words": "six", "kind": "internal", "taken_by": "U_LEAD", "logged_at": now - timedelta(days=20)},
        {"words": "seven", "same_as_id": 3, "customer": "Globex", "logged_at": now - timedelta(days=10)},
        {"words": "gone", "type": "problem", "customer": "Acme, Inc.", "removed_at": now},
    )


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", [7, 5, 4, 3, 2, 1]),
        ("problems", [3, 2, 1]),
        ("problems from Acme since March unlinked", [2]),
        ("from acme", [3, 2, 1]),
        ("from ACME Inc", [3, 2, 1]),
        ("Acme", [3, 2, 1]),
        ("billing", [2]),
        ("about Billing", [2]),
        ("mine", [7, 4, 3, 2, 1]),
        ("new", [2, 1]),
        ("internal taken", [6]),
        ("linked", [7, 3]),
        ("shipped", [4]),
        ("declined", [5]),
        ("same", [7]),
        ("unlinked", [5, 2, 1]),
        ("internal", [6]),
        ("churn risks and praise", [5, 4]),
        ("last month", [5, 4, 3]),
    ],
)
async def test_filters_are_understood(world: World, typed: str, found: list[int]) -> None:
    await many_kinds(world)
    assert numbers(await ask(world, f"list {typed}")) == found


async def test_what_is_not_understood_is_said_with_what_was(world: World) -> None:
    await many_kinds(world)
    said = await ask(world, "list problems frobnicated since March")
    assert 'I could not read "frobnicated". Understood: problems since Sun 1 Mar 2026.' in said
    assert 'There is no customer "Initech"' in await ask(world, "list from Initech")
    assert 'There is no product area "Nowhere"' in await ask(world, "list about Nowhere")
    assert "has not come yet" in await ask(world, "list since tomorrow")


async def test_an_empty_list_says_what_was_asked_for(world: World) -> None:
    await many_kinds(world)
    assert "No feedback that you may read: questions from Globex." in await ask(world, "list questions from Globex")


async def test_pages_turn_with_their_filters(world: World) -> None:
    await say(world, *[{"words": f"words {n}", "type": "problem" if n % 2 else "praise"} for n in range(57 * 2)])
    said = await ask(world, "list problems")
    assert "57 pieces of feedback: problems, showing 10 of 57" in said
    pia = world.as_("U_PM")
    for page in range(1, 6):
        await pia.press(pia.sees("C_PAY")[-1], "feedback:next")
        await world.settle()
        assert f"57 pieces of feedback: problems, showing {page * 10 + 1} to {min(page * 10 + 10, 57)}" in pia.sees("C_PAY")[-1].text
    assert "feedback:next'" not in str(pia.sees("C_PAY")[-1].blocks)


async def sent(world: World, person: str = "U_PM") -> list[Any]:
    await world.settle()
    return [world.slack.state.files[id] for message in world.as_(person).dms() for id in message.files]


def rows_of(file: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))


async def test_a_list_is_sent_as_a_file_once_with_its_filters(world: World) -> None:
    await many_kinds(world)
    await say(world, {"words": '=HYPERLINK("http://x")', "type": "problem", "customer": "+Acme"})
    assert "comes to you by private message" in await ask(world, "export problems")
    (file,) = await sent(world)
    rows = rows_of(file)
    assert [row["number"] for row in rows] == ["F-9", "F-3", "F-2", "F-1"]
    assert rows[0]["words"] == '\'=HYPERLINK("http://x")'
    assert rows[0]["customer"] == "'+Acme"
    assert (rows[1]["state"], rows[1]["release"], rows[1]["logged by"]) == ("linked", "Billing revamp", "Pia Marsh")
    assert "4 pieces of feedback: problems" in world.as_("U_PM").dms()[-1].text
    assert "I could not read" in await ask(world, "export frobnicated")
    await ask(world, "list declined")
    await world.as_("U_PM").press(world.as_("U_PM").sees("C_PAY")[-1], "feedback:file")
    assert [row["number"] for row in rows_of((await sent(world))[-1])] == ["F-5"]


@pytest.mark.parametrize("rows", [0, 1, 51, 1001])
async def test_a_file_has_a_row_for_each(world: World, rows: int) -> None:
    await say(world, *[f"words {n}" for n in range(rows)])
    await ask(world, "export")
    (file,) = await sent(world)
    assert [row["number"] for row in rows_of(file)] == [f"F-{n}" for n in range(rows, 0, -1)]
