"""Bringing a plan in: its history becomes history, a second import changes nothing, and what people changed stays."""

import asyncio
import csv
import io
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from domain.errors import BadInput
from domain.releases import Field, slip
from handlers.releases.importing import bring
from models import Audit, Change, Dependency, Item, Outbox, PlanImport, Release, Team
from models.history import record
from tests.handlers.large_plan import write_large_plan
from tests.handlers.release_rows import said
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT.parent / "shared" / "data" / "kubernetes"
SMALL = Path(__file__).parent / "plan"
TABLES = (Team, Release, Item, Change, Dependency, PlanImport, Outbox)


def files(folder: Path) -> tuple[Path, Path, Path]:
    return folder / "release-dates.csv", folder / "items.csv", folder / "item-history.csv"


def changed(file: Path, change: Callable[[list[dict[str, str]]], None]) -> bytes:
    """The file with its rows changed."""
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


async def bring_in(world: World, *sources: Path | bytes, **more: bool) -> list[str]:
    chosen = sources or files(SMALL)
    return await bring(world.app.database, world.workspace_id, *chosen, clock=world.clock.now, **more)


async def counts(world: World) -> list[int]:
    async with world.reading() as session:
        return [await session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


async def release(world: World, name: str) -> Release:
    async with world.reading() as session:
        return (await session.scalars(select(Release).where(Release.name == name))).one()


async def test_history_becomes_history_with_its_own_times(world: World) -> None:
    await bring_in(world)
    row = await release(world, "1.24")
    assert (row.baseline_on, row.shipped_on, row.is_open) == (date(2022, 4, 12), date(2022, 5, 3), False)
    async with world.reading() as session:
        dates = select(Change).where(Change.release_id == row.id, Change.field == "date").order_by(Change.happened_at)
        told = [
            (change.before, change.after, change.happened_at.date().isoformat(), change.source) for change in await session.scalars(dates)
        ]
    assert told == [
        (None, "2022-04-12", "2021-12-09", "plan"),
        ("2022-04-12", "2022-04-19", "2021-12-15", "plan"),
        ("2022-04-19", "2022-05-03", "2022-04-12", "plan"),
    ]
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "history 1.24")
    assert reply.text.startswith("1.24: +15 working days in all, 2 moves.")
    assert "9 Dec 2021  planned for Tue 12 Apr 2022 (from the plan) · baseline" in reply.text


async def test_an_import_posts_nothing_and_confirms_nothing(world: World) -> None:
    await world.team("sig-node", channel="C_PAY")
    before = len(world.slack.calls)
    queued = (await counts(world))[-1]
    await bring_in(world)
    assert (await counts(world))[-1] == queued
    await world.tick()
    async with world.reading() as session:
        assert all(row.confirmed_at is None for row in await session.scalars(select(Release)))
    assert not [call for call in world.slack.calls[before:] if call.method.startswith("chat.")]


async def test_a_second_import_changes_nothing_and_says_so(world: World) -> None:
    first = await bring_in(world)
    assert first[-1].startswith("Wrote ")
    before = await counts(world)
    again = await bring_in(world)
    assert again[-1] == "Nothing new: everything in the plan is known already."
    assert await counts(world) == before


async def test_a_dry_run_reports_the_same_and_writes_nothing(world: World) -> None:
    before = await counts(world)
    dry = await bring_in(world, dry_run=True)
    assert dry[-1].startswith("Would write ")
    assert await counts(world) == before
    wet = await bring_in(world)
    assert dry[:-1] == wet[:-1]
    assert dry[-1].removeprefix("Would write").split(". ")[0] == wet[-1].removeprefix("Wrote").split(". ")[0]


