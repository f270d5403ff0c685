"""Journeys of asks between teams: asked, answered, reminded of, delivered."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models import Dependency
from playground import Message
from tests.world import World


@pytest.fixture
async def teams(world: World) -> World:
    await world.settle()
    await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    await world.team("Mobile", lead="U_MOB", channel="C_MOB", zone="Europe/London")
    return world


async def asked(world: World, text: str = "ask Payments for the refund API by 30 November because refunds stay in the web only") -> Message:
    """Mobile asks; gives the card in the payments channel."""
    reply = await world.as_("U_MOB").command("C_MOB", "/dependency", text)
    await world.settle()
    assert "D-1" in reply.text, reply.text
    return card(world)


def card(world: World) -> Message:
    return next(message for message in world.as_("U_LEAD").sees("C_PAY") if "D-1" in message.text and not message.ephemeral_for)


async def only(world: World) -> Dependency:
    async with world.reading() as session:
        return (await session.scalars(select(Dependency))).one()


async def test_an_ask_puts_a_card_with_the_date_in_its_button_before_one_person(teams: World) -> None:
    shown = await asked(teams)
    assert "Mobile asks Payments: the refund API" in shown.text
    assert "Needed by Mon 30 Nov 2026" in shown.text
    assert "<@U_LEAD>, can you commit?" in shown.plain
    assert "Accept 30 Nov" in shown.plain
    assert any("D-1" in message.text for message in teams.as_("U_MOB").sees("C_MOB"))


async def test_accepting_commits_the_day_rewrites_the_card_and_tells_the_asking_team_in_its_thread(teams: World) -> None:
    await teams.as_("U_LEAD").press(await asked(teams), "dependencies:accept")
    await teams.settle()
    row = await only(teams)
    assert (row.state, row.committed_on, row.answered_by) == ("accepted", date(2026, 11, 30), "U_LEAD")
    assert "Accepted by" in card(teams).plain
    assert "Accept 30 Nov" not in card(teams).plain
    mobile = teams.as_("U_MOB")
    ask = next(message for message in mobile.sees("C_MOB") if "The answer comes in this thread" in message.text)
    assert any("Payments accepted: the refund API" in message.text for message in mobile.thread("C_MOB", ask.ts))


async def test_only_the_asked_team_answers(teams: World) -> None:
    shown = await asked(teams)
    olga = teams.as_("U_OPS")
    await olga.press(shown, "dependencies:accept")
    await teams.settle()
    assert (await only(teams)).state == "asked"
    assert any("Only Payments can answer this. Their lead is Paul Lind." in message.text for message in olga.sees("C_PAY"))


async def test_with_nobody_listed_whoever_is_in_the_channel_answers(teams: World) -> None:
    await teams.team("Platform", channel="C_PLAT", zone="America/New_York")
    await teams.as_("U_MOB").command("C_MOB", "/dependency", "ask Platform for quotas by 30 November")
    await teams.settle()
    shown = next(message for message in teams.as_("U_PLAT").sees("C_PLAT") if "D-1" in message.text)
    await teams.as_("U_PLAT").press(shown, "dependencies:accept")
    await teams.settle()
    assert (await only(teams)).state == "accepted"


async def test_two_presses_at_once_make_one_change(teams: World) -> None:
    shown = await asked(teams)
    lead = teams.as_("U_LEAD")
    await asyncio.gather(*(lead.press(shown, "dependencies:accept") for _ in range(4)))
    await teams.settle()
    mobile = teams.as_("U_MOB")
    ask = next(message for message in mobile.sees("C_MOB") if "The answer comes in this thread" in message.text)
    assert len([message for message in mobile.thread("C_MOB", ask.ts) if "accepted" in message.text]) == 1
    assert any("This is accepted already." in message.text for message in lead.sees("C_PAY"))


async def test_another_date_is_offered_and_agreed_to(teams: World) -> None:
    lead, mobile = teams.as_("U_LEAD"), teams.as_("U_MOB")
    await lead.press(await asked(teams), "dependencies:offer")
    await lead.submit({"Which day can you promise?": "2026-12-04", "Why?": "The vendor is late"})
    await teams.settle()
    ask = next(message for message in mobile.sees("C_MOB") if "The answer comes in this thread" in message.text)
    offer = next(message for message in mobile.thread("C_MOB", ask.ts) if "Payments offers Fri 4 Dec 2026" in message.text)
    assert "“The vendor is late”" in offer.text and "“The vendor is late”" in card(teams).text
    assert "Agree" not in card(teams).plain  # only the asking side agrees, and it does so in its own channel
    assert "Agree to 4 Dec" in str((await mobile.command("C_MOB", "/dependency", "D-1")).blocks)
    await mobile.press(offer, "dependencies:agree")
    await teams.settle()
    row = await only(teams)
    assert (row.state, row.committed_on, row.needed_on) == ("accepted", date(2026, 12, 4), date(2026, 11, 30))


async def test_declining_needs_a_reason_that_the_asking_team_reads(teams: World) -> None:
    lead, mobile = teams.as_("U_LEAD"), teams.as_("U_MOB")
    await lead.press(await asked(teams), "dependencies:decline")
    assert (await lead.submit({"Why not?": ""})).errors
    await lead.submit({"Why not?": "We keep to the web <!channel>"})
    await teams.settle()
    assert (await only(teams)).state == "declined"
    ask = next(message for message in mobile.sees("C_MOB") if "The answer comes in this thread" in message.text)
    told = mobile.thread("C_MOB", ask.ts)[-1]
    assert "Payments declined: We keep to the web" in told.text
    assert "<!channel>" not in str(told.blocks)


async def test_a_stale_button_accepts_nothing(teams: World) -> None:
    shown = await asked(teams)
    async with teams.transaction() as session:
        (await session.scalars(select(Dependency))).one().needed_on = date(2026, 12, 7)
    lead = teams.as_("U_LEAD")
    await lead.press(shown, "dependencies:accept")
    await teams.settle()
    assert (await only(teams)).state == "asked"
    assert any("The day is Mon 7 Dec 2026 by now." in message.text for message in lead.sees("C_PAY"))


async def test_delivering_by_number_closes_it(teams: World) -> None:
    await asked(teams)
    assert "Payments delivered the refund API." in (await teams.as_("U_LEAD").command("C_PAY", "/dependency", "deliver D-1")).text
    await teams.settle()
    assert "Delivered Sat 21 Nov 2026" in card(teams).text
    assert "Only Payments can answer this." in (await teams.as_("U_MOB").command("C_MOB", "/dependency", "deliver d1")).text


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("ask", ""),
        ("ask Payments", ""),
        ("ask Payments for the refund API", ""),
        ("ask Nobody for the refund API by Friday", 'There is no team "Nobody".'),
        ("ask Payments for the refund API by 31 February", "There is no 31 February."),
        ("ask Payments for the refund API by 3 January 2020", "Fri 3 Jan 2020 is over."),
        ("ask Mobile for the refund API by 30 November", "Mobile would be asking itself."),
        ("ask Platform for the refund API by 30 November", "Platform has no channel that I may write to"),
        ("ask Success for the refund API by 30 November", "Success has no channel that I may write to"),
    ],
)
async def test_what_is_missing_or_unclear_opens_the_form_with_the_rest_and_says_why(teams: World, text: str, note: str) -> None:
    await teams.team("Platform")
    await teams.team("Success", channel="C_ACME")
    mobile = teams.as_("U_MOB")
    await mobile.command("C_MOB", "/dependency", text)
    assert mobile.view is not None
    shown = str(mobile.view["blocks"])
    assert f"Note: {note}" in shown if note else "Note:" not in shown
    assert "'initial_value': 'the refund API'" in shown or "refund" not in text
    async with teams.reading() as session:
        assert not list(await session.scalars(select(Dependency)))


async def test_the_release_that_was_named_stands_in_the_form_too(teams: World) -> None:
    await teams.release("Receipts", "2027-03-05")
    mobile = teams.as_("U_MOB")
    await mobile.command("C_MOB", "/dependency", "ask Nobody for the refund API by 30 November for Receipts")
    await mobile.submit({"Which team?": "Payments"})
    await teams.settle()
    assert "the refund API\nNeeded by Mon 30 Nov 2026 for Receipts." in card(teams).text


async def test_the_form_asks_the_team(teams: World) -> None:
    mobile = teams.as_("U_MOB")
    await mobile.command("C_MOB", "/dependency", "ask Payments for the refund API")
    assert "date" in (await mobile.submit({"By when?": "2026-11-02"})).errors
    assert "release" in (await mobile.submit({"By when?": "2026-11-30", "For which release?": "Nothing like it"})).errors
    await mobile.submit({"By when?": "2026-11-30", "For which release?": ""})
    await teams.settle()
    assert "the refund API" in card(teams).text


async def test_a_guest_asks_nobody(teams: World) -> None:
    assert "Guests cannot" in (await teams.as_("U_GUEST").command("C_NOBOT", "/dependency", "ask Payments for x by 30 November")).text


async def test_reminders_come_once_each_at_nine_in_the_asked_team_s_zone(teams: World) -> None:
    """Needed by Monday 30 November: reminded on the 23rd, the 27th, the 30th, 2 and 4 December."""
    await teams.as_("U_LEAD").press(await asked(teams), "dependencies:accept")
    await teams.settle()
    heard = []
    for day in range(22, 36):
        for hour in (7, 8, 9, 12):
            at = datetime(2026, 11, day, hour, 30, tzinfo=UTC) if day <= 30 else datetime(2026, 12, day - 30, hour, 30, tzinfo=UTC)
            await teams.move_to(at)
            await teams.tick()
            count = len([message for message in teams.as_("U_LEAD").sees("C_PAY") if "to look at" in message.text])
            if count > len(heard):
                heard.append(at)
    assert [at.isoformat()[5:16] for at in heard] == ["11-23T08:30", "11-27T08:30", "11-30T08:30", "12-02T08:30", "12-04T08:30"]
    assert len([message for message in teams.as_("U_MOB").sees("C_MOB") if "to look at" in message.text]) == 5


async def test_several_due_on_one_day_are_one_message_and_a_late_start_reminds_once(teams: World) -> None:
    for what in ("refunds", "receipts", "tax ids"):
        await teams.as_("U_MOB").command("C_MOB", "/dependency", f"ask Payments for {what} by 30 November")
    await teams.settle()
    await teams.move_to(datetime(2026, 12, 9, 10, 0, tzinfo=UTC))
    reminders = [message for message in teams.as_("U_LEAD").sees("C_PAY") if "to look at" in message.text]
    assert len(reminders) == 1
    assert all(what in reminders[0].text for what in ("refunds", "receipts", "tax ids"))
    assert "late by 7 working days" in reminders[0].plain


async def test_snoozing_keeps_quiet(teams: World) -> None:
    await asked(teams)
    await teams.move_to(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    lead = teams.as_("U_LEAD")
    reminder = next(message for message in lead.sees("C_PAY") if "to look at" in message.text)
    await lead.press(reminder, "dependencies:snooze")
    await teams.settle()
    assert any("quiet until Thu 26 Nov 2026" in message.text for message in lead.sees("C_PAY"))
    await teams.move_to(datetime(2026, 11, 25, 12, 0, tzinfo=UTC))
    assert len([message for message in lead.sees("C_PAY") if "to look at" in message.text]) == 1


@pytest.mark.parametrize("rows", [0, 1, 51, 1000])
async def test_the_list_has_a_page_and_a_total(teams: World, rows: int) -> None:
    async with teams.transaction() as session:
        team = (await session.scalars(select(Dependency.asked_team_id))).first() or 1
        session.add_all(
            Dependency(number=n + 1, state="asked", asked_team_id=team, what=f"thing {n}", needed_on=date(2026, 12, 1), asked_by="U_MOB")
            for n in range(rows)
        )
    reply = await teams.as_("U_OPS").command("C_OPS", "/dependency", "list")
    assert (f"{rows} open" if rows else "Nothing is asked or promised between teams.") in reply.text
    assert len(str(reply.body)) < 12_000


async def test_home_shows_what_waits_for_me(teams: World) -> None:
    await asked(teams)
    lead = teams.as_("U_LEAD")
    await lead.open_home()
    await teams.settle()
    assert "Mobile asks you for the refund API" in str(lead.home)


@pytest.mark.parametrize(
    "named", ["Payments", "<#C_PAY|team-payments>", "#team-payments", "<@U_LEAD|paul>", "@paul.lind", "the Payments team", "payments"]
)
async def test_a_team_is_named_by_its_name_its_channel_or_its_lead(teams: World, named: str) -> None:
    reply = await teams.as_("U_MOB").command("C_MOB", "/dependency", f"ask {named} for refunds by 3 December")
    assert "Payments is asked for refunds by Thu 3 Dec 2026" in reply.text


@pytest.mark.parametrize("named", ["#team-nothing", "@nobody.here"])
async def test_a_channel_or_a_lead_of_no_team_is_no_team(teams: World, named: str) -> None:
    await teams.team("Loose ends")  # has neither
    await teams.as_("U_MOB").command("C_MOB", "/dependency", f"ask {named} for refunds by 3 December")
    assert "There is no team" in str(teams.as_("U_MOB").view["blocks"])
