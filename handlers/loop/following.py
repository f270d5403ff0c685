"""What is linked to a piece of work goes with it: whoever asked hears when the release is out that has it by then."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.deps import Deps
from domain.facts import FeedbackChanged, ReportersDue, WorkMoved
from models import Feedback, same
from models.together import follow_work


async def follow(session: AsyncSession, fact: WorkMoved, deps: Deps) -> None:
    """It may be out already where the work went; and what promises news in a thread is drawn anew."""
    await same.one_at_a_time(session)
    moved = await follow_work(session, Feedback.item_id == fact.item_id)
    for piece in moved:
        await deps.tell(session, FeedbackChanged(key=f"{fact.key}:{piece.id}", actor=fact.actor, feedback_id=piece.id))
    for release_id in sorted({piece.release_id for piece in moved if piece.release_id}):
        await deps.tell(session, ReportersDue(key=f"{fact.key}:{release_id}", release_id=release_id, change_id=None))
