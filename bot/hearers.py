"""Who hears of a release: those who follow it and its owner, as far as they may see it, and never of what they did themselves."""

from collections.abc import Collection

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from models import Follow, Person, Release, Saying
from models.base import prebuilt, run

_FOLLOWERS = prebuilt(
    select(Follow.person)
    .where(Follow.workspace_id == bindparam("workspace_id"), Follow.release_id == bindparam("release_id"))
    .order_by(Follow.id)
)


async def who_hears(session: AsyncSession, release: Release, actor: str | None) -> dict[str, bool]:
    """Who is told of a change by `actor`, by Slack id, each with whether they follow: followers, and the owner."""
    hearers = dict.fromkeys((await run(session, _FOLLOWERS, release_id=release.id)).scalars(), True)
    if release.owner:
        hearers.setdefault(release.owner, False)
    hearers.pop(actor or "", None)
    may = await may_hear(session, release, hearers)
    return {who: follows for who, follows in hearers.items() if who in may}


async def may_hear(session: AsyncSession, release: Release, people: Collection[str]) -> set[str]:
    """Those of them who are still here and may see the release."""
    if not people:
        return set()
    known = {person.slack_id: person for person in await session.scalars(select(Person).where(Person.slack_id.in_(people)))}
    return {who for who in people if await _may(session, release, known.get(who), who)}


async def outside(session: AsyncSession, release: Release, people: Collection[str]) -> set[str]:
    """Those of them who hear what customers may be told, and no inner date, slip or health: unless the release allows it."""
    if not people:
        return set()
    is_frank = exists().where(
        Saying.workspace_id == Person.workspace_id, Saying.release_id == release.id, Saying.words != "", Saying.is_frank
    )
    facing = select(Person.slack_id).where(Person.slack_id.in_(people), access.faces_customers(), ~is_frank)
    return set(await session.scalars(facing))


async def _may(session: AsyncSession, release: Release, person: Person | None, who: str) -> bool:
    if person and (person.is_deleted or person.is_bot):
        return False
    if not release.restricted:
        return True
    if person is None:  # not proven to be one of us
        return False
    seen = select(Release.id).where(Release.id == release.id, access.seen_releases(await access.actor_of(session, who)))
    return await session.scalar(seen) is not None


async def still_here(session: AsyncSession, people: Collection[str]) -> set[str]:
    """Those of them who have not left, and are no bots."""
    gone = select(Person.slack_id).where(Person.slack_id.in_(people), or_(Person.is_deleted, Person.is_bot))
    return set(people) - set(await session.scalars(gone))
