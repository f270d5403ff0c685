"""Journeys: a plan is brought in from files that somebody drops into the form."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from handlers.releases.importing import bring
from models import Change, Dependency, Item, Person, PlanImport, Release, Team
from tests.handlers.plan_steps import bring_files, give, import_it, paste, releases, shown, workbook
from tests.handlers.test_plan_import import REAL, SMALL, files
from tests.world import World, company, introduce, running

NO_WORK = b"item,title,team,depends_on_teams,release,state,last_updated\n"
needs_the_real_plan = pytest.mark.skipif(not REAL.exists(), reason=f"the real plan is not at {REAL}")


@pytest.fixture
async def beside(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A second, empty workspace, for the command line."""
    path = tmp_path / "beside.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite+aiosqlite:///{path}")
    await introduce(company(), database)
    yield database
    await database.close()


def plain(row: Any, *left_out: str) -> tuple[Any, ...]:
    return tuple(getattr(row, column.key) for column in type(row).__table__.columns if column.key not in left_out)


async def same_as_the_command_line(world: World, beside: Database, *sources: Path | bytes) -> None:
    """Brings the same in there, at the same moment, and compares."""
    async with world.reading() as session:
        at = (await session.scalars(select(PlanImport.imported_at))).one()
    await bring(beside, 1, *sources, clock=lambda: at)
    assert await ledger(world.app.database, world) == await ledger(beside, world)


async def ledger(database: Database, world: World) -> dict[str, list[Any]]:
    """Everything that an import writes, but for the ids of its rows and of itself."""
    found: dict[str, list[Any]] = {}
    async with database.reading(1, clock=world.clock.now) as session:
        names = {row.id: row.name for row in await session.scalars(select(Release))}
        pieces = {row.id: row.source_key for row in await session.scalars(select(Item))}
        teams = {row.id: row.name for row in await session.scalars(select(Team))}
        places = {"release_id": names, "item_id": pieces, "team_id": teams, "asked_team_id": teams, "asking_team_id": teams}
        for kind in (Team, Release, Item, Dependency, Change):
            rows = []
            for row in await session.scalars(select(kind)):
                said = [places[key].get(getattr(row, key)) for key in places if hasattr(row, key)]
                rows.append((*map(str, said), *map(str, plain(row, "id", "import_id", *places))))
            found[kind.__tablename__] = sorted(rows)
    return found


@needs_the_real_plan
async def test_the_real_plan_in_one_form_makes_the_ledger_of_the_command_line(world: World, beside: Database) -> None:
    pia = await bring_files(world, "U_PM", *(give(world, "U_PM", file.name, file.read_bytes()) for file in reversed(files(REAL))))
    assert "3,183 rows of a plan: 3,054 ready, 129 left out." in shown(pia)
    assert "Nobody was told" in await import_it(world, pia)
    assert len((await ledger(world.app.database, world))["item"]) == 1149
    await same_as_the_command_line(world, beside, *files(REAL))
    again = await bring_files(world, "U_PM", *(give(world, "U_PM", file.name, file.read_bytes()) for file in files(REAL)))
    assert await import_it(world, again) == "Nothing new came in: everything is in Tendon already."


@needs_the_real_plan
@pytest.mark.parametrize("way", ["pasted", "file"])
async def test_its_dates_alone_make_the_ledger_of_the_command_line(world: World, beside: Database, way: str) -> None:
    dates = REAL / "release-dates.csv"
    if way == "pasted":
        pia = await paste(world, "U_PM", dates.read_text())
    else:
        pia = await bring_files(world, "U_PM", give(world, "U_PM", dates.name, dates.read_bytes()))
    assert "*26 rows: 26 ready.*" in shown(pia)
    await import_it(world, pia)
    await same_as_the_command_line(world, beside, dates, NO_WORK)
    again = await paste(world, "U_PM", dates.read_text())
    assert "*26 rows: 0 ready, 26 known.*" in shown(again)


async def test_a_small_plan_names_what_it_leaves_out(world: World, beside: Database) -> None:
    pia = await bring_files(world, "U_PM", *(give(world, "U_PM", file.name, file.read_bytes()) for file in files(SMALL)))
    assert "• Left out: items.csv: has no item (row 13)" in shown(pia)
    assert '• "sig-nodes" owns nothing; 1 row waits for it, first row 6. Did you mean sig-node?' in shown(pia)
    await import_it(world, pia)
    await same_as_the_command_line(world, beside, *files(SMALL))


