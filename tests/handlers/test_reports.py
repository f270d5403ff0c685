"""What changed, the roadmap and the report: as a person asks for them, and the file that comes by private message."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.database import Database
from bot.parcels import DEAD, DONE
from models import Change, Item, Outbox, Upload
from models.history import settle
from tests.handlers.release_rows import many_releases, press, said
from tests.handlers.release_steps import billing, of
from tests.handlers.saying_steps import facing
from tests.world import World


async def ask(world: World, words: str, person: str = "U_PM", channel: str = "C_WEEKLY") -> str:
    reply = await world.as_(person).command(channel, "/release", words)
    return "\n".join([*said(reply.blocks), reply.text])


async def say(world: World, *lines: str, person: str = "U_PM") -> None:
    for line in lines:
        await world.as_(person).command("C_WEEKLY", "/release", line)


async def a_week(world: World) -> None:
    """Billing moves twice, Usage ships late, Sandbox is cancelled, Audit is new, Search is red."""
    await billing(world)
    payments = 1
    await world.release("Usage API", "2026-11-20", team=payments, owner="U_PM")
    await world.release("Sandbox", "2026-12-20")
    await world.release("Search", "2026-12-24")
    await world.advance(days=3)
    await say(world, "move Billing revamp to 2027-03-12 because vendor is late", "move Billing revamp to 2027-03-16 because legal")
    await say(world, "ship Usage API", "cancel Sandbox because nobody wants it", "health Search red because index is slow")
    await world.release("Audit log", "2027-01-15")


async def test_what_changed_is_one_line_a_release_the_most_important_first(world: World) -> None:
    await a_week(world)
    seen = await ask(world, "since Sunday")
    assert "Since Sun 22 Nov 2026: 1 shipped, 1 cancelled, 1 moved, 1 new and 1 change of health." in seen
    assert "Shipped on Tue 24 Nov 2026, +2 working days" in seen
    assert "Cancelled. nobody wants it" in seen
    assert "5 Mar → Tue 16 Mar 2027 (+7 working days, in 2 moves). legal" in seen
    assert "New, for Fri 15 Jan 2027" in seen
    assert "Red: off track. index is slow" in seen


async def test_a_long_stretch_is_read_apart_and_says_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    apart, stretches = Database.apart, []

    async def noted(self: Database, *asked: Any, **more: Any) -> Any:
        found = await apart(self, *asked, **more)
        stretches.append(len(found))
        return found

    monkeypatch.setattr(Database, "apart", noted)
    await a_week(world)
    short = await ask(world, "since 1 November")
    assert stretches == []
    long = await ask(world, "since 1 November 2024")
    assert stretches == [5]
    assert "Since Fri 1 Nov 2024: 1 shipped, 1 cancelled, 1 moved and 2 new." in long
    assert [line for line in long.splitlines() if "Since" not in line] == [line for line in short.splitlines() if "Since" not in line]


async def test_there_and_back_again_is_no_news(world: World) -> None:
    await billing(world)
    await world.advance(days=2)
    await say(world, "move Billing revamp to 2027-03-12 because vendor", "move Billing revamp to 2027-03-05 because it is there")
    assert "nothing changed" in await ask(world, "since yesterday")


async def test_of_a_team(world: World) -> None:
    await a_week(world)
    seen = await ask(world, "since Sunday of Payments")
    assert "Payments, since Sun 22 Nov 2026: 1 shipped and 1 moved." in seen and "Sandbox" not in seen


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("since tomorrow", "has not come yet"),
        ("since Paymints", "Did you mean the team Payments?"),
        ("since yesterday of Paymints", 'There is no team "Paymints". Did you mean Payments?'),
        ("since blah", 'I could not read "blah"'),
        ("report next quarter", "has not begun"),
        ("report blah", "as a period"),
        ("report Q3 of nobody", 'There is no team "nobody"'),
        ("roadmap of nobody", 'There is no team "nobody"'),
        ("deck next year", "has not begun"),
        ("calendar of nobody", 'There is no team "nobody"'),
        ("report of Nobody", 'There is no team "Nobody"'),
        ("deck Q9", 'I could not read "Q9" as a period.'),
    ],
)
async def test_wrong_input_gets_a_sentence(world: World, words: str, says: str) -> None:
    await billing(world)
    assert says in await ask(world, words)


async def test_two_days_are_offered_and_a_press_answers(world: World) -> None:
    await billing(world)
    await world.as_("U_PM").command("C_WEEKLY", "/release", "since 3/4")
    shown = await press(world, "U_PM", "C_WEEKLY", "Wed 4 Mar 2026")
    assert "Since Wed 4 Mar 2026: 1 new." in shown.text


async def test_a_roadmap_is_by_quarter_and_as_sure_as_its_dates(world: World) -> None:
    await billing(world)
    await say(world, "new Usage API end of March 2027", "new Edge Q3 2027", "new Hosting", "new Checkout 2026-12-01")
    await world.release("Hosting")
    seen = await ask(world, "roadmap")
    assert "5 open releases: 1 now, 2 next, 1 later and 1 without a day." in seen
    heads = ["*Now: Q4 2026 (1)*", "*Next: Q1 2027 (2)*", "*Later: Q3 2027 (1)*", "*No day yet (1)*"]
    assert [head for head in heads if head in seen] == heads
    assert "Fri 5 Mar 2027, committed · Payments" in seen and "March 2027, planned" in seen and "Q3 2027, planned" in seen
    assert "Payments: 1 open release: 1 next." in await ask(world, "roadmap of Payments")
    assert "Payments: 1 open release" in await ask(world, "roadmap payments")


async def test_nothing_is_said_in_words(world: World) -> None:
    assert "Nothing is open." in await ask(world, "roadmap")
    assert "nothing changed" in await ask(world, "since yesterday")
    assert "nothing shipped, and neither dates nor work moved" in await ask(world, "report 2025")


async def test_what_is_past_its_date_is_now(world: World) -> None:
    await billing(world)
    await world.advance(days=150)
    seen = await ask(world, "roadmap")
    assert "Now: Q2 2027 (1)" in seen and "Stalled: " in seen


async def work_moves(world: World) -> None:
    """Two pieces move from Billing to Usage, one was planned there from the start."""
    now = world.clock.now()
    async with world.transaction() as session:
        for n in range(3):
            piece = Item(title=f"piece {n}", team_id=1, release_id=2)
            session.add(piece)
            await session.flush()
            before = "Billing revamp" if n else None
            for release in (1, 2) if n else (2,):
                moved = {"field": "work", "before": before, "after": "Usage API", "happened_at": now, "recorded_at": now}
                session.add(Change(release_id=release, item_id=piece.id, is_in=release == 2, **moved))


async def test_a_report_compares_with_the_period_before(world: World) -> None:
    await a_week(world)
    await work_moves(world)
    seen = await ask(world, "report")
    assert "Q4 2026 so far: 1 shipped, 0 by its baseline, median slip +2 working days." in seen
    assert "The period before, Q3 2026: nothing shipped; no moves; no work moved." in seen
    assert "*Dates moved*  2 moves" in seen
    assert "2 pieces in, 2 out" in seen
    assert "*Payments*  1 shipped, median slip +2 working days, 2 moves, work 2 in, 2 out" in seen
    assert "U_PM" not in seen and "Pia" not in seen
    assert "Payments, last week" not in await ask(world, "report last week of Payments")


async def test_work_that_moved_is_counted_after_a_rename_as_before(world: World) -> None:
    await a_week(world)
    await work_moves(world)
    for name, new in (("Usage API", "Metering"), ("Billing revamp", "Usage API")):
        await world.as_("U_PM").command("C_WEEKLY", "/release", f"rename {name} to {new}")
    assert "2 pieces in, 2 out" in await ask(world, "report")


async def test_work_that_goes_with_a_duplicate_is_no_change_of_scope(world: World) -> None:
    await a_week(world)
    await work_moves(world)
    team = await world.team("Metering")
    goes = await world.release("Metering again", "2027-02-01", team=team, owner="U_PM")
    async with world.transaction() as session:
        session.add_all(Item(title=f"meter {n}", team_id=team, release_id=goes, state="open") for n in range(3))
    await say(world, "duplicate Metering again of Billing revamp")
    assert "2 pieces in, 2 out" in (seen := await ask(world, "report"))
    assert "work 3 in" not in seen
    await world.advance(minutes=1)
    await say(world, "take meter 1 out of Billing revamp because too much")
    assert "2 pieces in, 3 out" in await ask(world, "report")


async def files_of(world: World, person: str = "U_PM") -> list[Any]:
    return [world.slack.state.files[id] for message in world.as_(person).dms() for id in message.files]


async def test_the_report_comes_as_a_file_and_no_cell_is_a_formula(world: World) -> None:
    team = await world.team('=HYPERLINK("http://evil")', channel="C_MOB")
    await world.release("Usage API", "2026-11-20", team=team, owner="U_PM")
    await world.advance(days=3)
    await say(world, "ship Usage API", "report")
    await press(world, "U_PM", "C_WEEKLY", "As a CSV file")
    (sent,) = await files_of(world)
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [row["team"] for row in rows] == ["All teams", '\'=HYPERLINK("http://evil")', "All teams"]
    assert [row["shipped"] for row in rows] == ["1", "1", "0"]
    assert rows[0]["median slip in working days"] == "2" and rows[0]["period"] == "Q4 2026"
    assert "as of Tue 24 Nov, 09:00 Berlin" in world.as_("U_PM").dms()[-1].text


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("files.getUploadURLExternal", {"reset": "after"}),
        ("files.completeUploadExternal", {"reset": "after"}),
        ("files.completeUploadExternal", {"reset": "before"}),
        ("files.completeUploadExternal", {"status": 500}),
        ("files.completeUploadExternal", {"status": 429, "retry_after": 1}),
        ("conversations.open", {"reset": "after"}),
    ],
)
async def test_whatever_is_lost_on_the_way_the_file_comes_once(world: World, method: str, fault: dict[str, Any]) -> None:
    await say(world, "report")
    world.slack.faults.add(method, **fault)
    await press(world, "U_PM", "C_WEEKLY", "As a CSV file")
    await world.settle()
    assert len(await files_of(world)) == 1
    async with world.reading() as session:
        assert await session.scalar(select(Outbox.state).where(Outbox.kind == "reports:file")) == DONE
        assert await session.scalar(select(func.count()).select_from(Upload)) == 1


async def test_pressed_twice_it_is_asked_for_twice_but_a_repeat_is_not(world: World) -> None:
    await say(world, "report")
    world.slack.faults.add("delivery:interactive", duplicate=True)
    await press(world, "U_PM", "C_WEEKLY", "As a CSV file")
    await world.settle()
    assert len(await files_of(world)) == 1


async def test_without_the_permission_the_person_is_told(world: World) -> None:
    await say(world, "report")
    world.slack.faults.add("files.getUploadURLExternal", error="missing_scope")
    await press(world, "U_PM", "C_WEEKLY", "As a CSV file")
    await world.settle()
    assert "may not send files here yet" in world.as_("U_PM").dms()[-1].text
    async with world.reading() as session:
        assert await session.scalar(select(Outbox.state).where(Outbox.kind == "reports:file")) == DEAD


@pytest.mark.parametrize("count", [1, 51, 1000])
async def test_long_lists_come_in_pages(world: World, count: int) -> None:
    await many_releases(world, count, name="=Release {n} 🚀 عربى <!channel>")
    seen = await ask(world, "roadmap")
    assert f"{count:,} open release" in seen and "<!channel>" not in seen
    if count > 12:
        shown = await press(world, "U_PM", "C_WEEKLY", "Next 12")
        assert f"Showing 13 to 24 of {count:,}." in "\n".join(said(shown.blocks))


async def test_an_imported_sheet_without_times_moved_nothing_on_the_day_of_its_import(world: World) -> None:
    key = await billing(world)
    async with world.transaction() as session:
        from models import PlanImport

        made = PlanImport(source="plan", imported_at=world.clock.now())
        session.add(made)
        await session.flush()
        now = world.clock.now() + timedelta(minutes=1)
        session.add(
            Change(
                release_id=key, field="date", before="2027-03-05", after="2027-04-05", is_committed=True, source="plan",
                happened_at=now, recorded_at=now, import_id=made.id,
            )
        )  # fmt: skip
    async with world.transaction() as session:
        await settle(session, await session.merge(await of(world, key)))
    assert "no moves" in await ask(world, "report")


async def test_who_faces_customers_reads_what_may_be_said_and_no_inner_date(world: World) -> None:
    await a_week(world)
    await say(world, 'say Billing revamp "Planned for the first half of 2027." for Q2 2027')
    await facing(world, "U_SALES")
    seen = await ask(world, "roadmap", "U_SALES")
    assert "3 open releases: 1 has words for customers." in seen
    assert "Later: Q2 2027 (1)" in seen and "Planned for the first half of 2027." in seen and "Nothing may be promised yet" in seen
    assert "Mar 2027" not in seen and "Jan 2027" not in seen and "Red" not in seen
    changed = await ask(world, "since Sunday", "U_SALES")
    assert "1 shipped." in changed and "Shipped on Tue 24 Nov 2026" in changed and "slip" not in changed and "Mar" not in changed
    for words in ("report", "deck", "calendar"):
        assert "are not for customers" in await ask(world, words, "U_SALES")


async def test_from_the_menu_without_a_word(world: World) -> None:
    await billing(world)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/tendon", "")
    menu = pia.sees("C_WEEKLY")[-1]
    await pia.press(menu, "reports:roadmap")
    await world.settle()
    assert "1 open release: 1 next." in pia.sees("C_WEEKLY")[-1].text
    await press(world, "U_PM", "C_WEEKLY", "In my calendar")
    await world.settle()
    assert (await files_of(world))[-1].name == "releases.ics"
    await pia.press(menu, "reports:report")
    await world.settle()
    assert "Q4 2026 so far: nothing shipped" in pia.sees("C_WEEKLY")[-1].text
