"""Journeys: releases are brought in from pasted cells, in Slack."""

import asyncio
from datetime import date

from sqlalchemy import func, select

from handlers.plans.fetching import fetch
from handlers.plans.writing import undo, write
from models import Audit, Change, Outbox, Person, PlanDraft, PlanImport, Release, Team
from tests.handlers.plan_steps import import_it, paste, releases, shown
from tests.handlers.saying_steps import facing
from tests.world import World, running

SHEET = """Release\tDue\tWas\tPM\tTeam
Billing revamp\t2027-03-05\t2027-03-01\tPia Marsh\tpay-ments
SSO 🎉\t12 March 2027\t\tpaul.lind@local.example\tIdentity
Audit log\tTBD\t\t\t
"""


async def test_pasted_cells_come_in_after_they_were_seen(world: World) -> None:
    team = await world.team("Payments")
    pia = await paste(world, "U_PM", SHEET)
    assert "*3 rows: 3 ready.*\nNothing is added yet." in shown(pia)
    assert "Release is A “Release” · Date is B “Due” · Previous date is C “Was” · Team is E “Team” · Owner is D “PM”" in shown(pia)
    assert "• Billing revamp: Fri 5 Mar 2027, was 1 Mar · Payments · Pia Marsh" in shown(pia)
    assert "*New teams*  Identity" in shown(pia)
    assert await releases(world) == []
    assert pia.view["submit"]["text"] == "Import 3"
    assert await import_it(world, pia) == "The import is done: 1 team, 3 releases and 3 dates. Nobody was told."
    billing, sso, audit = await releases(world)
    assert (billing.target_on, billing.baseline_on) == (date(2027, 3, 5), date(2027, 3, 1))
    assert (billing.team_id, billing.owner, billing.confirmed_at) == (team, "U_PM", None)
    assert (sso.name, sso.owner, sso.target_on) == ("SSO 🎉", "U_LEAD", date(2027, 3, 12))
    assert (audit.name, audit.target_on, audit.is_open) == ("Audit log", None, True)
    async with world.reading() as session:
        assert [row.imported_by for row in await session.scalars(select(PlanImport))] == ["U_PM"]
        made = list(await session.scalars(select(Audit).where(Audit.subject == "release", Audit.action == "created")))
    assert {(row.actor, row.by) for row in made} == {("U_PM", "/release import")}


async def test_nobody_is_told_and_no_digest_calls_it_a_move(world: World) -> None:
    before = len(world.slack.calls)
    pia = await paste(world, "U_PM", SHEET)
    await import_it(world, pia)
    await world.tick()
    posts = [call.args["channel"] for call in world.slack.calls[before:] if call.method.startswith("chat.post")]
    assert posts == ["U_PM"]
    reply = await pia.command("C_WEEKLY", "/digest", "now")
    assert "Billing revamp" not in reply.text.partition("Moved")[2]


async def test_rows_can_be_added_three_thousand_characters_at_a_time(world: World) -> None:
    heading = "Release;Date\n"
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "import")
    first = heading + "A one;2027-03-01"
    await pia.press(pia.view, "plans:more", state={"cells:0": {"cells:0": {"type": "plain_text_input", "value": first}}})
    assert "2 rows pasted so far." in shown(pia)
    assert [block["block_id"] for block in pia.view["blocks"] if block["block_id"].startswith("cells")] == ["cells:1"]
    reply = await pia.submit({"Next cells": "x" * 3001})
    assert "at most 3000" in str(reply.errors)
    await pia.submit({"Next cells": heading + "B two;2027-03-02"})
    assert "*2 rows: 2 ready.*" in shown(pia)


async def test_the_order_of_day_and_month_is_asked_and_never_guessed(world: World) -> None:
    pia = await paste(world, "U_PM", "Release,Date\nBilling,3/4/2027\nSSO,5/6/2027\n")
    assert "*2 rows: 0 ready, 2 need an answer.*" in shown(pia)
    assert "*What is “3/4/2027”?* It counts for all dates written like it." in shown(pia)
    assert "submit" not in pia.view or pia.view["submit"] is None
    await pia.press(pia.view, "plans:order:month")
    assert "*2 rows: 2 ready.*" in shown(pia)
    await import_it(world, pia)
    assert [row.target_on for row in await releases(world)] == [date(2027, 3, 4), date(2027, 5, 6)]


