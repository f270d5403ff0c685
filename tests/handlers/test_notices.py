"""Journeys of the budget: what a person did not ask for comes once a day, or as they chose; what they asked for comes at once."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.told import written
from domain.facts import ReleaseHealthSet
from models import Awaited, Change, Follow, Hearing, HeldNotice
from playground import Message
from tests.handlers.release_rows import many_releases, said
from tests.handlers.release_steps import billing, press
from tests.world import World, running

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
TUESDAY_AT_NINE = datetime(2026, 11, 24, 9, 0, 30, tzinfo=UTC)  # in London
NEXT_MONDAY = datetime(2026, 11, 30, 9, 0, 30, tzinfo=UTC)
WHY = "You follow these. `/tendon notices` changes how often I write."


@pytest.fixture
async def followed(world: World) -> World:
    """It is Monday, and Mona in London follows three of Pia's."""
    await billing(world)
    for name in ("Usage API", "Audit log"):
        await world.release(name, "2027-02-01", owner="U_PM")
    await follow(world, "Billing revamp", "Usage API", "Audit log")
    await world.move_to(MONDAY)
    return world


async def follow(world: World, *names: str, person: str = "U_MOB") -> None:
    for name in names:
        await world.as_(person).command("C_WEEKLY", "/release", f"follow {name}")


async def chooses(world: World, level: str, person: str = "U_MOB") -> Any:
    reply = await world.as_(person).command("C_WEEKLY", "/tendon", f"notices {level}")
    await world.tick()
    return reply


async def happens(world: World, *typed: str, person: str = "U_PM") -> Any:
    """Each is said, and can no longer be undone by whoever said it."""
    for words in typed:
        reply = await world.as_(person).command("C_PAY", "/release", words)
        await world.advance(minutes=6)
    return reply


def heard(world: World, person: str = "U_MOB") -> list[str]:
    """First lines."""
    return [message.text.splitlines()[0] for message in world.as_(person).dms()]


def last(world: World, person: str = "U_MOB") -> Message:
    return world.as_(person).dms()[-1]


async def rows(world: World, *where: Any) -> int:
    async with world.reading() as session:
        return await session.scalar(select(func.count()).select_from(HeldNotice).where(*where)) or 0


MOVED = ("move R-1 to 12 March because vendor late", "health R-2 amber because API late", "ship R-3 on 20 Nov 2026")


async def test_the_first_of_a_day_comes_at_once_and_the_rest_together_the_next_morning(followed: World) -> None:
    await happens(followed, *MOVED)
    assert heard(followed) == ["Billing revamp moves to Fri 12 Mar 2027 (+5 working days)."]
    await followed.move_to(TUESDAY_AT_NINE.replace(hour=8, minute=59))
    assert len(heard(followed)) == 1
    await followed.move_to(TUESDAY_AT_NINE)
    assert last(followed).text.splitlines() == [
        "2 changes in what you follow: Audit log and Usage API",
        "Audit log shipped on Fri 20 Nov 2026 (51 working days early). Pia Marsh marked it available to everyone.",
        "Usage API is Amber: at risk. Pia Marsh set its health. “API late”",
        WHY,
    ]
    assert said(last(followed).blocks)[1:3] == [
        "*Audit log* shipped on Fri 20 Nov 2026 (51 working days early).\nPia Marsh marked it available to everyone.",
        "*Usage API* is Amber: at risk.\nPia Marsh set its health.\n“API late”",
    ]
    await followed.move_to(NEXT_MONDAY)
    assert len(heard(followed)) == 2


async def test_the_morning_message_is_that_days_and_what_comes_later_waits_again(followed: World) -> None:
    await happens(followed, *MOVED)
    await followed.move_to(TUESDAY_AT_NINE)
    await happens(followed, "health R-1 red because vendor gone")
    assert len(heard(followed)) == 2
    await followed.move_to(TUESDAY_AT_NINE.replace(day=25))
    assert heard(followed)[2:] == ["Billing revamp is Red: off track. Pia Marsh set its health. “vendor gone”"]
    await followed.move_to(TUESDAY_AT_NINE.replace(day=26))
    await happens(followed, "health R-1 amber because vendor back")
    assert heard(followed)[3:] == ["Billing revamp is Amber: at risk."]  # the first of a day again


