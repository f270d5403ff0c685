"""Who is named by a user group is somebody of this workspace's group, whatever group of that name there is elsewhere."""

from bot.database import Database
from bot.requests import Actor
from bot.seeing import open_releases
from models import Release, ReleaseReader, UserGroup, UserGroupMember, Workspace
from tests.conftest import EPOCH, Clock


async def a_workspace(database: Database, clock: Clock, number: int, *members: str) -> None:
    """One with a restricted release that the group S1 may see, and with who is in that group."""
    async with database.unbound() as session:
        session.info["workspace_id"] = 0
        session.add(Workspace(id=number, team_slack_id=f"T{number}", installed_at=EPOCH))
    async with database.transaction(number, clock=clock) as session:
        session.add(Release(id=number, number=1, name="Secret", restricted=True, created_at=EPOCH, changed_at=EPOCH))
        session.add(UserGroup(slack_id="S1", handle="sales", name="Sales"))
        await session.flush()
        session.add(ReleaseReader(release_id=number, person="S1"))
        session.add_all(UserGroupMember(user_group="S1", person=person) for person in members)


async def test_a_group_of_another_workspace_lets_nobody_in(database: Database, clock: Clock) -> None:
    await a_workspace(database, clock, 1, "U_INSIDE")
    await a_workspace(database, clock, 2, "U_ELSEWHERE")
    async with database.reading(1, clock=clock) as session:
        assert [row.name for row in await open_releases(session, Actor(slack_id="U_INSIDE"))] == ["Secret"]
        assert await open_releases(session, Actor(slack_id="U_ELSEWHERE")) == []
