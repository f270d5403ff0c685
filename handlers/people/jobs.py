"""Once a night, and after a first start: ask Slack for everybody and every channel, as an event may have been missed."""

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.directory import remember_channel, remember_members, remember_person
from bot.slack import SlackLink, SlackRefused
from models import Channel, Workspace
from models.base import workspace_of

LOOK = "people:look"
OLD = timedelta(hours=20)
PAGE = 200


async def ask_for_a_look(session: AsyncSession, deps: Deps) -> None:
    """Queue a look around when the last one is old. At most one a day, whatever ticks."""
    workspace = (await session.scalars(select(Workspace).where(Workspace.id == workspace_of(session)))).one()
    if workspace.synced_at is None or workspace.synced_at < deps.now() - OLD:
        await deps.outbox.effect(session, LOOK, f"{LOOK}:{deps.today(workspace.zone)}", {}, lane=LOOK, rank=90)


async def look_around(payload: Mapping[str, Any], deps: Deps) -> None:
    """Read all people, all channels, and the members of the channels the bot is in. A page is a transaction."""
    workspace_id = int(payload["workspace_id"])
    async with deps.database.reading(workspace_id, clock=deps.clock) as session:
        team = (await session.scalars(select(Workspace.team_slack_id).where(Workspace.id == workspace_id))).one()
    async for people in _pages(deps.slack, "users.list", "members"):
        async with deps.database.transaction(workspace_id, clock=deps.clock, by="people") as session:
            for user in people:
                await remember_person(session, user, team)
    inside = []
    async for channels in _pages(deps.slack, "conversations.list", "channels", types="public_channel,private_channel"):
        async with deps.database.transaction(workspace_id, clock=deps.clock, by="people") as session:
            for channel in channels:
                await remember_channel(session, channel)
        inside += [channel["id"] for channel in channels if channel.get("is_member")]
    for channel_id in inside:
        await _look_into(workspace_id, channel_id, deps)
    async with deps.database.transaction(workspace_id, clock=deps.clock, by="people") as session:
        (await session.scalars(select(Workspace).where(Workspace.id == workspace_id))).one().synced_at = deps.now()


async def _look_into(workspace_id: int, channel: str, deps: Deps) -> None:
    try:
        members = [person async for page in _pages(deps.slack, "conversations.members", "members", channel=channel) for person in page]
    except SlackRefused:  # archived or left meanwhile
        return
    async with deps.database.transaction(workspace_id, clock=deps.clock, by="people") as session:
        await remember_members(session, channel, members)
        (await session.scalars(select(Channel).where(Channel.slack_id == channel))).one().members_at = deps.now()


async def _pages(slack: SlackLink, method: str, key: str, **arguments: Any) -> AsyncIterator[list[Any]]:
    cursor = ""
    while True:
        answer = await slack.call(method, limit=PAGE, **({"cursor": cursor} if cursor else {}), **arguments)
        yield answer[key]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