async def test_what_the_sheet_leaves_open_is_asked(world: World) -> None:
    world.slack.member("U_GONE", "Lea Left", deleted=True)
    async with world.transaction() as session:
        session.add(Person(slack_id="U_GONE", name="Lea Left", is_deleted=True))
    sheet = "Release,Date,Owner\nBilling,31 February 2027,Pia Marsh\nSSO,2027-04-01,Lea Left\nAudit,2027-04-02,Lea Left\nBulk,next 12,\n"
    pia = await paste(world, "U_PM", sheet)
    assert "*4 rows: 0 ready, 4 need an answer.*" in shown(pia)
    assert "• Row 2, Billing: There is no 31 February" in shown(pia)
    assert "• Row 3, SSO: Lea Left has left" in shown(pia)
    await pia.press(pia.view, "plans:answer")
    labels = [block["label"]["text"] for block in pia.view["blocks"] if block["type"] == "input"]
    assert labels == [
        "Billing: There is no 31 February",
        "Lea Left has left",
        'Bulk: "next 12" is not one day',
        "What I leave empty",
    ]
    reply = await pia.submit({"Lea Left has left": "U_GUEST"})
    assert "They can own no release" in str(reply.errors)
    await pia.submit({"Billing: There is no 31 February": "2027-02-26", "Lea Left has left": "U_MOB"})
    assert "*4 rows: 3 ready, 1 needs an answer.*" in shown(pia)
    await pia.press(pia.view, "plans:answer")
    await pia.submit({"What I leave empty": ["yes"]})
    assert "*4 rows: 4 ready.*" in shown(pia)
    await import_it(world, pia)
    rows = [(row.name, row.target_on, row.owner) for row in await releases(world)]
    assert rows == [
        ("Billing", date(2027, 2, 26), "U_PM"),
        ("SSO", date(2027, 4, 1), "U_MOB"),
        ("Audit", date(2027, 4, 2), "U_MOB"),
        ("Bulk", None, None),
    ]


async def test_columns_can_be_corrected(world: World) -> None:
    pia = await paste(world, "U_PM", "Code\tWhat it is\tFirst\tSecond\nB-1\tBilling\t2027-03-01\t2027-03-05\nB-2\tSSO\t2027-03-02\t\n")
    await pia.press(pia.view, "plans:columns")
    reply = await pia.submit({"Release": "B “What it is”", "Date": "C “First”", "Previous date": "C “First”"})
    assert "cannot be the same column" in str(reply.errors)
    await pia.submit({"Release": "B “What it is”", "Date": "D “Second”", "Previous date": "C “First”"})
    assert "Release is B “What it is” · Date is D “Second” · Previous date is C “First”" in shown(pia)
    await import_it(world, pia)
    assert [(row.name, row.target_on, row.baseline_on) for row in await releases(world)] == [
        ("Billing", date(2027, 3, 5), date(2027, 3, 1)),
        ("SSO", date(2027, 3, 2), date(2027, 3, 2)),
    ]


async def test_what_is_known_stays_as_it_is(world: World) -> None:
    await world.release("Billing revamp", "2027-03-12", owner="U_PM")
    pia = await paste(world, "U_PM", "Release,Date\nbilling  revamp,2027-03-05\nSSO,2027-04-01\n")
    assert "*2 rows: 1 ready, 1 known.*" in shown(pia)
    assert "• Row 2, billing revamp: is in Tendon for Fri 12 Mar 2027, and stays so; here it is Fri 5 Mar 2027" in shown(pia)
    await import_it(world, pia)
    assert [(row.name, row.target_on) for row in await releases(world)] == [
        ("Billing revamp", date(2027, 3, 12)),
        ("SSO", date(2027, 4, 1)),
    ]
    again = await paste(world, "U_PM", "Release,Date\nbilling  revamp,2027-03-05\nSSO,2027-04-01\n")
    assert "*2 rows: 0 ready, 2 known.*" in shown(again)


async def test_a_restricted_release_is_not_there_for_whoever_imports(world: World) -> None:
    """Others may use its name, so neither a word nor the ledger tells that it is taken."""
    secret = await world.release("Acquisition", "2027-03-12", owner="U_OPS", restricted=True)
    sheet = "Release,Date said on,Date\nAcquisition,2026-11-01,2027-06-01\nSSO,2026-11-01,2027-04-01\n"
    pia = await paste(world, "U_PM", sheet)
    assert "*2 rows: 2 ready.*" in shown(pia)
    assert "12 Mar" not in shown(pia)
    assert "choose another" not in shown(pia)
    await import_it(world, pia)
    async with world.reading() as session:
        rows = list(await session.scalars(select(Release).where(Release.name == "Acquisition").order_by(Release.id)))
        assert [(row.id == secret, row.target_on, row.source, row.restricted) for row in rows] == [
            (True, date(2027, 3, 12), "slack", True),
            (False, date(2027, 6, 1), "plan", False),
        ]


