"""Which workspace a request is of, and which there are. With a token from the environment there is one; by OAuth there may be many."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.links import Links
from bot.slack import SlackLink
from models import Installation, Workspace

log = logging.getLogger(__name__)

_ALL = select(Workspace, Installation.token).outerjoin(Installation, Installation.workspace_id == Workspace.id)


class Workspaces:
    """`are_installed`: workspaces come and go by OAuth, through this process or another."""

    def __init__(self, database: Database, links: Links, clock: Callable[[], datetime], *, are_installed: bool = False) -> None:
        self.database = database
        self.links = links
        self.clock = clock
        self.are_installed = are_installed
        self._known: dict[str, Workspace] = {}
        self._given: set[str] = set()
        self._gone: set[str] = set()

    async def install(self, token: str) -> Workspace:
        """Ask Slack whose token of the environment this is, and write that workspace down."""
        link = self.links.under(token)
        workspace = await self.introduce(link)
        self.links.give(workspace.id, link)
        self._given.add(workspace.team_slack_id)
        return workspace

    async def introduce(self, link: SlackLink) -> Workspace:
        """Ask Slack about the workspace of this token, and write it down."""
        who = await link.call("auth.test")
        return await self.remember(who, (await link.call("team.info")).get("team") or {})

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
            workspace.removed_at = None
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
        """The workspace of a Slack team id. Somebody from a connected company acts in ours, while there is no other that could be meant."""
        found = self._known.get(team)
        if found is None and self.are_installed:
            await self.refresh()
            found = self._known.get(team)
        if found is None and len(self._known) == 1 and team not in self._gone:
            found = next(iter(self._known.values()))
        return found

    async def all(self) -> list[Workspace]:
        if self.are_installed:
            try:
                await self.refresh()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("it is not known which workspaces are installed: %s", type(error).__name__)
        return list(self._known.values())

    async def refresh(self) -> None:
        """Read which workspaces are installed by now, and under which tokens."""
        async with self.database.reading(0, clock=self.clock) as session:
            rows = (await session.execute(_ALL.execution_options(every_workspace=True))).all()
        known = {}
        for workspace, token in rows:
            if token and workspace.removed_at is None:
                self.links.keep(workspace.id, token)
            elif workspace.team_slack_id not in self._given:
                self.links.drop(workspace.id)
                continue
            known[workspace.team_slack_id] = workspace
        self._known, self._gone = known, {workspace.team_slack_id for workspace, _ in rows} - known.keys()