async def test_a_workbook_with_merged_cells_and_a_title(world: World) -> None:
    rows = (
        ["Roadmap 2027", None, None],
        ["Feature", "Launch date", "Team"],
        ["Billing", "5 March 2027", "Payments"],
        ["SSO", "2027-04-01", None],
    )
    pia = await bring_files(world, "U_PM", give(world, "U_PM", "plan.xlsx", workbook(*rows, merged="C3:C4")))
    assert "*2 rows: 2 ready.*" in shown(pia)
    await import_it(world, pia)
    assert [row.name for row in await releases(world)] == ["Billing", "SSO"]
    assert len({row.team_id for row in await releases(world)} - {None}) == 1


async def test_a_sheet_of_two_thousand_rows_with_everything_that_goes_wrong(world: World) -> None:
    world.slack.member("U_GONE", "Lea Left", deleted=True)
    async with world.transaction() as session:
        session.add(Person(slack_id="U_GONE", name="Lea Left", is_deleted=True))
    styles = ("2027-03-05", "5 March 2027", "13/4/2027")
    rows: list[list[Any]] = [
        ["Billing 🎉", "31 February 2027", "Pia Marsh", "Payments"],
        ['=HYPERLINK("http://evil","SSO")', "2027-03-05", "Lea Left", None],
        ["Dated", date(2027, 3, 8), "Pia Marsh", None],
        *([f"Release {n}", styles[n % 3], "Pia Marsh", None] for n in range(1997)),
    ]
    sheet = workbook(["Release", "Date", "Owner", "Team"], *rows, merged="D2:D4")
    pia = await bring_files(world, "U_PM", give(world, "U_PM", "plan.xlsx", sheet))
    assert "*2,000 rows: 1,998 ready, 2 need an answer.*" in shown(pia)
    assert "• Row 2, Billing 🎉: There is no 31 February" in shown(pia)
    await pia.press(pia.view, "plans:answer")
    await pia.submit({"Billing 🎉: There is no 31 February": "2027-02-26", "Lea Left has left": "U_MOB"})
    assert "*2,000 rows: 2,000 ready.*" in shown(pia)
    assert "2,000 releases" in await import_it(world, pia)
    kept = {row.name: (row.target_on, row.owner, row.team_id is not None) for row in await releases(world)}
    assert len(kept) == 2000
    assert kept["Billing 🎉"] == (date(2027, 2, 26), "U_PM", True)
    assert kept['=HYPERLINK("http://evil","SSO")'] == (date(2027, 3, 5), "U_MOB", True)
    assert [kept[f"Release {n}"][0] for n in range(3)] == [date(2027, 3, 5), date(2027, 3, 5), date(2027, 4, 13)]
    assert (kept["Dated"][0], kept["Release 0"][2]) == (date(2027, 3, 8), False)


GOOD = b"Release,Date\nBilling,2027-03-05\n"
BAD = "Größe;Date\n".encode("latin-1")


async def test_a_refused_file_among_several_leaves_the_others_as_they_were_given(world: World) -> None:
    more = b"Release,Date\nSSO,2027-04-01\n"
    given = [("a.csv", GOOD), ("bad.csv", BAD), ("c.csv", more)]
    pia = await bring_files(world, "U_PM", *(give(world, "U_PM", name, content) for name, content in given))
    assert "bad.csv is not UTF-8 text." in shown(pia)
    assert "What could be read is kept: give that one again, or press Read to go on without it." in shown(pia)
    assert "Kept: a.csv and c.csv." in shown(pia)
    await pia.submit({"Files": [give(world, "U_PM", "bad.csv", b"Release,Date\nSearch,2027-05-03\n")]})
    await world.settle()
    assert "*3 rows: 3 ready.*" in shown(pia)
    await import_it(world, pia)
    assert sorted(row.name for row in await releases(world)) == ["Billing", "SSO", "Search"]


async def test_one_may_go_on_without_the_refused_file(world: World) -> None:
    pia = await bring_files(world, "U_PM", give(world, "U_PM", "a.csv", GOOD), give(world, "U_PM", "bad.csv", BAD))
    await pia.submit({})
    await world.settle()
    assert "*1 row: 1 ready.*" in shown(pia)