async def test_one_that_an_import_brought_and_somebody_restricted_since_is_not_touched(world: World) -> None:
    sheet = "Release,Date said on,Date\nSSO,2026-11-01,2027-04-01\n"
    await import_it(world, await paste(world, "U_OPS", sheet))
    async with world.transaction() as session:
        one = (await session.scalars(select(Release))).one()
        one.restricted, one.owner = True, "U_OPS"
    pia = await paste(world, "U_PM", sheet.replace("2027-04-01", "2027-06-01"))
    assert "*1 row: 1 ready.*" in shown(pia)
    await import_it(world, pia)
    assert [(row.name, row.target_on) for row in await releases(world)] == [("SSO", date(2027, 4, 1)), ("SSO", date(2027, 6, 1))]
    await import_it(world, await paste(world, "U_PM", "Release,Date said on,Date\nSSO,2026-11-02,2027-07-01\n"))
    assert [(row.name, row.target_on) for row in await releases(world)] == [("SSO", date(2027, 4, 1)), ("SSO", date(2027, 7, 1))]


async def test_a_known_date_is_not_told_to_those_who_face_customers(world: World) -> None:
    await world.release("SSO", "2027-04-01", owner="U_PM")
    await facing(world)
    sam = await paste(world, "U_SALES", "Release,Date\nSSO,2027-06-01\n")
    assert "1 known" in shown(sam)
    assert "1 Apr" not in shown(sam)
    pia = await paste(world, "U_PM", "Release,Date\nSSO,2027-06-01\n")
    assert "is in Tendon for Thu 1 Apr 2027, and stays so" in shown(pia)


async def test_a_date_that_is_no_single_day_comes_in_as_planned(world: World) -> None:
    rows = (
        ("SSO", "Q2 2027"),
        ("Search", "mid March 2027"),
        ("Usage API", "end of March"),
        ("Refunds", "2027-04-01"),
        ("Tax", "März 2027"),
    )
    pia = await paste(world, "U_PM", "Release,Date\n" + "".join(f"{name},{day}\n" for name, day in rows))
    assert "*5 rows: 5 ready.*" in shown(pia)
    assert "SSO: Q2 2027" in shown(pia)
    await import_it(world, pia)
    async with world.reading() as session:
        found = {row.name: (row.precision, row.is_committed, row.baseline_on) for row in await session.scalars(select(Release))}
    assert found == {
        "SSO": ("quarter", False, None),
        "Search": ("month", False, None),
        "Usage API": ("month", False, None),
        "Refunds": ("day", True, date(2027, 4, 1)),
        "Tax": ("month", False, None),
    }
    again = await paste(world, "U_PM", "Release,Date\nSSO,Q2 2027\n")
    assert "1 known" in shown(again)


async def test_an_empty_list_offers_it(world: World) -> None:
    pia = world.as_("U_PM")
    reply = await pia.command("C_WEEKLY", "/release", "status")
    await pia.press(reply.message, "plans:open")
    assert pia.view["title"]["text"] == "Import releases"


async def test_guests_may_not(world: World) -> None:
    who = world.as_("U_GUEST")
    reply = await who.command("C_NOBOT", "/release", "import")
    assert "Guests cannot change that." in reply.text
    assert who.view is None


async def test_who_became_a_guest_meanwhile_imports_nothing(world: World) -> None:
    pia = await paste(world, "U_PM", SHEET)
    async with world.transaction() as session:
        (await session.scalars(select(Person).where(Person.slack_id == "U_PM"))).one().is_guest = True
    await pia.submit()
    await world.settle()
    assert "Guests cannot change that." in shown(pia)
    assert await releases(world) == []


async def test_a_stranger_s_draft_is_not_shown(world: World) -> None:
    pia = await paste(world, "U_PM", SHEET)
    view = dict(pia.view)
    mona = world.as_("U_MOB")
    await mona.command("C_WEEKLY", "/release", "import")
    shown_to_her = world.slack.state.stacks["U_MOB"][-1]
    shown_to_her.content = {**shown_to_her.content, "private_metadata": view["private_metadata"], "callback_id": "plans:import"}
    await mona.submit()
    await world.settle()
    assert "Billing" not in shown(mona)
    assert await releases(world) == []
    await pia.submit()
    await world.settle()
    assert len(await releases(world)) == 3


async def test_import_pressed_twice_imports_once(world: World) -> None:
    pia = await paste(world, "U_PM", SHEET)
    await pia.submit()
    first = world.slack.deliveries[-1]
    await world.slack.deliver_again(first)
    await world.settle()
    await world.slack.deliver_again(first)
    await world.settle()
    assert len(await releases(world)) == 3
    assert sum("The import is done" in message.text for message in pia.dms()) == 1


