"""Messages to a thread that were refused for good, or held back as people from outside read there by now: others may go privately instead.

What may have arrived all the same is not said twice.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.parcels import DEAD, GONE
from models import Outbox

AT_ONCE = 200
REFUSED: ColumnElement[bool] = and_(Outbox.state == DEAD, Outbox.kind == "post", Outbox.tried_at.is_(None))


async def refused(session: AsyncSession, opening: str) -> Sequence[tuple[str, dict[str, Any]]]:
    """Key and payload of those to a channel whose key begins so, the oldest first."""
    theirs = (REFUSED, Outbox.key.startswith(opening, autoescape=True))
    rows = await session.execute(select(Outbox.key, Outbox.payload).where(*theirs).order_by(Outbox.id).limit(AT_ONCE))
    return [(key or "", payload) for key, payload in rows if payload["channel"].startswith(("C", "G"))]


async def is_over(session: AsyncSession, key: str, *only: ColumnElement[bool]) -> None:
    """Nobody need look after it any more."""
    over = update(Outbox).where(Outbox.key == key, *only).values(state=GONE, reason="told privately instead")
    await session.execute(over, execution_options={"synchronize_session": False})