async def test_a_coarse_date_makes_the_same_ledger_in_a_file_pasted_and_on_the_command_line(
    world: World, beside: Database, tmp_path: Path
) -> None:
    dates = tmp_path / "release-dates.csv"
    rows = ("SSO,2026-10-01,Q2 2027,", "SSO,2026-11-01,2027-07-15,", "Search,2026-10-05,end of March,", "Tax,2026-10-05,mid March 2027,")
    dates.write_text("\n".join(["release,announced_on,target_date,shipped_on", *rows]) + "\n")
    pia = await bring_files(world, "U_PM", give(world, "U_PM", dates.name, dates.read_bytes()))
    assert "*4 rows: 4 ready.*" in shown(pia)
    await import_it(world, pia)
    await same_as_the_command_line(world, beside, dates, NO_WORK)
    kept = {row.name: (row.precision, row.target_on.isoformat(), row.is_committed) for row in await releases(world)}
    assert kept == {"SSO": ("day", "2027-07-15", True), "Search": ("month", "2027-03-31", False), "Tax": ("month", "2027-03-31", False)}
    again = await paste(world, "U_PM", dates.read_text())
    assert "4 known" in shown(again)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("plan.xlsx", b"PK\x03\x04 not really", "plan.xlsx is damaged, or no XLSX file."),
        ("plan.csv", "Größe;Date\n".encode("latin-1"), "plan.csv is not UTF-8 text."),
        ("plan.csv", b"", "There are no rows in it."),
        ("plan.csv", b"Release,Date\n" + b"A,2027-01-01\n" * 5001, "plan.csv has more than 5,000 rows."),
    ],
)
async def test_a_file_that_cannot_be_read_says_why_and_asks_again(world: World, name: str, content: bytes, says: str) -> None:
    pia = await bring_files(world, "U_PM", give(world, "U_PM", name, content))
    assert says in shown(pia)
    assert "Give the files again." in shown(pia)
    await pia.submit({"Files": [give(world, "U_PM", "good.csv", b"Release,Date\nBilling,2027-03-05\n")]})
    await world.settle()
    assert "*1 row: 1 ready.*" in shown(pia)


@pytest.mark.parametrize(
    ("name", "size", "says"),
    [("plan.pdf", 10, "only CSV and XLSX can be read"), ("plan.xlsx", 10_000_001, "larger than 10 MB")],
)
async def test_what_is_no_sheet_or_too_large_is_refused_before_it_is_fetched(world: World, name: str, size: int, says: str) -> None:
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "import")
    reply = await pia.submit({"Files": [give(world, "U_PM", name, b"x") | {"size": size}]})
    assert says in reply.errors["files"]
    assert not [call for call in world.slack.calls if call.method == "files.info"]


async def test_a_file_is_fetched_although_slack_stumbles(world: World) -> None:
    world.slack.faults.add("files.info", status=500)
    pia = await bring_files(world, "U_PM", give(world, "U_PM", "plan.csv", b"Release,Date\nBilling,2027-03-05\n"))
    assert "*1 row: 1 ready.*" in shown(pia)


async def test_what_takes_too_long_ends_with_a_sentence(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.given.LONGEST", 0.2)
    world.slack.faults.add("files.info", delay=1.0)
    pia = await bring_files(world, "U_PM", give(world, "U_PM", "plan.csv", b"Release,Date\nBilling,2027-03-05\n"))
    assert "This takes too long to read. Give fewer files at once, or save the sheets as CSV. Give the files again." in shown(pia)


async def test_a_file_that_is_gone_says_so(world: World) -> None:
    about = give(world, "U_PM", "plan.csv", b"Release,Date\n")
    del world.slack.state.files[about["id"]]
    pia = await bring_files(world, "U_PM", about)
    assert "plan.csv could not be fetched from Slack: it was deleted, or Tendon may not see it." in shown(pia)


async def test_a_form_that_was_closed_is_gone_on_with_from_a_message(world: World, database_url: str) -> None:
    await world.app.outbox.stop(0.0)
    pia = world.as_("U_PM")
    await pia.command("C_WEEKLY", "/release", "import")
    await pia.submit({"Files": [give(world, "U_PM", "plan.csv", b"Release,Date\nBilling,2027-03-05\n")]})
    assert "Reading plan.csv." in shown(pia)
    await pia.close()
    async with running(world.slack, database_url) as other:
        await other.outbox.drain()
        await world.slack.settled()
        (message,) = pia.dms()
        assert message.text == "What you gave for the import is read. Nothing is added yet."
        await pia.press(message, "plans:show")
        assert "*1 row: 1 ready.*" in shown(pia)
        await pia.submit()
        await other.outbox.drain()
    assert [row.name for row in await releases(world)] == ["Billing"]
