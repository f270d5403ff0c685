"""Two pieces that say the same: merged, separated, put back, counted and linked together."""

import asyncio

import pytest
from sqlalchemy import select

from models import Audit, Feedback, Item, Merging
from models.numbers import next_number
from tests.handlers.feedback_said import ask, numbers, pieces, say
from tests.world import World


async def heads(world: World) -> dict[int, int | None]:
    """Each piece's number beside the number of the one that it counts with."""
    rows = await pieces(world)
    by_id = {row.id: row.number for row in rows.values()}
    return {number: by_id.get(row.same_as_id or 0) for number, row in rows.items()}


async def three(world: World) -> None:
    customers = ("Acme", "Globex", "Acme", "Initech")
    await say(world, *[{"words": f"export {n}", "customer": customer} for n, customer in enumerate(customers, 1)])


async def test_a_piece_counts_with_the_first_and_keeps_its_own_words(world: World) -> None:
    await three(world)
    said = await ask(world, "merge F-2 into F-1")
    assert "F-2 counts with F-1 now. Its words, customer and thread stay its own." in said
    assert "2 customers, 2 times." in said
    assert "2 customers, 3 times." in await ask(world, "merge 3 1")
    assert await heads(world) == {1: None, 2: 1, 3: 1, 4: None}
    shown = await ask(world, "show F-1")
    assert "2 customers, 3 times." in shown
    assert "export 2" in shown
    assert "export 3" in shown
    assert "Counts with F-1, which says the same." in await ask(world, "show F-2")
    assert "2 customers, 3 times" in await ask(world, "list")
    assert "same as F-1" in await ask(world, "list")
    async with world.reading() as session:
        told = (await session.scalars(select(Audit).where(Audit.subject == "feedback", Audit.action == "changed"))).all()
        assert [(row.actor, row.after["same_as_id"]) for row in told] == [("U_PM", 1), ("U_PM", 1)]


async def test_what_counted_with_a_piece_comes_along_so_that_they_stay_flat(world: World) -> None:
    await three(world)
    await ask(world, "merge F-2 into F-1")
    assert "F-1 counts with F-4 now, with 1 that said the same." in await ask(world, "merge F-1 into F-4")
    assert await heads(world) == {1: 4, 2: 4, 3: None, 4: None}
    assert "F-3 counts with F-4 now." in await ask(world, "merge F-3 into F-2")  # into a member is into the first
    assert await heads(world) == {1: 4, 2: 4, 3: 4, 4: None}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("merge F-1 into F-1", "F-1 cannot be merged into itself."),
        ("merge F-1 into F-2", "F-2 counts with F-1 already. To turn it round"),
        ("merge F-2 into F-1", "F-2 counts with F-1 already."),
        ("merge F-1 into F-99", 'There is no feedback "F-99". Numbers look like F-12. Nothing was changed.'),
        ("merge F-4 into F-5", 'There is no feedback "F-5".'),
        ("merge F-6 into F-1", "F-6 is internal and F-1 is customer: these are counted apart."),
        ("merge F-1", "Say which two:"),
        ("merge", "Say which two:"),
        ("merge export into login", "Say which two:"),
        ("merge F-1 into F-3 into F-4", "Say which two:"),
        ("separate F-4", "F-4 counts with no other piece."),
        ("separate", "Say which one:"),
        ("separate F-77", 'There is no feedback "F-77".'),
    ],
)
async def test_what_cannot_be_merged_is_said_and_nothing_changes(world: World, typed: str, sentence: str) -> None:
    await three(world)
    await say(world, {"words": "gone", "removed_at": world.clock.now()}, {"words": "slow builds", "kind": "internal"})
    await ask(world, "merge F-2 into F-1")
    before = await heads(world)
    assert sentence in (await ask(world, typed)).replace('\\"', '"')
    assert await heads(world) == before


