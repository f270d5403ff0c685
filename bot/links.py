"""A link to Slack for each workspace, under the token that this workspace gave: what is done for one never goes out under another's.

Tokens come from the environment or from installations. An installation may be made, renewed or ended by another replica: what is not known
here, or was refused, is read from its row.
"""

import logging

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database
from bot.slack import Connections, SlackLink
from models.installation import Installation

log = logging.getLogger(__name__)

_TOKEN = select(Installation.token)


class Links:
    """`own` is the app's own link: it has no workspace's token, so it does nothing in any workspace."""

    def __init__(self, database: Database, base_url: str = "https://slack.com/api/", timeout: float = 10) -> None:
        self.database = database
        self.base_url = base_url
        self.connections = Connections(timeout)
        self.own = self.under("")
        self._given: dict[int, SlackLink] = {}
        self._of: dict[int, SlackLink] = {}

    def under(self, token: str) -> SlackLink:
        """A link under a token of which it is not known yet whose it is."""
        return SlackLink(token, self.base_url, connections=self.connections, locked_out=self._forget)

    def give(self, workspace_id: int, link: SlackLink) -> None:
        """The token of the environment is this workspace's, until the workspace is installed otherwise."""
        self._given[workspace_id] = self._of[workspace_id] = link

    async def of(self, workspace_id: int) -> SlackLink:
        """The link of this workspace; `own`, whose every call is refused, where it has none. Never raises."""
        return self._of.get(workspace_id) or await self._read(workspace_id)

    def keep(self, workspace_id: int, token: str) -> None:
        """The workspace's installation has this token now."""
        known = self._of.get(workspace_id)
        if known is None or known.token != token:
            self._of[workspace_id] = self.under(token)

    def drop(self, workspace_id: int) -> None:
        self._of.pop(workspace_id, None)

    async def close(self) -> None:
        await self.connections.close()

    async def _read(self, workspace_id: int) -> SlackLink:
        try:
            async with self.database.reader.connect() as connection:
                token = (await connection.execute(_TOKEN.where(Installation.workspace_id == workspace_id))).scalar_one_or_none()
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("the token of a workspace could not be read: %s", type(error).__name__)
            return self.own
        if token:
            self.keep(workspace_id, token)
        elif workspace_id in self._given:
            self._of[workspace_id] = self._given[workspace_id]
        return self._of.get(workspace_id, self.own)

    def _forget(self, link: SlackLink) -> None:
        """Slack did not take its token: the row may have a newer one."""
        for workspace_id in [known for known, each in self._of.items() if each is link]:
            del self._of[workspace_id]
