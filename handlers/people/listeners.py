"""Slack says that somebody came, went or changed, or that a channel did."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.answers import Answer, Nothing
from bot.deps import Deps
from bot.directory import remember_group, remember_person
from bot.requests import Request
from handlers.people import jobs
from models import Channel, ChannelMember, Workspace
from models.adding import add_missing, find_or_add
from models.base import workspace_of


async def remember_newcomer(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    workspace = await _workspace(session)
    await remember_person(session, request.event["user"], workspace.team_slack_id)
    return Nothing()


async def remember_joining(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """Somebody joined; when it is the bot, the channel can be posted to again."""
    channel, person = request.event["channel"], request.event["user"]
    row = await _channel(session, channel)
    row.is_private = request.event.get("channel_type", "C") == "G" if row.name == "" else row.is_private
    if person == (await _workspace(session)).bot_slack_id:
        row.has_bot, row.removed_at, row.members_at = True, None, None
    else:
        await add_missing(session, ChannelMember, [{"channel_slack_id": channel, "person_slack_id": person}])
    return Nothing()


async def forget_member(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    channel, person = request.event["channel"], request.event["user"]
    await session.execute(
        delete(ChannelMember).where(ChannelMember.channel_slack_id == channel, ChannelMember.person_slack_id == person),
        execution_options={"synchronize_session": False},
    )
    return Nothing()


async def remember_removal(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """The bot was taken out of a channel. `tendon doctor` lists it until somebody invites it again."""
    row = await _channel(session, request.event["channel"])
    row.has_bot, row.removed_at = False, deps.now()
    return Nothing()


async def remember_channel_change(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    about = request.event["channel"]
    described: Mapping[str, Any] = about if isinstance(about, dict) else {"id": about}
    row = await _channel(session, described["id"])
    row.name = described.get("name") or row.name
    match request.name.split("_", 1)[1]:
        case "created":
            row.is_private = bool(described.get("is_private", False))
        case "archive" | "deleted":
            row.is_archived = True
        case "unarchive":
            row.is_archived = False
        case "shared":
            row.is_shared = True
        case "unshared":
            row.is_shared = bool(request.event.get("is_ext_shared", False))
    return Nothing()


async def remember_group_change(session: AsyncSession, request: Request, deps: Deps) -> Answer:
    """A user group was made or changed. Who is in it is asked of Slack, as the event may not name everybody, or come out of order."""
    event = request.event
    described: Mapping[str, Any] = event.get("subteam") or {"id": event["subteam_id"]}
    changed_at = described.get("date_update") or event.get("date_update") or request.key
    if "name" in described:
        await remember_group(session, described)
    if not described.get("date_delete"):
        payload = {"group": described["id"]}
        await deps.outbox.effect(session, jobs.GROUP, f"{jobs.GROUP}:{described['id']}:{changed_at}", payload, lane=jobs.GROUP)
    return Nothing()


async def _workspace(session: AsyncSession) -> Workspace:
    return (await session.scalars(select(Workspace).where(Workspace.id == workspace_of(session)))).one()


async def _channel(session: AsyncSession, slack_id: str) -> Channel:
    known = select(Channel).where(Channel.slack_id == slack_id).with_for_update()
    return await find_or_add(session, known, lambda: Channel(slack_id=slack_id, name="", is_private=True))
