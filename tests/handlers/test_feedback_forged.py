"""Choices that no menu offered: nothing of another workspace, or of what is restricted, is linked or named; a plain sentence comes back."""

from typing import Any

import pytest
from sqlalchemy import insert

from models import Customer, Item, Team, Workspace
from models.history import create_release
from playground import Actor
from tests.handlers.customer_steps import customer, feedback, make_operations
from tests.handlers.feedback_said import ask, pieces, say
from tests.handlers.test_feedback_merging import count_on
from tests.handlers.test_triage import queue
from tests.world import World

NAMES = ("Nightjar", "Rival plan", "Rival team", "Rival work", "Hidden work")
GONE = {"release": "That release is gone. Pick another one", "item": "That piece of work is gone. Pick another one"}


async def forged_ids(world: World) -> dict[str, list[str]]:
    """By field, what a menu never offers to Mona: what is hidden from her, what is of another workspace, what is none at all."""
    hidden = await world.release("Nightjar", "2027-03-05", owner="U_PLAT", restricted=True)
    now = world.clock.now()
    async with world.app.database.plainly() as connection:
        about = {"team_slack_id": "T_OTHER", "name": "Other", "domain": "other", "bot_slack_id": "B2", "installed_at": now}
        await connection.execute(insert(Workspace), {"id": 2, **about})
    async with world.app.database.transaction(2, clock=world.clock.now, by="test") as session:
        theirs = await create_release(session, "Rival plan", None, team_id=None, owner=None, actor=None, now=now)
        work, team = Item(title="Rival work", release_id=theirs.id), Team(name="Rival team", folded="rival team", created_at=now)
        session.add_all([work, team])
    async with world.transaction() as session:
        session.add(secret := Item(title="Hidden work", release_id=hidden))
    odd = ["99999", "x", "-1", "9" * 30]
    return {"release": [str(hidden), str(theirs.id), *odd], "item": [str(secret.id), str(work.id), *odd], "team": [str(team.id), *odd]}


def forge(actor: Actor, field: str, value: str) -> None:
    shown: Any = actor._top()
    (action,) = shown.values[field]
    shown.values[field][action] = {
        "type": "external_select",
        "selected_option": {"text": {"type": "plain_text", "text": "?"}, "value": value},
    }


async def opens(world: World, mona: Actor, form: str) -> None:
    if form == "link":
        await mona.press((await mona.command("C_WEEKLY", "/customer-feedback", "triage no team")).message, "feedback:link:1")
    elif form == "details":
        await mona.command("C_WEEKLY", "/customer-feedback", "edit F-1")
    else:
        await mona.command("C_WEEKLY", "/customer-feedback", "new single sign-on")
        await mona.press(mona.view, "feedback:more")
    await world.settle()


@pytest.mark.parametrize("field", ["release", "item"])
@pytest.mark.parametrize("form", ["new", "link", "details"])
async def test_a_release_or_work_that_was_not_offered_is_gone(world: World, form: str, field: str) -> None:
    await say(world, {"words": "slow", "reporter": "U_MOB", "channel": None})
    await count_on(world, 1)
    values = (await forged_ids(world))[field]
    mona = world.as_("U_MOB")
    await opens(world, mona, form)
    for value in values:
        forge(mona, field, value)
        reply = await mona.submit({"Customer": "Acme"} if form != "link" else {})
        assert reply.status == 200, value
        assert GONE[field] in str(reply.errors), value
        assert not any(name in str(reply.errors) for name in NAMES)
    assert [(row.release_id, row.item_id) for row in (await pieces(world)).values()] == [(None, None)]


async def test_a_team_that_was_not_offered_gets_nothing(world: World) -> None:
    await world.team("Payments", lead="U_LEAD", channel="C_PAY")
    await say(world, {"words": "slow", "team_id": 1})
    values = (await forged_ids(world))["team"]
    lead = world.as_("U_LEAD")
    await lead.press(await queue(world), "triage:move:1")
    for value in values:
        forge(lead, "team", value)
        reply = await lead.submit()
        assert "Nothing was moved." in str(reply.errors), value
        assert "Rival" not in str(reply.errors)
    assert (await pieces(world))[1].team_id == 1


async def test_a_customer_that_one_may_not_see_is_like_one_that_is_not_there(world: World) -> None:
    await customer(world, "Acme")
    async with world.transaction() as session:
        session.add(hidden := Customer(name="Hushcorp", folded="hushcorp"))
    await feedback(world, 1, hidden.id, channel="C_PRIV")
    await make_operations(world)
    olga = world.as_("U_OPS")
    await olga.command("C_WEEKLY", "/customer", "merge")
    said = []
    for name in ("Hushcorp", "Nothere1"):
        forge(olga, "gone", name)
        forge(olga, "stays", "Acme")
        reply = await olga.submit()
        await world.settle()
        said.append(str(reply.errors or olga.sees("C_WEEKLY")[-1].text))
    assert said[0].replace("Hushcorp", "Nothere1") == said[1]
    assert "There is no customer" in said[1]


@pytest.mark.parametrize(
    "typed", ["show F-99", "F-99", "edit F-99", "link F-99 to Kite", "merge F-99 into F-1", "separate F-99", "restore F-99"]
)
async def test_an_unknown_number_is_answered_with_a_sentence(world: World, typed: str) -> None:
    await say(world, "slow")
    said = (await ask(world, typed)).partition("[{")[0]
    assert ("There is no feedback" in said) or ("There is no deleted feedback" in said)
    assert world.as_("U_PM").view is None