async def test_the_report_names_rows_and_reasons(world: World) -> None:
    lines = "\n".join(await bring_in(world))
    assert "items.csv: 12 rows taken, 2 skipped." in lines
    assert "Skipped: items.csv: has no item (row 13)" in lines
    assert "Skipped: items.csv: the key KEP-1/beta stands in row 3 already (row 14)" in lines
    assert 'To know: items.csv: last_updated "some time in spring" is not a date; kept as text (row 5)' in lines
    assert "Skipped: item-history.csv: is about KEP-99/alpha, which is not in items.csv (row 9)" in lines
    assert '"sig-nodes" owns nothing; 1 row waits for it, first row 6. Did you mean sig-node?' in lines
    assert '"sig-docs" owns nothing; 1 row waits for it, first row 6.' in lines
    assert "1 time a team waits for itself: skipped." in lines
    assert "1 release without a date, whose work is all done or dropped: not made. 1 piece of work taken without a release: 1.4." in lines


async def test_what_work_waits_for_is_noted_and_asked_of_nobody(world: World) -> None:
    await bring_in(world)
    async with world.reading() as session:
        noted = list(await session.scalars(select(Dependency)))
        assert {row.state for row in noted} == {"noted"}
        assert {row.number for row in noted} == {None}
        assert all(row.next_reminder_at is None and row.item_id for row in noted)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status 1.37")
    waits = next(line for line in said(reply.blocks) if line.startswith("*Waits for*"))
    assert "• sig-node: 2 pieces of work, noted, not asked yet" in waits


async def test_work_that_moved_shows_on_the_card(world: World) -> None:
    await bring_in(world)
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status 1.37")
    lines = said(reply.blocks)
    assert "*Work done*  1 of 6 (1 moved in, 1 moved out)" in lines
    moved = next(line for line in lines if line.startswith("*Moved in*"))
    assert "Ephemeral volumes (from 1.24)" in moved
    assert "*Moved out*  Job queues (to 1.38)" in moved


async def test_a_rename_survives_the_next_import(world: World) -> None:
    await bring_in(world)
    async with world.transaction() as session:
        row = (await session.scalars(select(Release).where(Release.name == "1.37").with_for_update())).one()
        await record(session, row, Field.NAME, "1.37", "Wombat", now=world.clock.now(), actor="U_PM")
        team = (await session.scalars(select(Team).where(Team.name == "sig-node"))).one()
        team.name, team.folded = "Node", "node"
    before = await counts(world)
    assert (await bring_in(world))[-1].startswith("Nothing new")
    assert await counts(world) == before
    assert (await release(world, "Wombat")).source_key == "1.37"


async def test_a_date_changed_in_slack_since_wins_and_is_reported_once(world: World) -> None:
    await bring_in(world)
    await world.advance(hours=1)
    async with world.transaction() as session:
        row = (await session.scalars(select(Release).where(Release.name == "1.37"))).one()
        await record(session, row, Field.DATE, "2026-08-26", "2026-12-16", now=world.clock.now(), actor="U_PM", reason="more tests")
    await world.advance(hours=1)
    assert (await bring_in(world))[-1].startswith("Nothing new")
    dates = SMALL / "release-dates.csv"
    moved = changed(dates, lambda rows: rows.append({**rows[-1], "announced_on": "2026-11-20", "target_date": "2026-12-01"}))
    lines = await bring_in(world, moved, *files(SMALL)[1:])
    assert "Kept: 1.37: its date was changed in Slack. The plan has it for Tue 1 Dec 2026." in lines
    assert (await release(world, "1.37")).target_on == date(2026, 12, 16)
    assert (await bring_in(world, moved, *files(SMALL)[1:]))[-1].startswith("Nothing new")
    await world.advance(hours=1)
    later = changed(dates, lambda rows: rows.append({**rows[-1], "announced_on": "2026-11-22", "target_date": "2026-12-08"}))
    await bring_in(world, later, *files(SMALL)[1:])
    assert (await release(world, "1.37")).target_on == date(2026, 12, 8)


async def test_new_rows_of_the_plan_are_taken(world: World) -> None:
    await bring_in(world)

    def go_on(rows: list[dict[str, str]]) -> None:
        rows[5]["state"], rows[6]["release"], rows[6]["depends_on_teams"] = "done", "1.38", ""
        rows.append({**rows[5], "item": "KEP-50/alpha", "title": "Something new", "state": "open"})

    items = changed(SMALL / "items.csv", go_on)
    await world.advance(days=1)
    lines = await bring_in(world, SMALL / "release-dates.csv", items, SMALL / "item-history.csv")
    assert "1 pieces of work" in lines[-1]
    assert "2 changed pieces of work" in lines[-1]
    again = await bring_in(world, SMALL / "release-dates.csv", items, SMALL / "item-history.csv")
    assert again[-1].startswith("Nothing new")


