"""What the weekly digest tells of releases."""

from datetime import UTC, datetime

import pytest

from playground import Message
from tests.world import World

MONDAY = datetime(2026, 11, 23, 8, 1, tzinfo=UTC)


@pytest.fixture
async def payments(world: World) -> World:
    await world.settle()
    team = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    other = await world.team("Mobile", lead="U_MOB", channel="C_MOB", zone="Europe/London")
    await world.release("Billing revamp", "2027-03-05", team=team, owner="U_PM")
    await world.release("Audit log export", "2026-12-01", team=team, owner="U_PM")
    await world.release("Usage API", "2026-11-18", team=team)
    await world.release("Receipts in app", "2026-11-27", team=other, owner="U_MOB")
    await world.as_("U_PM").command("C_PAY", "/digest", "subscribe every Monday at 9:00")
    await world.as_("U_OPS").command("C_WEEKLY", "/digest", "subscribe every Monday at 9:00 in Berlin")
    return world


def digest(world: World, channel: str) -> Message:
    (found,) = [message for message in world.as_("U_PM").sees(channel) if ", week 47" in message.text and not message.ephemeral_for]
    return found


async def test_stalled_and_nobody_s_come_first_and_only_the_channel_s_team_is_told(payments: World) -> None:
    await payments.move_to(MONDAY)
    text = digest(payments, "C_PAY").text
    assert "1 thing needs someone today." in text
    assert "Usage API is stalled, 3 working days past its date, and has no owner." in text
    assert "Tue 1 Dec 2026  Audit log export" in text
    assert "Receipts in app" not in text
    assert "Receipts in app" in digest(payments, "C_WEEKLY").text


async def test_a_move_is_told_with_both_days_the_slip_and_the_reason(payments: World) -> None:
    pia = payments.as_("U_PM")
    await pia.command("C_PAY", "/release", "move Billing revamp to 10 March 2027 because scope grew")
    await pia.command("C_PAY", "/release", "move Billing revamp to 12 March 2027 because the vendor API is late")
    await payments.move_to(MONDAY)
    assert "Billing revamp: 5 Mar → Fri 12 Mar 2027, +5 working days. the vendor API is late" in digest(payments, "C_PAY").text


async def test_what_was_undone_did_not_move(payments: World) -> None:
    pia = payments.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "move Billing revamp to 12 March 2027 because the vendor API is late")
    await pia.press(reply.message, "releases:undo")
    await payments.move_to(MONDAY)
    assert "Billing revamp" not in digest(payments, "C_PAY").text


async def test_what_shipped_is_told_and_what_was_taken_back_is_not(payments: World) -> None:
    pia = payments.as_("U_PM")
    await pia.command("C_PAY", "/release", "ship Audit log export on 20 November")
    await payments.as_("U_MOB").command("C_MOB", "/release", "ship Receipts in app on 20 November")
    await payments.as_("U_MOB").command("C_MOB", "/release", "rollback Receipts in app because it crashed")
    await payments.move_to(MONDAY)
    weekly = digest(payments, "C_WEEKLY").text
    assert "Shipped:\n• Audit log export (Fri 20 Nov 2026, 7 working days early)" in weekly
    assert "Receipts in app (Fri 20 Nov" not in weekly


async def test_a_quiet_week_calls_on_track_only_what_the_status_calls_so(world: World) -> None:
    await world.settle()
    team = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    for name in ("Falcon", "Osprey"):
        await world.release(name, "2027-03-05", team=team, owner="U_PM")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/digest", "subscribe every Monday at 9am")
    await pia.command("C_PAY", "/release", "move Osprey to 26 March 2027 because the vendor is late")
    await world.advance(days=10)
    assert "2 open releases: 1 late, 1 on track." in (await pia.command("C_PAY", "/release", "status")).text
    assert "nothing shipped, moved or due in 14 days. 1 release on track." in (await pia.command("C_PAY", "/digest", "preview")).text


async def test_a_restricted_release_is_told_in_no_digest(payments: World) -> None:
    await payments.release("Secret pricing", "2026-11-26", team=1, owner="U_PM", restricted=True)
    await payments.release("Public pricing", "2026-11-26", team=1, owner="U_PM")
    await payments.move_to(MONDAY)
    for channel in ("C_PAY", "C_WEEKLY"):
        assert "Public pricing" in digest(payments, channel).plain
        assert "Secret pricing" not in str(digest(payments, channel))