async def test_before_the_morning_message_nothing_goes_ahead_of_it(followed: World) -> None:
    """Else that day would have two."""
    await happens(followed, *MOVED[:2])
    await followed.move_to(datetime(2026, 11, 24, 7, tzinfo=UTC))
    await happens(followed, MOVED[2])
    assert len(heard(followed)) == 1
    await followed.move_to(TUESDAY_AT_NINE)
    assert heard(followed)[1:] == ["2 changes in what you follow: Audit log and Usage API"]


async def test_over_a_weekend_and_a_holiday_it_waits_for_the_next_working_day(followed: World) -> None:
    await followed.team("Mobile", lead="U_MOB", zone="Europe/London", holidays="GB")
    await followed.move_to(datetime(2026, 12, 24, 10, tzinfo=UTC))
    await happens(followed, *MOVED[:2])
    for day in (25, 26, 27, 28):  # Boxing Day is a Saturday, so Monday is off
        await followed.move_to(datetime(2026, 12, day, 9, 30, tzinfo=UTC))
    assert len(heard(followed)) == 1
    await followed.move_to(datetime(2026, 12, 29, 9, 0, 30, tzinfo=UTC))
    assert len(heard(followed)) == 2


async def test_a_day_that_was_made_a_day_off_meanwhile_is_respected(followed: World) -> None:
    await happens(followed, *MOVED[:2])
    await followed.team("Mobile", lead="U_MOB", weekdays="0234", starts_at=time(7, 30))
    await followed.move_to(TUESDAY_AT_NINE)
    assert len(heard(followed)) == 1
    await followed.move_to(datetime(2026, 11, 25, 7, 30, 30, tzinfo=UTC))  # when their work starts
    assert len(heard(followed)) == 2


@pytest.mark.parametrize(("away_until", "expected"), [("2026-11-25 15:00", 2), ("2026-11-28 15:00", 1), ("2026-11-30 09:01", 2)])
async def test_late_it_comes_once_on_a_working_day(followed: World, away_until: str, expected: int) -> None:
    """The process was down."""
    await happens(followed, *MOVED)
    await followed.move_to(datetime.fromisoformat(away_until).replace(tzinfo=UTC))
    for _ in range(2):
        await followed.tick()
    assert len(heard(followed)) == expected


async def test_quiet_hears_nothing_until_monday(followed: World) -> None:
    await chooses(followed, "quiet")
    await happens(followed, *MOVED)
    for day in (24, 27, 28):
        await followed.move_to(TUESDAY_AT_NINE.replace(day=day))
    assert heard(followed) == []
    await followed.move_to(NEXT_MONDAY)
    assert heard(followed) == ["3 changes in what you follow: Audit log, Usage API and Billing revamp"]


async def test_everything_comes_each_at_once(followed: World) -> None:
    await chooses(followed, "everything")
    await happens(followed, *MOVED)
    assert [line.partition(" ")[0] for line in heard(followed)] == ["Billing", "Usage", "Audit"]
    assert await rows(followed) == 0


async def test_with_everything_what_is_held_comes_in_one_message(followed: World) -> None:
    await chooses(followed, "quiet")
    await happens(followed, *MOVED)
    await followed.move_to(datetime(2026, 11, 28, 22, tzinfo=UTC))  # a Saturday night: it was asked for
    reply = await chooses(followed, "everything")
    assert reply.text.splitlines()[:2] == ["What I tell you from now on: Everything.", "3 held changes are on the way."]
    assert heard(followed) == ["3 changes in what you follow: Audit log, Usage API and Billing revamp"]
    shown = (await followed.as_("U_MOB").command("C_WEEKLY", "/tendon", "notices")).text
    assert shown.startswith("What I tell you now: Everything.\nQuiet: ")


async def test_another_choice_plans_anew_what_is_held(followed: World) -> None:
    await happens(followed, *MOVED)
    reply = await chooses(followed, "quiet")
    assert "2 changes wait until Mon 30 Nov, 09:00 London." in reply.text
    await followed.move_to(TUESDAY_AT_NINE)
    assert len(heard(followed)) == 1
    reply = await chooses(followed, "normal")
    assert "2 changes wait until Wed 25 Nov, 09:00 London." in reply.text
    await followed.move_to(TUESDAY_AT_NINE.replace(day=25))
    assert len(heard(followed)) == 2


