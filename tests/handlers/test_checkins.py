"""Journeys of the weekly question: asked once, on Thursday at ten on one's own wall, and answered in its own message."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from benchmarks import questions as questions_of_many
from models import CheckIn, Release
from playground import Message
from tests.handlers.release_rows import buttons, said
from tests.handlers.release_steps import changes, of
from tests.world import World, running

THURSDAY = datetime(2026, 12, 3, 9, 0, 30, tzinfo=UTC)
FRIDAY_NOON = datetime(2026, 12, 4, 11, 0, 30, tzinfo=UTC)


@pytest.fixture
async def planned(world: World) -> World:
    """Three of Pia's: one that is past by then, one that is near, one that is far."""
    await world.settle()
    team = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    for name, day in (("Usage API", "2026-12-01"), ("Audit log", "2026-12-08"), ("Billing revamp", "2027-03-05")):
        await world.release(name, day, team=team, owner="U_PM")
    await world.tick()
    return world


def questions(world: World, person: str = "U_PM") -> list[Message]:
    return [message for message in world.as_(person).dms() if "asked each Thursday" in str(message.blocks)]


async def answer(world: World, label: str, person: str = "U_PM", at: int = -1) -> Any:
    """Press what is labelled so, the last of that name, in a question."""
    message = questions(world, person)[at]
    reply = await world.as_(person).press(message, buttons(message.blocks)[label])
    await world.settle()
    return reply


def confirmed_on_thursday(release: Release) -> bool:
    return release.confirmed_at is not None and release.confirmed_at > THURSDAY


def rows(message: Message) -> list[str]:
    return [words for words in said(message.blocks) if words.startswith("*")]


async def count(world: World, *where: Any) -> int:
    async with world.reading() as session:
        return await session.scalar(select(func.count()).select_from(CheckIn).where(*where)) or 0


async def test_it_comes_on_thursday_at_ten_and_not_before(planned: World) -> None:
    await planned.move_to(THURSDAY.replace(hour=8, minute=59))
    assert questions(planned) == []
    await planned.move_to(THURSDAY)
    (question,) = questions(planned)
    assert question.text.splitlines() == [
        "Are these 3 dates still right?",
        "Usage API, Tue 1 Dec 2026",
        "Audit log, Tue 8 Dec 2026",
        "Billing revamp, Fri 5 Mar 2027",
    ]
    assert rows(question)[1] == "*Usage API*\nTue 1 Dec 2026 · 2 working days past its date · as first planned · not confirmed for 12 days"


async def test_it_comes_at_ten_where_each_owner_is(planned: World) -> None:
    await planned.release("Webhooks", "2027-03-05", owner="U_PLAT")
    await planned.tick()
    await planned.move_to(THURSDAY)
    assert questions(planned, "U_PLAT") == []
    await planned.move_to(THURSDAY.replace(hour=15))
    assert len(questions(planned, "U_PLAT")) == 1
    assert len(questions(planned)) == 1


async def test_nobody_without_quiet_releases_is_asked(planned: World) -> None:
    await planned.move_to(datetime(2026, 11, 26, 9, 0, 30, tzinfo=UTC))  # they are five days old
    assert questions(planned) == []
    await planned.move_to(THURSDAY)
    assert len(questions(planned)) == 1
    assert [len(planned.as_(person).dms()) for person in ("U_LEAD", "U_MOB", "U_OPS")] == [0, 0, 0]


async def test_it_comes_once_whatever_ticks_replicas_and_lost_replies_do(planned: World, database_url: str) -> None:
    planned.slack.faults.add("chat.postMessage", times=1, reset="after")
    planned.slack.clock.move_to(THURSDAY)
    async with running(planned.slack, database_url) as replica:
        await asyncio.gather(*(app.ticker.tick_all() for app in (planned.app, replica) for _ in range(3)))
        for _ in range(40):
            await planned.settle()
            await replica.outbox.drain()
            if len(questions(planned)) == 1 and not await waiting(planned):
                break
            await asyncio.sleep(0.25)
    assert len(questions(planned)) == 1
    assert await count(planned, CheckIn.asked_at.is_not(None)) == 1


async def waiting(world: World) -> int:
    async with world.reading() as session:
        return (await world.app.outbox.health(session)).waiting


