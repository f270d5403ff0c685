"""Once a night, and after a first start: ask Slack for everybody, every channel and every user group, as an event may have been missed."""

import logging
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from bot.directory import remember_channel, remember_group, remember_group_members, remember_members, remember_person
from bot.slack import SlackLink, SlackRefused
from domain.facts import Installed
from models import Channel, UserGroup, Workspace
from models.adding import find_or_add
from models.base import workspace_of

log = logging.getLogger(__name__)

LOOK = "people:look"
GROUP = "people:group"
OLD = timedelta(hours=20)
PAGE = 200


async def ask_for_a_look(session: AsyncSession, deps: Deps) -> None:
    """Queue a look around when the last one is old. At most one a day, whatever ticks."""
    workspace = (await session.scalars(select(Workspace).where(Workspace.id == workspace_of(session)))).one()
    if workspace.synced_at is None or workspace.synced_at < deps.now() - OLD:
        await deps.outbox.effect(session, LOOK, f"{LOOK}:{deps.today(workspace.zone)}", {}, lane=LOOK, rank=90)


async def look_at_once(session: AsyncSession, fact: Installed, deps: Deps) -> None:
    """It was just let in, or in again: what is known is nothing, or old."""
    await deps.outbox.effect(session, LOOK, f"{LOOK}:{fact.key}"[:200], {}, lane=LOOK, rank=90)


async def look_around(payload: Mapping[str, Any], deps: Deps) -> None:
    """Read all people, all channels, and the members of the channels the bot is in. A page is a transaction."""
    workspace_id = int(payload["workspace_id"])
    async with deps.database.reading(workspace_id, clock=deps.clock) as session:
        team = (await session.scalars(select(Workspace.team_slack_id).where(Workspace.id == workspace_id))).one()
    async for people in _pages(deps.slack, "users.list", "members"):
        async with deps.database.transaction(workspace_id, clock=deps.clock, by="people") as session:
            for user in people:
                await remember_person(session, user, team)
    await _look_at_groups(workspace_id, deps)
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


async def _look_at_groups(workspace_id: int, deps: Deps) -> None:
    """All user groups at once. Not every plan of Slack has them, and an older installation may not read them: then there are none."""
    try:
        groups = (await deps.slack.call("usergroups.list", include_users=True))["usergroups"]
    except SlackRefused as refusal:
        log.warning("no user groups were read: %s", refusal)
        return
    async with deps.database.transaction(workspace_id, clock=deps.clock, by="people") as session:
        for group in groups:
            await remember_group(session, group)
            await remember_group_members(session, group["id"], group.get("users") or [])
        found = [group["id"] for group in groups]
        for gone in await session.scalars(select(UserGroup).where(UserGroup.slack_id.not_in(found), UserGroup.is_disabled.is_(False))):
            await remember_group(session, {"id": gone.slack_id, "date_delete": 1})
    for group in groups:
        if int(group.get("user_count") or 0) > len(group.get("users") or []):  # not all of a large one are named
            await look_at_group({"group": group["id"], "workspace_id": workspace_id}, deps)


async def look_at_group(payload: Mapping[str, Any], deps: Deps) -> None:
    """Read who is in one user group."""
    group = str(payload["group"])
    try:
        people = (await deps.slack.call("usergroups.users.list", usergroup=group))["users"]
    except SlackRefused as refusal:  # switched off meanwhile
        log.warning("user group %s was not read: %s", group, refusal)
        return
    async with deps.database.transaction(int(payload["workspace_id"]), clock=deps.clock, by="people") as session:
        known = select(UserGroup).where(UserGroup.slack_id == group)
        await find_or_add(session, known, lambda: UserGroup(slack_id=group))
        await remember_group_members(session, group, people)


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
