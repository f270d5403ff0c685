"""Journeys: when the company works, which teams have live, and everything that counts working time by it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from models import Dependency, Escalation, Team, Workspace
from tests.handlers.release_rows import said
from tests.handlers.setup_steps import form, saved
from tests.handlers.test_checkins import questions
from tests.world import World

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)  # 09:30 in Berlin
SUN_TO_THU = ["0", "1", "2", "3", "6"]


async def works(world: World, **fields: Any) -> str:
    return await saved(world, "time", {"Time zone": "Berlin"} | {name.replace("_", " "): value for name, value in fields.items()})


async def escalated(world: World) -> Escalation:
    sales = world.as_("U_SALES")
    await sales.command("C_WEEKLY", "/escalate", "login is down")
    assert not (await sales.submit({"Severity": "High", "Team": "Payments"})).errors
    await world.settle()
    async with world.reading() as session:
        return (await session.scalars(select(Escalation).order_by(Escalation.id.desc()))).first()


async def payments(world: World, **more: Any) -> int:
    return await world.team("Payments", **{"lead": "U_LEAD", "channel": "C_PAY"} | more)


async def card(world: World, name: str) -> str:
    return (await world.as_("U_PM").command("C_PAY", "/team", f"show {name}")).text


async def test_what_is_saved_is_said_and_teams_have_it_live_but_for_their_own(world: World) -> None:
    await world.as_("U_OPS").command("C_OPS", "/team", "new Payments")
    await world.as_("U_OPS").command("C_OPS", "/team", "new Mobile in London holidays none hours 08:00-16:00")
    answer = await works(
        world,
        Working_hours="10:00-18:00",
        Public_holidays_of="Germany, US",
        Company_days_off="24 Dec 2026 Eve\n28 Dec 2026 to 31 Dec 2026 Winter break",
    )
    theirs = "10:00 to 18:00, Monday to Friday, holidays of DE and US, 5 company days off, Berlin"
    assert answer == f"Working time: {theirs}. Teams have it too, but for what they set themselves."
    assert f"Works {theirs}." in await card(world, "Payments")
    assert "Works 08:00 to 16:00, Monday to Friday, no public holidays, 5 company days off, London." in await card(world, "Mobile")
    await works(world, Working_days=SUN_TO_THU, Working_hours="9-17", Public_holidays_of="IL", Company_days_off="")
    assert "Works 09:00 to 17:00, Sunday to Thursday, holidays of IL, Berlin." in await card(world, "Payments")
    assert "Works 08:00 to 16:00, Sunday to Thursday, no public holidays, London." in await card(world, "Mobile")


async def test_the_form_shows_what_is_kept_and_a_team_goes_back_to_the_companys(world: World) -> None:
    await works(world, Working_days=SUN_TO_THU, Public_holidays_of="DE", Company_days_off="24 Dec 2026 Eve")
    ops = await form(world, "time")
    fields = {block["block_id"]: block["element"] for block in ops.view["blocks"] if block["type"] == "input"}
    assert fields["zone"]["initial_value"] == "Europe/Berlin"
    assert [option["text"]["text"] for option in fields["weekdays"]["initial_options"]] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Sunday",
    ]  # fmt: skip
    assert (fields["holidays"]["initial_value"], fields["days_off"]["initial_value"]) == ("DE", "24 Dec 2026 Eve")
    pia = world.as_("U_PM")
    await pia.command("C_PAY", "/team", "new")
    assert "Empty: the company’s, 09:00 to 17:00." in str(pia.view)
    await pia.submit({"Name": "Trust", "Working days": ["0", "1"], "Working hours": "8-12", "Holidays of": "none"})
    await world.settle()
    assert "Works 08:00 to 12:00, Monday and Tuesday, no public holidays, 1 company day off, Berlin." in await card(world, "Trust")
    await pia.command("C_PAY", "/team", "edit Trust")
    await pia.submit({"Working days": [], "Working hours": "", "Holidays of": ""})
    await world.settle()
    async with world.reading() as session:
        team = (await session.scalars(select(Team))).one()
    assert (team.weekdays, team.starts_at, team.ends_at, team.holidays, team.zone) == (None, None, None, None, None)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"Time_zone": "Atlantis"}, "zone", "I do not know"),
        ({"Working_hours": "late"}, "hours", "working hours"),
        ({"Public_holidays_of": "DE, Atlantis"}, "holidays", 'I do not know the holidays of "Atlantis".'),
        ({"Company_days_off": "24 Dec 2026 Eve\n<!channel>"}, "days_off", 'Line 2, "<!channel>": I could not read a date in it.'),
    ],
)
async def test_every_fault_stands_under_its_field_and_nothing_is_saved(
    world: World, fields: dict[str, Any], field: str, sentence: str
) -> None:
    ops = await form(world, "time")
    refused = await ops.submit({name.replace("_", " "): value for name, value in fields.items()})
    assert list(refused.errors) == [field]
    assert sentence in refused.errors[field]
    async with world.reading() as session:
        assert (await session.scalars(select(Workspace.weekdays))).one() == "01234"


async def test_a_company_day_off_stops_an_escalations_clock(world: World) -> None:
    await payments(world)
    await works(world)
    await world.move_to(MONDAY)
    assert f"{(await escalated(world)).resolve_by:%a %d %H:%M}" == "Tue 24 08:30"
    await works(world, Company_days_off="24 Nov 2026 to 25 Nov 2026 Offsite")
    assert f"{(await escalated(world)).resolve_by:%a %d %H:%M}" == "Thu 26 08:30"


async def test_holidays_of_two_countries_both_stop_it_and_no_team_has_the_companys_time(world: World) -> None:
    await works(world, Public_holidays_of="DE, US")
    await world.move_to(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))  # the day before Thanksgiving
    sales = world.as_("U_SALES")
    await sales.command("C_WEEKLY", "/escalate", "login is down")
    await sales.submit({"Severity": "High"})
    await world.settle()
    async with world.reading() as session:
        first = (await session.scalars(select(Escalation))).one()
    assert f"{first.resolve_by:%a %d %H:%M}" == "Fri 27 08:30"
    await payments(world)
    await world.move_to(datetime(2027, 3, 25, 8, 30, tzinfo=UTC))  # before Good Friday and Easter Monday
    assert f"{(await escalated(world)).resolve_by:%a %d %H:%M}" == "Tue 30 07:30"


async def test_in_a_week_from_sunday_to_thursday_friday_does_not_count(world: World) -> None:
    await payments(world)
    await works(world, Working_days=SUN_TO_THU)
    await world.move_to(datetime(2026, 11, 26, 8, 30, tzinfo=UTC))  # a Thursday
    assert f"{(await escalated(world)).resolve_by:%a %d %H:%M}" == "Sun 29 08:30"


async def test_the_weekly_question_and_its_reminder_shift_for_a_day_off(world: World) -> None:
    team = await payments(world)
    await world.release("Billing revamp", "2027-03-05", team=team, owner="U_PM")
    await world.tick()
    await works(world, Company_days_off="3 Dec 2026 Offsite\n7 Dec 2026 Offsite")
    await world.move_to(datetime(2026, 12, 3, 9, 0, 30, tzinfo=UTC))
    assert questions(world) == []
    await world.move_to(datetime(2026, 12, 4, 9, 0, 30, tzinfo=UTC))
    (question,) = questions(world)
    for day, reminders in ((7, 0), (8, 1)):
        await world.move_to(datetime(2026, 12, day, 11, 0, 30, tzinfo=UTC))
        assert len(world.as_("U_PM").thread(question.channel, question.ts)) - 1 == reminders


async def test_in_a_week_from_sunday_to_thursday_the_question_asked_on_friday_comes_on_sunday(world: World) -> None:
    await world.release("Billing revamp", "2027-03-05", owner="U_PM")
    await works(world, Working_days=SUN_TO_THU)
    ops = world.as_("U_OPS")
    refused = await ops.command("C_OPS", "/release", "confirmations on Friday at 10")
    assert "Friday is no working day here; those are Sunday to Thursday." in str(ops.view) + refused.text
    async with world.transaction() as session:  # as it was set when Friday was a working day
        (await session.scalars(select(Workspace))).one().asks_weekday = 4
    await world.tick()
    await world.move_to(datetime(2026, 12, 4, 9, 0, 30, tzinfo=UTC))
    assert not [message for message in world.as_("U_PM").dms() if "Are these" in message.text or "still right" in message.text]
    await world.move_to(datetime(2026, 12, 6, 9, 0, 30, tzinfo=UTC))
    assert [message for message in world.as_("U_PM").dms() if "still right" in message.text]


async def asked_for(world: World, by: str) -> Dependency:
    await world.team("Mobile", lead="U_MOB", channel="C_MOB")
    await payments(world)
    await world.as_("U_MOB").command("C_MOB", "/dependency", f"ask Payments for the refund API by {by}")
    await world.settle()
    return await only(world)


async def only(world: World) -> Dependency:
    async with world.reading() as session:
        return (await session.scalars(select(Dependency))).one()


async def test_reminders_that_are_planned_move_with_the_working_days(world: World) -> None:
    row = await asked_for(world, "30 November 2026")
    await world.move_to(datetime(2026, 11, 24, 12, 0, tzinfo=UTC))
    assert (await only(world)).next_reminder_at.date() == date(2026, 11, 27)  # a working day before
    await works(world, Company_days_off="27 Nov 2026 Offsite")
    assert (await only(world)).next_reminder_at.date() == date(2026, 11, 26)
    await world.as_("U_PM").command("C_PAY", "/team", "edit Payments")
    await world.as_("U_PM").submit({"Working days": ["0", "1", "2"]})
    await world.settle()
    assert (await only(world)).next_reminder_at.date() == date(2026, 11, 25)
    assert row.number == 1


async def test_slips_lateness_and_lists_count_by_the_companys_days(world: World) -> None:
    """A release without a team counts as the company does: its card, its list, and the list of a day that has passed."""
    await world.as_("U_PM").command("C_WEEKLY", "/release", "new Billing 23 November 2026")
    await works(world, Working_days=SUN_TO_THU, Company_days_off="30 Nov 2026 Offsite")
    moved = await world.as_("U_PM").command("C_WEEKLY", "/release", "move Billing to 1 December 2026 because vendor")
    assert "+5 working days" in moved.text  # Tue Wed Thu, Sun, Tue
    await world.settle()
    shown = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Billing")
    assert "5 working days" in "\n".join(said(shown.blocks))
    await world.move_to(datetime(2026, 12, 6, 12, 0, tzinfo=UTC))  # a Sunday
    listed = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    assert "3 working days past its date" in listed.text + "\n".join(said(listed.blocks))
    then = await world.as_("U_PM").command("C_WEEKLY", "/release", "status as of 5 December 2026")
    assert "2 working days past its date" in then.text + "\n".join(said(then.blocks))


async def test_a_month_is_over_with_its_last_working_day(world: World) -> None:
    await world.as_("U_PM").command("C_WEEKLY", "/release", "new Billing December 2026")
    await works(world, Company_days_off="24 Dec 2026 to 31 Dec 2026 Winter break")
    await world.move_to(datetime(2026, 12, 23, 12, 0, tzinfo=UTC))
    listed = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    assert "past its date" not in listed.text + "\n".join(said(listed.blocks))
    await world.move_to(datetime(2026, 12, 24, 12, 0, tzinfo=UTC))
    listed = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    assert "past its date" in listed.text + "\n".join(said(listed.blocks))


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("/release", "move Billing revamp to in 5 working days because vendor late"),
        ("/release", "new Nightly in 5 working days"),
        ("/release", 'say Billing revamp "Soon" for in 5 working days'),
        ("/dependency", "ask Payments for refunds by in 5 working days"),
    ],
)
async def test_working_days_in_a_typed_date_are_the_companys(world: World, command: str, line: str) -> None:
    team = await payments(world)
    await world.release("Billing revamp", "2027-03-05", team=team, owner="U_PM")
    await works(world, Working_days=SUN_TO_THU, Company_days_off="23 Nov 2026 Offsite")
    reply = await world.as_("U_PM").command("C_WEEKLY", command, line)  # said on a Saturday
    assert "Sun 29 Nov 2026" in reply.text
