"""Journeys: setting Tendon up, from the first Home to a note to all owners; and who may change what."""

import asyncio

import pytest
from sqlalchemy import select

from models import Person, Workspace
from playground.state import Message
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, of
from tests.handlers.setup_steps import form
from tests.world import World


async def opens_home(world: World, person: str) -> str:
    await world.as_(person).open_home()
    await world.settle()
    return "\n".join(said(world.as_(person).home["blocks"]))


async def steps(world: World, person: str = "U_OPS") -> str:
    return (await world.as_(person).command("C_OPS", "/tendon", "setup")).text


async def test_the_first_administrator_is_told_once_and_home_shows_what_is_left(world: World) -> None:
    home = await opens_home(world, "U_OPS")
    assert "Set-up, 0 of 9" in home
    assert "Product operations" in home
    assert "Next: Product operations" in home
    assert [message.text.split(".")[0] for message in world.as_("U_OPS").dms()] == ["Hello, I am Tendon"]
    await opens_home(world, "U_OPS")
    assert len(world.as_("U_OPS").dms()) == 1
    assert "Set-up" not in await opens_home(world, "U_PM")
    assert world.as_("U_PM").dms() == []
    assert "Only product operations can set that up" in await steps(world, "U_PM")


async def test_saying_tendon_tells_the_first_administrator_too(world: World) -> None:
    for person in ("U_PM", "U_OPS", "U_OPS"):
        reply = await world.as_(person).command("C_OPS", "/tendon", "")
        await world.settle()
        assert ("Set-up, 0 of 9" in "\n".join(said(reply.blocks))) == (person == "U_OPS")
    assert world.as_("U_PM").dms() == []
    (hello,) = world.as_("U_OPS").dms()
    await world.as_("U_OPS").press(hello, "setup:show")
    await world.settle()
    assert "Set-up, 0 of 9" in world.as_("U_OPS").dms()[-1].text


async def test_home_counts_up_at_once_when_a_form_that_was_opened_there_is_saved(world: World) -> None:
    ops = world.as_("U_OPS")
    assert "Set-up, 0 of 9" in await opens_home(world, "U_OPS")
    for step, fields, then in (
        ("setup:operations", {"People": ["U_OPS"]}, "Set-up, 1 of 9"),
        ("tendon:choose_home", {"Home channel": "C_OPS"}, "Set-up, 2 of 9"),
        ("setup:time", {"Time zone": "Berlin"}, "Set-up, 3 of 9"),
    ):
        await ops.press(ops.home, step)
        assert not (await ops.submit(fields)).errors
        await world.settle()
        assert then in "\n".join(said(ops.home["blocks"]))
    await ops.press(ops.home, "setup:skip:teams")
    await world.settle()
    home = "\n".join(said(ops.home["blocks"]))
    assert "Set-up, 3 of 9" in home
    assert "Next: Releases" in home


async def test_a_form_that_is_refused_leaves_home_and_count_as_they_are(world: World) -> None:
    ops = world.as_("U_OPS")
    await opens_home(world, "U_OPS")
    await ops.press(ops.home, "setup:operations")
    assert (await ops.submit({"People": ["U_GUEST"]})).errors
    await world.settle()
    assert "Set-up, 0 of 9" in "\n".join(said(ops.home["blocks"]))


async def test_every_step_can_be_skipped_and_stays_reachable(world: World) -> None:
    ops = world.as_("U_OPS")
    for _ in range(9):
        reply = await ops.command("C_OPS", "/tendon", "setup")
        skip = next(
            element
            for block in reply.blocks
            if block["type"] == "actions"
            for element in block["elements"]
            if element["action_id"].startswith("setup:skip")
        )
        await ops.press(reply.message, skip["action_id"])
        await world.settle()
    told = await steps(world)
    assert told.count("Skipped:") == 9
    assert "Set-up" not in await opens_home(world, "U_OPS")
    assert (await form(world, "policy")).view is not None


async def policy(world: World, label: str) -> None:
    ops = await form(world, "policy")
    await ops.submit({"Releases may be changed by": label})
    await world.settle()


async def test_owners_and_leads_alone_change_releases_where_that_is_chosen(world: World) -> None:
    await billing(world)
    await policy(world, "Owners and team leads")
    refused = (await world.as_("U_MOB").command("C_MOB", "/release", "move Billing revamp to 12 March because vendor")).text
    assert "Billing revamp is changed by Paul Lind or Pia Marsh, or product operations. Ask them. Nothing was changed." in refused
    assert str((await of(world, 1)).target_on) == "2027-03-05"
    for person, day in (("U_PM", "8 March"), ("U_LEAD", "9 March")):
        moved = await world.as_(person).command("C_PAY", "/release", f"move Billing revamp to {day} because vendor")
        assert "moves to" in moved.text
    await world.as_("U_MOB").command("C_MOB", "/release", "new Kite 12 May 2027")
    assert "moves to" in (await world.as_("U_MOB").command("C_MOB", "/release", "move Kite to 13 May 2027 because vendor")).text


async def test_product_operations_alone_change_releases_where_that_is_chosen(world: World) -> None:
    await billing(world)
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = True
    await policy(world, "Product operations")
    for words in ("move R-1 to 12 March because x", "ship R-1", "cancel R-1 because x", "health R-1 green", "owner R-1 <@U_MOB|m>"):
        assert "Only product operations change releases here" in (await world.as_("U_PM").command("C_PAY", "/release", words)).text
    assert "moves to" in (await world.as_("U_OPS").command("C_PAY", "/release", "move R-1 to 12 March because vendor")).text


