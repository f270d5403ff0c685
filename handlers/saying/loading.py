"""What this slice reads: the release that somebody means, its words, who reads them and who answers for them."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.sayings import in_full
from handlers.saying.views import About
from models import Person, Release, Saying, UserGroup
from models.adding import find_or_add


def about(release: Release) -> About:
    return About(release.id, release.number, release.name)


def full(saying: Saying) -> str:
    return in_full(saying) if saying.words else ""


async def saying_of(session: AsyncSession, release: int) -> Saying:
    """Its row, locked; made where there is none."""
    known = select(Saying).where(Saying.release_id == release).with_for_update()
    return await find_or_add(session, known, lambda: Saying(release_id=release))


async def readers(session: AsyncSession) -> list[str]:
    """The groups that face customers, as they are called."""
    facing = select(UserGroup.handle, UserGroup.name).where(UserGroup.faces_customers, UserGroup.is_disabled.is_(False))
    found = await session.execute(facing.order_by(UserGroup.handle))
    return [f"@{row.handle or row.name}" for row in found]


async def name_of(session: AsyncSession, person: str | None) -> str:
    """What somebody is called in text that must not mention them."""
    return (await session.scalar(select(Person.name).where(Person.slack_id == person)) if person else None) or "Somebody"