async def test_a_kill_in_the_middle_leaves_the_rest_to_the_next_tick(planned: World) -> None:
    """Whoever was asked before the process went is not asked again."""
    planned.slack.clock.move_to(THURSDAY)
    await planned.app.ticker.tick_all()
    await planned.settle()
    async with planned.transaction() as session:  # as if the effect that asks had been cut off before its last transaction
        session.add(CheckIn(person="U_LEAD", week="2026-W49", next_at=THURSDAY))
    await planned.release("Refunds", "2027-03-05", owner="U_LEAD")
    await planned.advance(minutes=1)
    assert len(questions(planned)) == 1


@pytest.mark.parametrize(
    ("moments", "expected"),
    [
        (["2026-12-24 09:01"], 1),  # three weeks are jumped over: asked once, not three times
        (["2026-12-24 12:00"], 1),
        (["2026-12-03 09:01", "2026-12-03 15:00", "2026-12-06 09:00", "2026-12-09 09:00"], 1),
        (["2026-12-03 09:01", "2026-12-10 09:01", "2026-12-17 09:01"], 3),
        (["2026-12-05 09:00"], 0),  # nobody was there on Thursday and Friday, and a week has no other day
    ],
)
async def test_jumps_of_the_clock(planned: World, moments: list[str], expected: int) -> None:
    for moment in moments:
        await planned.move_to(datetime.fromisoformat(moment).replace(tzinfo=UTC))
    assert len(questions(planned)) == expected


async def test_on_a_holiday_of_their_team_it_comes_the_next_working_day(world: World) -> None:
    await world.settle()
    team = await world.team("Platform", lead="U_PLAT", zone="America/New_York", holidays="DE")
    await world.move_to(datetime(2027, 4, 1, 8, tzinfo=UTC))
    await world.release("Webhooks", "2027-09-03", team=team, owner="U_PLAT")
    await world.move_to(datetime(2027, 5, 3, 8, tzinfo=UTC))
    before = len(questions(world, "U_PLAT"))
    await world.move_to(datetime(2027, 5, 6, 21, tzinfo=UTC))  # Ascension Day
    assert len(questions(world, "U_PLAT")) == before
    await world.move_to(datetime(2027, 5, 7, 14, 1, tzinfo=UTC))
    assert len(questions(world, "U_PLAT")) == before + 1


async def test_who_is_away_is_asked_when_they_are_back_in_that_week(planned: World) -> None:
    until = int(datetime(2026, 12, 3, 22, tzinfo=UTC).timestamp())
    await planned.slack.change_member("U_PM", status_text="Vacationing", status_emoji=":palm_tree:", status_expiration=until)
    await planned.move_to(THURSDAY)
    assert questions(planned) == []
    await planned.move_to(datetime(2026, 12, 4, 9, 1, tzinfo=UTC))
    assert len(questions(planned)) == 1


async def test_who_is_away_all_week_is_asked_in_the_next(planned: World) -> None:
    await planned.slack.change_member("U_PM", status_text="", status_emoji=":palm_tree:")
    for day in (3, 4, 5):
        await planned.move_to(datetime(2026, 12, day, 9, 1, tzinfo=UTC))
    assert questions(planned) == []
    await planned.slack.change_member("U_PM", status_text="In a meeting", status_emoji="")
    await planned.move_to(datetime(2026, 12, 10, 9, 1, tzinfo=UTC))
    assert len(questions(planned)) == 1


async def test_who_left_or_is_a_guest_is_not_asked(planned: World) -> None:
    await planned.release("Old thing", "2027-03-05", owner="U_GUEST")
    await planned.release("Refunds", "2027-03-05", owner="U_PLAT")
    await planned.slack.change_member("U_PM", deleted=True)
    await planned.move_to(THURSDAY)
    assert questions(planned) == []
    assert questions(planned, "U_GUEST") == []
    await planned.move_to(THURSDAY.replace(hour=16))  # in New York it is 11:00
    assert len(questions(planned, "U_PLAT")) == 1


async def test_still_right_confirms_one_and_the_message_is_rewritten(planned: World) -> None:
    await planned.move_to(THURSDAY)
    await answer(planned, "Still right")
    (question,) = questions(planned)
    assert question.text.startswith("2 of 3 dates still need your word")
    assert "• Billing revamp: still right, Fri 5 Mar 2027" in question.text
    billing = await of(planned, 3)
    assert billing.confirmed_at == billing.changed_at
    assert confirmed_on_thursday(billing)
    assert [(row.field, row.after, row.actor) for row in await changes(planned, 3)][-1] == ("confirmed", "2027-03-05", "U_PM")


