"""Somebody may be building this already: open releases and open work like a new one, as far as its maker may see them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import access
from bot.requests import Actor
from domain.likeness import alike, words_of
from domain.phrases import cut, say_day
from domain.spans import due
from models import Item, Release, Team

_LOOKED_AT = 300  # pieces of work
_MOST = 3


async def similar_to(session: AsyncSession, actor: Actor, release: Release, prefix: str) -> list[str]:
    """Lines for the answer; none where nothing is alike."""
    found = await _releases(session, actor, release)
    days = {row.number: "" if actor.faces_customers else f", {say_day(due(row))}" for row in found}
    lines = [f"{cut(row.name)} (R-{row.number}), {row.team or 'no team'}{days[row.number]}" for row in found]
    work = await _work(session, actor, release)
    lines += [f"work in {cut(piece.release)}: {cut(piece.title)}, {piece.team or 'no team'}" for piece in work]
    if not lines:
        return []
    same = f"If it is the same: `/{prefix}release duplicate R-{release.number} of R-{found[0].number}`" if found else ""
    return ["Somebody may be building this already:", *(f"• {line}" for line in lines[:_MOST]), *filter(None, [same])]


async def _releases(session: AsyncSession, actor: Actor, release: Release) -> Sequence[Any]:
    query = (
        select(Release.name, Release.number, Release.target_on, Release.precision, Team.name.label("team"))
        .outerjoin(Team, (Team.workspace_id == Release.workspace_id) & (Team.id == Release.team_id))
        .where(Release.is_open.is_(True), Release.id != release.id, access.seen_releases(actor))
        .order_by(Release.id.desc())
        .limit(2000)
    )
    return alike(release.name, [(row.name, row) for row in await session.execute(query)], _MOST)


async def _work(session: AsyncSession, actor: Actor, release: Release) -> Sequence[Any]:
    """Pieces whose title holds one of the two longest words; how alike they are is told from all words."""
    words = [word for word in words_of(release.name) if len(word) > 3][:2]
    if not words:
        return []
    holds = or_(*(func.lower(Item.title).contains(word, autoescape=True) for word in words))
    query = (
        select(Item.title, Team.name.label("team"), Release.name.label("release"))
        .join(Release, (Release.workspace_id == Item.workspace_id) & (Release.id == Item.release_id))
        .outerjoin(Team, (Team.workspace_id == Item.workspace_id) & (Team.id == Item.team_id))
        .where(Item.state == "open", holds, Release.is_open.is_(True), access.seen_releases(actor))
        .order_by(Item.id.desc())
        .limit(_LOOKED_AT)
    )
    return alike(release.name, [(row.title, row) for row in await session.execute(query)], _MOST)
