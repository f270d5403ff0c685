"""Slack says in two events that Tendon was taken out, in any order and perhaps after it was installed again. The token itself tells."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Nothing
from bot.deps import Deps
from bot.requests import Request
from bot.slack import LOCKED_OUT, SlackRefused
from models import Installation
from models.finding import lock_workspace

ASK = "installation:ask"


async def ask_whether_gone(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    await deps.outbox.effect(session, ASK, f"{ASK}:{request.key}"[:200], {}, lane=ASK, rank=0)
    return Nothing()


async def forget_if_gone(payload: Mapping[str, Any], deps: Deps) -> None:
    """May be repeated. A token of the environment is not ours to forget."""
    try:
        await deps.slack.call("auth.test")
    except SlackRefused as refused:
        if refused.code not in LOCKED_OUT:
            raise
        async with deps.database.transaction(int(payload["workspace_id"]), clock=deps.clock, by="uninstalled") as session:
            await _forget(session, deps)


async def _forget(session: AsyncSession, deps: Deps) -> None:
    workspace = await lock_workspace(session)  # whoever installs it again at this moment waits, or was first and has another token
    refused = delete(Installation).where(Installation.token == deps.slack.token).returning(Installation.id)
    if (await session.execute(refused, execution_options={"synchronize_session": False})).first():
        workspace.removed_at = deps.now()