async def test_a_release_that_people_made_under_the_plans_name_is_that_release(world: World) -> None:
    made = await world.release("1.37", "2026-12-16", owner="U_PM")
    lines = await bring_in(world)
    assert "1 releases known by their name" in lines[-1]
    row = await release(world, "1.37")
    assert (row.id, row.target_on, row.owner, row.source_key) == (made, date(2026, 12, 16), "U_PM", "1.37")


async def test_a_file_that_is_none_leaves_everything_as_it_was(world: World) -> None:
    before = await counts(world)
    for broken in (b"\xff\xfe\x00nonsense", b"", b"name,day\nx,y\n"):
        with pytest.raises(BadInput):
            await bring_in(world, broken, *files(SMALL)[1:])
    assert await counts(world) == before


async def test_the_audit_says_what_the_import_made(world: World) -> None:
    await bring_in(world)
    async with world.reading() as session:
        made = list(await session.scalars(select(Audit).where(Audit.subject == "release", Audit.action == "created")))
    assert {row.by for row in made} == {"import plan"}


@pytest.mark.skipif(not REAL.exists(), reason=f"the real plan is not at {REAL}")
async def test_the_real_plan_shows_its_known_slips(world: World) -> None:
    lines = await bring_in(world, *files(REAL))
    assert "items.csv: 1,149 rows taken, 0 skipped." in lines
    for name, days in (("1.24", 15), ("1.29", 6), ("1.33", 5)):
        row = await release(world, name)
        assert slip(row.baseline_on, row.shipped_on) == days
        reply = await world.as_("U_PM").command("C_WEEKLY", "/release", f"status {name}")
        assert f"{days} working days late" in reply.text
    reply = await world.as_("U_PM").command("C_WEEKLY", "/release", "status")
    assert "*1.37*\nStalled: 62 working days past its date. Red: off track" in said(reply.blocks)[2]
    assert "2 of 87 done" in said(reply.blocks)[2]
    before = await counts(world)
    assert (await bring_in(world, *files(REAL)))[-1].startswith("Nothing new")
    assert await counts(world) == before


async def test_the_command_line_brings_a_plan_in(world: World, database_url: str) -> None:
    releases, items, history = (str(file) for file in files(SMALL))
    command = [sys.executable, "-m", "bot", "import", "plan", "--releases", releases, "--items", items, "--history", history]
    environment = {**os.environ, "DATABASE_URL": database_url}
    run = partial(subprocess.run, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    done = await asyncio.to_thread(run, command)
    assert done.returncode == 0, done.stderr
    assert "Wrote 4 teams, 4 releases" in done.stdout
    missing = [*command[:-1], "nowhere.csv"]
    failed = await asyncio.to_thread(run, missing)
    assert failed.returncode == 1
    assert "There is no file nowhere.csv." in failed.stdout
    assert "Traceback" not in failed.stdout + failed.stderr


@pytest.mark.soak
async def test_a_hundred_thousand_pieces_of_work_take_under_a_minute_and_500_megabytes(world: World, tmp_path: Path) -> None:
    sources = write_large_plan(tmp_path, 100_000)
    began = time.monotonic()
    lines = await bring_in(world, *sources)
    took = time.monotonic() - began
    assert "100,000 pieces of work" in lines[-1]
    assert took < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 < 500
    assert (await bring_in(world, *sources))[-1].startswith("Nothing new")


def test_times_in_the_small_plan_are_not_of_one_zone() -> None:
    """The copy keeps the dirt of the real one: two zones, so that a mistake in either shows."""
    rows = csv.DictReader(io.StringIO((SMALL / "item-history.csv").read_text()))
    times = [datetime.fromisoformat(row["changed_at"]) for row in rows]
    assert len({at.utcoffset() for at in times}) > 1
    assert all(at.astimezone(UTC) for at in times)
