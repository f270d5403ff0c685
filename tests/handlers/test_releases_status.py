"""Journeys with the list of releases."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update

from domain.releases import Field
from models import Audit, Change, Inbox, Outbox, Release
from models.history import record
from tests.handlers.release_rows import many_releases, press, said, work
from tests.world import World


def labels(blocks: list[dict[str, Any]]) -> list[str]:
    return [element["text"]["text"] for block in blocks if block["type"] == "actions" for element in block["elements"]]


def names(blocks: list[dict[str, Any]]) -> list[str]:
    """The names of the rows."""
    rows = [
        block
        for block in blocks
        if block["type"] == "section" and block.get("accessory", {}).get("action_id", "").startswith("releases:open")
    ]
    return [row["text"]["text"].split("\n")[0].strip("*") for row in rows]


async def moved(world: World, release: int, to: str, reason: str = "", by: str = "U_PM") -> None:
    async with world.transaction() as session:
        row = (await session.scalars(select(Release).where(Release.id == release))).one()
        await record(session, row, Field.DATE, row.target_on.isoformat(), to, now=world.clock.now(), reason=reason, actor=by)


async def company(world: World) -> dict[str, int]:
    """Four releases: late, past its date, on track, without a day."""
    payments = await world.team("Payments", lead="U_LEAD", channel="C_PAY", zone="Europe/Berlin")
    platform = await world.team("Platform", lead="U_PLAT", channel="C_PLAT")
    made = {
        "billing": await world.release("Billing revamp", "2027-03-05", team=payments, owner="U_PM"),
        "usage": await world.release("Usage API", "2026-08-26", team=platform),
        "audit": await world.release("Audit log export", "2026-11-24", team=platform, owner="U_PLAT"),
        "hosting": await world.release("Regional hosting", None, team=platform),
    }
    await moved(world, made["billing"], "2027-03-12", "Vendor API late")
    await work(world, made["billing"], done=14, open=6, dropped=3, team=payments)
    return made


async def test_the_list_says_first_how_many_and_how_they_stand_then_one_row_a_release(world: World) -> None:
    await company(world)
    reply = await world.as_("U_SALES").command("C_WEEKLY", "/release", "status")
    assert reply.ephemeral
    assert reply.text.split("\n") == [
        "4 open releases: 2 late, 1 on track, 1 without a day.",
        "Usage API: Stalled, 62 working days past its date, 26 Aug 2026, as first planned",
        "Billing revamp: Red, off track, 12 Mar 2027, 5 working days late",
        "Audit log export: Green, on track, 24 Nov 2026, as first planned",
        "Regional hosting: Green, on track, no day yet",
    ]
    lines = said(reply.blocks)
    assert lines[0] == "*4 open releases: 2 late, 1 on track, 1 without a day.*"
    assert lines[1:3] == [
        "*Late (2)*",
        "*Usage API*\nStalled: 62 working days past its date. Red: off track\n"
        "Wed 26 Aug 2026 · as first planned · no work linked · Platform, no owner · updated just now, not confirmed yet",
    ]
    assert lines[3] == (
        "*Billing revamp*\nRed: off track, by the rule: 5 working days behind its baseline\n"
        "Fri 12 Mar 2027 · was 5 Mar · +5 working days\n14 of 20 done · Payments, Pia Marsh · confirmed today"
    )
    assert "As of Sat 21 Nov, 03:00 New York" in lines[-1]
    assert labels(reply.blocks) == ["Share to channel", "Only mine", "Late only"]


async def test_in_a_teams_channel_its_own_come_first_and_the_rest_is_one_button_away(world: World) -> None:
    await company(world)
    pia = world.as_("U_PM")
    reply = await pia.command("C_PAY", "/release", "status")
    assert reply.text.startswith("Payments: 1 open release: 1 late.")
    assert "3 more in other teams." in said(reply.blocks)
    await pia.press(pia.sees("C_PAY")[-1], "releases:filter:all")
    await world.settle()
    shown = pia.sees("C_PAY")[-1]
    assert shown.text.startswith("4 open releases:")


async def test_a_team_has_what_it_owns_and_what_it_works_in(world: World) -> None:
    made = await company(world)
    mobile = await world.team("Mobile", channel="C_MOB")
    await work(world, made["audit"], open=1, team=mobile)
    await work(world, made["usage"], dropped=1, team=mobile)
    reply = await world.as_("U_MOB").command("C_MOB", "/release", "status")
    assert names(reply.blocks) == ["Audit log export"]
    assert reply.text.startswith("Mobile: 1 open release: 1 on track.")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("status late", ["Usage API", "Billing revamp"]),
        ("status Late.", ["Usage API", "Billing revamp"]),
        ("late", ["Usage API", "Billing revamp"]),
        ("status mine", ["Billing revamp"]),
        ("mine", ["Billing revamp"]),
        ("status <@U_PLAT|petra>", ["Audit log export"]),
        ("status @Petra", ["Audit log export"]),
        ("status @petra.oak", ["Audit log export"]),
        ("Petra Oak", ["Audit log export"]),
        ("status of petra next week?", ["Audit log export"]),
        ("status petr", []),
        ("status Platform", ["Usage API", "Audit log export", "Regional hosting"]),
        ("Platform", ["Usage API", "Audit log export", "Regional hosting"]),
        ("status #team-platform", ["Usage API", "Audit log export", "Regional hosting"]),
        ("status #team-mobile", []),
        ("status <#C_PLAT|team-platform>", ["Usage API", "Audit log export", "Regional hosting"]),
        ("status red", ["Usage API", "Billing revamp"]),
        ("status off track", ["Usage API", "Billing revamp"]),
        ("status green", ["Audit log export", "Regional hosting"]),
        ("status next week", ["Audit log export"]),
        ("status this-month", ["Audit log export"]),
        ("status next-month", []),
        ("status no day", ["Regional hosting"]),
        ("status all", ["Usage API", "Billing revamp", "Audit log export", "Regional hosting"]),
        ("status stalled", ["Usage API"]),
        ("status mine late", ["Billing revamp"]),
        ("late, mine", ["Billing revamp"]),
        ("what's late?", ["Usage API", "Billing revamp"]),
        ("what is late in Platform?", ["Usage API"]),
        ("red mine", ["Billing revamp"]),
        ("status mine green", []),
        ("status late Platform", ["Usage API"]),
        ("Platform late", ["Usage API"]),
        ("status overdue releases of the Platform team", ["Usage API"]),
        ("Platform next week", ["Audit log export"]),
        ("next week for Platform", ["Audit log export"]),
        ("Platform no day", ["Regional hosting"]),
        ("green <#C_PLAT|team-platform> without a day", ["Regional hosting"]),
        ("<@U_PLAT|petra> next week", ["Audit log export"]),
        ("late <@U_PLAT|petra>", []),
        ("red or green Platform", ["Usage API", "Audit log export", "Regional hosting"]),
        ("late at risk", []),
        ("late off track no owner", ["Usage API"]),
        ("mine Platform", []),
        ("mine Payments", ["Billing revamp"]),
        ("status late all", ["Usage API", "Billing revamp"]),
    ],
)
async def test_filters_teams_and_people(world: World, typed: str, found: list[str]) -> None:
    await company(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", typed)
    assert names(reply.blocks) == found


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("mine late", "Yours: 1 late open release: 1 late."),
        ("mine green", "You own no green open release. 4 releases are open in all."),
        ("late Platform", "Platform: 1 late open release: 1 late."),
        ("Platform next month", "No open releases next month in Platform."),
        ("mine Platform", "You own no open release in Platform."),
        ("mine Payments", "Yours in Payments: 1 open release: 1 late."),
        ("red amber", "2 red or amber open releases: 2 late."),
        ("<@U_PLAT|petra> Platform", 'I do not know "<@U_PLAT|petra> Platform" here'),
        ("mine <@U_PLAT|petra>", 'I do not know "mine <@U_PLAT|petra>" here'),
        ("late Payments Platform", 'I do not know "late Payments Platform" here'),
        ("late Paymints", 'I do not know "late Paymints" here'),
        ("late Billing revamp", 'I do not know "late Billing revamp" here'),
    ],
)
async def test_two_filters_at_once_are_said_in_full_and_anything_else_is_not_guessed(world: World, typed: str, says: str) -> None:
    await company(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", typed)
    assert reply.text.replace("&lt;", "<").replace("&gt;", ">").startswith(says)


async def test_names_go_before_filters(world: World) -> None:
    await company(world)
    await world.release("Late mine", "2027-01-12", owner="U_PM")
    await world.team("Red late")
    pia = world.as_("U_PM")
    assert (await pia.command("C_WEEKLY", "/release", "late mine")).text.startswith("Late mine (R-5):")
    assert (await pia.command("C_WEEKLY", "/release", "mine late")).text.startswith("Yours: 1 late open release")
    assert (await pia.command("C_WEEKLY", "/release", "mine red late")).text.startswith("You own no open release in Red late.")


async def test_pressing_one_filter_after_another_narrows_the_list(world: World) -> None:
    await company(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "status")
    for label, says in (("Late only", "2 late open"), ("Only mine", "Yours: 1 late open"), ("Show all", "4 open releases")):
        await press(world, "U_PM", "C_WEEKLY", label)
        assert pia.sees("C_WEEKLY")[-1].text.startswith(says)


async def test_what_nobody_confirmed_for_a_week_is_counted_and_can_be_listed(world: World) -> None:
    await company(world)
    await world.advance(days=8)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    assert reply.text.startswith("4 open releases: 3 late, 1 without a day. 4 have not been confirmed for over a week.")
    assert "not confirmed for 8 days" in said(reply.blocks)[2]
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "unconfirmed")
    assert len(names(reply.blocks)) == 4


async def test_nothing_found_says_what_was_looked_for_and_what_to_try(world: World) -> None:
    sam = world.as_("U_SALES")
    reply = await sam.command("C_WEEKLY", "/release", "status")
    assert reply.text.startswith("No open releases.")
    assert "bring a plan in with Import a list" in reply.text
    await company(world)
    reply = await sam.command("C_WEEKLY", "/release", "status mine")
    assert reply.text.startswith("You own no open release. 4 releases are open in all.")
    assert labels(reply.blocks) == ["All teams", "New release", "Import a list"]
    await world.team("Mobile", channel="C_MOB")
    reply = await world.as_("U_MOB").command("C_MOB", "/release", "status")
    assert reply.text.startswith("No open releases in Mobile. 4 in other teams.")
    reply = await world.as_("U_MOB").command("C_MOB", "/release", "status amber")
    assert reply.text.startswith("No amber open releases in Mobile. 4 releases are open in all.")
    reply = await world.as_("U_MOB").command("C_WEEKLY", "/release", "next month")
    assert reply.text.startswith("No open releases next month. 4 releases are open in all.")
    reply = await world.as_("U_MOB").command("C_WEEKLY", "/release", "no day")
    assert reply.text.startswith("1 open release without a day: ")


async def test_a_name_that_fits_two_things_offers_both(world: World) -> None:
    await company(world)
    await world.release("Platform", "2027-01-11")
    await world.release("late", "2027-01-12")
    pia = world.as_("U_PM")
    reply = await pia.command("C_WEEKLY", "/release", "status platform")
    assert reply.text == '"platform" is a release and a team. Which one?'
    await press(world, "U_PM", "C_WEEKLY", "The team")
    assert pia.sees("C_WEEKLY")[-1].text.startswith("Platform: 3 open releases")
    reply = await pia.command("C_WEEKLY", "/release", "late")
    assert reply.text == '"late" is a release and a filter. Which one?'


async def test_an_unknown_word_offers_the_nearest_of_each_and_writes_nothing(world: World) -> None:
    await company(world)
    pia = world.as_("U_PM")
    async with world.reading() as session:
        before = [await session.scalar(select(func.count()).select_from(table)) for table in (Change, Audit, Outbox, Inbox)]
    reply = await pia.command("C_WEEKLY", "/release", "Biling revamp")
    assert "Billing revamp" in reply.text
    assert "nothing was changed" in reply.text
    assert labels(reply.blocks) == ["Billing revamp"]
    reply = await pia.command("C_WEEKLY", "/release", "status Platfrom")
    assert "Did you mean Platform?" in reply.text
    async with world.reading() as session:
        after = [await session.scalar(select(func.count()).select_from(table)) for table in (Change, Audit, Outbox, Inbox)]
    assert after == before
    reply = await pia.command("C_WEEKLY", "/release", "hystory Billing revamp")
    assert "/release history" in reply.text
    assert "Billing revamp" in reply.text
    await press(world, "U_PM", "C_WEEKLY", "Billing revamp")
    assert pia.sees("C_WEEKLY")[-1].text.startswith("Billing revamp (R-1): ")


@pytest.mark.parametrize("count", [0, 1, 51, 1000])
async def test_lists_of_any_length_come_twelve_at_a_time(world: World, count: int) -> None:
    await many_releases(world, count, name="Release {n} with a rather long name & <angle> brackets, as some people write them")
    pia = world.as_("U_PM")
    reply = await pia.command("C_WEEKLY", "/release", "status")
    assert len(names(reply.blocks)) == min(count, 12)
    assert len(json.dumps(reply.blocks)) < 12_000
    assert len(reply.blocks) <= 26
    assert len(reply.text) <= 3600
    if count <= 12:
        assert not any(label.startswith("Next") for label in labels(reply.blocks))
        return
    assert f"Showing 12 of {count:,}." in said(reply.blocks)
    assert f"{count - 12:,} more." in reply.text
    seen = names(reply.blocks)
    message = pia.sees("C_WEEKLY")[-1]
    while next((label for label in labels(message.blocks) if label.startswith("Next")), None) and len(seen) < 60:
        await pia.press(message, "releases:next")
        await world.settle()
        message = pia.sees("C_WEEKLY")[-1]
        seen += names(message.blocks)
    assert len(seen) == len(set(seen)) >= min(count, 60)
    assert len(pia.sees("C_WEEKLY")) == 1


async def test_a_shipped_or_cancelled_release_leaves_the_list_but_has_a_status(world: World) -> None:
    made = await company(world)
    async with world.transaction() as session:
        for name, field, after in (("billing", Field.STAGE, "everyone"), ("usage", Field.STATE, "cancelled")):
            row = (await session.scalars(select(Release).where(Release.id == made[name]))).one()
            on = date(2026, 11, 20) if field is Field.STAGE else None
            await record(session, row, field, None, after, now=world.clock.now(), effective_on=on, reason="no need")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    assert names(reply.blocks) == ["Audit log export", "Regional hosting"]
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status Billing revamp")
    assert "Shipped on Fri 20 Nov 2026, 75 working days early" in reply.text
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "Usage API")
    assert 'Cancelled on Sat 21 Nov 2026: "no need"' in reply.text


async def test_health_that_somebody_set_stands_beside_what_the_rule_says(world: World) -> None:
    made = await company(world)
    async with world.transaction() as session:
        row = (await session.scalars(select(Release).where(Release.id == made["audit"]))).one()
        await record(session, row, Field.HEALTH, None, "amber", now=world.clock.now(), actor="U_PLAT", reason="")
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status amber")
    assert "Amber: at risk. Set by the owner; the rule says Green" in said(reply.blocks)[2]


async def test_only_a_private_list_is_redrawn_in_place(world: World) -> None:
    """A list that stands in a channel belongs to everybody: a press on it answers beside it."""
    await company(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "status")
    await press(world, "U_PM", "C_WEEKLY", "Late only")
    assert len(pia.sees("C_WEEKLY")) == 1
    assert pia.sees("C_WEEKLY")[-1].text.startswith("2 late open releases: 2 late.")


async def test_the_menu_has_it(world: World) -> None:
    await company(world)
    pia = world.as_("U_PM")
    menu = await pia.command("C_WEEKLY", "/tendon")
    assert "Release status" in menu.text
    await pia.press(pia.sees("C_WEEKLY")[-1], "releases:status")
    await world.settle()
    assert pia.sees("C_WEEKLY")[-1].text.startswith("4 open releases")


async def test_a_day_is_the_teams_own(world: World) -> None:
    """At 22:30 UTC it is tomorrow in Auckland and today in New York."""
    for name, zone in (("South", "Pacific/Auckland"), ("North", "America/New_York")):
        team = await world.team(name, zone=zone)
        await world.release(f"{name} one", "2026-11-23", team=team)
    await world.move_to(datetime(2026, 11, 23, 22, 30, tzinfo=UTC))
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "late")
    assert names(reply.blocks) == ["South one"]


async def test_a_name_cannot_break_the_layout(world: World) -> None:
    await world.release("<!channel> *bold* & <@U_PM>", "2027-01-11")
    async with world.transaction() as session:
        await session.execute(update(Release).values(health="red", health_reason="<!here> & co"))
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    drawn = " ".join(said(reply.blocks))
    assert "<!channel>" not in drawn
    assert "<!here>" not in drawn
    assert "&lt;!here&gt; &amp; co" in drawn
    assert "&lt;!channel&gt;" in reply.text
