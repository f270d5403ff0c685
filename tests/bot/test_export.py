"""An export is everything of one workspace, a file a table, of one moment, harmless in a spreadsheet."""

import csv
import json
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.config import WrongSetting
from bot.database import Database
from bot.exporting import Format, export_all, harmless
from models import Base, Customer, Installation, InstallState, Team, Workspace
from tests.conftest import Clock

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


async def fill(database: Database, clock: Clock, *workspaces: str) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add_all([Workspace(id=n, team_slack_id=team, installed_at=NOW) for n, team in enumerate(workspaces, 1)])
    for n, team in enumerate(workspaces, 1):
        async with database.transaction(n, clock=clock) as session:
            session.add(Team(name=f"=Payments “{team}”", folded="payments", starts_at=time(9, 30), created_at=NOW))
            session.add(Customer(name=f"Acme\n{team}", folded="acme"))


def read(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".json":
        return list(json.loads(path.read_text("utf-8")))
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("format", Format)
async def test_every_table_is_a_file_with_the_rows_of_one_workspace(
    database: Database, clock: Clock, tmp_path: Path, format: Format
) -> None:
    await fill(database, clock, "T1", "T2")
    count = await export_all(database, tmp_path / "out", format, "T2")
    files = {path.stem: read(path) for path in (tmp_path / "out").iterdir()}
    assert set(files) == {table.name for table in Base.metadata.sorted_tables} - {"install_state"}
    assert count == sum(len(rows) for rows in files.values())
    assert [row["team_slack_id"] for row in files["workspace"]] == ["T2"]
    assert [row["name"] for row in files["customer"]] == ["Acme\nT2"]
    assert "T1" not in json.dumps(files)


@pytest.mark.parametrize("format", Format)
async def test_the_token_of_a_workspace_stays_where_it_is(database: Database, clock: Clock, tmp_path: Path, format: Format) -> None:
    await fill(database, clock, "T1")
    async with database.transaction(1, clock=clock) as session:
        session.add(Installation(token="xoxb-very-secret", scopes="commands", installer="U1", installed_at=NOW))
        session.add(InstallState(state="a-secret-state", expires_at=NOW))
    await export_all(database, tmp_path / "out", format)
    text = {path.stem: path.read_text("utf-8") for path in (tmp_path / "out").iterdir()}
    assert "U1" in text["installation"]
    assert "secret" not in "".join(text.values())


async def test_times_are_iso_8601_in_utc(database: Database, clock: Clock, tmp_path: Path) -> None:
    await fill(database, clock, "T1")
    await export_all(database, tmp_path, Format.json)
    team = read(tmp_path / "team.json")[0]
    assert (team["created_at"], team["starts_at"], team["zone"]) == ("2026-11-21T08:30:00+00:00", "09:30:00", None)
    assert team["name"] == "=Payments “T1”"


async def test_a_cell_that_begins_like_a_formula_is_text(database: Database, clock: Clock, tmp_path: Path) -> None:
    await fill(database, clock, "T1")
    await export_all(database, tmp_path, Format.csv)
    assert read(tmp_path / "team.csv")[0]["name"] == "'=Payments “T1”"


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_every_way_to_begin_a_formula_is_made_harmless(words: str) -> None:
    assert harmless(words) == f"'{words}"


@pytest.mark.parametrize(("value", "written"), [("1-2", "1-2"), ("", ""), (-5, -5), (None, None), ({"a": ["ü"]}, '{"a": ["ü"]}')])
def test_everything_else_is_written_as_it_is(value: object, written: object) -> None:
    assert harmless(value) == written


@pytest.mark.parametrize(
    ("workspaces", "asked", "says"),
    [((), "", "knows no workspace yet"), (("T1", "T2"), "", "Known: T1, T2."), (("T1",), "T9", "Known: T1.")],
)
async def test_which_workspace_must_be_clear(
    database: Database, clock: Clock, tmp_path: Path, workspaces: tuple[str, ...], asked: str, says: str
) -> None:
    await fill(database, clock, *workspaces)
    with pytest.raises(WrongSetting, match=says):
        await export_all(database, tmp_path / "out", Format.json, asked)
    assert not (tmp_path / "out").exists()


async def test_a_database_without_schema_is_one_sentence(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")
    try:
        with pytest.raises(WrongSetting, match="Run `tendon migrate` once"):
            await export_all(database, tmp_path / "out", Format.json)
    finally:
        await database.close()