async def test_a_note_reaches_each_owner_once(world: World) -> None:
    await billing(world)
    await world.release("Kite", "2027-03-05", owner="U_PM")
    await world.release("Heron", "2027-03-05", owner="U_MOB")
    ops = await form(world, "note")
    assert "It goes to 2 people" in "\n".join(said(ops.view["blocks"]))
    await ops.submit({"Your note": "Hello <!channel> and <@U_PLAT>"})
    await world.settle()
    await ops.press(world.as_("U_OPS").sees("C_OPS")[0], "setup:note")
    await ops.submit({"Your note": "Hello again"})
    await world.settle()
    for person in ("U_PM", "U_MOB"):
        (note,) = world.as_(person).dms()
        assert "<!channel>" not in note.text + str(note.blocks)
        assert "From Olga Prod, product operations" in str(note.blocks)
    assert "Set-up, 3 of 9" in await steps(world)


async def test_a_step_pressed_twice_at_once_is_one_step(world: World) -> None:
    ops = world.as_("U_OPS")
    reply = await ops.command("C_OPS", "/tendon", "setup")
    await asyncio.gather(
        *(ops.press(reply.message, "setup:skip:note") for _ in range(4)), *(ops.press(reply.message, "setup:skip:digest") for _ in range(4))
    )
    await world.settle()
    async with world.reading() as session:
        assert (await session.scalars(select(Workspace.setup))).one()["skipped"] == ["digest", "note"]


async def test_a_note_of_any_length_and_of_nothing(world: World) -> None:
    await billing(world)
    ops = await form(world, "note")
    assert "Write what they are to know. Nothing was sent." in str((await ops.submit({"Your note": " "})).errors)
    field = next(block["element"] for block in ops.view["blocks"] if block.get("block_id") == "words")
    assert field["max_length"] == 2000  # Slack itself takes no more
    await ops.submit({"Your note": "&" * 2000})
    await world.settle()
    (note,) = world.as_("U_PM").dms()
    assert len(note.blocks) == 2


async def test_the_first_digest_is_shown_from_home_as_the_home_channel_would_get_it(world: World) -> None:
    await billing(world)
    await world.release("Usage API", "2026-11-16", owner="U_MOB")
    ops = world.as_("U_OPS")
    for step in ("operations", "home", "time", "teams", "severity", "policy"):
        await opens_home(world, "U_OPS")
        if f"setup:skip:{step}" in str(ops.home):
            await ops.press(ops.home, f"setup:skip:{step}")
            await world.settle()
    await opens_home(world, "U_OPS")
    await ops.press(ops.home, "digests:preview")
    await world.settle()
    assert "All teams, week 47" in ops.dms()[-1].text and "Usage API" in ops.dms()[-1].text
    await ops.command("C_OPS", "/tendon", "home <#C_PAY|team-payments>")
    await ops.press(ops.home, "digests:preview")
    await world.settle()
    assert "Payments, week 47" in ops.dms()[-1].text and "Usage API" not in ops.dms()[-1].text
    assert [message for message in world.as_("U_PM").sees("C_PAY") if "week 47" in message.text] == []


async def sees_first_digest(world: World) -> Message:
    """The preview as the step of set-up opens it, of the home channel."""
    ops = world.as_("U_OPS")
    await ops.command("C_OPS", "/tendon", "setup")
    await ops.press(ops.sees("C_OPS")[-1], "digests:preview")
    await world.settle()
    return ops.sees("C_OPS")[-1]


@pytest.mark.parametrize("is_quiet", [False, True])
async def test_the_first_digest_is_done_once_somebody_says_that_it_looks_right(world: World, is_quiet: bool) -> None:
    if not is_quiet:
        await billing(world)
    seen = await sees_first_digest(world)
    assert "Nobody gets this yet." in seen.text
    assert "To do: First digest" in await steps(world)
    ops = world.as_("U_OPS")
    await ops.press(seen, "setup:done")
    await world.settle()
    assert "Done: First digest" in await steps(world)
    assert "Set-up, " in (await steps(world)).splitlines()[0]
    again = await sees_first_digest(world)
    assert "Nobody gets this yet." not in again.text


async def test_the_first_digest_is_done_once_it_is_sent_each_week(world: World) -> None:
    await billing(world)
    seen = await sees_first_digest(world)
    ops = world.as_("U_OPS")
    await ops.press(seen, "digests:subscribe")
    assert not (await ops.submit({})).errors
    await world.settle()
    assert "Done: First digest" in await steps(world)
    assert "Nobody gets this yet" not in (await ops.command("C_OPS", "/digest", "preview")).text


async def test_what_was_said_in_a_private_home_channel_is_previewed_to_its_members_alone(world: World) -> None:
    pia = world.as_("U_PM")
    said_there = await pia.say("C_PRIV", "zebra words")
    await pia.shortcut("feedback:log", channel="C_PRIV", ts=said_there.ts)
    await pia.submit({"Customer": "Several / not known", "Product area": "zebra area"})
    await world.settle()
    async with world.transaction() as session:
        (await session.scalars(select(Workspace))).one().home_channel = "C_PRIV"
    for person, reads in (("U_PM", True), ("U_OPS", False)):
        reply = await world.as_(person).command(world.slack.bot_user, "/digest", "preview")
        assert "week 47" in reply.text
        assert ("zebra" in (reply.text + str(reply.blocks)).casefold()) is reads