async def test_all_still_right_confirms_what_is_shown_but_not_what_is_past(planned: World) -> None:
    await planned.move_to(THURSDAY)
    await answer(planned, "All still right")
    (question,) = questions(planned)
    assert question.text.startswith("1 of 3 dates still needs your word\nUsage API, Tue 1 Dec 2026\n")
    assert [confirmed_on_thursday(await of(planned, key)) for key in (1, 2, 3)] == [False, True, True]


async def test_pressed_twice_at_once_it_confirms_once(planned: World) -> None:
    await planned.move_to(THURSDAY)
    message = questions(planned)[0]
    pia = planned.as_("U_PM")
    await asyncio.gather(*(pia.press(message, "checkins:confirm:all") for _ in range(3)))
    await planned.settle()
    for key in (2, 3):
        assert [row.field for row in await changes(planned, key)].count("confirmed") == 1


async def test_moved_shipped_and_at_risk_by_the_releases_own_forms_rewrite_the_question(planned: World) -> None:
    await planned.move_to(THURSDAY)
    pia, (message,) = planned.as_("U_PM"), questions(planned)
    await pia.press(message, "releases:move:3")
    await pia.submit({"New date": "2027-03-12", "Why?": "vendor late"})
    await pia.press(message, "releases:ship:1")
    await pia.submit({})
    await pia.press(message, "releases:health:2:amber")
    assert "Amber: at risk" in str(pia.view["blocks"][1]["element"]["initial_option"])
    await pia.submit({"Why?": "the vendor is slow"})
    await planned.settle()
    await planned.tick()
    (question,) = questions(planned)
    assert question.text.splitlines() == [
        "All 3 answered. Thank you.",
        "• Usage API: shipped on Thu 3 Dec 2026",
        "• Audit log: Amber: at risk, Tue 8 Dec 2026",
        "• Billing revamp: moved to Fri 12 Mar 2027",
    ]
    assert "action_id" not in str(question.blocks)


async def test_a_move_that_is_taken_back_is_in_the_question_as_it_was(planned: World) -> None:
    await planned.move_to(THURSDAY)
    pia = planned.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "move Audit log to 15 December because vendor late")
    await planned.tick()
    assert "• Audit log: moved to Tue 15 Dec 2026" in questions(planned)[0].text
    await pia.press(reply.message, buttons(reply.blocks)["Undo"])
    await planned.tick()
    assert "moved to" not in questions(planned)[0].text


async def test_answered_from_an_old_message_a_date_that_changed_since_is_not_confirmed(planned: World) -> None:
    await planned.move_to(THURSDAY)
    old = questions(planned)[0]
    await planned.as_("U_LEAD").command("C_PAY", "/release", "move Billing revamp to 12 March 2027 because vendor late")
    before = (await of(planned, 3)).confirmed_at
    reply = await planned.as_("U_PM").press(old, "checkins:confirm:all")
    await planned.settle()
    assert reply.status == 200
    private = planned.as_("U_PM").dms()[-1]
    assert private.text == "Billing revamp is for Fri 12 Mar 2027 by now. You were shown Fri 5 Mar 2027, so it was not confirmed."
    assert (await of(planned, 3)).confirmed_at == before
    assert confirmed_on_thursday(await of(planned, 2))
    assert "• Billing revamp: moved to Fri 12 Mar 2027" in questions(planned)[0].text


async def test_a_message_of_three_weeks_ago_confirms_what_is_as_it_was_and_says_what_is_not(planned: World) -> None:
    await planned.move_to(THURSDAY)
    old = questions(planned)[0]
    await planned.move_to(datetime(2026, 12, 22, 9, tzinfo=UTC))
    await planned.as_("U_PM").press(old, "checkins:confirm:all")
    await planned.settle()
    assert (await of(planned, 3)).confirmed_at > datetime(2026, 12, 22, 9, tzinfo=UTC)
    private = planned.as_("U_PM").dms()[-1]
    assert private.text == "Audit log was for Tue 8 Dec 2026, which is past, so it was not confirmed. Say *Shipped* or *Move*."


