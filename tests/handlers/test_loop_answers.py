"""Journeys: what people do with the news that what they asked for is out, and when they get it."""

import pytest
from sqlalchemy import select

from models import Customer, Feedback, Heard, Person, Supporter
from tests.handlers.loop_steps import asks, does, logged, thread, told
from tests.handlers.release_rows import said
from tests.handlers.release_steps import billing, press
from tests.world import World

OUT = "It is out: Billing revamp, available to everyone since Sat 21 Nov 2026."


async def test_not_solved_opens_the_words_again_and_the_owner_hears_why(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY")
    await does(world, "ship Billing revamp", "U_LEAD")
    sam = world.as_("U_SALES")
    await sam.press(sam.thread("C_WEEKLY", ts)[2], "loop:unsolved")
    assert "Acme asks for invoices" in str(sam.view)
    reply = await sam.submit({"What is still missing?": "by region <!channel>"})
    await world.settle()
    assert reply.errors == {}
    assert "F-1 is open again: Billing revamp did not solve it. Pia Marsh was told." in [m.text for m in sam.sees("C_WEEKLY")]
    (heard,) = told(world, "U_PM", "Not solved")
    assert heard.splitlines()[0] == "Not solved: Sam Hill says that Billing revamp is not what was asked for."
    assert "Still missing: by region &lt;!channel&gt;" in heard
    async with world.reading() as session:
        feedback = (await session.scalars(select(Feedback))).one()
        assert (feedback.release_id, feedback.triaged_at) == (None, None) and feedback.reopened_at and feedback.unsolved_release_id
    assert world.as_("U_PM").thread("C_WEEKLY", ts)[1].text == "Logged as F-1 for Acme."
    await does(world, "rollback Billing revamp because slow", "U_LEAD")
    await does(world, "ship Billing revamp", "U_LEAD")
    assert [text.split(":")[0] for text in thread(world, "C_WEEKLY", ts)] == ["It is out"]


async def test_only_who_asked_says_that_it_is_not_solved(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY")
    await does(world, "ship Billing revamp")
    mona = world.as_("U_MOB")
    await mona.press(mona.thread("C_WEEKLY", ts)[2], "loop:unsolved")
    await world.settle()
    assert mona.view is None
    answers = [*mona.sees("C_WEEKLY"), *mona.thread("C_WEEKLY", ts)]
    assert any(message.text.startswith("Only those who asked for Billing revamp can say so") for message in answers)


async def test_the_note_has_the_customers_own_words(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY", Feedback="Invoices by <region>\nplease")
    await does(world, "ship Billing revamp")
    sam = world.as_("U_SALES")
    notice = sam.thread("C_WEEKLY", ts)[2]
    assert "Draft a note to Acme" in said(notice.blocks)
    await sam.press(notice, "loop:note")
    shown = str(sam.view)
    assert "Hello Acme," in shown and "“Invoices by <region> please”" in shown
    assert "Billing revamp is available to everyone since Sat 21 Nov 2026." in shown


async def test_an_account_owner_gets_one_note_and_the_reporter_the_thread(world: World) -> None:
    await billing(world)
    await logged(world, "U_PM", "C_WEEKLY")
    await logged(world, "U_LEAD", "C_PRIV", Customer="Globex")
    async with world.transaction() as session:
        for customer in await session.scalars(select(Customer)):
            customer.account_owner = "U_SALES"
    await does(world, "ship Billing revamp")
    (note,) = told(world, "U_SALES")
    assert note.splitlines()[:2] == [OUT, "Acme asked for it. You look after this customer."]
    assert "Globex" not in note
    await does(world, "rollback Billing revamp because slow")
    assert len(told(world, "U_SALES", "Correction: Billing revamp was taken back.")) == 1
    await does(world, "ship Billing revamp")
    await world.advance(days=1)
    assert len(told(world, "U_SALES")) == 2


async def test_telling_can_begin_at_beta_and_is_not_repeated_for_everyone(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY")
    reply = await asks(world, "U_PM", "tell Billing revamp at beta")
    assert reply.text.startswith("Billing revamp: those who asked for it are told as soon as invited customers have it (beta).")
    await does(world, "stage Billing revamp internal")
    assert thread(world, "C_WEEKLY", ts) == []
    await does(world, "stage Billing revamp beta")
    (out,) = thread(world, "C_WEEKLY", ts)
    assert out.splitlines()[0] == "It is out: Billing revamp, with invited customers (beta) since Sat 21 Nov 2026."
    await does(world, "ship Billing revamp")
    assert len(thread(world, "C_WEEKLY", ts)) == 1
    refused = await asks(world, "U_PM", "tell Billing revamp at everyone")
    assert refused.text == "1 of those who asked were told already, so it cannot wait for a later stage. Nothing was changed."


async def test_a_hold_waits_for_the_announcement(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY")
    await asks(world, "U_PM", "tell Billing revamp hold")
    await does(world, "ship Billing revamp")
    await world.advance(days=2)
    assert thread(world, "C_WEEKLY", ts) == []
    (asked,) = [message for message in world.as_("U_PM").dms() if "waits for the announcement" in message.text]
    assert asked.text.startswith("Billing revamp is out. 1 person who asked for it waits to hear so")
    await world.as_("U_PM").press(asked, "loop:tell_now")
    await world.settle()
    await world.as_("U_PM").press(asked, "loop:tell_now")
    await world.settle()
    assert [text.splitlines()[0] for text in thread(world, "C_WEEKLY", ts)] == [OUT]


async def test_the_form_says_how_many_asked_and_keeps_what_was_chosen(world: World) -> None:
    await billing(world)
    await logged(world, "U_SALES", "C_WEEKLY")
    await asks(world, "U_PM", "tell Billing revamp")
    pia = world.as_("U_PM")
    assert "1 person asked for it, nobody was told yet." in str(pia.view)
    await pia.submit({"Tell reporters at": "Limited: some customers have it", "Hold": ["hold"]})
    await asks(world, "U_PM", "tell Billing revamp")
    assert "limited" in str(pia.view) and "initial_options" in str(pia.view)


async def test_who_opted_out_hears_nothing_and_is_on_the_list(world: World) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY")
    await logged(world, "U_MOB", "C_WEEKLY", ts)
    await asks(world, "U_SALES", "stop")
    await does(world, "ship Billing revamp")
    (out,) = thread(world, "C_WEEKLY", ts)
    assert "<@U_MOB> logged this" in out and "U_SALES" not in out
    reply = await asks(world, "U_PM", "who-was-told Billing revamp")
    assert reply.text.splitlines()[0] == "Billing revamp: 1 told and 1 opted out."
    assert "Sam Hill (F-1): opted out" in reply.text
    await asks(world, "U_SALES", "resume")
    await does(world, "rollback Billing revamp because slow")
    await does(world, "ship Billing revamp")
    assert "U_SALES" in thread(world, "C_WEEKLY", ts)[-1]


async def test_words_linked_after_it_shipped_are_told_once_too(world: World) -> None:
    await billing(world)
    await does(world, "ship Billing revamp")
    ts = await logged(world, "U_SALES", "C_WEEKLY", Release=None)
    await world.advance(minutes=6)
    assert thread(world, "C_WEEKLY", ts) == []
    await asks(world, "U_PM", "link F-1 to Billing revamp")
    await world.advance(minutes=6)
    await world.advance(minutes=6)
    assert [text.splitlines()[0] for text in thread(world, "C_WEEKLY", ts)] == [OUT]


@pytest.mark.parametrize("refusal", ["thread_not_found", "is_archived"])
async def test_a_thread_that_slack_refuses_is_told_privately(world: World, refusal: str) -> None:
    await billing(world)
    ts = await logged(world, "U_SALES", "C_WEEKLY")
    world.slack.faults.add("chat.postMessage", times=1, error=refusal, when=lambda args: args.get("thread_ts") == ts)
    await does(world, "ship Billing revamp")
    await world.advance(minutes=2)
    await world.advance(minutes=2)
    assert thread(world, "C_WEEKLY", ts) == []
    assert [text.splitlines()[0] for text in told(world, "U_SALES")] == [OUT]
    async with world.reading() as session:
        assert (await world.app.outbox.health(session)).dead == 0
        assert (await session.scalars(select(Heard))).one().channel is None


async def test_a_decline_is_told_with_its_reason_unless_undone(world: World) -> None:
    ts = await logged(world, "U_SALES", "C_WEEKLY", Release=None)
    reply = await asks(world, "U_PM", "decline F-1 because we leave paper <!here>")
    await press(world.as_("U_PM"), reply, "Undo")
    await world.advance(minutes=6)
    assert thread(world, "C_WEEKLY", ts) == []
    await asks(world, "U_PM", "decline F-1 because we leave paper <!here>")
    await world.advance(minutes=6)
    (heard,) = thread(world, "C_WEEKLY", ts)
    assert heard.splitlines() == [
        "Not planned: we leave paper &lt;!here&gt;",
        "<@U_SALES> logged this on Sat 21 Nov 2026 (F-1).",
        "Decided by Pia Marsh. You can answer here.",
    ]
    again = await asks(world, "U_PM", "decline F-1 because no")
    assert again.text == "F-1 is declined already. Nothing was changed."


async def test_a_decline_that_its_thread_does_not_take_is_told_privately_once(world: World) -> None:
    ts = await logged(world, "U_SALES", "C_WEEKLY", Release=None)
    await logged(world, "U_MOB", "C_WEEKLY", ts, Release=None)
    await asks(world, "U_PM", "decline F-1 because we leave paper <!here>")
    world.slack.faults.add("chat.postMessage", times=1, error="is_archived", when=lambda args: args.get("thread_ts") == ts)
    for _ in range(3):
        await world.advance(minutes=5, seconds=1)
    assert thread(world, "C_WEEKLY", ts) == []
    for person in ("U_SALES", "U_MOB"):
        (alone,) = told(world, person, "Not planned: we leave paper &lt;!here&gt;")
        assert alone.endswith("Decided by Pia Marsh")
    async with world.reading() as session:
        assert (await world.app.outbox.health(session)).dead == 0


async def test_what_is_planned_is_not_declined(world: World) -> None:
    await billing(world)
    await logged(world, "U_SALES", "C_WEEKLY")
    reply = await asks(world, "U_PM", "decline F-1 because no")
    assert reply.text.startswith("F-1 waits for Billing revamp, so it is planned.")
    nothing = await asks(world, "U_PM", "decline")
    assert nothing.text.startswith("Say which feedback and why")
    unknown = await asks(world, "U_PM", "decline F-99 because no")
    assert unknown.text.startswith('There is no feedback "F-99".')


@pytest.mark.parametrize("people", [0, 1, 13])
async def test_the_list_of_who_was_told_is_paged(world: World, people: int) -> None:
    await billing(world)
    for n in range(people):
        world.slack.member(f"U_N{n}", f"Person {n}")
        await world.slack.join("C_WEEKLY", f"U_N{n}")
        await logged(world, f"U_N{n}", "C_WEEKLY")
    reply = await asks(world, "U_PM", "who-was-told Billing revamp")
    if not people:
        assert reply.text.startswith("Billing revamp: nobody asked for it")
        return
    assert reply.text.splitlines()[0] == f"Billing revamp: {people} not told. It is not out yet for those who asked."
    if people > 12:
        assert "Showing 1 to 12 of 13." in reply.text
        await press(world.as_("U_PM"), reply, "Next 1")
        await world.settle()
        assert "Showing 13 to 13 of 13" in world.as_("U_PM").sees("C_WEEKLY")[-1].text


@pytest.mark.parametrize("people", [51, 1000])
async def test_the_list_of_who_was_told_holds_with_many(world: World, people: int) -> None:
    release, now = await billing(world), world.clock.now()
    async with world.transaction() as session:
        session.add(said := Feedback(number=1, words="slow", type="request", reporter="U_N0", release_id=release, logged_at=now))
        await session.flush()
        session.add_all(Person(slack_id=f"U_N{n}", name=f"Person {n}") for n in range(people))
        session.add_all(Supporter(feedback_id=said.id, person=f"U_N{n}", added_at=now) for n in range(people))
    reply = await asks(world, "U_PM", "who-was-told Billing revamp")
    assert reply.text.startswith(f"Billing revamp: {people:,} not told.")
    assert f"Showing 1 to 12 of {people:,}." in reply.text
    assert len(reply.blocks) <= 50 and len(str(reply.blocks)) <= 9_000


async def test_who_logs_what_is_out_already_hears_so_too(world: World) -> None:
    await billing(world)
    await does(world, "ship Billing revamp")
    ts = await logged(world, "U_SALES", "C_WEEKLY")
    await world.advance(minutes=6)
    assert [text.splitlines()[0] for text in thread(world, "C_WEEKLY", ts)] == [OUT]
