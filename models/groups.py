"""User groups that a form offers, and which of them carry a flag of ours: facing customers, being product operations."""

from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from models.workspace import Person, UserGroup, UserGroupMember

OFFERED = 100  # what a menu holds
Flag = InstrumentedAttribute[bool]


def label_of(group: UserGroup) -> str:
    """As a menu shows it: "@payments: Payments people"."""
    return f"@{group.handle}: {group.name}" if group.handle else group.name or group.slack_id


async def offered_groups(session: AsyncSession, flag: Flag) -> tuple[list[tuple[str, str]], list[str]]:
    """Entries for a menu, those with the flag first, and the ids of those."""
    some = select(UserGroup).where(UserGroup.is_disabled.is_(False)).order_by(flag.desc(), UserGroup.handle, UserGroup.id).limit(OFFERED)
    groups = list(await session.scalars(some))
    return [(label_of(group), group.slack_id) for group in groups], [group.slack_id for group in groups if getattr(group, flag.key)]


async def flag_groups(session: AsyncSession, flag: Flag, chosen: Collection[str]) -> None:
    """Give these groups the flag, and no others."""
    concerned = select(UserGroup).where(or_(flag, UserGroup.slack_id.in_(chosen))).order_by(UserGroup.id)
    for group in await session.scalars(concerned.with_for_update()):
        setattr(group, flag.key, group.slack_id in chosen)
    await session.flush()


async def sizes(session: AsyncSession, flag: Flag) -> list[tuple[str, int]]:
    """Groups with the flag as they are said, "@payments", each with how many people of the company are in it."""
    query = (
        select(UserGroup.handle, UserGroup.name, func.count(Person.id))
        .outerjoin(
            UserGroupMember,
            (UserGroupMember.workspace_id == UserGroup.workspace_id) & (UserGroupMember.user_group == UserGroup.slack_id),
        )
        .outerjoin(
            Person,
            (Person.workspace_id == UserGroup.workspace_id)
            & (Person.slack_id == UserGroupMember.person)
            & ~(Person.is_deleted | Person.is_guest | Person.is_outside | Person.is_bot),
        )
        .where(flag, UserGroup.is_disabled.is_(False))
        .group_by(UserGroup.id, UserGroup.handle, UserGroup.name)
        .order_by(UserGroup.handle, UserGroup.id)
    )
    return [(f"@{handle}" if handle else name, count) for handle, name, count in await session.execute(query)]