async def test_what_was_shipped_dropped_or_handed_over_since_is_not_confirmed(planned: World) -> None:
    await planned.move_to(THURSDAY)
    old, lead = questions(planned)[0], planned.as_("U_LEAD")
    await lead.command("C_PAY", "/release", "ship Audit log")
    await lead.command("C_PAY", "/release", "owner Billing revamp <@U_MOB|mona>")
    await planned.as_("U_PM").press(old, "checkins:confirm:all")
    await planned.settle()
    said = (
        "Audit log shipped on Thu 3 Dec 2026, so there was nothing to confirm.\n"
        "Billing revamp has another owner now, so it was not confirmed."
    )
    assert said in [message.text for message in planned.as_("U_PM").dms()]  # beside what she is told of the handing over


async def test_somebody_else_cannot_answer_it(planned: World) -> None:
    await planned.release("Refunds", "2027-03-05", owner="U_LEAD")
    await planned.tick()
    await planned.move_to(THURSDAY)
    (question,) = questions(planned, "U_LEAD")
    element = next(part for block in question.blocks for part in block.get("elements", ()) if part.get("action_id") == "checkins:confirm:4")
    element["value"] = "1 3"  # Pia's
    await planned.as_("U_LEAD").press(question, "checkins:confirm:4")
    await planned.settle()
    said = planned.as_("U_LEAD").dms()[-1].text
    assert said == "That was asked of Pia Marsh, so only they can answer it there. Nothing was changed."
    assert [row.field for row in await changes(planned, 3)].count("confirmed") == 0


async def test_it_reminds_once_on_the_next_working_day_and_then_the_digest_says_so(planned: World) -> None:
    await planned.as_("U_LEAD").command("C_PAY", "/digest", "subscribe every Monday at 9am")
    await planned.move_to(THURSDAY)
    await answer(planned, "Still right")  # of the last, Billing revamp
    await planned.move_to(FRIDAY_NOON)
    reminders = [message for message in planned.as_("U_PM").dms() if "still need your word: " in message.text]
    assert [message.text.partition(".")[0] for message in reminders] == ["2 dates still need your word: Usage API and Audit log"]
    assert reminders[0].thread_ts == questions(planned)[0].ts
    await planned.advance(hours=3)
    await planned.move_to(datetime(2026, 12, 7, 8, 1, tzinfo=UTC))
    assert len([message for message in planned.as_("U_PM").dms() if "still need your word: " in message.text]) == 1
    digest = next(message for message in planned.as_("U_PM").sees("C_PAY")[::-1] if ", week " in message.text)
    assert "Dates to read with care" in digest.plain
    assert "Audit log: not confirmed for 16 days" in digest.plain
    assert "Billing revamp: not confirmed" not in digest.plain


async def test_who_answered_all_is_not_reminded(planned: World) -> None:
    await planned.move_to(THURSDAY)
    await answer(planned, "All still right")
    await planned.as_("U_PM").command("C_PAY", "/release", "ship Usage API")
    await planned.move_to(FRIDAY_NOON)
    await planned.tick()  # in the first the row may be in the hands of what redraws it
    assert len(planned.as_("U_PM").dms()) == 1
    assert await count(planned, CheckIn.answered_at.is_not(None), CheckIn.next_at.is_(None)) == 1


@pytest.mark.parametrize("many", [1, 9, 51])
async def test_eight_a_page(world: World, many: int) -> None:
    await world.settle()
    for n in range(many):
        await world.release(f"Release {n}", f"2027-03-{n % 28 + 1:02}", owner="U_MOB")
    await world.tick()
    await world.move_to(THURSDAY.replace(hour=10))  # London
    mona, (question,) = world.as_("U_MOB"), questions(world, "U_MOB")
    assert sum(words.startswith("*Release") for words in rows(question)) == min(many, 8)
    if many == 1:
        assert "All still right" not in buttons(question.blocks)
        return
    await mona.press(question, "checkins:confirm:all")
    await world.settle()
    (question,) = questions(world, "U_MOB")
    assert question.text.startswith(f"{many - 8} of {many} dates still need")
    assert sum(words.startswith("*Release") for words in rows(question)) == min(many - 8, 8)
    if many == 51:
        await mona.press(question, "checkins:next")
        await world.settle()
        assert "9 to 16 of 43" in str(questions(world, "U_MOB")[0].blocks)


