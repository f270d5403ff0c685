"""Journeys: a mistyped date is put right, and counts as no move; and who waits is shown while a date is picked."""

from typing import Any

from sqlalchemy import text

from models.history import history_of, read
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, of
from tests.world import World


async def moves(world: World) -> list[tuple[str, str]]:
    async with world.reading() as session:
        return [(str(move.before), str(move.after)) for move in read(await history_of(session, 1)).moves]


async def move_form(world: World, person: str = "U_PM") -> Any:
    actor = world.as_(person)
    await actor.command("C_PAY", "/release", "move Billing revamp")
    return actor


async def mistyped(world: World, *, minutes: int = 0) -> None:
    await billing(world)
    await world.as_("U_MOB").command("C_WEEKLY", "/release", "follow Billing revamp")
    await world.as_("U_PM").command("C_PAY", "/release", "move Billing revamp to 12 May 2027 because vendor late")
    await world.advance(minutes=minutes)


async def test_put_right_it_is_one_move_and_followers_hear_the_right_one(world: World) -> None:
    await mistyped(world)
    pia = await move_form(world)
    await pia.submit({"New date": "2027-03-12", "Why?": "vendor late", "The date before": ["yes"]})
    await world.settle()
    assert "Billing revamp moves to Fri 12 Mar 2027 (+5 working days)." in pia.sees("C_PAY")[-1].text
    assert await moves(world) == [("2027-03-05", "2027-03-12")]
    await world.advance(minutes=6)
    assert [message.text.splitlines()[:2] for message in world.as_("U_MOB").dms()] == [
        ["Billing revamp moves to Fri 12 Mar 2027 (+5 working days).", "Pia Marsh moved it from Fri 5 Mar 2027."]
    ]
    history = (await pia.command("C_PAY", "/release", "history Billing revamp")).text
    assert "does not count: mistyped" in history


async def test_put_back_to_what_it_was_no_move_is_left_and_who_was_told_is_corrected(world: World) -> None:
    await mistyped(world, minutes=30)
    assert len(world.as_("U_MOB").dms()) == 1
    pia = await move_form(world)
    await pia.submit({"New date": "2027-03-05", "Why?": "typo", "The date before": ["yes"]})
    await world.settle()
    assert pia.sees("C_PAY")[-1].text == "Taken back. Billing revamp is on Fri 5 Mar 2027 again. Those who were told of it are told so."
    assert await moves(world) == []
    assert "Correction: Billing revamp is on Fri 5 Mar 2027 again." in world.as_("U_MOB").dms()[1].text


async def test_it_is_offered_for_a_day_and_only_to_whoever_typed_it(world: World) -> None:
    await mistyped(world)
    assert "I mistyped it" in str((await move_form(world)).view)
    assert "I mistyped it" not in str((await move_form(world, "U_LEAD")).view)
    late = await move_form(world)
    await world.advance(days=1)
    refused = await late.submit({"New date": "2027-03-12", "Why?": "vendor late", "The date before": ["yes"]})
    assert "Only a date that you gave yourself within a day" in str(refused.errors)
    assert str((await of(world, 1)).target_on) == "2027-05-12"
    assert "I mistyped it" not in str((await move_form(world)).view)


async def test_a_first_day_that_was_mistyped_is_no_baseline(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/release", "new Billing revamp 12 May 2027")
    await (await move_form(world)).submit({"New date": "2027-03-12", "Why?": "typo", "The date before": ["yes"]})
    release = await of(world, 1)
    assert (str(release.baseline_on), str(release.target_on)) == ("2027-03-12", "2027-03-12")
    assert await moves(world) == []


async def test_customers_who_wait_are_counted_as_far_as_the_reader_may_read_them(world: World) -> None:
    await billing(world)
    for person, channel, customer in (("U_LEAD", "C_PAY", "Acme"), ("U_LEAD", "C_PAY", "Globex"), ("U_LEAD", "C_PRIV", "Hush")):
        ts = (await world.as_(person).say(channel, f"{customer} waits")).ts
        await world.as_(person).shortcut("feedback:log", channel=channel, ts=ts)
        await world.settle()
        await world.as_(person).press(world.as_(person).view, "feedback:more")
        await world.as_(person).submit({"Customer": customer, "Release": "Billing revamp"})
    for person, count in (("U_PM", 3), ("U_MOB", 2)):
        actor = await move_form(world, person)
        await actor.press(actor.view, "releases:preview", "2027-03-19")
        assert f"{count} customers wait for it" in "\n".join(said(actor.view["blocks"]))


async def test_the_form_works_where_the_preview_cannot_be_worked_out(world: World) -> None:
    await billing(world)
    pia = await move_form(world)
    async with world.app.database.plainly() as connection:
        await connection.execute(text("ALTER TABLE feedback RENAME TO feedback_lost"))
    try:
        await pia.press(pia.view, "releases:preview", "2027-03-12")
    finally:
        async with world.app.database.plainly() as connection:
            await connection.execute(text("ALTER TABLE feedback_lost RENAME TO feedback"))
    assert "Who is affected could not be worked out just now. Move works all the same." in "\n".join(said(pia.view["blocks"]))
    await pia.submit({"New date": "2027-03-12", "Why?": "vendor late"})
    assert str((await of(world, 1)).target_on) == "2027-03-12"