async def test_what_is_undone_before_it_is_told_never_arrives(followed: World) -> None:
    await chooses(followed, "quiet", "U_MOB")
    await happens(followed, *MOVED, person="U_LEAD")
    owners = next(message for message in followed.as_("U_PM").dms() if "Billing revamp" in message.text)
    await press(followed.as_("U_PM"), owners, "Undo")
    await followed.tick()
    assert heard(followed) == []  # nor a correction of what nobody heard
    await followed.move_to(NEXT_MONDAY)
    assert heard(followed) == ["2 changes in what you follow: Audit log and Usage API"]


async def test_when_all_of_it_was_undone_nothing_comes_and_the_day_is_free(followed: World) -> None:
    await happens(followed, MOVED[0])
    await happens(followed, MOVED[1], person="U_LEAD")
    await press(followed.as_("U_PM"), last(followed, "U_PM"), "Undo")
    await followed.move_to(TUESDAY_AT_NINE)
    assert len(heard(followed)) == 1
    await happens(followed, MOVED[2])
    assert heard(followed)[1:] == ["Audit log shipped on Fri 20 Nov 2026 (51 working days early)."]


async def test_who_heard_it_together_with_others_is_corrected_at_once_and_nobody_else(followed: World) -> None:
    await follow(followed, "Usage API", person="U_PLAT")  # whose nine o'clock is later
    await happens(followed, MOVED[0])
    await follow(followed, "Billing revamp", person="U_PLAT")
    await happens(followed, "health R-1 red because vendor gone")
    await happens(followed, MOVED[1], person="U_LEAD")
    assert heard(followed, "U_PLAT") == ["Billing revamp is Red: off track."]
    await followed.move_to(TUESDAY_AT_NINE)
    assert heard(followed)[1:] == ["2 changes in what you follow: Usage API and Billing revamp"]
    await press(followed.as_("U_PM"), last(followed, "U_PM"), "Undo")
    await followed.tick()
    assert heard(followed)[2:] == ["Correction: Usage API has no health set again."]
    await followed.move_to(TUESDAY_AT_NINE.replace(hour=15))
    assert len(heard(followed, "U_PLAT")) == 1
    await happens(followed, "health R-3 amber because so")
    assert len(heard(followed)) == 3  # the correction used nothing up, and the morning message did


async def test_who_was_told_a_mistyped_day_hears_the_right_one_at_once(followed: World) -> None:
    await follow(followed, "Billing revamp", person="U_PLAT")
    await chooses(followed, "quiet", "U_PLAT")
    await happens(followed, "move R-1 to 12 May 2027 because vendor late")
    pia = followed.as_("U_PM")
    await pia.command("C_PAY", "/release", "move Billing revamp")
    await pia.submit({"New date": "2027-03-12", "Why?": "vendor late", "The date before": ["yes"]})
    await followed.advance(minutes=6)
    assert heard(followed)[1:] == ["Billing revamp moves to Fri 12 Mar 2027 (+5 working days)."]
    await followed.move_to(NEXT_MONDAY)
    assert heard(followed, "U_PLAT") == []  # in New York it is still night
    await followed.move_to(NEXT_MONDAY.replace(hour=14))
    assert heard(followed, "U_PLAT") == [
        "Billing revamp moves to Fri 12 Mar 2027 (+5 working days). Pia Marsh moved it from Fri 5 Mar 2027. “vendor late”"
    ]


async def test_what_was_said_to_have_shipped_is_corrected_at_once_with_those_who_heard_that(followed: World) -> None:
    await follow(followed, "Billing revamp", person="U_PLAT")
    await chooses(followed, "quiet", "U_PLAT")
    await happens(followed, "ship R-1 on 20 Nov 2026", "rollback R-1 because refunds failed")
    assert heard(followed)[1:] == ["Correction: Billing revamp was taken back."]
    await followed.move_to(NEXT_MONDAY.replace(hour=14))
    assert heard(followed, "U_PLAT") == []  # it came to nothing before they heard of it


async def test_what_moved_twice_is_one_line_as_it_stands(followed: World) -> None:
    await chooses(followed, "quiet")
    await happens(followed, MOVED[0], "move R-1 to 19 March because vendor later", "rename R-1 to Invoices")
    await followed.move_to(NEXT_MONDAY)
    assert last(followed).text.splitlines()[1:3] == [
        "Invoices is its name now. Pia Marsh renamed it from Billing revamp.",
        "Invoices moves to Fri 19 Mar 2027 (+10 working days). Pia Marsh moved it from Fri 5 Mar 2027. “vendor later”",
    ]