async def test_more_than_one_batch_of_owners_are_all_asked() -> None:
    assert await questions_of_many.seconds(250) > 0  # it raises where one is missing


async def test_a_coarse_date_is_asked_about_in_its_own_words(planned: World) -> None:
    await planned.as_("U_PM").command("C_PAY", "/release", "new Regional hosting March 2027 for Payments")
    await planned.move_to(THURSDAY)
    assert "Regional hosting, March 2027" in questions(planned)[0].text
    await answer(planned, "All still right")
    assert "• Regional hosting: still right, March 2027" in questions(planned)[0].text
    assert [(row.field, row.after) for row in await changes(planned, 4)][-1] == ("confirmed", "2027-03")


async def test_the_digest_says_nothing_of_what_is_restricted(planned: World) -> None:
    await planned.release("Project Nightjar", "2027-01-05", owner="U_PM", restricted=True)
    await planned.as_("U_LEAD").command("C_WEEKLY", "/digest", "subscribe every Monday at 9am")
    for moment in (THURSDAY, FRIDAY_NOON, datetime(2026, 12, 7, 8, 1, tzinfo=UTC)):
        await planned.move_to(moment)
    digest = next(message for message in planned.as_("U_PM").sees("C_WEEKLY")[::-1] if ", week " in message.text)
    assert "Audit log: not confirmed for 16 days" in digest.plain
    assert "Nightjar" not in str(digest.blocks)


async def test_it_names_only_what_its_reader_may_see(planned: World) -> None:
    hidden = await planned.release("Project Nightjar", "2027-01-05", owner="U_PM", restricted=True)
    await planned.tick()
    await planned.move_to(THURSDAY)
    assert "Project Nightjar" in questions(planned)[0].text
    await planned.as_("U_PM").command("C_PAY", "/release", "owner Project Nightjar <@U_LEAD|paul>")
    old = questions(planned)[0]
    await planned.as_("U_PM").press(old, "checkins:confirm:all")
    await planned.settle()
    await planned.tick()
    assert "Nightjar" not in str([message.blocks for message in planned.as_("U_PM").dms()])
    assert [row.field for row in await changes(planned, hidden)].count("confirmed") == 0


async def test_it_is_a_direct_ask_that_nothing_holds_and_that_uses_nothing_up(planned: World) -> None:
    """At ten for who is Quiet, and for who had their notice of the day; and the first notice after it goes at once."""
    await planned.release("Refunds", "2027-03-05", owner="U_LEAD")
    await planned.release("Webhooks", "2027-03-05", owner="U_MOB")
    await planned.release("Kite", "2027-03-05", owner="U_OPS")
    await planned.tick()
    people = ("U_PM", "U_LEAD", "U_MOB")
    for person in people:
        await planned.as_(person).command("C_WEEKLY", "/release", "follow Kite")
    await planned.as_("U_PM").command("C_WEEKLY", "/tendon", "notices quiet")
    await planned.as_("U_MOB").command("C_WEEKLY", "/tendon", "notices quiet")
    await planned.move_to(THURSDAY.replace(hour=8))
    await planned.as_("U_OPS").command("C_OPS", "/release", "health Kite amber because API late")
    await planned.advance(minutes=6)
    assert [len(notices(planned, person)) for person in people] == [0, 1, 0]
    await planned.move_to(THURSDAY)  # in London it is nine
    assert [len(questions(planned, person)) for person in people] == [1, 1, 0]
    await planned.as_("U_MOB").command("C_WEEKLY", "/tendon", "notices everything")
    await planned.move_to(THURSDAY.replace(hour=10))
    assert [len(questions(planned, person)) for person in people] == [1, 1, 1]
    await planned.move_to(datetime(2026, 12, 10, 9, 1, tzinfo=UTC))
    assert [len(questions(planned, person)) for person in people[:2]] == [2, 2]
    await planned.as_("U_OPS").command("C_OPS", "/release", "health Kite red because API gone")
    await planned.advance(minutes=6)
    assert [notices(planned, person)[-1] for person in people[1:]] == ["Kite is Red: off track."] * 2
    assert len(notices(planned, "U_PM")) == 1  # Monday's


def notices(world: World, person: str) -> list[str]:
    return [line for message in world.as_(person).dms() for line in message.text.splitlines()[:1] if line.startswith("Kite")]
