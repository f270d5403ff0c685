"""Which workspace a request is of. With a token from the environment there is one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.slack import SlackLink
from models import Workspace


class Workspaces:
    def __init__(self, database: Database, slack: SlackLink, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.slack = slack
        self.clock = clock
        self._known: dict[str, Workspace] = {}

    async def install(self) -> Workspace:
        """Ask Slack whose token this is, and write that workspace down."""
        who = await self.slack.call("auth.test")
        return await self.remember(who, (await self.slack.call("team.info")).get("team") or {})

    async def remember(self, who: Mapping[str, Any], team: Mapping[str, Any]) -> Workspace:
        """Write down a workspace that Slack described by `auth.test` and `team.info`. Its requests are answered from now on."""
        async with self.database.unbound() as session:
            session.info["workspace_id"] = 0
            try:
                async with session.begin_nested():
                    workspace = await self._row(session, who["team_id"])
            except IntegrityError:  # another replica was first
                workspace = await self._row(session, who["team_id"])
            workspace.enterprise_slack_id = who.get("enterprise_id") or ""
            workspace.name = who.get("team") or ""
            workspace.domain = team.get("domain") or ""
            workspace.bot_slack_id = who.get("user_id") or ""
            await session.flush()
        self._known[workspace.team_slack_id] = workspace
        return workspace

    async def _row(self, session: AsyncSession, team: str) -> Workspace:
        found = select(Workspace).where(Workspace.team_slack_id == team).execution_options(every_workspace=True)
        workspace = (await session.scalars(found)).one_or_none()
        if workspace is None:
            workspace = Workspace(team_slack_id=team, installed_at=self.clock())
            session.add(workspace)
            await session.flush()
        return workspace

    async def of(self, team: str) -> Workspace | None:
        """The workspace of a Slack team id. Somebody from a connected company acts in ours."""
        found = self._known.get(team)
        return found or (next(iter(self._known.values())) if len(self._known) == 1 else None)

    async def all(self) -> list[Workspace]:
        return list(self._known.values())
