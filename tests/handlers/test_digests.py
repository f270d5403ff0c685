"""Journeys of the weekly digest: once per channel and week, at wall-clock time, for exactly the eyes of that channel."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from models import Dependency, Digest, DigestIssue
from playground import Message
from tests.world import World, running


@pytest.fixture
async def subscribed(world: World) -> World:
    await world.settle()
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    await world.team("Mobile", lead="U_MOB", channel="C_MOB", zone="Europe/London")
    reply = await world.as_("U_PM").command("C_PAY", "/digest", "subscribe every Monday at 9am")
    assert "Every Monday at 09:00 Berlin, <#C_PAY> gets the digest of Payments. The first one: Mon 23 Nov, 09:00 Berlin." in reply.text
    return world


def digests(world: World, channel: str = "C_PAY") -> list[Message]:
    return [message for message in world.as_("U_PM").sees(channel) if ", week " in message.text and not message.ephemeral_for]


async def late_promise(world: World, needed: date = date(2026, 11, 10)) -> None:
    async with world.transaction() as session:
        session.add(
            Dependency(
                number=9, state="accepted", asking_team_id=2, asked_team_id=1, what="the refund API", needed_on=needed, committed_on=needed,
                asked_by="U_MOB", asked_at=datetime(2026, 11, 1, tzinfo=UTC), card_channel="C_PAY", asked_channel="C_MOB",
            )
        )  # fmt: skip


async def test_it_comes_on_monday_at_nine_local_time_and_not_before(subscribed: World) -> None:
    await subscribed.move_to(datetime(2026, 11, 23, 7, 59, tzinfo=UTC))
    assert digests(subscribed) == []
    await subscribed.move_to(datetime(2026, 11, 23, 8, 0, 30, tzinfo=UTC))
    (digest,) = digests(subscribed)
    assert digest.text.startswith("Payments, week 47")
    assert "as of Mon 23 Nov, 09:00 Berlin" in digest.plain


async def test_a_quiet_week_is_one_line(subscribed: World) -> None:
    await subscribed.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    assert "Quiet week for Payments: nothing shipped, moved or due in 14 days." in digests(subscribed)[0].text


async def test_what_needs_someone_comes_first_and_mentions_only_who_must_act(subscribed: World) -> None:
    await late_promise(subscribed)
    await subscribed.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    (digest,) = digests(subscribed)
    assert "1 thing needs someone today." in digest.plain
    assert "Payments promised Mobile the refund API: late by 9 working days. <@U_LEAD>" in str(digest.blocks)
    assert str(digest.blocks).count("<@") == 1


async def test_it_comes_once_whatever_ticks_and_replicas_do(subscribed: World, database_url: str) -> None:
    await late_promise(subscribed)
    subscribed.slack.clock.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    async with running(subscribed.slack, database_url) as replica:
        await asyncio.gather(*(app.ticker.tick_all() for app in (subscribed.app, replica) for _ in range(3)))
        await subscribed.settle()
        await replica.outbox.drain()
    assert len(digests(subscribed)) == 1
    async with subscribed.reading() as session:
        assert await session.scalar(select(func.count()).select_from(DigestIssue)) == 1


async def test_it_comes_once_though_the_reply_was_lost(subscribed: World) -> None:
    subscribed.slack.faults.add("chat.postMessage", times=1, reset="after")
    await subscribed.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    for _ in range(40):
        await subscribed.settle()
        if not (await waiting(subscribed)):
            break
        await asyncio.sleep(0.25)
    assert len(digests(subscribed)) == 1


async def waiting(world: World) -> int:
    async with world.reading() as session:
        return (await world.app.outbox.health(session)).waiting


async def test_a_change_of_the_time_within_the_week_sends_no_second_one(subscribed: World) -> None:
    await subscribed.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    await subscribed.as_("U_PM").command("C_PAY", "/digest", "subscribe every Wednesday at 10:00 in Berlin")
    await subscribed.move_to(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    assert len(digests(subscribed)) == 1
    await subscribed.move_to(datetime(2026, 12, 2, 12, 0, tzinfo=UTC))
    assert len(digests(subscribed)) == 2


@pytest.mark.parametrize(("back_at", "count"), [((11, 25, 9), 1), ((11, 28, 9), 0), ((12, 8, 9), 1)])
async def test_a_missed_one_is_sent_up_to_three_days_late_and_only_the_last(
    subscribed: World, back_at: tuple[int, int, int], count: int
) -> None:
    await subscribed.move_to(datetime(2026, *back_at, tzinfo=UTC))
    assert len(digests(subscribed)) == count


async def test_the_hour_that_is_skipped_or_doubled_sends_one(world: World) -> None:
    await world.settle()
    await world.as_("U_PM").command("C_PAY", "/digest", "subscribe every Sunday at 02:30 in Berlin")
    await world.move_to(datetime(2027, 3, 27, 12, 0, tzinfo=UTC))
    before = len(digests(world))
    for minute in range(0, 200, 10):
        await world.move_to(datetime(2027, 3, 28, minute // 60, minute % 60, tzinfo=UTC))
    assert len(digests(world)) == before + 1


async def test_now_and_preview_are_private_and_use_up_no_week(subscribed: World) -> None:
    await late_promise(subscribed)
    for verb in ("now", "preview"):
        reply = await subscribed.as_("U_PM").command("C_PAY", "/digest", verb)
        assert reply.ephemeral
        assert "the refund API" in reply.text
    assert digests(subscribed) == []
    await subscribed.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    assert len(digests(subscribed)) == 1


async def test_pausing_stopping_and_going_on(subscribed: World) -> None:
    pia = subscribed.as_("U_PM")
    assert "is paused" in (await pia.command("C_PAY", "/digest", "pause")).text
    await subscribed.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    assert digests(subscribed) == []
    assert "goes on" in (await pia.command("C_PAY", "/digest", "resume")).text
    await subscribed.move_to(datetime(2026, 11, 30, 8, 1, tzinfo=UTC))
    assert len(digests(subscribed)) == 1
    assert "is stopped" in (await pia.command("C_PAY", "/digest", "stop")).text
    await subscribed.move_to(datetime(2026, 12, 7, 8, 1, tzinfo=UTC))
    assert len(digests(subscribed)) == 1
    assert "No digests yet" in (await pia.command("C_PAY", "/digest", "list")).text


async def test_what_is_missing_or_unclear_opens_the_form_with_the_rest_filled_in(world: World) -> None:
    await world.settle()
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/digest", "subscribe every Friday")
    assert "'initial_option': {'text': {'type': 'plain_text', 'text': 'Friday'" in str(pia.view)
    assert (await pia.submit({"Time": "quarter past"})).errors
    assert (await pia.submit({"Time": "4pm", "Time zone": "CET"})).errors
    await pia.submit({"Time": "4pm", "Time zone": "Berlin"})
    await world.settle()
    async with world.reading() as session:
        row = (await session.scalars(select(Digest))).one()
        assert (row.channel, row.weekday, f"{row.at:%H:%M}", row.zone, row.team_id) == ("C_WEEKLY", 4, "16:00", "Europe/Berlin", None)


@pytest.mark.parametrize("text", ["weekly on Tuesday at 9am", "every Tuesday at 09:00", "subscribe weekly on Tuesday at 09:00"])
async def test_the_day_may_be_said_without_the_verb(world: World, text: str) -> None:
    await world.settle()
    reply = await world.as_("U_PM").command("C_WEEKLY", "/digest", text)
    assert "Every Tuesday at 09:00 Berlin, <#C_WEEKLY> gets the digest" in reply.text
    await world.as_("U_PM").command("C_WEEKLY", "/digest", "every day at 9")
    assert "Digests are weekly" in str(world.as_("U_PM").view)


async def test_a_direct_message_and_a_guest_are_told_why_not(world: World) -> None:
    await world.settle()
    assert (
        "Say this in the channel" in (await world.as_("U_PM").command(world.slack.bot_user, "/digest", "subscribe every Monday at 9")).text
    )
    assert "Guests cannot" in (await world.as_("U_GUEST").command("C_NOBOT", "/digest", "subscribe every Monday at 9")).text


async def test_where_the_bot_is_not_a_member_it_says_so_at_once(world: World) -> None:
    await world.settle()
    assert "/invite @Tendon" in (await world.as_("U_PM").command("C_NOBOT", "/digest", "subscribe every Monday at 9")).text


async def test_a_private_channel_s_digest_is_listed_to_its_members_only(world: World) -> None:
    await world.settle()
    await world.as_("U_PM").command("C_PRIV", "/digest", "subscribe every Monday at 9")
    assert "C_PRIV" in (await world.as_("U_LEAD").command("C_PAY", "/digest", "list")).text
    assert "No digests yet" in (await world.as_("U_OPS").command("C_OPS", "/digest", "list")).text


async def test_what_does_not_fit_goes_on_in_the_thread(subscribed: World) -> None:
    async with subscribed.transaction() as session:
        session.add_all(
            Dependency(
                number=n + 10, state="accepted", asking_team_id=2, asked_team_id=1, what=f"part {n}", needed_on=date(2026, 12, 20),
                committed_on=date(2026, 12, 20), asked_by="U_MOB",
            )
            for n in range(40)
        )  # fmt: skip
    await subscribed.move_to(datetime(2026, 11, 23, 8, 1, tzinfo=UTC))
    (digest,) = digests(subscribed)
    preview = (await subscribed.as_("U_PM").command("C_PAY", "/digest", "preview")).text
    assert "more; in the channel they stand in its thread." in preview
    assert "25 more in the thread." in digest.text
    thread = subscribed.as_("U_PM").thread("C_PAY", digest.ts)
    assert "part 39" in thread[-1].text


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("every Funday at 10", "funday"),
        ("every Friday at 25:00", "25:00"),
        ("every Friday at 10 in CET", "CET"),
        ("daily at 10", "Digests are weekly"),
        ("every Friday at 10 for Nobody", 'There is no team "Nobody".'),
    ],
)
async def test_the_form_says_what_was_not_understood(world: World, text: str, note: str) -> None:
    await world.settle()
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/digest", f"subscribe {text}")
    assert pia.view is not None
    assert "Note: " in pia.view["blocks"][1]["text"]["text"] and note in pia.view["blocks"][1]["text"]["text"]
    assert ("Friday" in text) == ("'text': {'type': 'plain_text', 'text': 'Friday', 'emoji': False}, 'value': '4'}}" in str(pia.view))


async def test_where_people_from_outside_read_somebody_says_yes_first(world: World) -> None:
    await world.settle()
    sam = world.as_("U_SALES")
    await sam.command("C_ACME", "/digest", "subscribe every Monday at 9")
    assert "People from outside the company, or guests, read this channel." in str(sam.view)
    assert "Tick this" in (await sam.submit()).errors["outsiders"]
    async with world.reading() as session:
        assert not list(await session.scalars(select(Digest)))
    await sam.submit({"Send it there?": ["Yes, they may read all of it"]})
    async with world.reading() as session:
        assert (await session.scalars(select(Digest))).one().channel == "C_ACME"


async def test_what_can_be_said_of_a_digest_can_be_pressed(subscribed: World) -> None:
    """From any channel, as the button knows which digest is meant."""
    olga = subscribed.as_("U_OPS")
    listed = await olga.command("C_OPS", "/digest", "list")
    await olga.press(listed.message, "digests:pause:C_PAY")
    await subscribed.settle()
    assert "<#C_PAY> is paused." in olga.sees("C_OPS")[-1].text
    await olga.press(olga.sees("C_OPS")[-1], "digests:resume:C_PAY")
    await subscribed.settle()
    assert "<#C_PAY> goes on." in olga.sees("C_OPS")[-1].text
    await olga.press(olga.sees("C_OPS")[-1], "digests:stop:C_PAY")
    await subscribed.settle()
    assert "<#C_PAY> is stopped." in olga.sees("C_OPS")[-1].text
    assert "No digests yet" in (await olga.command("C_OPS", "/digest", "list")).text
