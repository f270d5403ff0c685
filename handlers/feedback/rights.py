"""Who may better, delete or share a piece of feedback: those who brought it, those who own what it is about, product operations."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.requests import Actor
from domain.errors import NotAllowed
from domain.nearest import fold
from models import Feedback, Release, Supporter, Team


async def may_edit(session: AsyncSession, actor: Actor, feedback: Feedback) -> bool:
    if not actor.is_known:
        return False
    if await brought(session, actor, feedback):
        return True
    if actor.is_guest or actor.is_outside:
        return False
    return actor.is_product_operations or await _owns(session, actor.slack_id, feedback)


async def check(session: AsyncSession, actor: Actor, feedback: Feedback) -> None:
    """Raises NotAllowed for all others."""
    if not await may_edit(session, actor, feedback):
        access.may_change(actor)
        raise NotAllowed(
            f"F-{feedback.number} can be changed by whoever logged it, by the owner of its release or area, their team's lead, "
            "and product operations. Nothing was changed."
        )


async def brought(session: AsyncSession, actor: Actor, feedback: Feedback) -> bool:
    """Whether they logged it, or the same message."""
    mine = select(Supporter.id).where(Supporter.feedback_id == feedback.id, Supporter.person == actor.slack_id)
    return feedback.reporter == actor.slack_id or await session.scalar(mine) is not None


async def _owns(session: AsyncSession, person: str, feedback: Feedback) -> bool:
    release = await session.get(Release, feedback.release_id) if feedback.release_id else None
    if release and release.owner == person:
        return True
    teams = [key for key in (feedback.team_id, release.team_id if release else None) if key]
    leads = select(Team.id).where(
        or_(Team.lead == person, Team.deputy == person), or_(Team.id.in_(teams), Team.folded == fold(feedback.area)[:200])
    )
    return await session.scalar(leads.limit(1)) is not None
