"""Journeys: who brought a customer's words hears in the thread where they brought them what became of it. Once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.loop import telling
from models import Channel, Heard, Outbox, Person
from tests.handlers.loop_steps import does, logged, thread
from tests.handlers.release_steps import billing, press
from tests.world import World


async def test_the_answer_promises_to_tell_where_a_release_is_named(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    assert world.as_("U_PM").thread("C_PAY", ts)[1].text == "Logged as F-1 for Acme. You will hear here when it ships."
    other = await world.as_("U_LEAD").say("C_PAY", "slow export")
    await logged(world, "U_PM", "C_PAY", other.ts, Release=None)
    assert world.as_("U_PM").thread("C_PAY", other.ts)[1].text == "Logged as F-2 for Acme."
    await world.as_("U_PM").command("C_PAY", "/customer-feedback", "link F-2 to Billing revamp")
    await world.settle()
    assert world.as_("U_PM").thread("C_PAY", other.ts)[1].text == "Logged as F-2 for Acme. You will hear here when it ships."


async def test_who_brought_it_hears_in_the_thread_when_it_ships(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    await logged(world, "U_LEAD", "C_PAY", ts)
    await world.as_("U_MOB").command("C_MOB", "/customer-feedback", "new Globex too")
    await world.settle()
    await world.as_("U_MOB").press(world.as_("U_MOB").view, "feedback:more")
    await world.as_("U_MOB").submit({"Customer": "Globex", "Release": "Billing revamp"})
    await world.as_("U_OPS").command("C_WEEKLY", "/release", "ship Billing revamp")
    assert thread(world, "C_PAY", ts) == []
    await world.advance(minutes=5, seconds=1)
    (said,) = thread(world, "C_PAY", ts)
    assert said.splitlines() == [
        "It is out: Billing revamp, available to everyone since Sat 21 Nov 2026.",
        "<@U_PM> and <@U_LEAD> logged this on Sat 21 Nov 2026 (F-1). 1 other asked too.",
        "Sent once to each person who asked",
    ]
    mine = [message.text for message in world.as_("U_MOB").dms()]
    assert mine == [
        "It is out: Billing revamp, available to everyone since Sat 21 Nov 2026.\n"
        "You logged this on Sat 21 Nov 2026 (F-2). 2 others asked too.\nGlobex too\nSent once to each person who asked"
    ]
    await world.advance(days=3)
    assert len(thread(world, "C_PAY", ts)) == 1


async def test_shipping_undone_in_time_is_told_to_nobody(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    shipped = await world.as_("U_PM").command("C_WEEKLY", "/release", "ship Billing revamp")
    await press(world.as_("U_PM"), shipped, "Undo")
    await world.advance(minutes=10)
    assert thread(world, "C_PAY", ts) == []
    await does(world, "ship Billing revamp")
    assert len(thread(world, "C_PAY", ts)) == 1


async def test_one_person_with_many_pieces_hears_once(world: World) -> None:
    await billing(world)
    first = await logged(world, "U_PM", "C_PAY")
    second = await logged(world, "U_PM", "C_MOB")
    await does(world, "ship Billing revamp")
    assert len(thread(world, "C_PAY", first)) == 1
    assert thread(world, "C_MOB", second) == []
    async with world.reading() as session:
        assert len(list(await session.scalars(select(Heard)))) == 1


async def test_a_rollback_corrects_it_with_those_who_were_told(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    await does(world, "ship Billing revamp")
    later = await logged(world, "U_MOB", "C_MOB")
    await does(world, "rollback Billing revamp because refunds failed")
    said = thread(world, "C_PAY", ts)
    assert said[1].splitlines() == [
        "Correction: Billing revamp was taken back. You will hear again when it is out.",
        "<@U_PM> logged this on Sat 21 Nov 2026 (F-1).",
        "Why: refunds failed",
    ]
    assert thread(world, "C_MOB", later) == []
    await does(world, "ship Billing revamp")
    assert [words.split(":")[0] for words in thread(world, "C_PAY", ts)] == ["It is out", "Correction", "It is out"]
    assert len(thread(world, "C_MOB", later)) == 1


async def test_who_was_told_hears_the_correction_although_their_words_are_linked_elsewhere_by_now(world: World) -> None:
    await billing(world)
    await world.release("Kite", "2027-05-05")
    ts = await logged(world, "U_PM", "C_PAY")
    await does(world, "ship Billing revamp", "U_OPS")
    await world.as_("U_PM").command("C_PAY", "/customer-feedback", "link F-1 to Kite")
    await does(world, "rollback Billing revamp because refunds failed", "U_OPS")
    corrected = [
        message.text for message in world.as_("U_PM").dms() if message.text.startswith("Correction: Billing revamp was taken back. You")
    ]
    assert [text.splitlines()[1:] for text in corrected] == [["You were told that it is out.", "Why: refunds failed"]]
    assert len(thread(world, "C_PAY", ts)) == 1


async def test_a_release_that_was_restricted_since_is_corrected_privately(world: World) -> None:
    from models import Release

    await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    await does(world, "ship Billing revamp", "U_OPS")
    async with world.transaction() as session:
        (await session.scalars(select(Release))).one().restricted = True
        (await session.scalars(select(Person).where(Person.slack_id == "U_OPS"))).one().is_product_operations = True
    await does(world, "rollback Billing revamp because refunds failed", "U_OPS")
    assert len(thread(world, "C_PAY", ts)) == 1
    assert any("You will hear again when it is out." in message.text for message in world.as_("U_PM").dms())


async def test_a_move_that_concerns_no_words_of_customers_is_written_down_for_followers_alone(world: World) -> None:
    await billing(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing revamp to 12 March because vendor late")
    async with world.reading() as session:
        keys = list(await session.scalars(select(Outbox.key).where(Outbox.kind == "told")))
    assert [key.split(":")[1] for key in keys] == ["releases.tell_followers"]


async def test_a_move_is_told_only_where_somebody_follows_and_says_who_was_told(world: World) -> None:
    await billing(world)
    quiet = await logged(world, "U_MOB", "C_MOB")
    ts = await logged(world, "U_SALES", "C_WEEKLY", **{"Until then": ["follow"]})
    await world.as_("U_PLAT").command("C_PLAT", "/release", "follow Billing revamp")
    await does(world, "move Billing revamp to 12 March because vendor late", "U_LEAD")
    assert thread(world, "C_MOB", quiet) == []
    (said,) = thread(world, "C_WEEKLY", ts)
    assert said.splitlines() == [
        "Billing revamp, which F-1 waits for, moves to Fri 12 Mar 2027 (+5 working days).".replace("F-1", "F-2"),
        "Hear of it: Pia Marsh (owner), Sam Hill and Petra Oak.",
    ]
    assert len(world.as_("U_SALES").dms()) == 1
    await does(world, "move Billing revamp to 19 March because vendor late", "U_LEAD")
    assert len(thread(world, "C_WEEKLY", ts)) == 2


@pytest.mark.parametrize("gone", ["archived", "left", "outsider"])
async def test_where_the_thread_is_theirs_no_more_it_comes_privately(world: World, gone: str) -> None:
    await billing(world)
    ts = await logged(world, "U_MOB", "C_WEEKLY")
    if gone == "archived":
        await world.slack.archive("C_WEEKLY")
    elif gone == "left":
        await world.slack.leave("C_WEEKLY", "U_MOB")
    else:
        await world.slack.join("C_WEEKLY", "U_GUEST")
    await world.settle()
    await world.as_("U_PM").command("C_PAY", "/release", "ship Billing revamp")
    await world.advance(minutes=6)
    assert [words.splitlines()[0] for words in (message.text for message in world.as_("U_MOB").dms())] == [
        "It is out: Billing revamp, available to everyone since Sat 21 Nov 2026."
    ]
    assert len(world.as_("U_PM").thread("C_WEEKLY", ts)) == 2


async def test_a_restricted_release_is_told_privately_to_those_who_may_see_it(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    await logged(world, "U_LEAD", "C_PAY", ts)
    async with world.transaction() as session:
        from models import Release

        release = (await session.scalars(select(Release))).one()
        release.restricted = True
    await does(world, "ship Billing revamp")
    assert thread(world, "C_PAY", ts) == []
    assert "It is out" in world.as_("U_PM").dms()[-1].text
    assert not any("It is out" in message.text for message in world.as_("U_LEAD").dms())


async def test_what_was_taken_back_is_told_to_nobody(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    await world.as_("U_PM").press(world.as_("U_PM").thread("C_PAY", ts)[1], "feedback:undo")
    await does(world, "ship Billing revamp")
    assert thread(world, "C_PAY", ts) == []
    assert world.as_("U_PM").dms() == []


async def test_hostile_words_ping_nobody(world: World) -> None:
    await billing(world)
    said = await world.as_("U_LEAD").say("C_PAY", "<!channel> &amp; <@U_OPS> *bold*")
    await logged(world, "U_PM", "C_PAY", said.ts)
    await world.slack.archive("C_PAY")
    await world.settle()
    await does(world, "ship Billing revamp", "U_OPS")
    (notice,) = [message for message in world.as_("U_PM").dms() if message.text.startswith("It is out")]
    assert "<!channel>" not in notice.text + str(notice.blocks)
    assert "<@U_OPS>" not in notice.text + str(notice.blocks)


async def test_where_customers_face_the_channel_a_move_names_no_day(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY", **{"Until then": ["follow"]})
    async with world.transaction() as session:
        (await session.scalars(select(Channel).where(Channel.slack_id == "C_WEEKLY"))).one().faces_customers = True
    await does(world, "move Billing revamp to 12 March because vendor late", "U_LEAD")
    (said,) = thread(world, "C_WEEKLY", ts)
    assert said.splitlines()[0] == "Billing revamp, which F-1 waits for, has another date inside. Ask its owner what customers may be told."


async def test_two_processes_that_tell_at_the_same_moment_tell_once(world: World) -> None:
    release = await billing(world)
    ts = await logged(world, "U_PM", "C_PAY")
    await logged(world, "U_LEAD", "C_PAY", ts)
    await world.as_("U_OPS").command("C_WEEKLY", "/release", "ship Billing revamp")
    world.slack.clock.advance(timedelta(minutes=6))  # nobody ticks: these two are all that tells

    async def tell() -> None:
        async with world.transaction() as session:
            await telling.settle(session, world.app.deps, release)
            await asyncio.sleep(0.05)

    await asyncio.gather(tell(), tell(), tell())
    await world.advance(seconds=1)
    assert len(thread(world, "C_PAY", ts)) == 1
    async with world.reading() as session:
        assert len(list(await session.scalars(select(Heard)))) == 2
