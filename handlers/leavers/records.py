"""The three kinds of things that somebody can be responsible for: which are whose, what they are called, and giving one to somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from domain.releases import Field
from models import Dependency, Escalation, Release
from models.history import record

SETTLED = ("delivered", "cancelled", "declined", "noted")


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that somebody is responsible for."""

    kind: str
    id: int
    team_id: int | None
    called: str


async def held_by(session: AsyncSession, person: str) -> list[Held]:
    """Open releases, escalations and asks of a person, locked."""
    releases = await session.scalars(
        select(Release).where(Release.owner == person, Release.is_open).order_by(Release.target_on, Release.id).with_for_update()
    )
    escalations = await session.scalars(
        select(Escalation).where(Escalation.owner == person, Escalation.state != "resolved").order_by(Escalation.id).with_for_update()
    )
    asks = await session.scalars(
        select(Dependency)
        .where(Dependency.asked_by == person, Dependency.state.not_in(SETTLED), Dependency.number.is_not(None))
        .order_by(Dependency.id)
        .with_for_update()
    )
    return [
        *(Held("release", row.id, row.team_id, f"R-{row.number} {row.name}") for row in releases),
        *(Held("escalation", row.id, row.team_id, f"E-{row.number} {row.summary}") for row in escalations),
        *(Held("dependency", row.id, row.asking_team_id, f"D-{row.number} {row.what}") for row in asks),
    ]


async def give(session: AsyncSession, deps: Deps, things: Sequence[tuple[str, int]], before: str, to: str, why: str, by: str | None) -> int:
    """Give those that are still `before`'s to somebody; how many that were."""
    given = 0
    for kind, id in things:
        match kind:
            case "release":
                release = await session.scalar(select(Release).where(Release.id == id, Release.owner == before).with_for_update())
                if release:
                    await record(session, release, Field.OWNER, before, to, now=deps.now(), reason=why, actor=by)
                    given += 1
            case "escalation":
                row = await session.scalar(select(Escalation).where(Escalation.id == id, Escalation.owner == before).with_for_update())
                if row:
                    row.owner = to
                    given += 1
            case _:
                ask = await session.scalar(select(Dependency).where(Dependency.id == id, Dependency.asked_by == before).with_for_update())
                if ask:
                    ask.asked_by = to
                    given += 1
    return given