async def test_merging_is_undone_within_five_minutes_as_it_was(world: World) -> None:
    release = await world.release("Billing revamp", "2027-03-05")
    await three(world)
    async with world.transaction() as session:
        (await session.get_one(Feedback, 1)).release_id = release
    await ask(world, "merge F-2 into F-1")
    assert "F-4 waits for what F-1 was linked to." in await ask(world, "merge F-1 into F-4")
    assert (await pieces(world))[4].release_id == release
    pia = world.as_("U_PM")
    answer = pia.sees("C_PAY")[-1]
    await pia.press(answer, "feedback:unmerge")
    await world.settle()
    assert "F-1 is no longer merged into F-4. All is as it was." in pia.sees("C_PAY")[-1].text
    assert await heads(world) == {1: None, 2: 1, 3: None, 4: None}
    assert (await pieces(world))[4].release_id is None
    await ask(world, "merge F-1 into F-4")
    await world.advance(minutes=5, seconds=1)
    await pia.press(pia.sees("C_PAY")[-1], "feedback:unmerge")
    await world.settle()
    assert "more than five minutes ago" in pia.sees("C_PAY")[-1].text
    assert await heads(world) == {1: 4, 2: 4, 3: None, 4: None}


async def test_undo_leaves_alone_what_was_changed_since(world: World) -> None:
    await three(world)
    await ask(world, "merge F-2 into F-1")
    pia = world.as_("U_PM")
    answer = pia.sees("C_PAY")[-1]
    await ask(world, "separate F-2", "U_LEAD")
    await pia.press(answer, "feedback:unmerge")
    await world.settle()
    assert "F-2 was changed again since, so that stays." in pia.sees("C_PAY")[-1].text


async def test_a_piece_is_separated_and_that_is_undone(world: World) -> None:
    await three(world)
    await ask(world, "merge F-2 into F-1")
    assert "F-2 counts alone again." in await ask(world, "separate F-2")
    assert await heads(world) == {1: None, 2: None, 3: None, 4: None}
    pia = world.as_("U_PM")
    await pia.press(pia.sees("C_PAY")[-1], "feedback:unmerge")
    await world.settle()
    assert "F-2 counts with F-1 again." in pia.sees("C_PAY")[-1].text
    assert await heads(world) == {1: None, 2: 1, 3: None, 4: None}


async def test_two_people_who_merge_each_into_the_other_make_no_circle(world: World) -> None:
    await three(world)
    for _ in range(6):
        said = await asyncio.gather(ask(world, "merge F-1 into F-2"), ask(world, "merge F-2 into F-1", "U_LEAD"))
        assert sorted(await_is_done(one) for one in said) == [False, True]
        found = await heads(world)
        assert [found[1], found[2]] in ([2, None], [None, 1])
        await ask(world, f"separate F-{1 if found[1] else 2}")


def await_is_done(said: str) -> bool:
    return "now. Its words" in said


async def test_many_who_merge_at_once_leave_one_first(world: World) -> None:
    await say(world, *[f"export {n}" for n in range(1, 9)])
    people = ("U_PM", "U_LEAD", "U_OPS")
    await asyncio.gather(*(ask(world, f"merge F-{n} into F-{n % 8 + 1}", people[n % 3]) for n in range(1, 9)))
    found = await heads(world)
    first = [number for number, head in found.items() if head is None]
    assert len(first) == 1
    assert {head for head in found.values() if head} == set(first)


async def test_who_took_the_first_back_leaves_the_others_together(world: World) -> None:
    release = await world.release("Billing revamp", "2027-03-05")
    sent = await world.as_("U_LEAD").say("C_PAY", "export is slow")
    pia = world.as_("U_PM")
    await pia.shortcut("feedback:log", channel="C_PAY", ts=sent.ts)
    await pia.submit({"Customer": "Acme"})
    await world.settle()
    await say(world, "export 2", "export 3")
    await ask(world, "link F-1 to Billing revamp")
    await ask(world, "merge F-2 into F-1")
    await ask(world, "merge F-3 into F-1")
    await pia.press(pia.thread("C_PAY", sent.ts)[1], "feedback:undo")
    await world.settle()
    found = await heads(world)
    assert (found[2], found[3]) == (None, 2)
    assert (await pieces(world))[2].release_id == release