async def test_two_windows_on_one_draft_import_it_once(world: World) -> None:
    pia = await paste(world, "U_PM", SHEET)
    top = world.slack.state.stacks["U_PM"][-1]
    kept = dict(top.content)
    await import_it(world, pia)
    top.content = kept
    await pia.submit()
    await world.settle()
    assert len(await releases(world)) == 3


async def test_an_import_that_was_begun_survives_a_stop(world: World, database_url: str) -> None:
    pia = await paste(world, "U_PM", SHEET)
    await world.app.outbox.stop(0.0)
    await pia.submit()
    await world.slack.settled()
    assert await releases(world) == []
    async with running(world.slack, database_url) as other:
        await other.outbox.drain()
        await world.slack.settled()
        assert len(await releases(world)) == 3
        assert [message.text for message in pia.dms()] == ["The import is done: 2 teams, 3 releases and 3 dates. Nobody was told."]


async def test_of_two_people_with_one_sheet_one_brings_it_in(world: World) -> None:
    people = [await paste(world, who, SHEET) for who in ("U_PM", "U_LEAD", "U_MOB")]
    await asyncio.gather(
        *(who.submit() for who in people), world.as_("U_OPS").command("C_WEEKLY", "/release", "new Audit log 5 March 2027")
    )
    await world.settle()
    assert sorted(row.name for row in await releases(world)) == ["Audit log", "Billing revamp", "SSO 🎉"]
    told = [who.dms()[-1].text for who in people]
    assert told.count("Nothing new came in: everything is in Tendon already.") == 2


async def test_what_is_carried_out_again_is_done_once(world: World) -> None:
    """As after a crash between the commit and the note that it is done."""
    pia = await paste(world, "U_PM", SHEET)
    await import_it(world, pia)
    again = {"workspace_id": world.workspace_id, "draft": 1}
    await write(again, world.app.deps)
    assert len(await releases(world)) == 3
    await pia.press(pia.dms()[-1], "plans:undo")
    await world.settle()
    await undo({**again, "by": "U_PM"}, world.app.deps)
    await write(again, world.app.deps)
    await fetch(again, world.app.deps)
    await world.settle()
    assert await releases(world) == []
    assert len(pia.dms()) == 1


async def test_a_draft_is_swept_after_a_day(world: World) -> None:
    pia = await paste(world, "U_PM", SHEET)
    await world.advance(hours=23)
    await world.tick()
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PlanDraft)) == 1
    await world.advance(hours=1, minutes=1)
    await world.tick()
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PlanDraft)) == 0
    await pia.submit()
    assert "was kept for 24 hours and is gone" in shown(pia)
    assert await releases(world) == []


async def test_nothing_given_is_asked_for(world: World) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "import")
    reply = await pia.submit({})
    assert reply.errors == {"files": "Give a file here, or paste cells below."}
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PlanDraft)) == 0


async def test_cells_without_any_name_say_so(world: World) -> None:
    pia = await paste(world, "U_PM", "2027-03-01\n2027-03-02\n")
    assert "0 rows: 0 ready." in shown(pia)
    assert "no column holds names of releases" in shown(pia)


async def test_a_formula_is_text_and_a_status_is_read(world: World) -> None:
    sheet = 'Release\tDate\tStatus\n=HYPERLINK("x";"Billing")\t2027-03-01\tat risk\nOld\t2026-10-01\tdone\nNever\t\tcancelled\n'
    pia = await paste(world, "U_PM", sheet)
    await import_it(world, pia)
    async with world.reading() as session:
        rows = list(await session.scalars(select(Release).order_by(Release.id)))
    assert [(row.name, row.health, row.shipped_on, row.is_cancelled) for row in rows] == [
        ('=HYPERLINK("x";"Billing")', "amber", None, False),
        ("Old", None, date(2026, 10, 1), False),
        ("Never", None, None, True),
    ]


async def test_the_rest_of_the_ledger_is_left_alone(world: World) -> None:
    await world.release("Billing revamp", "2027-03-12", owner="U_PM")
    async with world.reading() as session:
        before = await session.scalar(select(func.count()).select_from(Change))
        waiting = await session.scalar(select(func.count()).select_from(Outbox).where(Outbox.settled_at.is_(None)))
    pia = await paste(world, "U_PM", "Release,Date\nSSO,2027-04-01\n")
    await import_it(world, pia)
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Change)) == before + 2
        assert await session.scalar(select(func.count()).select_from(Outbox).where(Outbox.settled_at.is_(None))) == waiting
        assert await session.scalar(select(func.count()).select_from(Team)) == 0
