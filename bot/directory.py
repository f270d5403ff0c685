"""What is known of people and channels. Events keep it; a cold miss asks Slack once, under a second, before any transaction opens.

Who is a guest and who is in which channel stands in no payload, yet decides what may be shown.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from time import monotonic
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.database import Database
from bot.links import Links
from bot.slack import SlackLink
from models import Channel, ChannelMember, Person, UserGroup, UserGroupMember, Workspace
from models.adding import add_missing, find_or_add
from models.base import prebuilt, run

log = logging.getLogger(__name__)

PATIENCE = 0.9  # seconds; the person waits
FORGET_AFTER = 30.0  # seconds that a failed look-up is not tried again

_HAS_PERSON = prebuilt(select(Person.id).where(Person.workspace_id == bindparam("workspace_id"), Person.slack_id == bindparam("who")))
_HAS_MEMBER = prebuilt(
    select(ChannelMember.id).where(
        ChannelMember.workspace_id == bindparam("workspace_id"),
        ChannelMember.channel_slack_id == bindparam("where"),
        ChannelMember.person_slack_id == bindparam("who"),
    )
)
_HAS_CHANNEL = prebuilt(
    select(Channel.members_at).where(Channel.workspace_id == bindparam("workspace_id"), Channel.slack_id == bindparam("where"))
)


async def remember_person(session: AsyncSession, user: Mapping[str, Any], team: str) -> Person:
    """Write down what Slack says about somebody."""
    person = await find_or_add(session, select(Person).where(Person.slack_id == user["id"]), lambda: Person(slack_id=user["id"]))
    profile = user.get("profile") or {}
    until = profile.get("status_expiration") or 0
    person.name = profile.get("real_name") or user.get("real_name") or user.get("name") or user["id"]
    person.email = profile.get("email") or ""
    person.zone = user.get("tz") or person.zone
    person.status = profile.get("status_text") or ""
    person.status_emoji = (profile.get("status_emoji") or "")[:100]
    person.status_until = datetime.fromtimestamp(until, UTC) if until else None
    person.is_deleted = bool(user.get("deleted"))
    person.is_guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted"))
    person.is_outside = bool(user.get("is_stranger") or (user.get("team_id") or team) != team)
    person.is_admin = bool(user.get("is_admin") or user.get("is_owner"))
    person.is_bot = bool(user.get("is_bot"))
    return person


async def remember_channel(session: AsyncSession, info: Mapping[str, Any]) -> Channel:
    """Write down what Slack says about a channel."""
    channel = await find_or_add(session, select(Channel).where(Channel.slack_id == info["id"]), lambda: Channel(slack_id=info["id"]))
    channel.name = info.get("name") or channel.name or ""
    channel.is_private = bool(info.get("is_private", True))
    channel.is_shared = bool(info.get("is_ext_shared"))
    channel.is_archived = bool(info.get("is_archived"))
    channel.has_bot = bool(info.get("is_member"))
    return channel


async def remember_members(session: AsyncSession, channel: str, people: list[str]) -> None:
    """The members of a channel, all of them."""
    known = set(await session.scalars(select(ChannelMember.person_slack_id).where(ChannelMember.channel_slack_id == channel)))
    new = [person for person in sorted(set(people)) if person not in known]  # in one order, or two who learn it at once lock each other
    await add_missing(session, ChannelMember, [{"channel_slack_id": channel, "person_slack_id": person} for person in new])
    gone = known - set(people)
    if gone:
        await session.execute(
            delete(ChannelMember).where(ChannelMember.channel_slack_id == channel, ChannelMember.person_slack_id.in_(gone)),
            execution_options={"synchronize_session": False},
        )


async def remember_group(session: AsyncSession, info: Mapping[str, Any]) -> UserGroup:
    """Write down what Slack says about a user group, but for its members. One that is switched off has none."""
    group = await find_or_add(session, select(UserGroup).where(UserGroup.slack_id == info["id"]), lambda: UserGroup(slack_id=info["id"]))
    group.name, group.handle = info.get("name") or group.name or "", info.get("handle") or group.handle or ""
    group.is_disabled = bool(info.get("date_delete"))
    if group.is_disabled:
        await remember_group_members(session, group.slack_id, [])
    return group


async def remember_group_members(session: AsyncSession, group: str, people: list[str]) -> None:
    """The members of a user group, all of them."""
    known = set(await session.scalars(select(UserGroupMember.person).where(UserGroupMember.user_group == group)))
    new = [person for person in sorted(set(people)) if person not in known]
    await add_missing(session, UserGroupMember, [{"user_group": group, "person": person} for person in new])
    gone = known - set(people)
    if gone:
        await session.execute(
            delete(UserGroupMember).where(UserGroupMember.user_group == group, UserGroupMember.person.in_(gone)),
            execution_options={"synchronize_session": False},
        )


class Directory:
    """Makes sure that the person and the channel of a request are known before its listener runs."""

    def __init__(self, database: Database, links: Links, clock: Callable[[], datetime]) -> None:
        self.database = database
        self.links = links
        self.clock = clock
        self._known: set[tuple[int, str, str]] = set()
        self._failed: dict[tuple[int, str], float] = {}
        self._asking: dict[tuple[int, str], asyncio.Task[None]] = {}

    def forget(self) -> None:
        self._known.clear()
        self._failed.clear()

    async def stop(self) -> None:
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    def knows(self, workspace: Workspace, person: str, channel: str | None) -> bool:
        """Whether there is nothing to learn before a request's listener runs."""
        return not person or (workspace.id, person, channel if channel and channel[0] in "CG" else "") in self._known

    async def learn(self, workspace: Workspace, person: str, channel: str | None) -> None:
        """What Slack does not tell in time stays unknown for this request, and unknown means private and not allowed. Raises only what the
        database raises. Slack is asked once for all who wait, and a late reply is kept for the next request."""
        place = channel if channel and channel[0] in "CG" else ""
        seen = (workspace.id, person, place)
        async with self.database.reading(workspace.id, clock=self.clock) as session:
            is_known = (await run(session, _HAS_PERSON, who=person)).first() is not None
            is_placed = not place or (
                (await run(session, _HAS_MEMBER, where=place, who=person)).first() is not None
                and (await run(session, _HAS_CHANNEL, where=place)).scalar_one_or_none() is not None
            )
        if is_known and is_placed:
            self._known.add(seen)
            return
        asking = [] if is_known else [self._ask(workspace, person, self._learn_person(workspace, person))]
        if not is_placed:
            asking.append(self._ask(workspace, f"{place} {person}", self._learn_channel(workspace, place, person)))
        if asking := [task for task in asking if task]:
            await asyncio.wait(asking, timeout=PATIENCE)

    def _ask(self, workspace: Workspace, about: str, learn: Coroutine[Any, Any, None]) -> "asyncio.Task[None] | None":
        """Begin to learn about somebody or some place, unless that is under way or has just failed."""
        key = (workspace.id, about)
        if key in self._asking or monotonic() < self._failed.get(key, 0):
            learn.close()
            return self._asking.get(key)

        async def ask() -> None:
            try:
                await learn
                self._failed.pop(key, None)
            except Exception as error:
                log.warning("nothing was learned about %s: %s", about, repr(error)[:200])
                self._failed[key] = monotonic() + FORGET_AFTER
            finally:
                del self._asking[key]

        self._asking[key] = asyncio.create_task(ask())
        return self._asking[key]

    async def _learn_person(self, workspace: Workspace, person: str) -> None:
        slack = await self.links.of(workspace.id)
        found = await slack.call("users.info", user=person)
        async with self.database.transaction(workspace.id, clock=self.clock, by="directory") as session:
            await remember_person(session, found["user"], workspace.team_slack_id)

    async def _learn_channel(self, workspace: Workspace, channel: str, person: str) -> None:
        slack = await self.links.of(workspace.id)
        info, members = await asyncio.gather(
            slack.call("conversations.info", channel=channel), _members(slack, channel), return_exceptions=True
        )
        if isinstance(info, BaseException):
            raise info
        found = members if isinstance(members, list) else []
        async with self.database.transaction(workspace.id, clock=self.clock, by="directory") as session:
            row = await remember_channel(session, info["channel"])
            await remember_members(session, channel, list({*found, person}))
            row.members_at = self.clock() if found else None


async def _members(slack: SlackLink, channel: str) -> list[str]:
    answer = await slack.call("conversations.members", channel=channel, limit=1000)
    members: list[str] = answer.get("members", [])
    return members