async def test_a_link_counts_for_all_that_say_the_same_and_all_hear_when_it_ships(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05", owner="U_PLAT")
    await say(world, {"words": "one", "reporter": "U_LEAD"}, {"words": "two", "reporter": "U_OPS", "customer": "Acme"}, "three")
    await ask(world, "merge F-2 into F-1")
    said = await ask(world, "link F-2 to Billing revamp")
    assert "F-2 is linked to Billing revamp, and so is F-1, which says the same." in said
    rows = await pieces(world)
    assert (rows[1].release_id is not None, rows[2].release_id) == (True, None)
    assert numbers(await ask(world, "list linked")) == [2, 1]
    await world.as_("U_PLAT").command("C_WEEKLY", "/release", "ship Billing revamp")
    await world.advance(minutes=6)
    for person in ("U_LEAD", "U_OPS"):
        assert any("It is out" in message.text for message in world.as_(person).dms()), person
    assert not any("It is out" in message.text for message in world.as_("U_PM").dms())


async def test_work_is_linked_by_title_or_key(world: World) -> None:
    release = await world.release("Billing revamp", "2027-03-05")
    async with world.transaction() as session:
        session.add(Item(title="Refunds", release_id=release, source_key="BIL-7"))
        session.add(Item(title="Loose end"))
    await three(world)
    assert 'F-1 is linked to the work "Refunds" in Billing revamp.' in (await ask(world, "link F-1 to refunds")).replace('\\"', '"')
    assert "F-2 is linked to the work" in await ask(world, "link F-2 to bil-7")
    assert "which is in no release" in await ask(world, "link F-3 Loose end")
    rows = await pieces(world)
    assert [(rows[n].release_id, rows[n].item_id is not None) for n in (1, 2, 3)] == [(release, True), (release, True), (None, True)]
    assert numbers(await ask(world, "list unlinked")) == [4]
    await ask(world, "link F-1 to Billing revamp")
    assert (await pieces(world))[1].item_id is None


async def test_a_release_that_is_hidden_or_gone_is_answered_alike(world: World) -> None:
    await world.release("Project Nightjar", "2027-03-05", owner="U_PLAT", restricted=True)
    await three(world)
    hidden, gone = [await ask(world, f"link F-1 to {name}") for name in ("Project Nightjar", "Project Nothing")]
    assert "There is no release" in hidden
    assert hidden.replace("Nightjar", "Nothing") == gone
    assert (await pieces(world))[1].release_id is None


async def count_on(world: World, said: int) -> None:
    """What is logged next has the number after what was said."""
    async with world.transaction() as session:
        await next_number(session, "F", said)


async def test_the_same_thing_in_the_form_is_the_same_merge_with_its_note_and_what_it_lends(world: World) -> None:
    release = await world.release("Billing revamp", "2027-03-05")
    await say(world, {"words": "Invoices by region cannot be exported at all", "customer": "Acme"})
    await count_on(world, 1)
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/customer-feedback", "new We cannot export invoices by region")
    await world.settle()
    await pia.press(pia.view, "feedback:same:1")
    await pia.press(pia.view, "feedback:more")
    await pia.submit({"Customer": "Globex", "Release": "Billing revamp"})
    await world.settle()
    assert await heads(world) == {1: None, 2: 1}
    assert (await pieces(world))[1].release_id == release
    async with world.reading() as session:
        (note,) = (await session.scalars(select(Merging))).all()
        assert (note.feedback_id, note.head_id, note.before_id, note.lent, note.by) == (2, 1, None, True, "U_PM")
    assert "F-2 counts alone again." in await ask(world, "separate F-2", "U_LEAD")
    assert [row.release_id for row in (await pieces(world)).values()] == [release, release]


async def test_the_first_is_separated_and_the_others_stay_together_with_what_they_waited_for(world: World) -> None:
    release = await world.release("Billing revamp", "2027-03-05")
    await three(world)
    await ask(world, "merge F-2 into F-1")
    await ask(world, "merge F-3 into F-1")
    await ask(world, "link F-1 to Billing revamp")
    said = await ask(world, "separate F-1")
    assert "F-1 counts alone again. The 2 others stay together with F-2, and wait for what they waited for." in said
    assert await heads(world) == {1: None, 2: None, 3: 2, 4: None}
    assert [row.release_id for row in (await pieces(world)).values()] == [release, release, None, None]
    pia = world.as_("U_PM")
    await pia.press(pia.sees("C_PAY")[-1], "feedback:unmerge")
    await world.settle()
    assert await heads(world) == {1: None, 2: 1, 3: 1, 4: None}
    rows = await pieces(world)
    assert (rows[2].release_id, rows[2].triaged_at) == (None, None)


async def test_a_separation_by_button_is_put_back_by_button(world: World) -> None:
    await three(world)
    await ask(world, "merge F-2 into F-1")
    pia = world.as_("U_PM")
    await ask(world, "show F-2")
    await pia.press(pia.sees("C_PAY")[-1], "feedback:apart")
    await world.settle()
    assert (await heads(world))[2] is None
    await pia.press(pia.sees("C_PAY")[-1], "feedback:unmerge")
    await world.settle()
    assert (await heads(world))[2] == 1


async def test_what_was_deleted_comes_back_to_where_the_others_are_by_then(world: World) -> None:
    await three(world)
    await ask(world, "merge F-2 into F-1")
    pia = world.as_("U_PM")
    await ask(world, "show F-2")
    await pia.press(pia.sees("C_PAY")[-1], "feedback:delete")
    await ask(world, "merge F-1 into F-4")
    await ask(world, "restore F-2")
    assert await heads(world) == {1: 4, 2: 4, 3: None, 4: None}


async def test_a_declined_first_is_lent_nothing(world: World) -> None:
    release = await world.release("Billing revamp", "2027-03-05")
    await say(world, {"words": "one", "declined_at": world.clock.now()}, {"words": "two", "release_id": release})
    assert "What F-2 was linked to does not count meanwhile." in await ask(world, "merge F-2 into F-1")
    assert (await pieces(world))[1].release_id is None


async def test_all_ways_to_join_and_to_part_at_once_neither_deadlock_nor_leave_a_chain(world: World) -> None:
    await say(world, *[f"export {n} of invoices by region" for n in range(1, 9)])
    await count_on(world, 8)
    people = ("U_PM", "U_LEAD", "U_OPS")
    for turn in range(3):
        forms, cards = {}, {}
        for person in people[:2]:
            actor = world.as_(person)
            await actor.command("C_PAY", "/customer-feedback", f"new export {turn} of invoices by region")
            await world.settle()
            same = next(block["accessory"] for block in actor.view["blocks"] if "Looks like" in str(block))
            await actor.press(actor.view, same["action_id"])
            forms[person] = actor.submit({"Customer": "Acme"})
        for n in (1 + turn, 4 + turn):
            await ask(world, f"show F-{n}")
            cards[n] = next(one for one in reversed(world.as_("U_PM").sees("C_PAY")) if f"*F-{n}*" in str(one.blocks))
        said = await asyncio.gather(
            *forms.values(),
            *(ask(world, f"merge F-{n} into F-{n % 8 + 1}", people[n % 3]) for n in range(1, 9)),
            *(ask(world, f"separate F-{n}", people[n % 3]) for n in range(1, 9, 2)),
            *(world.as_("U_PM").press(card, "feedback:delete") for card in cards.values()),
        )
        await world.settle()
        seen = [message.text for person in people for message in world.as_(person).sees("C_PAY")]
        assert not [text for text in [*map(str, said), *seen] if "(ref " in text]  # what a deadlock leaves
        async with world.reading() as session:
            rows = {row.id: row for row in await session.scalars(select(Feedback).order_by(Feedback.number))}
        assert len(rows) == 8 + 2 * (turn + 1)
        for row in rows.values():
            first = rows[row.same_as_id] if row.same_as_id else None
            assert first is None or first.same_as_id is None, f"F-{row.number} says the same as what says the same"
            assert first is None or row.removed_at or not first.removed_at, f"F-{row.number} counts with what is gone"