async def test_what_somebody_asked_to_hear_comes_at_once_and_uses_nothing_up(followed: World) -> None:
    """*Tell me when it ships*, also by those who follow it."""
    await chooses(followed, "quiet")
    async with followed.transaction() as session:  # as the button on the card of those who face customers does it
        session.add(Awaited(release_id=1, person="U_MOB", what="ships", since=followed.clock.now()))
    await happens(followed, "ship R-1 on 20 Nov 2026")
    assert heard(followed) == ["It is out: Billing revamp is available to everyone since Fri 20 Nov 2026."]
    await chooses(followed, "normal")
    await happens(followed, MOVED[1])
    assert heard(followed)[1:] == ["Usage API is Amber: at risk."]
    await followed.move_to(NEXT_MONDAY)
    assert len(heard(followed)) == 2


async def test_an_owner_hears_at_once_what_somebody_else_changed_however_quiet(followed: World) -> None:
    await chooses(followed, "quiet", "U_PM")
    await happens(followed, *MOVED, person="U_LEAD")
    assert len(followed.as_("U_PM").dms()) == 3
    assert all("You own this release" in message.text for message in followed.as_("U_PM").dms())


@pytest.mark.parametrize("round", range(3))
async def test_changes_at_one_instant_are_not_both_the_first_of_the_day(followed: World, database_url: str, round: int) -> None:
    """Several workers and two replicas tell of them at once. Her row is there already, else making it would hold the others up."""
    await chooses(followed, "normal")
    for n in range(4, 12):
        await followed.release(f"Kite {n}", "2027-02-01", owner="U_PM")
        await follow(followed, f"Kite {n}")
    await followed.app.outbox.drain()
    for n in range(4, 12):
        await followed.as_("U_PM").command("C_PAY", "/release", f"health R-{n} amber because API late")
    async with running(followed.slack, database_url) as replica:
        await asyncio.gather(followed.advance(minutes=6), replica.outbox.drain())
        await replica.outbox.drain()
        await followed.settle()
    assert len(heard(followed)) == 1
    assert await rows(followed) == 7


async def test_five_ticks_in_two_replicas_send_it_once(followed: World, database_url: str) -> None:
    await happens(followed, *MOVED)
    followed.slack.clock.move_to(TUESDAY_AT_NINE)
    async with running(followed.slack, database_url) as replica:
        await asyncio.gather(*(app.ticker.tick_all() for app in (followed.app, replica) for _ in range(3)))
        await replica.outbox.drain()
        await followed.settle()
    assert len(heard(followed)) == 2
    assert await rows(followed, HeldNotice.told_at.is_not(None)) == 2


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
async def test_any_number_of_changes_is_one_message_that_fits(followed: World, count: int) -> None:
    name = "<!channel> & " + "é<" * 40
    await held_for(followed, count, name)
    await followed.move_to(TUESDAY_AT_NINE)
    messages = followed.as_("U_MOB").dms()
    assert len(messages) == min(count, 1)
    for message in messages:
        assert len(message.blocks) <= 26
        assert len(str(message.blocks)) <= 12_000
        assert "<!channel>" not in message.text + str(said(message.blocks))
        left = count - sum("accessory" in block for block in message.blocks)
        assert (f"and {left:,} more: `/release since 23 Nov 2026`" in message.text) is (left > 0)
        assert count <= 1 or message.text.startswith(f"{count:,} changes in what you follow")
    assert await rows(followed, HeldNotice.told_at.is_(None)) == 0


async def held_for(world: World, count: int, name: str) -> None:
    """`count` releases that Mona follows, each with a change that is held for her until tomorrow."""
    await many_releases(world, count, name=name + " {n}")
    now = world.clock.now()
    about = {"field": "health", "after": "red", "reason": "<!here> " * 30, "actor": "U_PM", "happened_at": now, "recorded_at": now}
    async with world.transaction() as session:
        changes = [Change(release_id=1000 + n, **about) for n in range(count)]
        session.add_all(changes)
        await session.flush()
        for change in changes:
            fact = ReleaseHealthSet(key="k", actor="U_PM", release_id=change.release_id or 0, change_id=change.id, health="red", reason="r")
            session.add(Follow(release_id=change.release_id, person="U_MOB", followed_at=now))
            session.add(HeldNotice(person="U_MOB", change_id=change.id, fact="ReleaseHealthSet", says=written(fact), held_at=now))
        session.add(Hearing(person="U_MOB", next_at=TUESDAY_AT_NINE))


