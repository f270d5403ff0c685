"""A session sees one workspace and leaves an audit behind."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.database import Database
from models import Audit, Base, Customer, InstallState, Team, Workspace
from models.base import Owned, Unscoped, prebuilt
from tests.conftest import Clock

NOW = datetime(2026, 11, 21, tzinfo=UTC)


async def two_workspaces(database: Database) -> None:
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add_all([Workspace(id=1, team_slack_id="T1", installed_at=NOW), Workspace(id=2, team_slack_id="T2", installed_at=NOW)])
        await session.flush()


def team(name: str) -> Team:
    return Team(name=name, folded=name.lower(), created_at=NOW)


async def test_a_workspace_sees_only_its_rows(database: Database, clock: Clock) -> None:
    await two_workspaces(database)
    for workspace, name in ((1, "Payments"), (2, "Mobile")):
        async with database.transaction(workspace, clock=clock) as session:
            session.add(team(name))
    async with database.reading(1, clock=clock) as session:
        assert [found.name for found in await session.scalars(select(Team))] == ["Payments"]
    async with database.transaction(2, clock=clock) as session:
        await session.execute(update(Team).values(lead="U1"))
    async with database.reading(1, clock=clock) as session:
        assert (await session.scalars(select(Team))).one().lead is None


@pytest.mark.parametrize(
    "statement",
    [
        text("SELECT * FROM team"),
        insert(Team).values(name="x", folded="x", created_at=NOW),
        select(Team.__table__),
        delete(Team.__table__),
        select(Team).from_statement(text("SELECT * FROM team")),
    ],
)
async def test_a_statement_that_could_reach_further_is_refused(database: Database, clock: Clock, statement: object) -> None:
    await two_workspaces(database)
    async with database.reading(1, clock=clock) as session:
        with pytest.raises(Unscoped):
            await session.execute(statement)


async def test_a_bulk_change_by_key_is_refused(database: Database, clock: Clock) -> None:
    await two_workspaces(database)
    async with database.reading(1, clock=clock) as session:
        with pytest.raises(Unscoped):
            await session.execute(update(Team), [{"id": 1, "name": "y"}])


async def test_an_unbound_session_refuses_and_says_so(database: Database) -> None:
    async with database.unbound() as session:
        with pytest.raises(Unscoped):
            await session.scalars(select(Team))
        assert list(await session.scalars(select(Team).execution_options(every_workspace=True))) == []


async def test_a_row_of_another_workspace_cannot_be_written(database: Database, clock: Clock) -> None:
    await two_workspaces(database)
    with pytest.raises(Unscoped):
        async with database.transaction(1, clock=clock) as session:
            session.add(Customer(workspace_id=2, name="Acme", folded="acme"))
            await session.flush()


def test_a_prebuilt_statement_must_name_the_workspace() -> None:
    with pytest.raises(Unscoped):
        prebuilt(select(Team.__table__))


def test_the_workspace_leads_every_index_and_every_foreign_key() -> None:
    for mapper in Base.registry.mappers:
        if not issubclass(mapper.class_, Owned):
            assert mapper.class_ in (Workspace, InstallState)  # what the others point to; who is on the way, nobody knows to where
            continue
        table = mapper.class_.__table__
        for index in table.indexes:
            assert [column.name for column in index.columns][0] == "workspace_id", index.name
        for key in table.foreign_key_constraints:
            assert key.column_keys[0] == "workspace_id", key.name


async def test_every_change_is_audited_and_the_audit_stays(database: Database, clock: Clock) -> None:
    await two_workspaces(database)
    async with database.transaction(1, clock=clock, actor="U1", by="command:/team new") as session:
        session.add(team("Payments"))
    async with database.transaction(1, clock=clock, actor="U2") as session:
        (await session.scalars(select(Team))).one().lead = "U9"
    async with database.reading(1, clock=clock) as session:
        first, second = await session.scalars(select(Audit).order_by(Audit.id))
        assert (first.actor, first.action, first.subject, first.after["name"]) == ("U1", "created", "team", "Payments")
        assert (second.actor, second.before, second.after) == ("U2", {"lead": None}, {"lead": "U9"})
    for statement in ("DELETE FROM audit", "UPDATE audit SET actor = 'U3'"):
        with pytest.raises(DBAPIError):
            async with database.unbound() as session:
                await session.execute(text(statement), execution_options={"every_workspace": True})
