"""Who hears of a release: those who follow it and its owner, as far as they may see it, and never of what they did themselves. Who asked
to hear when it ships is told that directly, and not once more as a follower."""

from collections.abc import Collection

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from models import Awaited, Feedback, Follow, Person, Release, Saying, Supporter
from models.base import prebuilt, run
from models.saying import SHIPS
from models.together import waits_for

_FRANK = (Saying.words != "", Saying.is_frank)
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
    is_frank = exists().where(Saying.workspace_id == Person.workspace_id, Saying.release_id == release.id, *_FRANK)
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


async def followed_by(session: AsyncSession, person: str, releases: Collection[int]) -> dict[int, bool]:
    """Which of these releases somebody follows and may still hear of, each with whether in the words that customers may be told."""
    if person not in await still_here(session, [person]):
        return {}
    actor = await access.actor_of(session, person)
    seen = access.seen_releases(actor) if actor.is_known else access.open_releases()
    follows = exists().where(Follow.workspace_id == Release.workspace_id, Follow.release_id == Release.id, Follow.person == person)
    frank = exists().where(Saying.workspace_id == Release.workspace_id, Saying.release_id == Release.id, *_FRANK)
    found = await session.execute(select(Release.id, frank).where(Release.id.in_(releases), follows, seen))
    return {release: actor.faces_customers and not is_frank for release, is_frank in found}


async def who_waits(session: AsyncSession, release_id: int) -> set[str]:
    """Who asked to hear when it ships, but for those who hear because they brought what a customer said."""
    brought = exists().where(
        Feedback.workspace_id == Awaited.workspace_id,
        waits_for(release_id),
        Feedback.removed_at.is_(None),
        Supporter.workspace_id == Feedback.workspace_id,
        Supporter.feedback_id == Feedback.id,
        Supporter.person == Awaited.person,
    )
    waiting = select(Awaited.person).where(Awaited.release_id == release_id, Awaited.what == SHIPS, ~brought)
    return set(await session.scalars(waiting))


async def still_here(session: AsyncSession, people: Collection[str]) -> set[str]:
    """Those of them who have not left, and are no bots."""
    gone = select(Person.slack_id).where(Person.slack_id.in_(people), or_(Person.is_deleted, Person.is_bot))
    return set(people) - set(await session.scalars(gone))