async def test_alone_it_shows_what_was_chosen_and_a_button_changes_it(followed: World) -> None:
    mona = followed.as_("U_MOB")
    reply = await mona.command("C_WEEKLY", "/tendon", "notices")
    assert reply.text.splitlines() == [
        "What I tell you now: Normal.",
        "Quiet: Nothing during the week. Monday morning one message says what changed.",
        "Normal: At most one message a day. What else changed comes together the next working morning.",
        "Everything: Each change at once.",
        "This is about what you follow. Questions to you, news of what is yours, and what you asked to hear always come at once.",
    ]
    assert choices(reply.blocks) == ["notices:choose:quiet", "notices:choose:everything"]
    await mona.press(reply.message, "notices:choose:quiet")
    await followed.settle()
    rewritten = mona.sees("C_WEEKLY")[-1]
    assert rewritten.text.startswith("What I tell you from now on: Quiet.")
    assert choices(rewritten.blocks) == ["notices:choose:normal", "notices:choose:everything"]


def choices(blocks: Sequence[dict[str, Any]]) -> list[str]:
    return [block["accessory"]["action_id"] for block in blocks if "accessory" in block]


async def test_home_shows_it_and_a_press_there_draws_home_anew(followed: World) -> None:
    mona = followed.as_("U_MOB")
    await happens(followed, *MOVED)
    await mona.open_home()
    await followed.settle()
    assert "*What I tell you: Normal*" in str(mona.home)
    assert "2 changes wait until Tue 24 Nov, 09:00 London." in str(mona.home)
    await mona.press(mona.home, "notices:choose:quiet")
    await followed.settle()
    assert "*What I tell you: Quiet*" in str(mona.home)
    assert "2 changes wait until Mon 30 Nov, 09:00 London." in str(mona.home)
    assert len(mona.dms()) == 1  # no answer beside the page that shows it


@pytest.mark.parametrize("words", ["loud", "<!channel> & <@U_OPS>", "x" * 40_000, "quiet; everything", "0", "‮quiet‬\x00"])
async def test_what_is_no_choice_is_said_so_and_changes_nothing(followed: World, words: str) -> None:
    reply = await followed.as_("U_MOB").command("C_WEEKLY", "/tendon", f"notices {words}")
    assert reply.status == 200
    assert reply.text.startswith("I do not know") and reply.text.endswith("Nothing was changed.")
    assert "<!channel>" not in reply.text
    assert (await followed.as_("U_MOB").command("C_WEEKLY", "/tendon", "notices")).text.startswith("What I tell you now: Normal.")


async def test_a_forged_button_and_a_guest_change_nothing(followed: World) -> None:
    mona = followed.as_("U_MOB")
    reply = await mona.command("C_WEEKLY", "/tendon", "notices")
    reply.blocks[1]["accessory"]["value"] = "loud'; DROP TABLE hearing"
    await mona.press(reply.message, "notices:choose:quiet")
    await followed.settle()
    assert "I do not know" in mona.sees("C_WEEKLY")[-1].text
    assert "Guests cannot change that." in (await followed.as_("U_GUEST").command("C_NOBOT", "/tendon", "notices quiet")).text
    async with followed.reading() as session:
        assert list(await session.scalars(select(Hearing.level))) == []


@pytest.mark.parametrize("what", ["unfollowed", "restricted", "left"])
async def test_who_may_hear_is_decided_when_it_goes(followed: World, what: str) -> None:
    await chooses(followed, "quiet")
    await happens(followed, *MOVED)
    match what:
        case "unfollowed":
            await followed.as_("U_MOB").command("C_WEEKLY", "/release", "unfollow R-1")
        case "restricted":
            await followed.as_("U_PM").command("C_PAY", "/release", "restrict R-1 to <@U_LEAD>")
        case "left":
            await followed.slack.change_member("U_MOB", deleted=True)
    await followed.move_to(NEXT_MONDAY)
    expected = [] if what == "left" else ["2 changes in what you follow: Audit log and Usage API"]
    assert heard(followed) == expected
    assert await rows(followed, HeldNotice.told_at.is_(None)) == 0
